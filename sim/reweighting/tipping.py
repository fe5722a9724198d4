r"""How far a prior must move before the verdict turns.

The verdict is whether :math:`P(Y > t)` exceeds one half, that is, whether the median of the outcome is above
t. Each prior is tilted (:mod:`sim.reweighting.tilting`) until the median of the outcome is t. The outcome is
evaluated anew at the shifted draws, which is exact: no weights are involved, so that there is no limit to how
far a prior can be followed. (Weights serve laws stated anew, :mod:`sim.reweighting.reweight`, of which no
draws are at hand.)
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy.optimize import brentq

from sim.engine.experiment import Experiment
from sim.faults import Fault, InvalidInputError
from sim.outcomes import Array
from sim.results import Results
from sim.reweighting.tilting import Scale, Tilted, tilted_priors
from sim.scenario.schema import Scenario
from sim.summary.estimate import estimate

STEPS = {
    "log": 0.125 * 2.0 ** np.arange(8),
    "logit": 0.125 * 2.0 ** np.arange(8),
    "value": 0.125 * 2.0 ** np.arange(10),
}
"""Shifts that are tried, either way: up to a factor of nine million; of values, in standard deviations."""
SLOPE_STEP = 0.02
TOLERANCE = 1e-7


@dataclass(frozen=True)
class TippingPoint:
    """Where the verdict turns as one prior moves.

    Parameters
    ----------
    parameter
        Name; a component of a Dirichlet as ``name.component``.
    unit, scale
        Its unit, and what is shifted: ``log``, ``logit`` or ``value``.
    threshold
        t, in the outcome's unit.
    p_above
        P(outcome > t) as it was run.
    turns
        Whether a shift was found that brings it to one half.
    shift, shift_error
        The smallest such shift on its scale, and its Monte Carlo error (that of the outcome's median over
        the slope of the median in the shift); nan where nothing turns it.
    median_before, median_after
        Of the parameter.
    percentile
        How much of the law that was run lies up to `median_after`, in percent.
    note
        Where nothing turns it: how far the prior was followed.
    """

    parameter: str
    unit: str
    scale: Scale
    threshold: float
    p_above: float
    turns: bool
    shift: float
    shift_error: float
    median_before: float
    median_after: float
    percentile: float
    note: str = ""

    @property
    def factor(self) -> float:
        """By what the median is multiplied; nan for a quantity that can be negative."""
        return math.nan if self.scale == "value" else self.median_after / self.median_before

    @property
    def difference(self) -> float:
        """What is added to the median."""
        return self.median_after - self.median_before


def tipping_points(scenario: Scenario, results: Results) -> tuple[TippingPoint, ...]:
    """Return where the verdict at each threshold of the report turns, for each prior with a continuous law.

    Parameters
    ----------
    scenario, results
        The run.

    Raises
    ------
    InvalidInputError
        If the report states no thresholds, or no prior has a continuous law.
    """
    if not scenario.report.thresholds:
        problem = "no thresholds are stated, so that there is no verdict to turn"
        raise InvalidInputError([Fault(scenario.name, "report.thresholds", problem, "such as [1, 4, 100]")])
    priors = tuple(tilted_priors(scenario, results))
    if not priors:
        problem = "no parameter has a continuous distribution that could be moved"
        raise InvalidInputError([Fault(scenario.name, "parameters", problem)])
    experiment = Experiment(scenario, results)
    moved = [MovedPrior(experiment, prior) for prior in priors]
    return tuple(each.point(threshold) for each in moved for threshold in scenario.report.thresholds)


class MovedPrior:
    """The outcome as one prior moves.

    Parameters
    ----------
    experiment
        The run, and the evaluation of other samples.
    prior
        The prior that moves.
    """

    def __init__(self, experiment: Experiment, prior: Tilted) -> None:
        self.experiment = experiment
        self.prior = prior
        self.draws = experiment.first.columns[prior.name]
        self.step = 1.0 if prior.scale != "value" else float(np.std(self.draws))
        self._medians: dict[float, float] = {}

    def outcome(self, shift: float) -> Array:
        """Return the reported outcome after a shift, (randomisation, draw).

        Raises
        ------
        InvalidInputError
            If it is not finite in some draw.
        """
        columns = self.prior.columns(self.experiment.first.columns, shift)
        return self.experiment.evaluate(self.experiment.first.replace(columns, {}))

    def median(self, shift: float) -> float:
        """Return the median of the outcome after a shift, nan where the outcome is not finite."""
        if shift not in self._medians:
            try:
                self._medians[shift] = float(np.median(self.outcome(shift)))
            except InvalidInputError:  # the formula ends here; whoever asks is told by nan
                self._medians[shift] = math.nan
        return self._medians[shift]

    def point(self, threshold: float) -> TippingPoint:
        """Return where the verdict at a threshold turns."""
        prior, now = self.prior, self.experiment.outcome
        shift = self._least_shift(threshold)
        turns = math.isfinite(shift)
        after = float(prior.moved(np.array([prior.median]), shift)[0])
        return TippingPoint(
            parameter=prior.name,
            unit=prior.unit,
            scale=prior.scale,
            threshold=threshold,
            p_above=float(np.mean(now > threshold)),
            turns=turns,
            shift=shift,
            shift_error=self._error(shift) if turns else math.nan,
            median_before=prior.median,
            median_after=after,
            percentile=prior.percentile(after, self.draws) if turns else math.nan,
            note="" if turns else self._followed(),
        )

    def _least_shift(self, threshold: float) -> float:
        roots = [self._root(threshold, sign) for sign in (1.0, -1.0)]
        return min((root for root in roots if math.isfinite(root)), key=abs, default=math.nan)

    def _root(self, threshold: float, sign: float) -> float:
        """Return the first shift in one direction at which the median is the threshold, or nan."""
        before = 0.0
        for place in self._places(sign):
            if (self.median(place) > threshold) != (self.median(before) > threshold):
                found = brentq(lambda at: self.median(at) - threshold, before, place, xtol=TOLERANCE)
                return float(found)
            before = place
        return math.nan

    def _places(self, sign: float) -> Iterator[float]:
        """Yield shifts in one direction, as far as the outcome is finite."""
        for step in STEPS[self.prior.scale]:
            place = sign * self.step * float(step)
            if not math.isfinite(self.median(place)):
                return
            yield place

    def _error(self, shift: float) -> float:
        """Return the Monte Carlo error of a root: that of the median, over its slope."""
        width = SLOPE_STEP * self.step
        slope = (self.median(shift + width) - self.median(shift - width)) / (2 * width)
        error = estimate(np.median, self.outcome(shift)).error
        return error / abs(slope) if slope else math.nan

    def _followed(self) -> str:
        """Say how far the prior was moved in vain."""
        words = []
        for sign, direction in ((1.0, "up"), (-1.0, "down")):
            last = max((abs(place) for place in self._places(sign)), default=0.0)
            full = last == self.step * float(STEPS[self.prior.scale][-1])
            by = f"{direction} by {self._words(last)}"
            words.append(by if full else f"{by} (beyond, the outcome is not finite)")
        return f"not within {' or '.join(words)}"

    def _words(self, shift: float) -> str:
        match self.prior.scale:
            case "log":
                return f"a factor of {math.exp(shift):.2g}"
            case "logit":
                return f"{shift:g} of its logit"
            case "value":
                return f"{shift / self.step:g} standard deviations"
