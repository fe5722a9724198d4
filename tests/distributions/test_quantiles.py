"""Stated quantiles are met exactly: to 1e-9 of the value, or of the spread where the value may be zero."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError
from scipy.special import betaincinv

from sim.distributions.statements import LEVELS
from tests.distributions.builders import family, refusal

KEYS = [key for key in LEVELS if key != "median"]
few = settings(derandomize=True, max_examples=60, deadline=None)


def in_order(keys: set[str]) -> list[str]:
    return sorted(keys, key=LEVELS.get)


two_keys = st.sets(st.sampled_from(KEYS), min_size=2, max_size=2).map(
    lambda keys: sorted(keys, key=LEVELS.get)
)
three_keys = st.sets(st.sampled_from(KEYS), min_size=3, max_size=3).map(
    lambda keys: sorted(keys, key=LEVELS.get)
)
some_keys = st.sets(st.sampled_from(KEYS), max_size=6).map(
    lambda keys: sorted({"p10", "p50", "p90"} | keys, key=LEVELS.get)
)
values = st.floats(-1e6, 1e6).map(lambda x: round(x, 6))
spreads = st.floats(1e-3, 1e6)


def assert_met(law, stated: dict[str, float], size: float = 0.0) -> None:
    levels = np.array([LEVELS[key] for key in stated])
    wanted = np.array(list(stated.values()))
    assert np.all(np.abs(law.ppf(levels) - wanted) <= 1e-9 * np.maximum(np.abs(wanted), size))
    if np.all(np.abs(wanted) <= 1e3 * size) or not size:  # else the values have too few digits for the cdf
        assert law.cdf(wanted) == pytest.approx(levels, rel=1e-6)


@pytest.mark.parametrize(
    "name, more", [("uniform", {}), ("normal", {}), ("arcsine", {}), ("student-t", {"df": 2.5})]
)
@few
@given(keys=two_keys, low=values, spread=spreads)
def test_two_quantiles_of_families_with_a_location(name, more, keys, low, spread):
    stated = dict(zip(keys, [low, low + spread], strict=True))
    assert_met(family(name, **stated, **more).law(), stated, spread)


@pytest.mark.parametrize("name", ["loguniform", "lognormal"])
@few
@given(keys=two_keys, low=st.floats(1e-6, 1e6), ratio=st.floats(1.001, 100))
def test_two_quantiles_of_families_on_a_log_scale(name, keys, low, ratio):
    stated = dict(zip(keys, [low, low * ratio], strict=True))
    try:
        law = family(name, **stated).law()
    except ValidationError as error:  # a loguniform whose ends are beyond floating point
        assert name == "loguniform"
        assert "too small or too large" in str(error)
        gap = LEVELS[keys[1]] - LEVELS[keys[0]]
        assert np.log(ratio) / gap > 100
        return
    assert_met(law, stated)


@few
@given(keys=two_keys, low=st.floats(1e-6, 1e6), ratio=st.floats(1.001, 50))
def test_two_quantiles_of_a_gamma(keys, low, ratio):
    stated = dict(zip(keys, [low, low * ratio], strict=True))
    assert_met(family("gamma", **stated).law(), stated)


@pytest.mark.parametrize("name", ["weibull", "pareto"])
@few
@given(keys=two_keys, low=st.floats(1e-6, 1e6), ratio=st.floats(1.001, 100))
def test_two_quantiles_of_a_weibull_and_a_pareto(name, keys, low, ratio):
    stated = dict(zip(keys, [low, low * ratio], strict=True))
    assert_met(family(name, **stated).law(), stated)


@few
@given(key=st.sampled_from(KEYS), low=st.floats(1e-9, 1e9), ratio=st.floats(1.001, 100))
def test_a_pareto_by_its_least_value_and_one_quantile(key, low, ratio):
    law = family("pareto", low=low, **{key: low * ratio}).law()
    assert law.support()[0] == low
    assert_met(law, {key: low * ratio})


@pytest.mark.parametrize("bounds", [(), ("low",), ("high",), ("low", "high")])
@pytest.mark.parametrize("scale", [1e-12, 1.0, 1e12])
@few
@given(
    keys=some_keys,
    steps=st.lists(st.floats(0.01, 3), min_size=11, max_size=11),
)
def test_three_or_more_quantiles_as_they_are(bounds, scale, keys, steps):
    """Whatever ascends is met, with a density that is positive between the quantiles and beyond."""
    places = (scale * (np.cumsum(steps) - 4)).tolist()
    stated = dict(zip(keys, places[1:], strict=False))
    ends = {"low": places[0], "high": places[len(keys) + 1]}
    law = family("quantiles", **stated, **{key: ends[key] for key in bounds}).law()
    assert_met(law, stated, places[len(keys)] - places[1])
    assert np.all(np.isfinite(law.logpdf(law.ppf(np.linspace(0.001, 0.999, 999)))))
    low, high = law.support()
    assert (low, high) == (
        ends["low"] if "low" in bounds else -np.inf,
        ends["high"] if "high" in bounds else np.inf,
    )


@few
@given(keys=two_keys, log_alpha=st.floats(-1.5, 8), log_beta=st.floats(-1.5, 8))
def test_two_quantiles_of_a_beta(keys, log_alpha, log_beta):
    shapes = np.exp([log_alpha, log_beta])
    x = betaincinv(*shapes, [LEVELS[key] for key in keys])
    assume(x[0] > 1e-12 and x[1] < 1 - 1e-6 and x[1] - x[0] > 1e-6)
    stated = dict(zip(keys, x.tolist(), strict=True))
    model = family("beta", **stated)
    assert_met(model.law(), stated)
    assert model.shapes() == pytest.approx(
        shapes.tolist(), rel=1e-3
    )  # the two quantiles fix them: Shih (2015)


@few
@given(keys=two_keys, low=st.floats(0.001, 0.99), share=st.floats(0.01, 0.99))
def test_two_quantiles_of_a_beta_from_anywhere(keys, low, share):
    stated = dict(zip(keys, [low, low + (1 - low) * share], strict=True))
    try:
        law = family("beta", **stated).law()
    except ValidationError as error:
        assert "belong to no beta" in str(error)
        assert share < 0.02 or share > 0.98 or low < 0.02 or low > 0.98
        return
    assert_met(law, stated)


@few
@given(key=st.sampled_from(KEYS), value=st.floats(1e-9, 1e9))
def test_one_quantile_of_an_exponential(key, value):
    assert_met(family("exponential", **{key: value}).law(), {key: value})


@few
@given(key=st.sampled_from([key for key in KEYS if key != "p50"]), mean=values, step=spreads)
def test_a_normal_by_its_mean_and_one_quantile(key, mean, step):
    value = mean + step if LEVELS[key] > 0.5 else mean - step
    law = family("normal", mean=mean, **{key: value}).law()
    assert law.mean() == mean
    assert_met(law, {key: value}, step)


@few
@given(key=st.sampled_from(KEYS), low=values, width=spreads, share=st.floats(0.01, 0.99))
def test_a_triangular_by_its_ends_and_one_quantile(key, low, width, share):
    p = LEVELS[key]
    least, most = 1 - np.sqrt(1 - p), np.sqrt(p)
    value = low + width * float(least + share * (most - least))
    law = family("triangular", low=low, high=low + width, **{key: value}).law()
    assert_met(law, {key: value}, width)


@pytest.mark.parametrize("name", ["triangular", "pert"])
@few
@given(keys=three_keys, low=values, width=st.floats(0.1, 1e5), share=st.floats(0.02, 0.98))
def test_three_quantiles(name, keys, low, width, share):
    """Quantiles of one law of the family, stated back."""
    whole = family(name, low=low, mode=low + share * width, high=low + width)
    levels = np.array([LEVELS[key] for key in keys])
    x = whole.law().ppf(levels)
    stated = dict(zip(keys, x.tolist(), strict=True))
    if name == "triangular":
        assume(levels[0] < share < levels[2])  # all on one side of the mode, they do not fix a triangle
    assume(np.min(np.diff(x)) > 1e-6 * abs(low))  # else the values themselves have too few digits
    assert_met(family(name, **stated).law(), stated, x[2] - x[0])


def test_median_and_p50_are_one_quantile():
    assert family("normal", p50=1, p95=2).mean_and_sd() == family("normal", median=1, p95=2).mean_and_sd()
    assert family("lognormal", p50=2, sigma=1).median_and_sigma() == (2, 1)
    assert "state only one of them" in refusal("normal", p50=1, median=1)


def test_second_quantile_of_a_triangular_between_limits():
    """In (0, m, 1) the share of the way from p05 to p95 at which the median stands.

    With the mode at p05 or below: (s(.95) - s(.5)) / (s(.95) - s(.05)), s(p) = sqrt(1 - p).
    """
    s05, s50, s95 = np.sqrt([0.95, 0.5, 0.05])
    least = (s05 - s50) / (s05 - s95)
    assert f"p50 = 0.1 must be between {least:.12g} and {1 - least:.12g}" in refusal(
        "triangular", p05=0, p50=0.1, p95=1
    )
