"""Options that several commands share, each stated once."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from sim.scenario.schema import Scenario
import math

from sim.evidence.survey_format import Bots, Duplicates, LineReading, Weeks
from sim.faults import Faults, InvalidInput, refuse

Settings = Annotated[
    list[str] | None, typer.Option("--set", help="Override, key.path=value; repeatable.", metavar="KEY=VALUE")
]
FileSettings = Annotated[
    list[str] | None,
    typer.Option("--set", help="Override, key.path=value; repeatable; FILE only.", metavar="KEY=VALUE"),
]
RunFolder = Annotated[Path, typer.Argument(help="Folder of a run, or its results.nc.", metavar="RESULTS")]
SubjectArgument = Annotated[
    Path, typer.Argument(help="Scenario file, or the folder of a run.", metavar="FILE|RESULTS")
]
SubjectOut = Annotated[Path, typer.Option(help="Parent folder of the results of a scenario file.")]
LinesRead = Annotated[LineReading, typer.Option(help="How lines are read.")]
DuplicatesRead = Annotated[Duplicates, typer.Option(help="Tools as listed, or merged by repository.")]
WeeksRead = Annotated[Weeks, typer.Option(help="Periods as dated, or Sunday starts scaled.")]
BotsRead = Annotated[Bots, typer.Option(help="Automation accounts.")]
Salary = Annotated[float, typer.Option(help="USD per person and year.", min=1.0, metavar="USD")]
SurveyFile = Annotated[
    Path | None,
    typer.Option(
        help="File of sampled periods, frequencies.csv beside it for a model; default the shipped survey.",
        metavar="FILE",
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print the tables as one JSON document.")]


def read_subject(subject: Path, settings: Sequence[str]) -> "Scenario | Path":
    """Return the scenario that a file or a name stands for, or the folder of a run as it is.

    Commands read it before they import what takes long, so that a fault is printed at once.

    Parameters
    ----------
    subject
        What the command was given: a file, the name of a shipped scenario, or the folder of a run.
    settings
        Statements of ``--set``, each ``key.path=value``.

    Returns
    -------
    Scenario or Path
        The checked scenario, or the folder of a run.
    """
    from sim.scenario.load import load
    from sim.scenario.shipped_files import means_scenario

    return load(subject, settings) if means_scenario(subject) else subject


def refuse_faulty(subjects: Sequence[Path], settings: Sequence[str]) -> None:
    """Refuse scenarios with faults before anything is imported that takes long.

    Where some are no scenarios, nothing is read: what is wrong with them is printed with the rest. Raises
    InvalidInput with the faults of all of them.

    Parameters
    ----------
    subjects
        What the command was given: files, names of shipped scenarios, or folders of runs.
    settings
        Statements of ``--set``, each ``key.path=value``.
    """
    from sim.scenario.load import load
    from sim.scenario.shipped_files import means_scenario

    if not all(means_scenario(subject) for subject in subjects):
        return
    faults = Faults()
    for subject in subjects:
        with faults.kept():
            load(subject, settings)
    refuse(dict.fromkeys(faults))


def survey_file(stated: Path | None) -> Path:
    """Return the file of sampled periods: that of an option, or else the shipped one."""
    from sim.scenario.shipped_files import shipped_survey

    return stated or shipped_survey() / "periods.csv"


OPTIONS = {
    "seed": "--seed",
    "sampling.n_draws": "--draws",
    "sampling.keep_draws": "--keep-draws",
    "sampling.sampler": "--sampler",
}
"""Options that set a key of the scenario file, by the key."""


@contextmanager
def named_by_option(stated: Mapping[str, object]) -> Iterator[None]:
    """Name the option in faults of a key of the scenario that the option set.

    What the options state is by key of the scenario file, ``None`` where one was not typed.
    """
    from dataclasses import replace

    typed = {key: OPTIONS[key] for key, value in stated.items() if value is not None}
    try:
        yield
    except InvalidInput as error:
        faults = [
            replace(fault, file=typed[fault.key], key="") if fault.key in typed else fault
            for fault in error.faults
        ]
        raise InvalidInput(faults) from None


def statements(stated: Mapping[str, object]) -> list[str]:
    """Return what options state as ``key.path=value``."""
    return [f"{key}={value}" for key, value in stated.items() if value is not None]


def whole_number(text: str) -> int:
    """Return a whole number written plainly, with a decimal exponent, or with underscores or commas.

    Raises
    ------
    BadParameter
        If it is not a whole number.

    Examples
    --------
    >>> whole_number("1e9"), whole_number("65_536"), whole_number("2.5e6")
    (1000000000, 65536, 2500000)
    """
    plain = text.replace(",", "").replace("_", "")
    try:
        return int(plain)
    except ValueError:
        pass
    try:
        number = float(plain)
    except ValueError:
        number = math.nan
    if not math.isfinite(number) or number != int(number):
        raise typer.BadParameter(f"{text!r} is not a whole number; write 65536, 65_536 or 1e9")
    return int(number)
