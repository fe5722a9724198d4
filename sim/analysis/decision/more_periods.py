r"""What more periods per repository would buy: a narrower interval, and a better decision.

Preposterior analysis (Raiffa and Schlaifer 1961): for each of many estimates that a larger survey may come to
(:mod:`sim.analysis.decision.larger_survey`), the outcome is drawn again with the error it would then have.
The ends of its interval are averaged over these, and

.. math:: EVSI = E_{c'} \max(E[b \mid c'], 0) - \max(E b, 0)

for net benefit b (:mod:`sim.analysis.decision.net_benefit`).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from sim.analysis.decision.information import Strata, WorthTable, draw_strata
from sim.analysis.decision.larger_survey import LargerSurvey, larger_survey
from sim.analysis.decision.net_benefit import MeanSides
from sim.analysis.decision.response import Response
from sim.draws.draw import Draws
from sim.engine.experiment import Experiment
from sim.engine.inputs import SURVEY
from sim.samplers.base import stream
from sim.summary.estimate import Estimate, standard_error
from sim.summary.intervals import interval
from sim.types import Array, Transform

EXTRA = (0, 5, 15)
N_OUTER = 32
N_DRAWS = 2**10
N_ERRORS = 2**7
COLUMNS = ("extra", "n_periods", "low", "median", "high", "width_ratio", "survey_share", "error")


@dataclass(frozen=True, eq=False)
class Prospect:
    """What a survey with more periods would tell.

    Parameters
    ----------
    extra
        Number of periods more in each stratum.
    n_periods
        Mean number of periods in a stratum.
    ends
        Low end, median and high end of the outcome, on the log scale where the present outcome is positive
        in every draw, averaged over what the survey may come to, (randomisation, end).
    shares
        Survey's part of the variance on that scale, and the whole, (randomisation, 2).
    sides
        Mean numerator and denominator for each estimate it may come to.
    """

    extra: int
    n_periods: float
    ends: Array
    shares: Array
    sides: MeanSides


def prospects(experiment: Experiment) -> tuple[Prospect, ...]:
    """Return what a run's survey tells now, and what it would with 5 and 15 more periods in every stratum.

    Of every randomisation 1,024 draws are used, with 128 draws of the survey's error in turn, and 32
    estimates that the larger survey may come to (:func:`sim.analysis.decision.information.draw_strata`).
    Nothing where no survey varies.
    """
    survey = next((set(each.columns) for each in experiment.inputs if each.name == SURVEY), set())
    if not survey:
        return ()
    response = Response(experiment)
    known = response.first.only(name for name in response.columns if name in survey)
    rng = stream(experiment.scenario.seed, "more periods", "estimates")
    outer = draw_strata(response, known, N_OUTER, rng)
    now = Strata(outer.places[:, :1], np.ones((known.shape[0], 1)))
    return tuple(_prospect(response, extra, outer if extra else now) for extra in EXTRA)


def more_periods(experiment: Experiment, found: Sequence[Prospect]) -> pd.DataFrame:
    """Return how an interval would narrow.

    Parameters
    ----------
    experiment
        The experiment of a run.
    found
        What :func:`prospects` gave.

    Returns
    -------
    DataFrame
        ``extra``, ``n_periods``; ``low``, ``median``, ``high`` of the outcome (the report's interval;
        exponential of expected logarithms where the outcome is positive); ``width_ratio`` of the interval
        to the present one, on that scale, and its Monte Carlo ``error``; ``survey_share``, the survey's
        first-order share of the variance on that scale. The first row is the present; its interval is that
        of all draws, and the others are moved from it by what the thinned draws show.
    """
    if not found:
        return pd.DataFrame(columns=COLUMNS)
    present, back = found[0], np.exp if _positive(experiment) else np.asarray
    base = _ends(experiment, experiment.outcome.reshape(1, -1))[0]
    rows = []
    for each in found:
        low, median, high = back(base + np.mean(each.ends - present.ends, axis=0))
        ratio = _ratio(each.ends[:, 2] - each.ends[:, 0], present.ends[:, 2] - present.ends[:, 0])
        share = float(np.mean(each.shares[:, 0]) / np.mean(each.shares[:, 1]))
        rows.append((each.extra, each.n_periods, low, median, high, ratio.value, share, ratio.error))
    return pd.DataFrame(rows, columns=COLUMNS)


def sample_information(
    experiment: Experiment, found: Sequence[Prospect], thresholds: Sequence[float]
) -> pd.DataFrame:
    """Return the expected value of the sample information in more periods, in the form of ``information``.

    Parameters
    ----------
    experiment
        The experiment of a run.
    found
        What :func:`prospects` gave.
    thresholds
        Thresholds that the reported ratio must exceed, as for
        :func:`sim.analysis.decision.information.information`.

    Returns
    -------
    DataFrame
        One row for each number of periods and threshold.
    """
    table = WorthTable(Response(experiment), thresholds)
    for each in found[1:]:
        table.add("EVSI", f"{SURVEY}, {each.extra} more periods", "data", each.sides)
    return table.frame()


def _prospect(response: Response, extra: int, outer: Strata) -> Prospect:
    experiment = response.experiment
    n_draws = max(1, min(N_DRAWS, experiment.first.shape[1] // 2))
    n_errors = min(N_ERRORS, n_draws) if extra else n_draws
    survey = larger_survey(experiment, extra, outer.places, 2 * n_errors)
    rests = [response.needed(sample).thinned(n_draws) for sample in (experiment.first, experiment.second)]
    log: Transform = np.log if _positive(experiment) else np.asarray
    ends, shares, sides = [], [], []
    for place, weights in enumerate(outer.weights):
        own, other = (_surveyed(survey, response, place, half, n_draws) for half in (0, 1))
        one, two = (_rows(rest, place, (len(weights), n_draws)) for rest in rests)
        crossed = [one.replace(own, {}), two.replace(other, {}), one.replace(other, {}), two.replace(own, {})]
        both = [response.sides(sample) for sample in crossed[:2]]
        ends.append(weights @ _ends(experiment, both[0][0] / both[0][1]))
        few = (sample if len(weights) == 1 else sample.thinned(2 * N_ERRORS) for sample in crossed)
        shares.append(weights @ _shares(*(log(response(sample)) for sample in few)))
        sides.append([[np.mean(side, axis=1) for side in pair] for pair in both])
    means = np.asarray(sides)
    numerator, denominator = (means[:, :, side].transpose(1, 0, 2) for side in (0, 1))
    learnt = MeanSides(numerator, denominator, outer.weights)
    return Prospect(extra, survey.n_periods, np.array(ends), np.array(shares), learnt)


def _surveyed(
    survey: LargerSurvey, response: Response, place: int, half: int, n_draws: int
) -> dict[str, Array]:
    """Return the survey's columns in one randomisation, (outer, draw), from one half of its errors."""
    found = {}
    for name, centres in survey.centres.items():
        if name in response.columns:
            errors = np.resize(np.split(survey.errors[name][place], 2)[half], n_draws)
            found[name] = np.exp(centres[place][:, np.newaxis] + errors)
    return found


