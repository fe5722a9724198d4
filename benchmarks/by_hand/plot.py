"""The six figures drawn again from what the script left: ``python -m benchmarks.by_hand.plot FOLDER``."""

import sys
from pathlib import Path

import h5py
import pandas as pd

from benchmarks.by_hand import figures

TABLES = ("tornado", "sensitivity_indices", "convergence", "drivers")


def main(out):
    summary = pd.read_csv(out / "summary.csv", keep_default_na=False)
    tables = {name: pd.read_csv(out / "tables" / f"{name}.csv") for name in TABLES}
    with h5py.File(out / "results.nc") as file:
        bcr = file["outcomes/bcr"][:]
    for name, draw in figures.of_run(bcr, summary, tables).items():
        figures.save(draw(8.8), out / "figures", name)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
