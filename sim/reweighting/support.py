"""How much of a new prior lies where the stored draws do not reach."""

from collections.abc import Iterator

import numpy as np

from sim.distributions import ContinuousLaw
from sim.results import Results
from sim.reweighting.changed import Changed
from sim.scenario.schema import Scenario
from sim.types import Array

LEVELS = (np.arange(4096) + 0.5) / 4096
"""Probabilities at which a new law is compared with the draws."""


def uncovered(old: Scenario, new: Scenario, what: Changed, results: Results) -> dict[str, float]:
    """Return, for all that changed, the probability under its new law of what no draw stands for.

    That is what lies beyond the least and the largest draw, or where the old law has no density; for separate
    values and choices, those never drawn. Of a parameter conditioned on observed values only the latter,
    since its observations bound it as well. A parameter of several columns has one entry for each.

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
    if one.masses():
        drawn = set(np.unique(results.variable(name)).tolist())
        yield f"parameters.{name}", sum(mass for value, mass in other.masses().items() if value not in drawn)
        return
    observed = old.evidence is not None and name in old.evidence.observations
    after = other.continuous_marginals(name)
    for column, before in one.continuous_marginals(name).items():
        bounds = (-np.inf, np.inf) if observed else _range(results.variable(column))
        yield f"parameters.{column}", _share(before, after[column], bounds)


def _range(draws: Array) -> tuple[float, float]:
    return float(draws.min()), float(draws.max())


def _share(before: ContinuousLaw, after: ContinuousLaw, bounds: tuple[float, float]) -> float:
    values = after.ppf(LEVELS)
    outside = (values < bounds[0]) | (values > bounds[1])
    return float(np.mean(outside | ~(before.pdf(values) > 0)))
