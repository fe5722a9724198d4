r"""Whether stated rank correlations can hold together, and the nearest that can.

A Gaussian copula with score correlations r has the Spearman correlations :math:`\frac6\pi \arcsin\frac r2`
(Kruskal 1958, JASA 53:814). Stated ranks can hold together if some correlation matrix has their r, whatever
it has for the pairs that nobody states: these are 0 where that is possible, else as near to 0 as it can be.
Where no matrix has the stated r, the nearest takes their place: least squares over correlation matrices
(Higham 2002, IMA J. Numer. Anal. 22:329), written as :math:`X X^\top` with rows of length one (Burer and
Monteiro 2003, Math. Program. 95:329). Names tied by a rank of 1 or -1 are one name to all this, so that
they stay tied exactly.
"""

from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from itertools import combinations
from math import ceil, floor

import numpy as np

from sim.scenario.schema import Correlation
from sim.types import Array

TOLERANCE = 1e-10
"""Eigenvalues above its negative are those of a correlation matrix."""
UNSTATED = (1e-2, 1e-4, 1e-6)
"""Weight of a pair nobody states beside that of one stated, smaller from one solution to the next."""
LARGEST_MOVE = 0.05
"""How far a stated rank is moved so that all hold together, with a note; beyond, the scenario is refused."""
MOST_TIED = 12
"""Names of a block up to which the range of a pair is looked for: each rank tried takes least squares."""
STEP = 0.01
"""Step of the ranks tried for the range of a pair."""
SHRINKAGE = 0.1
"""Towards the identity, where least squares start: a row of zeros would stay one."""


@dataclass(frozen=True)
class CorrelationMove:
    """A rank correlation of a pair that is moved so that all correlations hold together.

    Parameters
    ----------
    first
        Name of one of the pair.
    second
        Name of the other.
    asked
        Rank as stated; ``None`` where nobody stated the pair.
    becomes
        Rank that the pair gets.
    """

    first: str
    second: str
    asked: float | None
    becomes: float

    @property
    def distance(self) -> float:
        """How far it is moved."""
        return abs(self.becomes - (self.asked or 0.0))

    @property
    def words(self) -> str:
        """The move in words."""
        if self.asked is None:
            return f"{self.first} ~ {self.second}, which nobody stated, becomes {self.becomes:.3f}"
        return f"{self.first} ~ {self.second} is moved from rank {self.asked:.3f} to {self.becomes:.3f}"


@dataclass(frozen=True, eq=False)
class Block:
    """Names tied together, directly or through others, and the factor that mixes their scores.

    Parameters
    ----------
    names
        Names that are tied together, sorted, so that the order of statements in a scenario does not matter.
    factor
        Lower triangular factor, (name, name); with its transpose it makes the score correlations. The first
        name keeps its draws; a name tied to an earlier one by rank 1 or -1 has that one's row or its
        negative.
    moves
        Pairs that are not as stated by more than three digits show.
    """

    names: tuple[str, ...]
    factor: Array
    moves: tuple[CorrelationMove, ...]

    @property
    def matrix(self) -> Array:
        """Score correlations, (name, name)."""
        return np.asarray(self.factor @ self.factor.T)


@lru_cache(maxsize=256)
def blocks(correlations: tuple[Correlation, ...]) -> tuple[Block, ...]:
    """Group correlated names into blocks that can be drawn apart from each other.

    Examples
    --------
    >>> pairs = Correlation(between=("c", "a"), rank=0.3), Correlation(between=("x", "y"), rank=0.5)
    >>> [block.names for block in blocks(pairs)]
    [('a', 'c'), ('x', 'y')]
    """
    return tuple(_block(names, correlations) for names in _connected(correlations))


def moves_of(correlations: tuple[Correlation, ...]) -> tuple[CorrelationMove, ...]:
    """Return what is changed so that correlations hold together."""
    return tuple(move for block in blocks(correlations) for move in block.moves)


