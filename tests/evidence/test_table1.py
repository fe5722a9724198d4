"""Table 1: the figures of the method's section 1, digit for digit, and the command that prints them."""

import csv
import io
import re
import subprocess
import sys
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from sim.cli.table1 import table1 as command
from sim.evidence.paper_table import (
    AS_RECOMPUTED,
    PUBLISHED,
    ROWS,
    SALARY,
    Table1Row,
    all_readings,
    computed,
    printed,
    table1,
)
from sim.evidence.periods import PeriodTable, read_periods
from sim.evidence.readings import Reading, read_as
from sim.faults import InvalidInput

PERIODS = Path(__file__).parents[2] / "data" / "mloss-2022" / "periods.csv"

# Method, section 1, at the digits shown there: USD per unit, units per year, USD per year.
RECOMPUTED = {
    "commits-pytorch": ("2,425.28", "121,830.8", "295.47 M"),
    "contributors": ("300,000", "779.0", "233.70 M"),
    "lines-tensorflow": ("34.0861", "5,443,932.0", "185.56 M"),
    "lines-pytorch": ("34.0809", "5,443,932.0", "185.53 M"),
    "commits-tensorflow": ("986.040", "121,830.8", "120.13 M"),
}
CORRECTED = {
    **RECOMPUTED,
    "lines-tensorflow": ("1.19229", "69,311,491.6", "82.64 M"),
    "lines-pytorch": ("2.98542", "69,311,491.6", "206.92 M"),
}
# The paper's own Table 1, as the method's section 1 quotes it.
PRINTED = {
    "commits-pytorch": ("2,425.28", "123.90 K", "300.48 M"),
    "contributors": ("300,000", "779.0", "233.70 M"),
    "lines-tensorflow": ("34.09", "5.49 M", "187.09 M"),
    "lines-pytorch": ("34.08", "5.49 M", "187.06 M"),
    "commits-tensorflow": ("986.04", "123.90 K", "122.17 M"),
}
QUANTITIES = ("cost_per_unit", "units_per_year", "cost_per_year")


@pytest.fixture(scope="module")
def table() -> PeriodTable:
    return read_periods(PERIODS)


def rows_as(table: PeriodTable, reading: Reading) -> dict[str, Table1Row]:
    return {row.name: row for row in table1(read_as(table, reading), SALARY)}


def cells(row: Table1Row) -> tuple[str, ...]:
    return tuple(computed(quantity, getattr(row, quantity)) for quantity in QUANTITIES)


def test_recomputed_from_the_public_file(table: PeriodTable) -> None:
    assert {name: cells(row) for name, row in rows_as(table, AS_RECOMPUTED).items()} == RECOMPUTED


def test_with_lines_read_properly(table: PeriodTable) -> None:
    assert {name: cells(row) for name, row in rows_as(table, Reading(lines="corrected")).items()} == CORRECTED


def test_printed_figures_and_their_benefit_cost_ratios() -> None:
    shown = {
        row.name: tuple(printed(quantity, getattr(row, quantity)) for quantity in QUANTITIES)
        for row in PUBLISHED
    }
    assert shown == PRINTED
    assert list(shown) == list(ROWS)
    # issue 2, outcome F: the paper's point values by row
    assert [f"{row.benefit_cost_ratio:.1f}" for row in PUBLISHED] == [
        "99.8",
        "128.4",
        "160.4",
        "160.4",
        "245.6",
    ]


def test_cost_per_year_is_cost_per_unit_times_units(table: PeriodTable) -> None:
    for rows in all_readings(table, SALARY).values():
        for row in rows:
            assert row.cost_per_year == pytest.approx(row.cost_per_unit * row.units_per_year, rel=1e-14)


def test_effect_of_weekly_bins_and_bots(table: PeriodTable) -> None:
    """Method, section 1: commits per year fall 9.4 %; 180.2 M and 239.0 M without bots."""
    weekly = rows_as(table, Reading(lines="corrected", weeks="weekly-bins"))["commits-pytorch"]
    fall = 1 - weekly.units_per_year / 121_830.8
    assert f"{fall:.1%}" == "9.4%"
    people = rows_as(table, Reading(lines="corrected", bots="dropped"))
    assert f"{people['commits-tensorflow'].cost_per_year / 1e6:.1f}" == "180.2"
    assert f"{people['lines-tensorflow'].cost_per_year / 1e6:.1f}" == "239.0"


