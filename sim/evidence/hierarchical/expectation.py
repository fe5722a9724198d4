r"""Posterior of the estimands: expectations of contributors times effort, from posterior arrays alone."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from sim.evidence.estimands import COUNTED, check_references, estimands
from sim.evidence.hierarchical.cells import OFFSETS
from sim.evidence.hierarchical.discretised import mean_count
from sim.evidence.hierarchical.grouped import GroupedSurvey
from sim.evidence.hierarchical.quadrature import negative_binomial_nodes
from sim.evidence.readings import UNITS
from sim.types import Array

N_GRID = 512
"""Points at which a draw's mean count is computed; its logarithm is linear between, to 1e-4."""
CHUNK = 50
SMALLEST_SPAN, SMALLEST_MEAN = 1e-6, 1e-300


@dataclass(frozen=True, eq=False)
class ContributorsDraws:
    """Draws of the contributors' parameters.

    Parameters
    ----------
    log_mean, dispersion
        ln μ and φ >= 0, (draw, stratum).
    """

    log_mean: Array
    dispersion: Array


@dataclass(frozen=True, eq=False)
class EffortDraws:
    """Draws of the parameters of commits or lines.

    Parameters
    ----------
    level
        g, (draw, stratum).
    activity, period_spread, contributor_spread
        b, τ and s, (draw).
    """

    level: Array
    activity: Array
    period_spread: Array
    contributor_spread: Array


def expected_counts(
    survey: GroupedSurvey, contributors: ContributorsDraws, efforts: Mapping[str, EffortDraws]
) -> Array:
    r"""Return the expected count in one period of each stratum, (draw, stratum, unit).

    .. math::

        E[Y_h] = \sum_{n \ge 1} P(N_h = n)\, n\, E[y \mid n], \qquad
        \ln X \mid n \sim N\bigl(g_h + b (\ln n - c_h),\ \sqrt{\tau^2 + s^2}\bigr)

    The period level is integrated out in closed form: it adds to the variance. Counts are rounded up, and
    held at the survey's cap.

    Parameters
    ----------
    survey
        Gives the strata, their mean active contributors, and the caps.
    contributors, efforts
        Posterior draws, efforts by unit; as many draws of each.
    """
    mean = np.exp(contributors.log_mean)
    counts = np.empty((*mean.shape, len(UNITS)))
    counts[..., 0] = mean
    for first in range(0, len(mean), CHUNK):
        part = slice(first, first + CHUNK)
        nodes = negative_binomial_nodes(mean[part], contributors.dispersion[part])
        excess = np.log(nodes.numbers) - survey.log_size[:, np.newaxis]
        share = nodes.weights * nodes.numbers
        for column, unit in enumerate(COUNTED, start=1):
            each = _effort(survey, unit, efforts[unit], part, excess)
            counts[part, :, column] = np.einsum("dsn,dsn->ds", share, each)
    return counts


def _effort(survey: GroupedSurvey, unit: str, draws: EffortDraws, part: slice, excess: Array) -> Array:
    """Return the mean count of one contributor among so many, (draw, stratum, node)."""
    location = draws.level[part, :, np.newaxis] + draws.activity[part, np.newaxis, np.newaxis] * excess
    scale = np.hypot(draws.period_spread, draws.contributor_spread)[part, np.newaxis]
    low, high = location.min(axis=(1, 2)), location.max(axis=(1, 2))
    grid = np.linspace(low, high + SMALLEST_SPAN, N_GRID, axis=1)
    table = np.log(np.maximum(mean_count(grid, scale, OFFSETS[unit], survey.cap(unit)), SMALLEST_MEAN))
    logs = [np.interp(at, points, values) for at, points, values in zip(location, grid, table, strict=True)]
    return np.exp(logs)


def estimand_draws(survey: GroupedSurvey, counts: Array, references: Mapping[str, str]) -> dict[str, Array]:
    """Return every estimand, (draw) by column of :mod:`sim.evidence.columns`.

    Totals add up the strata's expectations; ratios are sums over the reference's strata, each as often as it
    has sampled periods, over such sums.

    Parameters
    ----------
    survey
        The survey.
    counts
        (draw, stratum, unit), from :func:`expected_counts`.
    references
        Repository by short name.

    Raises
    ------
    InvalidInputError
        If a reference is not in the file or has no contributor, commit or line.
    """
    check_references(survey.sample, references)
    n_periods = survey.periods_by_stratum.astype(np.float64)
    sums = {}
    for name, repository in references.items():
        places = np.unique(survey.stratum[survey.sample.repository == repository])
        sums[name] = np.asarray(np.einsum("s,dsu->du", n_periods[places], counts[:, places]))
    return estimands(counts.sum(axis=1), sums)
