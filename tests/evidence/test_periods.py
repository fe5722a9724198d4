"""The reader of period files: what it takes, and every fault it names."""

import hashlib
from pathlib import Path

import pytest

from sim.evidence.periods import COLUMNS, COUNTS, read_periods
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
        ("start", "16.02.2020", "'16.02.2020' is not a calendar date"),
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
