"""The tables that figures and papers read: names, columns, and what is left out."""

import time
from pathlib import Path

import pandas as pd
import pytest

from sim.analysis.decision.decide import decide
from tests.builders import parameter
from tests.decision.experiments import experiment_of, shipped

CONTRACT = {
    "acceptability": "threshold probability error",
    "switching_values": "parameter title unit threshold value percentile verdict",
    "break_even": "parameter title unit threshold low median high probability share_without verdict",
    "threshold_map": "x y median p_above x_name y_name x_unit y_unit threshold",
    "information": "quantity group kind threshold value error unit decision upper note",
    "more_periods": "extra n_periods low median high width_ratio survey_share error",
}


def test_default_scenario_has_every_table_and_repeats_to_the_byte():
    first, second = (decide(shipped("default")).tables for _ in range(2))
    assert {name: " ".join(table.columns) for name, table in first.items()} == CONTRACT
    for name, table in first.items():
        pd.testing.assert_frame_equal(table, second[name], check_exact=True)
    assert set(first["information"]["quantity"]) == {"EVPI", "EVPPI", "EVSI"}
    assert set(first["threshold_map"]["threshold"]) == {100.0}  # P(bcr > 100) = 0.56 is nearest to one half


def test_cost_is_seconds():
    # under 3 s of processor time by itself; the limit leaves room for a busy machine
    experiment = shipped("default")
    began = time.process_time()
    decide(experiment)
    assert time.process_time() - began < 10


def test_what_does_not_vary_leaves_no_table(tmp_path: Path):
    constant = parameter("c", 'distribution = "constant"\nvalue = 3')
    tables = decide(experiment_of(tmp_path, constant, formula="c", n_draws=256)).tables
    assert set(tables) == {"acceptability", "information"}
    assert tables["information"]["value"].tolist() == [0.0]
    assert set(tables["information"]["threshold"]) == {0.0}, "no threshold stated, no ratio: 0"


def test_the_published_scenario_has_only_its_choice_to_learn():
    tables = decide(shipped("published")).tables
    assert "switching_values" not in tables and "threshold_map" not in tables
    assert "cost_method" in set(tables["information"]["group"])


@pytest.mark.parametrize("name", ["full-cost", "generous", "skeptical"])
def test_shipped_scenarios(name: str):
    tables = decide(shipped(name, "sampling.n_draws=4096")).tables
    assert {"switching_values", "break_even", "information"} <= set(tables)
    assert tables["information"]["value"].notna().all()
