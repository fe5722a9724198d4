"""The assumptions of a scenario: what each parameter's statement implies."""

from dataclasses import dataclass

from sim.distributions import implied_quantiles
from sim.distributions.words import family_words
from sim.scenario.schema import Scenario
from sim.scenario.titles import title_of


@dataclass(frozen=True)
class Assumption:
    """One parameter, or one component of a Dirichlet, as in the scenario.

    Parameters
    ----------
    name
        Name of the parameter, or of the component with the parameter's before it.
    distribution
        Word of its family.
    unit
        Its unit in pint's notation.
    kind
        Kind of its uncertainty.
    p05
        Implied 5 % quantile, exact.
    p50
        Implied median, exact.
    p95
        Implied 95 % quantile, exact.
    source
        Its source, or else its rationale.
    title
        Its title; its name in words where the scenario has none.
    words
        Its family and stated numbers in words.
    """

    name: str
    distribution: str
    unit: str
    kind: str
    p05: float
    p50: float
    p95: float
    source: str
    title: str
    words: str

    @property
    def quantiles(self) -> tuple[float, float, float]:
        """The implied quantiles in ascending order."""
        return self.p05, self.p50, self.p95


def assumptions(scenario: Scenario) -> tuple[Assumption, ...]:
    """Return the assumptions of a scenario, in its order.

    Raises
    ------
    InvalidInput
        If a data file of an empirical parameter cannot be used.
    """
    return tuple(
        Assumption(
            name,
            parameter.law_name,
            parameter.unit,
            parameter.kind,
            *implied_quantiles(law),
            parameter.source or parameter.rationale or "",
            title_of(scenario, name),
            family_words(parameter, name.partition(".")[2]),
        )
        for whole, parameter in scenario.parameters.items()
        for name, law in parameter.marginals(whole).items()
    )
