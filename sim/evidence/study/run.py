"""The trials of a study, run here, spread over processes, or on a cluster."""

from collections.abc import Generator, Sequence
from functools import partial

from sim.evidence.study.methods import StudyMethod
from sim.evidence.study.simulated import SimulatorName
from sim.evidence.study.trial import Study, Trial, TrialKey, run_trials_of_survey
from sim.parallel import Executor, executor_for


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
    """Run trials in processes of this machine, as :func:`run_trials_by` does.

    Parameters
    ----------
    study, keys
        As there.
    n_workers
        Processes; with 1 the trials run in this one.
    """
    with executor_for(n_workers) as executor:
        yield from run_trials_by(executor, study, keys)


def run_trials_by(executor: Executor, study: Study, keys: Sequence[TrialKey]) -> Generator[Trial]:
    """Run trials and give each as soon as its survey is finished; with several workers, in no fixed order.

    Methods that are to see one survey see it together, and share a fit of the model. The numbers do not
    depend on who runs the trials. Closing the iterator drops the surveys not begun.

    Parameters
    ----------
    executor
        Runs the trials.
    study
        What the trials share.
    keys
        Of the trials to run.
    """
    surveys: dict[tuple[str, int], list[TrialKey]] = {}
    for key in keys:
        surveys.setdefault((key.simulator, key.number), []).append(key)
    finished = executor.map(partial(run_trials_of_survey, study), list(surveys.values()))
    try:
        for trials in finished:
            yield from trials
    finally:
        finished.close()
