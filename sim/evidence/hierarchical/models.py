r"""The hierarchical models of the survey, in PyMC.

For stratum h and period j: contributors :math:`N_{hj}`, and what each of them did, grouped into bins.

.. math::

    N_{hj} &\sim \mathrm{NB}(\text{mean } \mu_h, \text{variance } \mu_h + \varphi_h \mu_h^2), &
    \ln \mu_h &\sim N(\beta, \sigma), & \varphi_h &= \varphi_0 e_h,\ e_h \sim \mathrm{Exp}(1) \\
    \ln X_{hji} &\sim N(\eta_{hj}, s), & \eta_{hj} &= g_h + b\, x_{hj} + \tau u_{hj}, &
    g_h &\sim N(\beta, \sigma),\ u_{hj} \sim N(0, 1)

with :math:`x_{hj} = \ln N_{hj} - c_h`, :math:`c_h` the log of the stratum's mean active contributors: in a
busy period each contributor does less. A count is :math:`\lceil X \rceil` (commits) or
:math:`\lceil X \rceil - 1` (lines), so a bin of counts is an interval of X and its probability a difference
of two normal cdfs: exact for the bins, whoever did what. A period counted for longer adds the log of its
exposure to the mean.

Priors are weakly informative: each spans what two weeks of a software repository could hold, so that five
periods of a few repositories already outweigh it.

- contributors: :math:`\beta \sim N(\ln 3, 1)`, a typical repository has 0.4 to 22 with odds of 95 %;
  :math:`\sigma \sim HN(1)`, repositories up to some e² apart on either side; :math:`\varphi_0 \sim HN(1)`:
  a coefficient of variation up to about 1.5 beyond Poisson's.
- commits: :math:`\beta \sim N(\ln 3, 1.5)`; lines: :math:`\beta \sim N(\ln 100, 2)`;
  :math:`\sigma \sim HN(1)`.
- :math:`b \sim N(0, 0.5)`: between effort in proportion to the number there and to its inverse;
  :math:`\tau \sim HN(0.5)`; :math:`\ln s \sim N(\ln 1.5, 0.5)`, a spread of 0.6 to 4 with odds of 95 %: no
  survey of equal counts makes it zero, where the bins would become walls that no sampler can pass.

A stratum's level is centred where :data:`MANY_STRATA` or more are active and clearly differ: on the shipped
survey that gives 1,904 instead of 338 effective draws of :math:`\beta` for commits in 2,000, 3,326 instead of
306 for contributors. With few or equal strata the centred form has a funnel that stops the sampler, the
non-centred has none. Period levels, one for few contributors each, are
non-centred.

The gradient of the log probability of an interval, :math:`\ell = \log(F(b) - F(a))`, is given in closed form,
:math:`\partial\ell / \partial a = -f(a) e^{-\ell}`, :math:`\partial\ell / \partial b = f(b) e^{-\ell}`, not
derived by the graph: that saves half of the time, and no branch that is not taken can spoil it.

Sources: this project's method; grouped likelihoods after Heitjan (1989), Statistical Science 4:164.
"""

from typing import Any, assert_never

import numpy as np
import pymc as pm
import pytensor.tensor as pt
from pytensor.gradient import disconnected_grad

from sim.evidence.hierarchical.model_survey import ModelSurvey, cells_of
from sim.evidence.hierarchical.settings import ContributorsModel, MarksModel
from sim.evidence.readings import UNITS

Tensor = Any
ROOT_HALF = float(np.sqrt(0.5))
LOG_ROOT_2PI = float(0.5 * np.log(2 * np.pi))
LARGEST_EXPONENT = 300.0


def normal_interval(lower: Tensor, upper: Tensor) -> Tensor:
    r"""Return :math:`\log(\Phi(b) - \Phi(a))` for a < b.

    By symmetry the interval is turned to lie mostly below zero. Wholly below, with
    :math:`\mathrm{erfcx}(x) = e^{x^2} \mathrm{erfc}(x)`,

    .. math::

        \ell = -b^2/2 + \log\tfrac12\bigl[\mathrm{erfcx}(-b/\sqrt2)
        - e^{(b^2 - a^2)/2}\, \mathrm{erfcx}(-a/\sqrt2)\bigr]

    which neither underflows nor cancels; around zero, one less both tails.

    Parameters
    ----------
    lower, upper
        a and b, elementwise above a, on the standard scale.

    Returns
    -------
    Tensor
        Log probability, elementwise.
    """
    flip = pt.gt(lower + upper, 0.0)
    low, high = pt.switch(flip, -upper, lower), pt.switch(flip, -lower, upper)
    below = pt.minimum(high, 0.0)
    scaled = pt.erfcx(-low * ROOT_HALF)
    tail = -0.5 * below**2 + pt.log(
        0.5 * (pt.erfcx(-below * ROOT_HALF) - pt.exp(0.5 * (below**2 - low**2)) * scaled)
    )
    around = pt.log1p(-0.5 * (pt.erfc(high * ROOT_HALF) + pt.exp(-0.5 * low**2) * scaled))
    value = pt.switch(pt.le(high, 0.0), tail, around)
    return _with_gradient(
        value,
        (lower, -pt.exp(-0.5 * lower**2 - LOG_ROOT_2PI - value)),
        (upper, pt.exp(-0.5 * upper**2 - LOG_ROOT_2PI - value)),
    )


