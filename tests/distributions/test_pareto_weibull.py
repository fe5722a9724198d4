"""Weibull and Pareto laws against the frozen distributions of ``scipy.stats``."""

import math

import numpy as np
import pytest
from scipy import stats

from tests.distributions.builders import family

U = np.concatenate([10.0 ** np.arange(-29, 0), np.linspace(0.001, 0.999, 333), 1 - 10.0 ** -np.arange(3, 16)])
LAWS = {
    "weibull": ({"shape": 1.7, "scale": 20.0}, stats.weibull_min(1.7, scale=20.0)),
    "weibull, falling": ({"shape": 0.4, "scale": 1e-12}, stats.weibull_min(0.4, scale=1e-12)),
    "weibull, narrow": ({"shape": 300.0, "scale": 1e12}, stats.weibull_min(300.0, scale=1e12)),
    "pareto": ({"low": 3.0, "shape": 2.5}, stats.pareto(2.5, scale=3.0)),
    "pareto, heavy": ({"low": 1e12, "shape": 0.5}, stats.pareto(0.5, scale=1e12)),
    "pareto, light": ({"low": 1e-12, "shape": 90.0}, stats.pareto(90.0, scale=1e-12)),
}
every = pytest.mark.parametrize(
    ("name", "keys", "theirs"), [(name.split(",")[0], *law) for name, law in LAWS.items()], ids=LAWS
)


@every
def test_inverses_are_scipys(name: str, keys: dict[str, float], theirs):
    law = family(name, **keys).law()
    np.testing.assert_allclose(law.ppf(U), theirs.ppf(U), rtol=1e-12)
    np.testing.assert_allclose(law.isf(U), theirs.isf(U), rtol=1e-12)


@every
def test_probabilities_and_densities_are_scipys(name: str, keys: dict[str, float], theirs):
    law = family(name, **keys).law()
    middle = float(theirs.median())
    x = np.concatenate([theirs.ppf(U[20:-8]), middle * np.array([-1.0, 0.0, 0.99, 1.01, 1.3]), [np.nan]])
    for what in ("cdf", "sf", "pdf", "logpdf"):
        with np.errstate(all="ignore"):
            expected = getattr(theirs, what)(x)
        np.testing.assert_allclose(
            getattr(law, what)(x), expected, rtol=1e-9, atol=1e-15 * (what == "cdf"), err_msg=what
        )


@every
def test_moments_and_ends_are_scipys(name: str, keys: dict[str, float], theirs):
    law = family(name, **keys).law()
    assert (law.mean(), law.std()) == pytest.approx((theirs.mean(), theirs.std()), rel=1e-9)
    assert law.support() == theirs.support()


def test_a_shape_of_one_is_an_exponential():
    ours, theirs = family("weibull", shape=1, scale=3).law(), family("exponential", mean=3).law()
    np.testing.assert_allclose(ours.ppf(U), theirs.ppf(U), rtol=1e-13)
    np.testing.assert_allclose(
        ours.pdf(np.array([0.0, 1.0, 9.0])), theirs.pdf(np.array([0.0, 1.0, 9.0])), rtol=1e-13
    )


@pytest.mark.parametrize("spread", [1e-2, 0.3, 1.0, 20.0])
def test_a_weibull_by_mean_and_sd_has_them(spread: float):
    law = family("weibull", mean=4e6, sd=4e6 * spread).law()
    assert (law.mean(), law.std()) == pytest.approx((4e6, 4e6 * spread), rel=1e-9)


def test_moments_that_do_not_exist_are_infinite():
    assert family("pareto", low=1, shape=1).law().mean() == math.inf
    assert family("pareto", low=1, shape=2).law().std() == math.inf
    assert family("pareto", low=1, shape=2).law().mean() == 2
