"""The coverages in the documentation: those the program states, and those a fresh study finds."""

import re
from functools import partial
from pathlib import Path

import pytest

from sim.engine.coverage import (
    STUDIED,
    STUDIED_ON_HISTORIES,
    CoverageStudy,
    HistoryStudy,
    studied_columns,
)
from sim.evidence.readings import Reading
from sim.parallel import SerialExecutor
from sim.samplers.base import stream
from studies.coverage.runner import rows_of, run_trials
from studies.coverage.scores import score
from studies.coverage.simulators import SimulatorName
from studies.coverage.study import StudySettings, set_up
from studies.coverage.tables import short_name
from studies.coverage.trials import StudyMethod
from tests.evidence.test_bootstrap import PERIODS, REFERENCES

PAGE = Path(__file__).parents[2] / "docs" / "coverage.md"
ROWS = tuple(rows_of(dict.fromkeys(studied_columns(), 1.0), REFERENCES))


SECTIONS = {
    "capped": "## Bootstrap methods, lines capped",
    "corrected": "## Bootstrap methods, lines read properly",
    "published": "## Bootstrap methods, lines as published",
}


def documented(method: str, simulator: str, lines: str = "capped") -> tuple[int, dict[str, float]]:
    """Return the trials, and the coverage of nominal 95 % intervals by row, of the page's first table."""
    section = PAGE.read_text(encoding="utf-8").split(SECTIONS[lines], 1)[1]
    first = section.split("**Coverage of nominal 95% intervals", 1)[1]
    table = [line.strip("|").split("|") for line in first.splitlines() if line.startswith("|")]
    header = [cell.strip() for cell in table[0]]
    assert header[3:] == [short_name(row) for row in ROWS]
    for line in table[2:]:
        cells = [cell.strip() for cell in line]
        if cells[:2] == [method, simulator]:
            shares = [float(re.split(r"\s", cell)[0]) / 100 for cell in cells[3:]]
            return int(cells[2]), dict(zip(ROWS, shares, strict=True))
    raise AssertionError(f"no line of {method}, {simulator}")


@pytest.mark.parametrize("study", STUDIED, ids=lambda study: f"{study.method}-{study.reading.lines}")
def test_stated_coverage_is_the_lower_of_the_documented(study: CoverageStudy) -> None:
    """Of both simulators, in whole per cent; no claim without a line of the page."""
    method, lines = study.method, study.reading.lines
    assert study.reading == Reading(lines=lines)
    both = [documented(method, simulator, lines)[1] for simulator in ("model", "resampled")]
    stated = dict(zip(studied_columns(), study.percent, strict=True))
    for row in ROWS:
        column = row.replace("_cost.", "_per_contributor_period.")
        assert stated[column] == round(100 * min(shares[row] for shares in both))


HISTORY_SECTIONS = {"capped": "## On whole histories", "corrected": "### Lines that are not capped"}
HEADS = ("C", "U commits", "U lines", "R commits", "R lines")


@pytest.mark.parametrize("study", STUDIED_ON_HISTORIES, ids=lambda study: f"{study.method}-{study.lines}")
def test_what_is_said_of_whole_histories_is_documented(study: HistoryStudy) -> None:
    """In whole per cent, of the first table of the page's section."""
    section = PAGE.read_text(encoding="utf-8").split(HISTORY_SECTIONS[study.lines], 1)[1]
    first = section.split("**Coverage of nominal 95% intervals", 1)[1]
    lines = [line.strip("|").split("|") for line in first.splitlines() if line.startswith("|")]
    header = [cell.strip() for cell in lines[0]]
    row = next(line for line in lines[2:] if line[0].strip() == study.method)
    cells = {head: re.findall(r"[\d.]+", cell) for head, cell in zip(header, row, strict=True)}
    found = [cells[head] for head in HEADS]
    assert study.totals == tuple(round(float(each[0])) for each in found[:3])
    assert study.ratios == tuple((round(float(mean)), int(lowest)) for mean, lowest in found[3:])


@pytest.mark.slow
@pytest.mark.parametrize("simulator", ["model", "resampled"])
@pytest.mark.parametrize("method", ["rescaled", "calibrated", "pivotal"])
def test_a_fresh_study_finds_the_documented_coverage(method: StudyMethod, simulator: SimulatorName) -> None:
    """Another seed, 150 surveys, 7 rows: each within four standard errors of the difference of two shares.

    A right program fails one of the 28 comparisons with odds of at most 28 * 6.3e-5 = 0.2 %; the page's
    rounding to a whole per cent is allowed for.
    """
    n_before, shares = documented(method, simulator)
    study = set_up(StudySettings(PERIODS), [method], 77, partial(stream, 77, "coverage"))
    found = score(run_trials(SerialExecutor(), study, study.keys([simulator], [method], 150)))
    for one in found.coverages:
        if one.nominal == 0.95:
            pooled = (one.n_held + shares[one.row] * n_before) / (one.n_trials + n_before)
            error = (pooled * (1 - pooled) * (1 / one.n_trials + 1 / n_before)) ** 0.5
            assert abs(one.share - shares[one.row]) < 4 * error + 0.005
