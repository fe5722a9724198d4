"""Where independent tasks are done: here, in processes or threads of this machine, or on a Dask cluster.

Results are taken as they come. Processes are for tasks that spend their time in Python, as whole runs do;
they take seconds to start. Threads are for array operations: numpy, scipy's special functions and numexpr let
other threads run while they work, and threads start at once. ``benchmarks/test_streaming.py`` measures both.
"""

import pickle
import re
import signal
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, ProcessPoolExecutor, ThreadPoolExecutor, wait
from concurrent.futures import Executor as PoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from itertools import islice
from multiprocessing import get_context
from typing import TYPE_CHECKING, Any, Literal, Protocol, override

from sim.faults import Fault, InvalidInput

if TYPE_CHECKING:
    from distributed import Client

AHEAD = 2
"""Tasks handed out for each worker, or thread of one, so that none waits for the next."""
SECONDS_TO_ANSWER = 3
ADDRESS = re.compile(r"[a-z]+://\S+:\d+")
INSTALL = "pip install distributed, which is what sim's extra dask holds"


class Executor(Protocol):
    """Does independent tasks, somewhere.

    A result must say what it belongs to: with several workers results come in no fixed order. Tasks are taken
    from their iterator as workers become free, so that there may be any number of them.
    """

    def map[Task, Result](
        self, function: Callable[[Task], Result], tasks: Iterable[Task]
    ) -> Generator[Result]:
        """Give `function` of each task as soon as it is known.

        Closing the generator drops the tasks not begun. An exception that a task raises is raised here.

        Parameters
        ----------
        function
            Function of one task. It is sent to each worker once, with all it holds, so that it and what it
            returns can be pickled.
        tasks
            The tasks, small values that can be pickled.

        Yields
        ------
        Result
            The result of each task, in no fixed order.
        """
        ...


class SerialExecutor(Executor):
    """Does tasks one after the other, in order, in this thread.

    Examples
    --------
    >>> list(SerialExecutor().map(abs, [-1, 2]))
    [1, 2]
    """

    @override
    def map[Task, Result](
        self, function: Callable[[Task], Result], tasks: Iterable[Task]
    ) -> Generator[Result]:
        for task in tasks:
            yield function(task)


def _as_finished[Task, Result](
    pool: PoolExecutor, function: Callable[[Task], Result], stated: Iterable[Task], n_workers: int
) -> Generator[Result]:
    """Give the result of each task as soon as it is known; tasks are taken as workers become free."""
    tasks = iter(stated)
    try:
        out = {pool.submit(function, task) for task in islice(tasks, AHEAD * n_workers)}
        while out:
            finished, out = wait(out, return_when=FIRST_COMPLETED)
            out |= {pool.submit(function, task) for task in islice(tasks, len(finished))}
            for future in finished:
                yield future.result()
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


class Processes(Executor):
    """Does tasks in fresh processes of this machine."""

    def __init__(self, n_workers: int) -> None:
        self._n_workers = n_workers

    @override
    def map[Task, Result](
        self, function: Callable[[Task], Result], tasks: Iterable[Task]
    ) -> Generator[Result]:
        pool = ProcessPoolExecutor(
            self._n_workers, mp_context=get_context("spawn"), initializer=_receive, initargs=(function,)
        )
        try:
            yield from _as_finished(pool, _do, tasks, self._n_workers)
        except BrokenProcessPool:
            problem = "one of the processes was killed, or ran out of memory"
            raise InvalidInput([Fault("--workers", "", problem, "fewer of them")]) from None


_received: list[Callable[[Any], Any]] = []
"""The function that a worker gives its tasks to."""


