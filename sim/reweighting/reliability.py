"""Whether weighted draws can be trusted, and the refusal where they cannot."""

import math
from collections.abc import Mapping

from sim.faults import Fault, InvalidInputError
from sim.reweighting.changed import SETTINGS
from sim.reweighting.weights import Weights

MAX_PARETO_K = 0.7
MIN_EFFECTIVE = 400
MIN_EFFECTIVE_EACH = 25
"""Of each randomisation, on average, since each gives the statistic once for the Monte Carlo error."""
MAX_UNCOVERED = 0.005


def largest_k(n_draws: int) -> float:
    r"""Return the largest tail shape with which n draws give a usable mean.

    :math:`\min(1 - 1/\log_{10} n,\ 0.7)` (Vehtari et al. 2024, JMLR 25:72, section 3.2.4).

    Examples
    --------
    >>> round(largest_k(1000), 3), largest_k(65536)
    (0.667, 0.7)
    """
    return min(1.0 - 1.0 / math.log10(n_draws), MAX_PARETO_K)


def require_reliable(weights: Weights, uncovered: Mapping[str, float], afresh: str) -> None:
    """Refuse weights that cannot be trusted, with the numbers that say so.

    Parameters
    ----------
    weights
        Smoothed weights.
    uncovered
        From :func:`sim.reweighting.support.uncovered`.
    afresh
        The command that runs the scenario asked for.

    Raises
    ------
    InvalidInputError
        If more than 0.5 % of a new law lies where no draw does, the tail of the weights is too heavy, too few
        effective draws are left, or a randomisation has none.
    """
    allowed = f"run it afresh: {afresh}"
    faults = [
        Fault(
            SETTINGS,
            key,
            f"{100 * share:.3g} % of the new law lies where no draw does (at most {100 * MAX_UNCOVERED:g} %)",
            allowed,
        )
        for key, share in uncovered.items()
        if share > MAX_UNCOVERED
    ]
    most = largest_k(weights.values.size)
    if not weights.pareto_k <= most:
        problem = f"the weights' tail is too heavy: Pareto k = {weights.pareto_k:.2f} (at most {most:.2f})"
        faults.append(Fault(SETTINGS, "", problem, allowed))
    least = max(MIN_EFFECTIVE, MIN_EFFECTIVE_EACH * len(weights.values))
    if not weights.n_effective >= least or not weights.values.any(axis=1).all():
        problem = (
            f"{weights.n_effective:,.0f} effective of {weights.values.size:,} draws are left "
            f"(at least {least:,})"
        )
        faults.append(Fault(SETTINGS, "", problem, allowed))
    if faults:
        raise InvalidInputError(faults)
