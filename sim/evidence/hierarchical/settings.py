"""Which models a posterior is of, and how it is sampled."""

from dataclasses import dataclass, field
from typing import Literal, get_args

from sim.evidence.readings import UNITS
from sim.faults import Fault, nearest_name, refuse

ContributorsModel = Literal["negative-binomial", "common-dispersion", "poisson"]
EffortModel = Literal["lognormal", "without-activity", "without-period-level"]
RivalModel = Literal["log-logistic", "weibull"]
"""Laws of commits and lines that are only compared: the mean of the first need not exist."""
MarksModel = EffortModel | RivalModel
UnitModel = ContributorsModel | MarksModel

CONTRIBUTORS_MODELS: tuple[ContributorsModel, ...] = get_args(ContributorsModel)
EFFORT_MODELS: tuple[EffortModel, ...] = get_args(EffortModel)
RIVAL_MODELS: tuple[RivalModel, ...] = get_args(RivalModel)
CANDIDATES: dict[str, tuple[UnitModel, ...]] = {
    "contributors": CONTRIBUTORS_MODELS,
    "commits": (*EFFORT_MODELS, *RIVAL_MODELS),
    "lines": (*EFFORT_MODELS, *RIVAL_MODELS),
}
"""Models that are compared, by unit."""

PosteriorSampler = Literal["nutpie", "pymc"]

FIT_SEED = 0
"""Seed of the fit that runs use: not the scenario's, so that all scenarios on one survey share it."""


@dataclass(frozen=True)
class ModelChoice:
    """The model of each unit; the defaults are those that the checks support.

    On the shipped survey, lines capped, :mod:`sim.evidence.hierarchical.checks` finds (difference of elpd to
    the best and its standard error; 95 % intervals of surveys drawn anew):

    - contributors: Poisson (-223 ± 43) has too few empty periods (11 to 16 %; there are 18 %) and too little
      spread; one dispersion for all (-25 ± 7) passes the checks but loses to a dispersion by stratum.
    - commits: a log-logistic law (-38 ± 21) is far too heavy; a Weibull law, by elpd the lognormal's equal,
      too light: the top 1 % have 11 to 16 % of commits, not 17 % as there; the lognormal's 15 to 24 %.
    - lines: Weibull (-200 ± 34) is too light, log-logistic (-41 ± 8) too heavy.
    - without a period level (commits -26 ± 18, lines -13 ± 9) both spread too little between periods.
      Without activity they fit about as well, but the bias of the totals doubles in simulated surveys (the
      project's method page): activity stays.

    Parameters
    ----------
    contributors
        Model of contributors by period.
    commits
        Model of the commits of one contributor in a period.
    lines
        Model of the lines of one contributor in a period.
    """

    contributors: ContributorsModel = "negative-binomial"
    commits: EffortModel = "lognormal"
    lines: EffortModel = "lognormal"

    def of(self, unit: str) -> UnitModel:
        """Return the model of a unit."""
        return {"contributors": self.contributors, "commits": self.commits, "lines": self.lines}[unit]


def parse_choice(stated: list[str]) -> ModelChoice:
    """Return the models stated as ``unit=model``; units not stated keep their default.

    Raises
    ------
    InvalidInput
        If a statement names no unit or no model of it; with every such statement.

    Examples
    --------
    >>> parse_choice(["contributors=poisson"]).contributors
    'poisson'
    """
    allowed = {"contributors": CONTRIBUTORS_MODELS, "commits": EFFORT_MODELS, "lines": EFFORT_MODELS}
    chosen: dict[str, str] = {}
    faults: list[Fault] = []
    for text in stated:
        unit, _, model = text.partition("=")
        if unit not in allowed:
            problem = f"no unit {unit!r}"
            faults.append(Fault("--model", text, problem, "unit=model", nearest_name(unit, UNITS)))
        elif model not in allowed[unit]:
            names = allowed[unit]
            faults.append(
                Fault("--model", text, f"no model {model!r}", ", ".join(names), nearest_name(model, names))
            )
        else:
            chosen[unit] = model
    refuse(faults)
    return ModelChoice(**chosen)  # type: ignore[arg-type]


@dataclass(frozen=True)
class FitSettings:
    """How a posterior is sampled.

    Parameters
    ----------
    draws
        Draws that are kept of each chain.
    tune
        Draws of each chain before those, in which the sampler adapts.
    chains
        Number of chains, two or more, or r-hat means nothing.
    cores
        Number of chains that run at the same time; the draws do not depend on it.
    sampler
        ``nutpie``, or ``pymc`` for PyMC's own NUTS. On the shipped survey both give as many effective draws
        a second; nutpie adapts sooner and is done in half the time (docs/benchmarks.md).
    target_accept
        Acceptance the step size aims at; larger takes smaller steps, and cures divergences.
    model
        The model of each unit.
    accept_diagnostics
        Whether to use a posterior that its diagnostics would refuse.
    """

    draws: int = 1000
    tune: int = 500
    chains: int = 4
    cores: int = 2
    sampler: PosteriorSampler = "nutpie"
    target_accept: float = 0.8
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
        refuse(faults)