def _receive(function: Callable[[Any], Any]) -> None:
    """Keep the function; leave Ctrl-C to the parent, which tells the workers to stop."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _received[:] = [function]


def _do(task: Any) -> Any:
    return _received[0](task)


class Threads(Executor):
    """Does tasks in threads of this process.

    Examples
    --------
    >>> sorted(Threads(2).map(abs, [-1, 2, -3]))
    [1, 2, 3]
    """

    def __init__(self, n_workers: int) -> None:
        self._n_workers = n_workers

    @override
    def map[Task, Result](
        self, function: Callable[[Task], Result], tasks: Iterable[Task]
    ) -> Generator[Result]:
        yield from _as_finished(ThreadPoolExecutor(self._n_workers), function, tasks, self._n_workers)


class _Cluster(Executor):
    """Does tasks on the workers of a Dask cluster; a task whose worker is lost is done again by another.

    The function lies in the task graph, which the scheduler keeps, so that a worker that joins late, or in
    place of a lost one, gets it too. Workers can import ``sim``.
    """

    def __init__(self, client: "Client") -> None:
        self._client = client

    @override
    def map[Task, Result](
        self, function: Callable[[Task], Result], tasks: Iterable[Task]
    ) -> Generator[Result]:
        from distributed import as_completed

        shared = self._client.submit(pickle.loads, pickle.dumps(function), pure=False)
        rest = iter(tasks)
        out = as_completed(self._submit(shared, islice(rest, self._n_out())), loop=self._client.loop)
        done = False
        try:
            for future in out:
                for another in self._submit(shared, islice(rest, 1)):
                    out.add(another)
                yield future.result()
                future.release()
            done = True
        finally:
            if not done:
                self._client.cancel([shared, *out.futures])

    def _submit(self, shared: Any, tasks: Iterator[Any]) -> list[Any]:
        return [self._client.submit(_apply, shared, task, pure=False, retries=3) for task in tasks]

    def _n_out(self) -> int:
        n_threads: int = sum(self._client.nthreads().values())
        return AHEAD * max(1, n_threads)


def _apply(function: Callable[[Any], Any], task: Any) -> Any:
    return function(task)


@contextmanager
def _connect(address: str) -> Generator[_Cluster]:
    """Connect to the scheduler of a Dask cluster, ``tcp://host:port``, for as long as the context lasts."""
    try:
        from distributed import Client
    except ModuleNotFoundError:
        problem = f"{address} needs Dask, which is not installed"
        raise InvalidInput([Fault("--scheduler", "", problem, INSTALL)]) from None
    if not ADDRESS.fullmatch(address):
        problem = f"{address!r} is no address of a Dask scheduler"
        raise InvalidInput([Fault("--scheduler", "", problem, "tcp://HOST:PORT")])
    try:
        client = Client(address, timeout=SECONDS_TO_ANSWER, set_as_default=False)
    except (OSError, ValueError) as error:
        problem = (
            f"no Dask scheduler answers at {address!r}: {str(error).splitlines()[0] if str(error) else ''}"
        )
        raise InvalidInput([Fault("--scheduler", "", problem, "tcp://HOST:PORT")]) from None
    with client:
        if not client.nthreads():
            problem = f"the scheduler at {address} has no workers"
            raise InvalidInput([Fault("--scheduler", "", problem, f"dask worker {address}")])
        yield _Cluster(client)


__all__ = ["Executor", "SerialExecutor", "executor_for"]


@contextmanager
def executor_for(
    n_workers: int = 1, scheduler: str | None = None, kind: Literal["processes", "threads"] = "processes"
) -> Generator[Executor]:
    """Give the executor for a number of workers, or for the scheduler of a Dask cluster.

    Parameters
    ----------
    n_workers
        Number of workers; 1 for this thread.
    scheduler
        Address of a Dask scheduler, whose cluster decides how many workers there are.
    kind
        What several workers of this machine are: processes for tasks that are mostly Python, threads for
        those that are mostly array operations.

    Yields
    ------
    Executor
        The executor, for as long as the context lasts.

    Raises
    ------
    InvalidInput
        If the number is below 1, both are stated, or the cluster cannot be used.

    Examples
    --------
    >>> with executor_for(1) as executor:
    ...     list(executor.map(abs, [-1, 2]))
    [1, 2]
    """
    if n_workers < 1:
        raise InvalidInput([Fault("--workers", "", f"{n_workers} workers", "1 or more")])
    if scheduler is None:
        workers = Processes if kind == "processes" else Threads
        yield SerialExecutor() if n_workers == 1 else workers(n_workers)
        return
    if n_workers > 1:
        problem = f"{n_workers} workers and the scheduler {scheduler}: one or the other"
        raise InvalidInput([Fault("--workers", "", problem, "--workers, or --scheduler")])
    with _connect(scheduler) as cluster:
        yield cluster
