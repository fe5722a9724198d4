"""Effective draws per second of the commits model: ours, and the textbook form under PyMC's own NUTS.

The textbook form is the same model written row by row: one interval-censored lognormal for each contributor
in each period, all levels centred. Both are timed from the built model to the last draw, compilation
included, in one run on one survey; what is compared is the least effective number of draws of a second over
the estimands that rest on commits.

Run with ``make bench``.
"""

import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pymc as pm
import pytensor.tensor as pt
import pytest
import xarray as xr

from sim.evidence.hierarchical.diagnostics import convergence
from sim.evidence.hierarchical.expectation import estimand_draws, expected_counts
from sim.evidence.hierarchical.fit import sample_model
from sim.evidence.hierarchical.model_survey import Cells, ModelSurvey, cells_of, read_model_survey
from sim.evidence.hierarchical.models import contributors_model, marks_model
from sim.evidence.hierarchical.predictions import contributors_draws, effort_draws
from sim.evidence.hierarchical.settings import FitSettings
from sim.evidence.readings import Reading

PERIODS = Path(__file__).parents[1] / "data" / "mloss-2022" / "periods.csv"
REFERENCES = {"pytorch": "pytorch/pytorch", "tensorflow": "tensorflow/tensorflow"}
DRAWS = 1000

pytestmark = pytest.mark.filterwarnings("ignore")


def textbook_model(survey: ModelSurvey) -> pm.Model:
    """Return the commits model row by row, centred throughout."""
    cells: Cells = cells_of(survey, "commits")
    rows = np.repeat(np.arange(cells.period.size), cells.contributors.astype(int))
    period = cells.period[rows]
    with pm.Model(coords={"stratum": survey.names.tolist()}) as model:
        centre, spread = pm.Normal("centre", np.log(3), 1.5), pm.HalfNormal("spread", 1.0)
        level = pm.Normal("level", centre, spread, dims="stratum")
        activity = pm.Normal("activity", 0.0, 0.5)
        period_spread = pm.HalfNormal("period_spread", 0.5)
        mean = level[cells.stratum] + activity * cells.deviation
        period_level = pm.Normal("period_level", mean, period_spread, shape=int(cells.stratum.size))
        scale = pm.LogNormal("contributor_spread", np.log(1.5), 0.5)
        normal = pm.Normal.dist(period_level[period], scale)
        high, low = pm.logcdf(normal, cells.upper[rows]), pm.logcdf(normal, cells.lower[rows])
        pm.Potential("frequencies", (high + pt.log1mexp(low - high)).sum())
    return model


def least_effective(survey: ModelSurvey, contributors: xr.Dataset, commits: xr.Dataset, chains: int) -> float:
    """Return the fewest effective draws, bulk or tail, over the estimands of commits."""
    efforts = dict.fromkeys(("commits", "lines"), effort_draws(commits))
    counts = expected_counts(survey, contributors_draws(contributors), efforts)
    columns = estimand_draws(survey, counts, REFERENCES)
    found = [
        convergence(name, column.reshape(chains, -1)) for name, column in columns.items() if "commits" in name
    ]
    return min(min(each.ess_bulk, each.ess_tail) for each in found)


def timed(make: Callable[[], xr.DataTree]) -> tuple[xr.DataTree, float]:
    start = time.perf_counter()
    return make(), time.perf_counter() - start


def test_effective_draws_per_second(benchmark):
    survey = read_model_survey(PERIODS, Reading())
    ours = FitSettings(draws=DRAWS)
    textbook = FitSettings(draws=DRAWS, tune=1000, sampler="pymc")
    contributors = sample_model(contributors_model(survey, "negative-binomial"), ours, 1)[
        "posterior"
    ].to_dataset()

    def compare() -> dict[str, float]:
        rates = {}
        for name, model, settings in (
            ("nutpie, grouped", marks_model(survey, "commits", "lognormal"), ours),
            ("PyMC NUTS, grouped", marks_model(survey, "commits", "lognormal"), textbook),
            ("PyMC NUTS, textbook rows", textbook_model(survey), textbook),
        ):
            found, seconds = timed(lambda model=model, settings=settings: sample_model(model, settings, 1))
            effective = least_effective(
                survey, contributors, found["posterior"].to_dataset(), settings.chains
            )
            rates[name] = effective / seconds
            print(f"\n{name}: {effective:.0f} effective draws in {seconds:.0f} s, {rates[name]:.2f} a second")
        return rates

    rates = benchmark.pedantic(compare, rounds=1, iterations=1)
    benchmark.extra_info |= rates
    ratio = rates["nutpie, grouped"] / rates["PyMC NUTS, textbook rows"]
    print(f"ratio to the textbook form: {ratio:.1f}")
    assert min(rates.values()) > 0