def logistic_interval(lower: Tensor, upper: Tensor) -> Tensor:
    r"""Return :math:`\log(F(b) - F(a))`, F(x) = 1 / (1 + exp(-x)), as a product of three factors.

    Parameters
    ----------
    lower, upper
        a and b, elementwise above a, on the standard scale.

    Returns
    -------
    Tensor
        Log probability, elementwise.
    """
    return -pt.softplus(-upper) - pt.softplus(lower) + pt.log1mexp(lower - upper)


def least_extreme_interval(lower: Tensor, upper: Tensor) -> Tensor:
    r"""Return :math:`\log(F(b) - F(a))`, F(x) = 1 - exp(-exp(x)): the log of a Weibull variable.

    Parameters
    ----------
    lower, upper
        a and b, elementwise above a, on the standard scale.

    Returns
    -------
    Tensor
        Log probability, elementwise.
    """
    from_low = pt.exp(pt.minimum(lower, LARGEST_EXPONENT))
    from_high = pt.exp(pt.minimum(upper, LARGEST_EXPONENT))
    return -from_low + pt.log1mexp(from_low - from_high)


def _with_gradient(value: Tensor, *partials: tuple[Tensor, Tensor]) -> Tensor:
    """Return a value whose gradient by each argument is the one given: all else is held constant."""
    total = _held(value)
    for argument, partial in partials:
        total += _held(partial) * (argument - _held(argument))
    return total


def _held(value: Tensor) -> Tensor:
    return disconnected_grad(value)  # type: ignore[no-untyped-call]


Structure = tuple[str, str, int, int, bool]
SMALLEST_DISPERSION = 1e-10
"""Added to every dispersion, so that gamma functions do not cancel: 1e-10 of the mean squared in variance."""
MANY_STRATA, CLEAR_SPREAD = 10, 0.25
LEVEL_PRIORS = {"commits": (float(np.log(3)), 1.5), "lines": (float(np.log(100)), 2.0)}
INTERVALS = {"log-logistic": logistic_interval, "weibull": least_extreme_interval}


def contributors_model(survey: ModelSurvey, choice: ContributorsModel) -> pm.Model:
    """Return the model of contributors by period.

    Variables: ``centre`` and ``spread`` of the strata's ``log_mean``, (stratum); ``dispersion``, (stratum),
    but for Poisson, with its ``dispersion_scale``.

    Parameters
    ----------
    survey
        The survey.
    choice
        ``negative-binomial``; ``common-dispersion``, the same for all strata; ``poisson``, none.

    Returns
    -------
    pm.Model
        With the survey's counts as data that can be swapped.
    """
    with pm.Model(coords={"stratum": survey.names.tolist()}) as model:
        observed = pm.Data("observed", survey.contributors)
        exposure = pm.Data("exposure", survey.exposures["contributors"])
        stratum = pm.Data("stratum_of_period", survey.stratum)
        log_mean = _levels("log_mean", float(np.log(3)), 1.0, is_rich(survey, "contributors"))
        mean = pt.exp(log_mean)[stratum] * exposure
        if choice == "poisson":
            pm.Potential("contributors", (observed * pt.log(mean) - mean).sum())
            return model
        scale = pm.HalfNormal("dispersion_scale", 1.0)
        if choice == "negative-binomial":
            factor = pm.Exponential("dispersion_factor", 1.0, dims="stratum")
        elif choice == "common-dispersion":
            factor = pt.ones(len(survey.names))
        else:
            assert_never(choice)
        dispersion = pm.Deterministic("dispersion", scale * factor, dims="stratum")
        pm.Potential("contributors", _negative_binomial(observed, mean, dispersion, stratum))
    return model


