"""Laws conditioned on observed values: against closed forms and against sums over independent grids."""

import numpy as np
import pytest
from scipy import stats
from scipy.integrate import trapezoid

from sim.distributions import (
    Arcsine,
    Beta,
    CurvilinearTrapezoidal,
    Exponential,
    Gamma,
    Lognormal,
    Loguniform,
    Mixture,
    Normal,
    Pareto,
    Pert,
    Quantiles,
    StudentT,
    Trapezoidal,
    Triangular,
    Truncated,
    Uniform,
    Weibull,
)
from sim.distributions.law import ContinuousLaw
from sim.distributions.likelihood import LogOdds, WorkingScale
from sim.distributions.mixture_law import MixtureLaw
from sim.distributions.posterior_law import ConditionalLaw, condition, posterior_along, posterior_law
from sim.evidence.observations import Observations

LEVELS = np.array([1e-12, 1e-6, 0.01, 0.3, 0.5, 0.9, 0.999])

PRIORS = {
    "uniform": Uniform(distribution="uniform", low=1, high=10),
    "loguniform": Loguniform(distribution="loguniform", low=0.5, high=80),
    "normal": Normal(distribution="normal", mean=3, sd=2),
    "lognormal": Lognormal(distribution="lognormal", median=3, sigma=0.7),
    "student-t": StudentT(distribution="student-t", location=3, scale=1, df=1.5),
    "beta": Beta(distribution="beta", alpha=2, beta=3, low=0.5, high=12),
    "gamma": Gamma(distribution="gamma", shape=3, scale=1.5),
    "exponential": Exponential(distribution="exponential", mean=3),
    "triangular": Triangular(distribution="triangular", low=1, mode=3, high=12),
    "pert": Pert(distribution="pert", low=1, mode=3, high=12),
    "trapezoidal": Trapezoidal(distribution="trapezoidal", low=1, mode_low=2, mode_high=4, high=12),
    "curvilinear": CurvilinearTrapezoidal(
        distribution="curvilinear-trapezoidal", low=2, high=10, inexactness=1
    ),
    "arcsine": Arcsine(distribution="arcsine", low=1, high=10),
    "weibull": Weibull(distribution="weibull", shape=1.4, scale=5),
    "pareto": Pareto(distribution="pareto", low=1, shape=0.8),
    "metalog": Quantiles(distribution="quantiles", p10=1, p50=3, p90=8, low=0),
    "monotone": Quantiles(distribution="quantiles", p05=-1, p50=3, p75=4, p95=14),
    "truncated": Truncated(
        distribution="truncated", of={"distribution": "normal", "mean": 2, "sd": 3}, low=0.5, high=9
    ),
    "mixture": Mixture(
        distribution="mixture",
        components=[
            {"weight": 3, "of": {"distribution": "uniform", "low": 1, "high": 2.5}},
            {"weight": 1, "of": {"distribution": "lognormal", "median": 6, "sigma": 0.1}},
        ],
    ),
}


def conditioned(prior: ContinuousLaw, observations: Observations) -> ConditionalLaw:
    return condition(prior, observations.likelihood(prior))


