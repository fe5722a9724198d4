"""The reader of period files: what it takes, and every fault it names."""

import hashlib
from pathlib import Path

import pytest

from sim.evidence.period_columns import COLUMNS, COUNTS
from sim.evidence.periods import read_periods
from sim.evidence.readings import Reading, read_as
from sim.faults import Fault, InvalidInput

ROWS = [
    {
        "label": "Alpha",
        "repository": "a/alpha",
        "start": "2020-02-16",
        "end": "2020-03-01",
        "contributors": "3",
    },
    {
        "label": "Alpha",
        "repository": "a/alpha",
        "start": "2020-05-04",
        "end": "2020-05-18",
        "contributors": "0",
    },
    {
        "label": "Beta",
        "repository": "b/beta",
        "start": "2020-02-16",
        "end": "2020-03-01",
        "contributors": "7",
    },
]
NEVER_WRONG = dict.fromkeys(COUNTS, "0")


def write(folder: Path, *changes: dict[str, str], columns: tuple[str, ...] = COLUMNS) -> Path:
    """Write three periods, each with the changes asked for."""
    lines = [",".join(columns)]
    for row, change in zip(ROWS, [*changes, {}, {}, {}], strict=False):
        cells = {**NEVER_WRONG, **row, **change}
        lines.append(",".join(cells[name] for name in columns))
    path = folder / "periods.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def faults(path: Path) -> tuple[Fault, ...]:
    with pytest.raises(InvalidInput) as caught:
        read_periods(path)
    assert all(fault.file == str(path) for fault in caught.value.faults)
    return caught.value.faults


def only(path: Path) -> Fault:
    (fault,) = faults(path)
    return fault


def test_reads_counts_dates_and_digest(tmp_path: Path) -> None:
    path = write(tmp_path, {"commits": "12", "automation_commits": "5"})
    table = read_periods(path)
    assert table.digest == hashlib.sha256(path.read_bytes()).hexdigest()
    assert table.frame["contributors"].tolist() == [3, 0, 7]
    assert table.frame["commits"].tolist() == [12, 0, 0]
    assert table.frame["start"].dt.strftime("%Y-%m-%d").tolist() == ["2020-02-16", "2020-05-04", "2020-02-16"]


def test_order_of_columns_blank_lines_and_other_columns_do_not_matter(tmp_path: Path) -> None:
    plain = read_periods(write(tmp_path)).frame
    text = write(tmp_path, columns=tuple(reversed(COLUMNS))).read_text(encoding="utf-8").splitlines()
    extra = tmp_path / "extra.csv"
    extra.write_text("\n\n".join(f"{line},note" for line in text), encoding="utf-8")
    assert read_periods(extra).frame.reset_index(drop=True).equals(plain.reset_index(drop=True))


def test_missing_file_names_the_nearest(tmp_path: Path) -> None:
    write(tmp_path)
    fault = only(tmp_path / "period.csv")
    assert (fault.problem, fault.nearest) == ("no such file", str(tmp_path / "periods.csv"))


def test_folder_instead_of_file(tmp_path: Path) -> None:
    assert only(tmp_path).problem == "is a folder, not a plain file"


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "the file is empty"),
        (b" \n\n", "the file is empty"),
        (",".join(COLUMNS).encode(), "no periods"),
        (b"\xff\xfe\x00", "not CSV: UTF-16 text"),
        (b'label,"repository\n', "not CSV: unexpected end of data"),
    ],
)
def test_not_a_table_at_all(tmp_path: Path, content: bytes, problem: str) -> None:
    path = tmp_path / "periods.csv"
    path.write_bytes(content)
    assert only(path).problem.startswith(problem)


def test_missing_column_names_the_nearest_there_is(tmp_path: Path) -> None:
    path = write(tmp_path)
    path.write_text(
        path.read_text(encoding="utf-8").replace("contributors,commits", "contributers,commits", 1)
    )
    fault = only(path)
    assert (fault.problem, fault.nearest) == ("missing column 'contributors'", "contributers")


def test_column_given_twice(tmp_path: Path) -> None:
    path = write(tmp_path, columns=(*COLUMNS, "commits"))
    assert only(path).problem == "column 'commits' is there 2 times"


def test_row_with_a_cell_too_many(tmp_path: Path) -> None:
    path = write(tmp_path)
    path.write_text(path.read_text(encoding="utf-8") + "x," * len(COLUMNS) + "\n", encoding="utf-8")
    fault = only(path)
    assert (fault.key, fault.problem) == ("line 5", f"{len(COLUMNS) + 1} cells")


