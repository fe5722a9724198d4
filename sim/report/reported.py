"""A finished run read back for the report page."""

from pathlib import Path

from sim.figures.columns import Columns
from sim.report.opened import open_run
from sim.report.page.told import Told
from sim.report.plot import select
from sim.report.plot_run import TABLES, folder_of, read_run
from sim.report.plot_tables import read_table

MORE = {
    "variance_by_kind": Columns({"scale": "text", "kind": "text", "shapley": "optional"}),
    "switching_values": Columns(
        {
            "parameter": "text",
            "title": "text",
            "unit": "text",
            "threshold": "number",
            "value": "optional",
            "percentile": "optional",
            "verdict": "text",
        }
    ),
}
"""Tables beside those of the figures, read where a run has them."""


def read_told(path: Path) -> Told:
    """Open a run with its summary and its tables.

    Parameters
    ----------
    path
        Folder of the run, or its ``results.nc``.

    Raises
    ------
    InvalidInputError
        If it is not a run, or one of its files is missing, damaged or of another run.
    """
    opened = open_run(path)
    folder = folder_of(opened.folder)
    run = read_run(folder)
    tables = dict(select(run, folder, ["all"]).tables)
    for name, columns in MORE.items():
        file = folder / TABLES / f"{name}.csv"
        if file.is_file():
            tables[name] = read_table(file, columns)
    return Told(opened.scenario, opened.results, run.summary, tables, folder)
