"""Counts, lives and heavy tails in whole scenarios, against closed forms that each test names."""

import math
from pathlib import Path

import numpy as np
import pytest
from scipy import stats
from scipy.special import ndtri

from sim.engine.simulate import simulate
from sim.faults import InvalidInput
from sim.summary.row import Row
from sim.tables.parameter_assumptions import assumptions
from tests.builders import load_text, parameter
from tests.cases.test_endings import stated

POISSON = parameter("n", 'distribution = "poisson"\nmean = 2')
SIZE = parameter("size", 'distribution = "pareto"\nlow = 3.0\nshape = {}')


def rows_of(folder: Path, text: str) -> dict[str, Row]:
    """Return the rows of the outcome by statistic; of several, the last."""
    scenario = load_text(folder, text)
    rows = simulate(scenario).statistics.rows
    return {row.statistic: row for row in rows if row.quantity == "bcr" and not row.alternative}


def test_the_median_of_a_count_is_its_atom_without_error(tmp_path: Path):
    """P(N <= 1) = 3 exp(-2) = 0.406 and P(N <= 2) = 5 exp(-2) = 0.677: the median is 2 in any 1,024 draws."""
    median = rows_of(tmp_path, stated("n", POISSON))["median"]
    assert (median.value, median.mc_error, median.status) == (2, 0, "")


def test_a_median_between_two_numbers_is_said_not_to_be_unique(tmp_path: Path):
    """One fair trial: any number from 0 to 1 is a median."""
    coin = parameter("n", 'distribution = "binomial"\nn = 1\np = 0.5')
    median = rows_of(tmp_path, stated("n", coin))["median"]
    assert median.status == "not unique"


def test_a_pareto_without_a_mean_is_said_to_have_none(tmp_path: Path):
    """Of index 1 the mean does not exist, of index 1.5 it is 3 * 1.5 / 0.5 = 9, its variance infinite."""
    without = rows_of(tmp_path, stated("size", SIZE.format(1)))
    assert "the tail of size has index 1" in without["mean"].note
    text = stated("size", SIZE.format(1.5)).replace("1024", "65536")
    mean = rows_of(tmp_path, text)["mean"]
    assert mean.value == pytest.approx(9, rel=0.2)


@pytest.mark.parametrize(("top", "word"), [(9.0, "metalog"), (900.0, "monotone curve")])
def test_tables_of_assumptions_say_which_curve_goes_through_the_quantiles(
    tmp_path: Path, top: float, word: str
):
    law = parameter("x", f'distribution = "quantiles"\np10 = 0.0\np50 = 3.0\np90 = {top}')
    (row,) = assumptions(load_text(tmp_path, stated("x", law)))
    assert row.distribution == word
    assert row.words.startswith(f"{word}, 10 % quantile 0, ")
    assert row.quantiles[1] == pytest.approx(3.0, rel=1e-9)


def test_a_reciprocal_of_a_pareto_has_every_moment(tmp_path: Path):
    """3 / X of a Pareto is a beta(shape, 1): its mean is shape / (1 + shape), here 1/2."""
    mean = rows_of(tmp_path, stated("3 / size", SIZE.format(1)))["mean"]
    assert not mean.status
    assert mean.value == pytest.approx(0.5, abs=5 * mean.mc_error + 1e-12)


def test_a_correlated_count_keeps_its_law_and_follows(tmp_path: Path):
    """A rank correlation of 0.8 is one of scores of 2 sin(0.8 pi / 6); counts keep their frequencies."""
    ties = '[[correlations]]\nbetween = ["n", "x"]\nrank = 0.8\nrationale = "a test"\n'
    text = stated("n + x", POISSON + parameter("x", 'distribution = "normal"\nmean = 0\nsd = 1') + ties)
    scenario = load_text(tmp_path, text.replace("1024", "16384"))
    results = simulate(scenario)
    n, x = results.variable("n").ravel(), results.variable("x").ravel()
    for number in range(6):
        assert np.mean(n == number) == pytest.approx(stats.poisson(2).pmf(number), abs=0.002)
    rho = 2 * math.sin(0.8 * math.pi / 6)
    cut = float(ndtri(3 * math.exp(-2)))  # N <= 1 just where its score is below this
    expected = stats.multivariate_normal([0, 0], [[1, rho], [rho, 1]]).cdf([cut, 0.0])
    assert np.mean((n <= 1) & (x < 0)) == pytest.approx(expected, abs=0.003)


def test_a_count_cannot_be_conditioned_on_observed_values(tmp_path: Path):
    seen = '[evidence.observations.n]\nvalues = [2.0]\nsd = 1.0\nsource = "a test"\nscale = "natural"\n'
    with pytest.raises(InvalidInput, match="'n' is not a parameter with a continuous distribution"):
        load_text(tmp_path, stated("n", POISSON + seen))


def test_a_total_of_a_count_of_losses(tmp_path: Path):
    """Independent, 2 on average at 3 * 3 / 2 = 4.5 each: the mean of the product is 9."""
    text = stated("n * size", POISSON + SIZE.format(3.0)).replace("1024", "65536")
    mean = rows_of(tmp_path, text)["mean"]
    assert mean.value == pytest.approx(2 * 4.5, abs=5 * mean.mc_error)
