"""The table of switching values."""

from pathlib import Path

import pandas as pd

from sim.report.page import render_report
from sim.report.page.drivers import switching_table
from tests.report.conftest import told_text
from tests.report.scenarios import SIGNED

NAN = float("nan")
ROWS = pd.DataFrame(
    [
        ("far", "far off", "USD/year", 1.0, 5e9, 0.9999, "turns"),
        ("near", "near by", "1", 1.0, 0.25, 0.4, "turns"),
        ("never", "never", "1", 1.0, NAN, NAN, "median always above"),
        ("near", "near by", "1", 4.0, 0.75, 0.01, "turns"),
    ],
    columns=["parameter", "title", "unit", "threshold", "value", "percentile", "verdict"],
)


def test_the_nearest_stands_first_and_what_never_turns_is_left_out(tmp_path: Path):
    told = told_text(SIGNED, tmp_path).replace(tmp_path, tables={"switching_values": ROWS})
    table = switching_table(told)
    assert table is not None
    assert [section.title[-4:] for section in table.sections] == ["be 1", "be 4"]
    rows = [row for section in table.sections for row in section.rows]
    cells = [[(str(cell), getattr(cell, "below", "")) for cell in row] for row in rows]
    assert cells == [
        [("Near by", "within reach"), ("0.25", ""), ("", ""), ("40 %", "")],
        [("Far off", ""), ("5 B", ""), ("USD/\u200byear", ""), ("over 99.9 %", "")],
        [("Near by", ""), ("0.75", ""), ("", ""), ("1 %", "")],
    ]
    assert "switching-table" in render_report([told])


def test_without_the_table_or_with_nothing_that_turns_there_is_none(tmp_path: Path):
    told = told_text(SIGNED, tmp_path)
    assert switching_table(told) is None
    assert switching_table(told.replace(tmp_path, tables={"switching_values": ROWS[2:3]})) is None
