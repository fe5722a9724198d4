"""The assumptions of a scenario: what each parameter's statement implies."""

from dataclasses import dataclass

from sim.distributions import implied
from sim.scenario.parameters import Parameter
from sim.scenario.schema import Scenario
from sim.tables.words import distribution_in_words, stated_number


@dataclass(frozen=True)
class Assumption:
    """One parameter, or one component of a Dirichlet.

    Parameters
    ----------
    name, distribution, unit, kind
        As in the scenario.
    p05, p50, p95
        Implied quantiles, exact.
    source
        Its source, or else its rationale.
    title
        In words; the name where the scenario has none.
    words
        Family and stated numbers.
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


def assumptions(scenario: Scenario) -> tuple[Assumption, ...]:
    """Return the assumptions of a scenario, in its order.

    Raises
    ------
    InvalidInputError
        If a data file of an empirical parameter cannot be used.
    """
    return tuple(
        Assumption(
            name,
            parameter.distribution,
            parameter.unit,
            parameter.kind,
            *implied(law),
            parameter.source or parameter.rationale or "",
            _title(whole, name, parameter),
            _words(name, parameter),
        )
        for whole, parameter in scenario.parameters.items()
        for name, law in parameter.marginals(whole).items()
    )


def _title(whole: str, name: str, parameter: Parameter) -> str:
    component = name.partition(".")[2]
    title = parameter.title or whole.replace("_", " ")
    return f"{title}: {component.replace('_', ' ')}" if component else title


def _words(name: str, parameter: Parameter) -> str:
    words = distribution_in_words(parameter, name.partition(".")[2])
    if parameter.price_index is None:
        return words
    year = f" in {parameter.price_year} prices" if parameter.price_year else ""
    return f"{words}{year}, times {stated_number(parameter.price_index.factor)}"
