"""Whether weighted draws can be trusted, and the refusal where they cannot."""

from collections.abc import Mapping

from sim.faults import Fault, InvalidInputError
from sim.reweighting.changed import SETTINGS
from sim.reweighting.weights import Weights
from sim.summary.tail_index import largest_shape

MIN_EFFECTIVE = 400
MIN_EFFECTIVE_EACH = 25
"""Of each randomisation, on average, since each gives the statistic once for the Monte Carlo error."""
MAX_UNCOVERED = 0.005


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
    most = largest_shape(weights.values.size)
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
