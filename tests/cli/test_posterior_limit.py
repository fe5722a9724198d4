"""What a run can reach where the survey's posterior has finitely many draws."""

from functools import partial
from pathlib import Path
from shutil import copy

import numpy as np
import pandas as pd
import pytest

from sim.draws.streams import stream
from sim.engine.adaptive import Goal, run_adaptive
from sim.engine.posterior import fit_settings
from sim.engine.recipe import run
from sim.evidence.hierarchical.beside import KeptPosterior, keep_beside, posterior_beside
from sim.evidence.hierarchical.grouped import read_grouped
from sim.evidence.hierarchical.identity import posterior_digest, posterior_parts
from sim.evidence.hierarchical.settings import FIT_SEED, FitSettings
from sim.evidence.readings import Reading
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


def written(folder: Path, method: str = "hierarchical", periods: Path = SHIPPED / "periods.csv") -> Path:
    named = ", ".join(f'{name} = "{repository}"' for name, repository in REFERENCES.items())
    evidence = (
        f'[evidence]\nperiods = "{periods}"\nmethod = "{method}"\nreferences = {{ {named} }}\n'
    )  # fmt: skip
    text = scenario_text(evidence, RATE, formula="1", seed=3)
    text = text.replace("n_randomisations = 4", "n_randomisations = 16")
    return write_scenario(folder, text.replace('outcome = "total"', 'outcome = "rate"'), f"{method}.toml")


@pytest.mark.parametrize(("stopping", "n_stages"), [("jcgm", 5), ("stein", 2)])
def test_a_run_ends_where_only_posterior_draws_are_left_to_lessen(tmp_path: Path, stopping, n_stages: int):
    """The mean of this rate is known to its sd over the root of the effective draws, 400 to 4,000."""
    scenario = load(written(tmp_path))
    goal = Goal(Precision(rel_error=0.0005), stopping, max_draws=2**21)
    adapted = run_adaptive(scenario, goal, lambda _: None)
    assert not adapted.settled
    assert "mean" in adapted.short
    assert len(adapted.stages) == n_stages
    mean = adapted.stages[-1].rows[0]
    posterior = posterior_beside(SHIPPED / "periods.csv", digest(SHIPPED / "periods.csv", FitSettings()))
    assert posterior is not None
    column = posterior.columns["commits_per_contributor_period.tensorflow"]
    assert mean.value == pytest.approx(np.mean(column), rel=1e-3)
    assert np.std(column) / np.sqrt(4000) < mean.mc_error < np.std(column) / np.sqrt(400)
    if stopping == "jcgm":
        assert adapted.stages[-1].n_draws < goal.max_draws
        assert "the 4,000 draws of the survey's posterior" in adapted.limit
        assert any(adapted.limit in note and note.startswith("not settled") for note in adapted.results.notes)


def test_a_bootstraps_error_falls_and_the_run_goes_on(tmp_path: Path):
    goal = Goal(Precision(rel_error=0.0005), max_draws=2**20)
    adapted = run_adaptive(load(written(tmp_path, "rescaled")), goal, lambda _: None)
    assert adapted.limit == ""
    assert adapted.settled or adapted.stages[-1].n_draws == goal.max_draws


def test_the_command_says_what_to_state(sim, tmp_path: Path):
    ended = sim("run", written(tmp_path), "--rel-error", "0.0005", "--quiet", "--out", tmp_path / "results")
    assert ended.code == 3
    assert "state evidence.posterior_draws, more than the 1,000 of each chain" in ended.err
    folder = Path(ended.out.strip())
    trace = pd.read_csv(folder / "tables" / "adaptive.csv")
    assert trace["stage"].max() == 5


def digest(periods: Path, settings: FitSettings) -> str:
    survey = read_grouped(periods, Reading())
    return posterior_digest(posterior_parts(survey, REFERENCES, settings, partial(stream, FIT_SEED)))


def test_posterior_draws_are_those_of_each_chain(tmp_path: Path):
    """A posterior made up for 300 draws a chain is what a run takes that asks for so many."""
    for name in ("periods.csv", "frequencies.csv"):
        copy(SHIPPED / name, tmp_path)
    shipped = posterior_beside(SHIPPED / "periods.csv", digest(SHIPPED / "periods.csv", FitSettings()))
    assert shipped is not None
    columns = {name: 2.0 + np.arange(1200) / 1200 for name in shipped.columns}
    asked = FitSettings(draws=300)
    made = KeptPosterior(columns, shipped.diagnostics)
    keep_beside(made, digest(tmp_path / "periods.csv", asked), tmp_path)
    path = written(tmp_path, periods=tmp_path / "periods.csv")
    scenario = load(path, ["evidence.posterior_draws=300"])
    assert scenario.evidence is not None
    assert fit_settings(scenario.evidence) == asked
    found = run(scenario).variable("rate")
    assert 2.0 <= found.min() < found.max() < 3.0


def test_too_few_posterior_draws_are_refused(sim, tmp_path: Path):
    ended = sim("check", written(tmp_path), "--set", "evidence.posterior_draws=10")
    assert ended.code == 2
    assert "evidence.posterior_draws" in ended.err
    assert "100" in ended.err
