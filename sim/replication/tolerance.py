r"""How far a number may move when a run is repeated, by its Monte Carlo error.

The same seed under the same versions gives the same bits on one machine; other processors round the last
digits otherwise. There, after an upgrade, or under another seed, a number
:math:`a` with Monte Carlo error :math:`e_a` comes back as :math:`b` with :math:`e_b`. Both errors are
standard errors over R randomisations, so that :math:`(a - b) / \sqrt{e_a^2 + e_b^2}` is about Student's t
with between R - 1 and 2 (R - 1) degrees of freedom (Welch 1938, Biometrika 29:350); R - 1 is the cautious
end. With m numbers and false alarm odds :math:`\alpha` over all of them together (Bonferroni), a number holds
where

.. math::

    |a - b| \le k \sqrt{e_a^2 + e_b^2} + r, \qquad k = t_{R-1}^{-1}\left(1 - \frac{\alpha}{2 m}\right)

with :math:`r` for rounding: :math:`10^{-9}` of the magnitude of the quantity, or of 1 for a probability or
share.
"""

from collections.abc import Iterable

from scipy.stats import t

from sim.replication.lock import LockedNumber

FALSE_ALARM_ODDS = 1e-3
ROUNDING = 1e-9
SHARES = ("p_above", "top_share")


def multiplier(n_numbers: int, n_randomisations: int, odds: float = FALSE_ALARM_ODDS) -> float:
    """Return k.

    Parameters
    ----------
    n_numbers
        How many numbers are compared, m.
    n_randomisations
        R, at least 2.
    odds
        Probability that any of them is found to have moved when none has.

    Returns
    -------
    float
        Of the standard error of a difference.

    Examples
    --------
    >>> round(multiplier(1, 16, 0.05), 3)  # the textbook's 2.131 for 15 degrees of freedom
    2.131
    """
    return float(t.isf(odds / (2 * n_numbers), n_randomisations - 1))


def magnitudes(numbers: Iterable[LockedNumber]) -> dict[tuple[str, str], float]:
    """Return the largest absolute value among the statistics of each quantity and alternative.

    A standard deviation of a constant, or the difference of two large numbers, is rounded on the scale of
    what it was computed from.
    """
    largest: dict[tuple[str, str], float] = {}
    for row in numbers:
        if row.statistic not in SHARES:
            key = (row.quantity, row.alternative)
            largest[key] = max(largest.get(key, 0.0), abs(row.value))
    return largest


def rounding(row: LockedNumber, largest: dict[tuple[str, str], float]) -> float:
    """Return r for one number.

    Parameters
    ----------
    row
        A locked number.
    largest
        From :func:`magnitudes`.

    Returns
    -------
    float
        In the number's unit.
    """
    scale = 1.0 if row.statistic in SHARES else largest[row.quantity, row.alternative]
    return ROUNDING * scale
