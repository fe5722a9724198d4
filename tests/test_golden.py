"""The shipped scenarios give the numbers they gave when last looked at.

Each is run once, against its golden summary and its lock in ``results/locks``, as ``sim verify`` would.
"""

from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from sim.engine.simulate import simulate
from sim.replication.lock import Lock, make_lock, read_lock, write_lock
from sim.replication.machine import run_stamp
from sim.replication.verify import compare
from sim.report.summary_lines import quoted_numbers, summary_notes
from sim.scenario.load import load
from sim.summary.row import Summary
from tests.conftest import OF_ITS_ERROR

ROOT = Path(__file__).parents[1]
SCENARIOS = sorted((ROOT / "priors").glob("*.toml"))
LOCKS = ROOT / "results" / "locks"


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_golden_summary_and_lock(
    path: Path, tmp_path: Path, golden: Callable[[str, Path], None], pytestconfig: pytest.Config
):
    scenario = load(path)
    results = simulate(scenario).replace(stamp=run_stamp(None))
    rows = results.statistics.rows
    table = tmp_path / "summary.csv"
    pd.DataFrame([asdict(row) for row in rows]).to_csv(table, index=False, lineterminator="\n")
    golden(path.stem, table)

    summary = Summary(rows)
    numbers = quoted_numbers(scenario, summary, len(summary_notes(scenario, summary, results.notes)))
    made = make_lock(results, numbers, LOCKS)
    file = LOCKS / f"{path.stem}.lock.toml"
    if pytestconfig.getoption("--rewrite-golden"):
        write_lock(without_time(made), file)
    kept = read_lock(file)
    # a scenario that is stated otherwise has another lock: pytest tests/test_golden.py --rewrite-golden
    assert what_is_the_same_everywhere(made) == what_is_the_same_everywhere(kept)
    found = compare(kept, rows, same_draws=False, elsewhere=())
    assert not found.moved
    # what is allowed is k errors of both runs together; as in a golden summary, a hundredth of one is kept
    assert found.largest <= OF_ITS_ERROR / (2**0.5 * found.multiplier)


def without_time(lock: Lock) -> Lock:
    """Return a lock that does not say how long the run of this test took."""
    run = lock.run.model_copy(update={"runtime_seconds": None, "peak_memory_bytes": None})
    return lock.model_copy(update={"run": run})


def what_is_the_same_everywhere(lock: Lock) -> dict[str, Any]:
    """Return scenario, data and printed numbers of a lock: all but the machine and the last digits."""
    return lock.model_dump(
        exclude={
            "machine": True,
            "versions": True,
            "run": {"numbers_digest", "runtime_seconds", "peak_memory_bytes"},
            "numbers": {"__all__": {"value", "mc_error"}},
        }
    )


def test_every_lock_is_of_a_shipped_scenario_and_names_nobody():
    assert {file.name for file in LOCKS.iterdir()} == {f"{path.stem}.lock.toml" for path in SCENARIOS}
    for file in LOCKS.iterdir():
        text = file.read_text(encoding="utf-8")
        assert str(Path.home()) not in text
        assert str(ROOT) not in text
        assert all(data.file.startswith("../../data/") for data in read_lock(file).data)
