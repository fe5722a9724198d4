"""What a run holds as one NetCDF file, which others open with xarray alone."""

import io
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.faults import Fault, InvalidInput
from sim.files import broken_seal, seal
from sim.results import A_RUN, FORMAT, Content, numbers_digest
from sim.types import Variable

if TYPE_CHECKING:
    import h5netcdf
    import xarray as xr

WITHOUT_LOCKS = {"locking": False}
"""HDF5 need not lock what is written whole and never changed, and network disks may refuse to."""
UNREADABLE = (OSError, ValueError, KeyError, TypeError, AttributeError, IndexError, RuntimeError, MemoryError)
"""What h5py, h5netcdf and xarray raise for a file that is no NetCDF, or not a whole one."""


def write(content: Content, path: Path) -> None:
    """Write what a run holds as one NetCDF-4 file that xarray opens with ``xarray.open_datatree``.

    The file, in place of any that is there, ends with a digest over all of it (:mod:`sim.files`). Whole
    numbers are packed; draws of a continuous quantity would lose a twentieth of their size, and take most of
    the time.

    Parameters
    ----------
    content
        Groups of variables, and attributes.
    path
        The file to write.
    """
    import h5netcdf

    groups, attributes = content
    written = io.BytesIO()  # HDF5 may bring the process down when the disk is full
    with h5netcdf.File(written, "w") as file:
        file.attrs.update(attributes)
        for place, variables in groups.items():
            node = file if place == "/" else file.create_group(place)
            for name, variable in variables.items():
                _write_variable(node, name, variable)
    path.write_bytes(seal(written.getvalue()))


def _write_variable(node: "h5netcdf.Group", name: str, variable: Variable) -> None:
    """Write a variable as xarray does: draws that are missing are NaN, text is of any length."""
    from h5py import string_dtype

    dimensions, values, attributes = variable
    for dimension, size in zip(dimensions, values.shape, strict=True):
        if dimension not in node.dimensions:
            node.dimensions[dimension] = size
    options: dict[str, Any] = {}
    match values.dtype.kind:
        case "f" if name not in dimensions:
            options["fillvalue"] = np.float64("nan")
        case "i":
            options |= {"compression": "gzip", "compression_opts": 1, "shuffle": True}
        case "U" | "T" | "O":
            options["dtype"] = string_dtype()
            values = values.astype(object)
    written = node.create_variable(name, dimensions, data=values, **options)
    written.attrs.update(attributes)


def _missing(path: Path) -> Fault:
    """Return the fault of a file that is not there, with a folder inside its own that has one."""
    if path.exists() or not path.parent.is_dir():
        return Fault(str(path), "", "not a plain file" if path.exists() else "no such results file")
    inside = sorted(path.parent.glob(f"*/{path.name}"))
    nearest = str(inside[0].parent) if inside else ""
    return Fault(str(path.parent), "", f"no {path.name} in this folder", A_RUN, nearest)


def read(path: Path) -> Content:
    """Read what a run holds and verify their digests: of the file before HDF5 sees it, then of the numbers.

    Raises
    ------
    InvalidInput
        If the file is missing, is not a results file of this format, holds what results never do (links to
        other files, arrays beyond half the machine's memory), or does not have the digests it states.
    """
    import xarray as xr

    from sim.hdf5_guard import half_of_memory, refuse_hostile

    if not path.is_file():
        raise InvalidInput([_missing(path)])
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
    groups, attributes = content_of_tree(tree)
    if numbers_digest(groups) != tree.attrs.get("numbers_digest"):
        problem = "the numbers do not have the digest the file states: damaged or edited"
        raise InvalidInput([Fault(str(path), "numbers_digest", problem)])
    return groups, attributes


def content_of_tree(tree: "xr.DataTree") -> Content:
    """Return the groups of variables and the attributes that a tree holds."""
    nodes = {node.path: node.to_dataset(inherit=False).variables for node in tree.subtree}
    groups = {
        path: {
            str(name): (tuple(map(str, each.dims)), np.asarray(each.values), dict(each.attrs))
            for name, each in variables.items()
        }
        for path, variables in nodes.items()
    }
    return groups, {str(name): value for name, value in tree.attrs.items()}
