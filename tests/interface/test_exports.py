"""Exports read back: by pandas, which did not write the workbook, and by the libraries' own readers."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pandas as pd
import pyarrow.parquet as pq
import pytest

import sim
from sim.export import Sheet, as_parquet
from sim.export.stata import as_dta
from sim.export.workbook import as_xlsx
from tests.cli.conftest import Ended

READERS: dict[str, Callable[[Path], Any]] = {
    "csv": pd.read_csv,
    "parquet": pd.read_parquet,
    "dta": pd.read_stata,
}


def workbook(path: Path) -> dict[str, pd.DataFrame]:
    """Return every sheet of a workbook, empty cells as they are."""
    return pd.read_excel(path, sheet_name=None)


@pytest.fixture
def exported(written: sim.Run, command: Callable[..., Ended]) -> Path:
    """Return the folder that `sim export` writes."""
    folder = written.folder / "export"
    if not folder.is_dir():
        ended = command("export", written.folder, "--to", "csv,parquet,xlsx,dta")
        assert (ended.code, ended.err) == (0, "")
        assert f"files: {folder} (about.csv" in ended.out
    return folder


def read_all(folder: Path, to: str) -> dict[str, pd.DataFrame]:
    if to == "xlsx":
        return workbook(folder / "run.xlsx")
    return {path.stem: READERS[to](path) for path in folder.glob(f"*.{to}")}


@pytest.mark.parametrize("to", ["csv", "parquet", "xlsx", "dta"])
def test_draws_summary_and_every_table_come_back(written: sim.Run, exported: Path, to: str):
    found = read_all(exported, to)
    assert set(found) == {"about", "columns", "assumptions", "summary", "draws", *written.tables}
    draws = written.draws
    for name in ("planting", "ratio"):
        np.testing.assert_allclose(found["draws"][name], draws[name].values.ravel(), rtol=1e-15)
    assert list(found["draws"]["method"].astype(str)) == list(draws["method"].values.ravel())
    assert list(found["draws"]["draw"][:3]) == [0, 1, 2]
    summary = found["summary"]
    np.testing.assert_allclose(summary["value"], written.summary["value"], rtol=1e-15)
    assert list(summary["statistic"]) == list(written.summary["statistic"])
    for name, table in written.tables.items():
        assert found[name].shape == table.shape, name


@pytest.mark.parametrize("to", ["csv", "parquet", "xlsx", "dta"])
def test_units_sources_and_a_note_on_rounding_come_with_them(exported: Path, to: str):
    found = read_all(exported, to)
    columns = found["columns"].set_index(["sheet", "column"])
    assert columns.loc[("draws", "cost"), "unit"] == "EUR/year"
    assert columns.loc[("draws", "cost"), "title"] == "Cost of the trees"
    assert columns.loc[("tornado", "at_low"), "unit"] in (1, "1")
    sources = found["assumptions"].set_index("name")["source"]
    assert sources["care"] == "made up for a test"
    about = found["about"].set_index("item")["value"]
    assert "quote no digit below them" in about["rounding"]
    assert about["title"] == "Street trees, 2026"
    assert str(about["seed"]) == "5"


def test_stata_sees_labels_with_units_and_choices_with_words(exported: Path):
    with pd.io.stata.StataReader(exported / "draws.dta") as reader:
        assert reader.variable_labels()["cost"] == "Cost of the trees, EUR/year"
        assert reader.variable_labels()["ratio"] == "Benefit-cost ratio"
        assert reader.value_labels()["method"] == {0: "hedonic", 1: "stated"}


def test_excel_shows_units_at_the_heads_which_stay_in_view(exported: Path):
    page = openpyxl.load_workbook(exported / "run.xlsx")["draws"]
    comments = {cell.value: cell.comment.text for cell in page[1] if cell.comment}
    assert comments["cost"] == "Cost of the trees, EUR/year"
    assert page.freeze_panes == "A2"


def test_parquet_has_units_in_its_fields_and_for_pandas(exported: Path):
    field = pq.read_schema(exported / "draws.parquet").field("cost")
    assert field.metadata == {b"unit": b"EUR/year", b"title": b"Cost of the trees"}
    assert pd.read_parquet(exported / "draws.parquet").attrs["units"]["cost"] == "EUR/year"


def test_a_run_in_memory_exports_to_a_folder_of_its_own(trees: sim.Run, tmp_path: Path, monkeypatch: Any):
    monkeypatch.chdir(tmp_path)
    files = trees.export("csv")
    assert {path.parent for path in files} == {Path(f"{trees.name}-export")}
    assert trees.export("dta", tmp_path / "other")[0] == tmp_path / "other" / "about.dta"


HOSTILE = Sheet(
    "a [sheet]: with a name that no spreadsheet takes",
    pd.DataFrame(
        {
            "a.b": [1.5, np.inf, np.nan],
            "a_b": ["=1+1", "http://x", "é" * 3000],
            "if": pd.array([1, 2, None], dtype="Int64"),
            "n" * 40: [True, False, True],
            "none": [np.nan, np.nan, np.nan],
        }
    ),
    {"a.b": "EUR"},
    {"a.b": "A title " + "long " * 30},
)
"""What formats have no place for: infinities, long names and texts, formulas in cells, missing integers."""


def test_a_workbook_holds_what_excel_has_no_place_for(tmp_path: Path):
    path = tmp_path / "x.xlsx"
    path.write_bytes(as_xlsx([HOSTILE, HOSTILE]))
    found = workbook(path)
    assert all(len(name) <= 31 for name in found)
    assert len(found) == 2
    page = next(iter(found.values()))
    assert list(page["a_b"])[:2] == ["=1+1", "http://x"]
    assert list(page["a.b"])[:2] == [1.5, np.inf]  # the text "inf", as pandas reads it
    assert page["a.b"].isna()[2]
    assert page["if"].isna()[2]


def test_a_frame_of_more_rows_than_excel_has_goes_on_in_another_sheet(tmp_path: Path, monkeypatch: Any):
    monkeypatch.setattr("sim.export.workbook.MOST_ROWS", 4)
    path = tmp_path / "x.xlsx"
    path.write_bytes(as_xlsx([Sheet("draws", pd.DataFrame({"x": range(10)}))]))
    found = workbook(path)
    assert list(found) == ["draws", "draws 2", "draws 3"]
    assert [int(x) for page in found.values() for x in page["x"]] == list(range(10))


def test_stata_holds_what_it_has_no_place_for(tmp_path: Path):
    path = tmp_path / "x.dta"
    path.write_bytes(as_dta(HOSTILE))
    found = pd.read_stata(path)
    assert list(found.columns) == ["a_b", "a_b_2", "if_", "n" * 32, "none"]
    assert list(found["a_b"].isna()) == [False, True, True]
    assert list(found["a_b_2"]) == list(HOSTILE.frame["a_b"])
    assert list(found["if_"][:2]) == [1, 2]
    with pd.io.stata.StataReader(path) as reader:
        label = reader.variable_labels()["a_b"]
        assert len(label) <= 80
        assert label.endswith(", EUR")


def test_parquet_holds_what_the_others_have_no_place_for(tmp_path: Path):
    path = tmp_path / "x.parquet"
    path.write_bytes(as_parquet(HOSTILE))
    pd.testing.assert_frame_equal(pd.read_parquet(path), HOSTILE.frame, check_dtype=False)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (
            ["--to", "xslx"],
            ["--to: 'xslx' is no format", "parquet, csv, xlsx, dta", "nearest: xlsx"],
        ),
        (["--to", "csv,"], ["--to: '' is no format"]),
    ],
)
def test_an_unknown_format_is_refused(
    written: sim.Run,
    command: Callable[..., Ended],
    arguments: list[str],
    words: list[str],
):
    ended = command("export", written.folder, *arguments)
    assert ended.code == 2
    assert all(word in ended.err for word in words)


def test_an_extra_that_is_not_installed_is_told_with_how_to_install_it(
    written: sim.Run,
    command: Callable[..., Ended],
    monkeypatch: Any,
    tmp_path: Path,
):
    monkeypatch.setitem(sys.modules, "xlsxwriter", None)
    ended = command("export", written.folder, "--to", "csv,xlsx", "--out", tmp_path / "out")
    assert ended.code == 2
    assert "xlsx needs XlsxWriter, which is not installed" in ended.err
    assert "pip install XlsxWriter" in ended.err
    assert not (tmp_path / "out").exists()


def test_what_is_no_run_is_not_exported(command: Callable[..., Ended], tmp_path: Path):
    ended = command("export", tmp_path / "nothing", "--to", "csv")
    assert ended.code == 2
    assert "no such folder of results" in ended.err
