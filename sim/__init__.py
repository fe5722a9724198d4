"""Monte Carlo uncertainty simulator for benefit-cost ratios.

What ``import sim`` gives is imported when it is first asked for (PEP 562), so that it takes no time before.
"""

from importlib import import_module
from typing import TYPE_CHECKING

from sim.version import __version__ as __version__

if TYPE_CHECKING:
    from sim.faults import InvalidInput as InvalidInput
    from sim.interface import load as load
    from sim.interface import open as open
    from sim.interface import run as run
    from sim.interface.analyses import compare as compare
    from sim.interface.analyses import decide as decide
    from sim.interface.analyses import plot as plot
    from sim.interface.analyses import sensitivity as sensitivity
    from sim.interface.analyses import sweep as sweep
    from sim.run_record import Run as Run
    from sim.scenario.schema import Scenario as Scenario


INTERFACE = {
    "InvalidInput": "sim.faults:InvalidInput",
    "Run": "sim.run_record:Run",
    "Scenario": "sim.scenario.schema:Scenario",
    "compare": "sim.interface.analyses:compare",
    "decide": "sim.interface.analyses:decide",
    "load": "sim.interface:load",
    "open": "sim.interface:open",
    "plot": "sim.interface.analyses:plot",
    "run": "sim.interface:run",
    "sensitivity": "sim.interface.analyses:sensitivity",
    "sweep": "sim.interface.analyses:sweep",
}
"""Module and attribute of each name that users have from here."""

__all__ = list(INTERFACE)


def __getattr__(name: str) -> object:
    if name not in INTERFACE:
        raise AttributeError(f"module 'sim' has no attribute {name!r}")
    module, _, attribute = INTERFACE[name].partition(":")
    found = getattr(import_module(module), attribute)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *INTERFACE})
