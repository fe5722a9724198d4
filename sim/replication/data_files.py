"""The data files a scenario reads."""

from pathlib import Path

from sim.scenario.evidence_files import evidence_files
from sim.scenario.parameter_files import files_in
from sim.scenario.schema import Scenario


def data_files(scenario: Scenario) -> dict[str, Path]:
    """Return the data files of a scenario by the key that names them, such as ``evidence.periods``.

    Where a model reads the survey, also the frequencies beside the periods, and a posterior kept there.
    """
    files = {f"evidence.{key}": file for key, file in evidence_files(scenario.evidence).items()}
    parameters = scenario.model_dump(mode="json", include={"parameters"}, exclude_none=True)
    return files | {".".join(key): Path(file) for key, file in files_in(parameters)}
