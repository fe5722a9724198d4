"""The points of a sweep, run here, spread over processes, or on a cluster."""

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from functools import cache

import sim
from sim.engine.variants import Variants
from sim.faults import Fault, InvalidInputError
from sim.parallel import Executor, executor_for
from sim.scenario.schema import Scenario
from sim.sweep.axes import OPTION, Axis
from sim.sweep.evaluate import Found, values_of
from sim.sweep.grid import Point, words_of


def run_points(axes: Sequence[Axis], points: Sequence[Point], n_workers: int) -> Generator[Found]:
    """Run points and give each as soon as it is finished; with several workers, in no fixed order.

    All points share the seed, so that the curve over them is smooth. The numbers do not depend on the number
    of workers. Closing the iterator drops the points not begun.

    Parameters
    ----------
    axes
        For the words of an error.
    points
        To run.
    n_workers
        Processes; with 1 the points run in this one.

    Raises
    ------
    InvalidInputError
        If an outcome is not finite at a point, which is named.
    """
    if n_workers == 1:
        variants = Variants()
        for point in points:
            with_words = words_of(axes, point.texts)
            yield _found(point.scenario, point.digest, with_words, variants)
        return
    with executor_for(n_workers) as executor:
        yield from run_points_by(executor, axes, points)


def run_points_by(executor: Executor, axes: Sequence[Axis], points: Sequence[Point]) -> Generator[Found]:
    """Run points wherever an executor does its tasks, as :func:`run_points` does.

    Parameters
    ----------
    executor
        Runs the points.
    axes, points
        As there.
    """
    jobs = [
        _Job(point.scenario.model_dump_json(), point.digest, words_of(axes, point.texts)) for point in points
    ]
    finished = executor.map(_run_there, jobs)
    try:
        yield from finished
    finally:
        finished.close()


@dataclass(frozen=True)
class _Job:
    """A point as it is sent to a worker: the models of parameters cannot be pickled, JSON can."""

    scenario: str
    digest: str
    place: str


def _found(scenario: Scenario, digest: str, place: str, variants: Variants) -> Found:
    try:
        return Found(digest, sim.__version__, values_of(scenario, variants))
    except InvalidInputError as error:
        faults = [Fault(OPTION, f"{place}: {each.key}", each.problem, each.allowed) for each in error.faults]
        raise InvalidInputError(faults) from None


@cache
def _variants_of_this_process() -> Variants:
    return Variants()


def _run_there(job: _Job) -> Found:
    scenario = Scenario.model_validate_json(job.scenario)
    return _found(scenario, job.digest, job.place, _variants_of_this_process())
