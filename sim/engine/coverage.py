"""How often intervals from the survey can be expected to hold the truth, said beside a run."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sim.evidence.estimands import COUNTED, ratio_name, total_names
from sim.evidence.methods import METHODS
from sim.evidence.readings import PeriodSample, Reading
from sim.scenario.evidence import Evidence

N_HISTORIES, N_FORTNIGHTS = 123, 5
LEAST_CONTRIBUTORS = 5.0
"""Fewest contributors a period of a reference as large as the 40 that were studied on whole histories."""

MIXED_SURVEY = (
    "coverage of intervals from this survey is not studied: `sim evidence coverage` simulates all of one "
    "period file"
)

STUDIED_REFERENCES = {"pytorch": "pytorch/pytorch", "tensorflow": "tensorflow/tensorflow"}
NEAR = 1.5
"""A survey is near a studied one with up to so many times as many strata, or as few, and up to so many times
as many periods in each, but not fewer."""


@dataclass(frozen=True)
class CoverageStudy:
    """What a coverage study found.

    Parameters
    ----------
    method
        Evidence method.
    reading
        Reading of the survey that the simulated ones were like.
    n_strata
        Number of its strata.
    n_periods
        Number of periods in each.
    percent
        How many per cent of nominal 95 % intervals held the truth, the lower of two simulators
        (docs/coverage.md), in the order of :func:`studied_columns`, (row). That of a ratio is of the cost per
        year by it.
    """

    method: str
    reading: Reading
    n_strata: int
    n_periods: int
    percent: tuple[int, ...]


@dataclass(frozen=True)
class HistoryStudy:
    """What a study of surveys of whole git histories found, five random fortnights of each.

    Parameters
    ----------
    method
        Evidence method.
    lines
        How lines were read.
    totals
        How many per cent of nominal 95 % intervals of a total held the truth, (unit).
    ratios
        How many per cent of those of a repository's ratio to contributors did, the mean over the 40 largest
        repositories, and the lowest of them, (counted unit).
    """

    method: str
    lines: str
    totals: tuple[int, ...]
    ratios: tuple[tuple[int, int], ...]

    def words(self) -> str:
        """Return what it found, in plain words."""
        means, lowest = zip(*self.ratios, strict=True)
        return (
            f"nominal 95 % intervals from the survey ({self.method}, lines {self.lines}) hold "
            f"{_span(self.totals)} % for totals, {_span(means)} % for units per contributor of one reference "
            f"({min(lowest)} % for the one of 40 held least) in surveys of five random fortnights from "
            f"{N_HISTORIES} whole git histories"
        )


def _span(percent: Sequence[int]) -> str:
    """Return the least and the most, or what both are."""
    low, high = min(percent), max(percent)
    return f"{low}" if low == high else f"{low} to {high}"


def _near(n_strata: int, n_periods: int, sample: PeriodSample) -> bool:
    """Return whether a survey has about as many strata as one studied, and periods in each."""
    own = len(sample.strata)
    periods = [len(stratum.counts) for stratum in sample.strata]
    return (
        n_strata / NEAR <= own <= n_strata * NEAR
        and min(periods) >= n_periods
        and sum(periods) / own <= n_periods * NEAR
    )


_CAPPED, _CORRECTED, _PUBLISHED = (Reading(lines=lines) for lines in ("capped", "corrected", "published"))
STUDIED = (
    CoverageStudy("naive", _CAPPED, 139, 5, (90, 89, 91, 76, 69, 80, 82)),
    CoverageStudy("rescaled", _CAPPED, 139, 5, (93, 93, 94, 80, 74, 84, 85)),
    CoverageStudy("bayesian", _CAPPED, 139, 5, (93, 92, 94, 80, 76, 82, 85)),
    CoverageStudy("calibrated", _CAPPED, 139, 5, (93, 93, 95, 90, 76, 92, 93)),
    CoverageStudy("pivotal", _CAPPED, 139, 5, (93, 92, 94, 96, 86, 95, 95)),
    CoverageStudy("hierarchical", _CAPPED, 139, 5, (95, 71, 87, 97, 95, 91, 91)),
    CoverageStudy("hybrid", _CAPPED, 139, 5, (93, 92, 93, 95, 95, 92, 91)),
    CoverageStudy("naive", _CORRECTED, 139, 5, (90, 89, 82, 76, 68, 68, 58)),
    CoverageStudy("rescaled", _CORRECTED, 139, 5, (93, 92, 84, 79, 74, 72, 61)),
    CoverageStudy("calibrated", _CORRECTED, 139, 5, (93, 92, 87, 89, 76, 86, 68)),
    CoverageStudy("pivotal", _CORRECTED, 139, 5, (93, 92, 87, 96, 86, 90, 83)),
    CoverageStudy("pivotal", _PUBLISHED, 139, 5, (93, 92, 95, 96, 86, 95, 95)),
    CoverageStudy("calibrated", _PUBLISHED, 139, 5, (93, 92, 95, 90, 76, 95, 92)),
)
"""Every study that a claim may rest on; the tables stand in docs/coverage.md."""


STUDIED_ON_HISTORIES = (
    HistoryStudy("naive", "capped", (90, 90, 92), ((75, 56), (78, 65))),
    HistoryStudy("rescaled", "capped", (94, 93, 95), ((78, 59), (81, 66))),
    HistoryStudy("bayesian", "capped", (94, 93, 95), ((77, 58), (80, 64))),
    HistoryStudy("calibrated", "capped", (96, 94, 97), ((91, 69), (94, 86))),
    HistoryStudy("pivotal", "capped", (95, 94, 96), ((95, 87), (95, 89))),
    HistoryStudy("hierarchical", "capped", (96, 78, 95), ((82, 41), (81, 18))),
    HistoryStudy("hybrid", "capped", (96, 95, 98), ((82, 41), (81, 18))),
    HistoryStudy("rescaled", "corrected", (96, 96, 64), ((78, 59), (62, 28))),
    HistoryStudy("calibrated", "corrected", (97, 97, 66), ((90, 69), (82, 40))),
    HistoryStudy("pivotal", "corrected", (96, 97, 69), ((94, 83), (89, 77))),
)
"""Every study of whole histories that a claim may rest on; the tables stand in docs/coverage.md."""


def studied_columns() -> tuple[str, ...]:
    """Return the columns that were studied: totals, then ratios by unit and reference."""
    names = sorted(STUDIED_REFERENCES)
    return (*total_names(), *(ratio_name(unit, reference) for unit in COUNTED for reference in names))


def _studied_coverage(
    method: str, reading: Reading, sample: PeriodSample, references: Mapping[str, str]
) -> Mapping[str, int]:
    """Return how often nominal 95 % intervals of a survey's columns were found to hold the truth.

    Per cent by column, of those columns alone that were studied by this method, in this reading, on a survey
    of about this size.
    """
    unlike = {name for name in references if STUDIED_REFERENCES.get(name) != references[name]}
    for study in STUDIED:
        if (study.method, study.reading) == (method, reading) and _near(
            study.n_strata, study.n_periods, sample
        ):
            return {
                column: percent
                for column, percent in zip(studied_columns(), study.percent, strict=True)
                if (name := column.partition(".")[2]) not in unlike and (not name or name in references)
            }
    return {}


def coverage_notes(evidence: Evidence, sample: PeriodSample) -> tuple[str, ...]:
    """Say how often nominal 95 % intervals of the survey's draws held the truth, or how to study it.

    Parameters
    ----------
    evidence
        What names the survey, and says how it is read and drawn.
    sample
        The survey as it is read.

    Returns
    -------
    tuple of str
        Sentences in plain words; empty where there is no sampling error.
    """
    if not METHODS[evidence.method].has_error or not any(each.unsampled for each in sample.strata):
        return ()
    if not evidence.is_sample:
        return (MIXED_SURVEY,)
    found = _studied_coverage(evidence.method, evidence.reading, sample, evidence.references)
    totals = [percent for name, percent in found.items() if "." not in name]
    ratios = [percent for name, percent in found.items() if "." in name]
    notes = [
        study.words()
        for study in STUDIED_ON_HISTORIES
        if (study.method, Reading(lines=evidence.lines)) == (evidence.method, evidence.reading)
        and study.lines == evidence.lines
        and _near(N_HISTORIES, N_FORTNIGHTS, sample)
    ]
    missing = [
        name
        for name, repository in evidence.references.items()
        if not any(column.endswith(f".{name}") for column in found)
        and not (notes and sample.contributors[sample.repository == repository].mean() >= LEAST_CONTRIBUTORS)
    ]
    if totals:
        words = f"{min(totals)} to {max(totals)} % for totals"
        if ratios:
            words += f", {min(ratios)} to {max(ratios)} % for costs priced by one reference repository"
        notes.append(
            f"nominal 95 % intervals from the survey ({evidence.method}, lines {evidence.lines}) cover "
            f"{words} in simulated surveys of 139 repositories with five periods each"
        )
    if not notes or missing:
        what = f"intervals priced by {', '.join(missing)}" if notes else "intervals from this survey"
        notes.append(f"coverage of {what} is not studied: `{_study_command(evidence)}`")
    return tuple(notes)


def _study_command(evidence: Evidence) -> str:
    """Return the command that studies the coverage of a scenario's survey, as it is read and drawn."""
    plain, reading = Reading(), evidence.reading
    switches = [
        part
        for name in ("lines", "duplicates", "weeks", "bots")
        if getattr(reading, name) != getattr(plain, name)
        for part in (f"--{name}", getattr(reading, name))
    ]
    named = [
        part
        for name, repository in evidence.references.items()
        for part in ("--reference", f"{name}={repository}")
    ]
    command = ["sim", "evidence", "coverage", "--survey", str(evidence.periods)]
    import shlex

    return shlex.join([*command, "--method", evidence.method, *switches, *named])
