r"""How far a prior must move before the verdict turns.

The verdict is whether :math:`P(Y > t)` exceeds one half, that is, whether the median of the outcome is above
t. A law is moved along the scale on which its quantity lives: the quantile function of the tilted law is that
of the law with a shift put behind it, :math:`F_\delta^{-1} = T_\delta \circ F^{-1}`, with
:math:`T_\delta(x)`

- :math:`x e^\delta` for a positive quantity (a shift of the logarithm),
- :math:`1 / (1 + e^{-(\operatorname{logit} x + \delta)})` for a share, of a Dirichlet too, whose other shares
  keep their proportions,
- :math:`x + \delta` for any other.

So the tilted law is known exactly, its median and draws are :math:`T_\delta` of those of the law, and ranks,
hence a copula, stay as they are. The outcome is evaluated anew at the shifted draws: no weights are involved,
so that there is no limit to how far a prior can be followed.
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import takewhile
from typing import Literal

import numpy as np

from sim.analysis.decision.crossings import MedianCurve
from sim.analysis.decision.response import medians
from sim.distributions import ContinuousLaw
from sim.draws.draw import Draws
from sim.engine.experiment import Experiment
from sim.faults import Fault, InvalidInput
from sim.scenario.schema import Scenario
from sim.special_functions import expit, logit
from sim.summary.estimate import spread
from sim.types import Array

PriorScale = Literal["log", "logit", "value"]
STEPS = {
    "log": 0.125 * 2.0 ** np.arange(8),
    "logit": 0.125 * 2.0 ** np.arange(8),
    "value": 0.125 * 2.0 ** np.arange(10),
}
"""Shifts that are tried, either way: up to a factor of nine million; of values, in standard deviations."""


@dataclass(frozen=True)
class _TiltedPrior:
    """A prior that can be moved: a parameter, or a component of a Dirichlet, whose `others` move with it.

    The law is ``None`` for a parameter conditioned on observed values, known by its draws.
    """

    name: str
    scale: PriorScale
    others: tuple[str, ...]
    median: float
    unit: str
    law: ContinuousLaw | None

    def moved(self, value: Array, shift: float | Array) -> Array:
        """Return where a shift on the prior's scale takes values.

        Parameters
        ----------
        value
            Values of the column.
        shift
            The shift, on the prior's scale.

        Returns
        -------
        ndarray
            The values moved, of their shape.
        """
        with np.errstate(over="ignore"):
            match self.scale:
                case "log":
                    return np.asarray(value * np.exp(shift))
                case "logit":
                    return np.asarray(expit(logit(value) + shift))
                case "value":
                    return np.asarray(value + shift)

    def columns(self, draws: Mapping[str, Array], shift: float | Array) -> dict[str, Array]:
        """Return the draws that a shift moves: the prior's, and those of the other shares.

        Parameters
        ----------
        draws
            Draws by column.
        shift
            The shift, on the prior's scale.

        Returns
        -------
        dict
            Draws that moved, by column.
        """
        value = draws[self.name]
        moved = {self.name: self.moved(value, shift)}
        if self.others:
            left = expit(-logit(value))
            still_left = expit(-logit(value) - shift)
            shrunk = np.divide(still_left, left, out=np.ones_like(value), where=left > 0)
            moved |= {name: shrunk * draws[name] for name in self.others}
        return moved

    def percentile(self, value: float, draws: Array) -> float:
        """Return the percentage of the law up to a value.

        Parameters
        ----------
        value
            The value.
        draws
            Draws of the column, which stand for the law where it has none of its own.

        Returns
        -------
        float
            The percentage, from 0 to 100.
        """
        if self.law is None:
            return float(100.0 * np.mean(draws <= value))
        return float(100.0 * self.law.cdf(np.array([value]))[0])


def _tilted_priors(scenario: Scenario, draws: Draws) -> Iterator[_TiltedPrior]:
    """Yield every column of a parameter that has a continuous law."""
    observed: Mapping[str, object] = scenario.evidence.observations if scenario.evidence else {}
    for name, parameter in scenario.parameters.items():
        laws = parameter.continuous_marginals(name)
        for column, law in laws.items():
            others = tuple(other for other in laws if other != column) if parameter.is_whole else ()
            low, high = law.support()
            scale: PriorScale = "value" if low < 0 else "logit" if high <= 1 else "log"
            if name in observed:
                middle = float(np.median(draws.variable(name)))
                yield _TiltedPrior(column, scale, others, middle, parameter.unit, None)
            else:
                middle = float(law.ppf(np.array([0.5]))[0])
                yield _TiltedPrior(column, scale, others, middle, parameter.unit, law)


@dataclass(frozen=True)
class TippingPoint:
    """Where the verdict turns as one prior moves.

    Parameters
    ----------
    parameter
        Name of the parameter; a component of a Dirichlet as ``name.component``.
    unit
        Unit of the parameter.
    scale
        What is shifted: ``log``, ``logit`` or ``value``.
    threshold
        Threshold t, in the outcome's unit.
    p_above
        P(outcome > t) as it was run.
    shift
        The smallest shift on its scale that brings P(outcome > t) to one half; nan where nothing turns it.
    shift_error
        Monte Carlo error of the shift, from the shifts that turn single randomisations: 0 at a jump that does
        not depend on the draws, nan where one does not turn.
    median_before
        Median of the parameter as it was run.
    median_after
        Median of the parameter after the shift.
    percentile
        How much of the law that was run lies up to `median_after`, in percent.
    note
        What the median meets there: it ``turns``, ``jumps over the threshold`` or ``leaves the threshold``,
        how many such shifts there are; where nothing turns it, on which side it always is, and how far the
        prior was followed.
    """

    parameter: str
    unit: str
    scale: PriorScale
    threshold: float
    p_above: float
    shift: float
    shift_error: float
    median_before: float
    median_after: float
    percentile: float
    note: str = ""

    @property
    def turns(self) -> bool:
        """Whether a shift was found that turns the verdict."""
        return not math.isnan(self.shift)

    @property
    def factor(self) -> float:
        """Factor by which the median is multiplied; nan for a quantity that can be negative."""
        return math.nan if self.scale == "value" else self.median_after / self.median_before

    @property
    def difference(self) -> float:
        """What is added to the median."""
        return self.median_after - self.median_before


def tipping_points(scenario: Scenario, draws: Draws) -> tuple[TippingPoint, ...]:
    """Return where the verdict at each threshold of the report turns, for each prior with a continuous law.

    Parameters
    ----------
    scenario
        The scenario of the run.
    draws
        Its draws with their outcomes.

    Returns
    -------
    tuple
        Tipping points, one for each prior and threshold.

    Raises
    ------
    InvalidInput
        If the report states no thresholds, or no prior has a continuous law.
    """
    if not scenario.report.thresholds:
        problem = "no thresholds are stated, so that there is no verdict to turn"
        raise InvalidInput([Fault(scenario.name, "report.thresholds", problem, "such as [1, 4, 100]")])
    experiment = Experiment(scenario, draws)
    moved = [_MovedPrior(experiment, prior) for prior in _tilted_priors(scenario, draws)]
    if not moved:
        problem = "no parameter has a continuous distribution that could be moved"
        raise InvalidInput([Fault(scenario.name, "parameters", problem)])
    return tuple(each.point(threshold) for each in moved for threshold in scenario.report.thresholds)


class _MovedPrior:
    """The outcome as one prior moves."""

    def __init__(self, experiment: Experiment, prior: _TiltedPrior) -> None:
        self.experiment = experiment
        self.prior = prior
        self.draws = experiment.first.columns[prior.name]
        self.step = 1.0 if prior.scale != "value" else float(spread(self.draws))

    @cached_property
    def curve(self) -> MedianCurve:
        """The median of the outcome by shift, as far either way as the outcome is finite."""
        steps = np.asarray(self.step * STEPS[self.prior.scale], dtype=np.float64)
        followed = {0.0: self._medians(0.0), **self._finite(-steps), **self._finite(steps)}
        grid = np.array(sorted(followed))
        pooled = np.array([followed[shift][0] for shift in grid])
        each = np.array([followed[shift][1] for shift in grid])
        return MedianCurve(grid, pooled, each, self._at)

    def point(self, threshold: float) -> TippingPoint:
        """Return where the verdict at a threshold turns."""
        prior, met = self.prior, self.curve.meets(threshold)
        nearest = int(np.argmin(np.abs(met.values))) if met.values.size else None
        shift = math.nan if nearest is None else float(met.values[nearest])
        after = float(prior.moved(np.array([prior.median]), shift)[0])
        error = math.nan if nearest is None else self.curve.error(threshold, shift)
        percentile = math.nan if nearest is None else prior.percentile(after, self.draws)
        note = met.words(nearest) + (f", {self._followed()}" if nearest is None else "")
        p_above = float(np.mean(self.experiment.outcome > threshold))
        before = (prior.name, prior.unit, prior.scale, threshold, p_above)
        return TippingPoint(*before, shift, error, prior.median, after, percentile, note)

    def _at(self, shift: float | Array) -> Array:
        """Return the outcome after a shift; nan in all draws where it is not finite in one."""
        columns = self.prior.columns(self.experiment.first.columns, shift)
        try:
            return self.experiment.evaluate(self.experiment.first.replace(columns, {}))
        except InvalidInput:  # the formula ends here; whoever asks is told by nan
            return np.full(self.draws.shape, math.nan)

    def _medians(self, shift: float) -> tuple[float, Array]:
        """Return the median after a shift, and that of each randomisation."""
        outcome = self._at(shift)
        return float(medians(outcome.ravel())), medians(outcome)

    def _finite(self, shifts: Array) -> dict[float, tuple[float, Array]]:
        found = ((float(shift), self._medians(float(shift))) for shift in shifts)
        return dict(takewhile(lambda each: math.isfinite(each[1][0]), found))

    def _followed(self) -> str:
        """Say how far the prior was moved in vain."""
        words = []
        for last, direction in ((self.curve.grid[-1], "up"), (-self.curve.grid[0], "down")):
            full = last == self.step * float(STEPS[self.prior.scale][-1])
            by = f"{direction} by {self._words(float(last))}"
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
