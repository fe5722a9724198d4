"""Tasks done by the workers of a Dask cluster that is already there."""

import pickle
import re
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from typing import TYPE_CHECKING, Any

from sim.faults import Fault, InvalidInput

if TYPE_CHECKING:
    from distributed import Client

SECONDS_TO_ANSWER = 3
AHEAD = 2
"""Tasks handed out for each thread of a worker."""
ADDRESS = re.compile(r"[a-z]+://\S+:\d+")
INSTALL = "pip install distributed, which is what sim's extra dask holds"


class Cluster:
    """Does tasks on the workers of a Dask cluster; a task whose worker is lost is done again by another.

    The function lies in the task graph, which the scheduler keeps, so that a worker that joins late, or in
    place of a lost one, gets it too.

    Parameters
    ----------
    client
        Connected to the cluster's scheduler. Workers can import ``sim``.
    """

    def __init__(self, client: "Client") -> None:
        self._client = client

    def map[Task, Result](
        self, function: Callable[[Task], Result], tasks: Iterable[Task]
    ) -> Generator[Result]:
        """Give `function` of each task as soon as it is known, in no fixed order.

        Parameters
        ----------
        function
            Sent to each worker once.
        tasks
            Can be pickled.

        Yields
        ------
        Result
            In no fixed order.
        """
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
def connected(address: str) -> Generator[Cluster]:
    """Connect to the scheduler of a Dask cluster for as long as the context lasts.

    Parameters
    ----------
    address
        As the scheduler prints it: ``tcp://host:port``.

    Raises
    ------
    InvalidInput
        If Dask is not installed, or nothing answers at the address within three seconds, or the scheduler has
        no workers.
    """
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
        yield Cluster(client)
