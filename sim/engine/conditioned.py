"""Parameters conditioned on observed values, before anything is drawn."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from sim.distributions import ContinuousFamily, implied
from sim.draws.streams import stream
from sim.evidence.observations import Observations, PosteriorLaw
from sim.faults import Fault, InvalidInputError
from sim.scenario.schema import Scenario
from sim.summary.digits import rounded

MAX_R_HAT = 1.01
MIN_ESS = 400.0
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
    from sim.evidence.hierarchical.meta_analysis import condition

    assert scenario.evidence is not None
    parameter = scenario.parameters[name]
    assert isinstance(parameter, ContinuousFamily)
    stated = scenario.evidence.observations[name]
    observations = Observations(stated.values, stated.sds, stated.scale, stated.between)
    seed = int(stream(scenario.seed, "observations", name).integers(2**31))
    found = condition(parameter.law(), observations, seed)
    sampled_well = (
        found.r_hat < MAX_R_HAT and min(found.ess_bulk, found.ess_tail) > MIN_ESS and found.n_divergent == 0
    )
    if not (sampled_well or scenario.evidence.accept_diagnostics):
        problem = (
            f"the posterior was not sampled well: r-hat {found.r_hat:.3f}, bulk ESS {found.ess_bulk:.0f}, "
            f"tail ESS {found.ess_tail:.0f}, {found.n_divergent} divergences"
        )
        allowed = f"r-hat below {MAX_R_HAT}, ESS above {MIN_ESS:.0f}, no divergence; or --accept-diagnostics"
        raise InvalidInputError([Fault(scenario.name, f"evidence.observations.{name}", problem, allowed)])
    posterior = PosteriorLaw(np.sort(found.draws, axis=None))
    before, after = (_words(implied(law)) for law in (parameter.law(), posterior))
    return posterior, f"5/50/95 % were {before}, are {after}; spread between sources {found.spread:.2g}"


def _words(quantiles: tuple[float, float, float]) -> str:
    return " / ".join(rounded(value, N_DIGITS) for value in quantiles)
