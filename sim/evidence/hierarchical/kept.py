"""A posterior of the estimands as a tree that ArviZ reads, and back."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass

import numpy as np
import xarray as xr

from sim.evidence.hierarchical.arrays import stacked
from sim.evidence.hierarchical.diagnostics import Diagnostics
from sim.evidence.readings import UNITS, Names
from sim.types import Array

COUNTS = "expected_count"
DIAGNOSTICS = "diagnostics"


@dataclass(frozen=True, eq=False)
class PosteriorColumns:
    """Posterior draws of every estimand.

    Parameters
    ----------
    columns
        (draw) by column of :mod:`sim.evidence.columns`, chain after chain; a draw is one joint draw of all.
    counts
        Expected counts of one period, (draw, stratum, unit), units in the order of ``UNITS``.
    diagnostics
        How well they were sampled.
    """

    columns: Mapping[str, Array]
    counts: Array
    diagnostics: Diagnostics


def as_tree(posterior: PosteriorColumns, strata: Names, n_chains: int) -> xr.DataTree:
    """Return a tree with group ``posterior``: every estimand, (chain, draw), and the strata's counts.

    The diagnostics are an attribute, as JSON.
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


def relative_tree(posterior: PosteriorColumns, n_chains: int) -> xr.DataTree:
    """Return a tree with group ``posterior``: every estimand over its median, (chain, draw)."""
    arrays = {
        name: (("chain", "draw"), (column / np.median(column)).reshape(n_chains, -1))
        for name, column in posterior.columns.items()
    }
    (shape,) = {array.shape for _, array in arrays.values()}
    places = {name: np.arange(n) for name, n in zip(("chain", "draw"), shape, strict=True)}
    return xr.DataTree(children={"posterior": xr.DataTree(xr.Dataset(arrays, places))})


def from_tree(tree: xr.DataTree) -> PosteriorColumns:
    """Return what :func:`as_tree` was given."""
    found = json.loads(tree.attrs[DIAGNOSTICS])
    dataset = tree["posterior"].to_dataset()
    return PosteriorColumns(
        columns={str(name): stacked(dataset, str(name)) for name in dataset.data_vars if name != COUNTS},
        counts=np.ascontiguousarray(stacked(dataset, COUNTS)),
        diagnostics=Diagnostics.from_json(found),
    )