def marks_model(survey: ModelSurvey, unit: str, choice: MarksModel) -> pm.Model:
    """Return the model of commits or lines of one contributor in one period.

    Variables: ``centre`` and ``spread`` of the strata's ``level``, (stratum); ``activity`` b;
    ``period_spread`` τ and ``period_level`` u, (period), that of an empty period being its prior's;
    ``contributor_spread`` s.

    Parameters
    ----------
    survey, unit
        The survey; ``commits`` or ``lines``.
    choice
        ``lognormal``, as above; ``without-activity`` and ``without-period-level`` lack b and τ u;
        ``log-logistic`` and ``weibull`` replace the normal law of ln X by the logistic (heavier tails) and by
        that of the least extreme value (lighter above), with all else the same.

    Returns
    -------
    pm.Model
        With the survey's cells as data that can be swapped.
    """
    cells = cells_of(survey, unit)
    exposure = survey.exposures[unit] / survey.exposures["contributors"]
    coordinates = {"stratum": survey.names.tolist(), "period": list(range(len(survey.stratum)))}
    with pm.Model(coords=coordinates) as model:
        level = _levels("level", *LEVEL_PRIORS[unit], is_rich(survey, unit))
        centre = (
            pm.Data("log_exposure", np.log(exposure)) + level[pm.Data("stratum_of_period", survey.stratum)]
        )
        if choice != "without-activity":
            centre = centre + pm.Normal("activity", 0.0, 0.5) * pm.Data("deviation", survey.deviation)
        if choice != "without-period-level":
            centre = centre + pm.HalfNormal("period_spread", 0.5) * pm.Normal("period_level", dims="period")
        scale = pm.LogNormal("contributor_spread", float(np.log(1.5)), 0.5)
        at = centre[pm.Data("period_of_cell", np.flatnonzero(survey.active)[cells.period])]
        lower, upper = pm.Data("lower", cells.lower), pm.Data("upper", cells.upper)
        interval = INTERVALS.get(choice, normal_interval)
        probability = interval((lower - at) / scale, (upper - at) / scale)
        pm.Potential("frequencies", (pm.Data("contributors", cells.contributors) * probability).sum())
    return model


def structure(survey: ModelSurvey, unit: str, choice: str) -> Structure:
    """Return what models must share so that one can be sampled with the other's data.

    All that a model takes from a survey, but for numbers of strata and periods, is data that can be swapped.

    Parameters
    ----------
    survey, unit
        The survey; one of ``UNITS``.
    choice
        Which model.

    Returns
    -------
    Structure
        Unit, model, numbers of strata and periods, and whether levels are centred.
    """
    return unit, choice, len(survey.names), len(survey.stratum), is_rich(survey, unit)


def _negative_binomial(observed: Tensor, mean: Tensor, dispersion: Tensor, stratum: Tensor) -> Tensor:
    r"""Return the log likelihood but for a constant; finite for counts and means of 10⁹.

    .. math:: \sum \ln\Gamma(n + r) - \ln\Gamma(r) - n \ln(1 + r/\mu) - r \ln(1 + \mu/r), \quad r = 1/\varphi
    """
    size = 1.0 / (dispersion + SMALLEST_DISPERSION)
    each = size[stratum]
    rising = pt.gammaln(observed + each) - pt.gammaln(size)[stratum]
    return (rising - observed * pt.log1p(each / mean) - each * pt.log1p(mean / each)).sum()


def is_rich(survey: ModelSurvey, unit: str) -> bool:
    """Return whether a unit's levels are centred: many strata are active, and they clearly differ.

    They do where the standard deviation of the log of their mean count exceeds 0.25.

    Parameters
    ----------
    survey, unit
        The survey; one of ``UNITS``.

    Returns
    -------
    bool
        True for a centred form.
    """
    sums = np.stack([np.bincount(survey.stratum, each) for each in survey.sample.counts.T], axis=1)
    active = sums[:, 0] > 0
    below = survey.periods_by_stratum if unit == "contributors" else sums[:, 0]
    means = sums[active, UNITS.index(unit)] / below[active]
    n_active = int(active.sum())
    return n_active >= MANY_STRATA and float(np.log(means + 0.5).std()) > CLEAR_SPREAD


def _levels(name: str, mean: float, sd: float, centred: bool) -> Tensor:
    centre, spread = pm.Normal("centre", mean, sd), pm.HalfNormal("spread", 1.0)
    if centred:
        return pm.Normal(name, centre, spread, dims="stratum")
    standard = pm.Normal(f"{name}_standard", dims="stratum")
    return pm.Deterministic(name, centre + spread * standard, dims="stratum")
