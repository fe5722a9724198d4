"""Which fortnights of a history are surveyed: all of them, or some drawn at random."""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from sim.evidence.survey_format import DesignName, WeekStart
from sim.faults import Fault, InvalidInput

FORTNIGHT = timedelta(days=14)
DAY = timedelta(days=1)
MONDAY_TO_SUNDAY = 7


@dataclass(frozen=True)
class PeriodDesign:
    """How fortnights are chosen from a history.

    Parameters
    ----------
    name
        ``census``: every fortnight from the first day on; ``sample``: `n_periods` of them, drawn uniformly.
    weeks
        ``sunday``: fortnights start on a Sunday, as the weeks of the source page of the survey of 2022 do;
        ``days``: on any day.
    n_periods
        Of a sample; a history with fewer possible starts gives those.
    since, until
        First and last day that may be surveyed; the history's own, unless stated.

    Raises
    ------
    InvalidInput
        If the last day lies before the first.
    """

    name: DesignName = "census"
    weeks: WeekStart = "sunday"
    n_periods: int = 5
    since: date | None = None
    until: date | None = None

    def __post_init__(self) -> None:
        if self.since and self.until and self.until < self.since:
            problem = f"{self.until} lies before --since {self.since}"
            raise InvalidInput([Fault("--until", "", problem, "a day on or after it")])

    def span(self, first: date, last: date) -> tuple[date, date]:
        """Return the days of a history that may be surveyed; none where the last lies before the first.

        Parameters
        ----------
        first, last
            Of the history.

        Returns
        -------
        date, date
            First and last day.
        """
        return max(first, self.since or first), min(last, self.until or last)

    def fortnights(self, first: date, last: date, rng: np.random.Generator) -> tuple[date, ...]:
        """Return the first days of the surveyed fortnights, each 14 days, ascending.

        A fortnight of a census is whole: days after the last whole one are in none. With ``sunday`` the
        first starts on the Sunday of the week of the first day, and a sampled one on any Sunday from there.

        Parameters
        ----------
        first, last
            Of the history.
        rng
            Draws a sample.

        Returns
        -------
        tuple of date
            Empty where the span holds no whole fortnight.
        """
        low, high = self.span(first, last)
        if self.weeks == "sunday":
            low -= DAY * ((low.weekday() + 1) % MONDAY_TO_SUNDAY)
            if self.since and low < self.since:
                low += DAY * MONDAY_TO_SUNDAY
        n_days = (high - low).days + 1
        if n_days < FORTNIGHT.days:
            return ()
        if self.name == "census":
            return tuple(low + FORTNIGHT * place for place in range(n_days // FORTNIGHT.days))
        step = MONDAY_TO_SUNDAY if self.weeks == "sunday" else 1
        n_starts = (n_days - FORTNIGHT.days) // step + 1
        places = rng.choice(n_starts, size=min(self.n_periods, n_starts), replace=False)
        return tuple(low + DAY * (step * int(place)) for place in np.sort(places))
