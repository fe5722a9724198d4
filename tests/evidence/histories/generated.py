"""Repositories with counts known by construction, made by ``git fast-import``."""

import subprocess
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path


@dataclass(frozen=True)
class Made:
    """A commit to make.

    Parameters
    ----------
    day
        Of the author, ``2020-02-16`` or with a time; UTC.
    who
        ``Name <address>``; bytes where it is no UTF-8.
    files
        Content by path; ``None`` deletes, a text of 40 digits is a submodule's commit.
    zone
        Time zone written beside the author's date.
    committed
        Day of the committer, the author's unless stated.
    parents
        Marks of the parents; the commit before unless stated.
    """

    day: str
    who: str | bytes = "Ada Lovelace <ada@example.org>"
    files: Mapping[str, bytes | str | None] = field(default_factory=dict)
    zone: str = "+0000"
    committed: str = ""
    parents: tuple[int, ...] | None = None


def lines(n: int, word: str = "line") -> bytes:
    """Return a file of so many different lines."""
    return "".join(f"{word} {place}\n" for place in range(n)).encode()


def seconds(day: str) -> int:
    """Return seconds since 1970 of a day or a moment in UTC."""
    return int(datetime.fromisoformat(day).replace(tzinfo=UTC).timestamp())


def git(folder: Path, *arguments: str, stdin: bytes = b"") -> bytes:
    """Run git in a folder and return what it prints."""
    ended = subprocess.run(
        ["git", "-C", str(folder), *arguments], input=stdin, capture_output=True, check=True
    )
    return ended.stdout


def make(folder: Path, commits: Iterable[Made], bare: bool = True) -> Path:
    """Make a repository of commits, marked 1, 2, 3, ... in their order.

    Parameters
    ----------
    folder
        Where.
    commits
        To make; the last is the head.
    bare
        Whether it has no work tree.

    Returns
    -------
    Path
        The folder.
    """
    folder.mkdir(parents=True)
    git(folder, "init", "--quiet", "--initial-branch=main", *(["--bare"] if bare else []))
    stream = b"".join(part for mark, made in enumerate(commits, start=1) for part in _parts(mark, made))
    git(folder, "fast-import", "--quiet", "--date-format=raw-permissive", stdin=stream + b"done\n")
    if not bare:
        git(folder, "reset", "--quiet", "--hard", "main")
    return folder


def _parts(mark: int, made: Made) -> Iterable[bytes]:
    who = made.who if isinstance(made.who, bytes) else made.who.encode()
    authored = seconds(made.day)
    committed = seconds(made.committed) if made.committed else authored
    yield f"commit refs/heads/main\nmark :{mark}\n".encode()
    yield b"author " + who + f" {authored} {made.zone}\n".encode()
    yield f"committer Host <host@example.org> {committed} +0000\n".encode()
    yield b"data 0\n"
    parents = made.parents if made.parents is not None else ((mark - 1,) if mark > 1 else ())
    for place, parent in enumerate(parents):
        yield f"{'merge' if place else 'from'} :{parent}\n".encode()
    for path, content in made.files.items():
        if content is None:
            yield f"D {path}\n".encode()
        elif isinstance(content, str):
            yield f"M 160000 {content} {path}\n".encode()
        else:
            yield f"M 100644 inline {path}\n".encode() + f"data {len(content)}\n".encode() + content + b"\n"
