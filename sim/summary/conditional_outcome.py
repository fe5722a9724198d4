r"""Conditional Monte Carlo: the distribution of an outcome with one parameter integrated out exactly.

Where :math:`y = r\,p^k + c` with a positive p that is independent of r and c and has the cdf F,

.. math:: P(y \le t) = E\left[F\left(((t - c) / r)^{1/k}\right)\right] \quad (r > 0, k > 0),

and accordingly for negative r or k: a smooth average over the draws of the rest (Asmussen and Glynn 2007,
Stochastic Simulation, V.4). Its quantiles and its density need no kernel, and their errors are smaller than
those of plain sampling at every point, since conditioning only removes variance.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from sim.distributions import ContinuousLaw
from sim.draws.draw import Draws
from sim.outcomes import evaluate_outcomes
from sim.scenario.correlations import blocks
from sim.scenario.power_form import PowerForm, power_form
from sim.scenario.schema import Scenario
from sim.summary.estimate import ByRandomisation, average
from sim.summary.order import ROUNDING, OrderedDraws
from sim.summary.quantiles import quantile_of
from sim.types import Array

NARROWEST = 1e-9
"""Least standard deviation of the logarithm of a factor that is worth integrating out."""
MAX_SEARCHED = 200
"""Parameters among which factors are looked for: each is looked up in every formula."""


Factor = tuple[str, ContinuousLaw, PowerForm]
"""A parameter, its law, and how it enters."""


@dataclass(frozen=True)
class ConditionalOutcome:
    """An outcome whose distribution is known given each draw of the rest.

    Parameters
    ----------
    name
        Name of the parameter that is integrated out.
    law
        Its law.
    exponent
        The power k to which it enters, not 0.
    factor
        What multiplies the power, r, (randomisation, draw).
    shift
        What is added, c, (randomisation, draw).
    """

    name: str
    law: ContinuousLaw
    exponent: float
    factor: Array
    shift: Array

    def thinned(self, n_draws: int) -> "ConditionalOutcome":
        """Return the same with the first `n_draws` of each randomisation."""
        return replace(self, factor=self.factor[:, :n_draws], shift=self.shift[:, :n_draws])

    def cdf(self, at: Array) -> Array:
        """Return the probability of at most `at`, elementwise over a flat array."""
        return np.array([float(np.mean(self._below(float(t)))) for t in at])

    def p_above(self, threshold: float) -> ByRandomisation:
        """Return the probability of more than a threshold; what only draws settle is known to one of them."""
        each = 1.0 - np.mean(self._below(threshold), axis=1)
        settled = bool(np.all(each == 0.0) or np.all(each == 1.0))
        is_counted = settled and not self.known and self.law.support() != (0.0, np.inf)
        return ByRandomisation(float(np.mean(each)), each, resolution=is_counted / self.factor.size)

    def quantile(self, probability: float, draws: Array) -> ByRandomisation:
        """Return a quantile.

        Parameters
        ----------
        probability
            Probability of the quantile, in (0, 1).
        draws
            The outcome's own draws, (randomisation, draw): they tell atoms and gaps, and where the search
            starts.

        Returns
        -------
        ByRandomisation
            The quantile of all draws and of each randomisation.
        """
        return quantile_of(OrderedDraws(draws), probability, self)

    def cdf_of_each(self, t: float | Array) -> Array:
        """Return the probability of at most `t` by randomisation; `t` a number, or (randomisation, 1)."""
        return np.asarray(np.mean(self._below(t), axis=1), dtype=np.float64)

    @property
    def known(self) -> bool:
        """Whether r and c are the same in all draws but for rounding."""
        return all(
            float(np.ptp(each)) <= ROUNDING * float(np.max(np.abs(each)))
            for each in (self.factor, self.shift)
        )

    @property
    def smooth(self) -> bool:
        """Whether draws without the parameter, which are steps of the cdf, are all of one value."""
        without = self.shift[self.factor == 0]
        return not len(without) or float(np.ptp(without)) == 0.0

    def _below(self, t: float | Array) -> Array:
        """Return the probability of at most `t` given each draw of the rest."""
        absent = self.factor == 0
        if absent.any():
            kept = np.where(absent, 1.0, self.factor)
            return np.where(absent, (self.shift <= t).astype(float), self._below_where(t, kept))
        return self._below_where(t, self.factor)

    def _below_where(self, t: float | Array, factor: Array) -> Array:
        rising = (factor > 0) == (self.exponent > 0)
        with np.errstate(divide="ignore", over="ignore"):  # laws divide by their scale, too
            root = self._inverted((t - self.shift) / factor)
            if rising.all():
                return np.asarray(self.law.cdf(root))
            if not rising.any():
                return np.asarray(self.law.sf(root))
            return np.where(rising, self.law.cdf(root), self.law.sf(root))

    def _inverted(self, power: Array) -> Array:
        """Return p from p^k; where there is none, the end of (0, inf) whose power is nearest."""
        match self.exponent:
            case 1.0:
                return np.maximum(power, 0.0)
            case -1.0:
                return np.where(power > 0, 1.0 / power, np.inf)
            case k:
                return np.where(power > 0, np.abs(power) ** (1.0 / k), 0.0 if k > 0 else np.inf)


def integrate_out(scenario: Scenario, inputs: Draws, outcome: str, draws: Array) -> ConditionalOutcome | None:
    """Return an outcome with its widest factor integrated out, or ``None`` where it has none.

    A factor is a parameter with a positive continuous law of its own, in no correlation and not conditioned
    on observed values, that enters as r p^k + c. The widest is the one whose logarithm, times k, has the
    largest standard deviation.

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
    ConditionalOutcome or None
        The outcome with a smooth distribution; ``None`` where it has no factor.
    """
    for _, name, form in sorted(factors_of(scenario, inputs, outcome), key=lambda each: -each[0]):
        law = scenario.parameters[name].continuous_law()
        if law.support()[0] >= 0:
            found = _split(scenario, inputs, outcome, draws, (name, law, form))
            return found if np.isfinite(found.factor).all() and np.isfinite(found.shift).all() else None
    return None


def factors_of(scenario: Scenario, inputs: Draws, outcome: str) -> Iterator[tuple[float, str, PowerForm]]:
    """Yield the width of each factor whose draws are positive, its name, and how it enters.

    Parameters
    ----------
    scenario
        The scenario that has the outcome.
    inputs
        Draws of what its outcomes are made from.
    outcome
        Name of the outcome.

    Yields
    ------
    tuple
        Width, name and form of each factor.
    """
    if len(scenario.parameters) > MAX_SEARCHED:
        return
    for name in independent_of(scenario):
        if not scenario.parameters[name].has_density:
            continue
        form = power_form(scenario, outcome, name)
        draws = inputs.columns[name]
        if form is None or form.free or float(np.min(draws)) <= 0.0:
            continue
        width = abs(form.exponent) * float(np.std(np.log(draws)))
        if width > NARROWEST:
            yield width, name, form


def independent_of(scenario: Scenario) -> tuple[str, ...]:
    """Return the parameters in no correlation and not conditioned on observed values."""
    tied = {name.split(".")[0] for block in blocks(scenario.correlations) for name in block.names}
    observed = scenario.evidence.observations if scenario.evidence else {}
    return tuple(name for name in scenario.parameters if name not in tied and name not in observed)


@dataclass(frozen=True, eq=False)
class ConditionalMean:
    """What the mean of an outcome is taken of once the means of its factors are known.

    Parameters
    ----------
    rest
        What is left to average, (randomisation, draw).
    scale
        Product of the means that are known.
    """

    rest: Array
    scale: float

    def mean(self) -> ByRandomisation:
        """Return the mean of the outcome."""
        each = self.scale * average(self.rest, axis=1)
        return ByRandomisation(float(average(each)), each)


def mean_of(scenario: Scenario, inputs: Draws, outcome: str, draws: Array) -> ConditionalMean | None:
    r"""Return an outcome with the means of its factors taken exactly; ``None`` where it has none.

    Where :math:`y = r \prod_i p_i` with independent factors that r does not depend on,
    :math:`E[y] = E[r] \prod_i E[p_i]`: only r is averaged over draws. Where the widest factor enters as
    :math:`y = r p + c`, it is :math:`E[r] E[p] + E[c]`.

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
    ConditionalMean or None
        What is left to average; ``None`` where the outcome has no factor.
    """
    pure = [name for _, name, form in factors_of(scenario, inputs, outcome) if form == PowerForm(1.0)]
    means = {name: scenario.parameters[name].continuous_law().mean() for name in pure}
    rest, scale = draws, 1.0
    for name, mean in means.items():
        if np.isfinite(mean):
            rest, scale = rest / inputs.columns[name], scale * mean
    if rest is draws:
        found = integrate_out(scenario, inputs, outcome, draws)
        if found is None or found.exponent != 1.0 or not np.isfinite(found.law.mean()):
            return None
        rest, scale = found.factor * found.law.mean() + found.shift, 1.0
    return ConditionalMean(rest, scale) if np.isfinite(rest).all() and np.isfinite(scale) else None


def _split(scenario: Scenario, inputs: Draws, outcome: str, draws: Array, best: Factor) -> ConditionalOutcome:
    name, law, form = best
    k = form.exponent
    with np.errstate(all="ignore"):
        if form.pure:
            factor = draws / inputs.columns[name] ** k
            return ConditionalOutcome(name, law, k, factor, np.broadcast_to(0.0, factor.shape))
        low, high = (float(value) for value in law.ppf(np.array([0.25, 0.75])))
        at_low, at_high = (
            evaluate_outcomes(scenario, inputs.replace({name: np.full(draws.shape, value)}))[outcome]
            for value in (low, high)
        )
        factor = (at_high - at_low) / (high**k - low**k)
        return ConditionalOutcome(name, law, k, factor, at_low - factor * low**k)
