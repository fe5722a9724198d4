"""Draws made block by block: seconds by number of draws, and what a second worker gains.

``python -m pytest benchmarks/test_streaming.py -s`` prints one line for each. Wall-clock seconds depend on
what else the machine does; seconds of CPU of this process much less. Nothing is asserted of either.
"""

import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from sim.engine.recipe import run
from sim.parallel import Executor, Serial, executor_for
from sim.scenario.schema import Scenario
from tests.builders import load_text, parameter, scenario_text

N_OF_WORKERS = 2**25


class Threads:
    """Does tasks in two threads: what processes are measured against."""

    def map(self, function, tasks: Iterable[object]) -> Iterator[object]:
        """Give `function` of each task, in order."""
        with ThreadPoolExecutor(2) as pool:
            yield from pool.map(function, tasks)


def ratio(folder: Path, n_draws: int) -> Scenario:
    """Return a ratio of two lognormals with plain random numbers, which come in any number."""
    return load_text(
        folder,
        scenario_text(
            parameter("value", 'distribution = "lognormal"\nmedian = 3\nsigma = 0.5'),
            parameter("pay", 'distribution = "lognormal"\nmedian = 2\nsigma = 0.3'),
            formula="value / pay",
            sampler="random",
            n_draws=n_draws,
        ),
    )


def seconds(scenario: Scenario, executor: Executor) -> tuple[float, float]:
    """Return wall-clock seconds and seconds of CPU of this process."""
    wall, cpu = time.perf_counter(), time.process_time()
    run(scenario, executor=executor, streamed_above=2**10)
    return time.perf_counter() - wall, time.process_time() - cpu


def test_time_is_linear_in_draws(tmp_path: Path):
    numbers = [10**6, 10**7, 10**8]
    times = []
    for n_draws in numbers:
        wall, cpu = seconds(ratio(tmp_path, n_draws), Serial())
        times.append(cpu)
        print(
            f"\n{n_draws:>13,} draws: {wall:6.1f} s, {cpu:6.1f} s of CPU, {1e9 * cpu / n_draws:5.0f} ns each"
        )
    slope = np.polyfit(np.log(numbers[1:]), np.log(times[1:]), 1)[0]
    print(f"exponent of time in draws, 1e7 to 1e8: {slope:.2f}")


@pytest.mark.parametrize("kind", ["one process", "two processes", "two threads"])
def test_what_a_second_worker_gains(tmp_path: Path, kind: str):
    scenario = ratio(tmp_path, N_OF_WORKERS)
    if kind == "two threads":
        wall, cpu = seconds(scenario, Threads())  # type: ignore[arg-type]
    else:
        with executor_for(2 if kind == "two processes" else 1) as executor:
            wall, cpu = seconds(scenario, executor)
    print(f"\n{N_OF_WORKERS:,} draws, {kind}: {wall:.1f} s, {cpu:.1f} s of CPU in this process")
