"""A study set up from a period file: simulators, references, and the digest its trials are kept under."""

import hashlib
from dataclasses import asdict, dataclass
from pathlib import Path

from sim import __version__
from sim.evidence.estimands import check_references
from sim.evidence.hierarchical.grouped import GroupedSurvey, read_grouped
from sim.evidence.hierarchical.settings import FitSettings
from sim.evidence.readings import Reading
from sim.evidence.resampling import RngFor
from sim.evidence.sampling_error import STUDIED_REFERENCES
from sim.evidence.study.methods import FIT
from sim.evidence.study.model import ModelSurveys, Sizes
from sim.evidence.study.parameters import MODEL
from sim.evidence.study.resampled import LIKE, ResampledSurveys
from sim.evidence.study.trial import Study
from sim.evidence.switches import Lines


@dataclass(frozen=True)
class Settings:
    """What a study's user may choose, methods and number of simulations aside.

    Parameters
    ----------
    data
        Period file, ``frequencies.csv`` beside it.
    lines
        How its lines are read. Simulator ``model`` holds each contributor's lines at the reading's cap.
    sizes
        See :class:`sim.evidence.study.model.ModelSurveys`.
    like
        See :class:`sim.evidence.study.resampled.ResampledSurveys`.
    n_draws
        Draws of a bootstrap method.
    """

    data: Path
    lines: Lines = "capped"
    sizes: Sizes = "surveyed"
    like: int = LIKE
    n_draws: int = 2000


def set_up(settings: Settings, seed: int, rng_for: RngFor) -> Study:
    """Read the survey and make its simulators.

    Parameters
    ----------
    settings
        Chosen.
    seed
        Told to the store.
    rng_for
        Gives the generator that belongs to a name, and depends on the seed.

    Raises
    ------
    InvalidInputError
        If the period file cannot be used, or a reference of the study has no ratio in it.
    """
    survey = read_grouped(settings.data, Reading(lines=settings.lines))
    check_references(survey.sample, STUDIED_REFERENCES)
    return Study(
        setup=_digest(survey, settings, ()),
        fit_setup=_digest(survey, settings, (FIT,)),
        seed=seed,
        rng_for=rng_for,
        simulators={
            "model": ModelSurveys(survey, STUDIED_REFERENCES, settings.sizes),
            "resampled": ResampledSurveys(survey, STUDIED_REFERENCES, settings.like),
        },
        references=STUDIED_REFERENCES,
        n_draws=settings.n_draws,
    )


def _digest(survey: GroupedSurvey, settings: Settings, fits: tuple[FitSettings, ...]) -> str:
    parts = (
        __version__,
        survey.sample.counts.tolist(),
        {unit: table.tolist() for unit, table in survey.frequencies.items()},
        settings.lines,
        settings.sizes,
        settings.like,
        settings.n_draws,
        asdict(MODEL),
        *fits,
    )
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:16]
