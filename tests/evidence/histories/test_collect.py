"""``sim evidence collect`` and ``recount`` on generated repositories."""

import csv
import json
import subprocess
import sys
import time
import tomllib
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from sim.cli.evidence import app
from sim.evidence.histories import collection
from sim.evidence.periods import read_periods
from sim.evidence.readings import Reading, read_as
from sim.evidence.survey_files import read_survey_files
from tests.evidence.histories.generated import Made, git, lines, make

ADA, BEN, BOT = "Ada L <ada@example.org>", "Ben N <ben@example.org>", "renew[bot] <bot@example.org>"
FIRST = [  # Sunday 5 January 2020 to Saturday 1 February: two fortnights
    Made("2020-01-05", ADA, {"a": lines(20_000)}),
    Made("2020-01-18", BEN, {"b": lines(5)}),
    Made("2020-01-19", BOT, {"b": lines(8)}),
    Made("2020-02-01", ADA, {"a": None}),
]
SECOND = [Made("2020-12-28", ADA, {"a": lines(3)}), Made("2021-01-20", ADA, {"a": lines(4)})]


@pytest.fixture
def clones(tmp_path: Path) -> Path:
    make(tmp_path / "clones" / "org" / "first", FIRST)
    make(tmp_path / "clones" / "second.git", SECOND)
    return tmp_path / "clones"


def listed(folder: Path, *rows: str, head: str = "label,repository") -> Path:
    path = folder / "list.csv"
    path.write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    return path


def sim(*arguments: object) -> tuple[int, str]:
    ended = CliRunner().invoke(app, [str(each) for each in arguments])
    if ended.exception is not None and not isinstance(ended.exception, SystemExit):
        return 2 if type(ended.exception).__name__ == "InvalidInput" else 70, str(ended.exception)
    return ended.exit_code, ended.output


def test_a_census_of_two_repositories(tmp_path: Path, clones: Path):
    out = tmp_path / "survey"
    path = listed(tmp_path, "First,org/first", "Second,org/second")
    code, words = sim("collect", path, "--clones", clones, "--out", out)
    assert code == 0, words
    survey = read_survey_files(out)  # checks that frequencies add up to the contributors of each period
    frame = survey.periods.frame[survey.periods.frame["label"] == "First"]
    assert frame["start"].dt.strftime("%m-%d").to_list() == ["01-05", "01-19"]
    assert frame["end"].dt.strftime("%m-%d").to_list() == ["01-18", "02-01"]
    assert frame["contributors"].to_list() == [2, 2]
    assert [stratum.unsampled for stratum in read_as(survey.periods, Reading()).strata] == [0.0, 0.0]
    assert frame["commits"].to_list() == [2, 2]
    assert frame["lines_added"].to_list() == [20_005, 3]
    assert frame["lines_deleted"].to_list() == [0, 20_000]
    assert frame["lines_added_capped"].to_list() == [10_005, 3]
    assert frame["lines_deleted_capped"].to_list() == [0, 10_000]
    assert frame["automation_contributors"].to_list() == [0, 1]
    assert frame["automation_lines_added"].to_list() == [0, 3]
    rows = survey.frequencies[survey.frequencies["label"] == "First"].set_index(["start", "who", "count"])
    bins = [bin.name for bin in survey.bins]
    for reading, filled in (("lines", ["5-8", "16385-32768"]), ("lines_capped", ["5-8", "8193-16384"])):
        row = rows.loc[("2020-01-05", "people", reading), bins]  # of 20,000 and of 5 lines
        assert list(row[row > 0].index) == filled
    years = pd.read_csv(out / "years.csv").set_index(["label", "year"])
    assert years.loc[("Second", 2020), ["commits", "lines_added", "first", "last"]].to_list() == [
        1, 3, "2020-12-28", "2020-12-31",
    ]  # fmt: skip
    assert years.loc[("Second", 2021), ["commits", "lines_added", "periods"]].to_list() == [1, 1, 0]
    assert years.loc[("First", 2020), ["contributors", "contributor_periods", "periods"]].to_list() == [
        3,
        4,
        2,
    ]
    assert years.loc[("First", 2020), "lines_deleted_capped"] == 10_000
    facts = tomllib.loads((out / "survey.toml").read_text())
    heads = [git(clones / name, "rev-parse", "HEAD").decode().strip() for name in ("org/first", "second.git")]
    assert [entry["head"] for entry in facts["collection"]["repositories"]] == heads
    assert sim("show", "--data", out, "--out", tmp_path / "figure")[0] == 0


