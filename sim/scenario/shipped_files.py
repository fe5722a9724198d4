"""Scenarios and data that come with the program, found by name from any folder."""

import os
from pathlib import Path

from sim.faults import Fault, InvalidInput, nearest_name

ENDING = ".toml"
SURVEY = "mloss-2022"
GUIDANCE = "discounting"
"""Folder of the rates and schedules that governments state, each a scenario to be extended."""


def shipped(name: str) -> Path | None:
    """Return the file of a scenario that comes with the program, ``default`` or ``default.toml``, if any.

    Examples
    --------
    >>> shipped("default").name, shipped("deflaut")
    ('default.toml', None)
    """
    return _shipped().get(name.removesuffix(ENDING))


def shipped_folder() -> Path:
    """Return the folder of the scenarios that come with the program."""
    return _resources() / "priors"


def shipped_names() -> tuple[str, ...]:
    """Return the names of the scenarios that come with the program."""
    return tuple(sorted(_shipped()))


def shipped_survey() -> Path:
    """Return the folder of the survey that comes with the program."""
    return _resources() / "data" / SURVEY


def scenario_file(path: Path, folder: Path = Path()) -> Path:
    """Return the file that a user means by a path or by the name of a shipped scenario.

    What lies at the path is meant before a shipped scenario of that name, and that before a file with
    ``.toml`` after the name.

    Parameters
    ----------
    path
        ``mine.toml``, ``folder/mine.toml``, ``default`` or ``mine``.
    folder
        Searched for ``mine.toml`` besides the working directory.

    Returns
    -------
    Path
        A file, or a path at which nothing need be.

    Raises
    ------
    InvalidInput
        If a bare name is neither a file nor a shipped scenario; with the nearest name that is.
    """
    name = str(path)
    if os.path.lexists(path) or path.name != name:
        return path
    if (found := shipped(name)) is not None:
        return found
    stem = name.removesuffix(ENDING)
    places = dict.fromkeys([folder, Path()])
    for beside in (place / f"{stem}{ENDING}" for place in places):
        if beside.is_file():
            return beside
    if path.suffix not in ("", ENDING):
        return path
    here = {file.stem for place in places for file in place.glob(f"*{ENDING}")} - {"pyproject"}
    known = shipped_names()
    problem = "no such file, and no scenario of this name comes with sim"
    allowed = f"{', '.join(known)}, or a file's path"
    raise InvalidInput([Fault(name, "", problem, allowed, nearest_name(stem, sorted({*known, *here})))])


def means_scenario(path: Path) -> bool:
    """Tell whether a path that may be a run's is a scenario's: by its ending, or as its name."""
    if path.suffix == ENDING:
        return True
    by_name = shipped(str(path)) is not None or Path(f"{path}{ENDING}").is_file()
    return by_name and not os.path.lexists(path)


def extended_file(name: str, stating: Path) -> Path:
    """Return the file that ``extends`` names: another beside the one that states it, or a shipped scenario.

    Parameters
    ----------
    name
        A path from the folder of `stating`, or the name of a shipped scenario, with or without ``.toml``.
    stating
        The file that states it.

    Returns
    -------
    Path
        A file, or a path at which nothing need be.
    """
    beside = stating.parent / name
    return beside if os.path.lexists(beside) and beside != stating else shipped(name) or beside


def _shipped() -> dict[str, Path]:
    """Return the files of the scenarios that come with the program by name."""
    folder = shipped_folder()
    return {path.stem: path for each in (folder / GUIDANCE, folder) for path in each.glob(f"*{ENDING}")}


def _resources() -> Path:
    """Return the folder with ``priors`` and ``data``: inside an installed package, or of the checkout."""
    package = Path(__file__).resolve().parents[1]
    inside = package / "resources"
    return inside if inside.is_dir() else package.parent
