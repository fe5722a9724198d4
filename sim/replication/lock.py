"""A lock: everything needed to run a scenario again elsewhere and tell whether its numbers hold.

It is written as TOML, with a digest over its content, because people read it as much as programs do: the
scenario stands in it as text, line by line, next to the table of numbers; and two locks differ by lines.
"""

import hashlib
import json
import os
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import tomlkit
from pydantic import ValidationError

from sim.faults import Fault, InvalidInput
from sim.files import write_whole
from sim.input_file import TomlError, parse_toml, read_input
from sim.run_record import Run
from sim.scenario.data_files import SECTIONS, evidence_files, file_digest, files_in, resolved_toml
from sim.scenario.fields import FileTable
from sim.scenario.schema import Scenario

FORMAT = "sim lock 1"

DIGEST = "content_digest"
MAX_BYTES = 64 * 2**20
MAY_BE = "a file that `sim lock` wrote"


def data_files(scenario: Scenario) -> dict[str, Path]:
    """Return the data files of a scenario by the key that names them, such as ``evidence.periods``.

    Where a model reads the survey, also the frequencies beside the periods, and a posterior kept there.
    """
    files = {f"evidence.{key}": file for key, file in evidence_files(scenario.evidence).items()}
    stated = scenario.model_dump(mode="json", include={*SECTIONS}, exclude_none=True)
    return files | {".".join(key): Path(file) for key, file in files_in(stated)}


class DataFile(FileTable):
    """A data file of the scenario.

    Parameters
    ----------
    key
        Key of the scenario that names the file.
    file
        Place of the file, from the lock's folder.
    sha256
        Its digest, hexadecimal.
    """

    key: str
    file: str
    sha256: str


class LockedRun(FileTable):
    """The run that was locked.

    Parameters
    ----------
    scenario_digest
        Digest of the scenario.
    numbers_digest
        Digest of all numbers of the run.
    seed
        Seed of the run.
    n_draws
        Number of draws.
    n_randomisations
        Number of randomisations.
    sampler
        Name of the sampler.
    runtime_seconds
        Time that the run took, if known.
    peak_memory_bytes
        Most memory that the run took, if known.
    """

    scenario_digest: str
    numbers_digest: str
    seed: int
    n_draws: int
    n_randomisations: int
    sampler: str
    runtime_seconds: float | None = None
    peak_memory_bytes: int | None = None


class Machine(FileTable):
    """The machine that a run was made on, in general terms.

    Parameters
    ----------
    system
        Operating system.
    architecture
        Kind of processor.
    cores
        Number of cores, if known.
    memory_bytes
        Physical memory, if known.
    """

    system: str = "unknown"
    architecture: str = "unknown"
    cores: int | None = None
    memory_bytes: int | None = None


class LockedNumber(FileTable):
    """One number of the summary, as it may be quoted.

    Parameters
    ----------
    quantity
        The quantity, as in :class:`sim.summary.row.Row`.
    alternative
        The alternative, as in :class:`sim.summary.row.Row`.
    statistic
        The statistic, as in :class:`sim.summary.row.Row`.
    at
        Threshold, fraction or probability; left out where the statistic has none.
    value
        The estimate.
    mc_error
        Its Monte Carlo error.
    unit
        Unit of both in pint's notation.
    printed
        The estimate as the terminal prints it, cut to its error.
    place
        Line and column in which it stands on the terminal; left out where it does not stand there.
    """

    quantity: str
    alternative: str = ""
    statistic: str
    at: float | None = None
    value: float
    mc_error: float
    unit: str
    printed: str
    place: str | None = None

    @property
    def key(self) -> tuple[str, str, str, float | None]:
        """What the number is about."""
        return self.quantity, self.alternative, self.statistic, self.at

    @property
    def words(self) -> str:
        """What the number is about, in words.

        Examples
        --------
        >>> numbers = {"value": 1, "mc_error": 0, "unit": "1", "printed": "1"}
        >>> row = LockedNumber(quantity="bcr", statistic="p_above", at=4, **numbers)
        >>> row.words
        'bcr, p_above 4'
        """
        of = f"{self.quantity} ({self.alternative})" if self.alternative else self.quantity
        return f"{of}, {self.statistic}" + ("" if self.at is None else f" {self.at:g}")


class Lock(FileTable):
    """What the lock file holds, in its order.

    Parameters
    ----------
    format
        Name of the format, with its version.
    title
        Title of the scenario.
    run
        The run that was locked.
    machine
        The machine that it was made on.
    versions
        Versions of the program and of libraries, by name.
    data
        Data files of the scenario.
    numbers
        Numbers that may be quoted.
    scenario
        The resolved scenario as TOML.
    """

    format: str
    title: str
    run: LockedRun
    machine: Machine
    versions: dict[str, str]
    data: tuple[DataFile, ...]
    numbers: tuple[LockedNumber, ...]
    scenario: str


