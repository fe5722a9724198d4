"""What one run leaves in memory and in one NetCDF file: inputs, draws, outcomes, attributes."""

import hashlib
import sys
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.draws.draws import Draws
from sim.faults import Fault, InvalidInput
from sim.files import broken_seal, seal
from sim.hdf5_guard import half_of_memory, refuse_hostile
from sim.outcomes import Outcomes
from sim.types import Array, Indices

if TYPE_CHECKING:
    import xarray as xr  # imported where a tree is made or read: a run prints its answer before

DIMENSIONS = ("randomisation", "draw")
FORMAT = "sim results 1"
WITHOUT_LOCKS = {"locking": False}
"""HDF5 need not lock what is written whole and never changed, and network disks may refuse to."""
UNREADABLE = (OSError, ValueError, KeyError, TypeError, AttributeError, IndexError, RuntimeError, MemoryError)
"""What h5py, h5netcdf and xarray raise for a file that is no NetCDF, or not a whole one."""


@dataclass(frozen=True, eq=False)
class Parts:
    """What a run has just made, of which a tree is made when one is asked for.

    Parameters
    ----------
    draws
        Of parameters, survey columns and choices, with all notes of the run.
    outcomes
        Of these draws.
    scenario_digest
        Of what was run.
    make_tree
        Returns the tree that :class:`Results` describes.
    """

    draws: Draws
    outcomes: Outcomes
    scenario_digest: str
    make_tree: "Callable[[], xr.DataTree]"


class Results:
    """The draws of one run, by group.

    Parameters
    ----------
    source
        A tree, or the parts of one. A tree has groups ``parameters``, ``evidence``, ``choices`` and
        ``outcomes``, every variable with dimensions (randomisation, draw) and its unit; below ``by_choice`` a
        group for each choice with the outcomes it touches, (alternative, randomisation, draw). Attributes
        hold seed, digests, versions and notes.
    """

    def __init__(self, source: "xr.DataTree | Parts") -> None:
        self._source = source

    def __reduce__(self) -> "tuple[type[Results], tuple[xr.DataTree]]":
        return Results, (self.tree,)

    @cached_property
    def tree(self) -> "xr.DataTree":
        """All of it."""
        return self._source.make_tree() if isinstance(self._source, Parts) else self._source

    @property
    def scenario_digest(self) -> str:
        """Digest of the scenario that was run."""
        parts = self._source
        return parts.scenario_digest if isinstance(parts, Parts) else str(parts.attrs.get("scenario_digest"))

    def has(self, group: str) -> bool:
        """Tell whether there is a group of this name, beside those that all results have."""
        return not isinstance(self._source, Parts) and group in self._source.children

    def variable(self, name: str) -> Array:
        """Return the draws of a parameter, survey column or outcome, (randomisation, draw)."""
        return {**self.draws.columns, **self.outcomes.drawn}[name]

    def dataset(self, group: str) -> "xr.Dataset":
        """Return one group as a dataset."""
        return self.tree[group].to_dataset()

    @cached_property
    def draws(self) -> Draws:
        """Draws of parameters, survey columns and choices."""
        if isinstance(self._source, Parts):
            return self._source.draws
        parameters, survey, choices = (self.dataset(group) for group in ("parameters", "evidence", "choices"))
        n_randomisations, n_draws = next(iter(self.outcomes.drawn.values())).shape
        columns = {**_arrays(parameters), **_arrays(survey)}
        return Draws(columns, _arrays(choices), (n_randomisations, n_draws), self.notes)

    @cached_property
    def outcomes(self) -> Outcomes:
        """The outcomes, as drawn and with each choice held at each of its alternatives."""
        if isinstance(self._source, Parts):
            return self._source.outcomes
        by_choice = {choice: _arrays(self.dataset(f"by_choice/{choice}")) for choice in self.choices}
        return Outcomes(_arrays(self.dataset("outcomes")), by_choice)

    @property
    def choices(self) -> tuple[str, ...]:
        """Names of the choices, sorted."""
        return tuple(sorted(str(name) for name in self.tree["by_choice"].children))

    @property
    def notes(self) -> tuple[str, ...]:
        """What the user should know before quoting a number."""
        if isinstance(self._source, Parts):
            return self._source.draws.notes
        return tuple(str(note) for note in self._source.attrs["notes"].split("\n") if note)


def _arrays(dataset: "xr.Dataset") -> dict[str, Any]:
    return {str(name): np.asarray(variable.values) for name, variable in dataset.data_vars.items()}


def group(arrays: Mapping[str, Array | Indices], attributes: Mapping[str, Mapping[str, str]]) -> "xr.Dataset":
    """Return arrays as a dataset whose variables carry their attributes.

    Parameters
    ----------
    arrays
        By name, each (randomisation, draw).
    attributes
        By name of array; of some or all.

    Returns
    -------
    xarray.Dataset
        One variable for each array.
    """
    import xarray as xr

    return xr.Dataset(
        {name: (DIMENSIONS, array, dict(attributes.get(name, {}))) for name, array in arrays.items()}
    )


