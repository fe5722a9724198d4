"""One unit's model fitted to a survey: everything ArviZ knows how to read, in one tree."""

from dataclasses import replace

import numpy as np
import xarray as xr

from sim.evidence.hierarchical.cells import Cells, cells_of
from sim.evidence.hierarchical.grouped import GroupedSurvey, Integers
from sim.evidence.hierarchical.parameter_draws import contributors_draws, effort_draws, thinned
from sim.evidence.hierarchical.predictive import (
    contributors_log_likelihood,
    effort_log_likelihood,
    predict_contributors,
    predict_frequencies,
    predicted_bins,
)
from sim.evidence.hierarchical.settings import ContributorsModel, FitSettings, MarksModel
from sim.types import Array

N_LOG_LIKELIHOOD, N_PREDICTIVE = 1000, 200
"""Draws, about, in the groups that hold a number for each period, or for each period and bin."""

FEW_STRATA_TARGET, FEW_STRATA_TUNE = 0.99, 1000


def fit_contributors(
    survey: GroupedSurvey, model: ContributorsModel, settings: FitSettings, seed: int
) -> xr.DataTree:
    """Fit contributors by period.

    Parameters
    ----------
    survey
        The survey.
    model
        Which model.
    settings
        How to sample.
    seed
        Of chains and predictions.

    Returns
    -------
    DataTree
        Groups ``posterior``, ``sample_stats``, ``prior``; ``log_likelihood``, ``posterior_predictive``,
        ``prior_predictive`` and ``observed_data`` of ``contributors``, (period); attributes ``unit`` and
        ``model``. The log likelihood has every few draws, the predictions fewer still.
    """
    from sim.evidence.hierarchical.models import contributors_model, structure
    from sim.evidence.hierarchical.sampling import sample_model, sample_prior

    built = contributors_model(survey, model)
    tree = sample_model(
        built, _careful(survey, "contributors", settings), seed, structure(survey, "contributors", model)
    )
    tree["prior"] = xr.DataTree(sample_prior(built, N_PREDICTIVE, seed))
    rng = np.random.default_rng([seed, 0])
    for source in ("posterior", "prior"):
        part = thinned(tree[source].to_dataset(), N_PREDICTIVE)
        found = predict_contributors(survey, contributors_draws(part), rng)
        tree[f"{source}_predictive"] = _group("contributors", found, part, "period")
    part = thinned(tree["posterior"].to_dataset(), N_LOG_LIKELIHOOD)
    likelihood = contributors_log_likelihood(survey, contributors_draws(part))
    tree["log_likelihood"] = _group("contributors", likelihood, part, "period")
    tree["observed_data"] = xr.DataTree(
        xr.Dataset({"contributors": (("period",), survey.contributors)}, _coordinates(survey))
    )
    tree.attrs = {"unit": "contributors", "model": model}
    return tree


def fit_marks(
    survey: GroupedSurvey, unit: str, model: MarksModel, settings: FitSettings, seed: int
) -> xr.DataTree:
    """Fit commits or lines of one contributor in one period.

    Parameters
    ----------
    survey
        The survey.
    unit
        ``commits`` or ``lines``.
    model
        Which model.
    settings
        How to sample.
    seed
        Of chains and predictions.

    Returns
    -------
    DataTree
        As from :func:`fit_contributors`, with ``frequencies`` (active_period, bin) for the observed data and
        the predictions; bins are named by their largest count. The log likelihood of a period is that of all
        its bins, its own level integrated out.
    """
    from sim.evidence.hierarchical.models import marks_model, structure
    from sim.evidence.hierarchical.sampling import sample_model, sample_prior

    built = marks_model(survey, unit, model)
    cells = cells_of(survey, unit)
    tree = sample_model(built, _careful(survey, unit, settings), seed, structure(survey, unit, model))
    tree["prior"] = xr.DataTree(sample_prior(built, N_PREDICTIVE, seed))
    rng = np.random.default_rng([seed, 1])
    upper = predicted_bins(survey.upper[unit])
    for source in ("posterior", "prior"):
        part = thinned(tree[source].to_dataset(), N_PREDICTIVE)
        found = predict_frequencies(survey, cells, unit, effort_draws(part), model, rng)
        tree[f"{source}_predictive"] = _group("frequencies", found, part, "active_period", bin=upper)
    part = thinned(tree["posterior"].to_dataset(), N_LOG_LIKELIHOOD)
    tree["log_likelihood"] = _group(
        "frequencies", effort_log_likelihood(cells, effort_draws(part), model), part, "active_period"
    )
    tree["observed_data"] = _observed_frequencies(survey, unit, cells)
    tree.attrs = {"unit": unit, "model": model}
    return tree


def _careful(survey: GroupedSurvey, unit: str, settings: FitSettings) -> FitSettings:
    """Return settings with smaller steps and longer tuning where few strata leave the priors much to say."""
    from sim.evidence.hierarchical.models import is_rich

    if is_rich(survey, unit):
        return settings
    target, tune = max(settings.target_accept, FEW_STRATA_TARGET), max(settings.tune, FEW_STRATA_TUNE)
    return replace(settings, target_accept=target, tune=tune)


def _observed_frequencies(survey: GroupedSurvey, unit: str, cells: Cells) -> xr.DataTree:
    upper = predicted_bins(survey.upper[unit])
    padded = np.zeros((len(cells.stratum), len(upper)), dtype=np.int64)
    observed = survey.frequencies[unit][survey.active]
    padded[:, : observed.shape[1]] = observed
    coordinates = {
        **{name: value[survey.active] for name, value in _labels(survey).items()},
        "active_period": np.flatnonzero(survey.active),
    }
    return xr.DataTree(
        xr.Dataset(
            {"frequencies": (("active_period", "bin"), padded)},
            {name: ("active_period", value) for name, value in coordinates.items()} | {"bin": upper},
        )
    )


def _coordinates(survey: GroupedSurvey) -> dict[str, tuple[str, np.ndarray]]:
    return {name: ("period", value) for name, value in _labels(survey).items()}


def _labels(survey: GroupedSurvey) -> dict[str, np.ndarray]:
    return {"label": survey.sample.stratum, "start": survey.sample.start.astype("datetime64[ns]")}


def _group(
    name: str, values: Array | Integers, like: xr.Dataset, *dims: str, bin: Integers | None = None
) -> xr.DataTree:
    """Return a group of one variable, its draws those of `like`, in the same order."""
    shape = (like.sizes["chain"], like.sizes["draw"])
    coordinates = {each: like[each].to_numpy() for each in ("chain", "draw") if each in like.coords}
    if bin is not None:
        dims, coordinates = (*dims, "bin"), {**coordinates, "bin": bin}
    array = values.reshape(*shape, *values.shape[1:])
    return xr.DataTree(xr.Dataset({name: (("chain", "draw", *dims), array)}, coordinates))
