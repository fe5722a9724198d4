"""How often intervals from the survey can be expected to hold the truth, said beside a run."""

import shlex

from sim.engine.data import reading_of
from sim.evidence.coverage import studied_coverage
from sim.evidence.readings import PeriodSample, Reading
from sim.scenario.evidence import Evidence

WHOLE_HISTORIES = (
    "measured on eight surveys of whole public git histories (November 2026), the model's 95 % intervals of "
    "a repository's ratio to contributors hold 88 % for commits and 68 % for capped lines (docs/coverage.md)"
)


def coverage_notes(evidence: Evidence, sample: PeriodSample) -> tuple[str, ...]:
    """Say how often nominal 95 % intervals of the survey's draws held the truth, or how to study it.

    Parameters
    ----------
    evidence
        Names the survey, how it is read and drawn.
    sample
        The survey as it is read.
    """
    if evidence.method == "point":
        return ()
    found = studied_coverage(evidence.method, reading_of(evidence), sample, evidence.references)
    totals = [percent for name, percent in found.items() if "." not in name]
    ratios = [percent for name, percent in found.items() if "." in name]
    missing = [
        name for name in evidence.references if not any(column.endswith(f".{name}") for column in found)
    ]
    notes = []
    if totals:
        words = f"{min(totals)} to {max(totals)} % for totals"
        if ratios:
            words += f", {min(ratios)} to {max(ratios)} % for costs priced by one reference repository"
        notes.append(
            f"nominal 95 % intervals from the survey ({evidence.method}, lines {evidence.lines}) cover "
            f"{words} in simulated surveys of 139 repositories with five periods each"
        )
    if not totals or missing:
        what = f"intervals priced by {', '.join(missing)}" if totals else "intervals from this survey"
        notes.append(f"coverage of {what} is not studied: `{study_command(evidence)}`")
    if evidence.method in ("hierarchical", "hybrid"):
        notes.append(WHOLE_HISTORIES)
    return tuple(notes)


def study_command(evidence: Evidence) -> str:
    """Return the command that studies the coverage of a scenario's survey, as it is read and drawn."""
    plain, reading = Reading(), reading_of(evidence)
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
    return shlex.join([*command, "--method", evidence.method, *switches, *named])
