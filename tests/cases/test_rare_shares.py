"""Probabilities of what no draw shows, or every one: an error of 0 is a claim, and only bounds can make it.

Randomisations that agree, on no draw above a threshold or on the same number of them, tell the share to one
draw at best. What the bounds of the laws decide is exact.
"""

from pathlib import Path

import pytest
from scipy import stats

from sim.engine.simulate import simulate
from sim.summary.outcome_estimates import OutcomeEstimates
from sim.summary.row import UNTRUSTED, Row
from sim.summary.statistic import Statistic
from tests.builders import load_text, parameter, scenario_text

N = 4096
LAWS = (
    parameter("a", 'distribution = "normal"\nmean = 0\nsd = 1'),
    parameter("b", 'distribution = "normal"\nmean = 0\nsd = 1'),
    parameter("e", 'distribution = "exponential"\nmean = 1'),
    parameter("u", 'distribution = "uniform"\nlow = 0\nhigh = 1'),
    parameter("z", 'distribution = "discrete"\nvalues = [0, 1]\nweights = [1, 1e9]'),
)


def above(folder: Path, formula: str, threshold: float, sampler: str = "random") -> Row:
    """Return the row of a probability."""
    text = scenario_text(*LAWS, formula=formula, n_draws=N, sampler=sampler)
    scenario = load_text(folder, text.replace("[report]", f"[report]\nthresholds = [{threshold}]"))
    return next(row for row in simulate(scenario).statistics.rows if row.statistic == "p_above")


@pytest.mark.parametrize(
    ("formula", "threshold", "exact"),
    [
        ("a + b", 7.0, stats.norm(0, 2**0.5).sf(7)),  # 3.7e-7
        ("a + b", -7.0, stats.norm(0, 2**0.5).sf(-7)),
        ("u * a", 5.0, None),  # the uniform factor is integrated out: no a reaches 5 among the draws
        ("z", 0.0, 1 - 1e-9),  # an atom at 0 that no draw found
    ],
)
def test_what_no_draw_shows_is_known_to_one_draw(
    tmp_path: Path, formula: str, threshold: float, exact: float | None
):
    """The exact values are of the normal law, or stated; 5e-4 is two draws of 4,096."""
    row = above(tmp_path, formula, threshold)
    assert row.value in (0.0, 1.0)
    assert row.mc_error == 1 / N
    assert exact is None or abs(row.value - exact) < 5 * row.mc_error


@pytest.mark.parametrize(
    ("formula", "threshold", "value"),
    [
        ("e + u", 0.0, 1.0),  # a sum of positive quantities
        ("sqrt(u) + u ** 2", 2.0, 0.0),
        ("atan(a * b)", 1.6, 0.0),  # at most pi / 2
        ("e - u", -1.0, 1.0),
    ],
)
def test_what_the_bounds_decide_is_exact(tmp_path: Path, formula: str, threshold: float, value: float):
    row = above(tmp_path, formula, threshold)
    assert (row.value, row.mc_error) == (value, 0.0)


def test_randomisations_that_agree_on_a_share(tmp_path: Path):
    """Each of 4 times 1,024 strata has one draw: 30.03 % of them are 307.5, and some agree on 307 or 308."""
    row = above(tmp_path, "where(u > 0.69971, 1, 0)", 0.5, "lhs")
    assert row.mc_error >= 1 / N
    assert abs(row.value - 0.30029) < 5 * row.mc_error


def test_a_comparison_takes_the_same_error(tmp_path: Path):
    scenario = load_text(tmp_path, scenario_text(*LAWS, formula="a + b", n_draws=N))
    results = simulate(scenario)
    estimated = OutcomeEstimates(scenario, results.arrays)
    found = estimated.of(Statistic("total", "", "p_above", 9.0, "1", (("total", ""),)))
    assert (found.statistic.value, found.statistic.error) == (0.0, 1 / N)


def test_a_share_of_the_top_that_some_randomisations_do_not_have(tmp_path: Path):
    """Of an event of 3 in 4,096 draws one of four randomisations shows none: no error can be told."""
    text = scenario_text(*LAWS, formula="where(a > 3.2, a, 0)", n_draws=N, sampler="random")
    scenario = load_text(tmp_path, text)
    results = simulate(scenario)
    n_shown = (results.variable("total") > 0).sum(axis=1)
    assert n_shown.min() == 0 < n_shown.max()
    row = next(row for row in results.statistics.rows if row.statistic == "top_share")
    assert row.text == UNTRUSTED


@pytest.mark.parametrize(
    ("formula", "text"),
    [
        ("where(a > 8, 1e9, 0)", UNTRUSTED),  # 6.2e-16 of a billion, which no draw shows
        ("u * where(a > 8, 1e9, 0)", UNTRUSTED),
        ("exp(-1e12 * u)", UNTRUSTED),  # 1e-12, of what is below the least double in every draw
        ("e / e", "1.000"),
        ("e - e", "0"),
        ("where(u > -1, 3, e)", "3.000"),  # the bounds decide which
        ("2 + 1", "3.000"),
    ],
)
def test_a_mean_of_draws_that_are_all_alike(tmp_path: Path, formula: str, text: str):
    """What a rare event adds to a mean no draw shows; a constant is one."""
    scenario = load_text(tmp_path, scenario_text(*LAWS, formula=formula, n_draws=N))
    row = next(row for row in simulate(scenario).statistics.rows if row.statistic == "mean")
    assert row.text == text
