"""What does tasks, and the simplest of its kind."""

from collections.abc import Callable, Generator, Iterable
from typing import Protocol


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
            Sent to each worker once, with all it holds; it and what it returns can be pickled.
        tasks
            Small values that can be pickled.

        Yields
        ------
        Result
            In no fixed order.
        """
        ...


class Serial:
    """Does tasks one after the other, in order, in this thread.

    Examples
    --------
    >>> list(Serial().map(abs, [-1, 2]))
    [1, 2]
    """

    def map[Task, Result](
        self, function: Callable[[Task], Result], tasks: Iterable[Task]
    ) -> Generator[Result]:
        """Give `function` of each task.

        Parameters
        ----------
        function
            Called here.
        tasks
            Any values.

        Yields
        ------
        Result
            In the order of the tasks.
        """
        for task in tasks:
            yield function(task)