def by_grid(prior: ContinuousLaw, seen: Observations) -> tuple[np.ndarray, np.ndarray, float]:
    """Return places, the posterior's cdf there and the mean spread: plain trapezoids in z and in tau.

    Shares nothing with the program but the prior's cdf and quantiles. Places are quantiles of the prior, of
    each component of a mixture, so that the sum sees its kinks, its poles and its gaps.
    """
    tails = np.concatenate([np.geomspace(1e-13, 1e-3, 1000), np.linspace(1e-3, 0.5, 4_001)[1:]])
    parts = prior.laws if isinstance(prior, MixtureLaw) else [prior]
    x = np.unique(np.concatenate([end(tails) for part in parts for end in (part.ppf, part.isf)]))
    z = np.log(x) if seen.scale == "log" else x
    y = np.log(seen.values) if seen.scale == "log" else np.asarray(seen.values)
    tau = np.linspace(0.0, 12 * seen.between, 251) if seen.between else np.zeros(1)
    shape = stats.halfnorm.pdf(tau, scale=seen.between) if seen.between else np.ones(1)
    shape[0] /= 2  # the integrand is even and smooth: trapezoids converge fast
    likelihood, spread = np.zeros(len(x)), np.zeros(len(x))
    for one, weight in zip(tau, shape, strict=True):
        error = np.hypot(seen.sds, one)
        log = -0.5 * (((y - z[:, None]) / error) ** 2).sum(axis=1) - np.log(error).sum()
        likelihood += weight * np.exp(log)
        spread += one * weight * np.exp(log)
    # by the prior's probability: the cdf is exact however its density behaves
    u = np.where(prior.cdf(x) < 0.5, prior.cdf(x), 1.0 - prior.sf(x))
    cdf = np.concatenate([[0.0], np.cumsum(np.diff(u) * (likelihood[1:] + likelihood[:-1]) / 2)])
    return x, cdf / cdf[-1], float(trapezoid(spread, u) / trapezoid(likelihood, u))


@pytest.mark.parametrize("between", [0.0, 0.6])
@pytest.mark.parametrize("scale", ["log", "natural"])
@pytest.mark.parametrize("family", PRIORS)
def test_every_prior_on_either_scale_agrees_with_a_grid(family: str, scale: str, between: float):
    prior = PRIORS[family].law()
    if scale == "log" and prior.support()[0] < 0:
        prior = Truncated(distribution="truncated", of=PRIORS[family], low=0).law()
    seen = Observations((2.0, 5.0, 7.5), (0.5, 0.3, 0.9), scale, between)
    found = conditioned(prior, seen)
    x, cdf, spread = by_grid(prior, seen)
    at = np.searchsorted(cdf, [0.001, 0.05, 0.25, 0.5, 0.75, 0.95, 0.999])
    np.testing.assert_allclose(found.law.cdf(x[at]), cdf[at], atol=2e-5)  # what the grid itself is good for
    np.testing.assert_allclose(found.law.cdf(found.law.ppf(LEVELS[1:])), LEVELS[1:], rtol=1e-6)
    assert found.spread == pytest.approx(spread, rel=4e-4, abs=1e-12)
    middle = (x[1:] + x[:-1]) / 2
    mean = float(middle @ np.diff(cdf))
    assert found.law.mean() == pytest.approx(mean, rel=2e-4)
    sd = float(np.sqrt(np.diff(cdf) @ (middle - mean) ** 2))
    assert found.law.std() == pytest.approx(sd, rel=1e-3)
    np.testing.assert_allclose(
        found.law.pdf(middle), np.exp(found.law.logpdf(middle)), rtol=1e-12, atol=1e-300
    )


def precisions_added(mean: float, sd: float, values: tuple[float, ...], sds: tuple[float, ...]) -> stats.norm:
    """Return the textbook's posterior: its precision is the sum of all, its mean is weighted by them."""
    weights = np.concatenate([[sd**-2.0], np.asarray(sds) ** -2.0])
    return stats.norm(weights @ [mean, *values] / weights.sum(), weights.sum() ** -0.5)


