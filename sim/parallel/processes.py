"""Tasks done by processes of this machine.

Processes rather than threads: much of a block's time is spent in Python and in numexpr, which lets one thread
in at a time. They take seconds to start; ``benchmarks/test_streaming.py`` prints both.
"""

import signal
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from itertools import islice
from multiprocessing import get_context
from typing import Any

from sim.faults import Fault, InvalidInputError

AHEAD = 2
"""Tasks handed out for each worker, so that none waits for the next."""


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
        """Give `function` of each task as soon as it is known, in no fixed order."""
        pool = ProcessPoolExecutor(
            self._n_workers, mp_context=get_context("spawn"), initializer=_receive, initargs=(function,)
        )
        try:
            yield from _as_finished(pool, iter(tasks), AHEAD * self._n_workers)
        except BrokenProcessPool:
            problem = "one of the processes was killed, or ran out of memory"
            raise InvalidInputError([Fault("--workers", "", problem, "fewer of them")]) from None
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def _as_finished[Task](pool: ProcessPoolExecutor, tasks: Iterator[Task], n_out: int) -> Generator[Any]:
    out: set[Future[Any]] = {pool.submit(_do, task) for task in islice(tasks, n_out)}
    while out:
        finished, out = wait(out, return_when=FIRST_COMPLETED)
        out |= {pool.submit(_do, task) for task in islice(tasks, len(finished))}
        for future in finished:
            yield future.result()


_received: list[Callable[[Any], Any]] = []
"""In a worker: the function that its tasks are given to."""


def _receive(function: Callable[[Any], Any]) -> None:
    """Keep the function; leave Ctrl-C to the parent, which tells the workers to stop."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _received[:] = [function]


def _do(task: Any) -> Any:
    return _received[0](task)