def numbers_digest(tree: "xr.DataTree") -> str:
    """Return a sha256 over every array of a tree by name: equal if and only if all numbers are.

    One scenario has one digest on one machine; other processors round the last digits otherwise.
    """
    digest = hashlib.sha256()
    for node in sorted(tree.subtree, key=lambda node: node.path):
        for name, variable in sorted(node.to_dataset(inherit=False).variables.items(), key=_by_name):
            digest.update(f"{node.path}/{name}{variable.shape}".encode())
            values = np.asarray(variable.values)
            digest.update("\n".join(values).encode() if values.dtype.kind in "UTO" else values.tobytes())
    return digest.hexdigest()


def _by_name(item: "tuple[Hashable, xr.Variable]") -> str:
    return str(item[0])


def with_stamp(results: Results, stamp: Mapping[str, str]) -> Results:
    """Return the same results with further attributes, such as time and command.

    Parameters
    ----------
    results
        Left as they are.
    stamp
        Attributes by name, in place of any of the same name.

    Returns
    -------
    Results
        With the attributes on the root of their tree.
    """
    tree = results.tree.copy()
    tree.attrs = {**tree.attrs, **stamp}
    return Results(tree)


@contextmanager
def _without_dask() -> Iterator[None]:
    """Let xarray write without dask, which it imports where it is installed: a third of a second."""
    if "dask" in sys.modules:
        yield
        return
    sys.modules["dask"] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        del sys.modules["dask"]


def write(results: Results, path: Path) -> None:
    """Write results as one NetCDF-4 file that xarray opens with ``xarray.open_datatree``.

    The file ends with a digest over all of it (:mod:`sim.files`). Whole numbers are packed; draws of a
    continuous quantity would lose a twentieth of their size, and take most of the time.

    Parameters
    ----------
    results
        Of a run.
    path
        File to write, in place of any that is there.
    """
    encoding = {
        node.path: {
            str(name): {"zlib": True, "complevel": 1}
            for name, variable in node.data_vars.items()
            if variable.dtype.kind == "i"
        }
        for node in results.tree.subtree
        if node.data_vars
    }
    # made in memory first: HDF5 may bring the process down when the disk is full
    with _without_dask():
        content = results.tree.to_netcdf(engine="h5netcdf", encoding=encoding)
    path.write_bytes(seal(content))


def read(path: Path) -> Results:
    """Read results and verify their digests: of the file before HDF5 sees it, then of the numbers.

    Raises
    ------
    InvalidInput
        If the file is missing, is not a results file of this format, holds what results never do (links to
        other files, arrays beyond half the machine's memory), or does not have the digests it states.
    """
    import xarray as xr

    if not path.is_file():
        problem = "not a plain file" if path.exists() else "no such results file"
        raise InvalidInput([Fault(str(path), "", problem)])
    try:
        problem = broken_seal(path)
        if problem:
            raise InvalidInput([Fault(str(path), "", f"not results that can be trusted: {problem}")])
        refuse_hostile(path, half_of_memory())
        with xr.open_datatree(path, engine="h5netcdf", driver_kwds=WITHOUT_LOCKS) as tree:
            tree.load()
    except UNREADABLE as error:
        raise InvalidInput([Fault(str(path), "", f"cannot be read as NetCDF: {error}")]) from None
    if tree.attrs.get("format") != FORMAT:
        found = tree.attrs.get("format", "no format attribute")
        made_by = str(tree.attrs.get("versions", "")).split(" python ", maxsplit=1)[0]
        problem = f"not results of this version: {found}{made_by and f', of {made_by}'}"
        raise InvalidInput([Fault(str(path), "format", problem, FORMAT)])
    if numbers_digest(tree) != tree.attrs.get("numbers_digest"):
        problem = "the numbers do not have the digest the file states: damaged or edited"
        raise InvalidInput([Fault(str(path), "numbers_digest", problem)])
    return Results(tree)


def joint_draws(results: Results, alternatives: Mapping[str, Sequence[str]]) -> "xr.Dataset":
    """Return copies of all draws as one dataset, with units and titles.

    Parameters
    ----------
    results
        Of a run.
    alternatives
        Names by choice, which stand in place of their numbers.

    Returns
    -------
    xarray.Dataset
        Parameters, survey columns, outcomes and choices, each (randomisation, draw).
    """
    import xarray as xr

    parts = [results.dataset(name) for name in ("parameters", "evidence", "outcomes")]
    chosen = {
        str(name): (DIMENSIONS, np.array(alternatives[str(name)])[variable.values])
        for name, variable in results.dataset("choices").data_vars.items()
    }
    return xr.merge([*parts, xr.Dataset(chosen)], compat="identical", join="exact").copy(deep=True)


def for_arviz(results: Results) -> "xr.DataTree":
    """Return the draws as ArviZ expects them: one ``posterior`` group with dimensions (chain, draw).

    Each randomisation stands for a chain. Parameters, survey columns and outcomes keep their names.
    """
    import xarray as xr

    parts = [results.dataset(name) for name in ("parameters", "evidence", "outcomes")]
    merged = xr.merge(parts, compat="identical", join="exact").rename({DIMENSIONS[0]: "chain"})
    n_chains, n_draws = merged.sizes["chain"], merged.sizes["draw"]
    posterior = merged.assign_coords(chain=np.arange(n_chains), draw=np.arange(n_draws))
    return xr.DataTree.from_dict({"posterior": posterior})
