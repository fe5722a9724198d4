"""A progress bar that shows itself only when work takes longer than two seconds."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from sim.types import Step

DELAY_SECONDS = 2.0


@contextmanager
def delayed_progress(silent: bool) -> Iterator[Step]:
    """Give a function to be told of each step; its words show beside a bar, on standard error.

    Parameters
    ----------
    silent
        Show nothing; nor is anything shown where standard error is not a terminal.
    """
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}", markup=False), BarColumn(), TimeElapsedColumn())
    console = Console(stderr=True)
    progress = Progress(*columns, console=console, transient=True, disable=silent or not console.is_terminal)
    task = progress.add_task("starting", total=None)
    timer = threading.Timer(DELAY_SECONDS, progress.start)
    timer.daemon = True
    timer.start()
    try:
        yield lambda words: progress.update(task, description=words)
    finally:
        timer.cancel()
        timer.join()
        progress.stop()