@pytest.mark.parametrize("unit", [1e-12, 1.0, 1e12])
@pytest.mark.parametrize(
    ("mean", "sd", "values", "sds"),
    [
        (0.0, 1.0, (1.0, 2.0), (0.5, 1.0)),
        (0.0, 1e-6, (1.0, 2.0), (0.5, 1.0)),  # a prior much narrower than the data
        (0.0, 1e6, (1.0, 2.0), (0.5, 1.0)),  # much wider
        (0.0, 1.0, (100.0,), (0.5,)),  # a value 90 standard deviations off
        (0.0, 1.0, (-9.0, 9.0), (0.01, 0.01)),  # values that contradict each other
        (1.0, 1.0, tuple(1.3 + 1e-3 * np.sin(np.arange(1000.0))), (1e-5,) * 1000),
    ],
)
def test_quadrature_agrees_with_the_closed_form(unit: float, mean, sd, values, sds):
    prior = Normal(distribution="normal", mean=mean * unit, sd=sd * unit).law()
    seen = Observations([unit * each for each in values], [unit * each for each in sds], "natural", 0.0)
    exact = precisions_added(mean, sd, values, sds)
    closed, integrated = conditioned(prior, seen).law, posterior_law(prior, seen.likelihood(prior))
    # rounding of a value, in standard deviations of the posterior, is felt in its probability
    rounding = 1e-15 * max(abs(mean), *map(abs, values)) / exact.std()
    places = np.concatenate([exact.ppf(LEVELS), exact.isf(LEVELS)])
    for law in (closed, integrated):
        assert law.mean() / unit == pytest.approx(exact.mean(), abs=1e-9 * exact.std(), rel=1e-13)
        assert law.std() / unit == pytest.approx(exact.std(), rel=1e-8)
        np.testing.assert_allclose(
            law.ppf(LEVELS) / unit, exact.ppf(LEVELS), rtol=1e-9, atol=1e-8 * exact.std()
        )
        np.testing.assert_allclose(
            law.isf(LEVELS) / unit, exact.isf(LEVELS), rtol=1e-9, atol=1e-8 * exact.std()
        )
        np.testing.assert_allclose(law.cdf(places * unit), exact.cdf(places), rtol=2e-8 + 60 * rounding)
        np.testing.assert_allclose(law.sf(places * unit), exact.sf(places), rtol=2e-8 + 60 * rounding)
        np.testing.assert_allclose(
            law.pdf(places * unit) * unit, exact.pdf(places), rtol=1e-8 + 60 * rounding
        )


def test_a_lognormal_prior_is_conjugate_on_the_log_scale():
    prior = Lognormal(distribution="lognormal", median=3e11, sigma=0.9).law()
    seen = Observations((63e9, 350e9, 690e9), (0.4, 0.4, 0.2), "log", 0.0)
    exact = precisions_added(np.log(3e11), 0.9, tuple(np.log(seen.values)), seen.sds)
    for law in (conditioned(prior, seen).law, posterior_law(prior, seen.likelihood(prior))):
        np.testing.assert_allclose(np.log(law.ppf(LEVELS)), exact.ppf(LEVELS), atol=1e-8 * exact.std())
        assert law.mean() == pytest.approx(np.exp(exact.mean() + exact.var() / 2), rel=1e-9)


@pytest.mark.parametrize("bounds", [(0.0, np.inf), (-1.0, 0.5), (4.0, 6.0)])
def test_a_cut_normal_prior_gives_a_cut_normal(bounds: tuple[float, float]):
    # the normal's posterior by the textbook, cut: scipy's truncnorm
    stated = {key: end for key, end in zip(("low", "high"), bounds, strict=True) if np.isfinite(end)}
    normal = {"distribution": "normal", "mean": 0, "sd": 2}
    prior = Truncated(distribution="truncated", of=normal, **stated).law()
    seen = Observations((1.0, 3.0), (1.0, 1.0), "natural", 0.0)
    whole = precisions_added(0.0, 2.0, seen.values, seen.sds)
    low, high = ((end - whole.mean()) / whole.std() for end in bounds)
    exact = stats.truncnorm(low, high, whole.mean(), whole.std())
    for law in (conditioned(prior, seen).law, posterior_law(prior, seen.likelihood(prior))):
        np.testing.assert_allclose(law.ppf(LEVELS), exact.ppf(LEVELS), rtol=1e-8, atol=1e-8)
        assert (law.mean(), law.std()) == pytest.approx((exact.mean(), exact.std()), rel=1e-8)
        assert law.support() == bounds


@pytest.mark.parametrize(("value", "line"), [(6.0, LogOdds), (900.0, WorkingScale)])
def test_an_exponential_prior_far_in_its_tail(value: float, line: type):
    # exp(-x / m) times a normal curve is a normal curve around value - sd^2 / m, cut at 0
    prior = Exponential(distribution="exponential", mean=1).law()
    seen = Observations((value,), (2.0,), "natural", 0.0)
    law = posterior_law(prior, seen.likelihood(prior))
    assert isinstance(law.line, line)
    centre = value - 4.0
    exact = stats.truncnorm(-centre / 2.0, np.inf, centre, 2.0)
    np.testing.assert_allclose(law.ppf(LEVELS), exact.ppf(LEVELS), rtol=1e-9, atol=1e-8)
    assert (law.mean(), law.std()) == pytest.approx((exact.mean(), exact.std()), rel=1e-8)


