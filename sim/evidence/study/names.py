"""Methods and simulators as a user names them."""

from collections.abc import Sequence
from typing import get_args

from sim.evidence.study.methods import StudyMethod
from sim.evidence.study.simulated import SimulatorName
from sim.faults import Fault, InvalidInputError, nearest_name

METHODS: dict[str, StudyMethod] = {name: name for name in get_args(StudyMethod)}
SIMULATORS: dict[str, SimulatorName] = {name: name for name in get_args(SimulatorName)}


def methods_named(names: Sequence[str]) -> tuple[StudyMethod, ...]:
    """Return the methods of these names, each once.

    Raises
    ------
    InvalidInputError
        With every name that is none.

    Examples
    --------
    >>> methods_named(["rescaled", "naive", "rescaled"])
    ('rescaled', 'naive')
    """
    return _named("--method", names, METHODS)


def simulators_named(names: Sequence[str]) -> tuple[SimulatorName, ...]:
    """Return the simulators of these names, each once; all where there are none.

    Raises
    ------
    InvalidInputError
        With every name that is none.
    """
    return _named("--simulator", names, SIMULATORS) or tuple(SIMULATORS.values())


def _named[Name](option: str, names: Sequence[str], valid: dict[str, Name]) -> tuple[Name, ...]:
    faults = [
        Fault(option, "", f"no {option.lstrip('-')} {name!r}", ", ".join(valid), nearest_name(name, valid))
        for name in names
        if name not in valid
    ]
    if faults:
        raise InvalidInputError(faults)
    return tuple(dict.fromkeys(valid[name] for name in names))
