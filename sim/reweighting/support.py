"""How much of a new prior lies where the stored draws do not reach."""

from collections.abc import Iterator

import numpy as np

from sim.distributions import ContinuousLaw, Dirichlet
from sim.results import Results
from sim.reweighting.changed import Changed, is_discrete
from sim.reweighting.density import masses
from sim.scenario.schema import Scenario
from sim.types import Array

LEVELS = (np.arange(4096) + 0.5) / 4096
"""Probabilities at which a new law is compared with the draws."""


def uncovered(old: Scenario, new: Scenario, what: Changed, results: Results) -> dict[str, float]:
    """Return, for all that changed, the probability under its new law of what no draw stands for.

    That is what lies beyond the least and the largest draw, or where the old law has no density; for separate
    values and choices, those never drawn. Of a parameter conditioned on observed values only the latter,
    since its observations bound it as well. A Dirichlet has one entry for each of its shares.

    Parameters
    ----------
    old, new, what, results
        As for :func:`sim.reweighting.density.log_ratios`.
    """
    parts = [part for name in what.parameters for part in _of_parameter(name, old, new, results)]
    for name in what.choices:
        taken = np.unique(results.dataset("choices")[name].values)
        weights = list(new.choices[name].weights.values())
        parts.append((f"choices.{name}", sum(w for place, w in enumerate(weights) if place not in taken)))
    return dict(parts)


def _of_parameter(name: str, old: Scenario, new: Scenario, results: Results) -> Iterator[tuple[str, float]]:
    one, other = old.parameters[name], new.parameters[name]
    key = f"parameters.{name}"
    if isinstance(one, Dirichlet) and isinstance(other, Dirichlet):
        for component in one.components:
            before, after = one.marginal(component), other.marginal(component)
            draws = results.variable(f"{name}.{component}")
            yield f"{key}.{component}", _share(before, after, _range(draws))
    elif is_discrete(one):
        drawn = set(np.unique(results.variable(name)).tolist())
        yield key, sum(mass for value, mass in masses(other).items() if value not in drawn)
    else:
        observed = old.evidence is not None and name in old.evidence.observations
        bounds = (-np.inf, np.inf) if observed else _range(results.variable(name))
        yield key, _share(one.continuous_law(), other.continuous_law(), bounds)


def _range(draws: Array) -> tuple[float, float]:
    return float(draws.min()), float(draws.max())


def _share(before: ContinuousLaw, after: ContinuousLaw, bounds: tuple[float, float]) -> float:
    values = after.ppf(LEVELS)
    outside = (values < bounds[0]) | (values > bounds[1])
    return float(np.mean(outside | ~(before.pdf(values) > 0)))
