"""A git history as a stream of commits; git itself reads it, in one pass.

What git cannot read, because the clone lacks the object, is counted and the commits are kept. Nothing is
fetched, and no command that a clone's settings name is run.
"""

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from itertools import batched
from pathlib import Path
from typing import NamedTuple

from sim.faults import Fault, InvalidInput

OLDEST_GIT = (2, 31)
PATHS_AT_ONCE = 500
FORMAT = "--format=%x00%H%x00%at%x00%ct%x00%aE%x00%aN"
EMPTY_TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"
SETTINGS = (
    "mailmap.blob=HEAD:.mailmap",
    "safe.directory=*",
    "protocol.allow=never",
    "diff.algorithm=myers",
    "log.showSignature=false",
    "log.showRoot=true",
    "i18n.logOutputEncoding=UTF-8",
    "core.quotePath=true",
    "core.attributesFile=/dev/null",
    f"attr.tree={EMPTY_TREE}",
)
RAW = ("diff-tree", "--root", "-r", "-z", "--no-commit-id", "--no-abbrev", "--no-renames")
DIFF = ("--numstat", "--no-renames", "--no-ext-diff", "--no-textconv", "--ignore-submodules=none")
DIGITS = ord("0")  # from this byte on a line begins with a digit; the hyphen before it marks a binary file
BETWEEN = b"\n\0"
"""What parts a commit from the next one: names hold neither, and paths are quoted."""
MISSING = b" missing"
NO_BLOB = {"0" * 40, "0" * 64}
SUBMODULE = "160000"
NO_INDEX = "no-index"
"""A name under which no index lies, so that no attributes are read off one."""


class Commit(NamedTuple):
    """A commit that is no merge, as git tells it.

    Parameters
    ----------
    authored
        When it was authored, in seconds since 1970, UTC.
    committed
        When it was committed, in seconds since 1970, UTC.
    author
        Mail address and name of the author, after the mailmap, parted by a zero byte.
    added
        Lines added to all text files.
    deleted
        Lines deleted from all text files.
    n_unreadable
        Number of its files whose lines could not be counted.
    """

    authored: int
    committed: int
    author: bytes
    added: int
    deleted: int
    n_unreadable: int = 0


@cache
def git_version() -> str:
    """Return the version of git.

    Raises
    ------
    InvalidInput
        If there is no git, or an older one than 2.31.
    """
    wanted = f"git {'.'.join(map(str, OLDEST_GIT))} or later"
    if shutil.which("git") is None:
        raise InvalidInput([Fault("git", "", "no such program on the PATH", wanted)])
    words = subprocess.run(["git", "version"], capture_output=True, text=True, check=False).stdout
    found = re.search(r"(\d+)\.(\d+)[\w.]*", words)
    if found is None or (int(found[1]), int(found[2])) < OLDEST_GIT:
        raise InvalidInput([Fault("git", "", f"is {words.strip() or 'of no known version'}", wanted)])
    return found[0]


