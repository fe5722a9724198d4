"""An outcome with every factor integrated out at once: what is left to average is the rest alone."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from sim.distributions import Dirichlet
from sim.results import Array
from sim.scenario.power_form import PowerForm, power_form
from sim.scenario.schema import Scenario
from sim.summary.conditional import NARROWEST, Known, factors_of, independent_of, law_of
from sim.summary.estimate import ByRandomisation
from sim.summary.product import Power, ProductLaw


@dataclass(frozen=True)
class Joint:
    """An outcome r s, with a product s of independent factors whose law is known.

    Parameters
    ----------
    names
        The factors, the widest first.
    law
        Of s.
    rest
        r, (randomisation, draw).
    """

    names: tuple[str, ...]
    law: ProductLaw
    rest: Array

    def p_above(self, threshold: float) -> ByRandomisation:
        """Return the probability of more than a threshold."""
        with np.errstate(divide="ignore", invalid="ignore"):
            below = self.law.cdf(threshold / self.rest)
        exceeds = np.where(self.rest > 0, 1.0 - below, below)
        each = np.mean(np.where(self.rest == 0, float(threshold < 0), exceeds), axis=1)
        return ByRandomisation(float(np.mean(each)), each)


def jointly_integrated(scenario: Scenario, known: Known, outcome: str, draws: Array) -> Joint | None:
    """Return an outcome with all its factors integrated out, or ``None`` where it has none.

    A factor is one of :func:`sim.summary.conditional.factors_of` that enters as r p^k, without a c, or the
    one share of a Dirichlet parameter that enters the outcome.

    Parameters
    ----------
    scenario, known, outcome, draws
        As for :func:`sim.summary.conditional.integrated_of`.
    """
    found = sorted(_powers(scenario, known, outcome), key=lambda each: -each[0])
    if not found:
        return None
    rest = draws
    for _, name, power in found:
        rest = rest / known.columns[name] ** power.exponent
    if not np.isfinite(rest).all():
        return None
    return Joint(tuple(name for _, name, _ in found), ProductLaw([power for *_, power in found]), rest)


def _powers(scenario: Scenario, known: Known, outcome: str) -> Iterator[tuple[float, str, Power]]:
    """Yield the width of each factor, its name, and its law with its exponent."""
    for width, name, form in factors_of(scenario, known, outcome):
        if form.pure and law_of(scenario, name).support()[0] >= 0:
            yield width, name, Power(law_of(scenario, name), form.exponent)
    for name in independent_of(scenario):
        shares = scenario.parameters[name]
        if isinstance(shares, Dirichlet):
            yield from _share(scenario, known, outcome, name, shares)


def _share(
    scenario: Scenario, known: Known, outcome: str, name: str, shares: Dirichlet
) -> Iterator[tuple[float, str, Power]]:
    forms = {each: power_form(scenario, outcome, f"{name}.{each}") for each in shares.components}
    entering = {each: form for each, form in forms.items() if form != PowerForm(0.0)}
    if len(entering) != 1:
        return
    (each, form), *_ = entering.items()
    column = known.columns[f"{name}.{each}"]
    if form is None or not form.pure or float(np.min(column)) <= 0.0:
        return
    width = abs(form.exponent) * float(np.std(np.log(column)))
    if width > NARROWEST:
        yield width, f"{name}.{each}", Power(shares.marginal(each), form.exponent)
