r"""An outcome with all that can be integrated out of it at once: what is left to average is the rest alone.

What is integrated out is a product of powers of independent positive factors, whose law is that of its
logarithm. With :math:`s = p_1^{k_1} p_2^{k_2}`, :math:`G_i` the cdf of :math:`k_i \ln p_i`,

.. math:: P(\ln s \le x) = \int G_1(x - z)\, dG_2(z),

and so on for further factors: a convolution, taken on a lattice of 65,536 cells over the range of the
product. The mass of each cell is put in its middle, which takes :math:`h^2 / 12` from the variance of ln s,
where h is the width of a cell: nothing beside what the factors have.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from math import prod

import numpy as np

from sim.distributions import ContinuousLaw
from sim.draws.draw import Draws
from sim.outcomes import evaluate_outcomes
from sim.scenario.graph import touched_outcomes
from sim.scenario.power_form import PowerForm, power_form
from sim.scenario.schema import Scenario
from sim.summary.conditional_outcome import NARROWEST, factors_of, independent_of
from sim.summary.estimate import ByRandomisation
from sim.summary.order import ROUNDING
from sim.summary.roots import secant_quantile
from sim.types import Array, Indices

N_CELLS = 2**16
SMALLEST = float(np.finfo(float).tiny)
OUTSIDE = 1e-10
"""Probability beyond either end of a factor's part of the lattice."""
MOST_COMBINATIONS = 32
"""Combinations of alternatives that are averaged over; with more, choices stay as drawn."""


@dataclass(frozen=True)
class Power:
    """A positive factor of an outcome, raised to a power.

    Parameters
    ----------
    law
        The law of the factor.
    exponent
        The power, not 0.
    """

    law: ContinuousLaw
    exponent: float

    def log_cdf(self, x: Array) -> Array:
        """Return the probability that k ln p is at most `x`, elementwise."""
        with np.errstate(over="ignore"):
            p = np.exp(x / self.exponent)
        return self.law.cdf(p) if self.exponent > 0 else self.law.sf(p)

    def log_range(self) -> tuple[float, float]:
        """Return the ends between which k ln p lies but for a probability of ``OUTSIDE`` at either."""
        ends = self.exponent * np.log(np.maximum(self.law.ppf(np.array([OUTSIDE, 1.0 - OUTSIDE])), SMALLEST))
        return float(ends.min()), float(ends.max())


class ProductLaw:
    """The cdf of a product of powers of independent positive factors.

    Examples
    --------
    >>> from scipy.stats import lognorm
    >>> law = ProductLaw([Power(lognorm(0.4), 1.0), Power(lognorm(0.3), -1.0)])
    >>> bool(abs(law.cdf(np.array([2.0]))[0] - lognorm(0.5).cdf(2.0)) < 1e-8)
    True
    """

    def __init__(self, factors: Sequence[Power]) -> None:
        ranges = [factor.log_range() for factor in factors]
        self._width = sum(high - low for low, high in ranges) / N_CELLS
        first, *others = factors
        self._low = ranges[0][0]
        self._values = first.log_cdf(_lattice(ranges[0], self._width))
        for other, ends in zip(others, ranges[1:], strict=True):
            self._convolve(other, _lattice(ends, self._width))

    def cdf(self, s: Array) -> Array:
        """Return the probability that the product is at most `s`, elementwise."""
        last = len(self._values) - 1
        with np.errstate(divide="ignore"):
            place = np.clip((np.log(np.maximum(s, 0.0)) - self._low) / self._width, -1.0, last + 1.0)
        cell = np.clip(place, 0.0, last - 1.0).astype(np.int64)
        inside = self._values[cell] + (place - cell) * (self._values[cell + 1] - self._values[cell])
        return np.where(place < 0.0, 0.0, np.where(place > last, 1.0, inside))

    def _convolve(self, other: Power, edges: Array) -> None:
        from scipy.signal import fftconvolve  # here: it takes half a second

        below = other.log_cdf(edges)
        below[0], below[-1] = 0.0, 1.0
        n_added = len(edges) - 1
        padded = np.concatenate([self._values, np.ones(n_added)])
        values = fftconvolve(padded, np.diff(below))[: len(padded)]
        self._low += float(edges[0]) + self._width / 2.0
        self._values = np.clip(values, 0.0, 1.0)


