"""Tasks handed to a pool a few at a time, their results taken as they come."""

from collections.abc import Callable, Generator, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, wait
from itertools import islice

AHEAD = 2
"""Tasks handed out for each worker, so that none waits for the next."""


def as_finished[Task, Result](
    submit: Callable[[Task], Future[Result]], tasks: Iterator[Task], n_workers: int
) -> Generator[Result]:
    """Give the result of each task as soon as it is known, in no fixed order.

    Parameters
    ----------
    submit
        Hands a task to the pool.
    tasks
        Taken as workers become free.
    n_workers
        Of the pool.
    """
    out = {submit(task) for task in islice(tasks, AHEAD * n_workers)}
    while out:
        finished, out = wait(out, return_when=FIRST_COMPLETED)
        out |= {submit(task) for task in islice(tasks, len(finished))}
        for future in finished:
            yield future.result()
