"""Runs of the problems, each once, and the numbers they give."""

from functools import cache, lru_cache
from pathlib import Path

from sim.analysis.sensitivity.sobol_indices import sobol_indices
from sim.engine.experiment import Experiment
from sim.engine.simulate import simulate
from sim.run_record import Run
from sim.scenario.load import load
from sim.scenario.schema import Scenario
from sim.summary.row import Summary
from tests.conformance.figure import Figure, Ours

HERE = Path(__file__).parent
INDICES = ("first", "total")


def problems() -> list[str]:
    """Return the names of the scenario files beside this module."""
    return sorted(path.stem for path in HERE.glob("*.toml"))


def measure(figure: Figure) -> Ours:
    """Return our number for a figure."""
    if figure.statistic in INDICES:
        return _indices(figure.problem)[figure.statistic, figure.scale, figure.quantity]
    scenario = _ran(figure.problem)[0]
    row = _summary(figure.problem).find(
        figure.quantity or scenario.report.outcome, figure.statistic, at=figure.at
    )
    return Ours(row.value, row.mc_error, scenario.sampling.n_draws)


@lru_cache(maxsize=2)
def _ran(problem: str) -> tuple[Scenario, Run]:
    scenario = load(HERE / f"{problem}.toml")
    return scenario, simulate(scenario)


@cache
def _summary(problem: str) -> Summary:
    return _ran(problem)[1].statistics


@cache
def _indices(problem: str) -> dict[tuple[str, str, str], Ours]:
    scenario, results = _ran(problem)
    n_draws = scenario.sampling.n_draws
    found: dict[tuple[str, str, str], Ours] = {}
    for each in sobol_indices(Experiment(scenario, results.arrays)):
        for index, share in (("first", each.first), ("total", each.total)):
            found[index, each.scale, each.group.name] = Ours(share.value, share.error, n_draws)
    return found
