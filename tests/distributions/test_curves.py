"""Metalogs and monotone curves through stated quantiles: which is taken, and what it is."""

import numpy as np
import pytest
from scipy.interpolate import CubicHermiteSpline, PchipInterpolator
from scipy.special import expit, logit, ndtri
from scipy.stats import logistic, norm

from sim.distributions.words import family_words
from tests.distributions.builders import family

U = np.concatenate(
    [10.0 ** np.arange(-12, -2), np.linspace(0.01, 0.99, 99), 1 - 10.0 ** np.arange(-3, -12, -1.0)]
)
FIVE = (2.0, 0.7, 0.4, -0.3, 0.5)
LEVELS = {"p05": 0.05, "p20": 0.2, "p50": 0.5, "p75": 0.75, "p95": 0.95}


def keelin(y: np.ndarray, a: tuple[float, ...]) -> np.ndarray:
    """Return the quantile of a metalog of five terms as Keelin (2016), equation 6, writes it."""
    s, z = y - 0.5, np.log(y / (1 - y))
    return a[0] + a[1] * z + a[2] * s * z + a[3] * s + a[4] * s**2


@pytest.mark.parametrize(
    ("bounds", "made"),
    [
        ({}, lambda m: m),
        ({"low": -3.0}, lambda m: -3 + np.exp(m)),
        ({"high": 7.0}, lambda m: 7 - np.exp(-m)),
        ({"low": -3.0, "high": 7.0}, lambda m: -3 + 10 * expit(m)),
    ],
)
def test_a_metalog_is_keelins(bounds: dict[str, float], made):
    """Its five quantiles stated give back the five-term metalog, with a log or logit of its bounds."""
    stated = {key: float(made(keelin(np.array(level), FIVE))) for key, level in LEVELS.items()}
    found = family("quantiles", **stated, **bounds)
    assert found.chosen_curve() == "metalog"
    inner = U[(U > 1e-9) & (U < 1 - 1e-9)]  # 1 - y has few digits beyond
    np.testing.assert_allclose(found.law().ppf(inner), made(keelin(inner, FIVE)), rtol=1e-8)


def test_three_quantiles_are_a_metalog_just_where_keelin_says():
    """Feasible for a2 > 0 and |a3| / a2 < 1.66711: Keelin (2016), of three terms without bounds."""
    for ratio, word in ((1.60, "metalog"), (-1.60, "metalog"), (1.68, "monotone"), (-1.68, "monotone")):
        a = (0.0, 1.0, ratio, 0.0, 0.0)
        stated = {key: float(keelin(np.array(LEVELS[key]), a)) for key in ("p05", "p50", "p95")}
        assert family("quantiles", **stated).chosen_curve() == word


def test_a_monotone_curve_is_scipys_between_the_quantiles_and_a_line_beyond():
    stated = dict(zip(LEVELS, [0.0, 1.0, 1.1, 4.0, 30.0], strict=True))
    found = family("quantiles", **stated)
    assert found.chosen_curve() == "monotone"
    scores, values = ndtri([*LEVELS.values()]), np.array([*stated.values()])
    chords = np.diff(values) / np.diff(scores)
    slopes = PchipInterpolator(scores, values).derivative()(scores)
    slopes[[0, -1]] = chords[[0, -1]]
    z = ndtri(U)
    inside = CubicHermiteSpline(scores, values, slopes)(np.clip(z, scores[0], scores[-1]))
    beyond = np.minimum(z - scores[0], 0) * chords[0] + np.maximum(z - scores[-1], 0) * chords[-1]
    np.testing.assert_allclose(found.law().ppf(U), inside + beyond, rtol=1e-10, atol=1e-10)


def test_quantiles_of_known_laws_make_them():
    """Three quantiles of a logistic, and of a normal by the monotone curve, are those laws."""
    x = np.linspace(-8, 12, 41)
    three = {"p10": 0.1, "p50": 0.5, "p90": 0.9}
    made = family("quantiles", **{key: float(2 + 1.5 * logit(p)) for key, p in three.items()}).law()
    np.testing.assert_allclose(made.logpdf(x), logistic(2, 1.5).logpdf(x), rtol=1e-10)
    np.testing.assert_allclose(made.cdf(x), logistic(2, 1.5).cdf(x), rtol=1e-10)
    bell = family(
        "quantiles", curve="monotone", **{k: float(2 + 1.5 * ndtri(p)) for k, p in three.items()}
    ).law()
    np.testing.assert_allclose(bell.logpdf(x), norm(2, 1.5).logpdf(x), rtol=1e-10)
    np.testing.assert_allclose(bell.sf(x), norm(2, 1.5).sf(x), rtol=1e-10)


def test_a_density_is_nothing_on_and_beyond_the_bounds():
    law = family("quantiles", p10=1.0, p50=2.0, p90=4.0, low=0.0, high=9.0).law()
    x = np.array([-1.0, 0.0, 9.0, 10.0])
    np.testing.assert_array_equal(law.pdf(x), 0)
    np.testing.assert_array_equal(law.cdf(x), [0, 0, 1, 1])


def test_words_say_which_curve_it_is():
    three = {"p10": 2.0, "p50": 3.0, "p90": 9.0}
    taken = family("quantiles", low=0.0, **three)
    assert family_words(taken) == "metalog, 10 % quantile 2, 50 % quantile 3, 90 % quantile 9, low 0"
    other = family("quantiles", curve="monotone", **three)
    assert family_words(other) == "monotone curve, 10 % quantile 2, 50 % quantile 3, 90 % quantile 9"
    inner = family("truncated", of=dict(distribution="quantiles", p10=0.0, p50=1.0, p90=90.0), low=0.0)
    assert family_words(inner).startswith("truncated (monotone curve, 10 % quantile 0, ")


@pytest.mark.parametrize("scale", [1e-12, 1e12])
def test_a_scale_changes_nothing_but_the_scale(scale: float):
    stated, bounds = {"p10": 2.0, "p50": 3.0, "p75": 5.0, "p90": 9.0}, {"low": 1.0}
    one = family("quantiles", **stated, **bounds).law()
    scaled = {key: scale * value for key, value in {**stated, **bounds}.items()}
    other = family("quantiles", **scaled).law()
    np.testing.assert_allclose(other.ppf(U), scale * one.ppf(U), rtol=1e-7)
    assert other.mean() == pytest.approx(scale * one.mean(), rel=1e-9)
