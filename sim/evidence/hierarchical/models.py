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

What is sampled for a level is what its data leave open, which changes no posterior, but how many draws are
effective. For a period's level, with :math:`k = N \tau^2 / s^2` and e the mean of its ln X, bins at their
middles, less :math:`\eta - \tau u`,

.. math::

    \tau u = \frac{k e}{1 + k} + \frac{\tau z}{\sqrt{1 + k}}, \qquad
    z \sim N\Bigl(-\frac{k e}{\tau \sqrt{1 + k}},\ \sqrt{1 + k}\Bigr)

is :math:`\tau u \sim N(0, \tau)` again, and z given the data nearly N(0, 1) whatever :math:`\tau` is. On four
surveys of five fortnights from whole histories 1,200 to 2,800 of 2,800 draws of :math:`\tau` for lines are
effective; with u itself diagnostics refused two thirds of such surveys, most where :math:`\tau` may be 0.
:math:`\tau` itself is the size of a number of any sign, so that no chain is long on its way to 0.
A stratum's level is :math:`g = \beta + (z - w \beta)\, \sigma^{1 - w}`, :math:`z \sim N(w \beta, \sigma^w)`:
centred at w = 1, not at all at w = 0. For its log mean of contributors w = 1, for marks
:math:`w = n / (n + 4)`, n the sum over its periods of :math:`N / (1 + N / 25)`: 4 and 25 are
:math:`(s / \sigma)^2` and :math:`(s / \tau)^2` as they are found to be. With fewer than :data:`MANY_STRATA`
active strata, or equal ones, w = 0: there a centred form has a funnel that stops the sampler.

Sources: this project's method; grouped likelihoods after Heitjan (1989), Statistical Science 4:164; levels
centred in part after Papaspiliopoulos, Roberts & Sköld (2007), Statistical Science 22:59.
"""

from typing import assert_never

import numpy as np
import pymc as pm
import pytensor.tensor as pt
from pymc.logprob import transforms

from sim.evidence.hierarchical.interval_probability import (
    Tensor,
    least_extreme_interval,
    logistic_interval,
    normal_interval,
)
from sim.evidence.hierarchical.model_survey import Cells, ModelSurvey, cells_of
from sim.evidence.hierarchical.settings import ContributorsModel, MarksModel
from sim.evidence.readings import UNITS
from sim.types import Array

Structure = tuple[str, str, int, int]
SMALLEST_DISPERSION = 1e-10
"""Added to every dispersion, so that gamma functions do not cancel: 1e-10 of the mean squared in variance."""
MANY_STRATA, CLEAR_SPREAD = 10, 0.25
PERIOD_KNOWN, STRATUM_KNOWN = 25.0, 4.0
"""Contributors who say as much of a period's level, and of a stratum's, as the law of all does."""
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
    Model
        The PyMC model, with the survey's counts as data that can be swapped.
    """
    with pm.Model(coords={"stratum": survey.names.tolist()}) as model:
        observed = pm.Data("observed", survey.contributors)
        exposure = pm.Data("exposure", survey.exposures["contributors"])
        stratum = pm.Data("stratum_of_period", survey.stratum)
        centre, spread = pm.Normal("centre", float(np.log(3)), 1.0), pm.HalfNormal("spread", 1.0)
        weight = np.full(len(survey.names), float(is_rich(survey, "contributors")))
        log_mean = _stratum_levels("log_mean", centre, spread, weight)
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
    ``period_spread`` τ and ``period_level``, the z of τ u, (period), that of an empty period being its
    prior's; ``contributor_spread`` s.

    Parameters
    ----------
    survey
        The survey.
    unit
        ``commits`` or ``lines``.
    choice
        ``lognormal``, as above; ``without-activity`` and ``without-period-level`` lack b and τ u;
        ``log-logistic`` and ``weibull`` replace the normal law of ln X by the logistic (heavier tails) and by
        that of the least extreme value (lighter above), with all else the same.

    Returns
    -------
    Model
        The PyMC model, with the survey's cells as data that can be swapped.
    """
    cells = cells_of(survey, unit)
    exposure = survey.exposures[unit] / survey.exposures["contributors"]
    coordinates = {"stratum": survey.names.tolist(), "period": list(range(len(survey.stratum)))}
    with pm.Model(coords=coordinates) as model:
        centre, spread = pm.Normal("centre", *LEVEL_PRIORS[unit]), pm.HalfNormal("spread", 1.0)
        level = _stratum_levels("level", centre, spread, _weights(survey, unit))
        mean = pm.Data("log_exposure", np.log(exposure)) + level[pm.Data("stratum_of_period", survey.stratum)]
        if choice != "without-activity":
            mean = mean + pm.Normal("activity", 0.0, 0.5) * pm.Data("deviation", survey.deviation)
        scale = pm.LogNormal("contributor_spread", float(np.log(1.5)), 0.5)
        if choice != "without-period-level":
            observed = pm.Data("observed_mean", _log_means(survey, cells))
            mean = mean + _period_levels(survey, observed - mean, scale)
        at = mean[pm.Data("period_of_cell", np.flatnonzero(survey.active)[cells.period])]
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
    survey
        The survey.
    unit
        One of ``UNITS``.
    choice
        Name of the model of the unit.

    Returns
    -------
    Structure
        Unit, model, numbers of strata and periods.
    """
    return unit, choice, len(survey.names), len(survey.stratum)


