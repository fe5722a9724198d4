"""The arrays of a run put into one tree, with units, notes, versions and digests."""

import ast
import platform
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from importlib.metadata import version

import numpy as np

from sim.draws.draw import Draws, achieved_correlations, design_of
from sim.engine.inputs import MAX_SPLIT, ConditionedLaws, too_many_to_split
from sim.formulas import Formula, evaluate
from sim.formulas.tree import names_in, write
from sim.outcomes import with_calls
from sim.results import DIMENSIONS, FORMAT, Groups, Results, Variable, numbers_digest
from sim.scenario.data_files import scenario_digest
from sim.scenario.findings import share_notes
from sim.scenario.graph import definitions, formula_of, quantities
from sim.scenario.priors import parameter_columns
from sim.scenario.schema import Scenario
from sim.scenario.stream_tables import n_years
from sim.types import Array, Indices
from sim.version import __version__

LIBRARIES = ("numpy", "scipy", "numexpr", "pandas", "xarray", "pydantic", "pint")


def assemble(scenario: Scenario, draws: Draws) -> Results:
    """Return the results of draws, with all notes; units, versions and digests once they are asked for.

    Parameters
    ----------
    scenario, draws
        What was run; its draws with their outcomes.

    Returns
    -------
    Results
        With all notes.
    """
    sign = _sign_notes(scenario, draws.variables)
    never = _never_notes(scenario, draws)
    notes = (*sign, *never, *share_notes(scenario), *draws.notes, *_size_notes(scenario))
    of_parameters = parameter_columns(scenario)
    ordered = sorted(draws.columns.items(), key=lambda column: column[0] not in of_parameters)
    lines = tuple(line for line in "\n".join(notes).split("\n") if line)
    whole = replace(draws, columns=dict(ordered), notes=lines)
    return Results(
        whole,
        scenario_digest(scenario),
        lambda: _groups(scenario, whole),
        lambda groups: _attributes(scenario, lines, groups),
    )


def _groups(scenario: Scenario, draws: Draws) -> Groups:
    """Return the groups ``/parameters``, ``/evidence``, ``/choices``, ``/outcomes`` and ``/by_choice``.

    A scenario with years has ``/by_year`` besides.
    """
    labels = _labels(scenario)
    of_parameters = parameter_columns(scenario)
    meanings = {
        name: {"flag_meanings": " ".join(choice.weights)} for name, choice in scenario.choices.items()
    }  # flag variables in the sense of the CF conventions
    return (
        {
            "/": {},
            "/parameters": _group({k: v for k, v in draws.columns.items() if k in of_parameters}, labels),
            "/evidence": _group({k: v for k, v in draws.columns.items() if k not in of_parameters}, labels),
            "/choices": _group(draws.choices, meanings),
            "/outcomes": _group(draws.outcomes, labels),
            "/by_choice": {},
        }
        | {
            f"/by_choice/{choice}": _by_alternative(scenario, choice, arrays, labels)
            for choice, arrays in draws.by_choice.items()
        }
        | _by_year(scenario, draws)
    )


def _by_year(scenario: Scenario, draws: Draws) -> dict[str, dict[str, Variable]]:
    if scenario.horizon is None:
        return {}
    from sim.engine.by_year import GROUP, group_by_year  # a run without a horizon does not wait for it

    return {GROUP: group_by_year(scenario, draws)}


def _attributes(scenario: Scenario, notes: Sequence[str], groups: Groups) -> dict[str, str | int]:
    return {
        "format": FORMAT,
        "title": scenario.title,
        "scenario": scenario.name,
        "scenario_digest": scenario_digest(scenario),
        "seed": str(scenario.seed),
        "n_draws": design_of(scenario).n_draws,
        "sampler": scenario.sampling.sampler,
        "versions": _versions(),
        "notes": "\n".join(notes),
        "numbers_digest": numbers_digest(groups),
    }


def join_draws(scenario: Scenario, conditioned: ConditionedLaws, drawn: Draws, survey: Draws) -> Draws:
    """Return draws of everything, with the notes of all its parts.

    Parameters
    ----------
    scenario, conditioned
        What was drawn; laws of parameters conditioned on observed values.
    drawn, survey
        Parameters and choices; columns of the survey.

    Returns
    -------
    Draws
        Columns of parameters and of the survey, each (randomisation, draw), and choices.
    """
    notes = (*conditioned.notes, *drawn.notes, *_correlation_notes(scenario, drawn), *survey.notes)
    return replace(drawn.replace(survey.columns), notes=notes)


