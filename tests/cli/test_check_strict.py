"""``sim check --strict``, and what ``sim check`` says of it."""

from pathlib import Path

import pytest

from tests.builders import parameter, scenario_text, write_scenario

PRIORS = sorted((Path(__file__).parents[2] / "priors").glob("*.toml"))
BAD = "price_year = 2022\n" + scenario_text(
    parameter("pay", 'distribution = "constant"\nvalue = 1', 'unit = "EUR"\nprice_year = 2020'),
    '[parameters.wage]\ndistribution = "constant"\nvalue = 1\nsource = "survey, from memory"\n',
)


def test_the_shipped_scenarios_pass(sim):
    ended = sim("check", "--strict", *PRIORS)
    assert ended.code == 0, ended.err
    assert "--strict" not in ended.out


def test_without_strict_nothing_fails_but_it_is_said(sim, tmp_path: Path):
    path = write_scenario(tmp_path, BAD)
    ended = sim("check", path)
    assert ended.code == 0
    assert "--strict would refuse 4 things" in ended.out
    good = write_scenario(tmp_path, scenario_text(), "good.toml")
    assert "--strict" not in sim("check", good).out


def test_strict_names_everything_at_once(sim, tmp_path: Path):
    path = write_scenario(tmp_path, BAD)
    ended = sim("check", "--strict", path)
    assert ended.code == 2
    for words in (
        f"{path}: parameters.pay.source: no source",
        "parameters.pay.price_year: 2020, where the scenario has 2022, and no price_index",
        "parameters.wage.rationale: no rationale",
        "parameters.wage.source: a mark of an unverified figure: survey, from memory",
    ):
        assert words in ended.err
    assert "Traceback" not in ended.err


def test_strict_names_the_file_that_said_it(sim, tmp_path: Path):
    base = write_scenario(tmp_path, BAD, "base.toml")
    over = write_scenario(
        tmp_path, 'extends = "base.toml"\n[parameters.wage]\nrationale = "TODO"\n', "over.toml"
    )
    ended = sim("check", "--strict", over)
    assert f"{base}: parameters.wage.source: a mark" in ended.err
    assert f"{over}: parameters.wage.rationale: a mark" in ended.err


@pytest.mark.parametrize("strict", [(), ("--strict",)])
def test_what_is_refused_anyway(sim, tmp_path: Path, strict: tuple[str, ...]):
    path = write_scenario(tmp_path, BAD.replace("EUR", "person"))
    ended = sim("check", *strict, path)
    assert ended.code == 2
    assert "2020 is a price year, but the unit person holds no currency" in ended.err