def test_both_lines_of_integration_agree():
    prior = Gamma(distribution="gamma", shape=0.4, scale=2).law()
    seen = Observations((0.02, 3.0, 0.4), (0.3, 0.2, 0.5), "log", 0.7)
    likelihood = seen.likelihood(prior)
    by_odds = posterior_law(prior, likelihood)
    by_value = posterior_along(WorkingScale(prior, likelihood))
    assert isinstance(by_odds.line, LogOdds)
    np.testing.assert_allclose(by_value.ppf(LEVELS), by_odds.ppf(LEVELS), rtol=1e-7)
    assert by_value.panels.log_integral == pytest.approx(by_odds.panels.log_integral, abs=1e-9)
    assert by_value.mean() == pytest.approx(by_odds.mean(), rel=1e-9)


def exact_spread(
    values: np.ndarray, sd: float, between: float, prior_sd: float
) -> tuple[float, float, float]:
    """Return mean and sd of theta, and mean of tau, for a prior N(0, prior_sd): one dimension by trapezoids.

    Given tau the values' mean is normal around theta, and theta's posterior conjugate.
    """
    tau = between * np.exp(np.linspace(-30.0, 5.0, 200_001))
    n, mean, squares = len(values), values.mean(), ((values - values.mean()) ** 2).sum()
    variance = sd**2 + tau**2
    error = variance / n
    log = -0.5 * (tau / between) ** 2 + np.log(tau) - (n - 1) / 2 * np.log(variance) - squares / variance / 2
    log += -0.5 * np.log(error + prior_sd**2) - mean**2 / (error + prior_sd**2) / 2
    weight = np.exp(log - log.max())
    weight /= weight.sum()
    centre = mean * prior_sd**2 / (error + prior_sd**2)
    inside = error * prior_sd**2 / (error + prior_sd**2)
    middle = weight @ centre
    return middle, np.sqrt(weight @ (inside + (centre - middle) ** 2)), weight @ tau


@pytest.mark.parametrize(
    ("values", "sd", "between", "prior_sd"),
    [
        ((1.0, 1.0, 1.0), 1e-4, 1.0, 10.0),  # no spread to be seen: tau near 0, and heavy beyond
        ((-300.0, 300.0), 1e-3, 1.0, 1e3),  # far more spread than was thought
        ((5.0,), 0.1, 3.0, 1.0),
        (tuple(50.0 + np.sin(np.arange(1000.0))), 1e-6, 2.0, 1.0),  # 50 of the prior's sd off
        (tuple(7.0 + 1e-5 * np.cos(np.arange(1000.0))), 1e-3, 0.5, 20.0),
        (tuple(100.0 * np.sin(np.arange(1000.0))), 1.0, 0.5, 1.0),
    ],
)
def test_spread_between_sources_agrees_with_one_dimension(values, sd, between, prior_sd):
    prior = Normal(distribution="normal", mean=0, sd=prior_sd).law()
    found = conditioned(prior, Observations(values, (sd,) * len(values), "natural", between))
    mean, width, spread = exact_spread(np.array(values), sd, between, prior_sd)
    assert found.law.mean() == pytest.approx(mean, abs=1e-7 * width)
    assert found.law.std() == pytest.approx(width, rel=1e-6)
    assert found.spread == pytest.approx(spread, rel=1e-7)


