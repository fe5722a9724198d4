"""The reported outcome as a function of its inputs, anywhere the inputs might be taken."""

import ast
from collections.abc import Iterable, Mapping

import numpy as np

from sim.analysis.decision.fractions import Fraction, fraction_in, taken_name
from sim.draws.draws import Draws
from sim.engine.experiment import Experiment
from sim.formulas import Formula, evaluate, parse
from sim.formulas.ranges import Range, either, range_of
from sim.formulas.tree import write
from sim.outcomes import evaluate_anywhere
from sim.scenario.graph import names_below, outcomes_below
from sim.summary.ratio import ratio_formulas
from sim.types import Array

Shape = tuple[int, int]
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
        self._scenario = experiment.scenario
        self.outcome = experiment.scenario.report.outcome
        self._order = outcomes_below(self._scenario, self.outcome)
        below = names_below(self._scenario, self.outcome)
        self.columns = tuple(sorted(below & set(experiment.first.columns)))
        drawn = {name: experiment.first.columns[name] for name in self.columns}
        self._constants = {name: float(np.min(x)) for name, x in drawn.items() if np.ptp(x) == 0}
        self.choices = tuple(sorted(below & set(self._scenario.choices)))
        ratio = ratio_formulas(self._scenario)
        self.ratio_unit = None if ratio is None else ratio.unit

    def __call__(self, sample: Draws) -> Array:
        """Return the reported outcome, (randomisation, draw)."""
        return self._values(sample, self._order)[self.outcome]

    def fraction(self, moving: Iterable[str]) -> Fraction | None:
        """Return the outcome as a fraction whose denominator moves with some columns, if there is one."""
        return fraction_in(self._scenario, self._order, moving)

    def both(self, sample: Draws, fraction: Fraction) -> tuple[Array, Array]:
        """Return numerator and denominator of a fraction, each (randomisation, draw).

        Parameters
        ----------
        sample
            Draws, (randomisation, draw).
        fraction
            From :meth:`fraction`.

        Returns
        -------
        tuple
            Numerator and denominator.
        """
        values = self._values(sample, self._order)
        values |= {taken_name(name): places.astype(np.float64) for name, places in sample.choices.items()}
        with np.errstate(all="ignore"):
            top, bottom = (
                evaluate(side, values, sample.shape) for side in (fraction.numerator, fraction.denominator)
            )
        return top, bottom

    def sides(self, sample: Draws) -> tuple[Array, Array]:
        """Return numerator and denominator of the reported ratio; the outcome and 1 where it is none."""
        if self.ratio_unit is None:
            return self(sample), np.ones(sample.shape)
        values = self._values(sample, self._order[:-1])  # the last is the ratio itself
        body = parse(self._scenario.outcomes[self.outcome].formulas["formula"]).body
        assert isinstance(body, ast.BinOp)
        top, bottom = (
            evaluate(Formula(write(part), part), values, sample.shape) for part in (body.left, body.right)
        )
        return top, bottom

    def sides_never_negative(self, supports: Mapping[str, tuple[float, float]]) -> bool:
        """Tell whether neither of :meth:`sides` can be negative, given where the varying columns can lie."""
        ranges = {name: Range(value, value, value == 0.0, True) for name, value in self._constants.items()}
        # a support from 0 on is one above 0 here: a quotient of two such has a sign, or no value
        ranges |= {name: Range(low or LEAST, high) for name, (low, high) in supports.items()}
        for name in self._order:
            formulas = self._scenario.outcomes[name].formulas.values()
            ranges[name] = either([range_of(parse(text), ranges)[0] for text in formulas])
        if self.ratio_unit is None:
            return ranges[self.outcome].low >= 0
        body = parse(self._scenario.outcomes[self.outcome].formulas["formula"]).body
        assert isinstance(body, ast.BinOp)
        sides = (Formula(write(part), part) for part in (body.left, body.right))
        return all(range_of(side, ranges)[0].low >= 0 for side in sides)

    def needed(self, sample: Draws) -> Draws:
        """Return a sample without the columns and choices that the reported outcome does not read."""
        return sample.only(self.columns, self.choices)

    def thinned(self, experiment: Experiment, n_draws: int) -> Draws:
        """Return what is needed of the run's sample, at most `n_draws`, evenly from all randomisations.

        Parameters
        ----------
        experiment
            Of a run.
        n_draws
            At most so many in all.

        Returns
        -------
        Draws
            Columns and choices that the outcome reads.
        """
        n_each = max(1, n_draws // experiment.first.shape[0])
        return self.needed(experiment.first.thinned(n_each))

    def _values(self, sample: Draws, outcomes: Iterable[str]) -> dict[str, Array]:
        return evaluate_anywhere(self._scenario, sample, outcomes)
