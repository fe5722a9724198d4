"""Table 1 of Langenkamp & Yue (2022): five estimators of what open-source ML software costs a year.

With the estimands of :mod:`sim.evidence.estimands`, cost per unit is salary / (26 R) and cost per year is
salary times U / (26 R); by contributors, salary and salary times C.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import pandas as pd

from sim.evidence.estimands import PERIODS_PER_YEAR, point_estimates, ratio_name
from sim.evidence.periods import PeriodTable
from sim.evidence.readings import SUNDAY, PeriodSample, Reading, read_as

QUANTITIES = {"cost_per_unit": "USD/unit", "units_per_year": "units/year", "cost_per_year": "USD/year"}
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
    """One row of Table 1: what software costs a year, counted in one unit and priced by one reference.

    Parameters
    ----------
    name
        Name of the row: the unit, and the reference by which it is priced.
    cost_per_unit
        Cost of a unit, in USD per commit, per line, or per contributor (person and year).
    units_per_year
        Commits or lines a year, or contributors at a time.
    cost_per_year
        Their product, in USD per year.
    """

    name: str
    cost_per_unit: float
    units_per_year: float
    cost_per_year: float

    @property
    def benefit_cost_ratio(self) -> float:
        """Benefit of the paper over the cost of this row."""
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
    sample
        The survey in one reading.
    salary
        Salary in USD per person and year.

    Returns
    -------
    tuple
        The rows, in the order of the paper.

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


def all_readings(table: PeriodTable, salary: float) -> dict[str, tuple[Table1Row, ...]]:
    """Compute Table 1 with every reading of lines, and with each other switch thrown alone.

    Parameters
    ----------
    table
        The period file.
    salary
        Salary in USD per person and year.

    Returns
    -------
    dict
        Table 1 by reading of lines and switch in words; first the table as recomputed from the public file.
    """
    found = {}
    for lines in ("published", "corrected", "capped"):
        base = replace(AS_RECOMPUTED, lines=lines)
        found[lines] = base
        found[f"{lines}, merged"] = replace(base, duplicates="merged")
        found[f"{lines}, weekly bins"] = replace(base, weeks="weekly-bins")
        found[f"{lines}, bots dropped"] = replace(base, bots="dropped")
    return {name: table1(read_as(table, reading), salary) for name, reading in found.items()}


def notes(recomputed: PeriodSample, rows: tuple[Table1Row, ...], reading: Reading) -> tuple[str, ...]:
    """Return, in words, why Table 1 as recomputed differs from the printed one.

    Parameters
    ----------
    recomputed
        The survey in the paper's reading.
    rows
        Table 1 from that reading.
    reading
        The reading of the last columns.

    Returns
    -------
    tuple
        Sentences, one for each difference.
    """
    ratio = rows[0].units_per_year / PUBLISHED[0].units_per_year
    print_and_file = (
        f"print and file: the paper's text counts {PUBLISHED_CONTRIBUTOR_PERIODS:,} contributor-periods, the "
        f"file has {recomputed.contributors.sum():,.0f}; its commits per year are {ratio - 1:+.1%} against "
        "print"
    )
    return (print_and_file, *_switches(recomputed, reading))


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


def side_by_side(recomputed: tuple[Table1Row, ...], chosen: tuple[Table1Row, ...]) -> pd.DataFrame:
    """Return the numbers of Table 1 as printed, as recomputed and in the chosen reading.

    Parameters
    ----------
    recomputed
        Table 1 in the paper's reading.
    chosen
        Table 1 in the reading asked for.

    Returns
    -------
    DataFrame
        A row for each row of the table and quantity: ``row``, ``quantity``, ``as_printed``,
        ``as_recomputed``, ``recomputed_to_printed``, ``as_corrected``, ``corrected_to_recomputed``.
    """
    records = [
        {
            "row": printed.name,
            "quantity": quantity,
            "as_printed": getattr(printed, quantity),
            "as_recomputed": getattr(file, quantity),
            "recomputed_to_printed": getattr(file, quantity) / getattr(printed, quantity),
            "as_corrected": getattr(other, quantity),
            "corrected_to_recomputed": getattr(other, quantity) / getattr(file, quantity),
        }
        for printed, file, other in zip(PUBLISHED, recomputed, chosen, strict=True)
        for quantity in QUANTITIES
    ]
    return pd.DataFrame(records)


def effects(readings: Mapping[str, tuple[Table1Row, ...]]) -> pd.DataFrame:
    """Return each reading's effect on each row: cost per year, its ratio to the first reading, and the BCR.

    (reading and row, column): ``reading``, ``row``, ``cost_per_year`` (USD/year), ``to_recomputed``, ``bcr``.
    """
    first, *_ = readings.values()
    records = [
        {
            "reading": name,
            "row": row.name,
            "cost_per_year": row.cost_per_year,
            "to_recomputed": row.cost_per_year / recomputed.cost_per_year,
            "bcr": row.benefit_cost_ratio,
        }
        for name, rows in readings.items()
        for row, recomputed in zip(rows, first, strict=True)
    ]
    return pd.DataFrame(records)


def side_by_side_text(numbers: pd.DataFrame) -> pd.DataFrame:
    """Return the same table with its cells as text, at the digits of method and print."""
    text = pd.DataFrame({"row": numbers["row"], "quantity": numbers["quantity"].map(QUANTITIES)})
    text["row"] = text["row"].where(~text["row"].duplicated(), "")
    quantities = numbers["quantity"].tolist()
    for name, show, ratio in (
        ("as_printed", printed, ""),
        ("as_recomputed", computed, "recomputed_to_printed"),
        ("as_corrected", computed, "corrected_to_recomputed"),
    ):
        text[name.replace("_", " ")] = list(map(show, quantities, numbers[name]))
        if ratio:
            text[ratio[ratio.index("to_") :].replace("_", " ")] = numbers[ratio].map("{:.4f}".format)
    return text


def effects_text(numbers: pd.DataFrame, quantity: str) -> pd.DataFrame:
    """Return one quantity of the effects as text, readings down and rows across.

    Parameters
    ----------
    numbers
        The effects, from :func:`effects`.
    quantity
        ``cost_per_year`` (shown in million USD), ``to_recomputed`` or ``bcr``.

    Returns
    -------
    DataFrame
        One row for each switch.
    """
    wide = numbers.pivot(index="reading", columns="row", values=quantity)
    wide = wide.loc[numbers["reading"].unique(), numbers["row"].unique()]
    scale, digits = {"cost_per_year": (1e-6, 2), "to_recomputed": (1.0, 4), "bcr": (1.0, 1)}[quantity]
    return wide.map(lambda value: f"{value * scale:,.{digits}f}").reset_index()


def computed(quantity: str, value: float) -> str:
    """Format a computed cell: six significant digits, tenths of units, or hundredths of a million.

    Parameters
    ----------
    quantity
        Name of a row.
    value
        Its value in the row's unit.

    Returns
    -------
    str
        The number as the paper would print it.

    Examples
    --------
    >>> computed("cost_per_unit", 986.0402), computed("units_per_year", 5443932.0)
    ('986.040', '5,443,932.0')
    >>> computed("cost_per_year", 295469853.9)
    '295.47 M'
    """
    if quantity == "cost_per_unit":
        return f"{value:#,.6g}".rstrip(".")
    return f"{value:,.1f}" if quantity == "units_per_year" else f"{value / 1e6:,.2f} M"


def printed(quantity: str, value: float) -> str:
    """Format a cell as the paper prints it.

    Parameters
    ----------
    quantity
        Name of a row.
    value
        Its value in the row's unit.

    Returns
    -------
    str
        The number as the paper prints it.

    Examples
    --------
    >>> printed("units_per_year", 123900.0), printed("units_per_year", 779.0), printed("cost_per_unit", 34.09)
    ('123.90 K', '779.0', '34.09')
    """
    if quantity == "cost_per_unit":
        return f"{value:,.2f}".removesuffix(".00")
    for size, letter in ((1e6, " M"), (1e3, " K")):
        if value >= size:
            return f"{value / size:,.2f}{letter}"
    return f"{value:,.1f}"
