"""A run with a data file, and its lock."""

from dataclasses import dataclass
from pathlib import Path

from sim.engine.simulate import simulate
from sim.replication.lock import Lock, make_lock, write_lock
from sim.replication.machine import run_stamp
from sim.report.summary_lines import MAX_NOTES, quoted_numbers
from sim.run_record import Run
from sim.scenario.load import load
from sim.scenario.schema import Scenario
from tests.builders import parameter, write_scenario

TEXT = """
title = "A test"
seed = 21
[sampling]
n_draws = 8192
n_randomisations = 16
[report]
outcome = "bcr"
thresholds = [2]
[choices.method]
few = 1
many = 2
[outcomes.cost]
unit = "USD"
by = "method"
few = "pay * effort"
many = "2 * pay * effort"
[outcomes.bcr]
formula = "value / cost"
"""
PARTS = (
    parameter("pay", 'distribution = "lognormal"\nmedian = 300\nsigma = 0.1', 'unit = "USD"'),
    parameter("value", 'distribution = "lognormal"\nmedian = 2000\nsigma = 0.6', 'unit = "USD"'),
    parameter("effort", 'distribution = "empirical"\nfile = "effort.csv"\ncolumn = "n"'),
)
EFFORT = "n\n1.0\n2.0\n2.5\n4.0\n"


@dataclass(frozen=True)
class Locked:
    """A run and its lock on disk."""

    run: Run
    lock: Lock
    file: Path
    data: Path

    @property
    def scenario(self) -> Scenario:
        """What was run."""
        return self.run.scenario


def locked(folder: Path) -> Locked:
    """Run a scenario with a data file and write its lock beside it."""
    data = folder / "effort.csv"
    data.write_text(EFFORT, encoding="utf-8")
    scenario = load(write_scenario(folder, TEXT + "\n".join(PARTS)))
    run = simulate(scenario).replace(stamp=run_stamp(0.0))
    file = folder / "test.lock.toml"
    lock = make_lock(run, quoted_numbers(scenario, run.statistics, MAX_NOTES), file.parent)
    write_lock(lock, file)
    return Locked(run, lock, file, data)
