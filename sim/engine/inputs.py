"""What an outcome's uncertainty comes from: inputs, the groups they form, and their laws once observed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from sim.digits import rounded
from sim.distributions import ContinuousLaw, implied_quantiles
from sim.evidence.methods import METHODS
from sim.scenario.correlations import blocks
from sim.scenario.evidence import ObservedValues
from sim.scenario.priors import priors, survey_units
from sim.scenario.schema import Scenario

InputKind = Literal["data", "judgement", "choice", "mixed"]

SURVEY = "survey"


MAX_SPLIT = 200
"""Inputs among which a variance is split: the time that takes grows with their square and more."""


def too_many_to_split(scenario: Scenario) -> bool:
    """Tell whether a scenario has more parameters and choices than a variance is split among."""
    return len(scenario.parameters) + len(scenario.choices) > MAX_SPLIT


@dataclass(frozen=True)
class Input:
    """The smallest part of a scenario that can be drawn anew while all else stands.

    Parameters
    ----------
    name
        Name of the parameter or choice; ``survey`` for the columns of the survey, which share its periods.
    kind
        What the uncertainty is: data, judgement, or choice.
    columns
        Columns it fills: a Dirichlet all its components, a stream all its years, the survey all its
        estimands; a choice none.
    parameters
        Parameters it consists of; several where they share the rows of one file.
    tied_to
        Names of the copula block it belongs to, itself included; empty where it is independent.
    """

    name: str
    kind: InputKind
    columns: tuple[str, ...]
    parameters: tuple[str, ...] = ()
    tied_to: tuple[str, ...] = ()


@dataclass(frozen=True)
class Group:
    """Inputs that depend on each other and on no others.

    Parameters
    ----------
    name
        Names of its members, joined by ``~``.
    kind
        What their uncertainty is: data, judgement, or choice.
    inputs
        Its members.
    """

    name: str
    kind: InputKind
    inputs: tuple[Input, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """Columns of all members."""
        return tuple(column for each in self.inputs for column in each.columns)


def inputs_of(scenario: Scenario) -> tuple[Input, ...]:
    """Return the inputs of a scenario that vary: parameters, the survey, choices, in its order."""
    return (*_parameters(scenario), *_survey(scenario), *_choices(scenario))


def groups_of(inputs: tuple[Input, ...]) -> tuple[Group, ...]:
    """Return the groups that inputs form, in the order of their first members.

    Examples
    --------
    >>> a, b, c = Input("a", "data", ("a",), tied_to=("a", "c")), Input("b", "data", ("b",)), Input(
    ...     "c", "judgement", ("c",), tied_to=("a", "c"))
    >>> [(group.name, group.kind) for group in groups_of((a, b, c))]
    [('a ~ c', 'mixed'), ('b', 'data')]
    """
    blocks: dict[tuple[str, ...], list[Input]] = {}
    for each in inputs:
        blocks.setdefault(each.tied_to or (each.name,), []).append(each)
    return tuple(_group(tuple(members)) for members in blocks.values())


def _group(members: tuple[Input, ...]) -> Group:
    kinds = {each.kind for each in members}
    kind: InputKind = kinds.pop() if len(kinds) == 1 else "mixed"
    return Group(" ~ ".join(each.name for each in members), kind, members)


def _parameters(scenario: Scenario) -> Iterator[Input]:
    tied = _tied(scenario)
    sharing = _sharing_a_file(scenario, tied)
    for name, parameter in priors(scenario).items():
        if not parameter.varies:
            continue
        members = sharing.get(name, (name,))
        if members[0] == name:
            columns = parameter.columns(name) if parameter.parts else members
            yield Input(name, parameter.kind, columns, members, tied.get(name, ()))


def _tied(scenario: Scenario) -> Mapping[str, tuple[str, ...]]:
    """Return the block of each correlated parameter; a Dirichlet's is that of its one tied component."""
    tied: dict[str, tuple[str, ...]] = {}
    for block in blocks(scenario.correlations):
        wholes = tuple(name.split(".")[0] for name in block.names)
        tied |= dict.fromkeys(wholes, wholes)
    return tied


def _sharing_a_file(scenario: Scenario, tied: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """Return, for parameters drawn from one file together, all of them."""
    by_file: dict[str, list[str]] = {}
    for name, parameter in scenario.parameters.items():
        if parameter.shared_file and name not in tied:
            by_file.setdefault(parameter.shared_file, []).append(name)
    return {name: tuple(names) for names in by_file.values() for name in names}


def _survey(scenario: Scenario) -> Iterator[Input]:
    evidence = scenario.evidence
    if evidence is not None and evidence.periods is not None and METHODS[evidence.method].has_error:
        yield Input(SURVEY, "data", tuple(survey_units(scenario)))


def _choices(scenario: Scenario) -> Iterator[Input]:
    for name, choice in scenario.choices.items():
        if sum(weight > 0 for weight in choice.weights.values()) > 1:
            yield Input(name, "choice", ())


N_DIGITS = 3
"""Digits of the quantiles that are echoed."""


@dataclass(frozen=True)
class ConditionedLaws:
    """Laws of parameters that are conditioned on observed values.

    Parameters
    ----------
    posteriors
        Posterior law of each observed parameter, by name.
    notes
        What the observations did to each, in words.
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


def _condition(scenario: Scenario, name: str, stated: ObservedValues) -> tuple[ContinuousLaw, str]:
    from sim.distributions.posterior_law import condition  # here: what integrates it takes long to import

    prior = scenario.parameters[name].continuous_law()
    found = condition(prior, stated.observations().likelihood(prior))
    before, after = (_words(implied_quantiles(law)) for law in (prior, found.law))
    return found.law, f"5/50/95 % were {before}, are {after}; spread between sources {found.spread:.2g}"


def _words(quantiles: tuple[float, float, float]) -> str:
    return " / ".join(rounded(value, N_DIGITS) for value in quantiles)
