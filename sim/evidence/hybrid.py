r"""Hybrid draws: totals by design, units per contributor and period by the model, joint by ranks.

A total sums some 140 strata, and the calibrated bootstrap covers it without a model. A ratio rests on the few
periods of one repository, where the posterior borrows from all others. The hybrid takes each where it is
strong:

- :math:`C, U` have the distribution of the calibrated draws (:mod:`sim.evidence.calibration`);
- :math:`R_r` has the posterior's, draw by draw, so all ratios keep their joint posterior;
- what ties them is the posterior's: the k-th smallest calibrated draw of a total stands where the k-th
  smallest posterior draw of that total stood. So each pair of columns has the posterior's rank correlation,
  while each column keeps its own distribution.

The design cannot say how a total goes with a ratio it does not estimate; the posterior can, since one
repository level enters both. The ties between totals, which the design does know, are given up for the
posterior's.

References
----------
Iman & Conover (1982), Commun. Stat. B 11:311 (distributions kept, ranks arranged). Clark et al. (2004),
J. Hydrometeorol. 5:243 (ranks taken from a joint sample).
"""

from collections.abc import Mapping

import numpy as np

from sim.evidence.estimands import COUNTED, ratio_name, total_names
from sim.evidence.readings import PeriodSample
from sim.evidence.resampling import RngFor
from sim.evidence.sampling_error import draw_evidence
from sim.types import Array


def hybrid_columns(
    sample: PeriodSample, references: Mapping[str, str], posterior: Mapping[str, Array], rng_for: RngFor
) -> dict[str, Array]:
    """Return hybrid draws of every estimand, as many as there are posterior draws.

    Parameters
    ----------
    sample
        The survey in one reading.
    references
        Repository, ``org/project``, by the reference's short name.
    posterior
        (draw) by column: draws of every estimand from the same survey.
    rng_for
        Gives the generator that belongs to a name; for the calibrated draws.

    Returns
    -------
    dict
        (draw) by column.

    Raises
    ------
    InvalidInput
        As :func:`sim.evidence.sampling_error.draw_evidence`.
    """
    n_draws = len(posterior[total_names()[0]])
    design = draw_evidence(sample, references, "calibrated", n_draws, rng_for).columns
    totals = {name: in_ranks_of(design[name], posterior[name]) for name in total_names()}
    ratios = [ratio_name(unit, reference) for reference in references for unit in COUNTED]
    return totals | {name: posterior[name] for name in ratios}


def in_ranks_of(draws: Array, model: Array) -> Array:
    """Return the draws rearranged so that their ranks are those of other draws.

    Parameters
    ----------
    draws, model
        (draw), of one length.

    Returns
    -------
    ndarray
        (draw): the values of `draws` in the order of `model`.

    Examples
    --------
    >>> in_ranks_of(np.array([10.0, 30.0, 20.0]), np.array([0.3, 0.1, 0.2]))
    array([30., 10., 20.])
    """
    arranged = np.empty_like(draws)
    arranged[np.argsort(model, kind="stable")] = np.sort(draws)
    return arranged
