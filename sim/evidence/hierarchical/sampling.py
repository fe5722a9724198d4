"""A PyMC model sampled by NUTS."""

import warnings
from collections.abc import Callable, Hashable
from typing import Any

import numpy as np
import pymc as pm
import xarray as xr

from sim.evidence.hierarchical.settings import FitSettings


def sample_model(
    model: pm.Model, settings: FitSettings, seed: int, structure: Hashable | None = None
) -> xr.DataTree:
    """Return a model's ``posterior`` and ``sample_stats``, (chain, draw, ...).

    Parameters
    ----------
    model
        Any PyMC model.
    settings
        Sampler, draws, chains and cores.
    seed
        One integer for all chains; the same seed, settings and versions give the same draws.
    structure
        What models share that differ only in their data: nutpie then compiles the first alone, which takes
        longer than sampling a small survey, and gives it the data of the others. ``None`` never shares.

    Returns
    -------
    DataTree
        Groups ``posterior`` and ``sample_stats``.
    """
    drawn = _SAMPLERS[settings.sampler](model, settings, seed, structure)
    tree = xr.DataTree()
    for group in ("posterior", "sample_stats"):
        found = drawn[group].to_dataset()
        found = found.assign_coords(
            {dim: list(model.coords[dim]) for dim in found.dims if dim in model.coords}
        )
        found.attrs = {name: value for name, value in found.attrs.items() if name.startswith("inference")}
        tree[group] = xr.DataTree(found)
    return tree


def sample_prior(model: pm.Model, n_draws: int, seed: int) -> xr.Dataset:
    """Return draws of a model's parameters before any data, (chain, draw, ...); one chain.

    Levels of single periods are left out: predictions draw them anew.

    Parameters
    ----------
    model
        Any PyMC model.
    n_draws
        Number of draws.
    seed
        Of the draws.

    Returns
    -------
    Dataset
        (chain, draw, ...), one chain.
    """
    variables = [each for each in (*model.free_RVs, *model.deterministics) if each.name != "period_level"]
    values = pm.draw(variables, draws=n_draws, random_seed=seed, mode="FAST_COMPILE")
    dims = model.named_vars_to_dims
    arrays = {
        each.name: (("chain", "draw", *(dims.get(each.name) or ())), np.asarray(found)[np.newaxis])
        for each, found in zip(variables, values, strict=True)
    }
    return xr.Dataset(arrays, coords={"stratum": list(model.coords["stratum"])})


def _by_nutpie(model: pm.Model, settings: FitSettings, seed: int, structure: Hashable | None) -> Any:
    import nutpie

    return nutpie.sample(
        _compiled(model, structure),
        draws=settings.draws,
        tune=settings.tune,
        chains=settings.chains,
        cores=settings.cores,
        seed=seed,
        target_accept=settings.target_accept,
        save_warmup=False,
        progress_bar=False,
    )


def _compiled(model: pm.Model, structure: Hashable | None) -> Any:
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


def _by_pymc(model: pm.Model, settings: FitSettings, seed: int, _structure: Hashable | None) -> Any:
    with warnings.catch_warnings():
        # says that forked threads may lock up; PyMC's workers start no threads
        warnings.filterwarnings("ignore", message=".*fork", category=DeprecationWarning)
        warnings.filterwarnings("ignore", message=".*fork", category=RuntimeWarning)
        return pm.sample(
            draws=settings.draws,
            tune=settings.tune,
            chains=settings.chains,
            cores=settings.cores,
            random_seed=seed,
            target_accept=settings.target_accept,
            nuts_sampler="pymc",
            progressbar=False,
            compute_convergence_checks=False,
            model=model,
        )


Sample = Callable[[pm.Model, FitSettings, int, Hashable | None], Any]

_SAMPLERS: dict[str, Sample] = {"nutpie": _by_nutpie, "pymc": _by_pymc}
_COMPILED: dict[Hashable, Any] = {}
MOST_COMPILED = 8