def make_lock(run: Run, numbers: Sequence[LockedNumber], folder: Path) -> Lock:
    """Return the lock of a run, ready to be written.

    Parameters
    ----------
    run
        The run.
    numbers
        Numbers that may be quoted from it.
    folder
        Folder in which the lock will stand: data files are named relative to it.

    Returns
    -------
    Lock
        The lock, with a digest of every data file.
    """
    scenario, attributes = run.scenario, run.attributes
    facts = {
        str(name).removeprefix("machine_"): str(value)
        for name, value in attributes.items()
        if str(name).startswith("machine_")
    }
    spent = {
        name: str(attributes[name]) for name in ("runtime_seconds", "peak_memory_bytes") if name in attributes
    }
    words, here = str(attributes["versions"]).split(), folder.resolve()
    return Lock(
        format=FORMAT,
        title=scenario.title,
        run=LockedRun.model_validate(
            {
                "scenario_digest": str(attributes["scenario_digest"]),
                "numbers_digest": str(attributes["numbers_digest"]),
                "seed": scenario.seed,
                "n_draws": int(attributes["n_draws"]),
                "n_randomisations": scenario.sampling.n_randomisations,
                "sampler": scenario.sampling.sampler,
                **spent,
            }
        ),
        machine=Machine.model_validate(facts),
        versions=dict(zip(words[::2], words[1::2], strict=True)),
        data=tuple(
            DataFile(key=key, file=Path(os.path.relpath(file, here)).as_posix(), sha256=file_digest(file))
            for key, file in data_files(scenario).items()
        ),
        numbers=tuple(numbers),
        scenario=resolved_toml(scenario, here),
    )


def write_lock(lock: Lock, path: Path) -> None:
    """Write a lock; the file appears whole or not at all.

    Parameters
    ----------
    lock
        The lock to write.
    path
        The file, replaced if it is there.

    Raises
    ------
    InvalidInput
        If it cannot be written.
    """
    write_whole(path, _lock_text(lock).encode())


def _lock_text(lock: Lock) -> str:
    """Return a lock as TOML: a line for each number, the scenario as text."""
    content = lock.model_dump(mode="json", exclude_defaults=True)
    document = tomlkit.document()
    document.add("format", tomlkit.item(content.pop("format")))
    document.add(DIGEST, tomlkit.item(""))
    for name, value in content.items():
        document.add(name, _item(name, value))
    document[DIGEST] = _content_digest(tomllib.loads(tomlkit.dumps(document)))
    return tomlkit.dumps(document)


def read_lock(path: Path) -> Lock:
    """Read a lock.

    Raises
    ------
    InvalidInput
        If the file is missing, cut short, of another format, or its content does not have the digest it
        states.
    """
    content = _parsed(path)
    if content.get("format") != FORMAT:
        found = f"not a lock of this version: format = {content.get('format', 'missing')!r}"
        raise InvalidInput([Fault(str(path), "format", found, repr(FORMAT))])
    if _content_digest(content) != content.get(DIGEST):
        problem = "the content does not have the digest the file states: edited by hand, or cut short"
        raise InvalidInput([Fault(str(path), DIGEST, problem, MAY_BE)])
    del content[DIGEST]
    try:
        return Lock.model_validate(content)
    except ValidationError as error:
        raise InvalidInput(
            [
                Fault(str(path), ".".join(map(str, detail["loc"])), detail["msg"], MAY_BE)
                for detail in error.errors(include_url=False)
            ]
        ) from None


def _content_digest(content: dict[str, Any]) -> str:
    """Return a sha256 over all a lock holds, but for the digest itself."""
    rest = {name: value for name, value in content.items() if name != DIGEST}
    return hashlib.sha256(json.dumps(rest, sort_keys=True).encode()).hexdigest()


def _parsed(path: Path) -> dict[str, Any]:
    content = read_input(path, MAY_BE, MAX_BYTES)
    try:
        return parse_toml(content.decode("utf-8"))
    except UnicodeDecodeError as error:
        problem = f"not UTF-8 text: byte {error.start}"
    except TomlError as error:
        problem = f"not TOML, or cut short: {error}"
    raise InvalidInput([Fault(str(path), "", problem, MAY_BE)])


def _item(name: str, value: Any) -> Any:
    """Return a value as it reads best: lists of tables a line each, the scenario's text as text."""
    if name == "scenario":
        return tomlkit.string(value, multiline=True)
    if not isinstance(value, list):
        return tomlkit.item(value)
    lines = tomlkit.array()
    for entry in value:
        table = tomlkit.inline_table()
        table.update(entry)
        lines.append(table)
    return lines.multiline(True)
