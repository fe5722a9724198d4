"""A fault before its file is known: where in the scenario, and what."""

from typing import NamedTuple

from sim.faults import Fault
from sim.scenario.merge import KeyPath, Locate


class Finding(NamedTuple):
    """Something wrong at a key path of a scenario."""

    path: KeyPath
    problem: str
    allowed: str = ""
    nearest: str = ""

    def fault(self, locate: Locate) -> Fault:
        """Return the fault, in the file that set the key."""
        return Fault(locate(self.path), ".".join(self.path), self.problem, self.allowed, self.nearest)
