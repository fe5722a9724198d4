"""What a page tells of: one run, in memory."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from sim.results import Results
from sim.scenario.schema import Scenario
from sim.summary.lookup import Summary


@dataclass(frozen=True, eq=False)
class Told:
    """One run.

    Parameters
    ----------
    scenario, results
        What was run, and what came out; the results' attributes hold its stamp.
    summary
        Its numbers.
    tables
        By name, from :func:`sim.report.run_tables.run_tables`; what a missing one would show is left out.
    folder
        Where the run stands, which the paths in its resolved scenario are relative to.
    """

    scenario: Scenario
    results: Results
    summary: Summary
    tables: Mapping[str, pd.DataFrame]
    folder: Path

    @property
    def outcome(self) -> str:
        """Name of the outcome the page is about."""
        return self.scenario.report.outcome

    @property
    def title(self) -> str:
        """Words for that outcome."""
        return self.scenario.outcomes[self.outcome].title or self.outcome.replace("_", " ")

    @property
    def unit(self) -> str:
        """Its unit in pint's notation; empty where it has none."""
        unit = self.scenario.outcomes[self.outcome].unit
        return "" if unit == "1" else unit

    @property
    def n_draws(self) -> int:
        """Number of draws of the run."""
        return int(self.results.tree.attrs["n_draws"])

    def with_unit(self, text: str) -> str:
        """Return a number of the outcome with its unit."""
        return f"{text} {self.unit}".strip()
