"""Statistics of a scenario's outcomes by randomisation: those of ``sim run``, and what differences need.

Means, medians, ends of equal-tailed intervals and probabilities of exceeding a threshold are taken by
conditional Monte Carlo where a factor can be integrated out, else of the draws as they are.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from sim.distributions import Law
from sim.draws.draw import Draws
from sim.scenario.schema import Outcome, Report, Scenario
from sim.summary.conditional_outcome import ConditionalMean, ConditionalOutcome, integrate_out, mean_of
from sim.summary.estimate import ByRandomisation
from sim.summary.order import OrderedDraws
from sim.summary.product_outcome import ProductOutcome, integrate_jointly, mixture_of_choices
from sim.summary.quantiles import quantile_of
from sim.summary.ratio import ratio_of
from sim.summary.roots import refine_quantile
from sim.summary.statistic import NAN, Key, Statistic, of_draws
from sim.summary.trust import trust_of
from sim.types import Array

EstimateSource = Literal["conditional", "draws"]
NO_OTHERS: Mapping[Key, Array] = {}


@dataclass(frozen=True)
class StatisticEstimate:
    """A statistic, and where it comes from.

    Parameters
    ----------
    statistic
        The statistic of all draws and of each randomisation, with its note.
    estimator
        ``conditional`` where a parameter was integrated out; ``draws``, of the draws as they are.
    """

    statistic: ByRandomisation
    estimator: EstimateSource


@dataclass(frozen=True)
class _MarginalCdf:
    """The distribution function of a parameter's law, the same for each of some randomisations."""

    law: Law
    n_randomisations: int
    known = True
    smooth = True

    def cdf_of_each(self, t: float | Array) -> Array:
        """Return the probability of at most `t` by randomisation; `t` a number, or (randomisation, 1)."""
        return np.broadcast_to(self.law.cdf(np.ravel(np.asarray(t, dtype=np.float64))), self.n_randomisations)


