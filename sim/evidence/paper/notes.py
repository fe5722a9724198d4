"""Why Table 1 differs between print, the public file and another reading: a line for each cause."""

import pandas as pd

from sim.evidence.paper.table1 import PUBLISHED, PUBLISHED_CONTRIBUTOR_PERIODS, Table1Row
from sim.evidence.readings import SUNDAY, PeriodSample, Reading


def notes(recomputed: PeriodSample, rows: tuple[Table1Row, ...], reading: Reading) -> tuple[str, ...]:
    """Explain the differences.

    Parameters
    ----------
    recomputed
        The survey in the paper's reading.
    rows
        Table 1 from it.
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