def test_components_of_a_mixture_are_weighed_by_what_was_observed():
    # two points of view, both normal: posterior odds are prior odds times the ratio of the densities of the
    # value under each, N(mean, sd^2 + error^2)
    views = [
        {"weight": 1, "of": {"distribution": "normal", "mean": 0, "sd": 1}},
        {"weight": 1e-8, "of": {"distribution": "normal", "mean": 8, "sd": 0.01}},
    ]
    prior = Mixture(distribution="mixture", components=views).continuous_law()
    law = conditioned(prior, Observations((8.0,), (0.5,), "natural", 0.0)).law
    odds = 1e-8 * stats.norm.pdf(8, 8, np.hypot(0.01, 0.5)) / stats.norm.pdf(8, 0, np.hypot(1, 0.5))
    exact = odds / (1 + odds)
    assert law.sf(np.array([7.5]))[0] == pytest.approx(
        exact + (1 - exact) * precisions_added(0, 1, (8,), (0.5,)).sf(7.5), rel=1e-9
    )


@pytest.mark.parametrize(("between", "fall"), [(2.0, 1.0), (1.0, 2.0), (0.0, np.inf)])
def test_moments_that_exist_follow_from_both_tails(between: float, fall: float):
    # four sources: over the half-normal spread the likelihood falls as exp(-sqrt(4) |z| / between), so on the
    # log scale as a power, which adds to that of a Cauchy prior cut at 0, and a uniform prior's at 0
    cauchy = {"distribution": "student-t", "location": 0, "scale": 1, "df": 1}
    prior = Truncated(distribution="truncated", of=cauchy, low=0).law()
    law = conditioned(prior, Observations((1.0, 2.0, 3.0, 2.0), (0.3,) * 4, "log", between)).law
    assert (law.orders().tail, law.orders().zero) == (1 + fall, 1 + fall)
    # the slope of the logarithm of the tail, far out; powers of the logarithm of x are left in it
    if between:
        x = np.array([1e6, 1e7])
        slope = float(np.diff(np.log(law.sf(x)))[0] / np.log(10))
        assert slope == pytest.approx(-law.orders().tail, abs=0.35)
    natural = conditioned(prior, Observations((1.0, 2.0, 3.0, 2.0), (0.3,) * 4, "natural", between)).law
    assert (natural.orders().tail, natural.orders().above) == (np.inf, fall)
    assert np.isfinite(natural.std())


def test_a_mean_that_does_not_exist_is_infinite():
    # tail of order 0.2 + sqrt(1) / 4 = 0.45 below 1; with 16 sources 0.2 + 1 = 1.2: a mean, but no sd
    heavy = {"distribution": "student-t", "location": 0, "scale": 1, "df": 0.2}
    prior = Truncated(distribution="truncated", of=heavy, low=0).law()
    one = conditioned(prior, Observations((1.0,), (0.3,), "log", 4.0)).law
    assert (one.mean(), one.std()) == (np.inf, np.inf)
    many = conditioned(prior, Observations((1.0,) * 16, (0.3,) * 16, "log", 4.0)).law
    assert np.isfinite(many.mean())
    assert many.std() == np.inf


def test_a_posterior_may_lie_apart_from_all_of_its_prior():
    # Student's t with 28 degrees of freedom falls as a power, the likelihood as an exponential: the value's
    # own place, 1,500 scales off, wins. By plain sums over theta and the logarithm of tau.
    prior = StudentT(distribution="student-t", location=12.8, scale=0.0086, df=28).law()
    law = conditioned(prior, Observations((0.1,), (0.05,), "natural", 0.037)).law
    z = np.concatenate(
        [np.linspace(-2, 2, 4001), np.linspace(2.01, 12.5, 1001), np.linspace(12.51, 13.1, 2001)]
    )
    tau = 0.037 * np.exp(np.linspace(-10, 4, 801))
    error = np.hypot(0.05, tau)
    each = -(((z[:, None] - 0.1) / error) ** 2) / 2 - np.log(error) - (tau / 0.037) ** 2 / 2 + np.log(tau)
    weight = np.exp(each).sum(axis=1) * np.exp(prior.logpdf(z) - prior.logpdf(np.array(0.1)))
    cdf = np.concatenate([[0.0], np.cumsum(np.diff(z) * (weight[1:] + weight[:-1]) / 2)])
    np.testing.assert_allclose(
        law.cdf(np.array([0.05, 0.1, 0.2])), np.interp([0.05, 0.1, 0.2], z, cdf / cdf[-1]), atol=1e-5
    )
