"""A digest at the end of a binary file, over all that stands before it.

HDF5 keeps no checksum of its own over most of a file: a flipped bit gives other numbers, or errors far from
their cause. So the whole file is checked before HDF5 sees any of it. HDF5 and NetCDF readers leave what
follows the end of their data alone, so a sealed file opens in all of them.
"""

import hashlib
from pathlib import Path

MARK = b"\nsha256 "
LENGTH = len(MARK) + 64 + 1
BLOCK = 2**20


def sealed(content: bytes | memoryview) -> bytes:
    r"""Return the bytes of a file followed by their sha256, as a line of text.

    Examples
    --------
    >>> sealed(b"")
    b'\nsha256 e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\n'
    """
    return b"".join((content, MARK, hashlib.sha256(content).hexdigest().encode(), b"\n"))


def broken_seal(path: Path) -> str:
    """Return what is wrong with the seal of a file, in words; empty if nothing is.

    Raises
    ------
    OSError
        If the file cannot be read.
    """
    size = path.stat().st_size - LENGTH
    with path.open("rb") as stream:
        stream.seek(max(0, size))
        line = stream.read()
    if size < 0 or not line.startswith(MARK) or not line.endswith(b"\n"):
        return "no digest at its end: cut short, damaged, or not written by this version of sim"
    if line != MARK + _digest(path, size).encode() + b"\n":
        return "its bytes do not have the digest it ends with: damaged or edited"
    return ""


def _digest(path: Path, size: int) -> str:
    """Return the sha256 of the first bytes of a file, hexadecimal."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while size > 0 and (block := stream.read(min(BLOCK, size))):
            digest.update(block)
            size -= len(block)
    return digest.hexdigest()
