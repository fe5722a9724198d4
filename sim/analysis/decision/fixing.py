"""Columns set to stated values, all else as drawn; and samples laid out so that this is done at once."""

from collections.abc import Mapping

import numpy as np

from sim.analysis.decision.input_columns import siblings
from sim.draws.draws import Draws
from sim.scenario.schema import Scenario
from sim.types import Array, Indices


def with_fixed(scenario: Scenario, sample: Draws, values: Mapping[str, Array]) -> Draws:
    r"""Return a sample with some columns set, all else as drawn.

    The other shares of a Dirichlet make room in proportion, draw by draw: with set shares v that were u, each
    other is multiplied by :math:`(1 - \sum v) / (1 - \sum u)`. Parameters tied by a copula stay as drawn.

    Parameters
    ----------
    scenario
        Whose columns they are.
    sample
        Draws, (randomisation, draw).
    values
        By column, each broadcastable to (randomisation, draw). Shares of one Dirichlet must add to at most 1.

    Returns
    -------
    Draws
        With the columns set, of the sample's shape.
    """
    columns = {name: np.broadcast_to(value, sample.shape) for name, value in values.items()}
    for whole in dict.fromkeys(siblings(scenario, name) for name in values):
        fixed = [name for name in whole if name in values]
        rest = [name for name in whole if name not in values]
        left = 1.0 - np.sum([sample.columns[name] for name in fixed], axis=0)
        wanted = 1.0 - np.sum([columns[name] for name in fixed], axis=0)
        for name in rest:
            if name in sample.columns:
                even = np.full(sample.shape, 1.0 / len(rest))  # where nothing was left to be in proportion to
                part = np.divide(sample.columns[name], left, out=even, where=left > 0)
                columns[name] = wanted * part
    return sample.replace(columns, {})


def flattened(sample: Draws) -> Draws:
    """Return a sample whose randomisations stand in one row, (1, randomisation x draw)."""
    return sample.mapped(lambda array: array.reshape(1, -1))


def repeated(sample: Draws, n_rows: int) -> Draws:
    """Return a sample of one row as several equal rows that share its memory, (row, draw).

    Parameters
    ----------
    sample
        (1, draw).
    n_rows
        How many rows.

    Returns
    -------
    Draws
        (row, draw).
    """
    shape = (n_rows, sample.shape[1])
    return sample.mapped(lambda array: np.broadcast_to(array, shape))


def picked(sample: Draws, draws: Indices) -> Draws:
    """Return some draws of a sample, in the order of their places.

    Parameters
    ----------
    sample
        (randomisation, draw).
    draws
        Places, (picked).

    Returns
    -------
    Draws
        (randomisation, picked).
    """
    return sample.mapped(lambda array: array[:, draws])
