r"""What differs between two scenarios, and what that weighs: logarithms of density ratios, draw by draw.

A draw x of the scenario that was run stands for one of the scenario asked for with the weight
:math:`w = f_{new}(x) / f_{old}(x)`. Parts that are independent multiply:

- a continuous parameter: the ratio of the densities of its laws;
- separate values: the ratio of their probabilities; a choice: the ratio of the alternative's weights;
- a Dirichlet: :math:`\prod_i x_i^{a'_i - a_i}`, up to a factor that all draws share;
- a parameter conditioned on observed values: the ratio of its priors, since the likelihood cancels in
  :math:`f(x | y) \propto f(x) L(y | x)`, again up to a factor;
- parameters tied by a Gaussian copula with score correlations R, whose joint density is
  :math:`c(u) \prod_i f_i(x_i)`, :math:`\ln c = -\frac12 (\ln|R| + z^\top (R^{-1} - I) z)` with
  :math:`z_i = \Phi^{-1}(F_i(x_i))` (Song 2000, Scand. J. Stat. 27:305): besides the ratio of each density,
  that of the copula's at the new and the old scores, in which a member that keeps its law keeps its score.

Factors that all draws share drop out, since weights are divided by their sum.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from sim.draws.copula import correlated_uniforms
from sim.draws.draw import Draws, design_of
from sim.faults import Fault, InvalidInput, refuse
from sim.scenario.correlations import Block, blocks
from sim.scenario.fields import Description, Parameter
from sim.scenario.ledger import DESCRIPTIVE
from sim.scenario.schema import Scenario
from sim.special_functions import ndtri
from sim.types import Array

SETTINGS = "--set"
FREE = {"name", "title", "parameters", "choices", "report"}
AFRESH = "run it afresh: sim run FILE --set ..."
NO_DENSITY = 1e-7
"""A name whose score given those before it has a smaller standard deviation is a function of them."""
LEVELS = (np.arange(4096) + 0.5) / 4096
"""Probabilities at which a new law is compared with the draws."""


@dataclass(frozen=True)
class Changes:
    """What differs between two scenarios.

    Parameters
    ----------
    parameters
        Names of the parameters whose law differs.
    choices
        Names of the choices whose weights differ.
    """

    parameters: tuple[str, ...]
    choices: tuple[str, ...]


def changes_between(old: Scenario, new: Scenario) -> Changes:
    """Return what differs, where importance weights can express it.

    Parameters
    ----------
    old
        The scenario that was run.
    new
        The scenario that is asked for.

    Returns
    -------
    Changes
        What differs.

    Raises
    ------
    InvalidInput
        If anything differs besides laws of parameters, weights of choices, and the report; if a parameter
        comes from a data file; or if its law changes between densities and separate values.
    """
    parameters = tuple(
        name
        for name, parameter in old.parameters.items()
        if name in new.parameters and _law(parameter) != _law(new.parameters[name])
    )
    choices = tuple(
        name
        for name, choice in old.choices.items()
        if name in new.choices and choice.weights != new.choices[name].weights
    )
    faults = [*_elsewhere(old, new), *_names(old, new)]
    faults += [fault for name in parameters for fault in _laws(name, old, new)]
    for name in choices:
        if old.choices[name].weights.keys() != new.choices[name].weights.keys():
            faults.append(_fault(f"choices.{name}", "the alternatives themselves differ"))
    refuse(faults)
    return Changes(parameters, choices)


def _law(parameter: Parameter) -> dict[str, object]:
    return parameter.model_dump(exclude=DESCRIPTIVE & set(Description.model_fields))


def _fault(key: str, problem: str) -> Fault:
    return Fault(SETTINGS, key, f"{problem}: no weights of the stored draws can show that", AFRESH)


def _elsewhere(old: Scenario, new: Scenario) -> Iterator[Fault]:
    for name in type(old).model_fields:
        if name not in FREE and getattr(old, name) != getattr(new, name):
            yield _fault(name, "only laws of parameters, weights of choices and the report may differ")


def _names(old: Scenario, new: Scenario) -> Iterator[Fault]:
    for section in ("parameters", "choices"):
        for name in sorted(getattr(old, section).keys() ^ getattr(new, section).keys()):
            yield _fault(f"{section}.{name}", "in one of the scenarios only")


def _laws(name: str, old: Scenario, new: Scenario) -> Iterator[Fault]:
    one, other = old.parameters[name], new.parameters[name]
    key = f"parameters.{name}"
    if one.unit != other.unit:
        yield _fault(f"{key}.unit", f"{other.unit} in place of {one.unit}")
    if one.shared_file or other.shared_file:
        yield _fault(key, "drawn from a data file, without a density")
    elif one.parts and one.distribution == other.distribution:
        if one.parts != other.parts:
            yield _fault(key, "the components themselves differ")
    elif not (one.has_density and other.has_density) and not (one.masses() and other.masses()):
        mixed = next((law.distribution for law in (one, other) if _is_mixed(law)), "")
        both = f"a {other.distribution} in place of a {one.distribution}"
        yield _fault(key, f"a {mixed} with separate values among others" if mixed else both)


def _is_mixed(parameter: Parameter) -> bool:
    return not (parameter.has_density or parameter.masses() or parameter.parts)


def log_ratios(old: Scenario, new: Scenario, what: Changes, draws: Draws) -> Array:
    """Return the logarithm of each draw's weight, (randomisation, draw), up to a constant.

    Parameters
    ----------
    old
        The scenario that was run.
    new
        The scenario that is asked for.
    what
        What differs between them, from :func:`changes_between`.
    draws
        The draws of the run.

    Returns
    -------
    ndarray
        Logarithms of the weights, (randomisation, draw), up to a constant.

    Raises
    ------
    InvalidInput
        If a density cannot be evaluated at a draw, or the correlation of a changed parameter cannot be
        expressed: one with separate values, or conditioned on observed values.
    """
    total = np.zeros(draws.variable(old.report.outcome).shape)
    for name in what.parameters:
        before, after = old.parameters[name], new.parameters[name]
        ratio = before.log_ratio(after, [draws.variable(column) for column in before.columns(name)])
        if np.isnan(ratio).any() or np.isposinf(ratio).any():
            n_bad = int(np.count_nonzero(np.isnan(ratio) | np.isposinf(ratio)))
            problem = f"the density of the law that was run cannot be evaluated at {n_bad:,} of the draws"
            raise InvalidInput([Fault(SETTINGS, f"parameters.{name}", problem, AFRESH)])
        total = total + ratio
    for name in what.choices:
        taken = draws.choices[name]
        total = total + _log_of_weights(new.choices[name].weights)[taken]
        total = total - _log_of_weights(old.choices[name].weights)[taken]
    for block in blocks(old.correlations):
        if any(name.split(".")[0] in what.parameters for name in block.names):
            total = total + _of_copula(block, old, new, what, draws)
    return np.where(np.isnan(total), -np.inf, total)  # no density, whatever the copula says there


def _of_copula(block: Block, old: Scenario, new: Scenario, what: Changes, draws: Draws) -> Array:
    if np.diag(block.factor).min() < NO_DENSITY:
        whole = next(name.split(".")[0] for name in block.names if name.split(".")[0] in what.parameters)
        problem = (
            f"correlations make {' and '.join(block.names)} one another's functions, so they have no density"
        )
        raise InvalidInput([Fault(SETTINGS, f"parameters.{whole}", problem, AFRESH)])
    n_kept = draws.variable(old.report.outcome).shape[1]
    before = correlated_uniforms(block, design_of(old).first(n_kept).uniforms)
    scores = {name: ndtri(uniforms) for name, uniforms in before.items()}
    moved = dict(_new_scores(block, old, new, what, draws))
    first = np.stack([scores[name] for name in block.names])
    second = np.stack([moved.get(name, scores[name]) for name in block.names])
    return _log_copula(block.factor, second) - _log_copula(block.factor, first)


def _new_scores(
    block: Block, old: Scenario, new: Scenario, what: Changes, draws: Draws
) -> Iterator[tuple[str, Array]]:
    observed: Mapping[str, object] = old.evidence.observations if old.evidence else {}
    for name in block.names:
        whole = name.partition(".")[0]
        if whole not in what.parameters:
            continue
        parameter = new.parameters[whole]
        if parameter.masses() or whole in observed:
            which = "takes separate values" if parameter.masses() else "is conditioned on observed values"
            problem = f"correlated, and it {which}: its part in the copula has no density that is known"
            raise InvalidInput([Fault(SETTINGS, f"parameters.{whole}", problem, AFRESH)])
        law, values = parameter.continuous_marginals(whole)[name], draws.variable(name)
        below, above = law.cdf(values), law.sf(values)  # of which the smaller loses no digits
        yield name, np.asarray(np.where(below < above, ndtri(below), -ndtri(above)))


def _log_copula(factor: Array, scores: Array) -> Array:
    """Return the log density of a Gaussian copula at scores (name, randomisation, draw), up to a constant."""
    flat = scores.reshape(len(factor), -1)
    finite = np.isfinite(flat).all(axis=0)
    flat = np.where(finite, flat, 0.0)
    from scipy.linalg import solve_triangular  # here: it takes a quarter of a second

    whitened = solve_triangular(factor, flat, lower=True)
    logs = -0.5 * (np.sum(whitened**2, axis=0) - np.sum(flat**2, axis=0))
    return np.where(finite, logs, np.nan).reshape(scores.shape[1:])


def _log_of_weights(weights: Mapping[str, float]) -> Array:
    with np.errstate(divide="ignore"):
        return np.asarray(np.log(np.array(list(weights.values()))))


def uncovered(old: Scenario, new: Scenario, what: Changes, draws: Draws) -> dict[str, float]:
    """Return the probability, under each changed law, of values that no draw stands for.

    That is what lies beyond the least and the largest draw, or where the old law has no density; for separate
    values and choices, those never drawn. Of a parameter conditioned on observed values only the latter,
    since its observations bound it as well. A parameter of several columns has one entry for each.

    Parameters
    ----------
    old
        The scenario that was run.
    new
        The scenario that is asked for.
    what
        What differs between them, from :func:`changes_between`.
    draws
        The draws of the run.

    Returns
    -------
    dict
        Probabilities in [0, 1], by key of the scenario.
    """
    parts = [part for name in what.parameters for part in _of_parameter(name, old, new, draws)]
    for name in what.choices:
        taken = np.unique(draws.choices[name])
        weights = list(new.choices[name].weights.values())
        parts.append((f"choices.{name}", sum(w for place, w in enumerate(weights) if place not in taken)))
    return dict(parts)


def _of_parameter(name: str, old: Scenario, new: Scenario, draws: Draws) -> Iterator[tuple[str, float]]:
    one, other = old.parameters[name], new.parameters[name]
    if one.masses():
        drawn = set(np.unique(draws.variable(name)).tolist())
        yield f"parameters.{name}", sum(mass for value, mass in other.masses().items() if value not in drawn)
        return
    observed = old.evidence is not None and name in old.evidence.observations
    after = other.continuous_marginals(name)
    for column, before in one.continuous_marginals(name).items():
        taken = np.array([-np.inf, np.inf]) if observed else draws.variable(column)
        values = after[column].ppf(LEVELS)
        outside = (values < taken.min()) | (values > taken.max())
        yield f"parameters.{column}", float(np.mean(outside | ~(before.pdf(values) > 0)))
