"""Which statistics a run reports, draws stored or folded into summaries; and each, of draws alone."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import combinations
from typing import Any

import numpy as np

from sim.draws.draw import Draws
from sim.scenario.graph import touched_outcomes
from sim.scenario.schema import Interval, Scenario
from sim.summary.estimate import ByRandomisation, average, by_randomisation, near_one, spread
from sim.summary.intervals import IntervalKind, highest_density, interval, of_shortest
from sim.summary.order import OrderedDraws
from sim.summary.quantiles import quantile_of
from sim.summary.ratio import ratio_of
from sim.summary.row import DOES_NOT_EXIST, Row
from sim.types import Array

Key = tuple[str, str]
"""A quantity and its alternative, as in :class:`sim.summary.row.Row`."""

NAN = float("nan")
TOP = 0.01
INPUT_LEVELS = (0.05, 0.5, 0.95)


@dataclass(frozen=True)
class Statistic:
    """One statistic to report.

    Parameters
    ----------
    quantity
        The quantity, as in :class:`sim.summary.row.Row`.
    alternative
        The alternative, as in :class:`sim.summary.row.Row`.
    statistic
        Name of the statistic, as in :class:`sim.summary.row.Row`.
    at
        Its threshold, fraction or probability, as in :class:`sim.summary.row.Row`.
    unit
        Its unit in pint's notation.
    of
        The quantities that it is a function of.
    kind
        Kind of the interval whose end it is.
    if_signed
        A quantity without draws on both sides of 0 (0 itself counts as below) makes the statistic idle.
    """

    quantity: str
    alternative: str
    statistic: str
    at: float
    unit: str
    of: tuple[Key, ...]
    kind: IntervalKind = "eti"
    if_signed: Key | None = None

    @property
    def probability(self) -> float | None:
        """The probability whose quantile it is, if it is one."""
        tail = (1.0 - self.at) / 2.0
        match self.statistic.partition("_")[0]:
            case "median":
                return 0.5
            case "quantile":
                return self.at
            case "low" if self.kind == "eti":
                return tail
            case "high" if self.kind == "eti":
                return 1.0 - tail
        return None

    def row(self, found: ByRandomisation) -> Row:
        """Return its row once it is found; without a value where it does not exist."""
        exists = not found.note.startswith(DOES_NOT_EXIST)
        numbers = (found.value, found.error) if exists else (NAN, 0.0)
        return Row(self.quantity, self.alternative, self.statistic, self.at, *numbers, self.unit, found.note)


def outcome_statistics(scenario: Scenario) -> Iterator[Statistic]:
    """Yield the statistics of outcomes.

    Outcomes come first (moments, median, credible interval), the reported outcome with its probabilities
    and, where it is a ratio, the statistics that tell a mean of ratios from a ratio of means; further
    intervals and correlations of the outcomes reported; then each outcome by alternative.
    """
    for name, outcome in scenario.outcomes.items():
        yield from _moments(scenario, (name, ""), outcome.unit)
    yield from _reported(scenario)
    yield from _vector(scenario)
    for choice in sorted(scenario.choices):
        touched = touched_outcomes(scenario, choice)
        for name in (each for each in scenario.outcomes if each in touched):
            for alternative in scenario.choices[choice].weights:
                key = (name, f"{choice}={alternative}")
                yield from _moments(scenario, key, scenario.outcomes[name].unit)


def input_statistics(columns: Sequence[tuple[str, str]]) -> Iterator[Statistic]:
    """Yield the statistics of parameters and survey columns, each with its unit."""
    for name, unit in columns:
        yield Statistic(name, "", "mean", NAN, unit, ((name, ""),))
        for level in INPUT_LEVELS:
            yield Statistic(name, "", "quantile", level, unit, ((name, ""),))


def _moments(scenario: Scenario, key: Key, unit: str) -> Iterator[Statistic]:
    for statistic in ("mean", "sd", "median"):
        yield Statistic(*key, statistic, NAN, unit, (key,))
    for end in ("low", "high"):
        yield _end(key, end, unit, scenario.report.interval)


def _end(key: Key, statistic: str, unit: str, stated: Interval) -> Statistic:
    return Statistic(*key, statistic, stated.probability, unit, (key,), stated.kind)


def _reported(scenario: Scenario) -> Iterator[Statistic]:
    key = (scenario.report.outcome, "")
    for threshold in scenario.report.thresholds:
        yield Statistic(*key, "p_above", threshold, "1", (key,))
    yield Statistic(*key, "top_share", TOP, "1", (key,))
    ratio = ratio_of(scenario)
    if ratio is not None:
        sides = tuple((side, "") for side in ratio.sides)
        yield Statistic(*key, "ratio_of_means", NAN, scenario.outcomes[key[0]].unit, sides)
        yield from _moments(scenario, (ratio.difference, ""), ratio.unit)
        for quantity in (ratio.difference, ratio.denominator):
            above = (quantity, "")
            yield Statistic(*above, "p_above", 0.0, "1", (above,), if_signed=(ratio.denominator, ""))


def without_idle(wanted: Iterable[Statistic], has_both_signs: Callable[[Key], bool]) -> list[Statistic]:
    """Return the statistics that say something, without the others.

    Parameters
    ----------
    wanted
        The statistics that may be reported.
    has_both_signs
        Tells whether a quantity has draws above 0 and others that are not.

    Returns
    -------
    list
        The statistics, in their order.
    """
    return [each for each in wanted if each.if_signed is None or has_both_signs(each.if_signed)]


def _vector(scenario: Scenario) -> Iterator[Statistic]:
    """Yield further intervals of each outcome reported, then Pearson's correlation of each pair of them."""
    for name in scenario.report.outcomes:
        for stated in scenario.report.intervals or ():
            for end in ("low", "high"):
                yield _end((name, ""), f"{end}_{stated.kind}", scenario.outcomes[name].unit, stated)
    for one, other in combinations(scenario.report.outcomes, 2):
        yield Statistic(f"{one} ~ {other}", "", "correlation", NAN, "1", ((one, ""), (other, "")))


