"""``sim scenarios`` on small folders; tests/scenario/test_library.py compares the shipped page."""

from pathlib import Path

import pytest

from tests.builders import parameter, scenario_text, write_scenario

BASE = scenario_text(parameter("x", 'distribution = "uniform"\nlow = 1\nhigh = 3'), formula="x", n_draws=4096)


def rows(page: str) -> dict[str, list[str]]:
    table = [line.strip("|").split(" | ") for line in page.splitlines() if line.startswith("| **")]
    return {cells[0].split("**")[1]: [cell.strip() for cell in cells[1:]] for cells in table}


def test_a_row_for_each_scenario(sim, tmp_path: Path):
    write_scenario(tmp_path, BASE, "base.toml")
    write_scenario(tmp_path, 'extends = "base.toml"\n[parameters.x]\nhigh = 5\n', "a-wide.toml")
    ended = sim("scenarios", tmp_path)
    assert ended.code == 0, ended.err
    found = rows(ended.out)
    assert list(found) == ["base", "a-wide"]  # the whole scenario first
    median, interval, changes = found["base"]
    # uniform on (1, 3) and on (1, 5): median 2 and 3; 2.5 and 97.5 % at 1.05 to 2.95 and 1.1 to 4.9
    assert (float(median), changes) == (pytest.approx(2, abs=0.005), "a whole scenario")
    assert [float(end) for end in interval.split(" to ")] == pytest.approx([1.05, 2.95], abs=0.005)
    median, interval, changes = found["a-wide"]
    assert float(median) == pytest.approx(3, abs=0.01)
    assert [float(end) for end in interval.split(" to ")] == pytest.approx([1.1, 4.9], abs=0.01)
    told = "`parameters.x`: uniform, low 1, high 3 -> uniform, low 1, high 5"
    assert changes == f"on base.toml:<br>{told}"


def test_written_whole_and_the_same_twice(sim, tmp_path: Path):
    write_scenario(tmp_path, BASE, "base.toml")
    pages = [tmp_path / "docs" / name for name in ("one.md", "two.md")]
    for page in pages:
        assert sim("scenarios", tmp_path, "--out", page).code == 0
    assert pages[0].read_bytes() == pages[1].read_bytes()
    assert sorted(entry.name for entry in (tmp_path / "docs").iterdir()) == ["one.md", "two.md"]


@pytest.mark.parametrize(
    ("other", "said"),
    [
        (BASE.replace("seed", "sead"), ["other.toml", "unknown key", "nearest: seed"]),
        (BASE + "[report.interval]\nprobability = 0.9\n", ["report", "reports total, 90 % (eti)", "as base"]),
    ],
)
def test_scenarios_that_do_not_stand_side_by_side(sim, tmp_path: Path, other: str, said: list[str]):
    write_scenario(tmp_path, BASE, "base.toml")
    write_scenario(tmp_path, other, "other.toml")
    ended = sim("scenarios", tmp_path)
    assert ended.code == 2
    for words in said:
        assert words in ended.err


def test_no_scenarios(sim, tmp_path: Path):
    for folder, said in ((tmp_path, "no scenario files in it"), (tmp_path / "none", "no such folder")):
        ended = sim("scenarios", folder)
        assert ended.code == 2
        assert said in ended.err
