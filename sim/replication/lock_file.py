"""Lock files: TOML, with a digest over their content.

TOML, because a lock is read by people as much as by programs: the scenario stands in it as the text it was,
line by line, next to the table of numbers; and a difference between two locks is one of lines.
"""

import hashlib
import json
import tomllib
from pathlib import Path
from typing import Any

import tomlkit
from pydantic import ValidationError

from sim.faults import Fault, InvalidInputError
from sim.folder import write_whole
from sim.input_file import read_input
from sim.replication.lock import FORMAT, Lock
from sim.toml_input import TomlError, parse_toml

DIGEST = "content_digest"
MAX_BYTES = 64 * 2**20
MAY_BE = "a file that `sim lock` wrote"


def write_lock(lock: Lock, path: Path) -> None:
    """Write a lock; the file appears whole or not at all.

    Raises
    ------
    InvalidInputError
        If it cannot be written.
    """
    write_whole(path, lock_text(lock).encode())


def lock_text(lock: Lock) -> str:
    """Return a lock as TOML: a line for each number, the scenario as text."""
    content = lock.model_dump(mode="json", exclude_defaults=True)
    document = tomlkit.document()
    document.add("format", tomlkit.item(content.pop("format")))
    document.add(DIGEST, tomlkit.item(""))
    for name, value in content.items():
        document.add(name, _item(name, value))
    document[DIGEST] = content_digest(tomllib.loads(tomlkit.dumps(document)))
    return tomlkit.dumps(document)


def read_lock(path: Path) -> Lock:
    """Read a lock.

    Raises
    ------
    InvalidInputError
        If the file is missing, cut short, of another format, or its content does not have the digest it
        states.
    """
    content = _parsed(path)
    if content.get("format") != FORMAT:
        found = f"not a lock of this version: format = {content.get('format', 'missing')!r}"
        raise InvalidInputError([Fault(str(path), "format", found, repr(FORMAT))])
    if content_digest(content) != content.get(DIGEST):
        problem = "the content does not have the digest the file states: edited by hand, or cut short"
        raise InvalidInputError([Fault(str(path), DIGEST, problem, MAY_BE)])
    del content[DIGEST]
    try:
        return Lock.model_validate(content)
    except ValidationError as error:
        raise InvalidInputError(
            [
                Fault(str(path), ".".join(map(str, detail["loc"])), detail["msg"], MAY_BE)
                for detail in error.errors(include_url=False)
            ]
        ) from None


def content_digest(content: dict[str, Any]) -> str:
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
    raise InvalidInputError([Fault(str(path), "", problem, MAY_BE)])


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
