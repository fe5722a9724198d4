"""What an evidence method is: a way to draw the sampling error of a survey."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import override

import numpy as np

from sim.evidence.readings import PeriodSample
from sim.faults import Fault, InvalidInput
from sim.types import Array, RngFor

TWO = "two periods or more in each stratum, or method point"
KNOWN = "have a population: models take periods for a sample of an endless life"
ALLOWED_THEN = "a bootstrap such as calibrated, or a file without populations"


@dataclass(frozen=True, eq=False)
class Replicates:
    """Replicates of every estimand, drawn jointly, and what to know of them.

    Parameters
    ----------
    columns
        Replicates by column, in the units of :mod:`sim.evidence.estimands`; ``periods_per_year`` is constant.
    degrees_of_freedom
        Degrees of freedom by column: of ``calibrated`` draws those of the pooled variances, else
        Satterthwaite's, for a ratio of the cost row U / R.
    warnings
        What a user must know of the draws, in plain words.
    """

    columns: dict[str, Array]
    degrees_of_freedom: dict[str, float]
    warnings: tuple[str, ...]


@dataclass(frozen=True)
class Method:
    """How the survey's sampling error is drawn; subclasses draw replicates, or read a posterior.

    Parameters
    ----------
    name
        Word by which scenarios select the method.
    """

    name: str

    has_error = True
    """Whether its draws differ."""
    has_posterior = False
    """Whether it reads the posterior of a model of all repositories, and makes no replicates."""
    least_periods = 2
    """Fewest periods of a stratum."""

    def check_periods(self, sample: PeriodSample, references: Mapping[str, str]) -> None:
        """Refuse a survey that has too few periods.

        Parameters
        ----------
        sample
            The survey in one reading.
        references
            Repository, ``org/project``, by the reference's short name; each has a ratio.

        Raises
        ------
        InvalidInput
            If a stratum has too few periods, or all have too few to compare; if one is observed whole, or a
            known part of it, and the method reads a posterior.
        """
        short = [
            stratum.name
            for stratum in sample.strata
            if len(stratum.counts) < self.least_periods and stratum.unsampled > 0
        ]
        said = [(f"{name!r} has one period: its sampling error cannot be estimated", TWO) for name in short]
        said = said or self._too_little(sample, references)
        n_known = sum(stratum.unsampled < 1 for stratum in sample.strata)
        if self.has_posterior and n_known:
            said.append((f"{n_known} of {len(sample.strata)} strata {KNOWN}", ALLOWED_THEN))
        if said:
            raise InvalidInput([Fault(sample.source, f"method {self.name}", *each) for each in said])

    def _too_little(self, sample: PeriodSample, references: Mapping[str, str]) -> list[tuple[str, str]]:
        """Return what a survey lacks that has periods enough, and what would do; nothing by default."""
        del sample, references
        return []

    def draw(
        self, sample: PeriodSample, references: Mapping[str, str], n_draws: int, rng_for: RngFor
    ) -> Replicates:
        """Draw the estimands, jointly, but for constants.

        Parameters
        ----------
        sample
            The survey in one reading, which has passed :meth:`check_periods`.
        references
            Repository, ``org/project``, by the reference's short name; each has a ratio.
        n_draws
            Number of draws.
        rng_for
            Gives the generator that belongs to a name of a stratum or reference.

        Returns
        -------
        Replicates
            Columns, degrees of freedom and warnings.

        Raises
        ------
        ValueError
            If the method reads a posterior and makes no replicates.
        """
        del sample, references, n_draws, rng_for
        raise ValueError(f"{self.name} makes no replicates")

    def of_posterior(
        self,
        sample: PeriodSample,
        references: Mapping[str, str],
        posterior: Mapping[str, Array],
        rng_for: RngFor,
    ) -> dict[str, Array]:
        """Return draws of the estimands by column, as many as a posterior has, (draw).

        Parameters
        ----------
        sample
            The survey in one reading, which has passed :meth:`check_periods`.
        references
            Repository, ``org/project``, by the reference's short name; each has a ratio.
        posterior
            Draws of every estimand, (draw) by column.
        rng_for
            Gives the generator that belongs to a name of a stratum or reference.

        Returns
        -------
        dict
            Draws by column, (draw).

        Raises
        ------
        ValueError
            If the method makes replicates and reads no posterior.
        """
        del sample, references, posterior, rng_for
        raise ValueError(f"{self.name} reads no posterior")


class PoolingMethod(Method):
    """A method whose variances are pooled over repositories (:mod:`sim.evidence.moderation`)."""

    @override
    def _too_little(self, sample: PeriodSample, references: Mapping[str, str]) -> list[tuple[str, str]]:
        """Return what is missing for pooled variances, and what would do."""
        said: list[tuple[str, str]] = []
        if not any(stratum.unsampled for stratum in sample.strata):
            return said
        active = [stratum for stratum in sample.strata if stratum.counts.any()]
        if sum(len(stratum.counts) - 1 for stratum in active) == 1:
            said.append(
                (
                    f"two periods of one repository, {active[0].name!r}, are all that is not empty: too few "
                    "to tell how periods vary",
                    "at least 3 periods of it, or 2 of another repository too, or method point",
                )
            )
        if references and not _ratios_vary(sample):
            said.append(
                (
                    "no repository has two periods that are not empty: nothing shows how a ratio varies",
                    "at least 2 such periods of one repository, reference or not, or method point",
                )
            )
        return said


def _ratios_vary(sample: PeriodSample) -> bool:
    """Return whether any repository with a ratio has two periods that are not empty."""
    for repository in {stratum.repository for stratum in sample.strata}:
        counts = np.concatenate([stratum.counts for stratum in sample.strata_of(repository)])
        if (counts.sum(axis=0) > 0).all() and np.count_nonzero(counts.any(axis=1)) > 1:
            return True
    return False