def keyed_draws(scenario: Scenario, draws: Draws) -> dict[Key, Array]:
    """Return the draws of every quantity reported.

    Parameters
    ----------
    scenario
        The scenario that the draws are of.
    draws
        Draws of parameters, survey columns and choices, with their outcomes.

    Returns
    -------
    dict
        Draws by quantity and alternative, (randomisation, draw).
    """
    variables = draws.variables
    found: dict[Key, Array] = {(name, ""): values for name, values in variables.items()}
    for choice, touched in draws.by_choice.items():
        for name, held in touched.items():
            for place, alternative in enumerate(scenario.choices[choice].weights):
                found[name, f"{choice}={alternative}"] = held[place]
    ratio = ratio_of(scenario)
    if ratio is not None:
        found[ratio.difference, ""] = variables[ratio.numerator] - variables[ratio.denominator]
    return found


def top_share(draws: Array, fraction: float) -> float:
    """Return the share of the sum that comes from the largest fraction of draws; NaN where some are negative.

    Parameters
    ----------
    draws
        Draws of one quantity, (draw).
    fraction
        Fraction of them, from the largest on.

    Returns
    -------
    float
        The share in [0, 1]; NaN where some draws are negative.

    Examples
    --------
    >>> top_share(np.array([1.0, 1.0, 1.0, 7.0]), 0.25)
    0.7
    """
    if draws.min() < 0.0 or draws.max() <= 0.0:
        return float("nan")
    n_top, scaled = max(1, round(fraction * draws.size)), near_one(draws)
    return float(np.partition(scaled, -n_top)[-n_top:].sum() / scaled.sum())


def of_draws(
    wanted: Statistic, draws: Sequence[Array], ordered: OrderedDraws | None = None
) -> ByRandomisation:
    """Return a statistic of draws alone.

    Parameters
    ----------
    wanted
        The statistic.
    draws
        Draws of each quantity that it is a function of, (randomisation, draw).
    ordered
        Draws of the first of these in order, where they may have been sorted before.

    Returns
    -------
    ByRandomisation
        The statistic of all draws and of each randomisation.
    """
    ordered = ordered or OrderedDraws(draws[0])
    if wanted.probability is not None:
        return quantile_of(ordered, wanted.probability)
    match wanted.statistic:
        case "mean":
            return _along_randomisations(average, draws[0])
        case "sd":
            return standard_deviation(draws[0])
        case "p_above":
            return share_above(draws[0], wanted.at)
    ends = highest_density(ordered, wanted.at) if wanted.kind == "hdi" else None
    if ends is not None:
        return ends[0 if wanted.statistic.startswith("low") else 1]
    found = by_randomisation(_function(wanted), *draws)
    return found if wanted.kind == "eti" else of_shortest(found)


def standard_deviation(draws: Array) -> ByRandomisation:
    r"""Return the standard deviation that draws (randomisation, draw) are of.

    The mean square :math:`S/n` about the mean of n draws falls short of the variance by that of their mean:
    by 1/n of it for independent draws, by nothing for stratified ones. The Monte Carlo error e of the mean
    tells: :math:`s^2 = S/n + e^2`.
    """
    of_mean = _along_randomisations(average, draws).error
    each = spread(draws, axis=1, ddof=1)
    return ByRandomisation(float(np.hypot(spread(draws), of_mean)), each)


def _function(wanted: Statistic) -> Callable[..., float]:
    """Return a statistic as a function of flat arrays of draws."""
    functions: dict[str, Callable[..., float]] = {
        "top_share": partial(top_share, fraction=wanted.at),
        "ratio_of_means": lambda top, bottom: top.mean() / bottom.mean(),
        "correlation": _pearson,
        "low": lambda draws: interval(draws, wanted.at, wanted.kind)[0],
        "high": lambda draws: interval(draws, wanted.at, wanted.kind)[1],
    }
    name = wanted.statistic
    return functions[name] if name in functions else functions[name.partition("_")[0]]


def share_above(draws: Array, threshold: float) -> ByRandomisation:
    """Return the share of draws above a threshold, known to one draw at best.

    Parameters
    ----------
    draws
        Draws, (randomisation, draw).
    threshold
        The threshold, in their unit.

    Returns
    -------
    ByRandomisation
        The share of all draws and of each randomisation.
    """
    found = _along_randomisations(np.mean, np.asarray(draws > threshold, dtype=np.float64))
    return replace(found, resolution=1.0 / draws.size)


def _along_randomisations(statistic: Callable[..., Any], draws: Array) -> ByRandomisation:
    """Take a statistic, a function of an array and an ``axis``, of all draws and of each randomisation."""
    return ByRandomisation(float(statistic(draws, axis=None)), np.asarray(statistic(draws, axis=1)))


def _pearson(one: Array, other: Array) -> float:
    """Return Pearson's correlation; NaN where an outcome does not vary."""
    a, b = (each - each.mean() for each in map(near_one, (one, other)))
    scale = float(np.sqrt((a @ a) * (b @ b)))
    return float(a @ b) / scale if scale > 0.0 else float("nan")
