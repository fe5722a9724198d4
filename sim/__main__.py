"""``python -m sim``: run a command, and say what is wrong without a traceback."""

import atexit
import gc
import io
import os
import signal
import sys
from importlib import import_module
from types import FrameType

BAD_INPUT = 2
INTERRUPTED = 130
TERMINATED = 143
_signals: list[int] = []
"""Signals that came, by number."""


def main(program: str = "sim", commands: str = "sim.cli.app") -> None:
    """Run the command line; bad input ends with exit code 2 and one message for each fault.

    Trouble with the system (disk full, no memory) ends the same way. An interruption ends with exit code
    130, a termination with 143; a second one of either does not wait for anything to be put in order.

    Parameters
    ----------
    program
        Its name in messages.
    commands
        Module whose ``app`` holds the commands.
    """
    # threads of linear algebra, which no step needs, spin as they are made: 0.15 s of CPU
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "1")  # for which it looks through all that is installed
    from sim.faults import InvalidInput

    gc.set_threshold(200_000, 50, 50)  # imports make next to no cycles: searching takes a tenth of a check
    atexit.register(gc.freeze)  # nothing is searched for cycles on the way out: a sixth of a short command
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # a terminal without our characters is no fault
    signal.signal(signal.SIGINT, _interrupt)
    signal.signal(signal.SIGTERM, _terminate)
    try:
        app = import_module(commands).app  # here: an interruption while it loads is one like any other
        try:
            app(prog_name=program)
        finally:
            if sys.stdout is not None:
                sys.stdout.flush()
    except InvalidInput as error:
        _leave(str(error), BAD_INPUT)
    except (Exception, KeyboardInterrupt) as error:
        _end(error)
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # what is left to do is to leave
        signal.signal(signal.SIGTERM, signal.SIG_DFL)


def _end(error: Exception | KeyboardInterrupt) -> None:
    """Leave as an error asks for; one of the program's own goes on its way."""
    if _signals:
        _leave("", 128 + _signals[0])  # a library may have made an error of its own of the interruption
    match error:
        case KeyboardInterrupt():
            _leave("", INTERRUPTED)
        case BrokenPipeError():  # the reader of our output is gone
            _drop_output()
            _leave("", 1)
        case OSError() | MemoryError():
            _drop_output()
            _leave(_said(error), BAD_INPUT)
    raise error


def _interrupt(number: int, _frame: FrameType | None) -> None:
    _once(number, "interrupted; nothing is left half-written")
    raise KeyboardInterrupt


def _terminate(number: int, _frame: FrameType | None) -> None:
    _once(number, "terminated; nothing is left half-written")
    raise SystemExit(TERMINATED)


def _once(number: int, words: str) -> None:
    """Say that a signal came; leave at once when it comes again."""
    _signals.append(number)
    signal.signal(number, lambda again, _frame: os._exit(128 + again))
    if sys.stderr is not None:
        os.write(2, f"{words}\n".encode())


def _said(error: OSError | MemoryError) -> str:
    if isinstance(error, MemoryError):
        return "not enough memory for this many draws"
    where = f"{error.filename}: " if error.filename else ""
    return f"{where}{error.strerror or error}"


def _leave(words: str, code: int) -> None:
    if words and sys.stderr is not None:
        print(words, file=sys.stderr)
    sys.exit(code)


def _drop_output() -> None:
    """Keep the interpreter from complaining while it closes a standard output that takes nothing more."""
    if sys.stdout is not None:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


if __name__ == "__main__":
    main()
