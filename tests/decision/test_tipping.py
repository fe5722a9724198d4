"""Tipping points against closed forms and against fresh runs of the moved prior."""

import math
from pathlib import Path

import numpy as np
import pytest
from scipy import stats
from scipy.special import expit, logit

from sim.analysis.decision.tipping_points import TippingPoint, tipping_points
from sim.engine.simulate import simulate
from sim.faults import InvalidInput
from sim.scenario.load import load
from tests.builders import parameter
from tests.reweighting.builders import SHARES, X, Y, ran

Z = parameter("z", 'distribution = "normal"\nmean = 1\nsd = 2')


def points(folder: Path, *parts: str, **options: str) -> dict[tuple[str, float], TippingPoint]:
    made = ran(folder, *parts, **options)
    return {(p.parameter, p.threshold): p for p in tipping_points(made.scenario, made.run.arrays)}


def test_a_product_of_lognormals_in_closed_form(tmp_path: Path):
    # median of x y = 10 * 3; it is 12 when either median is multiplied by 12/30, for x the percentile
    # Phi(ln 0.4 / 0.5). Four Monte Carlo errors with 15 degrees of freedom: once in 900; seed fixed.
    other = parameter("y", 'distribution = "lognormal"\nmedian = 3\nsigma = 0.8')
    found = points(tmp_path, X, other, thresholds="[12]")
    for name, median in (("x", 10), ("y", 3)):
        point = found[name, 12]
        assert point.scale == "log"
        assert abs(point.shift - math.log(0.4)) < 4 * point.shift_error
        assert 0 < point.shift_error < 0.01
        assert point.factor == pytest.approx(math.exp(point.shift), rel=1e-12)
        assert point.median_before == pytest.approx(median, rel=1e-12)
    x = found["x", 12]
    assert x.percentile == pytest.approx(100 * stats.norm.cdf(x.shift / 0.5), rel=1e-9)


def test_a_value_moves_by_a_difference(tmp_path: Path):
    # z + 5 has the median 6; it is 9 when z moves by 3, where the old law of z has Phi(3/2) below
    point = points(tmp_path, Z, formula="z + 5", thresholds="[9]")["z", 9]
    assert point.scale == "value"
    assert abs(point.difference - 3) < 4 * point.shift_error + 1e-6
    assert math.isnan(point.factor)
    assert point.percentile == pytest.approx(100 * stats.norm.cdf(1.5), abs=0.5)


def test_shares_stay_on_the_simplex(tmp_path: Path):
    # P(a > 0.4) is one half when the median of a, beta(2.4, 9.6), is moved to 0.4 on the logit scale
    found = points(tmp_path, SHARES, formula="share.a", thresholds="[0.4, 0.3]")
    median = stats.beta(2.4, 9.6).median()
    point = found["share.a", 0.4]
    assert point.scale == "logit"
    assert abs(point.shift - (logit(0.4) - logit(median))) < 4 * point.shift_error
    assert point.median_after == pytest.approx(expit(logit(median) + point.shift), rel=1e-12)
    # a rises as c falls, but when c is gone a is beta(2.4, 3.6) among what is left, of median 0.39
    assert found["share.c", 0.3].median_after < found["share.c", 0.3].median_before
    assert stats.beta(2.4, 3.6).median() < 0.4
    assert not found["share.c", 0.4].turns


def test_a_fresh_run_of_the_moved_prior_is_at_one_half(tmp_path: Path):
    # gamma(4, 1.5) moved on the log scale is gamma(4, 1.5 e^shift): run under another seed, P is one half
    # within four Monte Carlo errors and what the error of the shift is worth
    made = ran(tmp_path, X, Y, thresholds="[40]")
    point = next(p for p in tipping_points(made.scenario, made.run.arrays) if p.parameter == "y")
    scenario = load(made.file, [f"parameters.y.scale={1.5 * math.exp(point.shift)!r}", "seed=12"])
    row = simulate(scenario).statistics.find("total", "p_above", at=40)
    assert abs(row.value - 0.5) < 4 * row.mc_error + 4 * point.shift_error
    before = made.run.statistics.find("total", "p_above", at=40)
    assert point.p_above == np.mean(made.run.variable("total") > 40)
    assert abs(point.p_above - before.value) < 0.01
    assert abs(before.value - 0.5) > 0.05


def test_correlated_priors_keep_their_ranks(tmp_path: Path):
    tied = '[[correlations]]\nbetween = ["x", "y"]\nrank = 0.6\nrationale = "for a test"\n'
    made = ran(tmp_path, X, Y, tied, thresholds="[40]")
    point = next(p for p in tipping_points(made.scenario, made.run.arrays) if p.parameter == "x")
    scenario = load(made.file, [f"parameters.x.median={10 * math.exp(point.shift)!r}"])
    # same seed, same ranks: the same draws but for rounding, hence one half of them
    row = simulate(scenario).statistics.find("total", "p_above", at=40)
    assert row.value == pytest.approx(0.5, abs=2 / 16384)


def test_what_cannot_turn_says_how_far_it_was_followed(tmp_path: Path):
    found = points(tmp_path, X, Y, formula="x + 0 * y", thresholds="[8]")
    assert found["x", 8].turns
    assert not found["y", 8].turns
    assert "factor of 8.9e+06" in found["y", 8].note
    assert math.isnan(found["y", 8].shift)


def test_a_formula_that_ends_is_said(tmp_path: Path):
    # log(z + 12) is not a number once z falls below -12: z = 1 +- 2 cannot be followed far down
    found = points(tmp_path, Z, formula="log(z + 12)", thresholds="[-5]")
    assert not found["z", -5].turns
    assert "the outcome is not finite" in found["z", -5].note


def test_no_threshold_is_refused(tmp_path: Path):
    made = ran(tmp_path, X, Y, thresholds="[]")
    with pytest.raises(InvalidInput, match=r"report\.thresholds"):
        tipping_points(made.scenario, made.run.arrays)


def test_nothing_to_move_is_refused(tmp_path: Path):
    made = ran(tmp_path, parameter("x", 'distribution = "constant"\nvalue = 1'), formula="x")
    with pytest.raises(InvalidInput, match="no parameter has a continuous distribution"):
        tipping_points(made.scenario, made.run.arrays)


def test_the_nearer_root_is_taken(tmp_path: Path):
    # (z - 1)^2 for z = N(1, 2): the median rises either way from 0.4549 * 4 (chi-square median times 4)
    found = points(tmp_path, Z, formula="(z - 1) ** 2", thresholds="[9]")["z", 9]
    grid = np.abs(found.shift)
    # median of (2 Z + d)^2 = 9 at d = 2.93...: P(-3 < 2 Z + d < 3) = 1/2 solved by scipy
    from scipy.optimize import brentq

    def excess(d: float) -> float:
        return float(stats.norm.cdf((3 - d) / 2) - stats.norm.cdf((-3 - d) / 2) - 0.5)

    assert grid == pytest.approx(brentq(excess, 0.5, 5), abs=4 * found.shift_error)
