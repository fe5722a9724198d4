"""A parameter before and after it is conditioned on observed values."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from sim.figures.about import About
from sim.figures.axes import LINEAR, LOG, equal_on_log_axis, readable
from sim.figures.legends import legend_above
from sim.figures.style import BLACK, BLUE, VERMILION


def prior_posterior(table: pd.DataFrame, about: About, ax: Axes) -> Axes:
    """Draw both densities, and the observed values as ticks on the axis.

    Parameters
    ----------
    table
        ``low`` and ``high`` (edges of bins), ``prior`` and ``posterior`` (density per factor of e where the
        bins are of equal width on a log axis, per unit else), from
        :func:`sim.summary.density.prior_and_posterior`.
    about
        Parameter, and the values observed.
    ax
        Axes to draw on, logarithmic where the bins are.
    """
    words = about.words.labels
    edges = [*table["low"], table["high"].iloc[-1]]
    log = equal_on_log_axis(edges)
    ax.stairs(table["posterior"], edges, color=BLUE, fill=True, alpha=0.25, linewidth=0)
    ax.stairs(table["posterior"], edges, color=BLUE, label=words.posterior)
    middles = np.sqrt(table["low"] * table["high"]) if log else (table["low"] + table["high"]) / 2
    ax.plot(middles, table["prior"], color=VERMILION, linestyle="--", label=words.prior)
    ax.plot(
        about.observed,
        [0.0] * len(about.observed),
        "|",
        color=BLACK,
        markersize=8,
        clip_on=False,
        label=words.observed,
    )
    readable(ax.xaxis, about.words.suffixes, LOG if log else LINEAR)
    ax.set_ylim(bottom=0.0)
    ax.set_xlabel(about.axis)
    ax.set_ylabel(words.density_per_e if log else words.density)
    legend_above(ax)
    return ax