def _rows(draws: Draws, place: int, shape: tuple[int, ...]) -> Draws:
    return draws.mapped(lambda array: np.broadcast_to(array[place], shape))


def _ends(experiment: Experiment, outcome: Array) -> Array:
    """Return low end, median and high end of each row, (row, end)."""
    stated = experiment.scenario.report.interval
    found = []
    for row in np.log(outcome) if _positive(experiment) else outcome:
        low, high = interval(row, stated.probability, stated.kind)
        found.append((low, float(np.median(row)), high))
    return np.array(found)


def _shares(a: Array, b: Array, a_s: Array, b_s: Array) -> Array:
    """Return the survey's first-order part of the variance and the whole, (row, 2).

    From two samples and their mixtures (Azzini, Mara and Rosati 2021, Environ. Model. Softw. 144:105167).
    """
    part = np.mean(2.0 * (b_s - b) * (a - a_s), axis=1)
    return np.stack([part, np.mean((a - b) ** 2 + (a_s - b_s) ** 2, axis=1)], axis=1)


def _positive(experiment: Experiment) -> bool:
    return bool(np.min(experiment.outcome) > 0)


def _ratio(top: Array, bottom: Array) -> Estimate:
    """Return a ratio of means over randomisations with its Monte Carlo error, by linear approximation."""
    value = float(np.mean(top) / np.mean(bottom))
    residual = (top - value * bottom) / np.mean(bottom)
    return Estimate(value, float(standard_error(residual)))
