"""What a fit leaves behind: trees that ArviZ reads, and tables."""

from collections.abc import Mapping
from pathlib import Path

import pandas as pd
import xarray as xr

from sim.evidence.hierarchical.cache import write_tree
from sim.faults import Fault, InvalidInputError
from sim.temporary import temporary_folder


def write_fit(
    folder: Path, trees: Mapping[str, xr.DataTree], tables: Mapping[str, pd.DataFrame]
) -> list[Path]:
    """Write trees as ``name.nc`` and tables as ``name.csv``, each when all are whole; return the files.

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
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with temporary_folder(folder, ".fit-") as part:
            for name, tree in trees.items():
                write_tree(tree, part / f"{name}.nc")
            for name, table in tables.items():
                table.to_csv(part / f"{name}.csv", index=False, lineterminator="\n")
            names = [*(f"{name}.nc" for name in trees), *(f"{name}.csv" for name in tables)]
            return [(part / name).replace(folder / name) for name in names]
    except OSError as error:
        problem = f"cannot be written: {error.strerror or error}"
        raise InvalidInputError([Fault(str(folder), "", problem, "a folder that can be written")]) from error
