"""A scenario of 30 years beside the same by hand in NumPy: seconds of the processor from draws to outcomes.

Costs over four years, a benefit that grows from the fourth year on, and noise of each year, discounted at an
uncertain rate; 65,536 draws. By hand they are matrices of years and draws, powers and sums. Drawing is not
counted, the same draws go into both; nor are imports and a first evaluation.
"""

import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from sim.draws.draw import Draws
from sim.engine.simulate import simulate
from sim.outcomes import evaluate_outcomes
from sim.scenario.schema import Scenario
from sim.types import Array
from tests.builders import load_text, parameter, scenario_text
from tests.streams.by_year import horizon, stream

N_YEARS, ROUNDS = 30, 9
MOST = 1.5
"""Times the processor's seconds of the same by hand."""


def scenario(folder: Path) -> Scenario:
    parts = [
        horizon(N_YEARS),
        parameter("rate", 'distribution = "triangular"\nlow = 0.01\nmode = 0.03\nhigh = 0.05'),
        parameter("capex", 'distribution = "pert"\nlow = 80\nmode = 100\nhigh = 160'),
        parameter("first", 'distribution = "lognormal"\np05 = 4\np95 = 12'),
        parameter("growth", 'distribution = "normal"\nmean = 0.02\nsd = 0.005'),
        stream("noise", 'distribution = "lognormal"\nmedian = 1\np95 = 2\nby_year = "independent"'),
        stream("spent", "formula = 'where(t < 4, capex / 4, 0)'"),
        stream("gained", "formula = 'where(t >= 4, first * noise * (1 + growth) ** (t - 4), 0)'"),
    ]
    formula = "present_value(gained, rate) / present_value(spent, rate)"
    return load_text(folder, scenario_text(*parts, formula=formula, n_draws=2**16))


def by_hand(draws: Draws) -> Array:
    t = np.arange(float(N_YEARS))[:, np.newaxis]
    rate, capex, first, growth = (
        draws.columns[name].ravel() for name in ("rate", "capex", "first", "growth")
    )
    noise = np.stack([draws.columns[f"noise.{2025 + year}"].ravel() for year in range(N_YEARS)])
    spent = np.where(t < 4, capex / 4, 0.0)
    gained = np.where(t >= 4, first * noise * (1.0 + growth) ** (t - 4), 0.0)
    factors = (1.0 + rate) ** -t
    return np.asarray((gained * factors).sum(axis=0) / (spent * factors).sum(axis=0))


def seconds(work: Callable[[], object]) -> float:
    """Return the least processor's seconds of several rounds, after one that is not counted."""
    work()
    found = []
    for _ in range(ROUNDS):
        start = time.process_time()
        work()
        found.append(time.process_time() - start)
    return min(found)


def test_years_beside_the_same_by_hand(measured, tmp_path: Path) -> None:
    stated = scenario(tmp_path)
    draws = simulate(stated).arrays
    outcome = evaluate_outcomes(stated, draws)["total"]
    np.testing.assert_allclose(outcome.ravel(), by_hand(draws), rtol=1e-12)
    ours, theirs = seconds(lambda: evaluate_outcomes(stated, draws)), seconds(lambda: by_hand(draws))
    line = measured("30 years, 65,536 draws, from draws to outcomes", ours, "by hand in NumPy", theirs, MOST)
    assert line.ratio <= MOST