def _labels(scenario: Scenario) -> dict[str, dict[str, str]]:
    """Return the attributes of each variable: unit, and title where the scenario has one."""
    labels = {name: {"unit": unit} for name, unit in quantities(scenario).units.items()}
    titles = {name: parameter.title for name, parameter in scenario.parameters.items()}
    titles |= {name: outcome.title for name, outcome in scenario.outcomes.items()}
    for name, title in titles.items():
        if title and name in labels:
            labels[name]["title"] = title
    return labels


def _by_alternative(
    scenario: Scenario, choice: str, arrays: Mapping[str, Array], labels: Mapping[str, Mapping[str, str]]
) -> dict[str, Variable]:
    """Return the outcomes with a choice held, and the names of its alternatives along that dimension."""
    names = np.array([*scenario.choices[choice].weights], dtype=object)
    return {
        **_group(arrays, labels, (choice, *DIMENSIONS)),
        choice: ((choice,), names, {}),
    }


def _correlation_notes(scenario: Scenario, drawn: Draws) -> list[str]:
    return [
        f"rank correlation of {pair.first} and {pair.second}: asked {pair.asked:.3f}, among the draws "
        f"{pair.achieved:.3f}"
        for pair in achieved_correlations(scenario, drawn)
    ]


def _never_notes(scenario: Scenario, draws: Draws) -> tuple[str, ...]:
    """Return a note for each payback that outcomes read which is never reached in some draws."""
    if scenario.horizon is None:
        return ()
    from sim.stream_values import evaluate_calls  # a run without a horizon does not wait for it

    defined, values = definitions(scenario), draws.variables
    read = {name for each in defined if each.sort == "outcome" for name in each.reads}
    calls = [each.name for each in defined if each.call and each.call.function == "payback"]
    lasting, years = n_years(scenario), scenario.horizon.parameter or f"{n_years(scenario)} years"
    notes = []
    for name in (name for name in calls if name in read):
        found = evaluate_calls(scenario, [name], values, draws.shape, anywhere=True)[name]
        share = float(np.mean(found >= values.get(scenario.horizon.parameter, lasting)))
        if share > 0.0:
            notes.append(f"{name} is never reached in {100 * share:.2g} % of draws, which count as {years}")
    return tuple(notes)


def _sign_notes(scenario: Scenario, values: Mapping[str, Array]) -> tuple[str, ...]:
    """Return a note where the reported outcome divides by what is 0 or less in some draws, but not in all."""
    name = scenario.report.outcome
    formula = scenario.outcomes[name].formula
    body = formula_of(scenario, formula).body if formula else None
    if not (isinstance(body, ast.BinOp) and isinstance(body.op, ast.Div) and names_in(body.right)):
        return ()
    top, bottom = write(body.left), write(body.right)
    denominator = Formula(bottom, body.right)
    read = with_calls(scenario, denominator, values)
    share = float(np.mean(evaluate(denominator, read, read[denominator.names[0]].shape) <= 0.0))
    if not 0.0 < share < 1.0:
        return ()
    words = (
        f"{bottom} is 0 or negative in {100.0 * share:.2g} % of draws: P({name} > t) is not the probability "
        f"that {top} exceeds t times {bottom}"
    )
    return (words,)


def _size_notes(scenario: Scenario) -> list[str]:
    if not too_many_to_split(scenario):
        return []
    many = f"{len(scenario.parameters) + len(scenario.choices):,} parameters and choices"
    return [f"the variance is not split: {many}, at most {MAX_SPLIT} are split among"]


@cache
def _versions() -> str:
    libraries = [f"{name} {version(name)}" for name in LIBRARIES]
    return " ".join([f"sim {__version__}", f"python {platform.python_version()}", *libraries])


def _group(
    arrays: Mapping[str, Array | Indices],
    attributes: Mapping[str, Mapping[str, str]],
    dimensions: tuple[str, ...] = DIMENSIONS,
) -> dict[str, Variable]:
    """Return arrays as the variables of a group, with their attributes."""
    return {name: (dimensions, array, dict(attributes.get(name, {}))) for name, array in arrays.items()}
