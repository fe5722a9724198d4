"""The list of repositories to survey, and where their clones lie."""

import re
import subprocess
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path

from sim.evidence.frequencies import read_cells
from sim.faults import Fault, InvalidInput, nearest_name, refuse
from sim.input_file import MAX_TABLE_BYTES, read_toml_table
from sim.types import Step

ORG_PROJECT = re.compile(r"[^/\s]+/[^/\s]+")
NEEDED = ("label", "repository")
TABLE = "repositories"
HOST = "https://github.com"


@dataclass(frozen=True)
class Repository:
    """One row of the list.

    Parameters
    ----------
    label
        Name of the tool.
    repository
        ``org/project``, as surveyed.
    path
        Folder of a clone, from the list's own folder; empty where it lies under the folder of clones.
    address
        What ``git clone`` takes; empty for the host's own.
    later
        ``org/project`` under which the history is found today, if another.
    """

    label: str
    repository: str
    path: str = ""
    address: str = ""
    later: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """Names to look for, the one of today first."""
        return tuple(name for name in (self.later, self.repository) if name)

    @property
    def clone_address(self) -> str:
        """What ``git clone`` is given."""
        return self.address or f"{HOST}/{self.names[0]}.git"


COLUMNS = tuple(field.name for field in fields(Repository))


def read_repositories(path: Path) -> tuple[Repository, ...]:
    """Read a list of repositories, a CSV file or a TOML file with ``[[repositories]]``.

    Parameters
    ----------
    path
        The file; columns or keys ``label``, ``repository`` and, if need be, ``path``, ``address``, ``later``.

    Returns
    -------
    tuple of Repository
        The repositories, in the file's order.

    Raises
    ------
    InvalidInput
        If there is no such file, or a column or key is unknown, a row has no label or ``org/project``, or a
        repository or a label is there twice; with every fault.
    """
    rows = _toml_rows(path) if path.suffix == ".toml" else _csv_rows(path)
    faults = [fault for place, row in rows for fault in _faults(path, place, row)]
    for name in NEEDED:
        counted = Counter(row[name] for _, row in rows if row.get(name))
        faults += [
            Fault(str(path), "", f"{name} {value!r} is there {times} times", "each once")
            for value, times in counted.items()
            if times > 1
        ]
    if not rows:
        faults = [Fault(str(path), "", "no repositories in it", f"rows of {', '.join(NEEDED)}")]
    refuse(faults)
    return tuple(Repository(**row) for _, row in rows)


def _csv_rows(path: Path) -> list[tuple[str, dict[str, str]]]:
    cells = read_cells(path, NEEDED)
    others = [name for name in cells.columns if name not in COLUMNS]
    if others:
        raise InvalidInput([_unknown(path, "line 1", name) for name in others])
    rows = cells.to_dict("records")
    return [
        (f"line {line}", {str(name): str(value).strip() for name, value in row.items()})
        for line, row in enumerate(rows, start=2)
    ]


def _toml_rows(path: Path) -> list[tuple[str, dict[str, str]]]:
    table = read_toml_table(path, MAX_TABLE_BYTES)
    entries = table.get(TABLE)
    if set(table) != {TABLE} or not isinstance(entries, list):
        problem = f"has {', '.join(map(repr, table)) or 'nothing'}"
        raise InvalidInput([Fault(str(path), "", problem, f"tables [[{TABLE}]] alone")])
    rows = []
    for number, entry in enumerate(entries, start=1):
        place = f"{TABLE}, entry {number}"
        if not isinstance(entry, Mapping):
            raise InvalidInput([Fault(str(path), place, f"{entry!r} is no table", f"[[{TABLE}]]")])
        faults = [_unknown(path, place, str(name)) for name in entry if name not in COLUMNS]
        faults += [
            Fault(str(path), f"{place}, {name}", f"{value!r} is no text", "a text in quotes")
            for name, value in entry.items()
            if not isinstance(value, str)
        ]
        refuse(faults)
        rows.append((place, {str(name): str(value).strip() for name, value in entry.items()}))
    return rows


def _unknown(path: Path, place: str, name: str) -> Fault:
    return Fault(
        str(path), place, f"unknown column {name!r}", ", ".join(COLUMNS), nearest_name(name, COLUMNS)
    )


def _faults(path: Path, place: str, row: Mapping[str, str]) -> list[Fault]:
    faults = [
        Fault(str(path), f"{place}, {name}", "empty or missing", "the tool's name, and org/project")
        for name in NEEDED
        if not row.get(name)
    ]
    return faults + [
        Fault(
            str(path), f"{place}, {name}", f"{row[name]!r} is no org/project", "such as tensorflow/tensorflow"
        )
        for name in ("repository", "later")
        if row.get(name) and not ORG_PROJECT.fullmatch(row[name])
    ]


def clone_folder(repository: Repository, listed: Path, clones: Path | None) -> Path | None:
    """Return where the clone of a repository lies, or ``None``.

    Parameters
    ----------
    repository
        The repository, one row of the list.
    listed
        Path of the list; a row's own path starts from its folder.
    clones
        Folder of clones, each in ``org/project`` or ``project``, with ``.git`` at the end or without.

    Returns
    -------
    Path or None
        The row's own path whether it is there or not, else the first folder found.
    """
    if repository.path:
        return listed.parent / repository.path
    if clones is None:
        return None
    candidates = (
        clones / f"{name}{end}"
        for whole in repository.names
        for name in (whole, whole.partition("/")[2])
        for end in ("", ".git")
    )
    return next((folder for folder in candidates if folder.is_dir() and not _holds_clones(folder)), None)


def _holds_clones(folder: Path) -> bool:
    """Tell whether a folder is that of an organisation, which may have the name of a project."""
    return not _is_clone(folder) and any(map(_is_clone, folder.iterdir()))


def _is_clone(folder: Path) -> bool:
    return (folder / "HEAD").is_file() or (folder / ".git").exists()


def fetch_clones(repositories: Sequence[Repository], clones: Path, say: Step) -> None:
    """Clone repositories by ``git clone --bare``, saying so first.

    Parameters
    ----------
    repositories
        Repositories without a clone.
    clones
        Folder to clone into, as ``org/project.git``.
    say
        Called with the command before it is run.

    Raises
    ------
    InvalidInput
        If git cannot clone a repository; with every such repository, and git's words.
    """
    faults = []
    for repository in repositories:
        target = clones / f"{repository.names[0]}.git"
        target.parent.mkdir(parents=True, exist_ok=True)
        command = ["git", "clone", "--bare", "--quiet", "--", repository.clone_address, str(target)]
        say(" ".join(command))
        ended = subprocess.run(command, capture_output=True, check=False, stdin=subprocess.DEVNULL)
        if ended.returncode:
            words = ended.stderr.decode(errors="replace").strip()
            faults.append(Fault(repository.clone_address, "", f"git could not clone it: {words}"))
    refuse(faults)
