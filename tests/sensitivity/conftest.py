"""Experiments of toy scenarios."""

from collections.abc import Callable
from pathlib import Path

import pytest

from sim.engine.experiment import Experiment
from sim.engine.simulate import simulate
from tests.builders import load_text, scenario_text

Make = Callable[..., Experiment]


@pytest.fixture
def experiment(tmp_path: Path) -> Make:
    """Return a function from the parts of a scenario to its experiment."""

    def make(*parts: str, formula: str, seed: int = 7, n_draws: int = 2**14) -> Experiment:
        scenario = load_text(tmp_path, scenario_text(*parts, formula=formula, seed=seed, n_draws=n_draws))
        return Experiment(scenario, simulate(scenario).arrays)

    return make
