"""How every figure looks, and the one place that writes figures."""

import io
from pathlib import Path
from typing import Any

import matplotlib as mpl
from cycler import cycler
from matplotlib import style
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.faults import Fault, InvalidInputError

CM_PER_INCH = 2.54
SINGLE_COLUMN_CM, DOUBLE_COLUMN_CM = 8.8, 17.8
BLUE, VERMILION, GREEN, PURPLE, ORANGE, SKY, YELLOW, BLACK = (
    "#0072B2",
    "#D55E00",
    "#009E73",
    "#CC79A7",
    "#E69F00",
    "#56B4E9",
    "#F0E442",
    "#000000",
)
"""Okabe and Ito (2008), Color Universal Design: told apart by people with any colour vision."""

STYLE: dict[str, Any] = {
    "font.size": 8,
    "axes.titlesize": 8,
    "axes.labelsize": 8,
    "xtick.labelsize": 7,
    "ytick.labelsize": 7,
    "legend.fontsize": 7,
    "legend.frameon": False,
    "axes.linewidth": 0.6,
    "xtick.major.width": 0.6,
    "ytick.major.width": 0.6,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "lines.linewidth": 1.0,
    "axes.prop_cycle": cycler(color=[BLUE, VERMILION, GREEN, PURPLE, ORANGE, SKY, BLACK, YELLOW]),
    "pdf.fonttype": 42,
    "ps.fonttype": 42,
    "svg.hashsalt": "sim",
    "figure.constrained_layout.use": True,
}
DPI = 300
FORMATS: dict[str, dict[str, str | None]] = {"pdf": {"CreationDate": None}, "png": {}}
"""Formats with metadata; a date in it would make the bytes of equal figures differ."""


def apply() -> None:
    """Set matplotlib to this style for the process, whatever the user's own settings are."""
    mpl.rcdefaults()
    style.use(STYLE)


def new_axes(width_cm: float, height_cm: float) -> tuple[Figure, Axes]:
    """Return an empty figure of one panel, in this style."""
    figure, rows = new_grid(width_cm, height_cm, 1, 1)
    return figure, rows[0][0]


def new_grid(
    width_cm: float, height_cm: float, n_rows: int, n_columns: int
) -> tuple[Figure, tuple[tuple[Axes, ...], ...]]:
    """Return an empty figure and its panels, (row, column), in this style."""
    apply()
    figure = Figure(figsize=(width_cm / CM_PER_INCH, height_cm / CM_PER_INCH), layout="constrained")
    panels = figure.subplots(n_rows, n_columns, squeeze=False)
    return figure, tuple(tuple(row) for row in panels)


def save(figure: Figure, folder: Path, name: str) -> list[Path]:
    """Write a figure as PDF and PNG; the same figure gives the same bytes.

    Parameters
    ----------
    figure
        What to write.
    folder
        Made if need be.
    name
        File name without ending.

    Raises
    ------
    InvalidInputError
        If the folder cannot be written.
    """
    written = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for ending, metadata in FORMATS.items():
            content = io.BytesIO()
            figure.savefig(content, format=ending, dpi=DPI, metadata=metadata)
            written.append(folder / f"{name}.{ending}")
            written[-1].write_bytes(content.getvalue())
    except OSError as error:
        fault = Fault(
            str(folder), "", f"cannot be written: {error.strerror or error}", "a folder that can be written"
        )
        raise InvalidInputError([fault]) from error
    return written
