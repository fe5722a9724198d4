r"""The density of an outcome along the axis that shows it: a log one, a linear one, or both in one.

A symmetric log scale is linear about 0 and logarithmic beyond a width w on either side,
:math:`u = \operatorname{asinh}(x / w)`. As w falls to 0 it becomes the log scale of positive values, as w
grows the linear one: so w alone names the scale, 0 for log and infinity for linear. The density is smooth
where a factor can be integrated out.
"""

from collections.abc import Iterable

import numpy as np
import pandas as pd

from sim.distributions import ContinuousLaw
from sim.draws.draw import Draws
from sim.scenario.schema import Scenario
from sim.summary.conditional_outcome import ConditionalOutcome, integrate_out
from sim.types import Array

COVERED = (0.0005, 0.9995)
"""Ends of what a scale must show, as quantiles."""
HEAVY = 20.0
"""Range over interquartile range above which a linear axis shows little but its tails; 5 for a normal law."""
ONE_SIDED, TWO_SIDED = 0.01, 0.5
"""Quantile of the magnitudes that becomes w, where values lie on one side of 0 and on both."""
SANE, LARGEST = (1e-200, 1e200), 1e307
"""Magnitudes that a linear axis can be computed with; beyond, it is a symmetric one of great width."""
AS_GOOD_AS_LINEAR = 1e4
"""Width over magnitude from which a symmetric log axis is linear to 1e-9."""
LEAST_WIDTH = 1e-100
"""Share of the largest magnitude: what is smaller still is 0 on the axis."""
N_BINS, N_SMOOTH_BINS = 80, 240
MAX_DRAWS = 8192
LEAST_ATOM = 0.005
"""Share of draws from which a single value stands for itself, as an atom; 0 always does."""
COLUMNS = ("low", "high", "density", "mass", "linear_within")


def linear_within(values: Iterable[float], marks: Iterable[float] = ()) -> float:
    """Return the width about 0 within which an axis is best linear: 0 for a log, infinity for a linear axis.

    Parameters
    ----------
    values
        Values that the axis shows, of any shape; those that are not finite are left out.
    marks
        Single values that it must show too.

    Returns
    -------
    float
        0 for a log, infinity for a linear axis.

    Examples
    --------
    >>> linear_within([1.0, 2.0]), linear_within([-1.0, 2.0]), linear_within([1.0, 2.0], [0.0])
    (0.0, inf, inf)
    """
    array = np.asarray(values, dtype=np.float64)
    array = array[np.isfinite(array)]
    marked = np.asarray([mark for mark in marks if np.isfinite(mark)], dtype=np.float64)
    shown = np.concatenate([array, marked])
    if not array.size or shown.min() > 0:
        return 0.0 if array.size else np.inf
    least, first, third, most = np.quantile(array / 4.0, [COVERED[0], 0.25, 0.75, COVERED[1]])
    spread = max([most, *(marked / 4.0)]) - min([least, *(marked / 4.0)])
    size = float(np.abs(shown).max())
    if not third > first or spread <= HEAVY * (third - first):
        return np.inf if size == 0 or SANE[0] < size < SANE[1] else min(AS_GOOD_AS_LINEAR * size, LARGEST)
    sizes = np.abs(array[array != 0])
    one_sided = array.min() >= 0 or array.max() <= 0
    width = float(np.quantile(sizes, ONE_SIDED if one_sided else TWO_SIDED))
    return max(width, LEAST_WIDTH * size)


def along(values: Array, within: float) -> Array:
    """Return where values stand along an axis that is linear within a width.

    Parameters
    ----------
    values
        Values, of any shape.
    within
        Width within which the axis is linear.

    Returns
    -------
    ndarray
        Places on the axis, of the same shape.
    """
    if within == 0:
        return np.asarray(np.log(values))
    if np.isinf(within):
        return values
    with np.errstate(over="ignore", under="ignore"):
        return np.asarray(np.arcsinh(np.clip(values / within, -LARGEST, LARGEST)))


def values_at(places: Array, within: float) -> Array:
    """Return the values that stand at places along the axis: the inverse of :func:`along`.

    Parameters
    ----------
    places
        Places on the axis.
    within
        Width within which the axis is linear.

    Returns
    -------
    ndarray
        Values, of the same shape.
    """
    if within == 0:
        return np.asarray(np.exp(places))
    if np.isinf(within):
        return places
    with np.errstate(over="ignore"):
        return np.asarray(np.clip(within * np.sinh(places), -LARGEST, LARGEST))


