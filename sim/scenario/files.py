"""Scenario files on disk: one TOML document each, and the chain of what they extend."""

import tomllib
from pathlib import Path
from typing import Any

from sim.faults import Fault, InvalidInputError, nearest_name
from sim.scenario.merge import KeyPath, Layer, Table, flatten, lay_over, nest, remove, side_by_side
from sim.scenario.schema import Scenario

MAX_BYTES = 8 * 2**20


def read_layer(path: Path) -> Layer:
    """Read a file and all it extends into one layer.

    Raises
    ------
    InvalidInputError
        For a file that is missing, empty, too large or not TOML; for ``extends`` that go in a circle, two
        overlays that set one key differently, and a ``remove`` of what is not there.
    """
    return _Chain().layer(path, ())


class _Chain:
    """Files read on the way to one scenario; each is read once."""

    def __init__(self) -> None:
        self.layers: dict[Path, Layer] = {}
        self.lineage: dict[str, frozenset[str]] = {}

    def layer(self, path: Path, below: tuple[Path, ...]) -> Layer:
        real = path.resolve()
        if real in below:
            circle = " -> ".join(part.name for part in (*below[below.index(real) :], real))
            raise InvalidInputError([Fault(str(below[-1].name), "extends", f"goes in a circle: {circle}")])
        if real not in self.layers:
            self.layers[real] = self._read(path, (*below, real))
        return self.layers[real]

    def _read(self, path: Path, below: tuple[Path, ...]) -> Layer:
        table = read_toml(path)
        file = str(path)
        extends = _names(table.pop("extends", []), file, "extends")
        removals = _names(table.pop("remove", []), file, "remove")
        parents = [self.layer(path.parent / name, below) for name in extends]
        stated = with_absolute_paths(flatten(table), path.parent)
        base, conflicts = side_by_side(parents, self.lineage)
        base, faults = _without(base, removals, file)
        layer = lay_over(base, nest(stated), file)
        faults += [
            fault for key, fault in conflicts.items() if layer.origins.get(key) == base.origins.get(key)
        ]
        if faults:
            raise InvalidInputError(faults)
        self.lineage[file] = layer.ancestors
        return layer


def _without(layer: Layer, removals: list[str], file: str) -> tuple[Layer, list[Fault]]:
    """Take out what a file removes; what is not there to remove is a fault."""
    faults = []
    for key in removals:
        less = remove(layer, tuple(key.split(".")))
        if less is None:
            names = {".".join(leaf[:length]) for leaf in layer.leaves for length in range(1, len(leaf) + 1)}
            faults.append(
                Fault(file, "remove", f"{key!r} is not there to remove", "", nearest_name(key, names))
            )
        else:
            layer = less
    return layer, faults


def read_toml(path: Path) -> Table:
    """Read one TOML file.

    Raises
    ------
    InvalidInputError
        If the file is missing (with the nearest name beside it), not a plain file, empty, larger than
        8 MiB, not UTF-8, or not TOML (with line and column).
    """
    problem = _unreadable(path)
    if problem is None:
        try:
            content = path.read_bytes().decode("utf-8-sig")
            table = tomllib.loads(content)
        except UnicodeDecodeError as error:
            problem = Fault(str(path), f"byte {error.start}", "not UTF-8 text")
        except tomllib.TOMLDecodeError as error:
            problem = Fault(str(path), "", f"not TOML: {error}")
        except RecursionError:
            problem = Fault(str(path), "", "not TOML that can be read: nested too deeply")
        except OSError as error:
            problem = Fault(str(path), "", f"cannot be read: {error.strerror}")
        else:
            if table:
                return table
            problem = Fault(str(path), "", "the file is empty", f"keys {', '.join(Scenario.model_fields)}")
    raise InvalidInputError([problem])


def _unreadable(path: Path) -> Fault | None:
    if not path.exists():
        folder = path.parent
        beside = [entry.name for entry in folder.glob("*.toml")] if folder.is_dir() else []
        close = nearest_name(path.name, beside)
        return Fault(str(path), "", "no such file", nearest=str(folder / close) if close else "")
    if not path.is_file():
        return Fault(str(path), "", "not a plain file", "a TOML file")
    if path.stat().st_size > MAX_BYTES:
        size = f"{path.stat().st_size:,} bytes"
        return Fault(str(path), "", f"too large for a scenario: {size}", f"at most {MAX_BYTES:,} bytes")
    return None


def _names(value: object, file: str, key: str) -> list[str]:
    names = [value] if isinstance(value, str) else value
    if not isinstance(names, list) or not all(isinstance(name, str) and name for name in names):
        raise InvalidInputError([Fault(file, key, f"{value!r} is not a name", "a text, or a list of texts")])
    return names


def with_absolute_paths(stated: dict[KeyPath, Any], folder: Path) -> dict[KeyPath, Any]:
    """Make paths of data files independent of the folder they are stated in."""
    return {
        key: str((folder / value).resolve()) if _is_path(key) and isinstance(value, str) and value else value
        for key, value in stated.items()
    }


def _is_path(key: KeyPath) -> bool:
    return key == ("evidence", "periods") or (len(key) == 3 and key[0] == "parameters" and key[2] == "file")
