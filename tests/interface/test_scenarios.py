"""What a scenario may be in Python, what is laid over it, and the analyses of it."""

import tomllib
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import tomlkit
from matplotlib.figure import Figure

import sim
from sim.scenario.data_files import scenario_digest
from tests.interface.conftest import appraisal


def test_a_path_a_text_a_dict_and_a_loaded_scenario_are_one_scenario(tmp_path: Path):
    path = tmp_path / "trees.toml"
    path.write_text(tomlkit.dumps(appraisal()), encoding="utf-8")
    ways = [path, str(path), appraisal(), tomllib.loads(path.read_text()), sim.load(path)]
    assert len({scenario_digest(sim.load(way)) for way in ways}) == 1
    assert [sim.load(way).name for way in (path, appraisal())] == ["trees", "street-trees-2026"]
    assert sim.load("default").title == sim.load("default.toml").title


def test_a_dict_is_left_as_it_is_and_may_extend_a_shipped_scenario():
    stated = {"title": "Higher pay", "extends": "default", "parameters": {"salary": {"median": 330_000}}}
    stated["parameters"]["salary"] |= {"kind": "judgement", "rationale": "a test"}
    loaded = sim.load(stated)
    assert stated["extends"] == "default"
    assert loaded.parameters["salary"].median == 330_000
    assert set(loaded.outcomes) == set(sim.load("default").outcomes)


def test_overrides_are_values_nested_or_by_key_path_or_keywords(tmp_path: Path):
    path = tmp_path / "trees.toml"
    path.write_text(tomlkit.dumps(appraisal()), encoding="utf-8")
    care = np.array([30.0, 70.0])
    by_path = {"parameters.care.low": care[0], "parameters.care.high": care[1], "report.thresholds": (1, 2)}
    nested = {"parameters": {"care": {"low": 30, "high": 70}}, "report": {"thresholds": care / care}}
    nested["report"]["thresholds"] = np.array([1, 2])
    ways = [
        sim.load(path, by_path, seed=9, draws=2048),
        sim.load(appraisal(), nested, seed=9, sampling={"n_draws": 2048}),
        sim.load(path, parameters=nested["parameters"], report=nested["report"], seed=9, draws=2048),
    ]
    assert len({scenario_digest(way) for way in ways}) == 1
    assert ways[0].parameters["care"].rationale == "set from Python"
    assert ways[0].sampling.n_draws == 2048


@pytest.mark.parametrize(
    "day", [date(2021, 2, 19), "2021-02-19", np.datetime64("2021-02-19"), pd.Timestamp("2021-02-19")]
)
def test_days_are_dates_of_python_numpy_or_pandas_or_texts(day: object):
    from_file = sim.load("year-2021").evidence
    assert from_file is not None and from_file.since == date(2021, 2, 19)
    again = sim.load("census", {"evidence": {"since": day, "until": date(2022, 2, 18)}}).evidence
    assert again == from_file


def test_a_run_is_written_opened_and_answers_alike(written: sim.Run):
    made = written
    opened = sim.open(str(made.folder))
    assert opened["ratio"].median == made["ratio"].median == sim.run(appraisal())["ratio"].median
    assert opened.draws.identical(made.draws)
    assert opened.summary.equals(made.summary)
    assert set(opened.tables) == set(made.tables)
    assert opened.tables["tornado"].attrs == made.tables["tornado"].attrs
    assert opened.tables.get("nothing") is None


def test_scenarios_and_runs_are_compared_on_one_seed(trees: sim.Run):
    dear = {"parameters": {"care": {"distribution": "uniform", "low": 60.0, "high": 100.0}}}
    other = appraisal() | {"title": "Dear care", "seed": 77}
    other["parameters"]["care"] |= dear["parameters"]["care"]
    found = sim.compare(trees, other)
    assert [each.name for each in found.sources] == ["street-trees-2026", "dear-care"]
    assert found.others[0].scenario.seed == 5
    assert repr(found).startswith("<Comparison of dear-care with street-trees-2026")
    changes = found.contrasts
    more = changes.query("outcome == 'cost' and measure == 'draw_difference' and statistic == 'median'")
    assert float(more["value"].iloc[0]) == pytest.approx(40.0)  # in every draw, by the two statements of care
    assert more["unit"].iloc[0] == "EUR/year"


def test_a_sweep_gives_the_numbers_of_runs():
    table = sim.sweep(appraisal(), {"planting.median": [80, 100.0], "seed": [1, 2]})
    assert list(table.columns[:2]) == ["planting.median", "seed"]
    here = table[(table["planting.median"] == 80) & (table["seed"] == 2) & (table["outcome"] == "ratio")]
    median = sim.run(appraisal(), {"parameters.planting.median": 80}, seed=2)["ratio"].median
    assert float(here[here["statistic"] == "median"]["value"].iloc[0]) == median
    by_range = sim.sweep("default", {"salary.median": "2e5:3e5:2"}, draws=64)
    assert sorted(set(by_range["salary.median"])) == [2e5, 3e5]


def test_a_figure_is_drawn_and_settings_of_matplotlib_stay(trees: sim.Run):
    import matplotlib as mpl

    mpl.rcParams["font.size"] = 23.0
    drawn = sim.plot(trees, "tornado", width="double")
    assert isinstance(drawn, Figure)
    assert drawn.get_figwidth() == pytest.approx(17.8 / 2.54)
    assert mpl.rcParams["font.size"] == 23.0
    mpl.rcParams["font.size"] = mpl.rcParamsDefault["font.size"]
    assert {text.get_text() for text in drawn.axes[0].get_yticklabels()} >= {"Shade", "Method"}


def test_what_the_run_has_no_table_for_is_worked_out_before_it_is_drawn(trees: sim.Run):
    assert "threshold_map" not in trees.tables
    assert isinstance(sim.plot(trees, "threshold_map"), Figure)
    assert isinstance(sim.plot(appraisal(), "ratio_distribution", style="slides"), Figure)
