"""How the statistics of an outcome settle as draws are added."""

from collections.abc import Sequence
from textwrap import fill

import pandas as pd
from matplotlib.axes import Axes

from sim.figures.about import About, sentence_case, with_unit
from sim.figures.acceptability import ERRORS
from sim.figures.axes import LOG, linear, readable
from sim.figures.legends import legend_above
from sim.figures.style import BLACK, BLUE, thick

STATISTICS = ("median", "mean", "low", "high")
"""In the order of the panels."""
TITLE = 16
"""Characters in a line of a panel's title."""


def statistics_of(table: pd.DataFrame) -> tuple[str, ...]:
    """Return the statistics a table of convergence holds, in the order of the panels."""
    known = table[table["value"].notna()]
    return tuple(name for name in STATISTICS if (known["statistic"] == name).any())


def convergence(table: pd.DataFrame, about: About, panels: Sequence[Axes]) -> None:
    """Draw one panel for each statistic, with a band of two Monte Carlo errors on either side.

    Parameters
    ----------
    table
        ``statistic`` (``median``, ``mean``, ``low``, ``high``), ``n_draws``, ``value``, ``error``; and, of a
        run that drew until its figures had settled, the ``tolerance`` within which they had to.
    about
        Outcome.
    panels
        Axes, one for each of :func:`statistics_of`; the number of draws is on a log axis.
    """
    words = about.words.labels
    titles = {
        "median": words.median,
        "mean": words.mean,
        "low": words.lower_end,
        "high": words.upper_end,
    }
    for statistic, ax in zip(statistics_of(table), panels, strict=True):
        rows = table[table["statistic"] == statistic].sort_values("n_draws")
        readable(ax.xaxis, about.words.suffixes, LOG)
        readable(ax.yaxis, about.words.suffixes, linear(rows["value"]))
        error = ERRORS * rows["error"].fillna(0.0)
        ax.fill_between(
            rows["n_draws"],
            rows["value"] - error,
            rows["value"] + error,
            color="0.75",
            linewidth=0,
            label=words.two_errors,
        )
        ax.axhline(
            float(rows["value"].iloc[-1]),
            color=BLACK,
            linestyle="--",
            linewidth=thick(0.8),
            label=words.all_draws,
        )
        _draw_tolerance(rows, ax, words.tolerance)
        ax.plot(rows["n_draws"], rows["value"], "o-", color=BLUE)
        ax.set_title(fill(sentence_case(titles[statistic]), TITLE))
    legend_above(panels[0])
    figure = panels[0].figure
    figure.supxlabel(words.n_draws, fontsize="medium")
    figure.supylabel(with_unit(about.outcome, about.unit), fontsize="medium")


def _draw_tolerance(rows: pd.DataFrame, ax: Axes, label: str) -> None:
    """Draw dotted lines a tolerance above and below the last value, where the table has one."""
    if "tolerance" not in rows or pd.isna(rows["tolerance"].iloc[-1]):
        return
    last, tolerance = float(rows["value"].iloc[-1]), float(rows["tolerance"].iloc[-1])
    for at, said in ((last - tolerance, label), (last + tolerance, None)):
        ax.axhline(at, color=BLACK, linestyle=":", linewidth=thick(0.8), label=said)
