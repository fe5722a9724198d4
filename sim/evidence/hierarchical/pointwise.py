r"""Log likelihood of each period, for leaving one out.

A period's own level u is what a new period would draw anew, so it is integrated out: leaving a period out
then asks how well the others foresee it, and importance weights stay light.
"""

import numpy as np
from scipy.stats import nbinom

from sim.evidence.hierarchical.cells import Cells
from sim.evidence.hierarchical.choices import MarksModel
from sim.evidence.hierarchical.expectation import ContributorsDraws, EffortDraws
from sim.evidence.hierarchical.grouped import GroupedSurvey
from sim.evidence.hierarchical.laws import log_interval
from sim.types import Array

N_NODES = 11
SMALLEST_DISPERSION = 1e-12


def contributors_log_likelihood(survey: GroupedSurvey, draws: ContributorsDraws) -> Array:
    """Return log P(N) of each period's contributors, (draw, period)."""
    mean = np.exp(draws.log_mean)[:, survey.stratum] * survey.exposures["contributors"]
    shape = 1.0 / np.maximum(draws.dispersion, SMALLEST_DISPERSION)[:, survey.stratum]
    return np.asarray(nbinom.logpmf(survey.contributors, shape, shape / (shape + mean)), dtype=np.float64)


def effort_log_likelihood(cells: Cells, draws: EffortDraws, model: MarksModel) -> Array:
    r"""Return the log probability of each active period's bins, (draw, active_period).

    .. math:: \log \int \prod_{\text{cells}} P(\text{bin} \mid u)^{n}\, \phi(u)\, du

    by Gauss-Hermite quadrature with 11 nodes; one node where the model has no period level. The multinomial
    coefficient is left out, the same for all models.
    """
    starts = np.searchsorted(cells.period, np.arange(len(cells.stratum)))
    if not len(starts):
        return np.zeros((len(draws.activity), 0))
    centre = cells.log_exposure + draws.level[:, cells.stratum]
    centre += draws.activity[:, np.newaxis] * cells.deviation
    scale = draws.contributor_spread[:, np.newaxis]
    total = np.full(centre.shape, -np.inf)
    for node, weight in zip(*_hermite(bool(draws.period_spread.any())), strict=True):
        at = (centre + draws.period_spread[:, np.newaxis] * node)[:, cells.period]
        each = log_interval(model, (cells.lower - at) / scale, (cells.upper - at) / scale)
        summed = np.add.reduceat(each * cells.contributors, starts, axis=1)
        total = np.logaddexp(total, summed + np.log(weight))
    return total


def _hermite(spread: bool) -> tuple[Array, Array]:
    nodes, weights = np.polynomial.hermite_e.hermegauss(N_NODES if spread else 1)
    return nodes, weights / weights.sum()
