"""What a fit leaves behind: trees that ArviZ reads, and tables."""

from collections.abc import Mapping
from pathlib import Path

import pandas as pd
import xarray as xr

from sim.evidence.hierarchical.cache import write_tree
from sim.faults import Fault, InvalidInputError


def write_fit(
    folder: Path, trees: Mapping[str, xr.DataTree], tables: Mapping[str, pd.DataFrame]
) -> list[Path]:
    """Write trees as ``name.nc`` and tables as ``name.csv``; return the files.

    Parameters
    ----------
    folder
        Made if need be.
    trees, tables
        By name.

    Raises
    ------
    InvalidInputError
        If the folder cannot be written.
    """
    written = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, tree in trees.items():
            written.append(folder / f"{name}.nc")
            written[-1].unlink(missing_ok=True)
            write_tree(tree, written[-1])
        for name, table in tables.items():
            written.append(folder / f"{name}.csv")
            table.to_csv(written[-1], index=False, lineterminator="\n")
    except OSError as error:
        problem = f"cannot be written: {error.strerror or error}"
        raise InvalidInputError([Fault(str(folder), "", problem, "a folder that can be written")]) from error
    return written
