"""Draws of parameters and survey joined, and made a run, with all notes that its numbers need."""

import ast
from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from sim.draws.draw import Draws, achieved_correlations
from sim.engine.inputs import MAX_SPLIT, ConditionedLaws, too_many_to_split
from sim.formulas import Formula, evaluate
from sim.formulas.tree import names_in, write
from sim.outcomes import with_calls
from sim.results import lines_of
from sim.run_record import Run
from sim.scenario.findings import share_notes
from sim.scenario.graph import definitions, formula_of
from sim.scenario.priors import parameter_columns
from sim.scenario.schema import Scenario
from sim.scenario.stream_tables import n_years
from sim.types import Array


def run_of(scenario: Scenario, draws: Draws) -> Run:
    """Return the run of some draws, with all notes.

    Parameters
    ----------
    scenario
        The scenario that was run.
    draws
        Its draws with their outcomes.

    Returns
    -------
    Run
        The run in memory; units, versions and digests are computed when they are first asked for.
    """
    sign = _sign_notes(scenario, draws.variables)
    never = _never_notes(scenario, draws)
    notes = (*sign, *never, *share_notes(scenario), *draws.notes, *_size_notes(scenario))
    of_parameters = parameter_columns(scenario)
    ordered = sorted(draws.columns.items(), key=lambda column: column[0] not in of_parameters)
    return Run(scenario, replace(draws, columns=dict(ordered), notes=lines_of("\n".join(notes))))


def join_draws(scenario: Scenario, conditioned: ConditionedLaws, drawn: Draws, survey: Draws) -> Draws:
    """Return draws of everything, with the notes of all its parts.

    Parameters
    ----------
    scenario
        The scenario that was drawn.
    conditioned
        Laws of parameters conditioned on observed values.
    drawn
        Draws of parameters and choices.
    survey
        Draws of the survey's columns.

    Returns
    -------
    Draws
        Draws of parameters, the survey's columns and choices.
    """
    notes = (*conditioned.notes, *drawn.notes, *_correlation_notes(scenario, drawn), *survey.notes)
    return replace(drawn.replace(survey.columns), notes=notes)


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
