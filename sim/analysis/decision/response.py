"""The reported outcome as a function of its inputs, anywhere the inputs might be taken."""

from collections.abc import Iterable, Mapping
from functools import cached_property

import numpy as np

from sim.analysis.decision.fractions import Fraction, fraction_in, taken_name
from sim.draws.draw import Draws
from sim.engine.experiment import Experiment
from sim.formulas import evaluate
from sim.formulas.ranges import Range, range_of
from sim.outcomes import evaluate_anywhere
from sim.scenario.graph import names_below, outcomes_below
from sim.scenario.outcome_ranges import OutcomeRanges
from sim.summary.ratio import ratio_formulas
from sim.types import Array

LEAST = float(np.finfo(np.float64).tiny)


def medians(outcomes: Array) -> Array:
    """Return medians along the last axis; nan where infinities of both signs meet in the middle.

    Examples
    --------
    >>> medians(np.array([[1.0, 3.0], [-np.inf, np.inf]])).tolist()
    [2.0, nan]
    """
    with np.errstate(invalid="ignore", over="ignore"):
        found: Array = np.median(outcomes, axis=-1)
    return found


class Response:
    """The reported outcome of any sample; where a formula is not finite there, neither is the outcome.

    A run refuses such draws. Here a parameter is moved over all of its support, and what lies outside a
    formula's domain is an answer too: no value there.

    Parameters
    ----------
    experiment
        Of a run.
    """

    def __init__(self, experiment: Experiment) -> None:
        self.experiment, self.scenario = experiment, experiment.scenario
        self.outcome = self.scenario.report.outcome
        self._order = outcomes_below(self.scenario, self.outcome)
        below = names_below(self.scenario, self.outcome)
        self.columns = tuple(sorted(below & set(experiment.first.columns)))
        self.choices = tuple(sorted(below & set(self.scenario.choices)))
        self.ratio = ratio_formulas(self.scenario)
        self.unit = self.scenario.outcomes[self.outcome].unit if self.ratio is None else self.ratio.unit

    def __call__(self, sample: Draws) -> Array:
        """Return the reported outcome, (randomisation, draw)."""
        return evaluate_anywhere(self.scenario, sample, self._order)[self.outcome]

    @cached_property
    def first(self) -> Draws:
        """The run's sample."""
        return self.needed(self.experiment.first)

    def fraction(self, moving: Iterable[str]) -> Fraction | None:
        """Return the outcome as a fraction whose denominator moves with some columns, if there is one."""
        return fraction_in(self.scenario, self._order, moving)

    def both(self, sample: Draws, fraction: Fraction) -> tuple[Array, Array]:
        """Return numerator and denominator of a fraction, each (randomisation, draw).

        Parameters
        ----------
        sample, fraction
            Draws, and what :meth:`fraction` gave.

        Returns
        -------
        tuple
            Numerator and denominator.
        """
        values = evaluate_anywhere(self.scenario, sample, self._order)
        values |= {taken_name(name): places.astype(np.float64) for name, places in sample.choices.items()}
        with np.errstate(all="ignore"):
            top, bottom = (
                evaluate(side, values, sample.shape) for side in (fraction.numerator, fraction.denominator)
            )
        return top, bottom

    def sides(self, sample: Draws) -> tuple[Array, Array]:
        """Return numerator and denominator of the reported ratio; the outcome and 1 where it is none."""
        if self.ratio is None:
            return self(sample), np.ones(sample.shape)
        values = evaluate_anywhere(self.scenario, sample, self._order[:-1])  # the last is the ratio itself
        top, bottom = (
            evaluate(side, values, sample.shape) for side in (self.ratio.numerator, self.ratio.denominator)
        )
        return top, bottom

    def sides_never_negative(self, supports: Mapping[str, tuple[float, float]]) -> bool:
        """Tell whether neither of :meth:`sides` can be negative, given where the varying columns can lie."""
        drawn = {name: self.experiment.first.columns[name] for name in self.columns}
        constants = {name: float(np.min(x)) for name, x in drawn.items() if np.ptp(x) == 0}
        ranges = {name: Range(value, value, value == 0.0, True) for name, value in constants.items()}
        # a support from 0 on is one above 0 here: a quotient of two such has a sign, or no value
        ranges |= {name: Range(low or LEAST, high) for name, (low, high) in supports.items()}
        ranges = OutcomeRanges(self.scenario, ranges, self.outcome).numbers
        if self.ratio is None:
            return ranges[self.outcome].low >= 0
        sides = (self.ratio.numerator, self.ratio.denominator)
        return all(range_of(side, ranges)[0].low >= 0 for side in sides)

    def needed(self, sample: Draws) -> Draws:
        """Return a sample without the columns and choices that the reported outcome does not read."""
        return sample.only(self.columns, self.choices)

    def thinned(self, n_draws: int) -> Draws:
        """Return at most `n_draws` of the run's sample in all, evenly from all randomisations."""
        return self.first.thinned(max(1, n_draws // self.first.shape[0]))

    def siblings(self, name: str) -> tuple[str, ...]:
        """Return the shares that add to one with a column, itself included; nothing where it is no share."""
        parameter = self.scenario.parameters.get(whole := name.partition(".")[0])
        return parameter.columns(whole) if parameter is not None and parameter.is_whole else ()

    def with_fixed(self, sample: Draws, values: Mapping[str, Array]) -> Draws:
        r"""Return a sample with some columns set, all else as drawn.

        The other shares of a Dirichlet make room in proportion, draw by draw: with set shares v that were u,
        each other is multiplied by :math:`(1 - \sum v) / (1 - \sum u)`. Parameters tied by a copula stay.

        Parameters
        ----------
        sample, values
            Draws, (randomisation, draw); values by column, each broadcastable to them. Shares of one
            Dirichlet must add to at most 1.

        Returns
        -------
        Draws
            Of the sample's shape.
        """
        columns = {name: np.broadcast_to(value, sample.shape) for name, value in values.items()}
        for whole in dict.fromkeys(self.siblings(name) for name in values):
            fixed = [name for name in whole if name in values]
            rest = [name for name in whole if name not in values and name in sample.columns]
            left = 1.0 - np.sum([sample.columns[name] for name in fixed], axis=0)
            wanted = 1.0 - np.sum([columns[name] for name in fixed], axis=0)
            even = 1.0 / max(1, len(whole) - len(fixed))  # where nothing was left to be in proportion to
            for name in rest:
                part = np.divide(sample.columns[name], left, out=np.full(sample.shape, even), where=left > 0)
                columns[name] = wanted * part
        return sample.replace(columns, {})


def flatten(sample: Draws) -> Draws:
    """Return a sample whose randomisations stand in one row, (1, randomisation x draw)."""
    return sample.mapped(lambda array: array.reshape(1, -1))


def repeat(sample: Draws, n_rows: int) -> Draws:
    """Return a sample of one row, (1, draw), as several equal rows that share its memory.

    Parameters
    ----------
    sample, n_rows
        What is repeated, and how often.

    Returns
    -------
    Draws
        (row, draw).
    """
    return sample.mapped(lambda array: np.broadcast_to(array, (n_rows, sample.shape[1])))
