"""Tasks done by processes of this machine: for those that spend their time in Python, as whole runs do.

They take seconds to start.
"""

import signal
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from typing import Any

from sim.faults import Fault, InvalidInputError
from sim.parallel.pooled import as_finished


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
            yield from as_finished(lambda task: pool.submit(_do, task), iter(tasks), self._n_workers)
        except BrokenProcessPool:
            problem = "one of the processes was killed, or ran out of memory"
            raise InvalidInputError([Fault("--workers", "", problem, "fewer of them")]) from None
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
