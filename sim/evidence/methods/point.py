"""Point estimates: no sampling error."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, override

import numpy as np

from sim.evidence.methods.base import EvidenceDraws, Method

if TYPE_CHECKING:
    from sim.evidence.readings import PeriodSample
    from sim.evidence.resampling import RngFor


class PointEstimate(Method):
    """The point estimate in every draw."""

    has_error = False
    least_periods = 1

    @override
    def draw(
        self, sample: "PeriodSample", references: Mapping[str, str], n_draws: int, rng_for: "RngFor"
    ) -> EvidenceDraws:
        """Return the point estimates in every draw."""
        from sim.evidence.estimands import point_estimates

        del rng_for  # nothing is drawn
        points = point_estimates(sample, references)
        return EvidenceDraws({name: np.full(n_draws, value) for name, value in points.items()}, 0, {}, ())


METHODS = (PointEstimate("point"),)
