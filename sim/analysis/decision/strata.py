"""A few draws of what is learnt that stand for all of them, heavy tails included."""

from typing import NamedTuple

import numpy as np

from sim.analysis.decision.response import Response
from sim.draws.draws import Draws
from sim.types import Array, Indices

N_PILOT = 16


class Strata(NamedTuple):
    """Picked draws and what each stands for.

    Parameters
    ----------
    places
        Places of the picked draws in their randomisation, (randomisation, stratum).
    weights
        Share of the draws in each stratum, (randomisation, stratum).
    """

    places: Indices
    weights: Array


def stratified(
    response: Response, first: Draws, known: Draws, n_strata: int, rng: np.random.Generator
) -> Strata:
    """Pick one draw at random from each stratum of what becomes known.

    Strata are of the mean net benefit over a pilot of 16 draws of all else, at the threshold that equals the
    ratio of means; they are narrow at both ends, where few draws carry much of a heavy tail.

    Parameters
    ----------
    response
        The outcome.
    first
        Draws of all that it reads, (randomisation, draw).
    known
        Those of them that become known.
    n_strata
        At most so many draws are picked from each randomisation.
    rng
        Picks within strata.

    Returns
    -------
    Strata
        Draws picked, and what each stands for.
    """
    n_draws = first.shape[1]
    top, bottom = response.sides(first)
    level = np.mean(top) / np.mean(bottom)
    pilot = np.zeros(first.shape)
    for place in range(min(N_PILOT, n_draws)):
        fixed = _held(first, place)
        top, bottom = response.sides(fixed.replace(known.columns, known.choices))
        pilot += top - level * bottom
    order = np.argsort(pilot, axis=1, kind="stable")
    spaced = (1.0 - np.cos(np.linspace(0.0, np.pi, n_strata + 1))) / 2.0
    edges = np.unique(np.round(n_draws * spaced).astype(np.int64))
    picks = rng.integers(edges[:-1], edges[1:], size=(first.shape[0], len(edges) - 1))
    weights = np.broadcast_to(np.diff(edges) / n_draws, picks.shape)
    return Strata(np.take_along_axis(order, picks, axis=1), weights)


def _held(first: Draws, place: int) -> Draws:
    """Return draws that are all as one of their randomisation."""
    return first.mapped(lambda array: np.broadcast_to(array[:, [place]], first.shape))
