"""A scenario that can be sent to another process."""

from dataclasses import dataclass
from typing import Any

from sim.scenario.schema import Scenario


@dataclass(frozen=True)
class Portable:
    """A scenario that is pickled as JSON: the classes of its parameters are made when `sim` is imported.

    Parameters
    ----------
    scenario
        Loaded scenario.
    """

    scenario: Scenario

    def __reduce__(self) -> tuple[Any, ...]:
        """Send the scenario as JSON."""
        return _restored, (self.scenario.model_dump_json(),)


def _restored(text: str) -> Portable:
    return Portable(Scenario.model_validate_json(text))
