"""The file that trials are kept in: one line of JSON each, written as soon as it is finished."""

from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from sim.evidence.study.trial import Trial, TrialKey
from sim.faults import Fault, InvalidInputError
from sim.kept_lines import keep_line, whole_lines

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
    trials: dict[TrialKey, Trial] = {}
    faults: list[Fault] = []
    for number, line in enumerate(whole_lines(path), start=1):
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
    keep_line(path, _ADAPTER.dump_json(trial))
