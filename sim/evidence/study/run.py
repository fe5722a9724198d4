"""The trials of a study, run here or spread over processes."""

import signal
from collections.abc import Generator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context

from sim.evidence.study.methods import StudyMethod
from sim.evidence.study.simulated import SimulatorName
from sim.evidence.study.trial import Study, Trial, TrialKey, run_trials_of_survey


def keys_of(
    study: Study, simulators: Sequence[SimulatorName], methods: Sequence[StudyMethod], n_simulations: int
) -> tuple[TrialKey, ...]:
    """Return the keys of a study's trials, survey by survey, so that a part of them is balanced."""
    return tuple(
        study.key(number, simulator, method)
        for number in range(n_simulations)
        for simulator in simulators
        for method in methods
    )


def run_trials(study: Study, keys: Sequence[TrialKey], n_workers: int) -> Generator[Trial]:
    """Run trials and give each as soon as its survey is finished; with several workers, in no fixed order.

    Methods that are to see one survey see it together, and share a fit of the model. The numbers do not
    depend on the number of workers. Closing the iterator drops the surveys not begun.

    Parameters
    ----------
    study
        What the trials share.
    keys
        Of the trials to run.
    n_workers
        Processes; with 1 the trials run in this one.
    """
    surveys: dict[tuple[str, int], list[TrialKey]] = {}
    for key in keys:
        surveys.setdefault((key.simulator, key.number), []).append(key)
    if n_workers == 1:
        for those in surveys.values():
            yield from run_trials_of_survey(study, those)
        return
    executor = ProcessPoolExecutor(n_workers, mp_context=get_context("spawn"), initializer=_leave_interrupts)
    try:
        jobs = [executor.submit(run_trials_of_survey, study, those) for those in surveys.values()]
        for finished in as_completed(jobs):
            yield from finished.result()
    finally:
        executor.shutdown(wait=True, cancel_futures=True)


def _leave_interrupts() -> None:
    """Let the parent alone answer Ctrl-C: it tells the workers to stop."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
