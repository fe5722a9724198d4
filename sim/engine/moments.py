"""Whether what an analysis averages has a mean, and a variance."""

from sim.engine.experiment import Experiment
from sim.summary.rows import trust_of
from sim.summary.statistic import NAN, Statistic


def moment_note(experiment: Experiment, statistic: str, *quantities: str) -> str:
    """Return why a moment does not exist, or cannot be trusted; empty where nothing is against it.

    Parameters
    ----------
    experiment
        Of a run.
    statistic
        ``mean`` or ``sd``.
    quantities
        Whose; the reported outcome unless stated.

    Returns
    -------
    str
        As the note of a :class:`sim.summary.row.Row`, for the first quantity that has one.
    """
    values = {**experiment.first.columns, **experiment.evaluate_all(experiment.first)}
    trust = trust_of(experiment.scenario, {(name, ""): draws for name, draws in values.items()})
    keys = [(name, "") for name in quantities or (experiment.scenario.report.outcome,)]
    notes = (trust.note(Statistic(*key, statistic, NAN, "", (key,))) for key in keys)
    return next(filter(None, notes), "")
