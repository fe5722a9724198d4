"""The resolved scenario and its digest."""

import json
import shutil
import tomllib
from pathlib import Path

import jsonschema
import pytest

from sim.draws.draw import draw
from sim.scenario.data_files import resolved_toml, scenario_digest
from sim.scenario.json_schema import json_schema
from sim.scenario.load import load
from tests.builders import parameter, scenario_text, write_scenario

PRIORS = Path(__file__).parents[2] / "priors"
SHIPPED = sorted(PRIORS.glob("*.toml"))
PAY = parameter("pay", 'distribution = "lognormal"\nmedian = 3e5\np95 = 4e5')


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_the_resolved_form_is_the_same_scenario(path: Path, tmp_path: Path):
    scenario = load(path)
    again = load(write_scenario(tmp_path, resolved_toml(scenario, tmp_path), "again.toml"))
    assert again == scenario
    assert scenario_digest(again) == scenario_digest(scenario)


def test_the_resolved_form_draws_the_same_numbers(tmp_path: Path):
    scenario = load(write_scenario(tmp_path, scenario_text(PAY)))
    again = load(write_scenario(tmp_path, resolved_toml(scenario, tmp_path), "again.toml"))
    assert (draw(again).columns["pay"] == draw(scenario).columns["pay"]).all()


def test_the_digest_knows_what_decides_the_numbers(tmp_path: Path):
    def digest(text: str, name: str = "a.toml") -> str:
        return scenario_digest(load(write_scenario(tmp_path, text, name)))

    base = digest(scenario_text(PAY))
    assert digest(scenario_text(PAY), "other-name.toml") == base
    assert digest(scenario_text(PAY, seed=8)) != base
    assert digest(scenario_text(PAY.replace("4e5", "5e5"))) != base


def test_the_digest_knows_the_content_of_data_files_and_not_their_place(tmp_path: Path):
    law = parameter("x", 'distribution = "empirical"\nfile = "x.csv"\ncolumn = "x"')
    digests = []
    for folder, content in [("a", "x\n1\n2\n"), ("b", "x\n1\n2\n"), ("c", "x\n1\n3\n")]:
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "x.csv").write_text(content, encoding="utf-8")
        digests.append(scenario_digest(load(write_scenario(tmp_path / folder, scenario_text(law)))))
    assert digests[0] == digests[1] != digests[2]


def test_the_digest_knows_the_posterior_beside_a_survey(tmp_path: Path):
    """Numbers rest on it where a model reads the survey, and there only."""
    digests = {}
    for folder, draws in [("a", "x\n1\n"), ("b", "x\n2\n"), ("c", None)]:
        shutil.copytree(SHIPPED[0].parents[1] / "data" / "mloss-2022", tmp_path / folder)
        kept = tmp_path / folder / "posterior.csv"
        kept.unlink() if draws is None else kept.write_text(draws, encoding="utf-8")
        for method in ("hybrid", "calibrated"):
            evidence = f'[evidence]\nperiods = "periods.csv"\nmethod = "{method}"\n'
            path = write_scenario(tmp_path / folder, scenario_text(evidence), f"{method}.toml")
            digests[folder, method] = scenario_digest(load(path))
    assert len({digests[folder, "hybrid"] for folder in "abc"}) == 3
    assert len({digests[folder, "calibrated"] for folder in "abc"}) == 1


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_shipped_scenarios_pass_the_json_schema(path: Path):
    jsonschema.Draft202012Validator.check_schema(json_schema())
    stated = json.dumps(tomllib.loads(path.read_text(encoding="utf-8")), default=str)  # dates, as editors do
    jsonschema.validate(json.loads(stated), json_schema())


@pytest.mark.parametrize(
    ("text", "fits"),
    [
        (scenario_text(PAY), True),
        (scenario_text(PAY).replace("median", "medain"), False),
        (scenario_text(PAY).replace("lognormal", "lognormla"), False),
        ('extends = "default.toml"\n[parameters.salary]\nmedian = 2e5\n', True),
        ('extends = "default.toml"\n[parameters.salary]\nmedain = 2e5\n', False),
        ("[parameters.salary]\nmedian = 2e5\n", False),
    ],
)
def test_the_json_schema_tells_right_from_wrong(text: str, fits: bool):
    # jsonschema is the independent judge
    schema = json.loads(json.dumps(json_schema()))
    assert jsonschema.Draft202012Validator(schema).is_valid(tomllib.loads(text)) == fits