def test_no_name_no_address_and_no_key_of_an_author_is_written(tmp_path: Path, clones: Path):
    out = tmp_path / "survey"
    assert sim("collect", listed(tmp_path, "F,org/first"), "--clones", clones, "--out", out)[0] == 0
    written = b"".join(path.read_bytes() for path in out.rglob("*") if path.is_file())
    assert not any(word in written for word in (b"Ada", b"Ben", b"example.org", b"renew"))


def test_the_same_heads_give_the_same_bytes_whatever_the_workers(tmp_path: Path, clones: Path):
    path = listed(tmp_path, "First,org/first", "Second,org/second")
    for name, workers in (("one", 1), ("two", 2)):
        asked = ("--design", "sample", "--periods", 1, "--seed", 3, "--workers", workers)
        assert sim("collect", path, "--clones", clones, "--out", tmp_path / name, *asked)[0] == 0
    names = sorted(file.name for file in (tmp_path / "one").iterdir() if file.is_file())
    assert names == ["frequencies.csv", "periods.csv", "quantiles.csv", "survey.toml", "years.csv"]
    for name in names:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()
    assert len((tmp_path / "one" / "periods.csv").read_text().splitlines()) == 3


def test_what_is_counted_is_not_counted_again(tmp_path: Path, clones: Path, monkeypatch: pytest.MonkeyPatch):
    read: list[Path] = []
    real = collection.read_history

    def stops_at_the_second(clone):
        read.append(clone.path)
        if len(read) == 2:
            raise KeyboardInterrupt
        return real(clone)

    monkeypatch.setattr(collection, "read_history", stops_at_the_second)
    path, out = listed(tmp_path, "First,org/first", "Second,org/second"), tmp_path / "survey"
    code, words = sim("collect", path, "--clones", clones, "--out", out)
    assert code == 130
    assert "1 of 2 repositories are kept" in words
    assert not (out / "periods.csv").exists()
    assert sim("collect", path, "--clones", clones, "--out", out)[0] == 0
    assert [folder.name for folder in read] == ["first", "second.git", "second.git"]
    whole = (out / "periods.csv").read_bytes()
    (out / ".collected" / "org+first.json").write_bytes(b"{")  # damaged: counted anew
    assert sim("collect", path, "--clones", clones, "--out", out)[0] == 0
    assert len(read) == 4
    assert (out / "periods.csv").read_bytes() == whole
    assert sim("collect", path, "--clones", clones, "--out", out, "--weeks", "days")[0] == 0
    assert len(read) == 6  # other options: nothing kept serves


def test_killed_midway_it_goes_on(tmp_path: Path, clones: Path):
    path, out = listed(tmp_path, "First,org/first", "Second,org/second"), tmp_path / "survey"
    command = [sys.executable, "-m", "sim", "evidence", "collect", path, "--clones", clones, "--out", out]
    started = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    kept = out / ".collected" / "org+first.json"
    until = time.monotonic() + 120
    while not kept.exists() and started.poll() is None and time.monotonic() < until:
        time.sleep(0.001)
    started.kill()
    started.wait()
    assert json.loads(kept.read_bytes())["facts"]["commits"] == 4
    assert sim("collect", path, "--clones", clones, "--out", out)[0] == 0
    assert not [file for file in out.rglob("*") if file.name.startswith((".import", ".org"))]


def test_a_list_in_toml_with_paths_of_its_own(tmp_path: Path, clones: Path):
    path = tmp_path / "list.toml"
    path.write_text(
        '[[repositories]]\nlabel = "F"\nrepository = "org/old"\nlater = "org/first"\n'
        '[[repositories]]\nlabel = "S"\nrepository = "other/name"\npath = "clones/second.git"\n'
    )
    code, words = sim("collect", path, "--clones", clones, "--out", tmp_path / "survey")
    assert code == 0, words
    with (tmp_path / "survey" / "periods.csv").open() as file:
        assert {row["repository"] for row in csv.DictReader(file)} == {"org/old", "other/name"}


def test_a_path_of_the_list_that_is_not_there_is_named_by_the_list_and_leaves_no_folder(
    tmp_path: Path, clones: Path
):
    path = listed(tmp_path, "F,org/first,", "S,org/second,elsewhere/second", head="label,repository,path")
    code, words = sim("collect", path, "--clones", clones, "--out", tmp_path / "survey")
    assert code == 2
    assert f"{path}: org/second, path: 'elsewhere/second': no such folder" in words
    assert not (tmp_path / "survey").exists()


