"""One unit's model fitted to a survey: everything ArviZ knows how to read, in one tree."""

import warnings
from collections.abc import Callable, Hashable
from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import xarray as xr

from sim.evidence.hierarchical.model_survey import Cells, ModelSurvey, cells_of
from sim.evidence.hierarchical.predictions import (
    contributors_draws,
    contributors_log_likelihood,
    effort_draws,
    effort_log_likelihood,
    predict_contributors,
    predict_frequencies,
    predicted_bins,
    thinned,
)
from sim.evidence.hierarchical.settings import ContributorsModel, FitSettings, MarksModel, UnitModel
from sim.types import Array, Integers

if TYPE_CHECKING:
    import pymc as pm


def sample_model(
    model: "pm.Model", settings: FitSettings, seed: int, structure: Hashable | None = None
) -> xr.DataTree:
    """Return a model's ``posterior`` and ``sample_stats``, (chain, draw, ...).

    Parameters
    ----------
    model
        Any PyMC model.
    settings
        How to sample: sampler, draws, chains and cores.
    seed
        One integer for all chains; the same seed, settings and versions give the same draws.
    structure
        What models share that differ only in their data: nutpie then compiles the first alone, which takes
        longer than sampling a small survey, and gives it the data of the others. With ``None`` nothing is
        shared.

    Returns
    -------
    DataTree
        Groups ``posterior`` and ``sample_stats``.
    """
    stated = {name: getattr(settings, name) for name in ("draws", "tune", "chains", "cores", "target_accept")}
    drawn = _SAMPLERS[settings.sampler](model, seed, structure, **stated)
    tree = xr.DataTree()
    for group in ("posterior", "sample_stats"):
        found = drawn[group].to_dataset()
        found = found.assign_coords(
            {dim: list(model.coords[dim]) for dim in found.dims if dim in model.coords}
        )
        found.attrs = {name: value for name, value in found.attrs.items() if name.startswith("inference")}
        tree[group] = xr.DataTree(found)
    return tree


def sample_prior(model: "pm.Model", n_draws: int, seed: int) -> xr.Dataset:
    """Return draws of a model's parameters before any data, (chain, draw, ...); one chain.

    Levels of single periods are left out: predictions draw them anew.

    Parameters
    ----------
    model
        Any PyMC model.
    n_draws
        Number of draws.
    seed
        Seed of the draws.

    Returns
    -------
    Dataset
        Draws, (chain, draw, ...), of one chain.
    """
    import pymc as pm

    variables = [each for each in (*model.free_RVs, *model.deterministics) if each.name != "period_level"]
    values = pm.draw(variables, draws=n_draws, random_seed=seed, mode="FAST_COMPILE")
    dims = model.named_vars_to_dims
    arrays = {
        each.name: (("chain", "draw", *(dims.get(each.name) or ())), np.asarray(found)[np.newaxis])
        for each, found in zip(variables, values, strict=True)
    }
    return xr.Dataset(arrays, coords={"stratum": list(model.coords["stratum"])})


def _by_nutpie(model: "pm.Model", seed: int, structure: Hashable | None, **stated: Any) -> Any:
    import nutpie

    compiled = _compiled(model, structure)
    return nutpie.sample(compiled, seed=seed, save_warmup=False, progress_bar=False, **stated)


def _compiled(model: "pm.Model", structure: Hashable | None) -> Any:
    """Compile a model, or give its data to one of the same structure that this process has compiled."""
    import nutpie

    if structure is None:
        return nutpie.compile_pymc_model(model)
    if structure not in _COMPILED:
        if len(_COMPILED) >= MOST_COMPILED:
            del _COMPILED[next(iter(_COMPILED))]
        _COMPILED[structure] = nutpie.compile_pymc_model(model)
    data = {variable.name: variable.get_value() for variable in model.data_vars}
    return _COMPILED[structure].with_data(**data)


def _by_pymc(model: "pm.Model", seed: int, _structure: Hashable | None, **stated: Any) -> Any:
    import pymc as pm

    with warnings.catch_warnings():
        # says that forked threads may lock up; PyMC's workers start no threads
        warnings.filterwarnings("ignore", message=".*fork", category=DeprecationWarning)
        warnings.filterwarnings("ignore", message=".*fork", category=RuntimeWarning)
        return pm.sample(
            random_seed=seed,
            nuts_sampler="pymc",
            progressbar=False,
            compute_convergence_checks=False,
            model=model,
            **stated,
        )


