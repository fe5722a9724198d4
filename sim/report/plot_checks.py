"""What a sound table of a figure must be besides its columns; each returns what is wrong, or nothing."""

import numpy as np
import pandas as pd

from sim.figures.convergence import STATISTICS, statistics_of
from sim.figures.indices import ORDERS, SCALES, scales_of


def nothing(table: pd.DataFrame) -> str:  # noqa: ARG001 - one signature for all
    """Accept any table."""
    return ""


def rows(table: pd.DataFrame) -> str:
    """Say that there are no rows."""
    return "has no rows" if table.empty else ""


def shares(table: pd.DataFrame) -> str:
    """Say that there are no shares, because of a variance that does not exist or is not to be trusted."""
    return rows(table) or ("" if scales_of(table) else "has no shares")


def curve(table: pd.DataFrame) -> str:
    """Say that there is a single threshold: that of an outcome that never varies from it."""
    return rows(table) or ("has a single threshold" if len(table) == 1 else "")


def bins(table: pd.DataFrame) -> str:
    """Bins adjoin, rising."""
    low, high = table["low"].to_numpy(), table["high"].to_numpy()
    if (low >= high).any() or not np.allclose(low[1:], high[:-1], rtol=1e-9):
        return "low and high are not the edges of adjoining bins, rising"
    return ""


def density(table: pd.DataFrame) -> str:
    """Single values have no density, bins adjoin, on one axis that has a place for all of them."""
    single = table["low"] == table["high"]
    within = table["linear_within"]
    if within.nunique(dropna=False) > 1 or (within < 0).any():
        return "linear_within must be the same in every row, and 0 or more"
    if (within == 0).any() and table["low"].min() <= 0:
        return "low reaches 0 or below, which has no place on a log axis"
    if table.loc[~single, "density"].isna().any():
        return "a bin has no density"
    return bins(table[~single])


def intervals(table: pd.DataFrame) -> str:
    """Low, median and high stand in this order."""
    if (table["low"] > table["median"]).any() or (table["median"] > table["high"]).any():
        return "low, median and high are not in this order"
    return ""


def indices(table: pd.DataFrame) -> str:
    """There are first or total order on a known scale, one value for each group or a note why not."""
    orders = table[table["index"].isin(ORDERS)]
    if not orders["scale"].isin(SCALES).any():
        return "no index is first or total on scale log or raw"
    if set(orders["index"]) != set(ORDERS):
        return "it lacks first or total"
    if orders.duplicated(["scale", "index", "group"]).any():
        return "a group has two values of one index on one scale"
    unknown = orders[["value", "error", "low", "high"]].isna().any(axis=1)
    if unknown.any() and ("note" not in orders or (orders.loc[unknown, "note"] == "").any()):
        return "an index has no value, and no note says why"
    if (orders["low"] > orders["value"]).any() or (orders["value"] > orders["high"]).any():
        return "low, value and high are not in this order"
    return ""


def tornado(table: pd.DataFrame) -> str:
    """Every group stands once, with levels, around one centre."""
    if table["group"].duplicated().any():
        return "a group stands twice"
    if table["centre"].nunique() > 1:
        return "centre differs between rows"
    if table[["level_low", "level_high"]].isna().all().any():
        return "no row states level_low and level_high"
    return ""


def probabilities(table: pd.DataFrame) -> str:
    """Thresholds rise, probabilities lie in 0 to 1."""
    if not table["threshold"].is_monotonic_increasing:
        return "threshold does not rise"
    if not table["probability"].between(0, 1).all():
        return "a probability lies outside 0 to 1"
    return ""


def full_grid(table: pd.DataFrame) -> str:
    """Each pair of x and y stands once, two values of each at least; names are constant."""
    n_x, n_y = table["x"].nunique(), table["y"].nunique()
    if table.duplicated(["x", "y"]).any() or n_x * n_y != len(table) or min(n_x, n_y) < 2:
        return "x and y are not a full grid of two values each or more"
    constants = ["x_name", "y_name", "x_unit", "y_unit", "threshold"]
    varying = [name for name in constants if table[name].nunique() > 1]
    if varying:
        return f"{', '.join(varying)} must be the same in every row"
    if not table["p_above"].between(0, 1).all():
        return "p_above lies outside 0 to 1"
    return ""


def convergence(table: pd.DataFrame) -> str:
    """There is a known statistic, and numbers of draws are positive."""
    if not statistics_of(table):
        return f"no statistic is any of {', '.join(STATISTICS)}"
    return "n_draws must be above 0" if table["n_draws"].min() <= 0 else ""


def drivers(table: pd.DataFrame) -> str:
    """There is a column besides the outcome."""
    return "" if table.shape[1] > 1 else "it has no driver besides the outcome"
