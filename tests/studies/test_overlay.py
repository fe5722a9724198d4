"""What an overlay changes, in words read off the overlay itself."""

from pathlib import Path

import pytest

from sim.faults import InvalidInput
from studies.overlay import Change, read_overlay
from tests.builders import parameter, scenario_text, write_scenario

BASE = scenario_text(
    parameter("pay", 'distribution = "lognormal"\nmedian = 3e5\np95 = 4e5', 'unit = "USD"'),
    parameter("share", 'distribution = "constant"\nvalue = 2'),
    parameter("split", 'distribution = "dirichlet"\nmeans = { a = 0.5, b = 0.5 }\nconcentration = 3'),
    "[choices.method]\na = 1\nb = 1\n",
    '[outcomes.cost]\nby = "method"\na = "share"\nb = "2 * share"\n',
    formula="cost",
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_scenario(tmp_path, BASE, "base.toml")
    return tmp_path


def told(folder: Path, text: str, extends: str = '"base.toml"') -> list[str]:
    path = write_scenario(folder, f"extends = {extends}\n{text}", "over.toml")
    return [str(change) for change in read_overlay(path).changes]


def test_a_whole_scenario_changes_nothing(folder: Path):
    overlay = read_overlay(folder / "base.toml")
    assert (overlay.extends, overlay.changes) == ((), ())


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("seed = 9", ["seed: 7 -> 9"]),
        (
            "[parameters.pay]\np95 = 5e5",
            [
                "parameters.pay: lognormal, median 300 K, 95 % quantile 400 K -> "
                "lognormal, median 300 K, 95 % quantile 500 K"
            ],
        ),
        (
            '[parameters.pay]\ndistribution = "constant"\nvalue = 1.3e12\nunit = "EUR"\nrationale = "x"',
            [
                "parameters.pay: lognormal, median 300 K, 95 % quantile 400 K, in USD -> "
                "constant 1.3 T, in EUR"
            ],
        ),
        (
            '[parameters.load]\ndistribution = "pert"\nlow = 1\nmode = 2\nhigh = 3\nrationale = "x"',
            ["parameters.load: new, PERT, low 1, mode 2, high 3"],
        ),
        (
            "[parameters.split]\nmeans.a = 0.25\nmeans.b = 0.75",
            [
                "parameters.split: Dirichlet, means (a 0.5, b 0.5), concentration 3 -> "
                "Dirichlet, means (a 0.25, b 0.75), concentration 3"
            ],
        ),
        ("[choices.method]\nb = 0", ["choices.method: a 1, b 1 -> a alone"]),
        ('[outcomes.cost]\nb = "3 * share"', ["outcomes.cost.b: 2 * share -> 3 * share"]),
        (
            '[outcomes.cost]\na = "share * pay"\nb = "3 * pay"',
            ["outcomes.cost: 2 formulas -> also read pay"],
        ),
        ('remove = ["parameters.pay"]', ["parameters.pay: removed"]),
        ('title = "other"\n[parameters.pay]\nrationale = "better"\nsource = "x"', []),  # words, not numbers
        ("[parameters.pay]\nmedian = 3e5", []),  # stated again as it was
        (
            '[parameters.pay]\nprice_year = 2020\nprice_index = { factor = 1.1, source = "x" }',
            [
                "parameters.pay: lognormal, median 300 K, 95 % quantile 400 K -> lognormal, median 300 K, "
                "95 % quantile 400 K in 2020 prices, times 1.1"
            ],
        ),
    ],
)
def test_changes_in_words(folder: Path, text: str, words: list[str]):
    assert told(folder, text) == words


def test_an_overlay_on_two_that_disagree_tells_both(folder: Path):
    for name, value in (("one", 3), ("two", 4)):
        write_scenario(
            folder, f'extends = "base.toml"\n[parameters.share]\nvalue = {value}\n', f"{name}.toml"
        )
    words = told(folder, "[parameters.share]\nvalue = 5\n", '["one.toml", "two.toml"]')
    assert words == ["parameters.share: constant 3 or constant 4 -> constant 5"]


def test_a_chain_tells_only_its_last_link(folder: Path):
    write_scenario(folder, 'extends = "base.toml"\n[parameters.share]\nvalue = 3\n', "middle.toml")
    path = write_scenario(folder, 'extends = "middle.toml"\nseed = 1\n', "last.toml")
    overlay = read_overlay(path)
    assert overlay.extends == ("middle.toml",)
    assert overlay.changes == (Change("seed", "7", "1"),)


def test_a_file_that_is_not_there(folder: Path):
    with pytest.raises(InvalidInput, match=r"no such file\n *nearest: .*base.toml"):
        read_overlay(folder / "bas.toml")