def _lattice(ends: tuple[float, float], width: float) -> Array:
    low, high = ends
    cells = np.arange(max(1, int(np.ceil((high - low) / width))) + 1)
    return np.asarray(low + width * cells, dtype=np.float64)


@dataclass(frozen=True, eq=False)
class ProductOutcome:
    """An outcome r s, with a product s of independent factors whose law is known.

    Parameters
    ----------
    names
        Names of what is integrated out: the factors, the widest first, then the choices.
    law
        The law of s.
    rests
        Draws of r under each combination of alternatives, (randomisation, draw) each.
    weights
        Weight of each combination; they add to one.
    """

    names: tuple[str, ...]
    law: ProductLaw
    rests: tuple[Array, ...]
    weights: tuple[float, ...]
    smooth = True

    def p_above(self, threshold: float) -> ByRandomisation:
        """Return the probability of more than a threshold."""
        each = 1.0 - self.cdf_of_each(threshold)
        return ByRandomisation(float(np.mean(each)), each)

    def quantile(self, probability: float, near: ByRandomisation) -> ByRandomisation | None:
        """Return a quantile, or ``None`` where the cdf is not smooth around it.

        Parameters
        ----------
        probability
            Probability of the quantile, in (0, 1).
        near
            The quantile by other means, from which the search starts.

        Returns
        -------
        ByRandomisation or None
            The quantile of all draws and of each randomisation; ``None`` where the cdf is not smooth around
            it.
        """
        return secant_quantile(self, probability, near)

    @property
    def known(self) -> bool:
        """Whether r is the same in all draws but for rounding."""
        return all(float(np.ptp(rest)) <= ROUNDING * float(np.max(np.abs(rest))) for rest in self.rests)

    def cdf_of_each(self, t: float | Array) -> Array:
        """Return the probability of at most `t` by randomisation; `t` a number, or (randomisation, 1)."""
        parts = zip(self.weights, self.rests, strict=True)
        return np.asarray(sum(weight * np.mean(self._below(t, rest), axis=1) for weight, rest in parts))

    def _below(self, t: float | Array, rest: Array) -> Array:
        if (rest > 0).all():
            return self.law.cdf(t / rest)
        below = self.law.cdf(t / np.where(rest == 0, 1.0, rest))
        return np.where(rest > 0, below, np.where(rest < 0, 1.0 - below, np.where(t >= 0.0, 1.0, 0.0)))


def integrate_jointly(scenario: Scenario, inputs: Draws, outcome: str, draws: Array) -> ProductOutcome | None:
    """Return an outcome with its factors and choices integrated out, or ``None`` where it has no factor.

    A factor is one of :func:`sim.summary.conditional_outcome.factors_of` that enters as r p^k, without a c,
    or the one share of a Dirichlet parameter that enters the outcome.

    Parameters
    ----------
    scenario
        The scenario that has the outcome.
    inputs
        Draws of what its outcomes are made from.
    outcome
        Name of the outcome.
    draws
        Draws of the outcome, (randomisation, draw).

    Returns
    -------
    ProductOutcome or None
        The outcome with all integrated out that can be; ``None`` where it has no factor.
    """
    found = sorted(_powers(scenario, inputs, outcome), key=lambda each: -each[0])
    if not found:
        return None
    factors = np.ones(draws.shape)
    for _, name, power in found:
        factors = factors * inputs.columns[name] ** power.exponent
    choices = _choices(scenario, outcome)
    weighted = list(_by_combination(scenario, inputs, outcome, choices, draws))
    rests = tuple(each / factors for _, each in weighted)
    if not all(np.isfinite(rest).all() for rest in rests):
        return None
    names = (*(name for _, name, _ in found), *choices)
    return ProductOutcome(
        names, ProductLaw([power for *_, power in found]), rests, tuple(each for each, _ in weighted)
    )