def test_cap_is_on_the_lines_of_a_contributor_and_period(table: PeriodTable) -> None:
    """With every count at most 10,000 the capped lines lie between published and corrected ones."""
    published, capped, corrected = (
        rows_as(table, Reading(lines=lines))["lines-pytorch"].units_per_year
        for lines in ("published", "capped", "corrected")  # type: ignore[arg-type]
    )
    assert published < capped < corrected
    assert capped <= 26 / 5 * 10_000 * table.frame["contributors"].sum()


def test_salary_scales_costs_and_no_units(table: PeriodTable) -> None:
    sample = read_as(table, AS_RECOMPUTED)
    for one, double in zip(table1(sample, 1.5e5), table1(sample, 3e5), strict=True):
        assert double.cost_per_year == pytest.approx(2 * one.cost_per_year, rel=1e-14)
        assert double.units_per_year == one.units_per_year


def run(*arguments: str) -> Result:
    app = typer.Typer()
    app.command()(command)
    return CliRunner().invoke(app, ["--data", str(PERIODS), *arguments])


def test_text_shows_the_three_tables_side_by_side_and_explains() -> None:
    shown = run().output
    for tables in (PRINTED, RECOMPUTED, CORRECTED):
        for figures in tables.values():
            assert all(f" {figure} " in shown for figure in figures)
    assert "3,932 contributor-periods, the file has 3,895" in shown
    assert "lines corrected: " in shown
    assert "bots dropped" not in shown
    assert (
        max(len(line) for line in shown.splitlines() if not re.match("as printed|print and|lines", line))
        <= 118
    )


def test_each_switch_thrown_is_explained_in_a_line() -> None:
    shown = run(
        "--duplicates", "merged", "--weeks", "weekly-bins", "--bots", "dropped", "--lines", "capped"
    ).output
    last = shown.rstrip().splitlines()[-4:]
    assert [line.split(":")[0] for line in last] == [
        "lines capped", "duplicates merged", "weekly bins", "bots dropped",
    ]  # fmt: skip
    assert "139 listed tools are 137 repositories" in shown


def test_csv_holds_full_precision(table: PeriodTable) -> None:
    records = list(csv.DictReader(io.StringIO(run("--format", "csv", "--bots", "dropped").output)))
    assert len(records) == 15
    rows = rows_as(table, Reading(lines="corrected", bots="dropped"))
    for record in records:
        assert float(record["as_corrected"]) == getattr(rows[record["row"]], record["quantity"])


def test_latex_is_booktabs_and_escaped() -> None:
    shown = run("--format", "latex").output
    assert r"\toprule" in shown
    assert r"\end{table}" in shown
    assert shown.count("\\\\\n") == 16
    body = re.sub(r"\\[&%_$#]", "", shown)
    assert "%" not in body
    assert "_" not in body


def test_all_readings_covers_every_switch_and_row() -> None:
    records = list(csv.DictReader(io.StringIO(run("--all-readings", "--format", "csv").output)))
    assert len(records) == 12 * 5
    first = {record["row"]: float(record["cost_per_year"]) for record in records[:5]}
    for record in records:
        cost = float(record["cost_per_year"])
        assert float(record["to_recomputed"]) == pytest.approx(cost / first[record["row"]])
        assert float(record["bcr"]) == pytest.approx(3e10 / cost)
    by_key = {(record["reading"], record["row"]): float(record["cost_per_year"]) for record in records}
    assert f"{by_key['corrected, bots dropped', 'lines-tensorflow'] / 1e6:.1f}" == "239.0"
    text = run("--all-readings").output
    assert "238.96" in text
    assert "…" not in text
    assert run("--all-readings", "--format", "latex").output.count(r"\begin{table}") == 3


def test_bad_switch_and_missing_file() -> None:
    assert run("--lines", "truncated").exit_code == 2
    assert isinstance(run("--data", "nowhere.csv").exception, InvalidInput)


def test_importing_the_command_loads_nothing_heavy() -> None:
    code = (
        "import sys, sim.cli.table1; "
        "print([m for m in ('pandas', 'numpy', 'scipy', 'matplotlib', 'pint', 'xarray') if m in sys.modules])"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "[]"
