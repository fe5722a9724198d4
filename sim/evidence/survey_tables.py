"""The tables of a survey: written from contributions, without names or a row per contributor; or blank.

The same contributions give the same bytes. Rows are plain tuples in the order of the columns, so that the
files hold whole numbers and nothing else where numbers are whole.
"""

import csv
import io
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import compress
from pathlib import Path

import numpy as np

from sim.evidence.contributions import Contribution, SurveyedPeriod
from sim.evidence.estimands import PERIODS_PER_YEAR
from sim.evidence.frequencies import bins_up_to, place_of
from sim.evidence.period_columns import COLUMNS as PERIOD_COLUMNS
from sim.evidence.period_columns import ENOUGH, POPULATION
from sim.evidence.survey_format import (
    AUTOMATION,
    CONTRIBUTOR_PERIOD,
    FREQUENCIES,
    FREQUENCY_KEYS,
    LINE_READINGS,
    MARKS,
    PEOPLE,
    PERIODS,
    PLAIN_MARKS,
    QUANTILE_COLUMNS,
    QUANTILES,
    REPOSITORY_PERIOD,
    TRUNCATED,
)
from sim.files import write_together
from sim.types import RngFor

SurveyRow = tuple[str | int, ...]
DIGITS = 4
WEEKS = 2
"""Length of the periods of a blank survey."""


def write_survey(
    periods: Sequence[SurveyedPeriod], out: Path, beside: Mapping[str, bytes] | None = None
) -> tuple[Path, ...]:
    """Write ``periods.csv``, ``frequencies.csv`` and ``quantiles.csv``, and what is known beside them.

    All are written to a temporary folder first, then each takes the place of its predecessor: a run that
    fails or is interrupted leaves no half-written file. Other files in `out` are left alone.

    Parameters
    ----------
    periods
        Every period of every listed tool, empty ones included, in the order of the rows.
    out
        Folder to write to, made if need be.
    beside
        Content of further files, by name.

    Returns
    -------
    tuple of Path
        The files written.

    Raises
    ------
    InvalidInput
        If `out` cannot be written.
    """
    files = {
        PERIODS: as_csv(_period_rows(periods)),
        FREQUENCIES: as_csv(_frequency_rows(periods)),
        QUANTILES: as_csv((QUANTILE_COLUMNS, *_quantile_rows(periods))),
        **(beside or {}),
    }
    return tuple(write_together(out, files.items()))


def as_csv(rows: Iterable[SurveyRow]) -> bytes:
    r"""Return rows as CSV: UTF-8, lines ended by a line feed on every system.

    Examples
    --------
    >>> as_csv([("label", "n"), ("a, b", 3)])
    b'label,n\n"a, b",3\n'
    """
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue().encode("utf-8")


def _is_cut(periods: Sequence[SurveyedPeriod]) -> bool:
    """Tell whether a comma cut any count of lines, so that the published reading differs."""
    return any(one.truncated for period in periods for one in period.contributions)


def _period_rows(periods: Sequence[SurveyedPeriod]) -> Iterator[SurveyRow]:
    """Give the header and one row for each listed tool and sampled period; an empty period is a row of zeros.

    The published reading has columns only where it differs from the plain one, populations where they are
    known.
    """
    columns = (*PERIOD_COLUMNS, POPULATION)
    is_cut, is_known = _is_cut(periods), any(period.population is not None for period in periods)
    kept = [(is_cut or "published" not in name) and (is_known or name != POPULATION) for name in columns]
    yield tuple(compress(columns, kept))
    for period in periods:
        automation = [contribution for contribution in period.contributions if contribution.by_automation]
        head = (period.label, period.repository, period.start.isoformat(), period.end.isoformat())
        counts = (*_counts(period.contributions), *_counts(automation))
        yield tuple(compress((*head, *counts, period.population or ""), kept))


def _counts(contributions: Sequence[Contribution]) -> Iterator[int]:
    """Give the counts in the order of ``sim.evidence.period_columns.PLAIN_COUNTS``."""
    yield len(contributions)
    yield sum(contribution.commits for contribution in contributions)
    for reading in LINE_READINGS:
        yield sum(contribution.lines_in(reading).added for contribution in contributions)
        yield sum(contribution.lines_in(reading).deleted for contribution in contributions)


