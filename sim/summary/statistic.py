"""Which statistics a run reports: the one list, whether draws are stored or folded into summaries."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from sim.outcomes import Outcomes
from sim.results import Results
from sim.scenario.graph import touched_outcomes
from sim.scenario.report import Interval
from sim.scenario.schema import Scenario
from sim.summary.intervals import Kind
from sim.summary.ratio import ratio_formulas, values_of
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
    quantity, alternative, statistic, at, unit
        As in :class:`sim.summary.row.Row`.
    of
        The quantities it is a function of.
    kind
        Of the interval whose end it is.
    if_signed
        A quantity without draws on both sides of 0 (0 itself counts as below) makes the statistic idle.
    """

    quantity: str
    alternative: str
    statistic: str
    at: float
    unit: str
    of: tuple[Key, ...]
    kind: Kind = "eti"
    if_signed: Key | None = None


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
    ratio = ratio_formulas(scenario)
    if ratio is not None:
        sides = ((ratio.numerator.text, ""), (ratio.denominator.text, ""))
        yield Statistic(*key, "ratio_of_means", NAN, scenario.outcomes[key[0]].unit, sides)
        yield from _moments(scenario, (ratio.difference, ""), ratio.unit)
        for quantity in (ratio.difference, ratio.denominator.text):
            above = (quantity, "")
            yield Statistic(*above, "p_above", 0.0, "1", (above,), if_signed=(ratio.denominator.text, ""))


def without_idle(wanted: Iterable[Statistic], has_both_signs: Callable[[Key], bool]) -> list[Statistic]:
    """Return the statistics that are to be reported.

    Parameters
    ----------
    wanted
        Statistics.
    has_both_signs
        Whether a quantity has draws above 0 and others that are not.

    Returns
    -------
    list
        Those that say something.
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


def probability_of(wanted: Statistic) -> float | None:
    """Return the probability whose quantile a statistic is, if it is one."""
    if wanted.statistic == "median":
        return 0.5
    if wanted.statistic == "quantile":
        return wanted.at
    end = wanted.statistic.partition("_")[0]
    if end not in ("low", "high") or wanted.kind != "eti":
        return None
    tail = (1.0 - wanted.at) / 2.0
    return tail if end == "low" else 1.0 - tail


def keyed_draws(scenario: Scenario, columns: Mapping[str, Array], outcomes: Outcomes) -> dict[Key, Array]:
    """Return the draws of every quantity reported.

    Parameters
    ----------
    scenario
        What they are draws of.
    columns
        Parameters and survey columns by name, each (randomisation, draw).
    outcomes
        Evaluated at these.

    Returns
    -------
    dict
        (randomisation, draw) by quantity and alternative.
    """
    variables = {**columns, **outcomes.drawn}
    found: dict[Key, Array] = {(name, ""): draws for name, draws in variables.items()}
    for choice, touched in outcomes.by_choice.items():
        for name, draws in touched.items():
            for place, alternative in enumerate(scenario.choices[choice].weights):
                found[name, f"{choice}={alternative}"] = draws[place]
    ratio = ratio_formulas(scenario)
    if ratio is not None:
        sides = (values_of(side, variables) for side in (ratio.numerator, ratio.denominator))
        top, bottom = np.broadcast_arrays(*sides)
        found |= {(ratio.numerator.text, ""): top, (ratio.denominator.text, ""): bottom}
        found[ratio.difference, ""] = top - bottom
    return found


def keyed_results(scenario: Scenario, results: Results) -> dict[Key, Array]:
    """Return the stored draws of every quantity reported.

    Parameters
    ----------
    scenario
        What was run.
    results
        What came out, all draws stored.

    Returns
    -------
    dict
        (randomisation, draw) by quantity and alternative.
    """
    return keyed_draws(scenario, results.draws.columns, results.outcomes)
