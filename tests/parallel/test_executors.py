"""Executors of this machine: every task once, errors as they are, no task begun after closing."""

import itertools
import os
import threading

import pytest

from sim.faults import InvalidInput
from sim.parallel import Processes, SerialExecutor, Threads, executor_for
from tests.parallel.functions import process_of, refused, slow_square, thread_of

EXECUTORS = [SerialExecutor(), Processes(2), Threads(2)]


@pytest.mark.parametrize("executor", EXECUTORS, ids=["serial", "processes", "threads"])
def test_every_task_is_done_once(executor):
    assert sorted(executor.map(slow_square, range(9))) == [(n, n * n) for n in range(9)]


def test_processes_are_others_and_as_many_as_asked():
    found = set(Processes(2).map(process_of, range(8)))
    assert len(found) == 2
    assert os.getpid() not in found


@pytest.mark.parametrize("executor", EXECUTORS, ids=["serial", "processes", "threads"])
def test_the_faults_of_a_task_reach_the_caller(executor):
    with pytest.raises(InvalidInput) as error:
        list(executor.map(refused, range(6)))
    (fault,) = error.value.faults
    assert (fault.file, fault.key, fault.problem) == ("three.toml", "a.b", "3 is not allowed")


def test_threads_are_as_many_as_asked():
    found = set(Threads(2).map(thread_of, range(8)))
    assert len(found) == 2
    assert threading.get_ident() not in found


def test_one_worker_is_this_thread_and_more_are_of_the_kind_asked():
    with (
        executor_for(1, kind="threads") as one,
        executor_for(2, kind="threads") as two,
        executor_for(2) as other,
    ):
        assert [type(executor) for executor in (one, two, other)] == [SerialExecutor, Threads, Processes]


@pytest.mark.parametrize("executor", [Processes(2), Threads(2)], ids=["processes", "threads"])
def test_tasks_are_taken_as_they_are_needed_and_closing_drops_the_rest(executor):
    taken = itertools.count()
    endless = (next(taken) for _ in itertools.repeat(None))
    results = executor.map(slow_square, endless)
    next(results)
    results.close()
    assert next(taken) <= 8  # four out at a time, four more at most when some finish together


@pytest.mark.parametrize(
    ("n_workers", "scheduler", "words"),
    [(0, None, "0 workers"), (2, "tcp://127.0.0.1:1", "one or the other")],
)
def test_what_cannot_be_is_refused(n_workers: int, scheduler: str | None, words: str):
    with (
        pytest.raises(InvalidInput, match=words),
        executor_for(n_workers, scheduler),
    ):
        pass
