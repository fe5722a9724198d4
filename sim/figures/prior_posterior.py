"""A parameter before and after it is conditioned on observed values."""

from collections.abc import Sequence

import pandas as pd
from matplotlib.axes import Axes

from sim.figures.axes import readable_log_axis


def prior_posterior(table: pd.DataFrame, observed: Sequence[float], label: str, log: bool, ax: Axes) -> Axes:
    """Draw both densities, and the observed values as ticks on the axis.

    Parameters
    ----------
    table
        ``low`` and ``high`` (edges of bins), ``prior`` and ``posterior`` (density per factor of e on a log
        axis, per unit else), from :func:`sim.summary.density.prior_and_posterior`.
    observed
        Observed values, in the parameter's unit.
    label
        Of the horizontal axis, with unit.
    log
        Whether the horizontal axis is logarithmic.
    ax
        Axes to draw on.
    """
    edges = [*table["low"], table["high"].iloc[-1]]
    ax.stairs(table["posterior"], edges, color="C0", fill=True, alpha=0.25)
    ax.stairs(table["posterior"], edges, color="C0", label="posterior")
    ax.stairs(table["prior"], edges, color="C1", linestyle="--", label="prior")
    ax.plot(observed, [0.0] * len(observed), "|", color="0.2", markersize=9, clip_on=False, label="observed")
    if log:
        readable_log_axis(ax)
    ax.set_ylim(bottom=0.0)
    ax.set_xlabel(label)
    ax.set_ylabel("density per factor of e" if log else "density")
    ax.legend()
    return ax
