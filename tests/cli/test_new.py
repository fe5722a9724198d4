"""``sim new``: the starter runs as it stands, and every example in it is valid."""

import re
from pathlib import Path

import pytest

from sim.engine.simulate import simulate
from sim.scenario.data_files import scenario_digest
from sim.scenario.load import load
from studies.overlay import read_overlay

PRIORS = Path(__file__).parents[2] / "priors"


def blocks(text: str) -> list[str]:
    """Return the commented examples, uncommented."""
    _, *parts = text.split("\n\n## ")
    return [
        "\n".join(line.removeprefix("# ") for line in part.splitlines() if re.match("# ", line))
        for part in parts
    ]


def test_a_starter_changes_nothing_and_runs(sim, tmp_path: Path):
    ended = sim("new", "mine", "--extends", "default", "--out", tmp_path)
    assert ended.code == 0, ended.err
    path = tmp_path / "mine.toml"
    assert str(path) in ended.out
    assert read_overlay(path).changes == ()
    mine, base = load(path), load(PRIORS / "default.toml")
    assert mine.model_copy(update={"title": base.title, "name": base.name}) == base
    assert scenario_digest(mine.model_copy(update={"title": base.title})) == scenario_digest(base)
    assert sim("check", "--strict", path).code == 0
    few = ["sampling.n_draws=1024"]
    ran, as_base = simulate(load(path, few)), simulate(load(PRIORS / "default.toml", few))
    assert (ran.variable("bcr") == as_base.variable("bcr")).all()


@pytest.mark.parametrize("base", ["default", "published", "skeptical", "unreduced-value"])
def test_every_example_is_valid_when_uncommented(sim, tmp_path: Path, base: str):
    assert sim("new", "mine", "--extends", base, "--out", tmp_path).code == 0
    text = (tmp_path / "mine.toml").read_text(encoding="utf-8")
    head = text.split("\n\n## ", 1)[0]
    found = blocks(text)
    year = next(block for block in found if block.startswith("price_year"))
    seen = set()
    for block in found:
        first = f"{year}\n" if "price_index" in block else ""
        path = tmp_path / "one.toml"
        path.write_text(f"{head}\n{first}{block}\n", encoding="utf-8")
        load(path)
        seen |= {
            line.split("[")[-1].split(".")[0].strip("]") for line in block.splitlines() if line[0] == "["
        }
    wanted = {"sampling", "parameters", "outcomes", "choices", "report"}
    assert wanted <= seen
    scenario = load(PRIORS / f"{base}.toml")
    for name, parameter in scenario.parameters.items():
        assert f"# [parameters.{name}]" in text
        assert f"unit {parameter.unit}" in text
    if scenario.evidence is not None:
        assert {"evidence", "correlations"} <= seen


def test_the_examples_hold_the_bases_own_values(sim, tmp_path: Path):
    sim("new", "mine", "--out", tmp_path)
    text = (tmp_path / "mine.toml").read_text(encoding="utf-8")
    for line in ("# median = 300_000", "# p95 = 1.3e12", "# contributors = 2", "# thresholds = [1, 4, 100]"):
        assert line in text.splitlines()
    assert '# lines = "capped"    # corrected, published, capped' in text
    # a block of the base's own values changes nothing but what it says of itself
    block = next(part for part in blocks(text) if part.startswith("[choices.cost_method]"))
    path = tmp_path / "same.toml"
    path.write_text(f"{text.split(chr(10) + chr(10) + '## ', 1)[0]}\n{block}\n", encoding="utf-8")
    assert read_overlay(path).changes == ()


def test_a_file_beside_is_a_base_too(sim, tmp_path: Path):
    sim("new", "first", "--out", tmp_path)
    ended = sim("new", "second", "--extends", "first", "--out", tmp_path)
    assert ended.code == 0, ended.err
    assert 'extends = "first.toml"' in (tmp_path / "second.toml").read_text(encoding="utf-8")
    by_path = sim("new", "third", "--extends", tmp_path / "first.toml", "--out", tmp_path / "deep" / "er")
    assert by_path.code == 0
    assert load(tmp_path / "deep" / "er" / "third.toml").seed == 2022


@pytest.mark.parametrize(
    ("name", "extends", "said"),
    [
        ("a/b", "default", ["'a/b' cannot be the name of a new file", "allowed: letters"]),
        ("", "default", ["cannot be the name of a new file"]),
        (".hidden", "default", ["cannot be the name of a new file"]),
        ("x" * 81, "default", ["cannot be the name of a new file", "at most 80"]),
        ("mine.toml", "default", ["'mine.toml' is a file's name", "nearest: mine"]),
        (
            "mine",
            "skeptcal",
            [
                "skeptcal: no such file, and no scenario",
                "allowed: all-contributors, capital, ",
                "nearest: skeptical",
            ],
        ),
        ("mine", "taken2", ["taken2: no such file, and no scenario", "nearest: taken"]),
        ("taken", "default", ["taken.toml: is there already"]),
        ("mine", "broken", ["broken.toml", "unknown key 'sead'", "nearest: seed"]),
    ],
)
def test_wrong_names_and_bases(sim, tmp_path: Path, name: str, extends: str, said: list[str]):
    sim("new", "taken", "--out", tmp_path)
    before = (tmp_path / "taken.toml").read_bytes()
    (tmp_path / "broken.toml").write_text(f'extends = "{PRIORS}/default.toml"\nsead = 1\n', encoding="utf-8")
    ended = sim("new", name, "--extends", extends, "--out", tmp_path)
    assert ended.code == 2
    for words in said:
        assert words in ended.err
    assert "Traceback" not in ended.err
    assert (tmp_path / "taken.toml").read_bytes() == before
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["broken.toml", "taken.toml"]


def test_a_folder_that_cannot_be_written(sim, tmp_path: Path):
    (tmp_path / "file").write_text("", encoding="utf-8")
    ended = sim("new", "mine", "--out", tmp_path / "file")
    assert ended.code == 2
    assert "cannot be written" in ended.err
