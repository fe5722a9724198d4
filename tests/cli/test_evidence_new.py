"""``sim evidence new``: a blank survey, which runs once it is filled in."""

import csv
from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from sim.evidence.periods import read_periods
from sim.scenario.load import load
from tests.builders import parameter, scenario_text

NAMED = ("--repository", "acme/alpha", "--repository", "acme/beta")


def test_a_blank_survey_is_a_random_sample_of_a_year(sim, tmp_path: Path):
    ended = sim("evidence", "new", "mine", *NAMED, "--periods", "6", "--year", "2024", "--out", tmp_path)
    assert ended.code == 0, ended.err
    assert 'periods = "mine.csv"' in ended.out
    with (tmp_path / "mine.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert list(rows[0]) == ["repository", "start", "end", "contributors", "commits", "lines"]
    assert Counter(row["repository"] for row in rows) == {"acme/alpha": 6, "acme/beta": 6}
    starts = {
        name: [date.fromisoformat(row["start"]) for row in rows if row["repository"] == name]
        for name in ("acme/alpha", "acme/beta")
    }
    for each in starts.values():
        # 26 fortnights from New Year on, none twice, in order
        assert each == sorted(set(each))
        assert all((day - date(2024, 1, 1)).days % 14 == 0 and day.year == 2024 for day in each)
    assert starts["acme/alpha"] != starts["acme/beta"]
    assert all((date.fromisoformat(row["end"]) - date.fromisoformat(row["start"])).days == 14 for row in rows)
    again = sim("evidence", "new", "again", *NAMED[2:], "--periods", "6", "--year", "2024", "--out", tmp_path)
    assert again.code == 0
    # each repository's periods hang on its name and the seed alone
    assert (tmp_path / "again.csv").read_text().splitlines()[1:] == (
        tmp_path / "mine.csv"
    ).read_text().splitlines()[7:]


def test_every_blank_is_told_and_a_filled_survey_is_read(
    sim, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(tmp_path)
    assert sim("evidence", "new").code == 0
    text = Path("survey.csv").read_text(encoding="utf-8")
    assert f"{datetime.now(UTC).year - 1}-" in text
    scenario = scenario_text(parameter("value", 'distribution = "constant"\nvalue = 1'), formula="value")
    evidence = '[evidence]\nperiods = "survey.csv"\nlines = "corrected"\n'
    Path("mine.toml").write_text(f"{scenario}\n{evidence}", encoding="utf-8")
    blank = sim("check", "mine.toml")
    assert blank.code == 2
    assert blank.err.count("empty cell") == 60  # two repositories, ten periods, three counts
    Path("survey.csv").write_text(text.replace(",,,", ",1,2,3"), encoding="utf-8")
    assert read_periods(Path("survey.csv")).counts["commits"].tolist() == [2] * 20
    assert sim("check", "mine.toml").code == 0, sim("check", "mine.toml").err
    assert load(Path("mine.toml")).evidence is not None


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--repository", "alpha"), "'alpha' is not a repository's name\n    allowed: org/project"),
        ((*NAMED, *NAMED), "'acme/alpha' is there 2 times\n    allowed: each once"),
        (("a/b",), "'a/b' cannot be the name of a new file"),
        (("mine.csv",), "'mine.csv' is a file's name\n    allowed: the name alone\n    nearest: mine"),
        (("taken",), "taken.csv: is there already"),
        (("--periods", "27"), "less than or equal to 26"),
    ],
)
def test_what_is_refused(sim, tmp_path: Path, arguments: tuple[str, ...], said: str):
    (tmp_path / "taken.csv").write_text("kept", encoding="utf-8")
    ended = sim("evidence", "new", *arguments, "--out", tmp_path)
    assert ended.code == 2
    assert said in ended.err
    assert [path.read_text() for path in tmp_path.iterdir()] == ["kept"]
