"""The summary of a run: one row for each statistic of each quantity."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

import numpy as np

from sim.distributions import implied
from sim.results import Array, Results
from sim.scenario.schema import Scenario
from sim.summary.estimate import Estimate, estimate
from sim.summary.intervals import interval
from sim.summary.ratio import ratio_of


@dataclass(frozen=True)
class Row:
    """One statistic of one quantity.

    Parameters
    ----------
    quantity
        Name of a parameter, survey column or outcome, or ``numerator - denominator`` of the ratio reported.
    alternative
        ``choice=alternative`` when the statistic holds a choice fixed; ``prior`` for a parameter before it
        was conditioned on observed values; else empty.
    statistic
        ``mean``, ``sd``, ``median``, ``low`` and ``high`` (ends of the credible interval), ``p_above``
        (probability of exceeding `at`), ``ratio_of_means``, ``top_share`` (share of the mean that comes from
        the largest fraction `at` of draws), ``quantile`` (at probability `at`).
    at
        Threshold, fraction or probability where the statistic has one, else NaN.
    value, mc_error
        Estimate and its Monte Carlo error, in `unit`.
    unit
        In pint's notation.
    """

    quantity: str
    alternative: str
    statistic: str
    at: float
    value: float
    mc_error: float
    unit: str


def summarise(scenario: Scenario, results: Results) -> tuple[Row, ...]:
    """Return the summary of a run.

    Outcomes come first (moments, median, credible interval), the reported outcome with its probabilities
    and, where it is a ratio, the statistics that tell a mean of ratios from a ratio of means; then each
    outcome by alternative; then the parameters and the survey's columns at 5, 50 and 95 %.
    """
    rows: list[Row] = []
    for name, outcome in scenario.outcomes.items():
        rows += _moments(scenario, name, "", results.variable(name), outcome.unit)
    rows += _reported(scenario, results)
    for choice in results.choices:
        dataset = results.dataset(f"by_choice/{choice}")
        for touched in map(str, dataset.data_vars):
            for alternative in dataset[choice].values:
                values = np.asarray(dataset[touched].sel({choice: alternative}).values)
                unit = scenario.outcomes[touched].unit
                rows += _moments(scenario, touched, f"{choice}={alternative}", values, unit)
    rows += _priors(scenario)
    for group in ("parameters", "evidence"):
        for column, variable in results.dataset(group).data_vars.items():
            rows += _inputs(str(column), np.asarray(variable.values), str(variable.attrs["unit"]))
    return tuple(rows)


def _row(quantity: str, statistic: str, found: Estimate, unit: str, at: float = float("nan")) -> Row:
    return Row(quantity, "", statistic, at, found.value, found.error, unit)


def _moments(scenario: Scenario, name: str, alternative: str, draws: Array, unit: str) -> Iterator[Row]:
    stated = scenario.report.interval
    ends = partial(interval, probability=stated.probability, kind=stated.kind)
    nan = float("nan")
    for statistic, function, at in (
        ("mean", np.mean, nan),
        ("sd", partial(np.std, ddof=1), nan),
        ("median", np.median, nan),
        ("low", lambda values: ends(values)[0], stated.probability),
        ("high", lambda values: ends(values)[1], stated.probability),
    ):
        found = estimate(function, draws)
        yield Row(name, alternative, statistic, at, found.value, found.error, unit)


def _reported(scenario: Scenario, results: Results) -> Iterator[Row]:
    name = scenario.report.outcome
    draws, unit = results.variable(name), scenario.outcomes[name].unit
    for threshold in scenario.report.thresholds:
        above = estimate(partial(_share_above, threshold=threshold), draws)
        yield _row(name, "p_above", above, "1", threshold)
    yield _row(name, "top_share", estimate(partial(top_share, fraction=0.01), draws), "1", 0.01)
    ratio = ratio_of(scenario, results)
    if ratio is not None:
        means = estimate(lambda top, bottom: top.mean() / bottom.mean(), ratio.numerator, ratio.denominator)
        yield _row(name, "ratio_of_means", means, unit)
        net = ratio.numerator - ratio.denominator
        yield from _moments(scenario, ratio.difference, "", net, ratio.unit)


def _share_above(draws: Array, threshold: float) -> float:
    return float(np.mean(draws > threshold))


def top_share(draws: Array, fraction: float) -> float:
    """Return the share of the sum that comes from the largest fraction of draws.

    Examples
    --------
    >>> top_share(np.array([1.0, 1.0, 1.0, 7.0]), 0.25)
    0.7
    """
    n_top = max(1, round(fraction * draws.size))
    return float(np.partition(draws, -n_top)[-n_top:].sum() / draws.sum())


def _priors(scenario: Scenario) -> Iterator[Row]:
    """Yield the quantiles that parameters conditioned on observed values had before."""
    for name in scenario.evidence.observations if scenario.evidence else ():
        parameter = scenario.parameters[name]
        levels = (0.05, 0.5, 0.95)
        for level, value in zip(levels, implied(parameter.law()), strict=True):
            yield Row(name, "prior", "quantile", level, value, 0.0, parameter.unit)


def _inputs(name: str, draws: Array, unit: str) -> Iterator[Row]:
    yield _row(name, "mean", estimate(np.mean, draws), unit)
    for probability in (0.05, 0.5, 0.95):
        yield _row(name, "quantile", estimate(partial(np.quantile, q=probability), draws), unit, probability)
