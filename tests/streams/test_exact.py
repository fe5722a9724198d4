"""Streams against what is exact: roots found by scipy, geometric series, variances of autoregressions."""

import math
from pathlib import Path

import numpy as np
import numpy_financial as npf
import pytest
from scipy.optimize import brentq

from sim.engine.simulate import simulate
from tests.builders import parameter
from tests.streams.by_year import horizon, loaded, stream, total, totals

N_DRAWS = 65_536
NORMAL = 'distribution = "normal"\nmean = 5\nsd = 2\nby_year = "{}"\n'
SD = 2.0


def net_worth(rate: float, flows: np.ndarray) -> float:
    return float(np.sum(flows / (1 + rate) ** np.arange(len(flows))))


@pytest.mark.parametrize(
    ("flows", "published"),
    [  # numpy-financial, documentation of irr, to the digits printed there
        ([-250_000, 100_000, 150_000, 200_000, 250_000, 300_000], "0.5672303344358536"),
        ([-100, 39, 59, 55, 20], "0.28095"),
        ([-100, 0, 0, 74], "-0.0955"),
    ],
)
@pytest.mark.parametrize("discounting", ["start", "middle", "end"])
def test_internal_rates_of_return_are_those_of_numpy_financial(
    tmp_path: Path, flows: list[float], published: str, discounting: str
):
    """Which part of a year the first flow waits for moves no root."""
    parts = [horizon(len(flows), discounting), stream("net", f"values = {flows}")]
    found = total(tmp_path, *parts, formula="irr(net)")
    digits = len(published.partition(".")[2])
    assert found == pytest.approx(float(published), abs=max(0.5 * 10.0**-digits, 1e-15))


@pytest.mark.parametrize("rate", [-0.03, 0.0, 1e-9, 0.035, 0.4])
def test_values_are_those_of_numpy_financial(tmp_path: Path, rate: float):
    """Its ``npv`` counts the first flow in full; its ``pv`` pays at either end of a period."""
    flows = [-250_000.0, 100_000.0, 150_000.0, 0.0, 250_000.0, 300_000.0]
    net = stream("net", f"values = {flows}")
    wanted = npf.npv(rate, flows)
    for discounting, delay, when in (("start", 0, "begin"), ("end", 1, "end")):
        span = horizon(len(flows), discounting)
        found = total(tmp_path, span, net, formula=f"present_value(net, {rate!r})")
        assert found == pytest.approx(wanted / (1 + rate) ** delay, rel=1e-12)
        found = total(tmp_path, span, net, formula=f"annuity({rate!r}, 12)")
        with np.errstate(invalid="ignore"):  # it divides by a rate of 0 before it looks
            paid = -npf.pv(rate, 12, 1, when=when)
        assert found == pytest.approx(paid, rel=1e-6 if rate == 1e-9 else 1e-12)
    found = total(tmp_path, horizon(len(flows)), net, formula="irr(net)")
    assert found == pytest.approx(npf.irr(flows), rel=1e-9)


def test_internal_rates_of_return_draw_by_draw_are_scipys(tmp_path: Path):
    """An outlay, and returns that grow or shrink: the sign changes once, so that there is one root."""
    parts = [
        parameter("outlay", 'distribution = "lognormal"\nmedian = 100\nsigma = 0.3'),
        parameter("first", 'distribution = "uniform"\nlow = 2\nhigh = 40'),
        parameter("growth", 'distribution = "normal"\nmean = 0\nsd = 0.1'),
        horizon(25),
        stream("net", 'formula = "where(t == 0, -outlay, first * (1 + growth) ** t)"'),
    ]
    scenario = loaded(tmp_path, *parts, formula="irr(net)", n_draws=64)
    results = simulate(scenario)
    columns = [results.variable(name).ravel() for name in ("outlay", "first", "growth", "total")]
    t = np.arange(25.0)
    for outlay, first, growth, found in zip(*columns, strict=True):
        flows = np.where(t == 0, -outlay, first * (1 + growth) ** t)
        root = brentq(net_worth, -0.999, 10.0, args=(flows,), xtol=1e-15)
        assert found == pytest.approx(root, rel=1e-11, abs=1e-13)


@pytest.mark.parametrize(("outlay", "wanted"), [(1e-12, 1e24), (1e12, -0.5), (4e-3, 2.5e14)])
def test_rates_of_return_are_found_however_far_out(tmp_path: Path, outlay: float, wanted: float):
    """Two flows, -a and b: the rate is b / a - 1."""
    back = outlay * (1.0 + wanted)
    net = stream("net", f"values = [{-outlay!r}, {back!r}]")
    assert total(tmp_path, horizon(2), net, formula="irr(net)") == pytest.approx(wanted, rel=1e-9)


def test_an_annuity_pays_back_what_it_is_worth(tmp_path: Path):
    """A loan of annuity(r, n) is served by 1 a year: the rate of return of that is r."""
    net = stream("net", 'formula = "where(t == 0, -annuity(0.043, 20), 1)"')
    found = total(tmp_path, horizon(21, "end"), net, formula="irr(net)")
    assert found == pytest.approx(0.043, rel=1e-12)


@pytest.mark.parametrize("rho", [-0.5, 0.0, 0.6, 0.95])
def test_a_sum_of_an_autoregression_has_its_variance(tmp_path: Path, rho: float):
    r"""Var = sd^2 (n + 2 sum_k (n - k) rho^k); the mean of n draws of a normal law is n times its own.

    The standard deviation of 65,536 normal draws is known to 1 in 362. Five errors are allowed: a right
    program fails one of the four choices of rho with odds of 2e-6.
    """
    n = 12
    law = NORMAL.format("ar1") + f"correlation = {rho}"
    found = totals(loaded(tmp_path, horizon(n), stream("x", law), formula="sum(x)", n_draws=N_DRAWS))
    variance = SD**2 * (n + 2 * sum((n - k) * rho**k for k in range(1, n)))
    assert float(found.std()) == pytest.approx(math.sqrt(variance), rel=5 / math.sqrt(2 * N_DRAWS))
    assert float(found.mean()) == pytest.approx(5.0 * n, abs=5 * math.sqrt(variance / N_DRAWS))


@pytest.mark.parametrize(("by_year", "variance"), [("independent", 1), ("random-walk", 12)])
def test_independent_years_and_a_random_walk_have_their_variances(
    tmp_path: Path, by_year: str, variance: int
):
    """Of the twelfth year: that of one draw, and that of twelve."""
    parts = [horizon(12), stream("x", NORMAL.format(by_year))]
    found = totals(loaded(tmp_path, *parts, formula="at(x, 2036)", n_draws=N_DRAWS))
    assert float(found.std()) == pytest.approx(SD * math.sqrt(variance), rel=5 / math.sqrt(2 * N_DRAWS))


def test_an_autoregression_of_any_law_keeps_it_in_every_year(tmp_path: Path):
    """A gamma law with mean 3 and sd 2 in the first year and in the tenth, whatever ties the years."""
    law = 'distribution = "gamma"\nmean = 3\nsd = 2\nby_year = "ar1"\ncorrelation = 0.8'
    for year in (2025, 2034):
        parts = [horizon(10), stream("x", law)]
        found = totals(loaded(tmp_path, *parts, formula=f"at(x, {year})", n_draws=N_DRAWS))
        assert float(found.mean()) == pytest.approx(3.0, abs=5 * 2 / math.sqrt(N_DRAWS))
        assert float(found.std()) == pytest.approx(2.0, rel=0.02)
