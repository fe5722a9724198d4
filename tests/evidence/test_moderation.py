"""Variances pooled over groups: limma's equations written out, and surveys drawn from the model they assume.

Seeds are fixed; bounds state their odds.
"""

import numpy as np
import pytest
from scipy import optimize, special, stats

from sim.evidence import moderation
from sim.evidence.moderation import PRIOR_FREEDOM, pool_variances
from sim.types import Array


def drawn_variances(n: int, d0: float, d: Array, slope: float, seed: int) -> tuple[Array, Array]:
    """Draw log sizes and sample variances: 1/sigma^2 is chi2(d0)/(d0 s0^2), s^2 is sigma^2 chi2(d)/d."""
    rng = np.random.default_rng(seed)
    sizes = rng.normal(1.0, 1.0, n)
    variances = d0 * 0.4 * np.exp(slope * sizes) / rng.chisquare(d0, n)
    return sizes, variances * rng.chisquare(d, n) / d


def test_equal_freedom_without_prior_groups_is_limma(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its fitFDist and squeezeVar (Smyth 2004, section 6.2), the trend by plain regression."""
    monkeypatch.setattr(moderation, "PRIOR_GROUPS", 0.0)
    d = 4.0
    sizes, variances = drawn_variances(60, 6.0, np.full(60, d), -0.5, 1)
    z = np.log(variances) - special.digamma(d / 2) + np.log(d / 2)
    fit = stats.linregress(sizes, z)
    line = fit.intercept + fit.slope * sizes
    excess = ((z - line) ** 2).sum() / 58 - special.polygamma(1, d / 2)
    d0 = 2 * optimize.brentq(lambda x: special.polygamma(1, x) - excess, 0.1, 1e6)
    s0 = np.exp(line + special.digamma(d0 / 2) - np.log(d0 / 2))
    found = pool_variances(variances, np.full(60, d), sizes)
    assert d0 > moderation.LEAST_FREEDOM
    assert found.freedom == pytest.approx(np.full(60, d0 + d), rel=1e-8)
    assert found.variances == pytest.approx((d0 * s0 + d * variances) / (d0 + d), rel=1e-8)


@pytest.mark.parametrize("d0", [4.5, 10.0])
def test_many_groups_give_their_own_law_back(d0: float) -> None:
    """30,000 groups of one to six degrees of freedom: d0 within 10 %, some five standard errors at d0 = 10.

    A variance of psi'(d0/2) is known to sqrt(2/n) of the variance of a residual, 1 %, or of itself 6 % for
    10.
    """
    d = np.resize(np.arange(1.0, 7.0), 30_000)
    sizes, variances = drawn_variances(30_000, d0, d, -0.8, 2)
    found = pool_variances(variances, d, sizes)
    assert found.freedom - d == pytest.approx(np.full(30_000, d0), rel=0.1)
    ungrouped = pool_variances(np.append(variances, 0.0), np.append(d, 0.0), np.append(sizes, 2.0))
    assert ungrouped.variances[-1] == pytest.approx(0.4 * np.exp(-0.8 * 2.0), rel=0.05)
    assert found.in_all == d.sum()


@pytest.mark.parametrize("d", [1.0, 4.0])
def test_moderated_t_holds_what_it_says(d: float) -> None:
    """A normal of variance sigma^2 over its moderated scale is a t of d0 + d: 95 % of intervals hold it.

    Bound: five binomial standard errors, 0.54 points; the estimated prior adds less. Two periods are enough.
    """
    n = 40_000
    rng = np.random.default_rng(3)
    variances = 4.5 * 0.4 / rng.chisquare(4.5, n)
    found = pool_variances(variances * rng.chisquare(d, n) / d, np.full(n, d), np.zeros(n))
    errors = np.abs(rng.standard_normal(n)) * np.sqrt(variances)
    share = np.mean(errors < stats.t.ppf(0.975, found.freedom) * np.sqrt(found.variances))
    assert abs(share - 0.95) < 5 * np.sqrt(0.95 * 0.05 / n)


def test_few_groups_lean_on_the_prior() -> None:
    """One group keeps its level, and adds the prior's degrees of freedom to its own."""
    found = pool_variances(np.array([0.3]), np.array([2.0]), np.array([1.0]))
    prior = found.freedom[0] - 2
    assert prior == pytest.approx(PRIOR_FREEDOM, rel=1e-6)
    bias = (special.digamma(prior / 2) - np.log(prior / 2)) - (special.digamma(1.0) - np.log(1.0))
    assert found.variances[0] == pytest.approx((prior * 0.3 * np.exp(bias) + 2 * 0.3) / (prior + 2))
    assert found.in_all == 2


def test_what_never_varies_stays_so() -> None:
    found = pool_variances(np.zeros(3), np.array([1.0, 4.0, 0.0]), np.zeros(3))
    assert found.variances.tolist() == [0.0, 0.0, 0.0]
    some = pool_variances(np.array([0.0, 0.5]), np.array([4.0, 4.0]), np.zeros(2))
    assert 0 < some.variances[0] < some.variances[1]