def possible_ranks(correlations: tuple[Correlation, ...], place: int) -> tuple[float, float] | None:
    """Return the least and the largest rank of one pair beside the others as stated, to hundredths.

    Parameters
    ----------
    correlations
        All correlations, as stated.
    place
        Place of the pair among them.

    Returns
    -------
    tuple
        The two ranks; ``None`` where the others cannot hold together themselves or leave the pair less than a
        hundredth, and where more than twelve names are tied.
    """
    before, pair, after = correlations[:place], correlations[place], correlations[place + 1 :]
    if any(len(block.names) > MOST_TIED for block in blocks(correlations) if pair.between[0] in block.names):
        return None

    def possible(step: int) -> bool:
        tried = pair.model_copy(update={"rank": step * STEP})
        return all(move.asked is None for move in moves_of((*before, tried, *after)))

    middle = _rank_beside((*before, *after), pair.between)
    near = floor(middle / STEP), ceil(middle / STEP)
    start = next((step for step in near if possible(step)), None)
    if start is None:
        return None
    return _last(possible, start, -100) * STEP, _last(possible, start, 100) * STEP


def _rank_beside(others: tuple[Correlation, ...], pair: tuple[str, str]) -> float:
    """Return the rank that a pair has beside the others where nobody states it."""
    for block in blocks(others):
        if {*pair} <= {*block.names}:
            one, other = (block.names.index(name) for name in pair)
            return float(_ranks(block.factor)[one, other])
    return 0.0


def _last(possible: Callable[[int], bool], start: int, end: int) -> int:
    """Return the last of the steps from a possible one to an end that is possible: those that are adjoin."""
    sign = 1 if end > start else -1
    away = range(start, end + sign, sign)
    return away[bisect_left(away, True, key=lambda step: not possible(step)) - 1]


def lower_factor(matrix: Array) -> Array:
    """Return the lower triangular factor of a correlation matrix, or of a covariance, (name, name).

    It may be singular; its negative eigenvalues are taken for zero.
    """
    try:
        return np.linalg.cholesky(matrix)
    except np.linalg.LinAlgError:
        values, vectors = np.linalg.eigh(matrix)
        return _triangular(vectors * np.sqrt(np.where(values > TOLERANCE, values, 0.0)))


def _triangular(root: Array) -> Array:
    """Return the lower triangular L with the same L L' as a root's."""
    upper = np.linalg.qr(root.T, mode="r")
    return np.asarray((upper * np.where(np.diag(upper) < 0.0, -1.0, 1.0)[:, np.newaxis]).T)


def _connected(correlations: Sequence[Correlation]) -> list[tuple[str, ...]]:
    groups: list[set[str]] = []
    for pair in correlations:
        joined = {*pair.between}
        apart = []
        for group in groups:
            if group & joined:
                joined |= group
            else:
                apart.append(group)
        groups = [*apart, joined]
    return sorted(tuple(sorted(group)) for group in groups)


def _block(names: tuple[str, ...], correlations: Sequence[Correlation]) -> Block:
    stated = {pair.between: pair.rank for pair in correlations if pair.between[0] in names}
    heads = _heads(names, stated)
    different = sorted({head for head, _ in heads.values()})
    root = nearest_root(*_targets(different, heads, stated))
    factor = np.zeros((len(names), len(names)))
    columns = [names.index(head) for head in different]
    for place, name in enumerate(names):
        head, sign = heads[name]
        factor[place, columns] = sign * root[different.index(head)]
    return Block(names, factor, tuple(_moves(names, stated, factor)))


