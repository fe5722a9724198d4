"""A study set up from a period file: its simulators, references, and the digest its trials are kept under."""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from sim.engine.coverage import STUDIED_REFERENCES
from sim.evidence.estimands import check_references
from sim.evidence.hierarchical.model_survey import ModelSurvey, read_model_survey
from sim.evidence.hierarchical.settings import FitSettings
from sim.evidence.methods import METHODS, Method
from sim.evidence.methods.pivotal import LINE_COUNTS, PivotalBootstrap, PivotTable
from sim.evidence.readings import PeriodSample, Reading
from sim.evidence.survey_format import FREQUENCIES
from sim.faults import Fault, InvalidInput
from sim.types import RngFor
from sim.version import __version__
from studies.coverage.pivots import histories_of, learn_tables
from studies.coverage.population import MODEL
from studies.coverage.simulators import (
    LIKE,
    N_PERIODS,
    HistorySurveys,
    ModelSurveys,
    ResampledSurveys,
    Simulator,
    SimulatorName,
    Sizes,
)
from studies.coverage.trials import QUANTILES, StudyMethod, TrialKey

BY_MODEL: frozenset[StudyMethod] = frozenset({"hierarchical", "hybrid"})
FIT = FitSettings(draws=400, tune=300, chains=2, cores=1, accept_diagnostics=True)
"""Settings of fits to simulated surveys: 800 draws are enough for an interval whose coverage is averaged."""
SOUND_FIT = FitSettings(draws=1200, tune=300, chains=2, cores=1)
"""Settings of fits to surveys of histories: a fit is sound by the limits of a run, or counted as refused."""


@dataclass(frozen=True)
class StudySettings:
    """What a study's user may choose, methods and number of simulations aside.

    Parameters
    ----------
    survey
        The period file.
    reading
        How the file is read. Simulator ``model`` holds each contributor's lines at the reading's cap, and
        knows neither bots nor weekly bins.
    references
        Repository by the reference's short name; none stands for those of ``STUDIED_REFERENCES`` that the
        file has.
    sizes
        Sizes of the strata, as in :class:`studies.coverage.simulators.ModelSurveys`.
    like
        How many strata are pooled, as in :class:`studies.coverage.simulators.ResampledSurveys`.
    n_draws
        Number of draws of a bootstrap method.
    """

    survey: Path
    reading: Reading = field(default_factory=Reading)
    references: Mapping[str, str] = field(default_factory=dict)
    sizes: Sizes = "surveyed"
    like: int = LIKE
    n_draws: int = 2000


@dataclass(frozen=True, eq=False)
class Study:
    """All that trials share; can be sent to another process.

    Parameters
    ----------
    setup
        Digest of all that follows but the seed, for bootstrap methods.
    fit_setup
        Digest of all that follows but the seed, for methods that fit a model.
    seed
        Seed that is kept with each trial; the draws depend on it through `rng_for`.
    rng_for
        Gives the generator that belongs to a name.
    simulators
        Simulators by name.
    references
        Repository by the reference's short name.
    n_draws
        Number of draws of a bootstrap method.
    fit
        How a posterior is sampled.
    methods
        Methods by name: of histories, one that has learnt from them leaves each reference's own out.
    """

    setup: str
    fit_setup: str
    seed: int
    rng_for: RngFor
    simulators: Mapping[SimulatorName, Simulator]
    references: Mapping[str, str]
    n_draws: int
    fit: FitSettings = FIT
    methods: Mapping[str, Method] = field(default_factory=lambda: METHODS)

    def key(self, number: int, simulator: SimulatorName, method: StudyMethod) -> TrialKey:
        """Return the key of one trial.

        Parameters
        ----------
        number
            Number of the simulated survey, from 0.
        simulator
            Name of the simulator.
        method
            Name of the method.

        Returns
        -------
        TrialKey
            The key, with the digest that the method's trials depend on.
        """
        setup = self.fit_setup if method in BY_MODEL else self.setup
        return TrialKey(setup, self.seed, number, simulator, method)

    def keys(
        self, simulators: Sequence[SimulatorName], methods: Sequence[StudyMethod], n_simulations: int
    ) -> tuple[TrialKey, ...]:
        """Return the keys of all trials, survey by survey, so that a part of them is balanced.

        Parameters
        ----------
        simulators
            Names of the simulators.
        methods
            Names of the methods.
        n_simulations
            Number of surveys of each simulator.

        Returns
        -------
        tuple of TrialKey
            Keys, one for each survey and method.
        """
        return tuple(
            self.key(number, simulator, method)
            for number in range(n_simulations)
            for simulator in simulators
            for method in methods
        )


