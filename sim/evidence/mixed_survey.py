"""The survey of a scenario: the days of it that count, and whole histories in place of sampled periods."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import numpy as np

from sim.evidence.periods import PeriodTable, read_periods
from sim.evidence.readings import PeriodSample, Reading, Stratum, read_as
from sim.faults import Fault, InvalidInput
from sim.input_file import short_name
from sim.types import Array, Flags


@dataclass(frozen=True)
class Span:
    """The periods that count of each repository.

    Parameters
    ----------
    since
        First day on which a period may start; none for no bound.
    until
        Last day on which a period may end; none for no bound.
    last_periods
        How many periods count, the last ones within the bounds; none for all.
    """

    since: date | None = None
    until: date | None = None
    last_periods: int | None = None

    def __str__(self) -> str:
        """Say what it holds, in words that follow "periods".

        Examples
        --------
        >>> print(Span(date(2021, 2, 19), date(2022, 2, 18)))
        from 2021-02-19 to 2022-02-18
        >>> print(Span(until=date(2022, 2, 18), last_periods=26))
        to 2022-02-18, the last 26 of each repository
        """
        days = " ".join(
            f"{word} {day}" for word, day in (("from", self.since), ("to", self.until)) if day is not None
        )
        last = f"the last {self.last_periods} of each repository" if self.last_periods else ""
        return ", ".join(filter(None, (days, last)))


EVERY = Span()
"""All periods."""


def read_survey(
    periods: Path, reading: Reading, histories: Path | None = None, span: Span = EVERY
) -> PeriodSample:
    """Read the survey of a scenario.

    Parameters
    ----------
    periods
        The period file.
    reading
        How it is read.
    histories
        A second period file, whose periods stand in for those of the repositories that both have, under every
        label that lists them. It is dated to the day, so that no reading of weeks changes it.
    span
        Periods that count: of `histories` where there is such a file, else of `periods`.

    Returns
    -------
    PeriodSample
        Counts in the order of the period file, then of the histories; notes say what counts and what does
        not.

    Raises
    ------
    InvalidInput
        If either file is wrong, no period is left, or the files have no repository in common.
    """
    table = read_periods(periods)
    if histories is None:
        return _read_within(table, reading, span, "they count nothing")
    sample = read_as(table, reading)
    known = read_periods(histories)
    own = replace(reading, duplicates="merged", weeks="as-dated")
    return _stand_in(sample, _read_within(known, own, span, f"{short_name(periods)} serves for them"))


def _read_within(table: PeriodTable, reading: Reading, span: Span, instead: str) -> PeriodSample:
    """Return the part of a file that a span holds, with a note on the repositories that it leaves out."""
    if span == EVERY:
        return read_as(table, reading)
    held = _held(table, span)
    if not held.any():
        keys = (f"evidence.{key}" for key in ("since", "until", "last_periods") if getattr(span, key))
        allowed = f"days from {table.start.min()} to {table.end.max()}, which hold a period"
        raise InvalidInput([Fault(table.source, ", ".join(keys), f"no period {span}", allowed)])
    sample = read_as(table, reading)
    stratum, repository = sample.stratum[held], sample.repository[held]
    outside = sorted(set(sample.repository.tolist()) - set(repository.tolist()))
    notes = [f"of {short_name(table.source)} count the periods {span}"]
    if outside:
        notes.append(f"no period {span} of {', '.join(outside)}: {instead}")
    return PeriodSample(
        table.source,
        stratum,
        repository,
        sample.start[held],
        sample.counts[held],
        (*sample.notes, *notes),
        _population_within(sample, held),
    )


def _held(table: PeriodTable, span: Span) -> Flags:
    """Return whether a span holds each period, (period)."""
    held = np.ones(len(table.start), dtype=bool)
    if span.since is not None:
        held &= table.start >= np.datetime64(span.since, "D")
    if span.until is not None:
        held &= table.end <= np.datetime64(span.until, "D")
    if span.last_periods is not None:
        places = np.flatnonzero(held)
        labels = np.array(table.label, dtype=np.str_)[places]
        order = places[np.lexsort((-table.start[places].astype(np.int64), labels))]
        first = np.unique(np.sort(labels), return_index=True, return_inverse=True)
        rank = np.arange(len(order)) - first[1][first[2]]
        held[order[rank >= span.last_periods]] = False
    return held


def _population_within(sample: PeriodSample, held: Flags) -> Array | None:
    """Return how many periods the life of each stratum has within a span, (period held).

    What was observed whole is so within the span. Of a sample it is not known: the whole life's number
    stands, which is no smaller, and errs towards wider intervals.
    """
    if sample.population is None:
        return None
    _, place, n_own = np.unique(sample.stratum, return_inverse=True, return_counts=True)
    n_held = np.bincount(place[held], minlength=len(n_own))
    whole = sample.population <= n_own[place]
    return np.asarray(np.where(whole, n_held[place], sample.population)[held], dtype=np.float64)


def _stand_in(sample: PeriodSample, histories: PeriodSample) -> PeriodSample:
    """Return a survey with histories in place of the periods of the repositories they serve."""
    known = set(histories.repository.tolist())
    served = [stratum for stratum in sample.strata if stratum.repository in known]
    if not served:
        problem = f"none of its {len(known)} repositories is one of {sample.source}"
        allowed = "repositories as org/project, named as in evidence.periods"
        raise InvalidInput([Fault(histories.source, "evidence.histories", problem, allowed)])
    kept = np.isin(sample.stratum, [stratum.name for stratum in served], invert=True)
    places = [np.flatnonzero(histories.repository == stratum.repository) for stratum in served]
    place = np.concatenate(places)
    names = np.repeat([stratum.name for stratum in served], [len(own) for own in places])
    populations = (_population(sample)[kept], _population(histories)[place])
    return replace(
        sample,
        stratum=np.concatenate([sample.stratum[kept], names]),
        repository=np.concatenate([sample.repository[kept], histories.repository[place]]),
        start=np.concatenate([sample.start[kept], histories.start[place]]),
        counts=np.concatenate([sample.counts[kept], histories.counts[place]]),
        notes=(*sample.notes, *_who_serves(sample, histories, served), *histories.notes),
        population=np.concatenate(populations),
    )


def _population(sample: PeriodSample) -> Array:
    """Return how many periods the life of each period's stratum has; infinite where it is not known."""
    return np.full(len(sample.start), np.inf) if sample.population is None else sample.population


def _who_serves(sample: PeriodSample, histories: PeriodSample, served: list[Stratum]) -> Iterator[str]:
    """Say how many strata histories serve, and which of them serve none."""
    n_strata = len(sample.strata)
    yield (
        f"histories of {short_name(histories.source)} stand for {len(served)} of {n_strata} strata, all "
        f"periods of {short_name(sample.source)} for {n_strata - len(served)}"
    )
    idle = sorted(set(histories.repository.tolist()) - {stratum.repository for stratum in served})
    if idle:
        yield f"histories that are not in the survey are left out: {', '.join(idle)}"
