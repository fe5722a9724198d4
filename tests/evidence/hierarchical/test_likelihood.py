"""The grouped likelihood: against scipy's laws, deep in both tails, and its gradient."""

import numpy as np
import pytensor
import pytensor.tensor as pt
import pytest
from numpy.testing import assert_allclose
from scipy import stats

from sim.evidence.hierarchical.interval_probability import (
    least_extreme_interval,
    logistic_interval,
    normal_interval,
)
from sim.evidence.hierarchical.predictions import log_interval

LOWER = np.array([-1e6, -9.0, -2.0, -0.3, -0.1, 0.0, 0.2, 1.5, 5.0, 8.0])
UPPER = np.array([-2.0, -8.5, -1.7, -0.2, 0.4, 1e-3, 0.5, 40.0, 5.3, 8.4])
BOTH = [
    ("lognormal", normal_interval),
    ("log-logistic", logistic_interval),
    ("weibull", least_extreme_interval),
]


def by_scipy(model: str, lower: np.ndarray, upper: np.ndarray) -> np.ndarray:
    """Return differences of scipy's cdf, or of its survival function above zero: exact in either tail."""
    law = {"lognormal": stats.norm, "log-logistic": stats.logistic, "weibull": stats.gumbel_l}[model]
    above = lower > 0
    return np.log(np.where(above, law.sf(lower) - law.sf(upper), law.cdf(upper) - law.cdf(lower)))


@pytest.mark.parametrize(("model", "tensor"), BOTH)
def test_both_forms_are_differences_of_scipys_cdf(model: str, tensor: object) -> None:
    keep = UPPER < 6 if model == "weibull" else np.full(len(LOWER), True)
    lower, upper = LOWER[keep], UPPER[keep]
    expected = by_scipy(model, lower, upper)
    keep_finite = np.isfinite(expected)
    assert keep_finite.sum() >= 7
    found = np.asarray(tensor(pt.constant(lower), pt.constant(upper)).eval())
    assert_allclose(found[keep_finite], expected[keep_finite], rtol=1e-9, atol=1e-12)
    assert_allclose(log_interval(model, lower, upper), found, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("far", [-40.0, 40.0, -1e4, 1e4])
def test_normal_interval_where_probabilities_underflow(far: float) -> None:
    """Mills' ratio: P(x < Z < x + w) is phi(x) / x (1 - exp(-x w)) to a relative 1 / x**2."""
    near, w = abs(far), 0.01
    ends = (far, far + w) if far > 0 else (far - w, far)
    expected = stats.norm.logpdf(near) - np.log(near) + np.log(-np.expm1(-near * w - w**2 / 2))
    found = float(normal_interval(pt.constant(ends[0]), pt.constant(ends[1])).eval())
    assert found == pytest.approx(expected, abs=2 / near**2 + 1e-9 * abs(expected))
    assert float(log_interval("lognormal", np.array([ends[0]]), np.array([ends[1]]))[0]) == pytest.approx(
        found, rel=1e-9
    )


def test_gradient_is_that_of_the_value() -> None:
    """Central differences of the value, step 1e-6: error about 1e-9 relative to the curvature."""
    lower, upper = pt.vector("a"), pt.vector("b")
    value = normal_interval(lower, upper).sum()
    gradient = pytensor.function([lower, upper], pytensor.grad(value, [lower, upper]))
    each = pytensor.function([lower, upper], normal_interval(lower, upper))
    at_lower, at_upper = LOWER[1:7], UPPER[1:7]
    by_lower, by_upper = gradient(at_lower, at_upper)
    h = 1e-6
    assert_allclose(
        by_lower, (each(at_lower + h, at_upper) - each(at_lower - h, at_upper)) / 2 / h, rtol=1e-5
    )
    assert_allclose(
        by_upper, (each(at_lower, at_upper + h) - each(at_lower, at_upper - h)) / 2 / h, rtol=1e-5
    )
