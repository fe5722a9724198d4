"""A survey to be filled in: periods of two weeks, chosen at random from a year for each repository."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from sim.evidence.estimands import PERIODS_PER_YEAR
from sim.evidence.period_columns import ENOUGH
from sim.types import RngFor

WEEKS = 2


def blank_survey(repositories: Sequence[str], n_periods: int, year: int, rng_for: RngFor) -> str:
    """Return a file of periods whose counts are left to fill in, as CSV.

    The periods of a repository are a simple random sample of those that the year falls into: what the
    bootstraps of :mod:`sim.evidence.methods` take them for.

    Parameters
    ----------
    repositories, n_periods
        ``org/project`` each; of each repository, up to 26.
    year
        The calendar year.
    rng_for
        Gives the generator that belongs to a name: that of each repository chooses its periods.

    Returns
    -------
    str
        Header, and a row for each repository and period, by date.
    """
    return "\n".join([",".join(ENOUGH), *_rows(repositories, n_periods, year, rng_for), ""])


def _rows(repositories: Sequence[str], n_periods: int, year: int, rng_for: RngFor) -> Iterator[str]:
    first, length = date(year, 1, 1), timedelta(weeks=WEEKS)
    for repository in repositories:
        numbers = rng_for(f"periods of {repository}").permutation(PERIODS_PER_YEAR)[:n_periods]
        for number in sorted(map(int, numbers)):
            start = first + number * length
            yield f"{repository},{start},{start + length},,,"