@pytest.mark.parametrize(
    ("column", "value", "problem"),
    [
        ("commits", "-4", "negative count -4"),
        ("commits", "2.5", "'2.5' is not a whole number"),
        ("commits", "many", "'many' is not a whole number"),
        ("commits", "inf", "'inf' is not a whole number"),
        ("lines_added", "NaN", "NaN (not a number, or missing)"),
        ("lines_deleted", "", "empty cell"),
        ("label", " ", "empty cell"),
        ("repository", "beta", "'beta' is not org/project"),
        ("start", "16.02.20", "'16.02.20' is not a calendar date"),
        ("start", "30 Feb 2020", "'30 Feb 2020' is not a calendar date"),
        ("start", "43877", "'43877' is not a calendar date"),
        ("start", "3/4/2020", "'3/4/2020' may be two dates, and no other date of the file shows which"),
        ("start", "2020-02-30", "'2020-02-30' is not a calendar date"),
    ],
)
def test_bad_cell_is_named_by_line_and_column(tmp_path: Path, column: str, value: str, problem: str) -> None:
    fault = only(write(tmp_path, {}, {}, {column: value}))
    assert fault.key == f"line 4, column {column}"
    assert fault.problem.startswith(problem)
    assert fault.allowed


def test_repeated_period(tmp_path: Path) -> None:
    fault = only(write(tmp_path, {}, {"start": "2020-02-16"}))
    assert fault.key == "line 3, column start"
    assert "repeated period: 'Alpha' has a period from 2020-02-16 already" in fault.problem


def test_two_listings_of_one_repository_may_share_a_start(tmp_path: Path) -> None:
    table = read_periods(write(tmp_path, {}, {}, {"repository": "a/alpha"}))
    assert table.frame["repository"].tolist() == ["a/alpha"] * 3


def test_label_with_two_repositories(tmp_path: Path) -> None:
    fault = only(write(tmp_path, {}, {"repository": "z/zeta"}))
    assert fault.problem == "'z/zeta', but 'Alpha' is 'a/alpha' further up"


def test_end_before_start(tmp_path: Path) -> None:
    fault = only(write(tmp_path, {"end": "2020-02-15"}))
    assert (fault.key, fault.problem) == ("line 2, column end", "end 2020-02-15 lies before start 2020-02-16")


def test_automation_larger_than_the_whole(tmp_path: Path) -> None:
    fault = only(write(tmp_path, {"lines_added_capped": "4", "automation_lines_added_capped": "5"}))
    assert fault.key == "line 2, column automation_lines_added_capped"
    assert fault.problem == "5 is larger than lines_added_capped of the same period, 4"


def test_all_faults_at_once(tmp_path: Path) -> None:
    found = faults(write(tmp_path, {"commits": "-1", "start": ""}, {"lines_added": "x"}, {"label": ""}))
    assert {fault.key for fault in found} == {
        "line 2, column commits",
        "line 2, column start",
        "line 3, column lines_added",
        "line 4, column label",
    }
    between = faults(
        write(tmp_path, {"end": "2020-01-01", "automation_commits": "1"}, {"start": "2020-02-16"})
    )
    assert len(between) == 3


SIX = ("lines", "repository", "end", "commits", "start", "contributors")


def test_six_columns_are_enough_in_any_order(tmp_path: Path) -> None:
    changes = {"lines": "500", "commits": "12"}, {"lines": "0"}, {"lines": "40"}
    table = read_periods(write(tmp_path, *changes, columns=SIX))
    assert table.label == table.repository == ("a/alpha", "a/alpha", "b/beta")
    assert table.given == {"contributors", "commits", "lines_added", "lines_deleted"}
    sample = read_as(table, Reading(lines="corrected"))
    # persons, commits, lines of the three periods as written
    assert sample.counts.tolist() == [[3, 12, 500], [0, 0, 0], [7, 0, 40]]
    assert sample.notes == ()
    for name, counts in table.counts.items():
        assert name.startswith("automation_") <= (counts == 0).all()


