"""Names that no file can have are faults like any other."""

from pathlib import Path

import pytest

from sim.faults import InvalidInput
from sim.scenario.load import load
from tests.builders import parameter, scenario_text, write_scenario

LONG = "x" * 5000
EMPIRICAL = 'distribution = "empirical"\ncolumn = "x"\nfile = "{}"'


@pytest.mark.parametrize("name", [LONG, "\\u0000", "a/" * 2000 + "b.csv"], ids=["name", "null", "path"])
@pytest.mark.parametrize("where", ["extends", "file", "periods"])
def test_in_a_file(tmp_path: Path, name: str, where: str):
    text = {
        "extends": f'extends = "{name}"\n' + scenario_text(),
        "file": scenario_text(parameter("x", EMPIRICAL.format(name))),
        "periods": scenario_text(f'[evidence]\nperiods = "{name}"\n'),
    }[where]
    with pytest.raises(InvalidInput, match="cannot be the path of a file") as caught:
        load(write_scenario(tmp_path, text))
    assert where in str(caught.value)


@pytest.mark.parametrize("name", [LONG, "a\0b.toml"], ids=["name", "null"])
def test_on_the_command_line(tmp_path: Path, name: str):
    with pytest.raises(InvalidInput, match="cannot be the path of a file"):
        load(Path(name))
    with pytest.raises(InvalidInput, match="cannot be the path of a file"):
        load(write_scenario(tmp_path, scenario_text()), [f"evidence.periods={name}"])
