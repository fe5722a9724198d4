"""What partial pooling makes of each stratum's few periods: mean as sampled against its posterior."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.figures.look import DOUBLE_COLUMN_CM, Look
from sim.figures.style import BLACK, BLUE, VERMILION, new_panels

NAME = "shrinkage"
LABELS = {
    "contributors": "contributors per period",
    "commits": "commits per contributor-period",
    "lines": "lines per contributor-period",
}
SMALLEST_AREA, LARGEST_AREA = 3.0, 45.0


def shrinkage_figure(table: pd.DataFrame) -> Figure:
    """Return a figure of :func:`sim.evidence.hierarchical.survey_fit.stratum_table`, a panel a unit."""
    figure, rows = new_panels(Look(DOUBLE_COLUMN_CM), 6.6, 1, len(LABELS))
    for letter, unit, ax in zip("abc", LABELS, rows[0], strict=True):
        draw_shrinkage(table[table["unit"] == unit], ax)
        ax.set_xlabel(f"{LABELS[unit]},\nas sampled")
        ax.set_title(letter, loc="left", fontweight="bold")
    rows[0][0].set_ylabel("posterior: median, 95 % interval (eti)")
    return figure


def draw_shrinkage(table: pd.DataFrame, ax: Axes) -> None:
    """Draw one point for each stratum, its area by contributor-periods, on log axes.

    A stratum that pooling leaves alone lies on the diagonal. A mean of zero, or none, is at the left edge,
    in another colour.

    Parameters
    ----------
    table, ax
        (stratum): ``raw``, ``median``, ``low``, ``high``, ``contributor_periods``; axes to draw on.
    """
    raw = table["raw"].to_numpy()
    positive = np.isfinite(raw) & (raw > 0)
    edge = 0.5 * float(raw[positive].min()) if positive.any() else 0.5 * float(table["median"].min())
    at = np.where(positive, raw, edge)
    n = table["contributor_periods"].to_numpy()
    area = SMALLEST_AREA + (LARGEST_AREA - SMALLEST_AREA) * n / max(float(n.max()), 1.0)
    colours = np.where(positive, BLUE, VERMILION)
    ax.vlines(at, table["low"], table["high"], colors=colours.tolist(), linewidth=0.4, alpha=0.5)
    ax.scatter(at, table["median"], s=area, c=colours.tolist(), alpha=0.75, linewidths=0)
    ax.axline((1.0, 1.0), slope=1.0, color=BLACK, linewidth=0.6, linestyle="--")
    ax.set_xscale("log")
    ax.set_yscale("log")
    if not positive.all():
        words = "none in its periods"
        ax.annotate(words, (0.03, 0.97), xycoords="axes fraction", va="top", color=VERMILION, fontsize=6)
