"""The commands of ``sim`` in this process: exit code and what was printed, with every warning an error.

Of what every command of a scenario takes, two fifths are the writing of figures as PDF, PNG and SVG. Of nine
scenarios in ten they are therefore laid out whole, as before a file is written, and no picture is written
(:func:`figures_laid_out`); nor does another process read results before they are read. Of two in three `run`
leaves its figures out, which `plot` lays out too.
"""

import contextlib
import io
import traceback
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any
from unittest.mock import patch

import click
from matplotlib.figure import Figure

from sim.faults import InvalidInput

ENDS = (0, 2, 3)
NEVER_REFUSED = ("sensitivity", "decide", "plot", "report", "lock", "verify")
"""Commands of a run that has been written: they have nothing to refuse it for."""


@dataclass(frozen=True)
class Ended:
    """How a command ended.

    Parameters
    ----------
    arguments
        What was typed.
    code
        Exit code; -1 for a traceback.
    words
        What it printed, on both channels, with the traceback if there was one.
    """

    arguments: tuple[str, ...]
    code: int
    words: str

    @property
    def is_sound(self) -> bool:
        """Whether it ended as a command may: done, bad input where there can be any, or not settled."""
        ends = (0,) if self.arguments[0] in NEVER_REFUSED else ENDS
        return self.code in ends and "Traceback" not in self.words and "Warning" not in self.words


def command(*arguments: str) -> Ended:
    """Run a command as ``python -m sim`` does."""
    from sim.cli.app import app

    printed = io.StringIO()
    with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed), warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            code = app(list(arguments), prog_name="sim", standalone_mode=False) or 0
        except click.exceptions.Exit as end:
            code = end.exit_code
        except click.ClickException as error:
            code = error.exit_code
            print(error.format_message())
        except (InvalidInput, OSError, MemoryError) as error:
            code = 2
            print(error)
        except Exception:
            code = -1
            print(traceback.format_exc(limit=-6))
    return Ended(arguments, int(code), printed.getvalue())


@contextlib.contextmanager
def figures_laid_out(of_run: bool = True) -> Iterator[None]:
    """Write figures as files that hold no picture, and read results without a process that reads them first.

    All of a figure is still asked for its drawing, once: that is how its layout is found.

    Parameters
    ----------
    of_run
        Whether `run` lays out its figures.
    """

    def empty(_: Figure, file: IO[bytes], **__: Any) -> None:
        file.write(b"<svg></svg>")

    left_out = contextlib.nullcontext() if of_run else patch("sim.report.folder._write_figures")
    with patch.object(Figure, "savefig", empty), patch("sim.hdf5_guard.refuse_hostile"), left_out:
        yield


def every_command(file: Path, edited: Path, key: str, values: str, parts: slice) -> Iterator[Ended]:
    """Ask every command of a scenario, in the order in which they need each other; stop where it is refused.

    Parameters
    ----------
    file
        The scenario.
    edited
        A copy with something changed.
    key, values
        What a sweep moves.
    parts
        Which of the commands that follow a run.
    """
    out = file.parent / "results"
    yield command("check", str(file))
    yield command("explain", str(file))
    ran = command("run", str(file), "--out", str(out))
    yield ran
    if ran.code != 0:
        return
    results = next(path for path in out.iterdir() if (path / "results.nc").exists())
    for part in list(_after_run(file, edited, results, key, values))[parts]:
        for arguments in part:
            yield command(*arguments)


Typed = tuple[str, ...]


def _after_run(file: Path, edited: Path, results: Path, key: str, values: str) -> Iterator[tuple[Typed, ...]]:
    """Yield what is typed after a run, in four parts; what needs each other is in one."""
    out, run = file.parent, str(results)
    lock = str(out / "foreign.lock")
    yield ("sensitivity", run), ("decide", run), ("lock", run, "--out", lock), ("verify", lock)
    yield (("compare", str(file), str(edited), "--out", str(out / "compared")),)
    swept = ("--over", f"{key}={values}", "--workers", "1", "--out", str(out / "swept"))
    yield ("sweep", str(file), *swept), ("reweight", run, "--tipping")
    drawn = ("--figure", "all", "--format", "png", "--out", str(out / "plots"))
    yield ("plot", run, *drawn), ("report", run, "--out", str(out / "report.html"))