class Clone:
    """A clone on this machine, bare or not.

    Parameters
    ----------
    path
        Folder of the clone.

    Raises
    ------
    InvalidInput
        If it is no repository, is shallow, or has no commit.
    """

    def __init__(self, path: Path) -> None:
        git_version()
        self.path = path
        self._folder = _git_folder(path)
        self._stopped = False
        if self._run("rev-parse", "--is-shallow-repository").stdout.strip() == b"true":
            cure = f"the whole history: git -C {path} fetch --unshallow"
            raise InvalidInput([Fault(str(path), "", "is a shallow clone: its history is cut", cure)])
        head = self._run("rev-parse", "--verify", "--quiet", "HEAD^{commit}")
        if head.returncode:
            raise InvalidInput([Fault(str(path), "", "has no commit", "a history of one or more")])
        self.head = head.stdout.decode().strip()

    def commits(self, with_lines: Callable[[Commit], bool] | None = None) -> Iterator[Commit]:
        """Give every commit of the history that is no merge, in git's order, each once.

        Where git stops at an object that the clone lacks, that commit is read file by file and git goes on
        with those after it.

        Parameters
        ----------
        with_lines
            Says whether the lines of a commit are wanted, by its dates and author; those of others are left
            at zero, which saves nearly all the time. By default all are.

        Yields
        ------
        Commit
            Each commit, the newest first.

        Raises
        ------
        InvalidInput
            If commits themselves are missing, so that the history is cut.
        """
        if with_lines is not None:
            plain = list(self._stream(None, diff=False))
            if self._stopped:
                self._listed()  # says what is wrong
            wanted = [key for key, commit in plain if with_lines(commit)]
            counted = dict(zip(wanted, self._named(wanted), strict=True))
            yield from (counted.get(key, commit) for key, commit in plain)
            return
        seen: set[bytes] = set()
        for key, commit in self._stream(None):
            seen.add(key)
            yield commit
        if self._stopped:
            yield from self._named([key for key in self._listed() if key not in seen])

    def _named(self, keys: Sequence[bytes]) -> Iterator[Commit]:
        """Give the commits with some keys, in their order; one at which git stops is read file by file."""
        left = list(keys)
        while left:
            n_read = 0
            for _, commit in self._stream(left):
                n_read += 1
                yield commit
            del left[:n_read]
            if left:
                yield self._piecewise(left.pop(0).decode())

    def _stream(self, keys: Sequence[bytes] | None, diff: bool = True) -> Iterator[tuple[bytes, Commit]]:
        """Give commits with their keys, of all the history or those named, up to where git stops."""
        which = ("HEAD",) if keys is None else ("--no-walk=unsorted", "--stdin")
        told = DIFF if diff else ("--no-patch",)
        self._stopped = False
        with self._reading(("log", "--no-merges", FORMAT, *told, *which), keys or ()) as process:
            assert process.stdout is not None
            rest = b""
            while part := process.stdout.read(2**18):
                *whole, rest = (rest + part).split(BETWEEN)
                for record in whole:
                    yield _commit(record)
            self._stopped = process.wait() != 0
            if rest and not self._stopped:
                yield _commit(rest)

    def _listed(self) -> list[bytes]:
        """Return the keys of all commits that are no merges, in the order of ``git log``."""
        listed = self._run("rev-list", "--no-merges", "HEAD")
        if listed.returncode:
            problem = f"its history is cut: {listed.stderr.decode(errors='replace').strip()}"
            raise InvalidInput([Fault(str(self.path), "", problem, "a clone with every commit")])
        return listed.stdout.split()

    def _piecewise(self, key: str) -> Commit:
        """Return a commit of which git cannot read every file, with the lines of those it can."""
        head = self._run("log", "--no-walk", FORMAT, key).stdout
        tree = self._run(*RAW, key)
        if tree.returncode:
            return _commit(head)[1]._replace(n_unreadable=1)  # what it changed is unknown
        changes = _changed_files(tree.stdout)
        missing = self._missing({blob for _, blobs in changes for blob in blobs})
        readable = [path for path, blobs in changes if not missing & set(blobs)]
        told = [self._numstat(key, paths) for paths in batched(readable, PATHS_AT_ONCE)]
        return _commit(head + b"".join(told))[1]._replace(n_unreadable=len(changes) - len(readable))

    def _numstat(self, key: str, paths: Iterable[bytes]) -> bytes:
        literal = [b":(top,literal)" + path for path in paths]
        return self._run("diff-tree", "--root", "-r", "--no-commit-id", *DIFF, key, "--", *literal).stdout

    def _missing(self, blobs: set[str]) -> set[str]:
        told = self._run("cat-file", "--batch-check", stdin="\n".join(sorted(blobs)).encode() + b"\n")
        return {line.split()[0].decode() for line in told.stdout.splitlines() if line.endswith(MISSING)}

    def _command(self, arguments: Sequence[str | bytes]) -> list[str | bytes]:
        settings = [word for setting in SETTINGS for word in ("-c", setting)]
        return ["git", f"--git-dir={self._folder}", "--no-replace-objects", *settings, *arguments]

    def _run(self, *arguments: str | bytes, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(
            self._command(arguments),
            input=stdin,
            capture_output=True,
            check=False,
            cwd=self._folder,
            env=_environment(),
        )

    @contextmanager
    def _reading(
        self, arguments: Sequence[str], keys: Sequence[bytes]
    ) -> Iterator["subprocess.Popen[bytes]"]:
        """Give git at work; its output is a stream."""
        with tempfile.TemporaryFile() as stdin:
            stdin.write(b"\n".join(keys))
            stdin.seek(0)
            process = subprocess.Popen(
                self._command(arguments),
                stdin=stdin,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                cwd=self._folder,
                env=_environment(),
                bufsize=2**20,
            )
        with process:
            try:
                yield process
            finally:
                process.kill()


def _git_folder(path: Path) -> Path:
    """Return the folder with git's objects, of a clone with a work tree or without."""
    inner = path / ".git"
    command = ["git", f"--git-dir={inner if inner.exists() else path}", "-c", "safe.directory=*"]
    told = subprocess.run(
        [*command, "rev-parse", "--absolute-git-dir"], capture_output=True, check=False, env=_environment()
    )
    if told.returncode:
        problem = "no such folder" if not path.exists() else "is no git repository"
        raise InvalidInput([Fault(str(path), "", problem, "the folder of a clone, bare or not")])
    return Path(os.fsdecode(told.stdout.rstrip(b"\n")))


def _environment() -> Mapping[str, str]:
    """Return the environment without settings of the user's own git, and without the network."""
    others = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    return {
        **others,
        "LC_ALL": "C",
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_INDEX_FILE": NO_INDEX,
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_FLUSH": "0",  # not after each commit, which wakes the reader as often
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_TERMINAL_PROMPT": "0",
    }


def _commit(record: bytes) -> tuple[bytes, Commit]:
    """Return a commit's key and what stands in its line of ``FORMAT``, with the lines told below."""
    head, _, told = record.removeprefix(b"\0").partition(b"\n")
    key, authored, committed, author = head.split(b"\0", 3)
    added = deleted = 0
    for line in told.split(b"\n"):
        if line and line[0] >= DIGITS:
            more, fewer, _ = line.split(b"\t", 2)
            added += int(more)
            deleted += int(fewer)
    return key, Commit(int(authored or 0), int(committed or 0), author, added, deleted)


def _changed_files(raw: bytes) -> list[tuple[bytes, tuple[str, ...]]]:
    """Return the path and the blobs of each changed file, from ``git diff-tree -z``."""
    parts = raw.split(b"\0")
    changes = []
    for told, path in zip(parts[0::2], parts[1::2], strict=False):
        old_mode, new_mode, old, new, _ = told.decode().lstrip(":").split()
        sides = ((old_mode, old), (new_mode, new))
        blobs = tuple(blob for mode, blob in sides if blob not in NO_BLOB and mode != SUBMODULE)
        changes.append((path, blobs))
    return changes
