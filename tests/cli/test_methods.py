"""The posterior and the hybrid as evidence of a scenario, on a part of the shipped survey."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sim.engine.simulate import simulate
from sim.evidence.estimands import point_estimates
from sim.evidence.periods import read_periods
from sim.evidence.readings import Reading, read_as
from sim.scenario.load import load
from tests.builders import parameter, scenario_text, write_scenario

SHIPPED = Path(__file__).parents[2] / "data" / "mloss-2022"
PAY = parameter("pay", 'distribution = "lognormal"\nmedian = 3e5\np95 = 3.65e5', 'unit = "USD/person/year"')
COST = '[outcomes.cost]\nunit = "USD/year"\nformula = "pay * contributors"\n'
PER_COMMIT = (
    '[outcomes.rate]\nunit = "commit/person/period"\nformula = "commits_per_contributor_period.first"\n'
)


@pytest.fixture
def survey(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Ten tools of the shipped survey, and a cache of their own."""
    monkeypatch.setenv("SIM_CACHE_DIR", str(tmp_path / "cache"))
    periods = pd.read_csv(SHIPPED / "periods.csv")
    busiest = periods.groupby("label")["contributors"].sum().nlargest(40).index[::4][:10]
    for name in ("periods.csv", "frequencies.csv"):
        table = pd.read_csv(SHIPPED / name)
        table[table["label"].isin(busiest)].to_csv(tmp_path / name, index=False)
    return tmp_path / "periods.csv"


def scenario_file(survey: Path, method: str, *parts: str) -> Path:
    repository = pd.read_csv(survey)["repository"].iloc[0]
    evidence = (
        f'[evidence]\nperiods = "periods.csv"\nmethod = "{method}"\naccept_diagnostics = true\n'
        f'references = {{ first = "{repository}" }}\n'
    )
    text = scenario_text(evidence, PAY, COST, PER_COMMIT, *parts, n_draws=4096)
    return write_scenario(survey.parent, text, f"{method}.toml")


def test_posterior_and_hybrid_feed_a_scenario_and_share_one_fit(
    sim, survey: Path, monkeypatch: pytest.MonkeyPatch
):
    path = scenario_file(survey, "hierarchical")
    ended = sim("run", path, "--out", survey.parent / "results")
    assert ended.code == 0, ended.err
    assert "posterior of the survey: r-hat at most" in ended.out

    def refuse(*_: object) -> None:
        raise AssertionError("a second scenario must not sample again")

    monkeypatch.setattr("sim.evidence.hierarchical.fit.sample_model", refuse)
    monkeypatch.setattr("sim.evidence.hierarchical.posterior.fit_unit", refuse)
    posterior = simulate(load(path, ["parameters.pay.median=1e5", "seed=8"]))
    hybrid = simulate(load(scenario_file(survey, "hybrid")))

    # the estimands lie where the survey's plain estimates do: ten tools with five periods each are within a
    # factor of two of what the model makes of them
    sample = read_as(read_periods(survey), Reading())
    repository = str(pd.read_csv(survey)["repository"].iloc[0])
    points = point_estimates(sample, {"first": repository})
    for name, point in points.items():
        for found in (posterior, hybrid):
            assert 0.5 < np.median(found.variable(name)) / point < 2.0, name
    # the hybrid takes its ratios from the posterior, its totals from the calibrated design
    ratio = "commits_per_contributor_period.first"
    same = simulate(load(path))
    assert np.median(hybrid.variable(ratio)) == pytest.approx(np.median(same.variable(ratio)), rel=1e-9)
    design = simulate(load(scenario_file(survey, "calibrated")))
    for level in (0.1, 0.5, 0.9):
        calibrated = np.quantile(design.variable("contributors"), level)
        assert np.quantile(hybrid.variable("contributors"), level) == pytest.approx(calibrated, rel=0.03)


def test_methods_side_by_side(sim, survey: Path):
    choice = "[choices.by]\na = 1\nb = 1\n"
    spending = '[outcomes.spend]\nunit = "USD/year"\nby = "by"\na = "cost"\nb = "2 * cost"\n'
    path = scenario_file(survey, "calibrated", choice, spending)
    out = survey.parent / "results"
    ended = sim("evidence", "methods", path, "--method", "point", "--method", "rescaled", "--out", out)
    assert ended.code == 0, ended.err
    table = pd.read_csv(out / "calibrated-methods" / "methods.csv")
    assert list(dict.fromkeys(table["method"])) == ["point", "rescaled"]
    rows = table[(table["quantity"] == "spend") & table["alternative"].notna()]
    spend = rows.set_index(["alternative", "method"])
    assert spend.loc[("by=b", "point"), "median"] == pytest.approx(2 * spend.loc[("by=a", "point"), "median"])
    assert (out / "calibrated-methods" / "methods.pdf").is_file()
    wrong = sim("evidence", "methods", path, "--method", "calibrate", "--out", out)
    assert wrong.code == 2
    assert "nearest: calibrated" in wrong.err


def test_observed_values_condition_a_parameter(sim, survey: Path):
    observed = '[evidence.observations.pay]\nvalues = [4e5, 4.2e5]\nsd = 0.05\nsource = "made up"\n'
    pay = '[outcomes.mean_pay]\nunit = "USD/person/year"\nformula = "pay"\n'
    path = write_scenario(survey.parent, scenario_text(observed, PAY, pay))
    ended = sim("run", path, "--out", survey.parent / "results")
    assert ended.code == 0, ended.err
    assert "pay is conditioned on 2 observed values" in ended.out
    (folder,) = [entry for entry in (survey.parent / "results").iterdir() if entry.is_dir()]
    rows = pd.read_csv(folder / "summary.csv").query(
        "quantity == 'pay' and statistic == 'quantile' and at == 0.5"
    )
    before, after = rows["value"]
    # normal on the log scale: prior ln 3e5 with sd ln(365/300)/1.645, two values with sd 0.05: precisions add
    prior_sd = np.log(365 / 300) / 1.6448536
    precision = prior_sd**-2 + 2 * 0.05**-2
    exact = np.exp((np.log(3e5) / prior_sd**2 + (np.log(4e5) + np.log(4.2e5)) / 0.05**2) / precision)
    assert before == pytest.approx(3e5)
    assert after == pytest.approx(exact, rel=1e-3)
    assert (folder / "figures" / "pay_prior_posterior.png").is_file()


def test_models_are_left_out_where_histories_stand_in(sim, tmp_path: Path):
    head = "repository,start,end,contributors,commits,lines"
    row = "{},2020-01-{:02},2020-01-{:02},{n},{n},{n}"
    rows = [row.format(name, day, day + 6, n=day + 2) for name in ("o/a", "o/b") for day in (1, 8, 15)]
    (tmp_path / "sampled.csv").write_text("\n".join([head, *rows]))
    known = [f"{line},3" for line in rows if line.startswith("o/a")]
    (tmp_path / "whole.csv").write_text("\n".join([f"{head},population", *known]))
    evidence = '[evidence]\nperiods = "sampled.csv"\nhistories = "whole.csv"\nlines = "corrected"\n'
    path = write_scenario(tmp_path, scenario_text(evidence, PAY, COST))
    ended = sim("evidence", "methods", path, "--out", tmp_path / "results")
    assert ended.code == 0, ended.err
    assert "calibrated" in ended.out
    assert "hierarchical" not in ended.out
    refused = sim("evidence", "methods", path, "--method", "hybrid", "--out", tmp_path / "results")
    assert refused.code == 2
    assert "'hybrid' reads no histories" in refused.err
