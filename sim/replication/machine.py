"""What a run took and where: time, memory, versions, and the machine in general terms.

Nothing here names the machine or its user: no host name, no path.
"""

import os
import platform
import sys
import time
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING

from sim.results import LIBRARIES
from sim.version import __version__

if TYPE_CHECKING:
    from sim.replication.lock import Lock

ALSO_IN_THE_NUMBERS = ("arviz-stats", "h5netcdf", "numba", "nutpie", "pyarrow", "pymc", "pytensor")
"""Libraries behind intervals, files and posteriors, beside those every run passes through."""


def run_stamp(started: float | None) -> dict[str, str]:
    """Return attributes that tell what a run took, for its results and provenance, as far as they are known.

    They are ``runtime_seconds`` since `started`, as ``time.perf_counter()`` gave it when the command began
    (none without it), ``peak_memory_bytes`` (largest resident size of the process so far), ``machine_cores``,
    ``machine_memory_bytes``, ``machine_system``, ``machine_architecture``, and ``versions``.
    """
    facts: dict[str, float | int | str | None] = {
        "runtime_seconds": None if started is None else round(time.perf_counter() - started, 3),
        "peak_memory_bytes": peak_memory_bytes(),
        **{f"machine_{name}": value for name, value in machine().items()},
        "versions": " ".join(f"{name} {number}" for name, number in versions().items()),
    }
    return {name: str(value) for name, value in facts.items() if value is not None}


def machine() -> dict[str, str]:
    """Return ``cores``, ``memory_bytes``, ``system`` and ``architecture`` of this machine, if it tells."""
    facts = {
        "cores": os.cpu_count(),
        "memory_bytes": _memory_bytes(),
        "system": platform.system(),
        "architecture": platform.machine(),
    }
    return {name: str(value) for name, value in facts.items() if value}


def versions() -> dict[str, str]:
    """Return the versions of sim, Python and every installed library that touches the numbers, by name."""
    found = {"sim": __version__, "python": platform.python_version()}
    for name in (*LIBRARIES, *ALSO_IN_THE_NUMBERS):
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "none"
    return found


def differences(lock: "Lock", seed: int) -> tuple[str, ...]:
    """Return what differs here from where a lock was made, in words.

    Parameters
    ----------
    lock
        The lock.
    seed
        Seed of the run here.

    Returns
    -------
    tuple
        Sentences, one for each difference.
    """
    from sim.replication.lock import Machine  # here: a run that leaves its stamp needs no locks

    here = versions()
    facts = [
        f"{name} {here.get(name, 'none')} (locked: {number})"
        for name, number in lock.versions.items()
        if here.get(name, "none") != number
    ]
    place = Machine.model_validate(machine())
    if (place.system, place.architecture) != (lock.machine.system, lock.machine.architecture):
        locked = f"{lock.machine.system} {lock.machine.architecture}"
        facts.append(f"{place.system} {place.architecture} (locked: {locked})")
    if seed != lock.run.seed:
        facts.append(f"seed {seed} (locked: {lock.run.seed})")
    return tuple(facts)


def peak_memory_bytes() -> int | None:
    """Return the largest resident size of this process so far; ``None`` where the system does not tell."""
    if sys.platform == "win32":
        return None
    import resource

    largest = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return largest if sys.platform == "darwin" else 1024 * largest  # elsewhere in kibibytes


def _memory_bytes() -> int | None:
    """Return the machine's physical memory; ``None`` where the system does not tell."""
    if sys.platform == "win32":
        return None
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
