"""Terminal, LaTeX, Markdown and numbers as text: whatever an author typed, at any width and any scale.

What is right here is what was typed, and that it is all there.
"""

from collections.abc import Sequence
from io import StringIO
from pathlib import Path

import numpy as np
import pytest
from rich.console import Console

from sim.analysis.sensitivity.analysis import Support
from sim.cli.run import print_summary
from sim.digits import cut, rounded, stated_number, with_error
from sim.recipe import run
from sim.report.summary_lines import summary_notes, table_lines
from sim.run_record import Run
from sim.scenario.schema import Scenario
from sim.summary.row import Row, Summary
from sim.tables import latex, terminal
from sim.tables.formats import as_markdown, markdown
from sim.tables.latex import as_latex
from sim.tables.results import results_table
from sim.tables.table import Column, Section, Table, plain_table
from tests.builders import load_text, parameter

NAMES = [f"hours_of_work_of_type_{number}" for number in ("one", "two", "three", "four", "five", "six")]
MARKUP = (
    "Per capita [/person]",
    "Reach [pilot] in [EU/EEA]",
    "[red]a[/red] :smile: \\[x]",
    "50 % of $x_1^2$ & <b>#~{}",
)
WIDTHS = (80, 100, 160)


def scenario(folder: Path, title: str, names: Sequence[str] = NAMES) -> Scenario:
    inputs = [parameter(name, 'distribution = "lognormal"\nmedian = 3\np95 = 6') for name in names]
    text = f"""
title = '{title}'
seed = 11
[sampling]
n_draws = 256
n_randomisations = 4
[outcomes.total_hours_of_the_programme]
title = '{title}'
formula = "{" + ".join(names)}"
[report]
outcome = "total_hours_of_the_programme"
thresholds = [30]
note = '{title}'
"""
    return load_text(folder, text + "\n".join(inputs))


def finished(stated: Scenario, folder: Path, support: Support | None) -> Run:
    """Return a run that stands in a folder, with what its variance rests on as stated."""
    made = run(stated).replace(folder)
    made.support = support
    return made


def printed_at(width: int, monkeypatch: pytest.MonkeyPatch) -> StringIO:
    """Have the terminal be so wide; return what takes its text."""
    out = StringIO()

    def made() -> Console:
        return Console(
            file=out,
            width=width,
            markup=False,
            emoji=False,
            highlight=False,
            soft_wrap=True,
            color_system=None,
        )

    monkeypatch.setattr("sim.cli.run.console", made)
    return out


@pytest.mark.parametrize("width", WIDTHS)
def test_names_and_estimates_are_whole_at_any_width(width: int, tmp_path: Path, monkeypatch):
    stated = scenario(tmp_path, "Ten inputs, none with a source")
    made = finished(stated, tmp_path, Support("log", 1.0, 1.0, tuple(NAMES)))
    out = printed_at(width, monkeypatch)
    print_summary(made)
    lines = out.getvalue().splitlines()
    for row in table_lines(stated, made.statistics, 1):
        assert any(line.startswith(f"{row.what} ") and f" {row.estimate} " in line for line in lines), row
    assert f"without a source: {', '.join(NAMES)}" in lines


@pytest.mark.parametrize("title", MARKUP)
def test_titles_and_notes_are_printed_as_typed(title: str, tmp_path: Path, monkeypatch):
    stated = scenario(tmp_path, title, ["a"])
    made = finished(stated, tmp_path, None)
    out = printed_at(80, monkeypatch)
    print_summary(made)
    assert out.getvalue().splitlines()[0] == title
    assert f"note: {title}" in out.getvalue().splitlines()


@pytest.mark.parametrize("width", WIDTHS)
def test_tables_of_every_command_keep_their_names(width: int):
    out = StringIO()
    row = ("commits_per_contributor_period.tensorflow", "[USD/person/year]", "1.25 M", "1.2 M to 200 M")
    table = plain_table("A [title]", ("quantity", "unit", "value", "interval"), [row], n_text=2)
    terminal.show(table, Console(file=out, width=width, markup=False, soft_wrap=True))
    text = out.getvalue()
    for word in (
        "A [title]",
        "commits_per_contributor_period.tensorflow",
        "[USD/person/year]",
        "1.25",
        "200",
    ):
        assert word in text


def test_what_is_no_terminal_has_a_row_a_line(monkeypatch):
    monkeypatch.setenv("COLUMNS", "40")
    assert terminal.console().width == terminal.WIDE


# what is printed, by the rules of the docstrings, worked out by hand
@pytest.mark.parametrize(
    ("value", "error", "text"),
    [
        (1.2345e-13, 0.0, "1.234e-13"),
        (-1.2345e-13, 2e-15, "-1.2e-13"),
        (3e-14, 1e-12, "0"),
        (9.87e15, 0.0, "9.870e+15"),
        (-1.5e300, 1e298, "-1.5e+300"),
        (2.5e-300, 0.0, "2.500e-300"),
        (9.9996e14, 0.0, "1.000e+15"),
        (2e-4, 0.0, "0.0002000"),
    ],
)
def test_very_small_and_very_large_numbers_have_their_power_of_ten(value: float, error: float, text: str):
    assert cut(value, error) == text
    assert len(rounded(value, 3)) <= 10
    assert len(with_error(value, error)) <= 30


