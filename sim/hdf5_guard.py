"""What an HDF5 file from elsewhere may hold before it is read as results.

HDF5 can point into other files, load compiled filters, refer to objects in circles and declare arrays of
any size over a few bytes. Results need none of that, and the walk here refuses it before any data is read.
A file made to harm can also send the HDF5 library into an endless loop or bring the process down. So the
first reading is done by a process of its own, which this file is the program of.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import h5py
import numpy as np

MAX_OBJECTS = 200_000
MAX_DEPTH = 8
SECONDS = 60
"""Time after which a reading of the structure is taken for an endless loop."""

BYTES_PER_SECOND = 5_000_000
"""What any machine reads at least."""

FILTERS = {h5py.h5z.FILTER_DEFLATE, h5py.h5z.FILTER_SHUFFLE, h5py.h5z.FILTER_FLETCHER32}
NETCDF_REFERENCES = {"DIMENSION_LIST", "REFERENCE_LIST"}
"""Attributes by which NetCDF ties variables to dimensions of the same file."""


class HostileFileError(ValueError):
    """An HDF5 file holds what results never do; the message says what, and where."""


def refuse_hostile(path: Path, max_bytes: int) -> None:
    """Refuse an HDF5 file that cannot be read safely; another process reads all of it first.

    Parameters
    ----------
    path
        The file.
    max_bytes
        Largest size of all arrays together, as they would lie in memory.

    Raises
    ------
    HostileFileError
        If it holds what :func:`read_through` refuses, or the process that reads it does not come back.
    """
    command = [sys.executable, "-P", __file__, str(path.absolute()), str(max_bytes)]
    done = subprocess.run(command, capture_output=True, check=False, stdin=subprocess.DEVNULL)
    if done.returncode < 0:
        name = signal.Signals(-done.returncode).name
        raise HostileFileError(f"the HDF5 library did not come back from reading it ({name})")
    if done.returncode:
        said = done.stderr.decode("utf-8", "backslashreplace").strip().splitlines()
        raise HostileFileError(said[-1] if said else "it cannot be read")


def read_through(path: Path, max_bytes: int) -> None:
    """Walk through an HDF5 file and read it: first its structure, then attributes and data.

    Parameters
    ----------
    path
        The file.
    max_bytes
        Largest size of all arrays together, as they would lie in memory.

    Raises
    ------
    HostileFileError
        If it holds links and storage outside the file, virtual datasets, references, filters other than
        deflate, shuffle and Fletcher's checksum, kinds of data other than numbers and text, groups that hold
        themselves, more than 200,000 objects, or arrays beyond `max_bytes`.
    OSError, RuntimeError, KeyError, ValueError
        If the file is not HDF5, or damaged, as h5py says it.
    """
    total = n_objects = 0
    with h5py.File(path, "r", locking=False) as file:  # network disks may have no locks
        for place, item in _objects(file):
            n_objects += 1
            if n_objects > MAX_OBJECTS:
                raise HostileFileError(f"more than {MAX_OBJECTS:,} objects")
            _refuse_attributes(place, item)
            if isinstance(item, h5py.Dataset):
                total += _size_of(place, item)
            if total > max_bytes:
                raise HostileFileError(f"{place}: arrays of more than {max_bytes:,} bytes when unpacked")
        _patience(SECONDS + total // BYTES_PER_SECOND)
        for _, item in _objects(file):
            _read(file, item)


def _read(file: h5py.File, item: Any) -> None:
    """Read what an object holds, and follow the references that tie it to its dimensions."""
    for name in item.attrs:
        value = item.attrs[name]
        if name == "DIMENSION_LIST":
            for reference in (each for axis in value for each in axis):
                file[reference]
    if isinstance(item, h5py.Dataset):
        item[()]


def half_of_memory() -> int:
    """Return half the machine's memory in bytes; 4 GiB where the system does not tell."""
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2
    except (AttributeError, ValueError, OSError):
        return 2**32


def _objects(group: h5py.Group, above: tuple[int, ...] = ()) -> Iterator[tuple[str, Any]]:
    """Yield the group and all below it, each by its place; links that are not plain are refused."""
    place = str(group.name)
    address = h5py.h5o.get_info(group.id).addr
    if address in above or len(above) >= MAX_DEPTH:
        raise HostileFileError(f"{place}: groups within groups more than {MAX_DEPTH} deep, or in a circle")
    yield place, group
    for name in group:
        link = group.get(name, getlink=True)
        if not isinstance(link, h5py.HardLink):
            raise HostileFileError(f"{place}/{name}: a link of kind {type(link).__name__}")
        item = group[name]
        if isinstance(item, h5py.Group):
            yield from _objects(item, (*above, address))
        else:
            yield f"{place.rstrip('/')}/{name}", item


def _refuse_attributes(place: str, item: Any) -> None:
    for name in item.attrs:
        kind = item.attrs.get_id(name).dtype
        if name not in NETCDF_REFERENCES and not _plain(kind):
            raise HostileFileError(f"{place}: attribute {name!r} of kind {kind}, not numbers or text")


def _size_of(place: str, item: h5py.Dataset) -> int:
    """Return the bytes that reading a dataset takes, or refuse it."""
    if not _plain(item.dtype):
        raise HostileFileError(f"{place}: data of kind {item.dtype}, not numbers or text")
    settings = item.id.get_create_plist()
    if settings.get_external_count() or item.is_virtual:
        raise HostileFileError(f"{place}: its data lie in another file")
    filters = {settings.get_filter(number)[0] for number in range(settings.get_nfilters())}
    if filters - FILTERS:
        raise HostileFileError(f"{place}: packed by the filters {sorted(filters - FILTERS)}")
    shapes = [item.shape or (), item.chunks or ()]
    return int(max(np.prod([float(size) for size in shape]) for shape in shapes)) * int(item.dtype.itemsize)


def _plain(kind: np.dtype[Any]) -> bool:
    return kind.kind in "iufbSU" or h5py.check_string_dtype(kind) is not None


def _patience(seconds: int) -> None:
    """Let the system end this process after a time, whatever library it is in."""
    if sys.platform != "win32":
        signal.alarm(seconds)


def _main() -> None:
    _patience(SECONDS)
    try:
        read_through(Path(sys.argv[1]), int(sys.argv[2]))
    except Exception as error:  # whatever it is goes to the process that asked
        print(error, file=sys.stderr, flush=True)
        os._exit(1)  # h5py may complain while it closes what it could not read
    os._exit(0)


if __name__ == "__main__":
    _main()
