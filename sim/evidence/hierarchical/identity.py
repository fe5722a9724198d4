"""What a posterior depends on, versions of libraries aside."""

import hashlib
from collections.abc import Mapping
from dataclasses import replace

from sim.evidence.hierarchical.cache import survey_digest
from sim.evidence.hierarchical.grouped import GroupedSurvey
from sim.evidence.hierarchical.settings import FitSettings
from sim.evidence.readings import UNITS
from sim.evidence.resampling import RngFor

LARGEST_SEED = 2**31


def posterior_parts(
    survey: GroupedSurvey, references: Mapping[str, str], settings: FitSettings, rng_for: RngFor
) -> tuple[object, ...]:
    """Return survey, references, sampling, models and seeds: all that decides a posterior's draws."""
    seeds = tuple(unit_seed(unit, rng_for) for unit in UNITS)
    return (
        survey_digest(survey),
        sorted(references.items()),
        sampling_parts(settings),
        settings.model,
        seeds,
    )


def posterior_digest(
    survey: GroupedSurvey, references: Mapping[str, str], settings: FitSettings, rng_for: RngFor
) -> str:
    """Return the SHA-256 of what a posterior depends on, the number of its draws aside, hexadecimal."""
    parts = posterior_parts(survey, references, replace(settings, draws=FitSettings.draws), rng_for)
    return hashlib.sha256(repr(parts).encode()).hexdigest()


def unit_seed(unit: str, rng_for: RngFor) -> int:
    """Return the seed of a unit's chains."""
    return int(rng_for(f"posterior, {unit}").integers(LARGEST_SEED))


def sampling_parts(settings: FitSettings) -> tuple[object, ...]:
    """Return the settings on which draws depend."""
    return (settings.draws, settings.tune, settings.chains, settings.sampler, settings.target_accept)
