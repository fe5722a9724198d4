"""Mergeable summaries against numpy on the draws themselves."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from sim.samplers.base import stream
from sim.summary.intervals import interval
from sim.summary.sketch import RELATIVE_WIDTH, BinnedDraws, Sketch
from sim.summary.statistic import top_share
from sim.summary.stream_summary import LEAF, Plan, join, leaves_of

LAWS = {
    "lognormal": stats.lognorm(1.5),
    "normal": stats.norm(0.3, 2.0),
    "cauchy": stats.cauchy(),
    "tiny": stats.beta(0.05, 2.0),
    "negative": stats.norm(-1e9, 1.0),
    "whole numbers": stats.poisson(3),
}


def draws_of(name: str, n: int = 20_001) -> np.ndarray:
    return np.asarray(LAWS[name].rvs(n, random_state=stream(4, name)), dtype=np.float64)


def bins_of(*parts: np.ndarray) -> BinnedDraws:
    whole = Sketch()
    for part in parts:
        sketch = Sketch()
        sketch.add(part)
        whole.merge(sketch)
    return whole.draws()


@pytest.mark.parametrize("law", LAWS)
def test_every_order_statistic_keeps_the_bound(law: str):
    draws = draws_of(law)
    found = bins_of(draws[:7000], draws[7000:]).order_statistics(np.arange(len(draws)))
    exact = np.sort(draws)
    assert np.all(np.abs(found - exact) <= RELATIVE_WIDTH * np.abs(exact) + 1e-307)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.floats(-1e300, 1e300), min_size=1, max_size=50))
def test_the_bound_holds_for_whatever_values(values: list[float]):
    exact = np.sort(np.array(values))
    found = bins_of(exact).order_statistics(np.arange(len(exact)))
    assert np.all(np.abs(found - exact) <= RELATIVE_WIDTH * np.abs(exact) + 1e-307)


@pytest.mark.parametrize("law", LAWS)
@pytest.mark.parametrize("probability", [0.0, 0.025, 0.5, 0.831, 1.0])
def test_quantiles_keep_the_bound(law: str, probability: float):
    draws = draws_of(law)
    exact = np.quantile(draws, [probability])[0]
    nearby = np.quantile(draws, [probability], method="higher")[0]
    largest = max(abs(exact), abs(nearby))
    assert abs(bins_of(draws).quantile(probability) - exact) <= RELATIVE_WIDTH * largest + 1e-307


@pytest.mark.parametrize("law", LAWS)
@pytest.mark.parametrize("kind", ["hdi", "shortest"])
def test_shortest_intervals_are_as_short_as_those_of_the_draws(law: str, kind):
    draws = draws_of(law)
    low, high = bins_of(draws).interval(0.9, kind)
    exact_low, exact_high = interval(draws, 0.9, kind)
    slack = RELATIVE_WIDTH * (abs(exact_low) + abs(exact_high))
    assert high - low <= exact_high - exact_low + slack
    # and they hold what they should: order statistics that far apart, each within the bound
    slack_of_ends = RELATIVE_WIDTH * np.array([abs(low), abs(high)])
    inside = np.mean((draws >= low - slack_of_ends[0]) & (draws <= high + slack_of_ends[1]))
    assert inside >= int(0.9 * len(draws)) / len(draws)


def test_the_share_of_the_top_keeps_the_bound():
    draws = draws_of("lognormal")
    found = bins_of(draws).top_share(0.01, float(draws.sum()))
    assert found == pytest.approx(top_share(draws, 0.01), rel=RELATIVE_WIDTH)


def test_a_constant_is_exact():
    bins = bins_of(np.full(100, 0.1), np.full(3, 0.1))
    assert (bins.quantile(0.3), bins.interval(0.5, "hdi")) == (0.1, (0.1, 0.1))


@pytest.mark.parametrize("n", [1, LEAF - 1, LEAF, 5 * LEAF + 17])
def test_moments_are_numpys_even_far_from_zero(n: int):
    draws = 1e9 + stream(1, "far").standard_normal(n)
    found = leaves_of(draws).pooled()
    assert found.mean[0] == pytest.approx(np.mean(draws), rel=1e-15)
    if n > 1:
        assert np.sqrt(found.squares[0] / (n - 1)) == pytest.approx(np.std(draws, ddof=1), rel=1e-9)


def test_leaves_may_be_made_in_any_company():
    draws = stream(1, "leaves").standard_normal(8 * LEAF + 5)
    apart = join(
        [leaves_of(draws[: 2 * LEAF]), leaves_of(draws[2 * LEAF : 5 * LEAF]), leaves_of(draws[5 * LEAF :])]
    )
    whole = leaves_of(draws).pooled()
    assert (apart.pooled().mean[0], apart.pooled().squares[0]) == (whole.mean[0], whole.squares[0])


def test_products_give_numpys_correlation():
    one, other = stream(1, "pair").standard_normal((2, 3 * LEAF + 11))
    other = 0.6 * one + other
    pair = (("one", ""), ("other", ""))
    found = Plan(pair, (), (pair,)).moments(dict(zip(pair, (one, other), strict=True))).pooled()
    assert found.correlation(*pair) == pytest.approx(np.corrcoef(one, other)[0, 1], rel=1e-12)
