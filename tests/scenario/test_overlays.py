"""Overlays: what they change, what they drop, and where two of them disagree."""

from pathlib import Path

import pytest

from sim.faults import InvalidInput
from sim.scenario.load import load
from tests.builders import parameter, scenario_text, write_scenario

BASE = scenario_text(
    parameter("pay", 'distribution = "lognormal"\nmedian = 3e5\np95 = 4e5', 'title = "Pay"\nunit = "USD"'),
    parameter("share", 'distribution = "constant"\nvalue = 2'),
    "[choices.method]\na = 1\nb = 1\n",
    '[outcomes.cost]\nby = "method"\na = "share"\nb = "2 * share"\n',
    formula="cost",
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_scenario(tmp_path, BASE, "base.toml")
    return tmp_path


def overlay(folder: Path, text: str, name: str = "over.toml", extends: str = '"base.toml"') -> Path:
    return write_scenario(folder, f"extends = {extends}\n{text}", name)


def test_an_overlay_changes_one_key(folder: Path):
    scenario = load(overlay(folder, "[parameters.pay]\np95 = 5e5\n"))
    pay = scenario.parameters["pay"]
    assert (pay.median, pay.p95, pay.unit, pay.title) == (3e5, 5e5, "USD", "Pay")
    assert scenario.name == "over"


def test_restating_a_distribution_drops_the_old_law_and_its_source(folder: Path):
    text = '[parameters.pay]\ndistribution = "constant"\nvalue = 1\n'
    with pytest.raises(InvalidInput, match="source is missing"):
        load(overlay(folder, text))
    pay = load(overlay(folder, text + 'rationale = "round"\n')).parameters["pay"]
    assert (pay.distribution, pay.value, pay.unit, pay.title) == ("constant", 1, "USD", "Pay")


def test_restating_a_formula_drops_the_old_one(folder: Path):
    scenario = load(overlay(folder, '[outcomes.cost]\nformula = "share"\n'))
    assert scenario.outcomes["cost"].by is None
    assert scenario.outcomes["cost"].formulas == {"formula": "share"}


def test_one_alternative_can_be_changed(folder: Path):
    scenario = load(overlay(folder, '[outcomes.cost]\nb = "3 * share"\n[choices.method]\nb = 3\n'))
    assert scenario.outcomes["cost"].formulas == {"a": "share", "b": "3 * share"}
    assert scenario.choices["method"].weights == {"a": 0.25, "b": 0.75}


def test_remove_takes_an_entry_out(folder: Path):
    scenario = load(overlay(folder, 'remove = ["parameters.pay"]\n'))
    assert list(scenario.parameters) == ["share"]
    with pytest.raises(InvalidInput, match=r"'parameters.payy' is not there.*\n *nearest: parameters"):
        load(overlay(folder, 'remove = ["parameters.payy"]\n'))


def test_a_removed_parameter_that_a_formula_uses(folder: Path):
    with pytest.raises(InvalidInput, match="unknown name 'share'"):
        load(overlay(folder, 'remove = ["parameters.share"]\n'))


def test_a_chain_of_overlays(folder: Path):
    overlay(folder, "[parameters.share]\nvalue = 3\n", "middle.toml")
    scenario = load(overlay(folder, "seed = 9\n", extends='"middle.toml"'))
    assert (scenario.parameters["share"].value, scenario.seed) == (3, 9)


def test_two_overlays_side_by_side(folder: Path):
    overlay(folder, "[parameters.share]\nvalue = 3\n", "one.toml")
    overlay(folder, "[parameters.pay]\np95 = 9e5\n", "two.toml")
    scenario = load(write_scenario(folder, 'extends = ["one.toml", "two.toml"]\n', "both.toml"))
    assert (scenario.parameters["share"].value, scenario.parameters["pay"].p95) == (3, 9e5)


def test_two_overlays_that_set_one_key_differently(folder: Path):
    overlay(folder, "[parameters.share]\nvalue = 3\n", "one.toml")
    overlay(folder, "[parameters.share]\nvalue = 4\n", "two.toml")
    both = 'extends = ["one.toml", "two.toml"]\n'
    with pytest.raises(InvalidInput) as refused:
        load(write_scenario(folder, both, "both.toml"))
    message = str(refused.value)
    assert "parameters.share.value: two overlays set this key differently" in message
    assert "one.toml says 3" in message
    assert "two.toml says 4" in message
    settled = load(write_scenario(folder, both + "[parameters.share]\nvalue = 5\n", "both.toml"))
    assert settled.parameters["share"].value == 5


def test_two_overlays_that_agree(folder: Path):
    overlay(folder, "[parameters.share]\nvalue = 3\n", "one.toml")
    overlay(folder, "[parameters.share]\nvalue = 3\n", "two.toml")
    scenario = load(write_scenario(folder, 'extends = ["one.toml", "two.toml"]\n', "both.toml"))
    assert scenario.parameters["share"].value == 3


def test_what_one_overlay_drops_does_not_come_back_through_the_other(folder: Path):
    law = '[parameters.pay]\ndistribution = "constant"\nvalue = 1\nrationale = "round"\n'
    overlay(folder, law, "one.toml")
    overlay(folder, "[parameters.share]\nvalue = 3\n", "two.toml")
    scenario = load(write_scenario(folder, 'extends = ["one.toml", "two.toml"]\n', "both.toml"))
    assert scenario.parameters["pay"].value == 1


def test_settings_are_laid_over_the_file(folder: Path):
    path = folder / "base.toml"
    assert load(path, ["parameters.pay.p95=6e5"]).parameters["pay"].p95 == 6e5
    assert load(path, ["sampling.sampler=lhs", "seed=0"]).sampling.sampler == "lhs"
    assert load(path, ["seed=0"]).seed == 0
    restated = load(path, ['parameters.pay={distribution = "constant", value = 7}']).parameters["pay"]
    assert (restated.value, restated.rationale) == (7, "set on the command line")


def test_paths_of_data_are_those_of_the_file_that_states_them(folder: Path):
    (folder / "data").mkdir()
    inner = folder / "data" / "inner.toml"
    (folder / "data" / "x.csv").write_text("x\n1\n2\n", encoding="utf-8")
    law = parameter("x", 'distribution = "empirical"\nfile = "x.csv"\ncolumn = "x"')
    inner.write_text(f'extends = "../base.toml"\n{law}', encoding="utf-8")
    scenario = load(write_scenario(folder, 'extends = "data/inner.toml"\n', "outer.toml"))
    assert Path(scenario.parameters["x"].file) == (folder / "data" / "x.csv").resolve()


def test_a_misspelt_parameter_is_told_with_the_one_it_is_like(folder: Path):
    """It states no distribution, for it was meant to edit another; what is no table beside it is no hint."""
    with pytest.raises(
        InvalidInput, match=r"parameters\.shar: no distribution[^$]*nearest: parameters\.share"
    ):
        load(overlay(folder, "[parameters]\nshaar = 3\n[parameters.shar]\nvalue = 3\n"))
    with pytest.raises(InvalidInput) as caught:
        load(overlay(folder, "[parameters.wholly_new]\nvalue = 3\n"))
    assert "nearest" not in str(caught.value)
