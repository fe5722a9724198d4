r"""What more periods in every repository would leave of the survey's sampling error, before they are drawn.

The present draws of the logarithm of an estimand are :math:`c + e`. A survey with more periods would leave
draws :math:`c' + e'`, with a smaller error e' around an estimate :math:`c'` that is not known yet:

- e' comes from the same evidence method on a survey in which every stratum has its own periods again and
  again, up to the number wanted, moved about their mean so that mean and variance :math:`s_h^2` stay. So
  sampling variances :math:`s_h^2 / n_h` shrink, and the degrees of freedom of the calibrated widening grow.
- :math:`c' = c + \sqrt{1 - \operatorname{Var} e' / \operatorname{Var} e}\; e`, column by column: what the
  new draws will scatter less, their centre scatters now (the law of total variance). Whole rows are taken, so
  that totals and ratios stay joint.

Posteriors of the hierarchical model and of the hybrid are not fitted again: their rows are shrunk about
their mean by :math:`\sqrt{n / (n + m)}` for m periods more than the mean number n, an approximation.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from sim.engine.experiment import Experiment
from sim.engine.inputs import SURVEY
from sim.engine.survey import period_sample
from sim.evidence.methods import METHODS
from sim.evidence.readings import PeriodSample, Stratum
from sim.samplers.base import stream
from sim.types import Array, Indices

LEAST = 1e-12


@dataclass(frozen=True, eq=False)
class LargerSurvey:
    """The survey with more periods, as it may turn out.

    Parameters
    ----------
    n_periods
        Mean number of periods in a stratum that was not observed whole.
    centres
        Logarithm of each estimand as the larger survey may estimate it, (randomisation, outer) by column.
    errors
        Draws of the larger survey's error on the log scale, (randomisation, draw) by column.
    """

    n_periods: float
    centres: Mapping[str, Array]
    errors: Mapping[str, Array]


def larger_survey(experiment: Experiment, extra: int, outer: Indices, n_draws: int) -> LargerSurvey:
    """Return the survey with more periods in every stratum.

    Parameters
    ----------
    experiment
        The experiment of a run whose survey varies.
    extra
        Number of periods more in every stratum; with 0 the centre is the present one.
    outer
        Places of the present draws, whose rows lead to an estimate that the survey may come to,
        (randomisation, outer).
    n_draws
        Number of draws of its error in every randomisation.

    Returns
    -------
    LargerSurvey
        The survey as it may turn out.
    """
    evidence = experiment.scenario.evidence
    assert evidence is not None and evidence.periods is not None
    sample = period_sample(evidence)
    n_periods = _mean_periods(sample)
    logs = _present(experiment)
    errors = _errors(experiment, sample, extra, n_draws) if extra else {}
    centres: dict[str, Array] = {}
    for name, values in logs.items():
        mean = float(np.mean(values))
        present = values - mean
        if not extra:
            errors[name] = present[:, :n_draws]
        left = min(1.0, float(np.var(errors[name]) / np.var(present)))
        centres[name] = mean + np.sqrt(1.0 - left) * np.take_along_axis(present, outer, axis=1)
    return LargerSurvey(n_periods + extra, centres, {name: errors[name] for name in logs})


def _mean_periods(sample: PeriodSample) -> float:
    """Return the mean number of periods of the strata that more could be drawn of."""
    lengths = [len(stratum.counts) for stratum in sample.strata if stratum.unsampled]
    return float(np.mean(lengths or [len(stratum.counts) for stratum in sample.strata]))


def with_more_periods(sample: PeriodSample, extra: int) -> PeriodSample:
    """Return a survey with more periods in every stratum that has them, their mean and variance as they are.

    Own periods are repeated in turn; deviations from the mean are stretched, unit by unit, so that the
    variance (with n - 1) stays. Counts may come out a little below zero.

    Parameters
    ----------
    sample
        The survey in one reading.
    extra
        Number of further periods of each stratum.

    Returns
    -------
    PeriodSample
        The survey with as many periods more.
    """
    parts = [
        (stratum, _stretched(stratum, int(min(extra, max(stratum.population - len(stratum.counts), 0)))))
        for stratum in sample.strata
    ]
    population = np.concatenate([np.full(len(counts), stratum.population) for stratum, counts in parts])
    names = np.concatenate([np.full(len(counts), stratum.name) for stratum, counts in parts])
    repositories = np.concatenate([np.full(len(counts), stratum.repository) for stratum, counts in parts])
    counts = np.concatenate([counts for _, counts in parts])
    start = np.full(len(counts), sample.start.min())
    return replace(
        sample, stratum=names, repository=repositories, start=start, counts=counts, population=population
    )


def _stretched(stratum: Stratum, extra: int) -> Array:
    own = stratum.counts
    if not extra:
        return own
    longer = own[np.arange(len(own) + extra) % len(own)]
    deviations = longer - longer.mean(axis=0)
    spread = deviations.std(axis=0, ddof=1)
    wanted = own.std(axis=0, ddof=1)
    stretch = np.divide(wanted, spread, out=np.ones_like(spread), where=spread > 0)
    return np.asarray(own.mean(axis=0) + stretch * deviations, dtype=np.float64)


def _errors(experiment: Experiment, sample: PeriodSample, extra: int, n_draws: int) -> dict[str, Array]:
    """Return the errors of every column that a larger survey would leave."""
    scenario = experiment.scenario
    assert scenario.evidence is not None
    n_randomisations = experiment.first.shape[0]
    method = METHODS[scenario.evidence.method]
    if method.has_posterior:
        n_periods = _mean_periods(sample)
        shrink = np.sqrt(n_periods / (n_periods + extra))
        return {
            name: shrink * (values - np.mean(values))[:, :n_draws]
            for name, values in _present(experiment).items()
        }
    if not method.has_error:
        raise ValueError("point estimates have no sampling error that more periods could lessen")
    longer, n_errors = with_more_periods(sample, extra), n_randomisations * n_draws
    rng_for = partial(stream, scenario.seed, SURVEY)
    drawn = method.draw(longer, scenario.evidence.references, n_errors, rng_for)
    logs = {name: _log(column) for name, column in drawn.columns.items()}
    return {
        name: (values - np.mean(values)).reshape(n_randomisations, n_draws) for name, values in logs.items()
    }


def _present(experiment: Experiment) -> dict[str, Array]:
    """Return the logarithms of the survey's columns that vary, (randomisation, draw)."""
    columns = next(each.columns for each in experiment.inputs if each.name == SURVEY)
    drawn = {name: experiment.first.columns[name] for name in columns}
    return {name: _log(values) for name, values in drawn.items() if np.ptp(values) > 0}


def _log(values: Array) -> Array:
    """Return logarithms; a replicate with nothing in it is held at a trillionth of the mean."""
    return np.asarray(np.log(np.maximum(values, LEAST * np.mean(values))), dtype=np.float64)
