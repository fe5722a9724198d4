r"""The internal rate of return: the rate at which a stream's present value is 0.

With :math:`x = -\ln(1 + i)` it is a root of :math:`g(x) = \sum_t f_t e^{xt}`, of which there are no more
than the flows change sign, and as many but for an even number (Descartes). One change of sign means one rate;
where there are more, roots are counted by the signs of g on a grid.
"""

import numpy as np

from sim.formulas.years import Years
from sim.types import Array

FARTHEST = 20.0
"""Of -ln(1 + i), where a rate is looked for."""
GRID = np.linspace(-3.0, 3.0, 241)
"""Of the same, where signs are taken to count roots: rates from 1,900 % down to -95 %."""


def irr(years: Years, stream: Array) -> Array:
    """Return internal rates of return; nan where there is none, and infinite where there are several.

    Parameters
    ----------
    years
        Over which streams go.
    stream
        A flow.

    Returns
    -------
    Array
        (draw,).

    Examples
    --------
    >>> flows = np.array([[-100.0, 1.0], [110.0, 1.0]])
    >>> irr(Years(2025, 2, 0.0), flows).round(12).tolist()
    [0.1, nan]
    """
    flows = years.within(stream)
    n_changes = _changes(np.sign(flows))
    many = np.flatnonzero(n_changes > 1)
    if many.size:
        some = flows[:, many]
        inner = [np.sign(_scaled(some, np.full(many.shape, x))) for x in GRID]
        n_changes[many] = _changes(np.array([_first_sign(some), *inner, _first_sign(some[::-1])]))
    found = np.where(n_changes == 0, np.nan, np.inf)
    single = np.flatnonzero(n_changes == 1)
    if single.size:
        found[single] = _roots(flows[:, single])
    return found


def _changes(signs: Array) -> Array:
    """Return how often signs change along the first axis, zeros left out."""
    last, found = np.zeros(signs.shape[1]), np.zeros(signs.shape[1])
    for sign in signs:
        found += (sign * last) < 0.0
        last = np.where(sign == 0.0, last, sign)
    return found


def _first_sign(flows: Array) -> Array:
    """Return the sign of the first flow that is not 0, (draw,)."""
    first = np.argmax(flows != 0.0, axis=0)
    return np.asarray(np.sign(np.take_along_axis(flows, first[np.newaxis], axis=0)[0]))


def _scaled(flows: Array, x: Array) -> Array:
    """Return g(x), above x = 0 divided by exp(x (n - 1)), which keeps its sign and is never too large."""
    forwards, backwards = np.exp(np.minimum(x, 0.0)), np.exp(-np.maximum(x, 0.0))
    early, late = np.array(flows[-1]), np.array(flows[0])
    for flow in flows[-2::-1]:
        early = early * forwards + flow
    for flow in flows[1:]:
        late = late * backwards + flow
    return np.where(x <= 0.0, early, late)


def _roots(flows: Array) -> Array:
    from scipy.optimize.elementwise import find_root  # here: scenarios without an irr do not wait for it

    def present(x: Array, *draw: Array) -> Array:
        return _scaled(flows[:, draw[0]], x)

    draws = np.arange(flows.shape[1])
    ends = np.full(draws.shape, -FARTHEST), np.full(draws.shape, FARTHEST)
    found = find_root(
        present,
        ends,
        args=(draws,),
        tolerances={"xatol": 0.0, "xrtol": 4e-16, "fatol": 0.0, "frtol": 0.0},
    )
    return np.where(found.status == 0, np.expm1(-found.x), np.nan)
