"""The summary of a run: one row for each statistic of each quantity."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial

import numpy as np

from sim.distributions import implied
from sim.results import Results
from sim.scenario.schema import Scenario
from sim.summary.estimate import (
    ByRandomisation,
    along_randomisations,
    average,
    by_randomisation,
    near_one,
    spread,
)
from sim.summary.intervals import Kind, highest_density, interval, of_shortest
from sim.summary.order import OrderedDraws
from sim.summary.quantiles import quantile_of
from sim.summary.row import DOES_NOT_EXIST, Row, stored_rows
from sim.summary.smooth import Smooth
from sim.summary.statistic import (
    INPUT_LEVELS,
    NAN,
    Key,
    Statistic,
    input_statistics,
    keyed_results,
    outcome_statistics,
    probability_of,
    without_idle,
)
from sim.summary.trust import Trust, tail_shape
from sim.types import Array


def summarise(scenario: Scenario, results: Results) -> tuple[Row, ...]:
    """Return the summary of a run, as the run itself made it where its draws are not all kept.

    Statistics of outcomes come first (:func:`sim.summary.statistic.outcome_statistics`), then those of the
    parameters and the survey's columns: mean, and quantiles at 5, 50 and 95 %.

    Means, medians, ends of equal-tailed intervals and probabilities of outcomes are by conditional Monte
    Carlo (:mod:`sim.summary.conditional`) where the formula has a factor that can be integrated out, else of
    the draws; all others are of the draws.

    Parameters
    ----------
    scenario
        What was run.
    results
        What came out.

    Returns
    -------
    tuple
        Outcomes, then parameters and survey columns.
    """
    kept = stored_rows(results)
    if kept is not None:
        return kept
    columns = [
        (str(name), str(variable.attrs["unit"]))
        for group in ("parameters", "evidence")
        for name, variable in results.dataset(group).data_vars.items()
    ]
    of_outcomes, of_inputs = list(outcome_statistics(scenario)), list(input_statistics(columns))
    rows = rows_of(scenario, results, [*of_outcomes, *of_inputs])
    n_outcomes = len(rows) - len(of_inputs)
    return (*rows[:n_outcomes], *prior_rows(scenario), *rows[n_outcomes:])


def rows_of(scenario: Scenario, results: Results, wanted: Iterable[Statistic]) -> tuple[Row, ...]:
    """Return some statistics of a run whose draws are all kept, without those that are idle.

    Parameters
    ----------
    scenario
        What was run.
    results
        What came out.
    wanted
        Statistics to report.

    Returns
    -------
    tuple
        In the order of the statistics.
    """
    draws = keyed_results(scenario, results)
    smooth = Smooth(scenario, results.draws, draws)
    trust = trust_of(scenario, draws)

    def row(each: Statistic) -> Row:
        found = smooth.by_randomisation(each) or of_draws(
            each, [draws[key] for key in each.of], smooth.ordered(each.of[0])
        )
        judged = trust.judged(each, found, smooth.rest(each))
        return as_row(each, judged.value, judged.error, judged.note)

    def has_both_signs(key: Key) -> bool:
        return bool(np.min(draws[key]) <= 0.0 < np.max(draws[key]))

    return tuple(row(each) for each in without_idle(wanted, has_both_signs))


def trust_of(scenario: Scenario, draws: Mapping[Key, Array]) -> Trust:
    """Return what is to be known of statistics of draws that are all at hand, by quantity.

    Parameters
    ----------
    scenario
        What was run.
    draws
        (randomisation, draw) by quantity and alternative.

    Returns
    -------
    Trust
        Gives each statistic its note.
    """
    values = {name: each for (name, held), each in draws.items() if not held}
    n_draws = next(iter(values.values())).size

    def only(key: Key) -> float:
        least = float(np.min(draws[key]))
        return least if least == float(np.max(draws[key])) else NAN

    return Trust(scenario, values, n_draws, lambda key: tail_shape(draws[key]), only)


def as_row(wanted: Statistic, value: float, error: float, note: str = "") -> Row:
    """Return the row of a statistic that has been found; without a value where it does not exist.

    Parameters
    ----------
    wanted
        Which.
    value, error, note
        As in :class:`sim.summary.row.Row`.

    Returns
    -------
    Row
        With quantity, unit and note.
    """
    if note.startswith(DOES_NOT_EXIST):
        value, error = NAN, 0.0
    about = (wanted.quantity, wanted.alternative, wanted.statistic, wanted.at)
    return Row(*about, value, error, wanted.unit, note)


def prior_rows(scenario: Scenario) -> Iterator[Row]:
    """Yield the quantiles that parameters conditioned on observed values had before."""
    for name in scenario.evidence.observations if scenario.evidence else ():
        parameter = scenario.parameters[name]
        for level, value in zip(INPUT_LEVELS, implied(parameter.law()), strict=True):
            yield Row(name, "prior", "quantile", level, value, 0.0, parameter.unit)


def top_share(draws: Array, fraction: float) -> float:
    """Return the share of the sum that comes from the largest fraction of draws; NaN where some are negative.

    Parts of a sum that cancel have no shares: around a mean of 0 they would be anything.

    Parameters
    ----------
    draws
        (draw).
    fraction
        Of the draws.

    Returns
    -------
    float
        In [0, 1]; NaN where some draws are negative.

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
        Which.
    draws
        Of each quantity it is a function of, (randomisation, draw).
    ordered
        Those of the first, where they may have been sorted before.

    Returns
    -------
    ByRandomisation
        Of all draws and of each randomisation.
    """
    ordered = ordered or OrderedDraws(draws[0])
    probability = probability_of(wanted)
    if probability is not None:
        return quantile_of(ordered, probability)
    match wanted.statistic:
        case "mean":
            return along_randomisations(average, draws[0])
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
    of_mean = along_randomisations(average, draws).error
    each = spread(draws, axis=1, ddof=1)
    return ByRandomisation(float(np.hypot(spread(draws), of_mean)), each)


def _function(wanted: Statistic) -> Callable[..., float]:
    """Return a statistic as a function of flat arrays of draws."""
    functions: dict[str, Callable[..., float]] = {
        "top_share": partial(top_share, fraction=wanted.at),
        "ratio_of_means": lambda top, bottom: top.mean() / bottom.mean(),
        "correlation": _pearson,
        "low": partial(_end, wanted.at, wanted.kind, 0),
        "high": partial(_end, wanted.at, wanted.kind, 1),
    }
    name = wanted.statistic
    return functions[name] if name in functions else functions[name.partition("_")[0]]


def share_above(draws: Array, threshold: float) -> ByRandomisation:
    """Return the share of draws (randomisation, draw) above a threshold, known to one draw at best.

    Parameters
    ----------
    draws
        (randomisation, draw).
    threshold
        In the draws' unit.

    Returns
    -------
    ByRandomisation
        Of all draws and of each randomisation.

    Examples
    --------
    >>> share_above(np.zeros((4, 25)), 1.0).estimate()
    Estimate(value=0.0, error=0.01)
    """
    found = along_randomisations(np.mean, np.asarray(draws > threshold, dtype=np.float64))
    return replace(found, resolution=1.0 / draws.size)


def _end(probability: float, kind: Kind, place: int, draws: Array) -> float:
    return interval(draws, probability, kind)[place]


def _pearson(one: Array, other: Array) -> float:
    """Return Pearson's correlation; NaN where an outcome does not vary."""
    a, b = (each - each.mean() for each in map(near_one, (one, other)))
    scale = float(np.sqrt((a @ a) * (b @ b)))
    return float(a @ b) / scale if scale > 0.0 else float("nan")
