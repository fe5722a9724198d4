"""A study set up from a period file: simulators, references, and the digest its trials are kept under."""

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

from sim import __version__
from sim.evidence.coverage import STUDIED_REFERENCES
from sim.evidence.estimands import check_references
from sim.evidence.hierarchical.grouped import GroupedSurvey, read_grouped, read_ungrouped
from sim.evidence.hierarchical.settings import FitSettings
from sim.evidence.readings import Reading
from sim.evidence.resampling import RngFor
from sim.evidence.source.importer import FREQUENCIES
from sim.evidence.study.methods import BY_MODEL, FIT, StudyMethod
from sim.evidence.study.model import ModelSurveys, Sizes
from sim.evidence.study.parameters import MODEL
from sim.evidence.study.resampled import LIKE, ResampledSurveys
from sim.evidence.study.trial import Study


@dataclass(frozen=True)
class Settings:
    """What a study's user may choose, methods and number of simulations aside.

    Parameters
    ----------
    survey
        Period file.
    reading
        How it is read. Simulator ``model`` holds each contributor's lines at the reading's cap, and knows
        neither bots nor weekly bins.
    references
        Repository by the reference's short name; none stands for those of ``STUDIED_REFERENCES`` that the
        file has.
    sizes
        See :class:`sim.evidence.study.model.ModelSurveys`.
    like
        See :class:`sim.evidence.study.resampled.ResampledSurveys`.
    n_draws
        Draws of a bootstrap method.
    """

    survey: Path
    reading: Reading = field(default_factory=Reading)
    references: Mapping[str, str] = field(default_factory=dict)
    sizes: Sizes = "surveyed"
    like: int = LIKE
    n_draws: int = 2000


def set_up(settings: Settings, methods: Collection[StudyMethod], seed: int, rng_for: RngFor) -> Study:
    """Read the survey and make its simulators.

    Parameters
    ----------
    settings
        Chosen.
    methods
        That will be studied: those that fit a model need ``frequencies.csv`` beside the period file.
    seed
        Told to the store.
    rng_for
        Gives the generator that belongs to a name, and depends on the seed.

    Raises
    ------
    InvalidInputError
        If the period file, or the frequencies, cannot be used, or a reference has no ratio.
    """
    grouped = BY_MODEL.intersection(methods) or (settings.survey.parent / FREQUENCIES).exists()
    survey = (read_grouped if grouped else read_ungrouped)(settings.survey, settings.reading)
    known = set(survey.sample.repository)
    references = dict(settings.references) or {
        name: repository for name, repository in STUDIED_REFERENCES.items() if repository in known
    }
    check_references(survey.sample, references)
    return Study(
        setup=_digest(survey, settings, references, ()),
        fit_setup=_digest(survey, settings, references, (FIT,)),
        seed=seed,
        rng_for=rng_for,
        simulators={
            "model": ModelSurveys(survey, references, settings.sizes),
            "resampled": ResampledSurveys(survey, references, settings.like),
        },
        references=references,
        n_draws=settings.n_draws,
    )


def _digest(
    survey: GroupedSurvey,
    settings: Settings,
    references: Mapping[str, str],
    fits: tuple[FitSettings, ...],
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
        *fits,
    )
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:16]
