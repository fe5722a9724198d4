"""The folder of a sweep: finished points, and for each grid its table and figures."""

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd

from sim.analysis.sweep.grid import SweepGrid
from sim.figures.style import save
from sim.figures.sweep_curve import sweep_curve_figure
from sim.figures.sweep_map import sweep_map_figures
from sim.files import complete_or_absent, write_csv, write_json
from sim.scenario.data_files import resolved_toml


def write_sweep(grid: SweepGrid, table: pd.DataFrame, out: Path, command: Sequence[str]) -> Path:
    """Write ``sweep.csv``, the scenario and the figures of a grid; its folder appears complete or not at all.

    Parameters
    ----------
    grid
        The grid that was run.
    table
        Its :func:`sim.analysis.sweep.points.sweep_table`.
    out
        Parent of the folder.
    command
        Command line, which is kept in the provenance.

    Returns
    -------
    Path
        The folder ``grid-<digest>`` inside that of the sweep.

    Raises
    ------
    InvalidInput
        If the folder cannot be written.
    """
    points = "\n".join(point.digest for point in grid.points)
    keys = " ".join(axis.key for axis in grid.axes)
    name = f"grid-{hashlib.sha256(f'{keys}\n{points}'.encode()).hexdigest()[:8]}"
    folder = out / grid.folder / name
    with complete_or_absent(folder) as part:
        write_csv(part / "sweep.csv", table)
        text = resolved_toml(grid.base, folder.resolve())
        (part / "scenario.toml").write_text(text, encoding="utf-8")
        provenance = {
            "command": " ".join(command),
            "created": datetime.now(UTC).isoformat(timespec="seconds"),
            "axes": {axis.key: list(axis.texts) for axis in grid.axes},
        }
        write_json(part / "provenance.json", provenance)
        rows = table[table["outcome"] == grid.base.report.outcome]
        if len(grid.axes) == 1:
            save(sweep_curve_figure(grid, rows), part, "curve")
        else:
            for drawn, figure in sweep_map_figures(grid, rows).items():
                save(figure, part, drawn)
    return folder
