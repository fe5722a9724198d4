"""Experiments of small scenarios."""

from collections.abc import Sequence
from pathlib import Path

from sim.engine.experiment import Experiment
from sim.engine.simulate import simulate
from sim.scenario.load import load
from tests.builders import scenario_text, write_scenario

ROOT = Path(__file__).parents[2]


def experiment_of(
    folder: Path,
    *parts: str,
    formula: str = "1",
    n_draws: int = 2**14,
    sampler: str = "sobol",
    dimensions: Sequence[str] = (),
) -> Experiment:
    """Return the experiment of a scenario made of parts, whose outcome is ``total``."""
    text = scenario_text(*parts, formula=formula, n_draws=n_draws, sampler=sampler, dimensions=dimensions)
    scenario = load(write_scenario(folder, text))
    return Experiment(scenario, simulate(scenario).arrays)


def shipped(name: str, *settings: str) -> Experiment:
    """Return the experiment of a shipped scenario."""
    scenario = load(ROOT / "priors" / f"{name}.toml", settings)
    return Experiment(scenario, simulate(scenario).arrays)