class OutcomeEstimates:
    """The statistics of one scenario, each found once.

    Parameters
    ----------
    scenario
        The scenario of the run.
    draws
        Its draws, with their outcomes.
    others
        Draws of further quantities, such as of an outcome under one alternative.
    """

    def __init__(self, scenario: Scenario, draws: Draws, others: Mapping[Key, Array] = NO_OTHERS) -> None:
        self._scenario, self.draws = scenario, draws
        named = {(name, ""): values for name, values in draws.variables.items()}
        self._keyed: dict[Key, Array] = {**named, **others}
        self._trust = trust_of(scenario, self._keyed)
        self._ordered: tuple[Key, OrderedDraws] | None = None
        self._found: dict[Statistic, StatisticEstimate] = {}
        self._refined: dict[Statistic, StatisticEstimate] = {}
        self._joint: dict[str, ProductOutcome | None] = {}
        self._integrated: dict[Key, ConditionalOutcome | None] = {}
        self._means: dict[Key, ConditionalMean | None] = {}

    def of(self, wanted: Statistic) -> StatisticEstimate:
        """Return a statistic as ``sim run`` reports it."""
        if wanted not in self._found:
            smooth = self._conditional(wanted)
            if smooth is None:
                self._found[wanted] = self._judged(wanted, self._of_draws(wanted), "draws")
            else:
                self._found[wanted] = self._judged(wanted, smooth, "conditional")
        return self._found[wanted]

    def refined(self, wanted: Statistic) -> StatisticEstimate:
        """Return the same statistic of all draws, and those of each randomisation to full accuracy."""
        if wanted not in self._refined:
            smooth, probability = self._conditional(wanted), wanted.probability
            integrated = None if probability is None else self._integrated_of(wanted.of[0])
            if smooth is not None and probability is not None and integrated is not None:
                smooth = refine_quantile(integrated, probability, smooth)
            self._refined[wanted] = (
                self.plain(wanted) if smooth is None else self._judged(wanted, smooth, "conditional")
            )
        return self._refined[wanted]

    def plain(self, wanted: Statistic) -> StatisticEstimate:
        """Return the same statistic of the draws as they are, and of those of each randomisation."""
        found, probability = self._of_draws(wanted), wanted.probability
        if probability is not None and found.error != 0.0:  # an exact one is left so
            found = replace(found, each=self._in_order(wanted.of[0]).quantiles(probability))
        return self._judged(wanted, found, "draws")

    def joint(self, wanted: Statistic) -> ByRandomisation | None:
        """Return a quantile or probability with all integrated out of its outcome that can be.

        ``None`` where that is nothing, or where the statistic is not a function of the cdf.
        """
        name, probability = wanted.quantity, wanted.probability
        if name not in self._joint:
            draws = self._keyed[name, ""]
            self._joint[name] = integrate_jointly(self._scenario, self.draws, name, draws)
        joint = self._joint[name]
        if joint is None:
            return None
        if wanted.statistic == "p_above":
            return joint.p_above(wanted.at)
        return None if probability is None else joint.quantile(probability, self.of(wanted).statistic)

    def _judged(
        self, wanted: Statistic, found: ByRandomisation, estimator: EstimateSource
    ) -> StatisticEstimate:
        mean = self._mean_of(wanted.of[0]) if wanted.statistic == "mean" else None
        conditional = None if mean is None or estimator == "draws" else mean.rest
        return StatisticEstimate(self._trust.judged(wanted, found, conditional), estimator)

    def _of_draws(self, wanted: Statistic) -> ByRandomisation:
        return of_draws(wanted, [self._keyed[key] for key in wanted.of], self._in_order(wanted.of[0]))

    def _in_order(self, key: Key) -> OrderedDraws:
        """Return the draws of a quantity in order; those of the last one asked for are kept."""
        if self._ordered is None or self._ordered[0] != key:
            self._ordered = key, OrderedDraws(self._keyed[key])
        return self._ordered[1]

    def _conditional(self, wanted: Statistic) -> ByRandomisation | None:
        """Return a mean, quantile or probability, or ``None`` where only the draws give it."""
        key, probability = wanted.of[0], wanted.probability
        if wanted.statistic == "mean":
            mean = self._mean_of(key)
            return None if mean is None else mean.mean()
        if wanted.statistic == "p_above":
            integrated = self._integrated_of(key)
            return None if integrated is None else integrated.p_above(wanted.at)
        return None if probability is None else self._quantile(key, probability)

    def _quantile(self, key: Key, probability: float) -> ByRandomisation | None:
        """Return a quantile, at a gap with the weights of choices in place of how often they were drawn."""
        if key[0] in self._scenario.parameters:
            return self._of_input(key[0], probability)
        integrated = self._integrated_of(key)
        found = quantile_of(self._in_order(key), probability, integrated)
        scenario = _stating(self._scenario, key) if found.note else None
        if scenario is not None:
            beside = mixture_of_choices(scenario, self.draws, key[0], self._keyed[key])
            if beside is not None:
                return quantile_of(self._in_order(key), probability, beside)
        return None if integrated is None else found

    def _of_input(self, name: str, probability: float) -> ByRandomisation | None:
        """Return a quantile of a parameter: of its draws, or where these may jump, of its law."""
        ordered, parameter = self._in_order((name, "")), self._scenario.parameters[name]
        if self._scenario.evidence and name in self._scenario.evidence.observations:
            return None
        if not parameter.has_exact_law or parameter.parts:
            return None
        if parameter.has_density:
            found = quantile_of(ordered, probability)
            if not found.note:
                return found
        return quantile_of(ordered, probability, _MarginalCdf(parameter.law(), len(ordered.draws)))

    def _mean_of(self, key: Key) -> ConditionalMean | None:
        """Return what the mean of a quantity is taken of, or ``None`` where that is its draws."""
        if key not in self._means:
            scenario = _stating(self._scenario, key)
            self._means[key] = (
                None if scenario is None else mean_of(scenario, self.draws, key[0], self._keyed[key])
            )
        return self._means[key]

    def _integrated_of(self, key: Key) -> ConditionalOutcome | None:
        """Return a quantity with its widest factor integrated out, or ``None`` where it has none."""
        if key not in self._integrated:
            scenario = _stating(self._scenario, key)
            self._integrated[key] = (
                None if scenario is None else integrate_out(scenario, self.draws, key[0], self._keyed[key])
            )
        return self._integrated[key]


def _stating(scenario: Scenario, key: Key) -> Scenario | None:
    """Return the scenario in which a quantity under an alternative is an outcome with formulas of its own.

    Where a choice is held, its outcomes have the formula of that alternative; the difference of the two
    sides of a ratio becomes an outcome. ``None`` for parameters and columns of the survey.
    """
    quantity, held = key
    ratio = ratio_of(scenario)
    outcomes = dict(scenario.outcomes)
    if ratio is not None and quantity == ratio.difference:
        outcomes[quantity] = Outcome(formula=quantity)
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


def statistics_of(report: Report, outcome: str, unit: str) -> tuple[Statistic, ...]:
    """Return the statistics that a comparison looks at, as a scenario reports them.

    Parameters
    ----------
    report
        The report whose interval and thresholds are used.
    outcome
        Name of the outcome.
    unit
        Its unit in pint's notation.

    Returns
    -------
    tuple
        Median, ends of the credible interval and mean; probabilities of the outcome reported.
    """
    key, stated = (outcome, ""), report.interval
    thresholds = report.thresholds if outcome == report.outcome else ()
    return (
        median_of(outcome, unit),
        *(Statistic(*key, end, stated.probability, unit, (key,), stated.kind) for end in ("low", "high")),
        Statistic(*key, "mean", NAN, unit, (key,)),
        *(Statistic(*key, "p_above", threshold, "1", (key,)) for threshold in thresholds),
    )


def median_of(outcome: str, unit: str) -> Statistic:
    """Return the median of an outcome as a statistic to look at.

    Parameters
    ----------
    outcome
        Name of the outcome.
    unit
        Its unit in pint's notation.

    Returns
    -------
    Statistic
        The statistic, to be asked for.
    """
    return Statistic(outcome, "", "median", NAN, unit, ((outcome, ""),))
