"""The data files a scenario reads."""

from pathlib import Path
from typing import get_args

from sim.distributions import Empirical
from sim.evidence.hierarchical.beside import DRAWS
from sim.evidence.source.importer import FREQUENCIES
from sim.evidence.switches import ByModel
from sim.scenario.schema import Scenario


def data_files(scenario: Scenario) -> dict[str, Path]:
    """Return the data files of a scenario by the key that names them, such as ``evidence.periods``.

    Where a model reads the survey, also the frequencies beside the periods, and a posterior kept there.
    """
    files: dict[str, Path] = {}
    if scenario.evidence is not None and scenario.evidence.periods is not None:
        periods = scenario.evidence.periods
        files["evidence.periods"] = periods
        if scenario.evidence.method in get_args(ByModel):
            beside = {name: periods.parent / name for name in (FREQUENCIES, DRAWS)}
            files |= {f"evidence.{Path(name).stem}": file for name, file in beside.items() if file.is_file()}
    for name, parameter in scenario.parameters.items():
        if isinstance(parameter, Empirical):
            files[f"parameters.{name}.file"] = Path(parameter.file)
    return files
