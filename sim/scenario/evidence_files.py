"""The data files that a scenario's evidence rests on."""

from pathlib import Path

from sim.evidence.hierarchical.beside import DRAWS
from sim.evidence.methods import METHODS
from sim.evidence.survey_format import FREQUENCIES
from sim.scenario.evidence import Evidence


def evidence_files(evidence: Evidence | None) -> dict[str, Path]:
    """Return the files of a scenario's evidence by key: ``periods``, ``frequencies``, ``posterior``.

    The frequencies beside the periods, and a posterior kept there, where a model reads the survey.
    """
    if evidence is None or evidence.periods is None:
        return {}
    files = {"periods": evidence.periods}
    if METHODS[evidence.method].has_posterior:
        beside = (evidence.periods.parent / name for name in (FREQUENCIES, DRAWS))
        files |= {file.stem: file for file in beside if file.is_file()}
    return files
