"""The calibrated bootstrap: t intervals of the logarithm, with variances pooled over repositories."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, override

from sim.evidence.methods.base import EvidenceDraws, Method, pools_too_little

if TYPE_CHECKING:
    from sim.evidence.readings import PeriodSample
    from sim.evidence.resampling import RngFor


class Calibrated(Method):
    """Draws of :mod:`sim.evidence.calibration`."""

    @override
    def too_little(self, sample: "PeriodSample", references: Mapping[str, str]) -> list[tuple[str, str]]:
        """Return what is missing for pooled variances."""
        return pools_too_little(sample, references)

    @override
    def draw(
        self, sample: "PeriodSample", references: Mapping[str, str], n_draws: int, rng_for: "RngFor"
    ) -> EvidenceDraws:
        """Return calibrated draws, with the degrees of freedom of the pooled variances."""
        from sim.evidence.calibration import draw_calibrated, error_cautions
        from sim.evidence.estimands import COUNTED, ratio_name, total_names
        from sim.evidence.log_errors import TOTALS, log_errors
        from sim.evidence.variance import cautions, variance_splits

        errors = log_errors(sample, set(references.values()))
        freedom = dict(zip(total_names(), errors.freedom[TOTALS].tolist(), strict=True))
        for reference, repository in references.items():
            names = (ratio_name(unit, reference) for unit in COUNTED)
            freedom |= dict(zip(names, errors.freedom[repository].tolist(), strict=True))
        columns = draw_calibrated(sample, references, n_draws, rng_for)
        said = cautions(sample, variance_splits(sample, references), freedom)
        return EvidenceDraws(columns, 0, freedom, (*said, *error_cautions(errors, references)))


METHODS = (Calibrated("calibrated"),)