def outcome_density(scenario: Scenario, draws: Draws) -> pd.DataFrame:
    """Return the density of the reported outcome along an axis that shows all of it and its thresholds.

    Parameters
    ----------
    scenario
        The scenario of the run.
    draws
        Its draws with their outcomes.

    Returns
    -------
    DataFrame
        The table of :func:`density`; in 240 bins by conditional Monte Carlo where the formula allows it.
    """
    values = draws.variable(scenario.report.outcome)
    marks = (*scenario.report.thresholds, *published_value(scenario))
    smooth = integrate_out(scenario, draws, scenario.report.outcome, values)
    if smooth is None or float(np.min(values)) <= 0 or len(_atoms(values)):
        return density(values, marks)
    return _smooth_density(
        smooth.thinned(max(1, MAX_DRAWS // len(values))), values, linear_within(values, marks)
    )


def published_value(scenario: Scenario) -> tuple[float, ...]:
    """Return the published value of the reported outcome; nothing where there is none."""
    published = scenario.report.published
    value = published.values.get(scenario.report.outcome) if published else None
    return (value,) if isinstance(value, float) else ()


def _smooth_density(smooth: ConditionalOutcome, draws: Array, within: float) -> pd.DataFrame:
    """Return the density by conditional Monte Carlo, over the same range as :func:`density`."""
    first, last = np.quantile(along(draws, within), COVERED)
    edges = np.linspace(first, last, N_SMOOTH_BINS + 1)
    return _table(np.diff(smooth.cdf(values_at(edges, within))), edges, within)


def density(draws: Array, marks: Iterable[float] = (), within: float | None = None) -> pd.DataFrame:
    """Return the density of draws along the axis that shows them, in bins of equal width on it, and atoms.

    Parameters
    ----------
    draws
        Draws of any shape, in one unit.
    marks
        Single values that the axis must show too.
    within
        Width within which the axis is linear (:func:`linear_within`); found if not stated.

    Returns
    -------
    DataFrame
        ``low``, ``high`` (edges, in the unit of the draws), ``mass`` (share of draws), ``density`` (mass per
        unit along the axis: per factor of e on a log axis) and ``linear_within`` (0 on a log axis, empty on a
        linear one). The bins adjoin and leave out 0.05 % of the draws they are of at either end. Atoms, which
        stand first, have equal edges and no density.
    """
    single = _atoms(draws)
    others = draws.ravel() if single.empty else draws[~np.isin(draws, single["low"])]
    if within is None:
        places = [*marks, *single["low"]]
        within = linear_within(others if others.size else single["low"], places if others.size else marks)
    single = single.assign(linear_within=within if np.isfinite(within) else np.nan)
    if not others.size:
        return single
    return pd.concat([single, _histogram(others, draws.size, within)], ignore_index=True)


def _atoms(draws: Array) -> pd.DataFrame:
    """Return the single values that many draws share, as rows of :func:`density`."""
    values, counts = np.unique(draws, return_counts=True)
    shares = counts / draws.size
    chosen = (counts > 1) & ((shares >= LEAST_ATOM) | (values == 0))
    single, shares = values[chosen], shares[chosen]
    return pd.DataFrame(
        {"low": single, "high": single, "density": np.nan, "mass": shares, "linear_within": np.nan}
    )


def _histogram(draws: Array, n_draws: int, within: float) -> pd.DataFrame:
    places = along(draws, within)
    first, last = np.quantile(places, COVERED)
    if last - first <= 1e-9 * max(abs(first), abs(last)):  # as good as one value
        width = 0.05 * (1.0 if within == 0 else max(abs(first), abs(last)))
        edges = np.array([first - width, last + width])
    else:
        edges = np.linspace(first, last, N_BINS + 1)
    counts, _ = np.histogram(places, edges)
    return _table(counts / n_draws, edges, within)


def _table(mass: Array, edges: Array, within: float) -> pd.DataFrame:
    values = values_at(edges, within)
    return pd.DataFrame(
        {
            "low": values[:-1],
            "high": values[1:],
            "density": mass / np.diff(edges),
            "mass": mass,
            "linear_within": within if np.isfinite(within) else np.nan,
        }
    )


def prior_and_posterior(draws: Array, prior: ContinuousLaw, log: bool) -> pd.DataFrame:
    """Return the density of a parameter's draws beside that of its prior, in the same bins.

    Parameters
    ----------
    draws
        Draws of the conditioned parameter, of any shape.
    prior
        Its law before.
    log
        Whether bins are of equal width on a log axis, and densities per factor of e; else they are per unit.

    Returns
    -------
    DataFrame
        ``low``, ``high``, ``prior``, ``posterior``. The bins cover all but 0.1 % of draws and of the prior.
    """
    ends = np.array([*np.quantile(draws, COVERED), *prior.ppf(np.array(COVERED))])
    first, last = (np.log(ends) if log else ends).min(), (np.log(ends) if log else ends).max()
    edges = np.linspace(first, last, N_BINS + 1)
    counts, _ = np.histogram(np.log(draws) if log else draws, edges)
    values = np.exp(edges) if log else edges
    widths = np.diff(edges)
    return pd.DataFrame(
        {
            "low": values[:-1],
            "high": values[1:],
            "prior": np.diff(prior.cdf(values)) / widths,
            "posterior": counts / draws.size / widths,
        }
    )
