"""Opening the folder of a run, and making sure that its parts belong together."""

from pathlib import Path

from sim.faults import Fault, InvalidInput, nearest_name, refuse
from sim.replication.lock import data_files
from sim.results import A_RUN, Attributes
from sim.run_analyses import FolderAnalyses
from sim.run_record import RESULTS, SCENARIO, SUMMARY, Run
from sim.scenario.data_files import scenario_digest
from sim.scenario.load import load
from sim.scenario.schema import Scenario
from sim.scenario.shipped_files import means_scenario
from sim.version import __version__

THIS_VERSION = f"sim {__version__}"


def open_run(path: Path) -> Run:
    """Open a run and make sure that its parts belong together.

    It is a folder with ``results.nc`` and ``scenario.toml``, or the NetCDF file with ``scenario.toml`` beside
    it.

    Raises
    ------
    InvalidInput
        If there is no such folder, one of the files is missing or damaged, a data file is gone, or the
        scenario (with its data files) is not the one the draws were made from.
    """
    from sim.results_file import read  # here: tables are read without an HDF5 library

    file = _results_file(path)
    beside = file.parent / SCENARIO
    content = read(file)
    stamp = content[1]
    version = str(stamp.get("versions", "an unknown version")).split(" python ", maxsplit=1)[0]
    try:
        scenario = _scenario_of(stamp, file, beside)
    except InvalidInput as error:
        if version == THIS_VERSION:
            raise
        problem = f"a run of {version}, which this, {THIS_VERSION}, cannot read"
        afresh = f"that version, or its scenario run again: sim run {beside}"
        raise InvalidInput([Fault(str(file.parent), "", problem, afresh), *error.faults]) from None
    return Run(scenario, content=content, folder=file.parent, analyses=FolderAnalyses(file.parent))


def _scenario_of(stamp: Attributes, file: Path, beside: Path) -> Scenario:
    """Return the scenario beside the draws of a run, which must be the one that they were made from."""
    if not beside.is_file():
        problem = f"no {SCENARIO} beside {file.name}: draws cannot be read without the scenario they are of"
        raise InvalidInput([Fault(str(file.parent), "", problem, A_RUN)])
    scenario = load(beside)
    _require_data(scenario, beside)
    stated, found = str(stamp.get("scenario_digest")), scenario_digest(scenario)
    if stated != found:
        problem = (
            f"{SCENARIO} and {file.name} do not belong together: the draws were made from the scenario with "
            f"the digest {stated[:8]}, this one (with its data files) has {found[:8]}"
        )
        raise InvalidInput([Fault(str(beside), "", problem, "both files as one `sim run` wrote them")])
    return scenario


def open_tables(path: Path) -> Run:
    """Open the folder of a run, or its ``results.nc``, for its summary and its tables.

    Its draws are not looked at.

    Raises
    ------
    InvalidInput
        If there is none, it lacks the files that every run leaves, one of them cannot be used, or one is not
        of the other.
    """
    folder = path.parent if path.name == RESULTS and not path.is_dir() else path
    if not folder.is_dir():
        _refuse_scenario(path)
        problem = "is not the folder of a run" if path.exists() else "no such folder"
        raise InvalidInput([Fault(str(path), "", problem, f"the folder of a run, or its {RESULTS}")])
    missing = [name for name in (SCENARIO, SUMMARY) if not (folder / name).is_file()]
    if missing:
        problem = f"not the folder of a run: it has no {' and no '.join(missing)}"
        runs = sorted(summary.parent.name for summary in folder.glob(f"*/{SUMMARY}"))
        inside = f"one of the runs in it: {', '.join(runs[:5])}"
        allowed = inside if runs else "a folder that `python -m sim run` wrote"
        raise InvalidInput([Fault(str(path), "", problem, allowed)])
    run = Run(load(folder / SCENARIO), folder=folder, analyses=FolderAnalyses(folder))
    run.complete()
    return run


def _results_file(path: Path) -> Path:
    if path.is_dir():
        return path / RESULTS
    _refuse_scenario(path)
    if path.is_file():
        if path.suffix != ".nc":
            problem = "not results of a run"
            raise InvalidInput([Fault(str(path), "", problem, f"a folder with {RESULTS}, or that file")])
        return path
    folders = [entry.name for entry in path.parent.iterdir()] if path.parent.is_dir() else []
    close = nearest_name(path.name, folders)
    nearest = str(path.parent / close) if close else ""
    raise InvalidInput([Fault(str(path), "", "no such folder of results", "", nearest)])


def _refuse_scenario(path: Path) -> None:
    if means_scenario(path):
        problem = "is a scenario, not the folder of a run"
        raise InvalidInput([Fault(str(path), "", problem, f"a folder that `sim run {path}` wrote")])


def _require_data(scenario: Scenario, beside: Path) -> None:
    """Refuse a scenario whose data files are gone, naming each."""
    refuse(
        Fault(str(beside), key, f"no such data file: {file}", "the file the run read, where it lay then")
        for key, file in data_files(scenario).items()
        if not file.is_file()
    )
