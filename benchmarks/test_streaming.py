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

from sim.engine.simulate import STREAMED_ABOVE
from sim.parallel import Executor, Processes, SerialExecutor, Threads
from sim.results import numbers_digest
from sim.scenario.schema import Scenario
from tests.builders import load_text, parameter, scenario_text, simulate_streaming, write_scenario

NUMBERS = (10**6, 10**7, 10**8)
ROUNDS = 3
WAYS: dict[str, Executor] = {
    "one worker": SerialExecutor(),
    "two threads": Threads(2),
    "two processes": Processes(2),
}
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
    results = simulate_streaming(2**10, scenario, executor=executor)
    return time.perf_counter() - clock, time.process_time() - cpu, numbers_digest(results.groups)


@pytest.fixture(scope="module")
def largest(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[float, float, str]]:
    """Time the largest number of draws by way of working: the best of three, the ways taking turns."""
    folder = tmp_path_factory.mktemp("largest")
    timed(ratio(folder, 10**5), SerialExecutor())
    turns = [
        {name: timed(ratio(folder, NUMBERS[-1]), executor) for name, executor in WAYS.items()}
        for _ in range(ROUNDS)
    ]
    return {name: min(turn[name] for turn in turns) for name in WAYS}


def test_time_is_linear_in_draws(measured, tmp_path: Path, largest: dict[str, tuple[float, float, str]]):
    clock, cpu_of_largest, _ = largest["one worker"]
    smaller = [
        min(timed(ratio(tmp_path, n_draws), SerialExecutor())[1] for _ in range(ROUNDS))
        for n_draws in NUMBERS[:-1]
    ]
    cpu = [*smaller, cpu_of_largest]
    first, second = (
        1e9 * (cpu[i + 1] - cpu[i]) / (NUMBERS[i + 1] - NUMBERS[i]) for i in range(len(NUMBERS) - 1)
    )
    seconds = ", ".join(f"{each:.3g} s" for each in cpu)
    what = f"each further draw from 1e7 to 1e8 (1e6, 1e7, 1e8 draws: {seconds})"
    measured(what, second, "from 1e6 to 1e7", first, 1.1, "ns")
    assert cpu_of_largest < 1.1 * clock  # one worker keeps to one core


@pytest.mark.parametrize("way", ["two threads", "two processes"])
def test_what_a_second_worker_gains(measured, largest: dict[str, tuple[float, float, str]], way: str):
    one, _, expected = largest["one worker"]
    two, _, found = largest[way]
    measured(f"1e8 draws by the clock, {way}", two, "one worker", one, LARGEST_GAIN)
    assert found == expected


def test_memory_of_a_whole_run(measured, tmp_path: Path):
    """Streamed, and the largest that is not: of both the whole command, with all tables and figures."""
    path = write_scenario(tmp_path, text(NUMBERS[-1]))
    streamed = largest_resident(path, "--workers", "2", "--out", str(tmp_path / "streamed"))
    measured(
        "largest resident memory, sim run, 1e8 draws, two workers", streamed, "wanted", 1024.0, 1.0, "MiB"
    )
    default = Path(__file__).parents[1] / "priors" / "default.toml"
    whole = largest_resident(default, "--draws", str(STREAMED_ABOVE), "--out", str(tmp_path / "whole"))
    what = f"the same of the default scenario, {STREAMED_ABOVE:,} draws, the most held at once"
    measured(what, whole, "wanted", 1024.0, 1.0, "MiB")
    assert max(streamed, whole) < 1024


def largest_resident(path: Path, *options: str) -> float:
    """Return the most memory that ``sim run`` has resident, in mebibytes."""
    command = ["-m", "sim", "run", str(path), "--quiet", *options]
    ran = subprocess.run(
        [sys.executable, "-c", LARGEST, *command], capture_output=True, text=True, check=True
    )
    return int(ran.stdout.split()[-1]) / MEBIBYTES