def test_what_has_no_clone_is_refused_named_or_fetched(tmp_path: Path, clones: Path):
    head, rows = "label,repository,address", ("F,org/first,", f"N,org/new,{clones / 'second.git'}")
    path, out = listed(tmp_path, *rows, head=head), tmp_path / "survey"
    code, words = sim("collect", path, "--clones", clones, "--out", out)
    assert code == 2
    assert "org/new: no clone of it" in words
    assert "--skip-missing" in words
    assert not out.exists()
    assert sim("collect", path, "--clones", clones, "--out", out, "--skip-missing")[0] == 0
    assert tomllib.loads((out / "survey.toml").read_text())["collection"]["missing"] == ["org/new"]
    code, words = sim("collect", path, "--clones", clones, "--out", out, "--fetch")
    assert code == 0, words
    assert f"git clone --bare --quiet -- {clones / 'second.git'}" in words
    assert (clones / "org" / "new.git" / "HEAD").is_file()
    assert tomllib.loads((out / "survey.toml").read_text())["collection"]["missing"] == []


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("label,repository\n", "no repositories in it"),
        ("label,repo\nA,org/a\n", "missing column 'repository'"),
        ("label,repository,adress\nA,org/a,x\n", "unknown column 'adress'"),
        ("label,repository\nA,org/a\nB,org/a\n", "repository 'org/a' is there 2 times"),
        ("label,repository\nA,org/a\nA,org/b\n", "label 'A' is there 2 times"),
        ("label,repository\n,org/a\n", "empty or missing"),
        ("label,repository\nA,a\n", "'a' is no org/project"),
    ],
)
def test_lists_that_are_refused(tmp_path: Path, clones: Path, text: str, problem: str):
    path = tmp_path / "list.csv"
    path.write_text(text)
    code, words = sim("collect", path, "--clones", clones, "--out", tmp_path / "survey")
    assert code == 2
    assert problem in words
    assert not (tmp_path / "survey").exists()


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("[[repositories]\n", "not TOML"),
        ("[[repos]]\nlabel = 'A'\n", "has 'repos'"),
        ("repositories = [1]\n", "is no table"),
        ("[[repositories]]\nlabel = 'A'\nrepository = 'org/a'\nadress = 'x'\n", "unknown column 'adress'"),
        ("[[repositories]]\nlabel = 1\nrepository = 'org/a'\n", "1 is no text"),
    ],
)
def test_toml_lists_that_are_refused(tmp_path: Path, text: str, problem: str):
    path = tmp_path / "list.toml"
    path.write_text(text)
    code, words = sim("collect", path, "--out", tmp_path / "survey")
    assert code == 2
    assert problem in words


def test_options_that_are_refused(tmp_path: Path, clones: Path):
    path, out = listed(tmp_path, "F,org/first"), tmp_path / "survey"
    code, words = sim(
        "collect", path, "--clones", clones, "--out", out, "--since", "2021-01-01", "--until", "2020-01-01"
    )
    assert (code, "--until: 2020-01-01 lies before --since 2021-01-01" in words) == (2, True)
    assert sim("collect", path, "--out", out, "--fetch")[1].startswith("--fetch: has nowhere to clone to")
    assert not out.exists()
    out.write_text("a file")
    code, words = sim("collect", path, "--clones", clones, "--out", out)
    assert (code, "cannot be written" in words) == (2, True)


def test_the_folder_of_an_organisation_is_no_clone_of_a_project_of_its_name(tmp_path: Path, clones: Path):
    path = listed(tmp_path, "F,org/first", "O,other/org")
    code, words = sim("collect", path, "--clones", clones, "--out", tmp_path / "survey")
    assert (code, "other/org: no clone of it" in words) == (2, True)


def test_days_that_hold_no_fortnight_are_said(tmp_path: Path, clones: Path):
    path, out = listed(tmp_path, "F,org/first", "S,org/second"), tmp_path / "survey"
    assert sim("collect", path, "--clones", clones, "--out", out, "--until", "2020-06-01")[0] == 0
    notes = tomllib.loads((out / "survey.toml").read_text())["notes"]
    assert "No whole fortnight within the surveyed days: org/second." in notes


