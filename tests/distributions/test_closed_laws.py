"""Laws made of special functions against the frozen distributions of ``scipy.stats``, to the last digit."""

import numpy as np
import pytest
from scipy import stats

from sim.distributions.closed_laws import BetaLaw, LognormalLaw, NormalLaw
from sim.distributions.law import ContinuousLaw

U = np.concatenate([10.0 ** np.arange(-29, 0), np.linspace(0.001, 0.999, 333), 1 - 10.0 ** -np.arange(3, 16)])
LAWS = {
    "normal": (NormalLaw(-3.0, 0.7), stats.norm(-3.0, 0.7)),
    "normal, huge": (NormalLaw(1e12, 3e11), stats.norm(1e12, 3e11)),
    "lognormal": (LognormalLaw(0.119, 300_000.0), stats.lognorm(0.119, scale=300_000.0)),
    "lognormal, wide": (LognormalLaw(9.0, 2e-5), stats.lognorm(9.0, scale=2e-5)),
    "beta": (BetaLaw(3.0, 27.0), stats.beta(3.0, 27.0)),
    "beta, moved": (BetaLaw(0.3, 0.6, -5.0, 12.0), stats.beta(0.3, 0.6, -5.0, 12.0)),
    "beta, narrow": (BetaLaw(4e5, 9e5), stats.beta(4e5, 9e5)),
}
every = pytest.mark.parametrize(("ours", "theirs"), LAWS.values(), ids=LAWS)


@every
def test_inverses_are_scipys(ours: ContinuousLaw, theirs: ContinuousLaw):
    np.testing.assert_array_equal(ours.ppf(U), theirs.ppf(U))
    np.testing.assert_array_equal(ours.isf(U), theirs.isf(U))


@every
def test_probabilities_and_densities_are_scipys(ours: ContinuousLaw, theirs: ContinuousLaw):
    """Within the support, beyond either end of it, and at values that are none."""
    x = np.concatenate(
        [theirs.ppf(U), [-1e300, -9.0, -1.0, 0.0, 1e-300, 7.0, 1e300, -np.inf, np.inf, np.nan]]
    )
    for name in ("cdf", "sf"):
        np.testing.assert_array_equal(getattr(ours, name)(x), getattr(theirs, name)(x), err_msg=name)
    with np.errstate(over="ignore"):  # scipy squares what is left of 1e300
        expected = theirs.pdf(x)
    np.testing.assert_allclose(ours.pdf(x), expected, rtol=4e-16, atol=0)


@every
def test_moments_and_ends_are_scipys(ours: ContinuousLaw, theirs: ContinuousLaw):
    assert (ours.mean(), ours.std()) == pytest.approx((theirs.mean(), theirs.std()), rel=1e-15)
    assert ours.support() == theirs.support()


def test_moments_too_large_for_a_number_are_infinite():
    """exp(sigma^2 / 2) exceeds the largest double, 1.8e308, from sigma = 37.7 on."""
    assert (LognormalLaw(40.0, 1.0).mean(), LognormalLaw(40.0, 1.0).std()) == (np.inf, np.inf)
