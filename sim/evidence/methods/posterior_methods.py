r"""Methods that read the posterior of a Bayesian model of all repositories.

The hybrid takes design and model each where it is strong. A total sums some 140 strata, and the calibrated
bootstrap covers it without a model. A ratio rests on the few periods of one repository, where the posterior
borrows from all others:

- :math:`C, U` have the distribution of the calibrated draws (:mod:`sim.evidence.methods.calibrated`);
- :math:`R_r` has the posterior's, draw by draw, so all ratios keep their joint posterior;
- what ties them is the posterior's: the k-th smallest calibrated draw of a total stands where the k-th
  smallest posterior draw of that total stood. So each pair of columns has the posterior's rank correlation,
  while each column keeps its own distribution.

The design cannot say how a total goes with a ratio it does not estimate; the posterior can, since one
repository level enters both. The ties between totals, which the design does know, are given up.

References
----------
Iman & Conover (1982), Commun. Stat. B 11:311 (distributions kept, ranks arranged). Clark et al. (2004),
J. Hydrometeorol. 5:243 (ranks taken from a joint sample).
"""

from collections.abc import Mapping
from typing import override

import numpy as np

from sim.evidence.estimands import COUNTED, check_references, ratio_name, total_names
from sim.evidence.methods.base import Method, PoolingMethod
from sim.evidence.methods.calibrated import CalibratedBootstrap
from sim.evidence.readings import PeriodSample
from sim.types import Array, RngFor


class Hierarchical(Method):
    """The posterior itself is the method's draws."""

    has_posterior = True
    least_periods = 1

    @override
    def of_posterior(
        self,
        sample: PeriodSample,
        references: Mapping[str, str],
        posterior: Mapping[str, Array],
        rng_for: RngFor,
    ) -> dict[str, Array]:
        del sample, references, rng_for
        return dict(posterior)


class Hybrid(PoolingMethod):
    """Totals by the calibrated bootstrap, in the ranks of the model's totals; ratios by the model."""

    has_posterior = True

    @override
    def of_posterior(
        self,
        sample: PeriodSample,
        references: Mapping[str, str],
        posterior: Mapping[str, Array],
        rng_for: RngFor,
    ) -> dict[str, Array]:
        check_references(sample, references)
        self.check_periods(sample, references)
        n_draws = len(posterior[total_names()[0]])
        design = CalibratedBootstrap("calibrated").draw(sample, references, n_draws, rng_for).columns
        totals = {name: in_ranks_of(design[name], posterior[name]) for name in total_names()}
        ratios = [ratio_name(unit, reference) for reference in references for unit in COUNTED]
        return totals | {name: posterior[name] for name in ratios}


def in_ranks_of(draws: Array, model: Array) -> Array:
    """Return the draws rearranged so that their ranks are those of other draws.

    Parameters
    ----------
    draws
        Draws whose values are kept, (draw).
    model
        Draws whose ranks are kept, (draw), as many.

    Returns
    -------
    ndarray
        The values of `draws` in the order of `model`, (draw).

    Examples
    --------
    >>> in_ranks_of(np.array([10.0, 30.0, 20.0]), np.array([0.3, 0.1, 0.2]))
    array([30., 10., 20.])
    """
    arranged = np.empty_like(draws)
    arranged[np.argsort(model, kind="stable")] = np.sort(draws)
    return arranged


METHODS = (Hierarchical("hierarchical"), Hybrid("hybrid"))
