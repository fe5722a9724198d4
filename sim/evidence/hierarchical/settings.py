"""How a posterior is sampled."""

from dataclasses import dataclass, field
from typing import Literal

from sim.evidence.hierarchical.choices import ModelChoice
from sim.faults import Fault, InvalidInputError

Sampler = Literal["nutpie", "pymc"]

FIT_SEED = 0
"""Seed of the fit that runs use: not the scenario's, so that all scenarios on one survey share it."""


@dataclass(frozen=True)
class FitSettings:
    """How a posterior is sampled.

    Parameters
    ----------
    draws, tune
        Of each chain: draws kept, and draws before them in which the sampler adapts.
    chains
        Two or more, or r-hat means nothing.
    cores
        Chains that run at the same time; the draws do not depend on it.
    sampler
        ``nutpie``, or ``pymc`` for PyMC's own NUTS. On the shipped survey both give as many effective draws
        a second; nutpie adapts sooner and is done in half the time (docs/benchmarks.md).
    target_accept
        Acceptance the step size aims at; larger takes smaller steps, and cures divergences.
    model
        The model of each unit.
    accept_diagnostics
        Use a posterior that its diagnostics would refuse.
    """

    draws: int = 1000
    tune: int = 500
    chains: int = 4
    cores: int = 2
    sampler: Sampler = "nutpie"
    target_accept: float = 0.85
    model: ModelChoice = field(default_factory=ModelChoice)
    accept_diagnostics: bool = False

    def __post_init__(self) -> None:
        limits = {"draws": 4, "tune": 1, "chains": 2, "cores": 1}
        faults = [
            Fault("fit", name, f"{getattr(self, name)} is too few", f"{low} or more")
            for name, low in limits.items()
            if getattr(self, name) < low
        ]
        if not 0 < self.target_accept < 1:
            faults.append(Fault("fit", "target_accept", f"{self.target_accept}", "between 0 and 1"))
        if faults:
            raise InvalidInputError(faults)