def test_one_column_may_stand_for_lines_added_and_deleted_of_any_reading(tmp_path: Path) -> None:
    columns = (
        *SIX,
        "lines_capped",
        "automation_contributors",
        "automation_commits",
        "automation_lines_capped",
    )
    none = dict.fromkeys(("lines", "lines_capped", "automation_lines_capped"), "0")
    stated = {"lines": "500", "lines_capped": "90", "commits": "4", "automation_lines_capped": "30"}
    table = read_periods(
        write(tmp_path, stated | {"automation_contributors": "1"}, none, none, columns=columns)
    )
    assert read_as(table, Reading(lines="capped")).lines.tolist() == [90, 0, 0]
    assert read_as(table, Reading(lines="capped", bots="dropped")).counts[0].tolist() == [2, 4, 60]
    with pytest.raises(InvalidInput) as caught:
        read_as(table, Reading(lines="corrected", bots="dropped"))
    (fault,) = caught.value.faults
    assert fault.problem == 'bots = "dropped" needs columns automation_lines_added, automation_lines_deleted'
    assert fault.allowed == 'those, or bots = "kept"'


def test_readings_that_six_columns_do_not_have(tmp_path: Path) -> None:
    table = read_periods(write(tmp_path, *[{"lines": "20000"}] * 3, columns=SIX))
    capped = read_as(table, Reading(lines="capped"))
    assert capped.lines.tolist() == [20_000] * 3
    assert capped.notes == ("periods.csv has no capped lines: every line counts",)
    with pytest.raises(InvalidInput) as caught:
        read_as(table, Reading(lines="published", bots="dropped"))
    published, dropped = caught.value.faults
    assert (
        published.problem
        == 'lines = "published" needs columns lines_added_published, lines_deleted_published'
    )
    assert published.allowed == 'those, or lines = "corrected"'
    assert dropped.problem.startswith('bots = "dropped" needs columns automation_contributors, ')


@pytest.mark.parametrize(
    ("columns", "missing"),
    [
        (("repository", "start", "end", "contributors", "commits"), ["lines"]),
        ((*SIX[1:], "lines_added"), ["lines_deleted"]),
        (("lines",), ["repository", "start", "end", "contributors", "commits"]),
        ((*SIX, "lines_added_capped"), ["lines_deleted_capped"]),
        ((*SIX, "automation_lines_deleted"), ["automation_lines_added"]),
    ],
)
def test_columns_that_are_missing(tmp_path: Path, columns: tuple[str, ...], missing: list[str]) -> None:
    found = faults(write(tmp_path, *[{"lines": "1"}] * 3, columns=columns))
    assert [fault.problem for fault in found] == [f"missing column {name!r}" for name in missing]
    assert {fault.allowed for fault in found} == {"repository, start, end, contributors, commits, lines"}


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("2020-02-16", "2020-05-04"),
        ("2020/2/16", "2020/5/4"),
        ("20200216", "20200504"),
        ("16.02.2020", "4.5.2020"),
        ("16. 2. 2020", "4. 5. 2020"),
        ("16/02/2020", "04/05/2020"),
        ("2/16/2020", "5/4/2020"),
        ("16 Feb 2020", "4 May 2020"),
        ("16-February-2020", "4-MAY-2020"),
        ("Feb 16, 2020", "May 4 2020"),
        ("February 16th, 2020", "May 4th, 2020"),
        ("2020-02-16 00:00:00", "2020-05-04T00:00:00"),
    ],
)
def test_dates_as_people_write_them(tmp_path: Path, first: str, second: str) -> None:
    rows = [f'a/alpha,"{each}","{each}",1,1,1' for each in (first, second)]
    path = tmp_path / "periods.csv"
    path.write_text("\n".join(["repository,start,end,contributors,commits,lines", *rows]), encoding="utf-8")
    assert read_periods(path).start.astype(str).tolist() == ["2020-02-16", "2020-05-04"]


def test_dates_with_slashes_that_contradict_each_other(tmp_path: Path) -> None:
    path = write(tmp_path, {"start": "2/16/2020", "end": "16/3/2020"})
    assert {fault.key for fault in faults(path)} == {"line 2, column start", "line 2, column end"}
    assert faults(path)[0].allowed == "a date that names its month: 2024-04-03, 3 April 2024"


@pytest.mark.parametrize("head", [b"PK\x03\x04\x14\x00", b"\xd0\xcf\x11\xe0\xa1\xb1"], ids=["xlsx", "xls"])
def test_a_spreadsheet_is_told_how_to_save_it(tmp_path: Path, head: bytes) -> None:
    path = tmp_path / "periods.xlsx"
    path.write_bytes(head + bytes(range(256)))
    fault = only(path)
    assert (
        fault.problem
        == "not CSV: a spreadsheet; save its table as CSV UTF-8 (File, Save As) and name that file"
    )
