"""Parameters conditioned on observed values, before anything is drawn."""

from collections.abc import Mapping
from dataclasses import dataclass

from sim.digits import rounded
from sim.distributions import ContinuousLaw, implied
from sim.distributions.conditioning import condition
from sim.scenario.evidence import Observed
from sim.scenario.schema import Scenario

N_DIGITS = 3
"""Of the quantiles that are echoed."""


@dataclass(frozen=True)
class ConditionedLaws:
    """Posterior laws of observed parameters.

    Parameters
    ----------
    posteriors
        By name of parameter.
    notes
        What the observations did to each, in plain words.
    """

    posteriors: Mapping[str, ContinuousLaw]
    notes: tuple[str, ...]


def conditioned_laws(scenario: Scenario) -> ConditionedLaws:
    """Condition every observed parameter of a scenario on its observed values."""
    observed = scenario.evidence.observations if scenario.evidence else {}
    posteriors: dict[str, ContinuousLaw] = {}
    notes: list[str] = []
    for name, stated in observed.items():
        posteriors[name], note = _condition(scenario, name, stated)
        notes.append(f"{name} is conditioned on {len(stated.values)} observed values: {note}")
    return ConditionedLaws(posteriors, tuple(notes))


def _condition(scenario: Scenario, name: str, stated: Observed) -> tuple[ContinuousLaw, str]:
    prior = scenario.parameters[name].continuous_law()
    found = condition(prior, stated.observations().likelihood(prior))
    before, after = (_words(implied(law)) for law in (prior, found.law))
    return found.law, f"5/50/95 % were {before}, are {after}; spread between sources {found.spread:.2g}"


def _words(quantiles: tuple[float, float, float]) -> str:
    return " / ".join(rounded(value, N_DIGITS) for value in quantiles)
