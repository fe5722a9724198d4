"""A scenario by its name: among the files here, or among those shipped."""

from collections.abc import Iterable
from pathlib import Path

import sim
from sim.faults import Fault, InvalidInput, nearest_name

SHIPPED = Path("priors")


def shipped_folders() -> tuple[Path, ...]:
    """Return where shipped scenarios lie: ``priors`` here, or else beside the program's own folder."""
    beside = Path(sim.__file__).resolve().parents[1] / SHIPPED
    return tuple(folder for folder in (SHIPPED, beside) if folder.is_dir())[:1]


def find_scenario(name: str, folders: Iterable[Path], option: str) -> Path:
    """Return the file of a scenario given by path, with or without ``.toml``, or by name in a folder.

    Parameters
    ----------
    name
        ``default``, ``default.toml`` or ``priors/default.toml``.
    folders
        Searched in order after the path itself.
    option
        What to name in a fault.

    Returns
    -------
    Path
        The first that is a file.

    Raises
    ------
    InvalidInput
        If there is none, with the nearest name there is.
    """
    folders = [Path(), *folders]
    for path in (candidate for folder in folders for candidate in (folder / name, folder / f"{name}.toml")):
        if name and path.is_file():
            return path
    known = sorted({path.stem for folder in folders for path in folder.glob("*.toml") if _is_scenario(path)})
    nearest = nearest_name(Path(name).name.removesuffix(".toml"), known)
    raise InvalidInput(
        [
            Fault(
                option, "", f"there is no scenario {name!r}", f"{', '.join(known)}, or a file's path", nearest
            )
        ]
    )


def _is_scenario(path: Path) -> bool:
    return path.name != "pyproject.toml"