def _negative_binomial(observed: Tensor, mean: Tensor, dispersion: Tensor, stratum: Tensor) -> Tensor:
    r"""Return the log likelihood but for a constant; finite for counts and means of 10⁹.

    .. math:: \sum \ln\Gamma(n + r) - \ln\Gamma(r) - n \ln(1 + r/\mu) - r \ln(1 + \mu/r), \quad r = 1/\varphi
    """
    size = 1.0 / (dispersion + SMALLEST_DISPERSION)
    each = size[stratum]
    rising = pt.gammaln(observed + each) - pt.gammaln(size)[stratum]
    return (rising - observed * pt.log1p(each / mean) - each * pt.log1p(mean / each)).sum()


def is_rich(survey: ModelSurvey, unit: str) -> bool:
    """Return whether a unit's levels can be centred: many strata are active, and they clearly differ.

    They do where the standard deviation of the log of their mean count exceeds 0.25.

    Parameters
    ----------
    survey
        The survey.
    unit
        One of ``UNITS``.

    Returns
    -------
    bool
        True where the levels can be centred.
    """
    sums = np.stack([np.bincount(survey.stratum, each) for each in survey.sample.counts.T], axis=1)
    active = sums[:, 0] > 0
    below = survey.periods_by_stratum if unit == "contributors" else sums[:, 0]
    means = sums[active, UNITS.index(unit)] / below[active]
    n_active = int(active.sum())
    return n_active >= MANY_STRATA and float(np.log(means + 0.5).std()) > CLEAR_SPREAD


def _weights(survey: ModelSurvey, unit: str) -> Array:
    """Return how far the strata's levels are centred, (stratum), from 0 to 1."""
    known = survey.contributors / (1.0 + survey.contributors / PERIOD_KNOWN)
    of_stratum = np.bincount(survey.stratum, known, len(survey.names)) * is_rich(survey, unit)
    return np.asarray(of_stratum / (of_stratum + STRATUM_KNOWN))


def _stratum_levels(name: str, centre: Tensor, spread: Tensor, weight: Array) -> Tensor:
    """Return levels of N(centre, spread), sampled as far centred as the weights say."""
    share = pm.Data(f"{name}_weight", weight)
    scale = pt.exp(share * pt.log(spread))
    part = pm.Normal(f"{name}_part", share * centre, scale, dims="stratum")
    levels = centre + (part - share * centre) * (spread / scale)
    return pm.Deterministic(name, levels, dims="stratum")


def _log_means(survey: ModelSurvey, cells: Cells) -> Array:
    """Return about the mean of ln X in each period, (period), each bin at its middle; 0 where none is."""
    middles = np.maximum((cells.lower + cells.upper) / 2, cells.upper - 1.0)
    found = np.bincount(cells.period, cells.contributors * middles, int(survey.active.sum()))
    means = np.zeros(len(survey.stratum))
    means[survey.active] = found / survey.contributors[survey.active]
    return means


class _Reflection(transforms.Transform):  # type: ignore[misc] # PyMC states no types
    """A number of any sign stands for its size: a spread that may be 0 is sampled past 0, not towards it."""

    name = "reflected"

    def forward(self, value: Tensor, *_inputs: Tensor) -> Tensor:
        """Return the number itself.

        Parameters
        ----------
        value
            The number, of any sign.
        *_inputs
            Parameters of the variable's law, which do not matter.

        Returns
        -------
        Tensor
            The number as it is.
        """
        return value

    def backward(self, value: Tensor, *_inputs: Tensor) -> Tensor:
        """Return the size that a number stands for.

        Parameters
        ----------
        value
            The number, of any sign.
        *_inputs
            Parameters of the variable's law, which do not matter.

        Returns
        -------
        Tensor
            The size.
        """
        return pt.abs(value)

    def log_jac_det(self, value: Tensor, *_inputs: Tensor) -> Tensor:
        """Return 0: either sign has the same density.

        Parameters
        ----------
        value
            The number, of any sign.
        *_inputs
            Parameters of the variable's law, which do not matter.

        Returns
        -------
        Tensor
            Zeros in the shape of the number.
        """
        return 0.0 * value


def _period_levels(survey: ModelSurvey, residual: Tensor, contributor_spread: Tensor) -> Tensor:
    """Return levels of N(0, period_spread), sampled around what the mean residuals say of them, (period)."""
    spread = pm.HalfNormal("period_spread", 0.5, default_transform=_Reflection())
    known = pm.Data("contributors_of_period", survey.contributors.astype(float))
    ratio = known * (spread / contributor_spread) ** 2
    root = pt.sqrt(1.0 + ratio)
    middle, step = ratio / (1.0 + ratio) * residual, spread / root
    return middle + step * pm.Normal("period_level", -middle / step, root, dims="period")
