"""Opening what a run left behind: its draws, and the scenario they belong to."""

from dataclasses import dataclass
from pathlib import Path

from sim.faults import Fault, InvalidInputError, nearest_name
from sim.replication.lock import data_files
from sim.results import Results, read
from sim.scenario.load import load
from sim.scenario.resolved import scenario_digest
from sim.scenario.schema import Scenario

RESULTS = "results.nc"
SCENARIO = "scenario.toml"


@dataclass(frozen=True)
class Opened:
    """A run read back.

    Parameters
    ----------
    scenario
        As it was resolved; paths of data files are absolute.
    results
        Its draws, whose digest was verified.
    folder
        Where both lie.
    """

    scenario: Scenario
    results: Results
    folder: Path


def open_run(path: Path) -> Opened:
    """Open the folder of a run and make sure that its parts belong together.

    Parameters
    ----------
    path
        Folder with ``results.nc`` and ``scenario.toml``, or the NetCDF file with ``scenario.toml`` beside it.

    Raises
    ------
    InvalidInputError
        If there is no such folder, one of the files is missing or damaged, a data file is gone, or the
        scenario (with its data files) is not the one the draws were made from.
    """
    file = _results_file(path)
    beside = file.parent / SCENARIO
    results = read(file)
    if not beside.is_file():
        problem = f"no {SCENARIO} beside {file.name}: draws cannot be read without the scenario they are of"
        raise InvalidInputError([Fault(str(file.parent), "", problem, "a folder that `sim run` wrote")])
    scenario = load(beside)
    _require_data(scenario, beside)
    stated, found = str(results.tree.attrs.get("scenario_digest")), scenario_digest(scenario)
    if stated != found:
        problem = (
            f"{SCENARIO} and {file.name} do not belong together: the draws were made from the scenario with "
            f"the digest {stated[:8]}, this one (with its data files) has {found[:8]}"
        )
        raise InvalidInputError([Fault(str(beside), "", problem, "both files as one `sim run` wrote them")])
    return Opened(scenario, results, file.parent)


def _results_file(path: Path) -> Path:
    if path.is_dir():
        if (path / RESULTS).is_file():
            return path / RESULTS
        inside = sorted(entry.name for entry in path.iterdir() if (entry / RESULTS).is_file())
        problem = f"no {RESULTS} in this folder"
        nearest = str(path / inside[0]) if inside else ""
        raise InvalidInputError([Fault(str(path), "", problem, "a folder that `sim run` wrote", nearest)])
    if path.is_file():
        if path.suffix != ".nc":
            problem = "not results of a run"
            raise InvalidInputError([Fault(str(path), "", problem, f"a folder with {RESULTS}, or that file")])
        return path
    folders = [entry.name for entry in path.parent.iterdir()] if path.parent.is_dir() else []
    close = nearest_name(path.name, folders)
    nearest = str(path.parent / close) if close else ""
    raise InvalidInputError([Fault(str(path), "", "no such folder of results", "", nearest)])


def _require_data(scenario: Scenario, beside: Path) -> None:
    """Refuse a scenario whose data files are gone, naming each."""
    faults = [
        Fault(str(beside), key, f"no such data file: {file}", "the file the run read, where it lay then")
        for key, file in data_files(scenario).items()
        if not file.is_file()
    ]
    if faults:
        raise InvalidInputError(faults)
