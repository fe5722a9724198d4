"""Scenarios with years for tests, and what their outcomes are."""

from pathlib import Path

import numpy as np

from sim.engine.simulate import simulate
from sim.scenario.load import load
from sim.scenario.schema import Scenario
from sim.types import Array
from tests.builders import scenario_text, write_scenario


def horizon(years: int | str = 30, discounting: str = "start", start: int = 2025) -> str:
    """Return the table of a horizon."""
    stated = years if isinstance(years, int) else f'"{years}"'
    return f'[horizon]\nstart = {start}\nyears = {stated}\ndiscounting = "{discounting}"\n'


def stream(name: str, more: str, unit: str = "1") -> str:
    """Return the table of a stream, with a rationale."""
    return f'[streams.{name}]\nunit = "{unit}"\nrationale = "for a test"\n{more}\n'


def loaded(folder: Path, *parts: str, formula: str, n_draws: int = 256, name: str = "test.toml") -> Scenario:
    """Return a scenario made of parts, whose outcome ``total`` has a formula."""
    return load(write_scenario(folder, scenario_text(*parts, formula=formula, n_draws=n_draws), name))


def totals(scenario: Scenario) -> Array:
    """Return the draws of ``total``, (randomisation, draw)."""
    return simulate(scenario).variable("total")


def total(folder: Path, *parts: str, formula: str) -> float:
    """Return ``total`` of a scenario in which nothing varies."""
    found = totals(loaded(folder, *parts, formula=formula))
    assert float(np.ptp(found)) == 0.0
    return float(found.flat[0])