def test_no_form_of_a_number_writes_out_its_zeros():
    for size in (1e-300, 1e-13, 1e15, 1e20, 1e300):
        texts = [cut(size, 0), rounded(size, 3), stated_number(size)]
        assert all("00000" not in text and "," not in text for text in texts), texts
        assert all(float(text) == pytest.approx(size, rel=1e-3) for text in texts)


def test_powers_of_ten_are_set_as_such():
    assert latex.number("1.2e-13 to 3.0e+20") == (
        r"\ensuremath{1.2\times 10^{-13}} to \ensuremath{3.0\times 10^{20}}"
    )
    assert "times" not in latex.folded("doi:10.1000/1e5, file x2e+3")


NOTES = {
    "does not exist": "does not exist: its tail index is 1",
    "not to be trusted": "not to be trusted: its tail index is 0.9",
    "not unique": "not unique: no value between 0 and 1",
}


@pytest.mark.parametrize("status", NOTES)
def test_what_must_be_known_stands_in_cell_and_note(status: str, tmp_path: Path):
    stated = scenario(tmp_path, "Title", ["a"])
    summary = run(stated).statistics
    rows = [noted(row, "mean", NOTES[status]) for row in summary.rows]
    changed = Summary(rows)
    assert any(status in line.estimate for line in table_lines(stated, changed, 1))
    reason = NOTES[status].partition(": ")[2]
    beside = [line.beside for line in table_lines(stated, changed, 1)]
    assert any(reason in text for text in (*beside, *summary_notes(stated, changed, ())))
    table = results_table(stated, changed, 256)
    assert any(status in cell for row in table.rows for cell in row)
    assert NOTES[status] in as_markdown(table)
    assert latex.escape(NOTES[status]) in as_latex(table)
    assert NOTES[status] in table.numbers["note"].tolist()


def noted(row: Row, statistic: str, note: str) -> Row:
    fields = {name: getattr(row, name) for name in Row.__dataclass_fields__}
    return Row(**{**fields, "note": note}) if row.statistic == statistic else row


def test_an_interval_in_pieces_is_printed_in_its_pieces(tmp_path: Path):
    stated = scenario(tmp_path, "Title", ["a"])
    summary = run(stated).statistics
    note = "in pieces: 0 to 0; 2.25 to 2.75"
    rows = [noted(noted(row, "low", note), "high", note) for row in summary.rows]
    reported = next(line for line in table_lines(stated, Summary(rows), 1) if "median" in line.what)
    assert reported.interval == "0; 2.250 to 2.750"
    assert next(row for row in rows if row.statistic == "low").text.endswith("(in pieces)")


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("# a", r"\# a"),
        ("- a | b", r"\- a \| b"),
        ("1. a", r"1\. a"),
        ("-5.2 to 3", "-5.2 to 3"),
        ("a `b`", r"a \`b\`"),
    ],
)
def test_text_is_no_markdown_where_a_line_begins_with_it(typed: str, written: str):
    assert markdown(typed) == written  # the escapes of CommonMark 0.31, 2.4


SIMPLE = ("a", "bb ccc", "†", "12.5", "≈ 3", "[red]:smile:", "é", "  lead")
ODD = ("日本", "x\ny", "word " * 12, "e\u0301", "tab\tx")


@pytest.mark.parametrize("seed", range(8))
def test_a_pipe_gets_the_lines_that_the_library_would_lay_out(seed: int, capsys: pytest.CaptureFixture[str]):
    """Expected is what rich prints at the width of a pipe, which knows of wide and combining letters."""
    rng = np.random.default_rng(seed)
    n_plain = 0
    for place in range(40):
        table = some_table(rng, SIMPLE if place % 2 else SIMPLE + ODD)
        terminal.show(table, terminal.LinePrinter())
        found = capsys.readouterr().out
        n_plain += bool(terminal._lines(table))
        terminal.show(table, terminal._library())
        assert found == capsys.readouterr().out
    assert 0 < n_plain < 40


def some_table(rng: np.random.Generator, words: Sequence[str]) -> Table:
    """Return a table of one to five columns whose cells are some of these words."""
    n_columns = int(rng.integers(1, 6))

    def chosen(n_words: int) -> tuple[str, ...]:
        return tuple(str(each) for each in rng.choice(words, n_words))

    columns = tuple(Column(head, rng.choice(["text", "number"])) for head in chosen(n_columns))
    sections = tuple(Section(chosen(1)[0], tuple(chosen(n_columns) for _ in range(3))) for _ in range(2))
    return Table("some", chosen(1)[0], columns, sections, notes=chosen(1))
