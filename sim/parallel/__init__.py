"""Where independent tasks are done: here, in processes of this machine, or on a Dask cluster."""

from collections.abc import Generator
from contextlib import contextmanager
from typing import Literal

from sim.faults import Fault, InvalidInput
from sim.parallel.executors import Executor, Processes, Serial, Threads, connect

__all__ = ["Executor", "Serial", "executor_for"]


@contextmanager
def executor_for(
    n_workers: int = 1, scheduler: str | None = None, kind: Literal["processes", "threads"] = "processes"
) -> Generator[Executor]:
    """Give the executor for a number of workers, or for the scheduler of a Dask cluster.

    Parameters
    ----------
    n_workers
        1 for this thread; more for as many workers.
    scheduler
        Address of a Dask scheduler; with it the cluster decides how many workers there are.
    kind
        Of several workers of this machine: processes for tasks that are mostly Python, threads for those that
        are mostly array operations.

    Yields
    ------
    Executor
        For as long as the context lasts.

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
        yield Serial() if n_workers == 1 else workers(n_workers)
        return
    if n_workers > 1:
        problem = f"{n_workers} workers and the scheduler {scheduler}: one or the other"
        raise InvalidInput([Fault("--workers", "", problem, "--workers, or --scheduler")])
    with connect(scheduler) as cluster:
        yield cluster
