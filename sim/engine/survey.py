"""The survey as a scenario reads it: its estimands, drawn, with what to know of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from sim.draws.streams import stream
from sim.evidence.estimands import check_references
from sim.evidence.periods import read_periods
from sim.evidence.readings import PeriodSample, Reading, read_as
from sim.evidence.sampling_error import draw_evidence
from sim.outcomes import Array
from sim.scenario.schema import Evidence, Scenario


@dataclass(frozen=True)
class SurveyDraws:
    """Draws of the survey's columns.

    Parameters
    ----------
    columns
        By name, each (randomisation, draw).
    notes
        Coverage to expect and cautions, in plain words.
    """

    columns: Mapping[str, Array]
    notes: tuple[str, ...]


def draw_survey(scenario: Scenario, shape: tuple[int, int]) -> SurveyDraws:
    """Draw the survey's estimands as the scenario asks; nothing where it names no survey.

    Parameters
    ----------
    scenario
        Loaded scenario.
    shape
        (randomisation, draw).
    """
    evidence = scenario.evidence
    if evidence is None or evidence.periods is None:
        return SurveyDraws({}, ())
    drawn = draw_evidence(
        _sample(evidence),
        evidence.references,
        evidence.method,
        shape[0] * shape[1],
        partial(stream, scenario.seed, "survey"),
    )
    columns = {name: column.reshape(shape) for name, column in drawn.columns.items()}
    return SurveyDraws(columns, (*_coverage(evidence.method, drawn.coverage), *drawn.warnings))


def check_survey(scenario: Scenario) -> None:
    """Read the survey and find its references.

    Raises
    ------
    InvalidInputError
        With what is wrong in the period file.
    """
    if scenario.evidence is not None and scenario.evidence.periods is not None:
        check_references(_sample(scenario.evidence), scenario.evidence.references)


def _sample(evidence: Evidence) -> PeriodSample:
    reading = Reading(evidence.lines, evidence.duplicates, evidence.weeks, evidence.bots)
    return read_as(read_periods(evidence.periods), reading)


def _coverage(method: str, coverage: Mapping[str, int]) -> list[str]:
    """Say how often nominal 95 % intervals of these draws held the truth in simulated surveys."""
    if not coverage:
        return []
    totals = [percent for name, percent in coverage.items() if "." not in name]
    ratios = [percent for name, percent in coverage.items() if "." in name]
    words = f"{min(totals)} to {max(totals)} % for totals"
    if ratios:
        words += f", {min(ratios)} to {max(ratios)} % for costs priced by one reference repository"
    return [f"nominal 95 % intervals from the survey ({method}) cover {words} in simulated surveys like it"]
