"""Tasks done by processes or threads of this machine, a few handed out at a time, results taken as they come.

Processes are for tasks that spend their time in Python, as whole runs do; they take seconds to start. Threads
are for array operations: numpy, scipy's special functions and numexpr let other threads run while they work,
and threads start at once. ``benchmarks/test_streaming.py`` measures both.
"""

import signal
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, ThreadPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from itertools import islice
from multiprocessing import get_context
from typing import Any

from sim.faults import Fault, InvalidInput

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

    Yields
    ------
    Result
        In no fixed order.
    """
    out = {submit(task) for task in islice(tasks, AHEAD * n_workers)}
    while out:
        finished, out = wait(out, return_when=FIRST_COMPLETED)
        out |= {submit(task) for task in islice(tasks, len(finished))}
        for future in finished:
            yield future.result()


class Processes:
    """Does tasks in fresh processes of this machine.

    Parameters
    ----------
    n_workers
        Number of processes.
    """

    def __init__(self, n_workers: int) -> None:
        self._n_workers = n_workers

    def map[Task, Result](
        self, function: Callable[[Task], Result], tasks: Iterable[Task]
    ) -> Generator[Result]:
        """Give `function` of each task as soon as it is known, in no fixed order.

        Parameters
        ----------
        function
            Sent to each process once.
        tasks
            Can be pickled.

        Yields
        ------
        Result
            In no fixed order.
        """
        pool = ProcessPoolExecutor(
            self._n_workers, mp_context=get_context("spawn"), initializer=_receive, initargs=(function,)
        )
        try:
            yield from as_finished(lambda task: pool.submit(_do, task), iter(tasks), self._n_workers)
        except BrokenProcessPool:
            problem = "one of the processes was killed, or ran out of memory"
            raise InvalidInput([Fault("--workers", "", problem, "fewer of them")]) from None
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


_received: list[Callable[[Any], Any]] = []
"""In a worker: the function that its tasks are given to."""


def _receive(function: Callable[[Any], Any]) -> None:
    """Keep the function; leave Ctrl-C to the parent, which tells the workers to stop."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _received[:] = [function]


def _do(task: Any) -> Any:
    return _received[0](task)


class Threads:
    """Does tasks in threads of this process.

    Parameters
    ----------
    n_workers
        Number of threads.

    Examples
    --------
    >>> sorted(Threads(2).map(abs, [-1, 2, -3]))
    [1, 2, 3]
    """

    def __init__(self, n_workers: int) -> None:
        self._n_workers = n_workers

    def map[Task, Result](
        self, function: Callable[[Task], Result], tasks: Iterable[Task]
    ) -> Generator[Result]:
        """Give `function` of each task as soon as it is known, in no fixed order.

        Parameters
        ----------
        function
            Called in several threads at a time.
        tasks
            Any values.

        Yields
        ------
        Result
            In no fixed order.
        """
        pool = ThreadPoolExecutor(self._n_workers)
        try:
            yield from as_finished(lambda task: pool.submit(function, task), iter(tasks), self._n_workers)
        finally:
            pool.shutdown(wait=True, cancel_futures=True)
