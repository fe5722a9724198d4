"""Tables of a density: bins and single values, and the axis that shows both."""

import numpy as np
import pandas as pd

from sim.figures.axes import LINEAR, LOG


def bins_fault(table: pd.DataFrame) -> str:
    """Return what is wrong with bins from ``low`` to ``high``, which adjoin and rise; empty if nothing."""
    low, high = table["low"].to_numpy(), table["high"].to_numpy()
    if (low >= high).any() or not np.allclose(low[1:], high[:-1], rtol=1e-9):
        return "low and high are not the edges of adjoining bins, rising"
    return ""


def atoms_and_bins(table: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the rows of single values, and those of bins, of a table of a density."""
    single = table["low"] == table["high"]
    return table[single], table[~single]


def within_of(table: pd.DataFrame) -> float:
    """Return the width within which the axis of a table of a density is linear."""
    within = float(table["linear_within"].iloc[0])
    return LINEAR if np.isnan(within) else within


def density_label(within: float) -> str:
    """Return what the height of a density is, along an axis that is linear within a width."""
    return {LOG: "Density per factor of e", LINEAR: "Density"}.get(within, "Density along the axis")
