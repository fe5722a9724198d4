"""What pairing is worth: the error of a difference on one seed against that of runs on seeds of their own.

One entry of the default scenario is edited at a time. The error that ``sim compare`` states for the
difference of each statistic stands over the one that two runs of the same size on different seeds would have:
the errors that ``sim run`` states, by conditional Monte Carlo as there, in quadrature; that of the edited
scenario averaged over four seeds. Everything is deterministic given the seeds.
"""

from pathlib import Path

import numpy as np
import pytest

from sim.analysis.compare.comparison import Comparison, compare
from sim.analysis.compare.sources import ScenarioSource, read_sources
from sim.engine.simulate import simulate
from sim.scenario.load import load
from sim.summary.estimate import estimate
from sim.summary.outcome_estimates import statistics_of

DEFAULT = Path(__file__).parents[1] / "priors" / "default.toml"
EDITS = {
    "salary, median to 330,000": "parameters.salary.median = 330000",
    "salary, p95 to 400,000": "parameters.salary.p95 = 400000",
    "AI value, median to 330 billion": "parameters.ai_value.median = 330e9",
    "AI value, p95 to 1.6 trillion": "parameters.ai_value.p95 = 1.6e12",
    "attribution, concentration to 40": "parameters.attribution.concentration = 40",
}
A_FIFTH = 0.2
ROUNDING = 1e-12
SETTLED = 1e-5
"""Unpaired error over the value below which both runs have five digits and there is nothing to gain.

Of amounts only: a probability near 1 is told by how far it is from 1.
"""
OTHER_SEEDS = (7, 8, 9, 10)


@pytest.mark.parametrize("name", EDITS)
def test_error_of_a_difference(name: str, tmp_path: Path) -> None:
    edited = tmp_path / "edited.toml"
    edited.write_text(f'extends = "{DEFAULT}"\ntitle = "{name}"\n{EDITS[name]}\n', encoding="utf-8")
    comparison = compare(read_sources([DEFAULT, edited], _silent), 0, _silent)
    apart = [_ran(edited, seed) for seed in OTHER_SEEDS]
    ratios = {
        (measure, outcome, statistic): ratio
        for outcome in comparison.baseline.scenario.outcomes
        for measure, statistic, ratio in _ratios(comparison, apart, outcome)
    }
    ratios |= {("difference", "bcr", "mean_log"): _of_mean_log(comparison, apart)}
    print(f"\n{name}: paired error over unpaired")
    for (measure, outcome, statistic), ratio in ratios.items():
        print(f"  {measure:10} {outcome:8} {statistic:12} {ratio:.3f}")
    assert max(ratios.values()) <= A_FIFTH


def _ratios(
    comparison: Comparison, apart: list[ScenarioSource], outcome: str
) -> list[tuple[str, str, float]]:
    """Return the paired over the unpaired error of differences and ratios, where there is one to speak of."""
    baseline, (other,) = comparison.baseline, comparison.others
    table = comparison.contrasts
    rows = table[table["outcome"] == outcome].set_index(["measure", "statistic", "at"])["mc_error"]
    found = []
    for wanted in statistics_of(baseline.scenario.report, outcome, "1"):
        one, before = (source.estimated.of(wanted).statistic for source in (other, baseline))
        own = np.sqrt(np.mean([each.estimated.of(wanted).statistic.error ** 2 for each in apart]))
        ratio = one.value / before.value
        unpaired = {
            "difference": (np.hypot(own, before.error), one.value),
            "ratio": (np.hypot(own, ratio * before.error) / abs(before.value), ratio),
        }
        words = wanted.statistic if np.isnan(wanted.at) else f"{wanted.statistic} {wanted.at:g}"
        least = ROUNDING if wanted.statistic == "p_above" else SETTLED
        for measure, (error, value) in unpaired.items():
            if error > least * abs(value):
                paired = rows.loc[measure].xs(wanted.statistic, level="statistic")
                at = 0 if np.isnan(wanted.at) else list(paired.index).index(wanted.at)
                found.append((measure, words, float(paired.iloc[at] / error)))
    return found


def _of_mean_log(comparison: Comparison, apart: list[ScenarioSource]) -> float:
    """Return the paired error of the change in the mean logarithm over the unpaired."""
    table = comparison.waterfalls.set_index(["outcome", "statistic", "role"])["mc_error"]
    own, before = (
        np.sqrt(np.mean([_mean_log_error(each) ** 2 for each in runs]))
        for runs in (apart, [comparison.baseline])
    )
    return float(table["bcr", "mean_log", "change"] / np.hypot(own, before))


def _mean_log_error(source: ScenarioSource) -> float:
    return estimate(lambda draws: float(np.mean(np.log(draws))), source.run.variable("bcr")).error


def _ran(path: Path, seed: int) -> ScenarioSource:
    scenario = load(path, [f"seed={seed}"])
    return ScenarioSource(scenario.name, str(path), simulate(scenario))


def _silent(_: str) -> None:
    """Tell nobody."""
