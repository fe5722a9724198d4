"""Progress on standard error, where work takes its time: a bar on a terminal, lines of words elsewhere."""

import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from typing import Self

from sim.types import Step
from sim.types import silent as silent_step

BAR_AFTER_SECONDS = 2.0
WORDS_AFTER_SECONDS, WORDS_EVERY_SECONDS = 10.0, 30.0


@contextmanager
def delayed_progress(silent: bool) -> Iterator[Step]:
    """Give a function to call with a short description when a step begins.

    Its words show beside a bar after two seconds. Where standard error is not a terminal, they are lines from
    the tenth second on: one at each step, and one every half minute that a step takes.
    """
    if silent:
        yield silent_step
        return
    from rich.console import Console

    console = Console(stderr=True)
    if not console.is_terminal:
        with _lines() as step:
            yield step
        return
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}", markup=False), BarColumn(), TimeElapsedColumn())
    progress = Progress(*columns, console=console, transient=True)
    task = progress.add_task("starting", total=None)
    timer = threading.Timer(BAR_AFTER_SECONDS, progress.start)
    timer.daemon = True
    timer.start()
    try:
        yield lambda words: progress.update(task, description=words)
    finally:
        timer.cancel()
        timer.join()
        progress.stop()


class ProgressDisplay:
    """The display of :func:`delayed_progress`, hidden while something else is printed; called at each step.

    Parameters
    ----------
    silent
        Whether nothing is shown.
    """

    def __init__(self, silent: bool) -> None:
        self._silent, self._shown = silent, ExitStack()
        self._step: Step = silent_step

    def __call__(self, words: str) -> None:
        """Show what begins now."""
        self._step(words)

    def __enter__(self) -> Self:
        self._step = self._shown.enter_context(delayed_progress(self._silent))
        return self

    def __exit__(self, *_: object) -> None:
        self._shown.close()

    @contextmanager
    def hidden(self) -> Iterator[None]:
        """Show nothing for as long as the context lasts."""
        self._shown.close()
        yield
        self.__enter__()


@contextmanager
def counted_progress(what: str, total: int) -> Iterator[Callable[[], None]]:
    """Give a function to call whenever one of a number of things is done.

    Parameters
    ----------
    what
        What the things are, in words.
    total
        Number of the things.

    Yields
    ------
    Callable
        Called without argument when a thing is done, which standard error then shows.
    """
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(stderr=True)
    if not console.is_terminal:
        with _lines(at_steps=False) as step:
            done = 0

            def count() -> None:
                nonlocal done
                done += 1
                step(f"{done} of {total} {what}")

            step(f"0 of {total} {what}")
            yield count
        return
    columns = (TextColumn(what), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task(what, total=total)
        yield lambda: bar.advance(task)


@contextmanager
def _lines(at_steps: bool = True) -> Iterator[Step]:
    """Give a function whose words are printed, with the seconds gone by."""
    began, current, over = time.monotonic(), ["starting"], threading.Event()

    def say() -> None:
        with suppress(OSError, ValueError):  # standard error is closed
            if sys.stderr is not None:
                print(f"{time.monotonic() - began:.0f} s: {current[0]}", file=sys.stderr, flush=True)

    def keep_saying() -> None:
        wait = WORDS_AFTER_SECONDS
        while not over.wait(wait):
            say()
            wait = WORDS_EVERY_SECONDS

    def step(words: str) -> None:
        current[0] = words
        if at_steps and time.monotonic() - began >= WORDS_AFTER_SECONDS:
            say()

    thread = threading.Thread(target=keep_saying, daemon=True)
    thread.start()
    try:
        yield step
    finally:
        over.set()
        thread.join()
