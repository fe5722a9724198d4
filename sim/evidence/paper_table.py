"""Table 1 of Langenkamp & Yue (2022): five estimators of what open-source ML software costs in a year.

With the estimands of :mod:`sim.evidence.estimands`, cost per unit is salary / (26 R) and cost per year is
salary times U / (26 R); by contributors, salary and salary times C.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import pandas as pd

from sim.evidence.estimands import PERIODS_PER_YEAR, point_estimates, ratio_name
from sim.evidence.periods import PeriodTable
from sim.evidence.readings import SUNDAY, PeriodSample, Reading, read_as

REFERENCES = {"pytorch": "pytorch/pytorch", "tensorflow": "tensorflow/tensorflow"}
ROWS = {
    "commits-pytorch": ("commits", "pytorch"),
    "contributors": ("contributors", ""),
    "lines-tensorflow": ("lines", "tensorflow"),
    "lines-pytorch": ("lines", "pytorch"),
    "commits-tensorflow": ("commits", "tensorflow"),
}
SALARY = 300_000.0
BENEFIT = 3e10
"""AI value 3e11 USD a year, of which the share 0.1 goes to algorithms: the paper's values."""

AS_RECOMPUTED = Reading(lines="published")

CITATION = (
    "Langenkamp, M. and Yue, D. N. (2022). How Open Source Machine Learning Software Shapes AI. "
    "AIES '22, 385-395, doi:10.1145/3514094.3534167. Table 1."
)
PUBLISHED_CONTRIBUTOR_PERIODS = 3_932
"""Contributors summed over all periods, as the paper's text counts them."""


@dataclass(frozen=True)
class Table1Row:
    """One row of Table 1.

    Parameters
    ----------
    name
        Unit and reference.
    cost_per_unit
        USD per commit, line, or contributor (person and year).
    units_per_year
        Commits or lines per year; contributors at a time.
    cost_per_year
        USD per year.
    """

    name: str
    cost_per_unit: float
    units_per_year: float
    cost_per_year: float

    @property
    def benefit_cost_ratio(self) -> float:
        """The paper's benefit over this cost."""
        return BENEFIT / self.cost_per_year


PUBLISHED = (
    Table1Row("commits-pytorch", 2_425.28, 123.90e3, 300.48e6),
    Table1Row("contributors", 300_000.0, 779.0, 233.70e6),
    Table1Row("lines-tensorflow", 34.09, 5.49e6, 187.09e6),
    Table1Row("lines-pytorch", 34.08, 5.49e6, 187.06e6),
    Table1Row("commits-tensorflow", 986.04, 123.90e3, 122.17e6),
)
"""The figures as printed, at the paper's digits; its source is ``CITATION``."""


def table1(sample: PeriodSample, salary: float) -> tuple[Table1Row, ...]:
    """Compute Table 1 from a survey.

    Parameters
    ----------
    sample, salary
        The survey in one reading; USD per person and year.

    Returns
    -------
    tuple
        In the order of the paper.

    Raises
    ------
    InvalidInput
        If pytorch/pytorch or tensorflow/tensorflow has no ratio in the survey.
    """
    points = point_estimates(sample, REFERENCES)
    return tuple(_row(name, points, salary) for name in ROWS)


def _row(name: str, points: dict[str, float], salary: float) -> Table1Row:
    unit, reference = ROWS[name]
    if not reference:
        return Table1Row(name, salary, points["contributors"], salary * points["contributors"])
    cost_per_unit = salary / (PERIODS_PER_YEAR * points[ratio_name(unit, reference)])
    units_per_year = points[f"{unit}_per_year"]
    return Table1Row(name, cost_per_unit, units_per_year, cost_per_unit * units_per_year)


@dataclass(frozen=True)
class Table1Reading:
    """Table 1 in one reading.

    Parameters
    ----------
    name
        The reading of lines, and the other switch that is thrown, if any.
    reading
        The reading.
    rows
        In the order of ``ROWS``.
    """

    name: str
    reading: Reading
    rows: tuple[Table1Row, ...]


def all_readings(table: PeriodTable, salary: float) -> tuple[Table1Reading, ...]:
    """Compute Table 1 with every reading of lines, and with each other switch thrown alone.

    The first is the table as recomputed from the public file.

    Parameters
    ----------
    table, salary
        The period file; USD per person and year.

    Returns
    -------
    tuple
        Every combination of switches, the paper's own first.
    """
    return tuple(
        Table1Reading(name, reading, table1(read_as(table, reading), salary)) for name, reading in _readings()
    )


def _readings() -> Iterator[tuple[str, Reading]]:
    for lines in ("published", "corrected", "capped"):
        base = replace(AS_RECOMPUTED, lines=lines)
        yield lines, base
        yield f"{lines}, merged", replace(base, duplicates="merged")
        yield f"{lines}, weekly bins", replace(base, weeks="weekly-bins")
        yield f"{lines}, bots dropped", replace(base, bots="dropped")


def notes(recomputed: PeriodSample, rows: tuple[Table1Row, ...], reading: Reading) -> tuple[str, ...]:
    """Explain the differences.

    Parameters
    ----------
    recomputed, rows
        The survey in the paper's reading; table 1 from it.
    reading
        The reading of the last columns.

    Returns
    -------
    tuple
        One sentence each.
    """
    return (_print_and_file(recomputed, rows), *_switches(recomputed, reading))


def _print_and_file(sample: PeriodSample, rows: tuple[Table1Row, ...]) -> str:
    ratio = rows[0].units_per_year / PUBLISHED[0].units_per_year
    return (
        f"print and file: the paper's text counts {PUBLISHED_CONTRIBUTOR_PERIODS:,} contributor-periods, the "
        f"file has {sample.contributors.sum():,.0f}; its commits per year are {ratio - 1:+.1%} against print"
    )


def _switches(sample: PeriodSample, reading: Reading) -> list[str]:
    repositories = {stratum.repository for stratum in sample.strata}
    n_sundays = int((pd.DatetimeIndex(sample.start).day_of_week == SUNDAY).sum())
    causes = {
        "corrected": "lines corrected: the paper read '5,485' as 5, the digits before the comma; here all "
        "digits are read",
        "capped": "lines capped: all digits are read, and each contributor's lines in a period are held at "
        "the file's cap",
        "merged": f"duplicates merged: {len(sample.strata)} listed tools are {len(repositories)} "
        "repositories; the periods of one are pooled",
        "weekly-bins": f"weekly bins: {n_sundays} of {len(sample.start)} periods start on a Sunday and hold "
        "three weekly counts, not two: commits and lines times 2/3, contributors divided by 1.19",
        "dropped": "bots dropped: what automation accounts did is subtracted",
    }
    chosen = (reading.lines, reading.duplicates, reading.weeks, reading.bots)
    return [causes[switch] for switch in chosen if switch in causes]
