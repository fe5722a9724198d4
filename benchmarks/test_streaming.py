"""Draws made block by block: seconds by number of draws, what a second worker gains, and memory.

A ratio of two lognormals with plain random numbers, which come in any number. Imports and a first small run
are not counted, but for those of fresh processes, which are part of what they cost. What a second worker
gains is told by the clock, and only where nothing else runs beside.
"""

import subprocess
import sys
import time
from pathlib import Path

import pytest

from sim.engine.recipe import run
from sim.parallel import Executor, Serial
from sim.parallel.processes import Processes
from sim.parallel.threads import Threads
from sim.results import numbers_digest
from sim.scenario.schema import Scenario
from tests.builders import load_text, parameter, scenario_text, write_scenario

NUMBERS = (10**6, 10**7, 10**8)
LARGEST_GAIN = 1 / 1.7
"""Of the seconds of one worker, that two may take."""
MEBIBYTES = 1024
LARGEST = """
import resource, subprocess, sys
subprocess.run([sys.executable, *sys.argv[1:]], check=True)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""
"""Run a command from a small process: a child's peak starts from the memory of whoever starts it."""


def text(n_draws: int) -> str:
    return scenario_text(
        parameter("value", 'distribution = "lognormal"\nmedian = 3\nsigma = 0.5'),
        parameter("pay", 'distribution = "lognormal"\nmedian = 2\nsigma = 0.3'),
        formula="value / pay",
        sampler="random",
        n_draws=n_draws,
    )


def ratio(folder: Path, n_draws: int) -> Scenario:
    return load_text(folder, text(n_draws))


def timed(scenario: Scenario, executor: Executor) -> tuple[float, float, str]:
    """Return seconds by the clock, seconds of CPU of this process, and the digest of the numbers."""
    clock, cpu = time.perf_counter(), time.process_time()
    results = run(scenario, executor=executor, streamed_above=2**10)
    return time.perf_counter() - clock, time.process_time() - cpu, numbers_digest(results.tree)


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> dict[int, tuple[float, float, str]]:
    """Time one worker at each number of draws."""
    folder = tmp_path_factory.mktemp("alone")
    timed(ratio(folder, 10**5), Serial())
    return {n_draws: timed(ratio(folder, n_draws), Serial()) for n_draws in NUMBERS}


def test_time_is_linear_in_draws(measured, alone: dict[int, tuple[float, float, str]]):
    cpu = [alone[n_draws][1] for n_draws in NUMBERS]
    first, second = (
        1e9 * (cpu[i + 1] - cpu[i]) / (NUMBERS[i + 1] - NUMBERS[i]) for i in range(len(NUMBERS) - 1)
    )
    seconds = ", ".join(f"{each:.3g} s" for each in cpu)
    what = f"each further draw from 1e7 to 1e8 (1e6, 1e7, 1e8 draws: {seconds})"
    measured(what, second, "from 1e6 to 1e7", first, 1.1, "ns")
    assert alone[NUMBERS[-1]][1] < 1.1 * alone[NUMBERS[-1]][0]  # one worker keeps to one core


@pytest.mark.parametrize("executor", [Threads(2), Processes(2)], ids=["threads", "processes"])
def test_what_a_second_worker_gains(
    measured, tmp_path: Path, alone: dict[int, tuple[float, float, str]], executor: Executor
):
    one, _, expected = alone[NUMBERS[-1]]
    two, _, found = timed(ratio(tmp_path, NUMBERS[-1]), executor)
    kind = type(executor).__name__.lower()
    measured(f"1e8 draws by the clock, two {kind}", two, "one worker", one, LARGEST_GAIN)
    assert found == expected


def test_memory_of_a_whole_run(measured, tmp_path: Path):
    path = write_scenario(tmp_path, text(NUMBERS[-1]))
    command = ["-m", "sim", "run", str(path), "--workers", "2", "--quiet", "--out", str(tmp_path / "out")]
    ran = subprocess.run(
        [sys.executable, "-c", LARGEST, *command], capture_output=True, text=True, check=True
    )
    resident = int(ran.stdout.split()[-1]) / MEBIBYTES
    measured(
        "largest resident memory, sim run, 1e8 draws, two workers", resident, "wanted", 1024.0, 1.0, "MiB"
    )
    assert resident < 1024
