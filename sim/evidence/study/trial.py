"""One trial: a survey simulated, a method applied to it, its quantiles kept beside the truth."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from sim.evidence.resampling import RngFor
from sim.evidence.study.methods import BY_MODEL, Estimator, StudyMethod
from sim.evidence.study.rows import rows_of
from sim.evidence.study.simulated import Simulated, Simulator, SimulatorName
from sim.faults import Fault, InvalidInputError
from sim.types import Array

NOMINAL = (0.5, 0.9, 0.95)
"""Probabilities of the equal-tailed intervals studied."""
QUANTILES = (0.025, 0.05, 0.25, 0.75, 0.95, 0.975)
MOST_ATTEMPTS = 1000


@dataclass(frozen=True, order=True)
class TrialKey:
    """What a trial's numbers depend on.

    Parameters
    ----------
    setup
        Digest of the data and of every setting of the study.
    seed
        Of the study.
    number
        Of the simulated survey, from 0; all methods see the same survey.
    simulator, method
        Names.
    """

    setup: str
    seed: int
    number: int
    simulator: SimulatorName
    method: StudyMethod


@dataclass(frozen=True)
class Scored:
    """One row of one trial.

    Parameters
    ----------
    row
        Name (:mod:`sim.evidence.study.rows`).
    truth
        True value.
    quantiles
        Of the draws, at ``QUANTILES``.
    """

    row: str
    truth: float
    quantiles: tuple[float, ...]

    def interval(self, probability: float) -> tuple[float, float]:
        """Return the equal-tailed interval of one of ``NOMINAL``."""
        low = QUANTILES.index(round((1 - probability) / 2, 4))
        return self.quantiles[low], self.quantiles[-1 - low]


@dataclass(frozen=True)
class Trial:
    """What a trial found.

    Parameters
    ----------
    key
        What it depends on.
    rows
        One for each row of the table; none where the method refused the survey.
    refused
        Why it did, or empty.
    n_without_ratio
        Surveys drawn before this one in which a reference had no ratio, and set aside.
    """

    key: TrialKey
    rows: tuple[Scored, ...]
    refused: str = ""
    n_without_ratio: int = 0


@dataclass(frozen=True, eq=False)
class Study:
    """All that trials share; can be sent to another process.

    Parameters
    ----------
    setup, fit_setup
        Digests of what follows, seed aside: for bootstrap methods, and for those that fit a model.
    seed
        Told to the store; the draws depend on it through `rng_for`.
    rng_for
        Gives the generator that belongs to a name.
    simulators
        By name.
    references
        Repository by the reference's short name.
    n_draws
        Draws of a bootstrap method.
    """

    setup: str
    fit_setup: str
    seed: int
    rng_for: RngFor
    simulators: Mapping[SimulatorName, Simulator]
    references: Mapping[str, str]
    n_draws: int

    def key(self, number: int, simulator: SimulatorName, method: StudyMethod) -> TrialKey:
        """Return the key of a trial of this study."""
        setup = self.fit_setup if method in BY_MODEL else self.setup
        return TrialKey(setup, self.seed, number, simulator, method)


def run_trials_of_survey(study: Study, keys: Sequence[TrialKey]) -> tuple[Trial, ...]:
    """Simulate a survey, apply methods to it, keep the quantiles.

    The survey depends on the seed, the simulator and the number; what a method draws, also on the method.
    Nothing depends on the trials run before or beside.

    Parameters
    ----------
    study
        What trials share.
    keys
        Of one simulator and number.
    """
    prefix = f"{keys[0].simulator}, {keys[0].number}"
    simulated, n_without_ratio = _survey(study, keys[0].simulator, study.rng_for(f"{prefix}, survey"))
    truths = rows_of(simulated.truths, study.references)
    rng_for = lambda name: study.rng_for(f"{prefix}, {name}")  # noqa: E731
    estimator = Estimator(simulated.survey, study.references, study.n_draws, rng_for)
    trials: list[Trial] = []
    for key in keys:
        try:
            drawn = rows_of(estimator.columns(key.method), study.references)
        except InvalidInputError as error:
            trials.append(Trial(key, (), str(error), n_without_ratio))
        else:
            rows = tuple(scored(name, truths[name], drawn[name]) for name in truths)
            trials.append(Trial(key, rows, "", n_without_ratio))
    return tuple(trials)


def scored(row: str, truth: float, draws: Array) -> Scored:
    """Return the quantiles of draws beside the truth.

    Raises
    ------
    ValueError
        If a draw is not finite.

    Examples
    --------
    >>> scored("contributors", 0.4, np.linspace(0.0, 1.0, 1001)).interval(0.5)
    (0.25, 0.75)
    """
    if not np.isfinite(draws).all():
        raise ValueError(f"{row}: {np.count_nonzero(~np.isfinite(draws))} draws are not finite")
    return Scored(row, float(truth), tuple(float(q) for q in np.quantile(draws, QUANTILES)))


def _survey(study: Study, simulator: SimulatorName, rng: np.random.Generator) -> tuple[Simulated, int]:
    """Draw surveys until every reference has a ratio; refuse a survey of which hardly any has."""
    for attempt in range(MOST_ATTEMPTS):
        survey = study.simulators[simulator].simulate(rng)
        if all(_has_ratio(survey, repository) for repository in study.references.values()):
            return survey, attempt
    problem = f"{MOST_ATTEMPTS} surveys of simulator {simulator} without a ratio of some reference"
    allowed = "references with contributors, commits and lines in several periods"
    raise InvalidInputError([Fault("--reference", ", ".join(study.references), problem, allowed)])


def _has_ratio(survey: Simulated, repository: str) -> bool:
    sample = survey.survey.sample
    return bool((sample.counts[sample.repository == repository].sum(axis=0) > 0).all())
