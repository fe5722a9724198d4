"""Runs for tests of reweighting."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from sim.analysis.reweighting.reweight import Reweighting, StatisticChange, reweight
from sim.engine.simulate import simulate
from sim.run_record import Run
from sim.scenario.load import load
from sim.scenario.schema import Scenario
from sim.summary.row import Summary
from tests.builders import parameter, write_scenario

HEAD = """
title = "A test"
seed = 11
[sampling]
n_draws = 16384
n_randomisations = 16
[report]
outcome = "total"
thresholds = {thresholds}
[outcomes.total]
formula = "{formula}"
"""
X = parameter("x", 'distribution = "lognormal"\nmedian = 10\nsigma = 0.5')
Y = parameter("y", 'distribution = "gamma"\nshape = 4\nscale = 1.5')
SHARES = parameter(
    "share",
    'distribution = "dirichlet"\nmeans = { a = 0.2, b = 0.3, c = 0.5 }\nconcentration = 12',
)


@dataclass(frozen=True)
class Ran:
    """A scenario file, and its run."""

    file: Path
    run: Run

    @property
    def scenario(self) -> Scenario:
        """What was run."""
        return self.run.scenario

    def reweighted(self, *settings: str) -> Reweighting:
        """Return the run under settings, by weights."""
        return reweight(self.run, load(self.file, settings), "sim run FILE")

    def afresh(self, *settings: str) -> Summary:
        """Return the summary of a fresh run under settings and another seed."""
        scenario = load(self.file, [*settings, "seed=12"])
        return simulate(scenario).statistics


def ran(folder: Path, *parts: str, formula: str = "x * y", thresholds: str = "[40]") -> Ran:
    """Run a scenario made of parts."""
    text = HEAD.format(formula=formula, thresholds=thresholds) + "\n".join(parts)
    file = write_scenario(folder, text)
    return Ran(file, simulate(load(file)))


def by_statistic(found: Reweighting, quantity: str = "total") -> Mapping[str, StatisticChange]:
    """Return the rows of one quantity by statistic."""
    return {row.statistic: row for row in found.rows if row.quantity == quantity}


def apart(row: StatisticChange, value: float, error: float = 0.0) -> float:
    """Return how many combined Monte Carlo errors a weighted statistic is from a value."""
    return float(abs(row.after.value - value) / np.hypot(row.after.error, error))
