"""Methods that read the posterior of a Bayesian model of all repositories."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, override

from sim.evidence.methods.base import Method, pools_too_little
from sim.types import Array

if TYPE_CHECKING:
    from sim.evidence.readings import PeriodSample
    from sim.evidence.resampling import RngFor


class Hierarchical(Method):
    """The posterior itself."""

    has_posterior = True
    least_periods = 1

    @override
    def of_posterior(
        self,
        sample: "PeriodSample",
        references: Mapping[str, str],
        posterior: Mapping[str, Array],
        rng_for: "RngFor",
    ) -> dict[str, Array]:
        """Return the posterior."""
        del sample, references, rng_for
        return dict(posterior)


class Hybrid(Method):
    """Totals by the calibrated bootstrap, ratios by the model (:mod:`sim.evidence.hybrid`)."""

    has_posterior = True

    @override
    def too_little(self, sample: "PeriodSample", references: Mapping[str, str]) -> list[tuple[str, str]]:
        """Return what is missing for pooled variances."""
        return pools_too_little(sample, references)

    @override
    def of_posterior(
        self,
        sample: "PeriodSample",
        references: Mapping[str, str],
        posterior: Mapping[str, Array],
        rng_for: "RngFor",
    ) -> dict[str, Array]:
        """Return the posterior's ratios beside calibrated totals in its ranks."""
        from sim.evidence.hybrid import hybrid_columns

        return hybrid_columns(sample, references, posterior, rng_for)


METHODS = (Hierarchical("hierarchical"), Hybrid("hybrid"))
