"""Scenario files for tests, written as a user would write them."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from sim.engine.simulate import simulate
from sim.parallel import Executor
from sim.run_record import Run
from sim.scenario.load import load
from sim.scenario.schema import Scenario
from sim.types import Step, silent

HEAD = """
title = "A test"
seed = {seed}
[sampling]
n_draws = {n_draws}
n_randomisations = 4
sampler = "{sampler}"
dimensions = {dimensions}
[report]
outcome = "total"
[outcomes.total]
formula = "{formula}"
"""


def parameter(name: str, law: str, more: str = "") -> str:
    """Return the table of a parameter with a rationale."""
    return f'[parameters.{name}]\nrationale = "for a test"\n{law}\n{more}\n'


def scenario_text(
    *parts: str,
    formula: str = "1",
    sampler: str = "sobol",
    seed: int = 7,
    n_draws: int = 256,
    dimensions: Sequence[str] = (),
) -> str:
    """Return a scenario file made of parts."""
    head = HEAD.format(
        formula=formula, sampler=sampler, seed=seed, n_draws=n_draws, dimensions=list(dimensions)
    )
    return head + "\n".join(parts)


def write_scenario(folder: Path, text: str, name: str = "test.toml") -> Path:
    """Write a scenario file."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def load_text(folder: Path, text: str) -> Scenario:
    """Write and load a scenario."""
    return load(write_scenario(folder, text))


def simulate_streaming(
    above: int, scenario: Scenario, step: Step = silent, executor: Executor | None = None
) -> Run:
    """Run a scenario; where it has more than so many draws, they are streamed."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("sim.engine.simulate.STREAMED_ABOVE", above)
        return simulate(scenario, step, executor)