def surveyed(folder: Path, *rows: tuple[str, str, str, int, int, int, int]) -> Path:
    """Write a survey of ``repository, start, end, contributors, commits, added, deleted``."""
    folder.mkdir()
    names = ("contributors", "commits", "lines_added", "lines_deleted")
    ends = ("", "_published", "_capped")
    columns = [*names[:2], *(f"{name}{end}" for end in ends for name in names[2:])]
    head = ["label", "repository", "start", "end", *columns, *(f"automation_{name}" for name in columns)]
    with (folder / "periods.csv").open("w", newline="") as file:
        out = csv.writer(file)
        out.writerow(head)
        for repository, start, end, people, commits, added, deleted in rows:
            counts = [people, commits, *([added, deleted] * 3)]
            out.writerow([repository, repository, start, end, *counts, *([0] * len(counts))])
    (folder / "survey.toml").write_text(
        'title = "t"\ncitation = "c"\nlicence = "l"\nextracted = 2020-01-25\n', encoding="utf-8"
    )
    return folder


def test_a_survey_counted_again(tmp_path: Path, clones: Path):
    # As dated, 5 to 19 January holds three people and four commits less the one of 1 February; by whole weeks
    # from the Sundays 5, 12 and 19 it reaches 25 January. The second history starts after the survey.
    survey = surveyed(
        tmp_path / "old",
        ("org/first", "2020-01-05", "2020-01-19", 3, 3, 20_008, 0),
        ("org/first", "2020-01-06", "2020-01-20", 1, 2, 8, 0),
        ("org/gone", "2020-01-05", "2020-01-19", 9, 9, 9, 0),
    )
    out = tmp_path / "recounted"
    path = listed(tmp_path, "F,org/first", "S,org/second", "G,org/gone")
    code, words = sim("recount", path, "--clones", clones, "--survey", survey, "--out", out)
    assert code == 0, words
    rows = pd.read_csv(out / "recount.csv")
    assert set(rows["repository"]) == {"org/first"}
    found = pd.read_csv(out / "recount-agreement.csv").set_index(["way", "unit"])
    weeks = "whole Sunday weeks, everybody"
    assert found.loc[(weeks, "contributors"), ["periods", "total", "exact"]].to_list() == [2, 5 / 4, 0.5]
    assert found.loc[(weeks, "commits"), ["total", "exact"]].to_list() == [1, 1]
    assert found.loc[("days as dated, everybody", "lines"), "total"] == 1
    assert "2 periods" in words


def test_what_a_limit_of_100_accounts_hides_is_added(tmp_path: Path):
    # A hundred accounts with two commits each, 9 and 20 January, and two more with one: those are not listed.
    busy = [
        Made(day, f"Busy {number:03} <b{number}@example.org>", {f"b{number}": lines(size)})
        for day, size in (("2020-01-09", 2), ("2020-01-20", 3))
        for number in range(100)
    ]
    rare = [
        Made("2020-01-10", "Rare One <r1@example.org>", {"r1": lines(12_000)}),
        Made("2020-01-11", "tidy[bot] <r2@example.org>", {"r2": lines(7)}),
        Made("2020-02-20", "Late One <r3@example.org>", {"r3": lines(1)}),
    ]
    make(tmp_path / "clones" / "org" / "large", sorted([*busy, *rare], key=lambda made: made.day))
    make(tmp_path / "clones" / "org" / "ended", [Made("2020-01-06", ADA, {"a": lines(4)})])
    survey = surveyed(
        tmp_path / "old",
        ("org/large", "2020-01-05", "2020-01-19", 100, 100, 200, 0),
        ("org/large", "2020-01-19", "2020-02-01", 100, 100, 100, 0),
        ("org/ended", "2020-01-05", "2020-01-19", 7, 8, 9, 0),
    )
    out = tmp_path / "recounted"
    path = listed(tmp_path, "L,org/large", "E,org/ended")
    code, words = sim("recount", path, "--clones", tmp_path / "clones", "--survey", survey, "--out", out)
    assert code == 0, words
    found = read_periods(out / "everybody.csv")
    assert found.repository == ("org/large", "org/large", "org/ended")
    # two more contributors in the first period; the second has none but the listed; a history that ends
    # before the survey was taken says nothing
    assert found.counts["contributors"].tolist() == [102, 100, 7]
    assert found.counts["commits"].tolist() == [102, 100, 8]
    assert found.counts["lines_added"].tolist() == [12_207, 100, 9]
    assert found.counts["lines_added_capped"].tolist() == [10_207, 100, 9]
    assert found.counts["automation_contributors"].tolist() == [1, 0, 0]
    assert found.counts["automation_lines_added"].tolist() == [7, 0, 0]
    assert "lines_added_published" not in found.given
