"""The precision a run is asked for on the command line."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sim.engine.adaptive import Goal
    from sim.faults import Fault

MOST_DIGITS = 6
MOST_DRAWS = 2**34
NOT_SETTLED = 3
"""Exit code of a run that had to stop before its figures were as precise as asked."""


def goal_of(
    target: int | None,
    rel_error: float | None,
    stopping: str | None,
    max_draws: int | None,
    draws: int | None,
) -> "Goal | None":
    """Return when to stop drawing, or ``None`` where no precision is asked for.

    Parameters
    ----------
    target
        Significant digits.
    rel_error
        Relative error.
    stopping
        ``jcgm`` or ``stein``.
    max_draws
        Most draws allowed.
    draws
        A fixed number of draws, which leaves nothing to adapt.

    Raises
    ------
    InvalidInput
        With every option that is wrong by itself or beside another.
    """
    if (target, rel_error, stopping, max_draws) == (None, None, None, None):
        return None
    from sim.engine.adaptive import STOPPING, Goal
    from sim.faults import Fault, InvalidInput
    from sim.summary.precision import Precision

    asked = target is not None or rel_error is not None
    faults = _of_precision(target, rel_error)
    if stopping is not None and stopping not in STOPPING:
        faults.append(Fault("--stopping", "", repr(stopping), ", ".join(STOPPING)))
    if max_draws is not None and not 0 < max_draws <= MOST_DRAWS:
        faults.append(Fault("--max-draws", "", f"{max_draws:,}", f"1 to {MOST_DRAWS:,}"))
    faults += _beside(asked, {"--stopping": stopping, "--max-draws": max_draws}, draws)
    if faults:
        raise InvalidInput(faults)
    if not asked:
        return None
    return Goal(Precision(target, rel_error), STOPPING[stopping or "jcgm"], max_draws or Goal.max_draws)


def _of_precision(target: int | None, rel_error: float | None) -> "list[Fault]":
    from sim.faults import Fault

    faults = []
    if target is not None and not 1 <= target <= MOST_DIGITS:
        faults.append(Fault("--target", "", str(target), f"1 to {MOST_DIGITS} significant digits"))
    if rel_error is not None and not 0.0 < rel_error < 1.0:
        faults.append(Fault("--rel-error", "", f"{rel_error:g}", "above 0 and below 1"))
    if target is not None and rel_error is not None:
        faults.append(Fault("--target", "", "stated beside --rel-error", "one or the other"))
    return faults


def _beside(asked: bool, options: "Mapping[str, object]", draws: int | None) -> "list[Fault]":
    """Return what is wrong with options that only make sense with a precision to reach, or only without."""
    from sim.faults import Fault

    if asked and draws is not None:
        return [Fault("--draws", "", "stated beside a precision to reach", "--max-draws, or neither")]
    stated = [option for option, value in options.items() if value is not None and not asked]
    allowed = "--target or --rel-error beside it"
    return [Fault(option, "", "stated without a precision to reach", allowed) for option in stated]
