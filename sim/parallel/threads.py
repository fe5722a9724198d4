"""Tasks done by threads of this process: for those that spend their time in array operations.

numpy, scipy's special functions and numexpr let other threads run while they work, so that draws made in
blocks of many thousand share the cores; and threads start at once, where a fresh process first imports for
seconds. ``benchmarks/test_streaming.py`` measures both.
"""

from collections.abc import Callable, Generator, Iterable
from concurrent.futures import ThreadPoolExecutor

from sim.parallel.pooled import as_finished


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
        """Give `function` of each task as soon as it is known, in no fixed order."""
        pool = ThreadPoolExecutor(self._n_workers)
        try:
            yield from as_finished(lambda task: pool.submit(function, task), iter(tasks), self._n_workers)
        finally:
            pool.shutdown(wait=True, cancel_futures=True)
