"""From contributions to the three tables that are shipped: no names, no row per contributor.

Rows are plain tuples in the order of the columns, so that the files hold whole numbers and nothing else where
numbers are whole.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from sim.evidence.bins import bins_up_to, place_of
from sim.evidence.period_checks import COLUMNS as PERIOD_COLUMNS
from sim.evidence.source.contribution import Contribution, Lines, SurveyedPeriod

Row = tuple[str | int, ...]

FREQUENCY_KEYS = ("label", "start", "who", "count")
QUANTILE_COLUMNS = ("level", "count", "n", "median", "q99", "mean", "max")
CONTRIBUTOR_PERIOD, REPOSITORY_PERIOD = "contributor-period", "repository-period"
PEOPLE, AUTOMATION = "people", "automation"
TRUNCATED = "truncated"
DIGITS = 4

LINE_READINGS: dict[str, Callable[[Contribution], Lines]] = {
    "lines": lambda contribution: contribution.lines,
    "lines_published": lambda contribution: contribution.lines_published,
    "lines_capped": lambda contribution: contribution.lines_capped,
}
MARKS = ("commits", *LINE_READINGS)
"""What is counted of each contribution; lines are added plus deleted."""


@dataclass(frozen=True)
class Tally:
    """One table.

    Parameters
    ----------
    columns
        Names.
    rows
        Cells in the order of the columns.
    """

    columns: tuple[str, ...]
    rows: tuple[Row, ...]


def mark(contribution: Contribution, name: str) -> int:
    """Return one of the counts of ``MARKS``."""
    return contribution.commits if name == "commits" else LINE_READINGS[name](contribution).total


def tally_periods(periods: Sequence[SurveyedPeriod]) -> Tally:
    """Return one row for each listed tool and sampled period; an empty period is a row of zeros."""
    rows: list[Row] = []
    for period in periods:
        automation = [contribution for contribution in period.contributions if contribution.by_automation]
        head = (period.label, period.repository, period.start.isoformat(), period.end.isoformat())
        rows.append((*head, *_counts(period.contributions), *_counts(automation)))
    return Tally(PERIOD_COLUMNS, tuple(rows))


def _counts(contributions: Sequence[Contribution]) -> Iterator[int]:
    """Give the counts in the order of ``period_checks.PLAIN_COUNTS``."""
    yield len(contributions)
    yield sum(contribution.commits for contribution in contributions)
    for lines_of in LINE_READINGS.values():
        yield sum(lines_of(contribution).added for contribution in contributions)
        yield sum(lines_of(contribution).deleted for contribution in contributions)


def tally_frequencies(periods: Sequence[SurveyedPeriod]) -> Tally:
    """Return how many contributors fell into each doubling bin.

    One row for each period, ``people`` or ``automation``, and count of ``MARKS``; none where nobody of that
    sort contributed.
    """
    everything = [contribution for period in periods for contribution in period.contributions]
    largest = max((mark(contribution, name) for contribution in everything for name in MARKS), default=0)
    bins = bins_up_to(largest)
    rows: list[Row] = []
    for period in periods:
        for who in (PEOPLE, AUTOMATION):
            those = [one for one in period.contributions if one.by_automation == (who == AUTOMATION)]
            for name in MARKS if those else ():
                found = Counter(place_of(mark(one, name)) for one in those)
                numbers = (found[place] for place in range(len(bins)))
                rows.append((period.label, period.start.isoformat(), who, name, *numbers))
    return Tally((*FREQUENCY_KEYS, *(each.name for each in bins)), tuple(rows))


def tally_quantiles(periods: Sequence[SurveyedPeriod]) -> Tally:
    """Return the overall figures that cannot be had from bins: median, 99 % quantile, mean, largest.

    Over all contributor-periods, and over all repository-periods that are not empty. ``truncated`` is 1 for
    a contribution whose lines the thousands comma cut in the published reading, else 0: its mean is their
    share.
    """
    active = [period.contributions for period in periods if period.contributions]
    everyone = [contribution for contributions in active for contribution in contributions]
    rows = [
        _quantiles(CONTRIBUTOR_PERIOD, name, (mark(contribution, name) for contribution in everyone))
        for name in MARKS
    ]
    rows.append(_quantiles(CONTRIBUTOR_PERIOD, TRUNCATED, (int(one.truncated) for one in everyone)))
    rows.append(
        _quantiles(REPOSITORY_PERIOD, "contributors", (len(contributions) for contributions in active))
    )
    rows += [
        _quantiles(
            REPOSITORY_PERIOD,
            name,
            (sum(mark(one, name) for one in contributions) for contributions in active),
        )
        for name in MARKS
    ]
    return Tally(QUANTILE_COLUMNS, tuple(rows))


def _quantiles(level: str, name: str, counts: Iterable[int]) -> Row:
    values = np.fromiter(counts, dtype=np.int64)
    if not values.size:
        return (level, name, 0, "", "", "", "")
    median, q99 = np.quantile(values, [0.5, 0.99], method="linear")
    mean = int(values.sum()) / len(values)
    return (
        level,
        name,
        len(values),
        *(_decimal(float(value)) for value in (median, q99, mean)),
        int(values.max()),
    )


def _decimal(value: float) -> str:
    """Return a number to ``DIGITS`` decimals, without trailing zeros.

    Examples
    --------
    >>> [_decimal(value) for value in (2.0, 43390.9, 2 / 3)]
    ['2', '43390.9', '0.6667']
    """
    return f"{value:.{DIGITS}f}".rstrip("0").rstrip(".")
