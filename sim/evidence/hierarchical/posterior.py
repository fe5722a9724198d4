"""The posterior of every estimand: the one function that scenarios and the coverage study call."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import partial

import numpy as np
import xarray as xr

from sim.evidence.estimands import check_references
from sim.evidence.hierarchical.cache import (
    FitCache,
    Posterior,
    key_of,
    posterior_parts,
    sampling_parts,
    survey_digest,
    unit_seed,
)
from sim.evidence.hierarchical.diagnostics import Diagnostics, diagnose, refuse_unless_sound
from sim.evidence.hierarchical.expectation import estimand_draws, expected_counts
from sim.evidence.hierarchical.fit import fit_unit
from sim.evidence.hierarchical.model_survey import ModelSurvey
from sim.evidence.hierarchical.predictions import contributors_draws, effort_draws, stack_chains
from sim.evidence.hierarchical.settings import FitSettings
from sim.evidence.readings import UNITS, NameArray
from sim.types import Array, RngFor, Step, silent

COUNTS = "expected_count"
DIAGNOSTICS = "diagnostics"


@dataclass(frozen=True, eq=False)
class SurveyPosterior(Posterior):
    """A survey's posterior, with what the estimands are made from.

    Parameters
    ----------
    counts
        Expected counts of one period, (draw, stratum, unit), units in the order of ``UNITS``.
    """

    counts: Array


def as_tree(posterior: SurveyPosterior, strata: NameArray, n_chains: int) -> xr.DataTree:
    """Return a tree with group ``posterior``: every estimand, (chain, draw), and the strata's counts.

    The diagnostics are an attribute, as JSON.

    Parameters
    ----------
    posterior
        Draws of the estimands, and their diagnostics.
    strata
        Names of the strata.
    n_chains
        Number of chains into which the draws are parted.

    Returns
    -------
    DataTree
        Group ``posterior`` and the diagnostics.
    """
    arrays = {
        name: (("chain", "draw"), column.reshape(n_chains, -1)) for name, column in posterior.columns.items()
    }
    counts = posterior.counts.reshape(n_chains, -1, *posterior.counts.shape[1:])
    dataset = xr.Dataset(
        {**arrays, COUNTS: (("chain", "draw", "stratum", "unit"), counts)},
        coords={"stratum": strata.tolist(), "unit": list(UNITS)},
    )
    tree = xr.DataTree(children={"posterior": xr.DataTree(dataset)})
    tree.attrs = {DIAGNOSTICS: json.dumps(asdict(posterior.diagnostics))}
    return tree


def relative_tree(posterior: SurveyPosterior, n_chains: int) -> xr.DataTree:
    """Return a tree with group ``posterior``: every estimand over its median, (chain, draw).

    Parameters
    ----------
    posterior
        Draws of the estimands.
    n_chains
        Number of chains into which the draws are parted.

    Returns
    -------
    DataTree
        Group ``posterior``.
    """
    arrays = {
        name: (("chain", "draw"), (column / np.median(column)).reshape(n_chains, -1))
        for name, column in posterior.columns.items()
    }
    (shape,) = {array.shape for _, array in arrays.values()}
    places = {name: np.arange(n) for name, n in zip(("chain", "draw"), shape, strict=True)}
    return xr.DataTree(children={"posterior": xr.DataTree(xr.Dataset(arrays, places))})


def _from_tree(tree: xr.DataTree) -> SurveyPosterior:
    """Return what :func:`as_tree` was given."""
    found = json.loads(tree.attrs[DIAGNOSTICS])
    dataset = tree["posterior"].to_dataset()
    return SurveyPosterior(
        columns={str(name): stack_chains(dataset, str(name)) for name in dataset.data_vars if name != COUNTS},
        counts=np.ascontiguousarray(stack_chains(dataset, COUNTS)),
        diagnostics=Diagnostics.from_json(found),
    )


def posterior_columns(
    survey: ModelSurvey,
    references: Mapping[str, str],
    settings: FitSettings,
    rng_for: RngFor,
    cache: FitCache | None = None,
) -> SurveyPosterior:
    """Fit the three units and return the posterior of every estimand.

    Parameters
    ----------
    survey
        The survey in one reading.
    references
        Repository, ``org/project``, by the reference's short name.
    settings
        How to sample, and which models.
    rng_for
        Gives the generator that belongs to a name; each unit's chains have a seed from their own.
    cache
        Cache of fits and posteriors; without one every call fits anew.

    Returns
    -------
    SurveyPosterior
        Draws by column, expected counts, and diagnostics.

    Raises
    ------
    InvalidInput
        If a reference is not in the survey or has no ratio; or if the diagnostics refuse the posterior and
        the settings do not accept it, with the numbers.
    """
    check_references(survey.sample, references)

    def make() -> SurveyPosterior:
        return columns_of(survey, references, settings, fit_units(survey, settings, rng_for, cache))

    if cache is None:
        found = make()
    else:
        key = key_of(*posterior_parts(survey, references, settings, rng_for))
        found = _from_tree(cache.get(key, lambda: as_tree(make(), survey.names, settings.chains)))
    refuse_unless_sound(found.diagnostics, settings.accept_diagnostics)
    return found


def fit_units(
    survey: ModelSurvey,
    settings: FitSettings,
    rng_for: RngFor,
    cache: FitCache | None = None,
    step: Step = silent,
) -> dict[str, xr.DataTree]:
    """Return the fitted model of each unit (:func:`sim.evidence.hierarchical.fit.fit_unit`).

    Parameters
    ----------
    survey
        The survey in one reading.
    settings
        How to sample, and which models.
    rng_for
        Gives the generator that belongs to a name.
    cache
        Cache of fits; without one every call fits anew.
    step
        Called with a short description when a fit begins.

    Returns
    -------
    dict
        Fitted trees by unit.
    """
    fits: dict[str, xr.DataTree] = {}
    for unit in UNITS:
        seed, model = unit_seed(unit, rng_for), settings.model.of(unit)
        make = partial(fit_unit, survey, unit, model, settings, seed)
        step(f"fitting the model of {unit}")
        key = key_of(survey_digest(survey), unit, model, sampling_parts(settings), seed)
        fits[unit] = make() if cache is None else cache.get(key, make)
    return fits


def columns_of(
    survey: ModelSurvey,
    references: Mapping[str, str],
    settings: FitSettings,
    fits: Mapping[str, xr.DataTree],
) -> SurveyPosterior:
    """Return the posterior of every estimand from fitted units, whatever its diagnostics say.

    Parameters
    ----------
    survey
        The survey in one reading.
    references
        Repository, ``org/project``, by the reference's short name.
    settings
        How the units were sampled.
    fits
        Fitted trees by unit, from :func:`fit_units`.

    Returns
    -------
    SurveyPosterior
        Draws by column, expected counts, and diagnostics.
    """
    counts = expected_counts(
        survey,
        contributors_draws(fits["contributors"]["posterior"].to_dataset()),
        {unit: effort_draws(fits[unit]["posterior"].to_dataset()) for unit in UNITS[1:]},
    )
    columns = estimand_draws(survey, counts, references)
    return SurveyPosterior(columns, diagnose(columns, settings.chains, fits), counts)
