"""Named streams: randomness that depends on the seed and a name, and on nothing else."""

import hashlib

import numpy as np


def stream(seed: int, *name: str) -> np.random.Generator:
    """Return the generator that belongs to a seed and a name.

    Parameters
    ----------
    seed
        The scenario's one integer, zero or larger.
    *name
        Parts of the name. Different parts give independent streams; ``("a", "b")`` differs from ``("ab",)``.

    Examples
    --------
    >>> stream(1, "salary").random() == stream(1, "salary").random()
    True
    >>> stream(1, "salary").random() == stream(1, "ai_value").random()
    False
    """
    digest = hashlib.sha256("\x1f".join(name).encode()).digest()
    return np.random.default_rng((seed, int.from_bytes(digest, "big")))
