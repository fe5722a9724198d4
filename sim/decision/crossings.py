"""Where a function of a column crosses a threshold, told from values on a grid."""

from typing import Literal, NamedTuple

import numpy as np

from sim.outcomes import Array, Indices

Side = Literal["above", "below"]


class Crossings(NamedTuple):
    """The crossing of each function that is nearest to a place on the grid.

    Parameters
    ----------
    exists
        Whether there is one, (function).
    place
        Between the grid's values `place` and `place` + 1, (function); 0 where there is none.
    """

    exists: Array
    place: Indices


def nearest_crossings(distance: Array, places: Array) -> Crossings:
    """Return for each function the change of sign nearest to the origin, by linear interpolation.

    Parameters
    ----------
    distance
        Value of each function less the threshold, (grid, function); not a number where it has none.
    places
        Of the grid's values on an axis from the origin, ascending, (grid).

    Examples
    --------
    >>> nearest_crossings(np.array([[-1.0], [1.0], [2.0], [-3.0]]), places=np.array([-3.0, -2.0, 1.0, 2.0]))
    Crossings(exists=array([ True]), place=array([2]))
    """
    signs = np.where(distance > 0, 1.0, -1.0)
    known = np.isfinite(distance)
    changes = (signs[1:] != signs[:-1]) & known[1:] & known[:-1]
    steps = np.subtract(distance[:-1], distance[1:], out=np.ones_like(distance[1:]), where=changes)
    part = np.divide(distance[:-1], steps, out=np.zeros_like(steps), where=changes)
    crossing = places[:-1, np.newaxis] + part * np.diff(places)[:, np.newaxis]
    far = np.where(changes, np.abs(crossing), np.inf)
    return Crossings(changes.any(axis=0), np.argmin(far, axis=0).astype(np.int64))
