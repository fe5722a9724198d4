"""Parameters conditioned on observed values, before anything is drawn."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from sim.distributions import implied
from sim.draws.streams import stream
from sim.evidence.observations import Observations, PosteriorLaw
from sim.scenario.schema import Scenario
from sim.summary.digits import rounded

N_DIGITS = 3
"""What some thousand posterior draws support."""


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

    posteriors: Mapping[str, PosteriorLaw]
    notes: tuple[str, ...]


def conditioned_laws(scenario: Scenario) -> ConditionedLaws:
    """Condition every observed parameter of a scenario on its observed values.

    Raises
    ------
    InvalidInputError
        If a posterior was not sampled well enough, unless the scenario accepts that.
    """
    observed = scenario.evidence.observations if scenario.evidence else {}
    posteriors: dict[str, PosteriorLaw] = {}
    notes: list[str] = []
    for name, stated in observed.items():
        posteriors[name], note = _condition(scenario, name)
        notes.append(f"{name} is conditioned on {len(stated.values)} observed values: {note}")
    return ConditionedLaws(posteriors, tuple(notes))


def _condition(scenario: Scenario, name: str) -> tuple[PosteriorLaw, str]:
    from sim.evidence.hierarchical.cache import default_cache
    from sim.evidence.hierarchical.diagnostics import Diagnostics, UnitReport, refuse_unless_sound
    from sim.evidence.hierarchical.meta_analysis import condition

    assert scenario.evidence is not None
    parameter = scenario.parameters[name]
    stated = scenario.evidence.observations[name]
    observations = Observations(stated.values, stated.sds, stated.scale, stated.between)
    seed = int(stream(scenario.seed, "observations", name).integers(2**31))
    found = condition(parameter.continuous_law(), observations, seed, default_cache())
    sampled = Diagnostics(
        (replace(found.convergence, name=f"evidence.observations.{name}"),),
        (UnitReport(name, "random effects", found.n_divergent, 0.0, 0.0, 0, len(stated.values)),),
    )
    refuse_unless_sound(sampled, scenario.evidence.accept_diagnostics)
    posterior = PosteriorLaw(np.sort(found.draws, axis=None))
    before, after = (_words(implied(law)) for law in (parameter.law(), posterior))
    return posterior, f"5/50/95 % were {before}, are {after}; spread between sources {found.spread:.2g}"


def _words(quantiles: tuple[float, float, float]) -> str:
    return " / ".join(rounded(value, N_DIGITS) for value in quantiles)
