"""The file that trials are kept in: one line of JSON each, written as soon as it is finished."""

import os
from pathlib import Path

from filelock import FileLock
from pydantic import TypeAdapter, ValidationError

from sim.evidence.study.trial import Trial, TrialKey
from sim.faults import Fault, InvalidInputError

NAME = "trials.jsonl"
_ADAPTER = TypeAdapter(Trial)


def read_trials(path: Path) -> dict[TrialKey, Trial]:
    """Return the trials kept in a file, by key; none where there is no file.

    A last line without an end is what a killed run left half written, and is not a trial.

    Raises
    ------
    InvalidInputError
        With every line that is no trial.
    """
    if not path.is_file():
        return {}
    lines = path.read_bytes().split(b"\n")[:-1]
    trials: dict[TrialKey, Trial] = {}
    faults: list[Fault] = []
    for number, line in enumerate(lines, start=1):
        try:
            trial = _ADAPTER.validate_json(line)
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(str(part) for part in first["loc"])
            problem = f"not a trial: {where + ': ' if where else ''}{first['msg']}"
            faults.append(Fault(str(path), f"line {number}", problem, "a line that this command wrote"))
        else:
            trials[trial.key] = trial
    if faults:
        raise InvalidInputError(faults)
    return trials


def keep(path: Path, trial: Trial) -> None:
    """Append a trial, whole or not at all; runs that share a file take turns.

    Raises
    ------
    InvalidInputError
        If the file cannot be written.
    """
    content = _ADAPTER.dump_json(trial) + b"\n"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(path.with_name(f".{path.name}.lock")), path.open("ab+") as stream:
            _drop_half_line(stream.fileno())
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
    except OSError as error:
        fault = Fault(str(path), "", f"cannot be written: {error.strerror or error}")
        raise InvalidInputError([fault]) from None


def _drop_half_line(descriptor: int) -> None:
    """Cut what follows the last end of a line."""
    size = os.fstat(descriptor).st_size
    end = size
    while end > 0:
        start = max(0, end - 4096)
        found = os.pread(descriptor, end - start, start).rfind(b"\n")
        if found >= 0:
            end = start + found + 1
            break
        end = start
    if end < size:
        os.ftruncate(descriptor, end)