@dataclass(frozen=True, eq=False)
class ChoiceMixture:
    """An outcome with its choices integrated out: what is below a gap between alternatives has no noise.

    Parameters
    ----------
    outcomes
        The outcome under each combination of alternatives, (randomisation, draw) each.
    weights
        Weight of each combination; they add to one.
    """

    outcomes: tuple[Array, ...]
    weights: tuple[float, ...]
    smooth = False

    @property
    def known(self) -> bool:
        """Whether nothing but the choices varies."""
        return all(float(np.ptp(each)) == 0.0 for each in self.outcomes)

    def cdf_of_each(self, t: float | Array) -> Array:
        """Return the probability of at most `t` by randomisation; `t` a number, or (randomisation, 1)."""
        parts = zip(self.weights, self.outcomes, strict=True)
        return np.asarray(sum(weight * np.mean(each <= t, axis=1) for weight, each in parts))


def mixture_of_choices(scenario: Scenario, inputs: Draws, outcome: str, draws: Array) -> ChoiceMixture | None:
    """Return an outcome with its choices integrated out, or ``None`` where it has none.

    Parameters
    ----------
    scenario
        The scenario that has the outcome.
    inputs
        Draws of what its outcomes are made from.
    outcome
        Name of the outcome.
    draws
        Draws of the outcome, (randomisation, draw).

    Returns
    -------
    ChoiceMixture or None
        The outcome over all combinations of alternatives; ``None`` where no choice touches it.
    """
    choices = _choices(scenario, outcome)
    if not choices:
        return None
    weights, outcomes = zip(*_by_combination(scenario, inputs, outcome, choices, draws), strict=True)
    return ChoiceMixture(tuple(np.broadcast_to(each, draws.shape) for each in outcomes), weights)


def _choices(scenario: Scenario, outcome: str) -> tuple[str, ...]:
    """Return the choices that touch an outcome, none where they have too many combinations."""
    names = tuple(name for name in scenario.choices if outcome in touched_outcomes(scenario, name))
    n_combinations = prod(len(scenario.choices[name].weights) for name in names)
    return names if n_combinations <= MOST_COMBINATIONS else ()


def _by_combination(
    scenario: Scenario, inputs: Draws, outcome: str, choices: tuple[str, ...], draws: Array
) -> Iterator[tuple[float, Array]]:
    """Yield the weight of each combination of alternatives, and the outcome with them held."""
    if not choices:
        yield 1.0, draws
        return
    weights = {name: list(scenario.choices[name].weights.values()) for name in choices}
    shares = {name: [each / sum(stated) for each in stated] for name, stated in weights.items()}
    for places in product(*(range(len(shares[name])) for name in choices)):
        taken = dict(zip(choices, places, strict=True))
        held: dict[str, Indices] = {name: np.array(place, dtype=np.int64) for name, place in taken.items()}
        outcomes = evaluate_outcomes(scenario, inputs.replace({}, held))
        yield prod(shares[name][place] for name, place in taken.items()), outcomes[outcome]


def _powers(scenario: Scenario, inputs: Draws, outcome: str) -> Iterator[tuple[float, str, Power]]:
    """Yield the width of each factor, its name, and its law with its exponent."""
    for width, name, form in factors_of(scenario, inputs, outcome):
        if form.pure and scenario.parameters[name].continuous_law().support()[0] >= 0:
            yield width, name, Power(scenario.parameters[name].continuous_law(), form.exponent)
    for name in independent_of(scenario):
        parameter = scenario.parameters[name]
        if parameter.parts:
            yield from _share(scenario, inputs, outcome, parameter.continuous_marginals(name))


def _share(
    scenario: Scenario, inputs: Draws, outcome: str, laws: Mapping[str, ContinuousLaw]
) -> Iterator[tuple[float, str, Power]]:
    forms = {each: power_form(scenario, outcome, each) for each in laws}
    entering = {each: form for each, form in forms.items() if form != PowerForm(0.0)}
    if len(entering) != 1:
        return
    (each, form), *_ = entering.items()
    column = inputs.columns[each]
    if form is None or not form.pure or float(np.min(column)) <= 0.0:
        return
    width = abs(form.exponent) * float(np.std(np.log(column)))
    if width > NARROWEST:
        yield width, each, Power(laws[each], form.exponent)