def set_up(settings: StudySettings, methods: Collection[StudyMethod], seed: int, rng_for: RngFor) -> Study:
    """Read the survey and make its simulators.

    Parameters
    ----------
    settings
        What the user chose.
    methods
        Methods that will be studied: those that fit a model need ``frequencies.csv`` beside the period file.
    seed
        Seed that is kept with each trial.
    rng_for
        Gives the generator that belongs to a name, and depends on the seed.

    Returns
    -------
    Study
        The study, ready to run.

    Raises
    ------
    InvalidInput
        If the period file, or the frequencies, cannot be used, or a reference has no ratio.
    """
    grouped = BY_MODEL.intersection(methods) or (settings.survey.parent / FREQUENCIES).exists()
    survey = read_model_survey(settings.survey, settings.reading, bool(grouped))
    known = set(survey.sample.repository)
    references = dict(settings.references) or {
        name: repository for name, repository in STUDIED_REFERENCES.items() if repository in known
    }
    check_references(survey.sample, references)
    return Study(
        setup=_digest(survey, settings, references),
        fit_setup=_digest(survey, settings, references, FIT),
        seed=seed,
        rng_for=rng_for,
        simulators={
            "model": ModelSurveys(survey, references, settings.sizes),
            "resampled": ResampledSurveys(survey, references, settings.like),
        },
        references=references,
        n_draws=settings.n_draws,
    )


def set_up_histories(
    settings: StudySettings, methods: Collection[StudyMethod], seed: int, rng_for: RngFor
) -> Study:
    """Read whole histories, from which surveys are drawn; learn pivots with each reference left out.

    Parameters
    ----------
    settings
        What the user chose; no references stand for the largest repositories.
    methods
        Methods that will be studied.
    seed
        Seed that is kept with each trial.
    rng_for
        Gives the generator that belongs to a name, and depends on the seed.

    Returns
    -------
    Study
        The study, of simulator ``histories``.

    Raises
    ------
    InvalidInput
        If the period file cannot be used, a reference has no ratio, or the file does not have every period of
        its repositories.
    """
    survey = read_model_survey(settings.survey, settings.reading, bool(BY_MODEL.intersection(methods)))
    check_whole(survey.sample)
    histories = histories_of({LINE_COUNTS[survey.sample.line_reading]: survey.sample})
    largest = [histories.names[place] for place in histories.largest]
    references = dict(settings.references) or {name: name for name in largest}
    check_references(survey.sample, references)
    chosen: dict[str, Method] = dict(METHODS)
    if "pivotal" in methods:
        tables = learn_tables(histories, rng_for, (N_PERIODS,))
        chosen["pivotal"] = PivotalBootstrap("pivotal", TablesWithout(tables))
    return Study(
        setup=_digest(survey, settings, references),
        fit_setup=_digest(survey, settings, references, SOUND_FIT),
        seed=seed,
        rng_for=rng_for,
        simulators={"histories": HistorySurveys(survey, references)},
        references=references,
        n_draws=settings.n_draws,
        fit=SOUND_FIT,
        methods=chosen,
    )


@dataclass(frozen=True, eq=False)
class TablesWithout:
    """Gives the table of pivots that was learnt without a repository.

    Parameters
    ----------
    tables
        Tables by the repository left out; under the empty name that of all.
    """

    tables: Mapping[str, PivotTable]

    def __call__(self, repository: str) -> PivotTable:
        """Return the table for one repository; that of all where it was not learnt from."""
        return self.tables.get(repository, self.tables[""])


def check_whole(sample: PeriodSample) -> None:
    """Refuse a survey that does not have every period of its repositories.

    Raises
    ------
    InvalidInput
        If one is not whole, or has no history to learn from.
    """
    partial = [stratum.name for stratum in sample.strata if stratum.unsampled > 0]
    if partial:
        problem = f"{len(partial)} of {len(sample.strata)} histories are not whole, {partial[0]!r} the first"
        allowed = (
            "every period of each repository, and their number as its population, as evidence collect writes"
        )
        raise InvalidInput([Fault(sample.source, "simulator histories", problem, allowed)])


def _digest(
    survey: ModelSurvey, settings: StudySettings, references: Mapping[str, str], *fits: FitSettings
) -> str:
    parts = (
        __version__,
        survey.sample.counts.tolist(),
        survey.sample.stratum.tolist(),
        sorted(references.items()),
        {unit: table.tolist() for unit, table in survey.frequencies.items()},
        asdict(settings.reading),
        settings.sizes,
        settings.like,
        settings.n_draws,
        asdict(MODEL),
        QUANTILES,
        *fits,
    )
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:16]
