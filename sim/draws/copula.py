"""Gaussian copula: rank correlations on exact marginals.

Uniforms u of correlated names become normal scores z = Phi^-1(u), are mixed by the Cholesky factor L of
the score correlation matrix, and go back, u' = Phi(L z). Every u' is uniform, so marginals stay exact.
For a Gaussian copula the Spearman correlation r_s and the score correlation r obey
r = 2 sin(pi r_s / 6) (Kruskal 1958, JASA 53:814). Iman and Conover (1982) induce ranks by reordering a
sample instead, which would tie every draw to the sample it came in.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr, ndtri

Array = np.ndarray[tuple[int, ...], np.dtype[np.float64]]

TOLERANCE = 1e-10


@dataclass(frozen=True)
class RankCorrelation:
    """A Spearman correlation asked for between two names."""

    first: str
    second: str
    rank: float


@dataclass(frozen=True)
class Block:
    """Names tied together, directly or through others, and the factor that mixes their scores.

    Parameters
    ----------
    names
        Sorted, so that the order of statements in a scenario does not matter.
    factor
        Lower triangular, (name, name). The first name keeps its draws.
    repairs
        What was changed to make the matrix a correlation matrix, in plain words.
    """

    names: tuple[str, ...]
    factor: Array
    repairs: tuple[str, ...]


def blocks(correlations: Sequence[RankCorrelation]) -> tuple[Block, ...]:
    """Group correlated names into blocks that can be drawn apart from each other.

    Examples
    --------
    >>> [b.names for b in blocks([RankCorrelation("c", "a", 0.3), RankCorrelation("x", "y", 0.5)])]
    [('a', 'c'), ('x', 'y')]
    """
    return tuple(_block(names, correlations) for names in _connected(correlations))


def correlated_uniforms(block: Block, uniforms: Callable[[str], Array]) -> Mapping[str, Array]:
    """Return the correlated uniforms of a block's names, each (randomisation, draw)."""
    own = [uniforms(name) for name in block.names]
    scores = np.stack([ndtri(u) for u in own])
    mixed = np.einsum("ij,j...->i...", block.factor, scores)
    return {name: own[0] if i == 0 else ndtr(mixed[i]) for i, name in enumerate(block.names)}


def conditional_uniforms(
    block: Block,
    kept: Collection[str],
    first: Callable[[str], Array],
    second: Callable[[str], Array],
) -> Mapping[str, Array]:
    r"""Return uniforms of a block in which some names keep their values and the others are drawn anew.

    With score correlation matrix R, kept names K and drawn names D, the scores of D given those of K are
    normal with mean :math:`R_{DK} R_{KK}^{-1} z_K` and covariance
    :math:`R_{DD} - R_{DK} R_{KK}^{-1} R_{KD}`.

    Parameters
    ----------
    block
        The names and their factor.
    kept
        Names that keep the values they have in the first sample.
    first, second
        Independent uniforms by name, (randomisation, draw): of the sample that is kept, and fresh ones.
    """
    held = [i for i, name in enumerate(block.names) if name in kept]
    drawn = [i for i, name in enumerate(block.names) if name not in kept]
    own = np.einsum("ij,j...->i...", block.factor, np.stack([ndtri(first(name)) for name in block.names]))
    matrix = block.factor @ block.factor.T
    weights = np.linalg.solve(matrix[np.ix_(held, held)], matrix[np.ix_(held, drawn)]).T
    rest = matrix[np.ix_(drawn, drawn)] - weights @ matrix[np.ix_(held, drawn)]
    factor = np.linalg.cholesky(rest + TOLERANCE * np.eye(len(drawn)))
    fresh = np.stack([ndtri(second(block.names[i])) for i in drawn])
    scores = np.einsum("ij,j...->i...", weights, own[held]) + np.einsum("ij,j...->i...", factor, fresh)
    anew = {block.names[i]: ndtr(scores[place]) for place, i in enumerate(drawn)}
    return anew | {block.names[i]: ndtr(own[i]) for i in held}


def _connected(correlations: Sequence[RankCorrelation]) -> list[tuple[str, ...]]:
    groups: list[set[str]] = []
    for pair in correlations:
        joined = {pair.first, pair.second}
        apart = []
        for group in groups:
            if group & joined:
                joined |= group
            else:
                apart.append(group)
        groups = [*apart, joined]
    return sorted(tuple(sorted(group)) for group in groups)


def _block(names: tuple[str, ...], correlations: Sequence[RankCorrelation]) -> Block:
    matrix = np.eye(len(names))
    for pair in correlations:
        if pair.first in names:
            i, j = names.index(pair.first), names.index(pair.second)
            matrix[i, j] = matrix[j, i] = 2.0 * np.sin(np.pi * pair.rank / 6.0)
    possible = _nearest_possible(matrix)
    return Block(names, np.linalg.cholesky(possible), _repairs(names, matrix, possible))


def _nearest_possible(matrix: Array) -> Array:
    """Lift eigenvalues that are zero or negative and restore the unit diagonal."""
    values, vectors = np.linalg.eigh(matrix)
    if values.min() >= TOLERANCE:
        return matrix
    lifted = (vectors * np.maximum(values, TOLERANCE)) @ vectors.T
    scale = np.sqrt(np.diag(lifted))
    possible: Array = lifted / np.outer(scale, scale)
    return possible


def _repairs(names: tuple[str, ...], asked: Array, possible: Array) -> tuple[str, ...]:
    moved = np.argwhere(np.triu(np.abs(possible - asked) > 1e-6))
    return tuple(
        f"the correlations asked for cannot hold together: {names[i]} ~ {names[j]} was moved from rank "
        f"{_rank(asked[i, j]):.3f} to {_rank(possible[i, j]):.3f}"
        for i, j in moved
    )


def _rank(score: float) -> float:
    return float(6.0 / np.pi * np.arcsin(score / 2.0))
