"""What a run can reach where the survey's posterior has finitely many draws."""

from functools import partial
from pathlib import Path
from shutil import copy

import numpy as np
import pandas as pd
import pytest

from sim.engine.adaptive_run import Goal
from sim.engine.simulate import simulate
from sim.engine.survey import fit_settings
from sim.evidence.hierarchical.cache import Posterior, keep_beside, posterior_beside, posterior_digest
from sim.evidence.hierarchical.model_survey import read_model_survey
from sim.evidence.hierarchical.settings import FIT_SEED, FitSettings
from sim.evidence.readings import Reading
from sim.recipe import run
from sim.samplers.base import stream
from sim.scenario.load import load
from sim.summary.precision import Precision
from tests.builders import scenario_text, write_scenario

ROOT = Path(__file__).parents[2]
SHIPPED = ROOT / "data" / "mloss-2022"
REFERENCES = {"pytorch": "pytorch/pytorch", "tensorflow": "tensorflow/tensorflow"}
RATE = (
    '[outcomes.rate]\nunit = "commit/person/period"\n'
    'formula = "commits_per_contributor_period.tensorflow"\n'
)  # fmt: skip


N_DRAWS = 300
CHAINS = 4


@pytest.fixture
def periods(tmp_path: Path) -> Path:
    """Return the shipped survey with a posterior of 1,200 independent draws, ln N(ln 5, 0.3^2), beside it."""
    for name in ("periods.csv", "frequencies.csv"):
        copy(SHIPPED / name, tmp_path)
    settings = FitSettings(draws=N_DRAWS)
    survey = read_model_survey(tmp_path / "periods.csv", Reading())
    digest = posterior_digest(survey, REFERENCES, settings, partial(stream, FIT_SEED))
    shipped = posterior_beside(SHIPPED / "periods.csv", digest, N_DRAWS)
    assert shipped is not None
    rng = np.random.default_rng(5)
    columns = {name: 5.0 * np.exp(0.3 * rng.normal(size=CHAINS * N_DRAWS)) for name in shipped.columns}
    keep_beside(Posterior(columns, shipped.diagnostics), digest, N_DRAWS, tmp_path)
    return tmp_path / "periods.csv"


def written(periods: Path, method: str = "hierarchical") -> Path:
    named = ", ".join(f'{name} = "{repository}"' for name, repository in REFERENCES.items())
    evidence = (
        f'[evidence]\nperiods = "periods.csv"\nmethod = "{method}"\nreferences = {{ {named} }}\n'
        f"posterior_draws = {N_DRAWS}\n"
    )
    text = scenario_text(evidence, RATE, seed=3).replace("n_randomisations = 4", "n_randomisations = 16")
    return write_scenario(
        periods.parent, text.replace('outcome = "total"', 'outcome = "rate"'), f"{method}.toml"
    )


@pytest.mark.parametrize(("stopping", "n_stages"), [("jcgm", 5), ("stein", 2)])
def test_a_run_ends_where_only_posterior_draws_are_left_to_lessen(periods: Path, stopping, n_stages: int):
    """The mean of 1,200 independent draws is known to sd / sqrt(1200).

    So says the spread of 16 randomisations, from 75 draws each: chi-square with 15 degrees of freedom, within
    a factor of 2 but once in 5,000.
    """
    goal = Goal(Precision(rel_error=0.002), stopping, max_draws=2**21)
    adapted = run(load(written(periods)), goal=goal)
    assert not adapted.stages.settled
    assert len(adapted.stages.all) == n_stages
    mean = adapted.stages.last.rows[0]
    assert mean.statistic == "mean"
    variance = (np.exp(0.3**2) - 1) * np.exp(0.3**2) * 25
    expected = np.sqrt(variance / (CHAINS * N_DRAWS))
    assert expected / 2 < mean.mc_error < 2 * expected
    assert "the 1,200 draws of the survey's posterior" in adapted.stages.limit
    said = [note for note in adapted.notes if note.startswith("not settled")]
    assert any(adapted.stages.limit in note for note in said)


def test_a_bootstraps_error_falls_and_the_run_goes_on(periods: Path):
    goal = Goal(Precision(rel_error=0.0005), max_draws=2**20)
    adapted = run(load(written(periods, "rescaled")), goal=goal)
    assert adapted.stages.limit == ""
    assert adapted.stages.settled or adapted.stages.last.n_draws == goal.max_draws


def test_the_command_says_what_to_state(sim, periods: Path):
    results = periods.parent / "results"
    ended = sim("run", written(periods), "--rel-error", "0.002", "--quiet", "--out", results)
    assert ended.code == 3
    assert "state more in evidence.posterior_draws, those of each of its 4 chains" in ended.err
    trace = pd.read_csv(Path(ended.out.strip()) / "tables" / "adaptive.csv")
    assert trace["stage"].max() == 5


def test_a_run_takes_the_kept_posterior_where_it_has_draws_enough(periods: Path):
    """The one made up is taken by who asks for as many draws or fewer; who asks for more has another fit."""
    fewer = load(written(periods), ["evidence.posterior_draws=200"])
    assert 4.8 < np.median(simulate(fewer).variable("rate")) < 5.2
    evidence = load(written(periods), ["evidence.posterior_draws=400"]).evidence
    assert evidence is not None
    settings = fit_settings(evidence)
    assert settings == FitSettings(draws=400)
    survey = read_model_survey(periods, Reading())
    digest = posterior_digest(survey, REFERENCES, settings, partial(stream, FIT_SEED))
    assert posterior_beside(periods, digest, settings.draws) is None


def test_too_few_posterior_draws_are_refused(sim, periods: Path):
    ended = sim("check", written(periods), "--set", "evidence.posterior_draws=10")
    assert ended.code == 2
    assert "evidence.posterior_draws" in ended.err
    assert "100" in ended.err
