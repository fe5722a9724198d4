"""Whole figures: how many panels, how high, for a table and a look."""

import math

import pandas as pd
from matplotlib.figure import Figure

from sim.figures.about import About
from sim.figures.acceptability import acceptability
from sim.figures.convergence import convergence, statistics_of
from sim.figures.distribution import distribution
from sim.figures.drivers import drivers, drivers_of
from sim.figures.forest import forest
from sim.figures.indices import ORDERS, indices, scales_of
from sim.figures.prior_posterior import prior_posterior
from sim.figures.style import Look, new_panels
from sim.figures.threshold_map import threshold_map
from sim.figures.tornado import tornado

WIDE_CM = 12.0
"""From this width on, at the size of type of papers, small multiples get more columns."""
LINES_OF_LABEL_CM = 0.62


def distribution_figure(table: pd.DataFrame, about: About, look: Look) -> Figure:
    """Return :func:`sim.figures.distribution.distribution` as a figure."""
    figure, panels = new_panels(look, look.curve_cm())
    distribution(table, about, panels[0][0])
    return figure


def forest_figure(table: pd.DataFrame, about: About, look: Look) -> Figure:
    """Return :func:`sim.figures.forest.forest` as a figure."""
    figure, panels = new_panels(look, look.fixed_cm(2.8 + 0.55 * len(table)))
    forest(table, about, panels[0][0])
    return figure


def prior_posterior_figure(table: pd.DataFrame, about: About, look: Look) -> Figure:
    """Return :func:`sim.figures.prior_posterior.prior_posterior` as a figure."""
    figure, panels = new_panels(look, look.curve_cm())
    prior_posterior(table, about, panels[0][0])
    return figure


def tornado_figure(table: pd.DataFrame, about: About, look: Look) -> Figure:
    """Return :func:`sim.figures.tornado.tornado` as a figure: bars, and shares beside them."""
    height = 2.6 + LINES_OF_LABEL_CM * _lines(table["group"], about)
    figure, panels = new_panels(look, look.fixed_cm(height), 1, 2, (1.8, 1.0))
    tornado(table, about, (panels[0][0], panels[0][1]))
    return figure


def sobol_figure(table: pd.DataFrame, about: About, look: Look) -> Figure:
    """Return :func:`sim.figures.indices.indices` as a figure, a panel for each scale."""
    scales = scales_of(table)
    groups = table.loc[table["index"].isin(ORDERS) & (table["scale"] == scales[0]), "group"].drop_duplicates()
    height = 3.0 + LINES_OF_LABEL_CM * _lines(groups, about)
    figure, panels = new_panels(look, look.fixed_cm(height), 1, len(scales))
    indices(table, about, panels[0])
    return figure


def acceptability_figure(table: pd.DataFrame, about: About, look: Look) -> Figure:
    """Return :func:`sim.figures.acceptability.acceptability` as a figure."""
    figure, panels = new_panels(look, look.curve_cm())
    acceptability(table, about, panels[0][0])
    return figure


def threshold_map_figure(table: pd.DataFrame, about: About, look: Look) -> Figure:
    """Return :func:`sim.figures.threshold_map.threshold_map` as a figure."""
    figure, panels = new_panels(look, look.curve_cm())
    threshold_map(table, about, panels[0][0])
    return figure


def convergence_figure(table: pd.DataFrame, about: About, look: Look) -> Figure:
    """Return :func:`sim.figures.convergence.convergence` as a figure, two panels a row or all in one."""
    n = len(statistics_of(table))
    n_columns = n if look.width_cm >= WIDE_CM * look.scale else min(2, n)
    n_rows = math.ceil(n / n_columns)
    figure, panels = new_panels(look, look.fixed_cm(2.2 + 3.4 * n_rows), n_rows, n_columns)
    convergence(table, about, [ax for row in panels for ax in row][:n])
    for ax in [ax for row in panels for ax in row][n:]:
        ax.set_axis_off()
    return figure


def drivers_figure(table: pd.DataFrame, about: About, look: Look) -> Figure:
    """Return :func:`sim.figures.drivers.drivers` as a figure, three panels a row, or five where wide."""
    n = len(drivers_of(table))
    n_columns = min(5 if look.width_cm >= WIDE_CM * look.scale else 3, n)
    n_rows = math.ceil(n / n_columns)
    figure, panels = new_panels(look, look.fixed_cm(0.6 + 3.6 * n_rows), n_rows, n_columns)
    drivers(table, about, panels)
    return figure


def _lines(groups: pd.Series, about: About) -> float:
    """Return how many rows of one line the labels of groups need."""
    labels = about.short_labels(list(groups))
    return sum(max(1.0, 0.62 * (1 + label.count("\n"))) for label in labels)
