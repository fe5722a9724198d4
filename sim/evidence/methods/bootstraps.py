"""Bootstraps of periods: every stratum resampled, jointly over units and references."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, override

from sim.evidence.methods.base import EvidenceDraws, Method

if TYPE_CHECKING:
    from sim.evidence.readings import PeriodSample
    from sim.evidence.resampling import ReplicateMethod, RngFor


@dataclass(frozen=True)
class Bootstrapped(Method):
    """Replicates of one of the ways to resample (:func:`sim.evidence.resampling.resampled_means`)."""

    name: "ReplicateMethod"

    @override
    def draw(
        self, sample: "PeriodSample", references: Mapping[str, str], n_draws: int, rng_for: "RngFor"
    ) -> EvidenceDraws:
        """Return replicates, with what a survey this small lets one expect."""
        from sim.evidence.bootstrap import replicate
        from sim.evidence.variance import cautions, variance_splits

        splits = variance_splits(sample, references)
        freedom = {name: split.degrees_of_freedom for name, split in splits.items()}
        replicates = replicate(sample, references, self.name, n_draws, rng_for)
        redrawn = [
            f"{repository} had no contributors, commits or lines in {count:,} of {n_draws:,} replicates: "
            "drawn again"
            for repository, count in replicates.n_redrawn.items()
            if count
        ]
        said = (*cautions(sample, splits, freedom), *redrawn)
        return EvidenceDraws(dict(replicates.columns), sum(replicates.n_redrawn.values()), freedom, said)


METHODS = (Bootstrapped("naive"), Bootstrapped("rescaled"), Bootstrapped("bayesian"))
