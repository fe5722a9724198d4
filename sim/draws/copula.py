"""Gaussian copula: rank correlations on exact marginals.

Uniforms u of correlated names become normal scores z = Phi^-1(u), are mixed by the factor L of the score
correlation matrix, and go back, u' = Phi(L z). Every u' is uniform, so marginals stay exact. What L is, and
whether there is one, :mod:`sim.scenario.correlations` says. Iman and Conover (1982) induce ranks by
reordering a sample instead, which would tie every draw to the sample it came in.
"""

from collections.abc import Callable, Collection, Mapping

import numpy as np

from sim.scenario.correlations import TOLERANCE, Block, lower_factor
from sim.special_functions import ndtr, ndtri
from sim.types import Array


def correlated_uniforms(block: Block, uniforms: Callable[[str], Array]) -> Mapping[str, Array]:
    """Return the correlated uniforms of a block's names.

    Those of the first name are its own, and those of a name that rank 1 or -1 ties to an earlier one are that
    one's or their complements, to the last digit.

    Parameters
    ----------
    block
        The names that are tied together, and their factor.
    uniforms
        Gives independent uniforms of a name, in (0, 1), (randomisation, draw).

    Returns
    -------
    mapping of str to Array
        Uniforms by name, each (randomisation, draw).
    """
    own = [uniforms(name) for name in block.names]
    scores = np.stack([ndtri(u) for u in own])
    mixed = np.einsum("ij,j...->i...", block.factor, scores)
    found: dict[str, Array] = {}
    for place, name in enumerate(block.names):
        row = block.factor[: place + 1]
        twin = next((i for i in range(place) if np.array_equal(np.abs(row[i]), np.abs(row[place]))), place)
        if twin < place:
            earlier = found[block.names[twin]]
            found[name] = earlier if np.array_equal(row[twin], row[place]) else 1.0 - earlier
        else:
            found[name] = own[0] if place == 0 else ndtr(mixed[place])
    return found


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
        The names that are tied together, and their factor.
    kept
        Names that keep the values they have in the first sample.
    first
        Gives independent uniforms of a name in the sample that is kept, (randomisation, draw).
    second
        Gives fresh independent uniforms of a name, (randomisation, draw).

    Returns
    -------
    mapping of str to Array
        Uniforms by name, each (randomisation, draw).
    """
    held = [i for i, name in enumerate(block.names) if name in kept]
    drawn = [i for i, name in enumerate(block.names) if name not in kept]
    own = np.einsum("ij,j...->i...", block.factor, np.stack([ndtri(first(name)) for name in block.names]))
    matrix = block.matrix
    weights = matrix[np.ix_(drawn, held)] @ np.linalg.pinv(
        matrix[np.ix_(held, held)], TOLERANCE, hermitian=True
    )
    rest = matrix[np.ix_(drawn, drawn)] - weights @ matrix[np.ix_(held, drawn)]
    fresh = np.stack([ndtri(second(block.names[i])) for i in drawn])
    scores = np.einsum("ij,j...->i...", weights, own[held]) + np.einsum(
        "ij,j...->i...", lower_factor(rest), fresh
    )
    anew = {block.names[i]: ndtr(scores[place]) for place, i in enumerate(drawn)}
    return anew | {block.names[i]: ndtr(own[i]) for i in held}