_SAMPLERS: dict[str, Callable[..., Any]] = {"nutpie": _by_nutpie, "pymc": _by_pymc}
_COMPILED: dict[Hashable, Any] = {}
MOST_COMPILED = 8


N_LOG_LIKELIHOOD, N_PREDICTIVE = 1000, 200
"""Draws, about, in the groups that hold a number for each period, or for each period and bin."""

FEW_STRATA_TARGET, FEW_STRATA_TUNE = 0.99, 1000


def fit_unit(
    survey: ModelSurvey, unit: str, model: UnitModel, settings: FitSettings, seed: int
) -> xr.DataTree:
    """Fit contributors by period, or the commits or lines of one contributor in one period.

    Parameters
    ----------
    survey
        The survey.
    unit
        One of ``UNITS``.
    model
        Name of the model of the unit.
    settings
        How to sample.
    seed
        Seed of chains and predictions.

    Returns
    -------
    DataTree
        Groups ``posterior``, ``sample_stats``, ``prior``; ``log_likelihood``, ``posterior_predictive``,
        ``prior_predictive`` and ``observed_data`` of ``contributors``, (period), or of ``frequencies``,
        (active_period, bin), bins named by their largest count; attributes ``unit`` and ``model``. The log
        likelihood has every few draws, the predictions fewer still; that of a period of frequencies is of
        all its bins, its own level integrated out.
    """
    from sim.evidence.hierarchical.models import contributors_model, marks_model, structure

    if unit == "contributors":
        built, cells = contributors_model(survey, cast(ContributorsModel, model)), None
    else:
        built, cells = marks_model(survey, unit, cast(MarksModel, model)), cells_of(survey, unit)
    tree = sample_model(built, _careful(survey, unit, settings), seed, structure(survey, unit, model))
    tree["prior"] = xr.DataTree(sample_prior(built, N_PREDICTIVE, seed))
    name, dim = ("contributors", "period") if cells is None else ("frequencies", "active_period")
    rng = np.random.default_rng([seed, 0 if cells is None else 1])
    for source in ("posterior", "prior"):
        part = thinned(tree[source].to_dataset(), N_PREDICTIVE)
        if cells is None:
            found, bins = predict_contributors(survey, contributors_draws(part), rng), None
        else:
            found = predict_frequencies(survey, cells, unit, effort_draws(part), cast(MarksModel, model), rng)
            bins = predicted_bins(survey.upper[unit])
        tree[f"{source}_predictive"] = _group(name, found, part, dim, bin=bins)
    part = thinned(tree["posterior"].to_dataset(), N_LOG_LIKELIHOOD)
    if cells is None:
        likelihood = contributors_log_likelihood(survey, contributors_draws(part))
    else:
        likelihood = effort_log_likelihood(cells, effort_draws(part), cast(MarksModel, model))
    tree["log_likelihood"] = _group(name, likelihood, part, dim)
    tree["observed_data"] = xr.DataTree(_observed_data(survey, unit, cells))
    tree.attrs = {"unit": unit, "model": model}
    return tree


def _careful(survey: ModelSurvey, unit: str, settings: FitSettings) -> FitSettings:
    """Return settings with smaller steps and longer tuning where few strata leave the priors much to say."""
    from sim.evidence.hierarchical.models import is_rich

    if is_rich(survey, unit):
        return settings
    target, tune = max(settings.target_accept, FEW_STRATA_TARGET), max(settings.tune, FEW_STRATA_TUNE)
    return replace(settings, target_accept=target, tune=tune)


def _observed_data(survey: ModelSurvey, unit: str, cells: Cells | None) -> xr.Dataset:
    labels = {"label": survey.sample.stratum, "start": survey.sample.start.astype("datetime64[ns]")}
    if cells is None:
        coordinates = {name: ("period", value) for name, value in labels.items()}
        return xr.Dataset({"contributors": (("period",), survey.contributors)}, coordinates)
    upper = predicted_bins(survey.upper[unit])
    padded = np.zeros((len(cells.stratum), len(upper)), dtype=np.int64)
    observed = survey.frequencies[unit][survey.active]
    padded[:, : observed.shape[1]] = observed
    of_active = {name: value[survey.active] for name, value in labels.items()}
    of_active["active_period"] = np.flatnonzero(survey.active)
    coordinates = {name: ("active_period", value) for name, value in of_active.items()}
    return xr.Dataset({"frequencies": (("active_period", "bin"), padded)}, coordinates | {"bin": upper})


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