def _frequency_rows(periods: Sequence[SurveyedPeriod]) -> Iterator[SurveyRow]:
    """Give the header and how many contributors fell into each doubling bin.

    One row for each period, ``people`` or ``automation``, and count of ``MARKS``; none where nobody of that
    sort contributed. Where the published reading is the plain one, the other readings of lines follow from
    it and have no rows, and empty bins are empty cells.
    """
    is_cut = _is_cut(periods)
    marks, none = (MARKS, 0) if is_cut else (PLAIN_MARKS, "")
    everything = [contribution for period in periods for contribution in period.contributions]
    bins = bins_up_to(max((one.mark(name) for one in everything for name in marks), default=0))
    yield (*FREQUENCY_KEYS, *(each.name for each in bins))
    for period in periods:
        for who in (PEOPLE, AUTOMATION):
            those = [one for one in period.contributions if one.by_automation == (who == AUTOMATION)]
            for name in marks if those else ():
                found = Counter(place_of(one.mark(name)) for one in those)
                numbers = (found[place] or none for place in range(len(bins)))
                yield (period.label, period.start.isoformat(), who, name, *numbers)


def _quantile_rows(periods: Sequence[SurveyedPeriod]) -> Iterator[SurveyRow]:
    """Give the overall figures that cannot be had from bins: median, 99 % quantile, mean, largest.

    Over all contributor-periods, and over all repository-periods that are not empty. ``truncated`` is 1 for
    a contribution whose lines the thousands comma cut in the published reading, else 0: its mean is their
    share.
    """
    active = [period.contributions for period in periods if period.contributions]
    everyone = [contribution for contributions in active for contribution in contributions]
    for name in MARKS:
        yield _quantiles(CONTRIBUTOR_PERIOD, name, [one.mark(name) for one in everyone])
    yield _quantiles(CONTRIBUTOR_PERIOD, TRUNCATED, [int(one.truncated) for one in everyone])
    yield _quantiles(REPOSITORY_PERIOD, "contributors", [len(contributions) for contributions in active])
    for name in MARKS:
        sums = [sum(one.mark(name) for one in contributions) for contributions in active]
        yield _quantiles(REPOSITORY_PERIOD, name, sums)


def _quantiles(level: str, name: str, counts: Sequence[int]) -> SurveyRow:
    values = np.array(counts, dtype=np.int64)
    if not values.size:
        return (level, name, 0, "", "", "", "")
    median, q99 = np.quantile(values, [0.5, 0.99], method="linear")
    mean = int(values.sum()) / len(values)
    shown = (_decimal(float(value)) for value in (median, q99, mean))
    return (level, name, len(values), *shown, int(values.max()))


def _decimal(value: float) -> str:
    """Return a number to ``DIGITS`` decimals, without trailing zeros.

    Examples
    --------
    >>> [_decimal(value) for value in (2.0, 43390.9, 2 / 3)]
    ['2', '43390.9', '0.6667']
    """
    return f"{value:.{DIGITS}f}".rstrip("0").rstrip(".")


def blank_survey(repositories: Sequence[str], n_periods: int, year: int, rng_for: RngFor) -> str:
    """Return a file of periods whose counts are left to fill in, as CSV.

    The periods of a repository are a simple random sample of those that the year falls into: what the
    bootstraps of :mod:`sim.evidence.methods` take them for.

    Parameters
    ----------
    repositories
        Names of the repositories, each as ``org/project``.
    n_periods
        Number of periods of each repository, up to 26.
    year
        The calendar year.
    rng_for
        Gives the generator that belongs to a name; that of each repository chooses its periods.

    Returns
    -------
    str
        Header, and a row for each repository and period, by date.
    """
    return "\n".join([",".join(ENOUGH), *_blank_rows(repositories, n_periods, year, rng_for), ""])


def _blank_rows(repositories: Sequence[str], n_periods: int, year: int, rng_for: RngFor) -> Iterator[str]:
    first, length = date(year, 1, 1), timedelta(weeks=WEEKS)
    for repository in repositories:
        numbers = rng_for(f"periods of {repository}").permutation(PERIODS_PER_YEAR)[:n_periods]
        for number in sorted(map(int, numbers)):
            start = first + number * length
            yield f"{repository},{start},{start + length},,,"