def _heads(names: tuple[str, ...], stated: dict[tuple[str, str], float]) -> dict[str, tuple[str, float]]:
    """Return for each name the first that it is tied to by ranks of 1 or -1, itself perhaps, and the sign."""
    heads = {name: (name, 1.0) for name in names}
    for (one, other), rank in stated.items():
        if abs(rank) == 1.0 and heads[one][0] != heads[other][0]:
            (first, sign), (last, turn) = sorted((heads[one], heads[other]))
            turned = sign * turn * rank
            heads |= {name: (first, turned * by) for name, (head, by) in heads.items() if head == last}
    return heads


def _targets(
    different: list[str], heads: dict[str, tuple[str, float]], stated: dict[tuple[str, str], float]
) -> tuple[Array, Array]:
    """Return the score correlations asked for between heads, and how often each is stated, (head, head)."""
    sums, counts = np.zeros((2, len(different), len(different)))
    for (one, other), rank in stated.items():
        (first, sign), (second, turn) = heads[one], heads[other]
        if first != second:
            at = different.index(first), different.index(second)
            for place in (at, at[::-1]):
                sums[place] += sign * turn * 2.0 * np.sin(np.pi * rank / 6.0)
                counts[place] += 1.0
    targets = sums / np.maximum(counts, 1.0)
    np.fill_diagonal(targets, 1.0)
    return targets, counts


def nearest_root(targets: Array, counts: Array) -> Array:
    """Return the lower triangular factor of the correlation matrix nearest to the targets.

    Parameters
    ----------
    targets
        Score correlations asked for, (name, name).
    counts
        Number of statements that ask for each; 0 for a pair that nobody states, (name, name).

    Returns
    -------
    ndarray
        The factor, (name, name); its rows have length one.
    """
    from scipy.optimize import minimize  # not paid for where correlations hold

    values, vectors = np.linalg.eigh(targets)
    if values.min() >= -TOLERANCE:
        return lower_factor(targets)
    clipped = (vectors * np.maximum(values, 0.0)) @ vectors.T
    clipped /= np.sqrt(np.outer(np.diag(clipped), np.diag(clipped)))
    root = np.linalg.cholesky((1.0 - SHRINKAGE) * clipped + SHRINKAGE * np.eye(len(targets)))
    for unstated in UNSTATED if (counts == 0).sum() > len(counts) else (1.0,):
        weights = np.where(counts > 0, counts, unstated)
        found = minimize(
            partial(_misfit, targets=targets, weights=weights),
            root.ravel(),
            method="L-BFGS-B",
            jac=True,
            options={"maxiter": 5000, "maxfun": 10_000, "ftol": 1e-14, "gtol": 1e-9},
        )
        root = _of_length_one(found.x.reshape(targets.shape))[0]
    return _triangular(root)


def _misfit(flat: Array, *, targets: Array, weights: Array) -> tuple[float, Array]:
    """Return the weighted sum of squares over pairs, and its gradient."""
    rows, lengths = _of_length_one(flat.reshape(targets.shape))
    away = weights * (rows @ rows.T - targets)
    np.fill_diagonal(away, 0.0)
    slope = away @ rows
    slope -= np.sum(slope * rows, axis=1, keepdims=True) * rows
    size = 0.25 * np.sum(away**2 / weights)
    return float(size), (slope / lengths).ravel()


def _of_length_one(rows: Array) -> tuple[Array, Array]:
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return rows / lengths, lengths


def _moves(
    names: tuple[str, ...], stated: dict[tuple[str, str], float], factor: Array
) -> list[CorrelationMove]:
    ranks = _ranks(factor)
    both = stated | {(other, one): rank for (one, other), rank in stated.items()}
    moves = []
    for (i, one), (j, other) in combinations(enumerate(names), 2):
        asked, becomes = both.get((one, other)), round(float(ranks[i, j]), 3) + 0.0
        if becomes != round(asked or 0.0, 3):
            moves.append(CorrelationMove(one, other, asked, becomes))
    return moves


def _ranks(factor: Array) -> Array:
    return np.asarray(6.0 / np.pi * np.arcsin(np.clip(factor @ factor.T, -1.0, 1.0) / 2.0))
