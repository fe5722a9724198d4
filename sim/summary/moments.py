r"""Mean and spread from parts, by Chan's formula.

For parts i with :math:`n_i` draws, mean :math:`m_i` and sum of squared deviations :math:`S_i`,

.. math:: m = \sum_i n_i m_i / n, \qquad S = \sum_i S_i + \sum_i n_i (m_i - m)^2,

and for the sum of products of the deviations of two quantities likewise. No large numbers are subtracted.
Draws are taken in leaves of 4,096; leaves make tasks, tasks make randomisations, randomisations the whole,
each step over all parts at once and in their order. So the result is the same bit for bit however many leaves
are at hand at a time, and whoever made them.

Reference: Chan T.F., Golub G.H., LeVeque R.J. (1983) The American Statistician 37:242.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sim.types import Array

LEAF = 2**12
"""Draws of a leaf."""


@dataclass(frozen=True, eq=False)
class Moments:
    """Moments of one or several parts of the draws.

    Parameters
    ----------
    n
        Number of draws, (part).
    mean
        Mean, (part).
    squares
        Sum of squared deviations from it, (part).
    """

    n: Array
    mean: Array
    squares: Array

    def pooled(self) -> "Moments":
        """Return the moments of all parts together, as one part.

        Examples
        --------
        >>> round(leaves_of(np.arange(5000.0)).pooled().sd(), 9)
        1443.520003325
        """
        total = self.n.sum(keepdims=True)
        mean = (self.n @ self.mean)[np.newaxis] / total
        squares = self.squares.sum(keepdims=True) + self.n @ (self.mean - mean) ** 2
        return Moments(total, mean, squares)

    def sd(self) -> float:
        """Return the standard deviation of the one part there is."""
        return float(np.sqrt(self.squares[0] / (self.n[0] - 1)))


def leaves_of(values: Array) -> Moments:
    """Return the moments of the leaves of a flat array that starts at the start of a leaf."""
    found = [_rows(part) for part in _parts(values)]
    return joined([Moments(n, mean, np.einsum("ij,ij->i", rest, rest)) for n, mean, rest in found])


def joined(moments: Sequence[Moments]) -> Moments:
    """Return parts side by side, in their order."""
    return Moments(
        np.concatenate([each.n for each in moments]),
        np.concatenate([each.mean for each in moments]),
        np.concatenate([each.squares for each in moments]),
    )


def products_of(one: Array, other: Array) -> Array:
    """Return the sum of products of two quantities' deviations from their leaves' means, (leaf).

    Parameters
    ----------
    one
        (draw).
    other
        (draw), of the same length.

    Returns
    -------
    ndarray
        (leaf).
    """
    pairs = zip(_parts(one), _parts(other), strict=True)
    return np.concatenate([np.einsum("ij,ij->i", _rows(a)[2], _rows(b)[2]) for a, b in pairs])


def pooled_products(products: Array, one: Moments, other: Moments) -> Array:
    """Return the sum of products over all parts together, as one part.

    Parameters
    ----------
    products
        Of each part, (part).
    one, other
        Moments of the two quantities' parts.

    Returns
    -------
    ndarray
        (1,).
    """
    apart = one.n @ ((one.mean - one.pooled().mean) * (other.mean - other.pooled().mean))
    return np.asarray(products.sum(keepdims=True) + apart, dtype=np.float64)


def _parts(values: Array) -> list[Array]:
    """Return the full leaves, (leaf, draw), and what is left over as a leaf of its own."""
    n_full = len(values) // LEAF * LEAF
    full, rest = values[:n_full].reshape(-1, LEAF), values[n_full:].reshape(1, -1)
    return [part for part in (full, rest) if part.size]


def _rows(part: Array) -> tuple[Array, Array, Array]:
    mean = part.mean(axis=1)
    return np.full(len(part), float(part.shape[1])), mean, part - mean[:, np.newaxis]
