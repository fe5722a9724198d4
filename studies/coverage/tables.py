"""The table of a study as CSV and Markdown, and as grids of text for the terminal."""

import csv
import io

from sim.tables import formats
from sim.tables.table import Table, plain_table
from studies.coverage.scores import Coverage, Scores
from studies.coverage.trials import NOMINAL

CSV_COLUMNS = ("simulator", "method", "row", "nominal", "n_trials", "n_held", "coverage", "error", "width")
SHORT = {"contributors": "C", "commits_per_year": "U commits", "lines_per_year": "U lines"}


def as_csv(scores: Scores) -> str:
    """Return one line for each simulator, method, row and probability."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(CSV_COLUMNS)
    for one in scores.coverages:
        head = (one.simulator, one.method, one.row, one.nominal, one.n_trials, one.n_held)
        writer.writerow((*head, f"{one.share:.4f}", f"{one.error:.4f}", f"{one.width:.4g}"))
    return stream.getvalue()


def grids(scores: Scores) -> tuple[Table, ...]:
    """Return a table of coverages for each probability, widest first, then one of widths."""
    found = [
        _grid(f"Coverage of nominal {nominal:.0%} intervals, %, with its standard error", scores, nominal)
        for nominal in sorted(NOMINAL, reverse=True)
    ]
    title = "Width of nominal 95% intervals over the truth, median over surveys"
    return (*found, _grid(title, scores, max(NOMINAL), width=True))


def as_markdown(scores: Scores) -> str:
    """Return the tables as Markdown, with the notes below."""
    parts = [formats.as_markdown(grid).rstrip() for grid in grids(scores)]
    parts += notes(scores)
    return "\n\n".join(parts) + "\n"


def notes(scores: Scores) -> list[str]:
    """Return what the coverages leave out: surveys set aside, and refused by a method."""
    said = [
        f"{count} surveys of simulator {simulator} had no ratio of some reference and were set aside."
        for simulator, count in scores.n_without_ratio.items()
        if count
    ]
    said += [
        f"{method} refused {count} surveys of simulator {simulator}; they count in no coverage."
        for (simulator, method), count in scores.n_refused.items()
        if count
    ]
    return said


def _grid(title: str, scores: Scores, nominal: float, width: bool = False) -> Table:
    groups: dict[tuple[str, str], list[Coverage]] = {}
    for one in scores.coverages:
        if one.nominal == nominal:
            groups.setdefault((one.method, one.simulator), []).append(one)
    rows = list(dict.fromkeys(one.row for group in groups.values() for one in group))
    cells = [
        (method, simulator, str(group[0].n_trials), *(_width(one) if width else _share(one) for one in group))
        for (method, simulator), group in groups.items()
    ]
    heads = ("method", "simulator", "n", *map(short_name, rows))
    return plain_table(title, heads, cells, n_text=2, n_whole=len(heads))


def short_name(row: str) -> str:
    """Return a row's name as a narrow column shows it.

    Examples
    --------
    >>> short_name("commits_cost.tensorflow"), short_name("commits_per_year")
    ('commits / tensorflow', 'U commits')
    """
    return SHORT.get(row, row.replace("_cost.", " / "))


def _share(one: Coverage) -> str:
    return f"{100 * one.share:.0f} ±{100 * one.error:.1f}"


def _width(one: Coverage) -> str:
    return f"{one.width:.2f}"
