"""The data files a scenario names, as it reads them."""

from pathlib import Path

from sim.evidence.estimands import check_references
from sim.evidence.methods import METHODS
from sim.evidence.periods import read_periods
from sim.evidence.readings import PeriodSample, Reading, read_as
from sim.scenario.evidence import Evidence
from sim.scenario.schema import Scenario


def check_data(scenario: Scenario) -> None:
    """Read the data files a scenario names.

    Raises
    ------
    InvalidInput
        With what is wrong in them.
    """
    check_survey(scenario)
    for parameter in scenario.parameters.values():
        if parameter.data_files():
            parameter.law()  # reads them


def check_survey(scenario: Scenario) -> None:
    """Read the survey, find its references, and see that the method has periods enough.

    Raises
    ------
    InvalidInput
        With what is wrong in the period file, or missing.
    """
    evidence = scenario.evidence
    if evidence is not None and evidence.periods is not None:
        sample = period_sample(evidence, evidence.periods)
        check_references(sample, evidence.references)
        METHODS[evidence.method].check_periods(sample, evidence.references)


def period_sample(evidence: Evidence, periods: Path) -> PeriodSample:
    """Return the survey's periods, read as the scenario reads them.

    Parameters
    ----------
    evidence
        Says how the survey is read.
    periods
        Path of the period file.

    Returns
    -------
    PeriodSample
        Counts are (period, unit).

    Raises
    ------
    InvalidInput
        With what is wrong in the period file.
    """
    return read_as(read_periods(periods), reading_of(evidence))


def reading_of(evidence: Evidence) -> Reading:
    """Return how the scenario reads the survey."""
    return Reading(evidence.lines, evidence.duplicates, evidence.weeks, evidence.bots)
