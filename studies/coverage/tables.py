"""The table of a study as CSV and Markdown, and as grids of text for the terminal."""

import math
from collections.abc import Callable
from statistics import fmean, median

import pandas as pd

from sim.files import frame_csv
from sim.tables import formats
from sim.tables.table import Table, plain_table
from studies.coverage.scores import Coverage, Scores
from studies.coverage.trials import NOMINAL

CSV_COLUMNS = ("simulator", "method", "row", "nominal", "n_trials", "n_held", "coverage", "error", "width")
MORE_COLUMNS = ("n_low", "n_high", "bias", "rms", "spread")
SHORT = {
    "contributors": "C",
    "commits_per_year": "U commits",
    "lines_per_year": "U lines",
    "lines_per_commit": "U lines / U commits",
}
RATIOS = {
    "commits_per_contributor_period.": "R commits",
    "lines_per_contributor_period.": "R lines",
    "commits_cost.": "cost by commits",
    "lines_cost.": "cost by lines",
    "lines_per_commit.": "R lines / R commits",
}
"""Heads of the columns in which the rows of every reference stand together, by what those begin with."""


def as_csv(scores: Scores) -> str:
    """Return one line for each simulator, method, row and probability."""
    rows = []
    for one in scores.coverages:
        head = (one.simulator, one.method, one.row, one.nominal, one.n_trials, one.n_held)
        tail = (one.n_low, one.n_high, *(f"{value:.4g}" for value in (one.bias, one.rms, one.spread)))
        rows.append((*head, f"{one.share:.4f}", f"{one.error:.4f}", f"{one.width:.4g}", *tail))
    return frame_csv(pd.DataFrame(rows, columns=(*CSV_COLUMNS, *MORE_COLUMNS)))


def grids(scores: Scores) -> tuple[Table, ...]:
    """Return a table of coverages for each probability, widest first, then one of widths.

    Of whole histories the rows of all references stand together, and there are more tables: on which side the
    95 % intervals miss, errors of the medians, and coverage by reference.
    """
    if any(one.simulator == "histories" for one in scores.coverages):
        return _history_grids(scores)
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


def _history_grids(scores: Scores) -> tuple[Table, ...]:
    def grid(title: str, nominal: float, cell: Callable[[list[Coverage]], str]) -> Table:
        groups: dict[str, dict[str, list[Coverage]]] = {}
        for one in scores.coverages:
            if one.nominal == nominal:
                start = next((start for start in RATIOS if one.row.startswith(start)), None)
                head = RATIOS[start] if start else short_name(one.row)
                groups.setdefault(one.method, {}).setdefault(head, []).append(one)
        heads = list(dict.fromkeys(head for group in groups.values() for head in group))
        cells = [
            (method, str(next(iter(group.values()))[0].n_trials), *(cell(group[head]) for head in heads))
            for method, group in groups.items()
        ]
        return plain_table(title, ("method", "n", *heads), cells, n_text=1, n_whole=2 + len(heads))

    widest = max(NOMINAL)
    return (
        *(
            grid(
                f"Coverage of nominal {nominal:.0%} intervals, %: mean over references, and the lowest",
                nominal,
                _mean_and_lowest,
            )
            for nominal in sorted(NOMINAL, reverse=True)
        ),
        grid("Nominal 95% intervals that lie too low and too high, %", widest, _sides),
        grid("Logarithm of the draws' median over the truth: bias, root mean square", widest, _log_errors),
        grid("Upper over lower end of nominal 95% intervals, median", widest, _spread),
        _by_reference(scores),
    )


def _by_reference(scores: Scores) -> Table:
    """Return the coverage of the 95 % intervals of each reference's ratios."""
    starts = ("commits_per_contributor_period.", "lines_per_contributor_period.")
    found: dict[str, dict[tuple[str, str], str]] = {}
    for one in scores.coverages:
        for start in starts:
            if one.nominal == max(NOMINAL) and one.row.startswith(start):
                found.setdefault(one.row.removeprefix(start), {})[one.method, RATIOS[start]] = (
                    f"{100 * one.share:.0f}"
                )
    keys = list(dict.fromkeys(key for cells in found.values() for key in cells))
    heads = ("reference", *(f"{method}, {ratio}" for method, ratio in keys))
    rows = [(name, *(cells[key] for key in keys)) for name, cells in found.items()]
    title = "Coverage of nominal 95% intervals by reference, %"
    return plain_table(title, heads, rows, n_text=1, n_whole=len(heads))


def _mean_and_lowest(group: list[Coverage]) -> str:
    if len(group) == 1:
        return f"{100 * group[0].share:.1f} ±{100 * group[0].error:.1f}"
    return f"{100 * fmean(one.share for one in group):.1f}, {100 * min(one.share for one in group):.0f}"


def _sides(group: list[Coverage]) -> str:
    n_trials = sum(one.n_trials for one in group)
    sides = (sum(one.n_low for one in group), sum(one.n_high for one in group))
    return ", ".join(f"{100 * side / n_trials:.1f}" for side in sides)


def _log_errors(group: list[Coverage]) -> str:
    bias, rms = fmean(one.bias for one in group), math.sqrt(fmean(one.rms**2 for one in group))
    return f"{bias:+.3f}, {rms:.3f}"


def _spread(group: list[Coverage]) -> str:
    return f"{median(one.spread for one in group):.2f}"


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
