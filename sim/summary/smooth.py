"""Which statistics of a run are taken by conditional Monte Carlo: where a factor can be integrated out."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from sim.distributions import Law
from sim.draws.draws import Draws
from sim.scenario.power_form import PowerForm
from sim.scenario.schema import Outcome, Scenario
from sim.summary.conditional import ConditionalOutcome, factors_of, integrated_of, law_of
from sim.summary.estimate import ByRandomisation, average
from sim.summary.joint import chosen
from sim.summary.order import OrderedDraws
from sim.summary.quantiles import quantile_of
from sim.summary.ratio import ratio_formulas
from sim.summary.roots import refine_quantile
from sim.summary.statistic import Key, Statistic, probability_of
from sim.types import Array


@dataclass(frozen=True, eq=False)
class ConditionalMean:
    """What the mean of an outcome is taken of once the means of its factors are known.

    Parameters
    ----------
    rest
        What is left to average, (randomisation, draw).
    scale
        Product of the known means.
    """

    rest: Array
    scale: float

    def mean(self) -> ByRandomisation:
        """Return the mean of the outcome."""
        each = self.scale * average(self.rest, axis=1)
        return ByRandomisation(float(average(each)), each)


def averaged(scenario: Scenario, inputs: Draws, outcome: str, draws: Array) -> ConditionalMean | None:
    r"""Return an outcome with the means of its factors taken exactly; ``None`` where it has none.

    Where :math:`y = r \prod_i p_i` with independent factors that r does not depend on,
    :math:`E[y] = E[r] \prod_i E[p_i]`: only r is averaged over draws. Where the widest factor enters as
    :math:`y = r p + c`, it is :math:`E[r] E[p] + E[c]`.

    Parameters
    ----------
    scenario, inputs, outcome, draws
        As for :func:`sim.summary.conditional.integrated_of`.

    Returns
    -------
    ConditionalMean or None
        What is left to average, or ``None``.
    """
    pure = [name for _, name, form in factors_of(scenario, inputs, outcome) if form == PowerForm(1.0)]
    means = {name: law_of(scenario, name).mean() for name in pure}
    rest, scale = draws, 1.0
    for name, mean in means.items():
        if np.isfinite(mean):
            rest, scale = rest / inputs.columns[name], scale * mean
    if rest is draws:
        found = integrated_of(scenario, inputs, outcome, draws)
        if found is None or found.exponent != 1.0 or not np.isfinite(found.law.mean()):
            return None
        rest, scale = found.factor * found.law.mean() + found.shift, 1.0
    return ConditionalMean(rest, scale) if np.isfinite(rest).all() and np.isfinite(scale) else None


@dataclass(frozen=True)
class Marginal:
    """The distribution function of a parameter's law, the same for each randomisation.

    Parameters
    ----------
    law
        Of the parameter.
    n_randomisations
        How many there are.
    """

    law: Law
    n_randomisations: int

    @property
    def known(self) -> bool:
        """Whether it rests on no draws; it does on none."""
        return True

    @property
    def smooth(self) -> bool:
        """Whether it rises in no steps but those of atoms; it does."""
        return True

    def cdf_of_each(self, t: float | Array) -> Array:
        """Return the probability of at most `t` by randomisation; `t` a number, or (randomisation, 1)."""
        return np.broadcast_to(self.law.cdf(np.ravel(np.asarray(t, dtype=np.float64))), self.n_randomisations)


class Smooth:
    """The distribution functions of a run's outcomes, each found once, when it is first asked for.

    Parameters
    ----------
    scenario
        What was run.
    inputs
        What its outcomes are made from.
    draws
        Of each quantity reported, (randomisation, draw).
    """

    def __init__(self, scenario: Scenario, inputs: Draws, draws: Mapping[Key, Array]) -> None:
        self._scenario, self._inputs, self._draws = scenario, inputs, draws
        self._found: dict[Key, ConditionalOutcome | None] = {}
        self._ordered: tuple[Key, OrderedDraws] | None = None
        self._averaged: dict[Key, ConditionalMean | None] = {}

    def by_randomisation(self, wanted: Statistic) -> ByRandomisation | None:
        """Return a mean, quantile or probability, or ``None`` where only the draws give it.

        Medians, ends of equal-tailed intervals and probabilities of exceeding a threshold are functions of
        the distribution function; a mean is taken factor by factor; other statistics are not as simple.
        """
        if wanted.statistic == "mean":
            return self._mean(wanted.of[0])
        probability = probability_of(wanted)
        if probability is None and wanted.statistic != "p_above":
            return None
        integrated = self.of(wanted.of[0])
        if probability is None:
            return None if integrated is None else integrated.p_above(wanted.at)
        return self._quantile(wanted.of[0], probability, integrated)

    def ordered(self, key: Key) -> OrderedDraws:
        """Return the draws of a quantity in order; those of the last one asked for are kept."""
        if self._ordered is None or self._ordered[0] != key:
            self._ordered = key, OrderedDraws(self._draws[key])
        return self._ordered[1]

    def refined(self, wanted: Statistic) -> ByRandomisation | None:
        """Return the same, quantiles of single randomisations to full accuracy."""
        found, probability = self.by_randomisation(wanted), probability_of(wanted)
        integrated = None if probability is None else self.of(wanted.of[0])
        if found is None or probability is None or integrated is None:
            return found
        return refine_quantile(integrated, probability, found)

    def _quantile(
        self, key: Key, probability: float, integrated: ConditionalOutcome | None
    ) -> ByRandomisation | None:
        """Return a quantile, at a gap with the weights of choices in place of how often they were drawn."""
        if key[0] in self._scenario.parameters:
            return self._of_input(key[0], probability)
        found = quantile_of(self.ordered(key), probability, integrated)
        scenario = stating(self._scenario, key) if found.note else None
        beside = None if scenario is None else chosen(scenario, self._inputs, key[0], self._draws[key])
        if beside is not None:
            return quantile_of(self.ordered(key), probability, beside)
        return None if integrated is None else found

    def _of_input(self, name: str, probability: float) -> ByRandomisation | None:
        """Return a quantile of a parameter: of its draws, or where these may jump, of its law."""
        ordered, parameter = self.ordered((name, "")), self._scenario.parameters[name]
        if self._scenario.evidence and name in self._scenario.evidence.observations:
            return None
        if not parameter.has_exact_law or parameter.parts:
            return None
        if parameter.has_density:
            found = quantile_of(ordered, probability)
            if not found.note:
                return found
        return quantile_of(ordered, probability, Marginal(parameter.law(), len(ordered.draws)))

    def rest(self, wanted: Statistic) -> Array | None:
        """Return what a mean leaves to be averaged over draws, where that is not those of the quantity."""
        found = self.averaged(wanted.of[0]) if wanted.statistic == "mean" else None
        return None if found is None else found.rest

    def averaged(self, key: Key) -> ConditionalMean | None:
        """Return what the mean of a quantity is taken of, or ``None`` where that is its draws."""
        if key not in self._averaged:
            scenario = stating(self._scenario, key)
            self._averaged[key] = (
                None if scenario is None else averaged(scenario, self._inputs, key[0], self._draws[key])
            )
        return self._averaged[key]

    def _mean(self, key: Key) -> ByRandomisation | None:
        found = self.averaged(key)
        return None if found is None else found.mean()

    def of(self, key: Key) -> ConditionalOutcome | None:
        """Return a quantity with its widest factor integrated out, or ``None`` where it has none."""
        if key not in self._found:
            scenario = stating(self._scenario, key)
            self._found[key] = (
                None if scenario is None else integrated_of(scenario, self._inputs, key[0], self._draws[key])
            )
        return self._found[key]


def stating(scenario: Scenario, key: Key) -> Scenario | None:
    """Return the scenario in which a quantity under an alternative is an outcome with formulas of its own.

    Where a choice is held, its outcomes have the formula of that alternative; the difference of the two
    sides of a ratio becomes an outcome. ``None`` for parameters and columns of the survey.

    Parameters
    ----------
    scenario
        What was run.
    key
        A quantity and its alternative.

    Returns
    -------
    Scenario or None
        The scenario with that alternative alone, or ``None``.
    """
    quantity, held = key
    ratio = ratio_formulas(scenario)
    outcomes = dict(scenario.outcomes)
    if ratio is not None and quantity == ratio.difference:
        outcomes[quantity] = Outcome(formula=f"({ratio.numerator.text}) - ({ratio.denominator.text})")
    elif quantity not in outcomes:
        return None
    if held:
        choice, _, alternative = held.partition("=")
        outcomes = {
            name: Outcome(unit=outcome.unit, formula=outcome.formulas[alternative])
            if outcome.by == choice
            else outcome
            for name, outcome in outcomes.items()
        }
    return scenario.model_copy(update={"outcomes": outcomes})
