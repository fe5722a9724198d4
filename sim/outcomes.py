"""Outcomes: the scenario's formulas evaluated draw by draw."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

import numpy as np

from sim.draws.draw import Draws
from sim.faults import Fault, InvalidInput
from sim.formulas import Formula, FormulaError, evaluate
from sim.scenario.graph import calls_ready, evaluation_order, formula_of, touched_outcomes
from sim.scenario.schema import Outcome, Scenario
from sim.types import Array

FINITE = (
    "a formula that is finite wherever the parameters can go: no division by zero, no log of "
    "a negative number"
)
Evaluator = Callable[[Formula, Mapping[str, Array], tuple[int, ...]], Array]
"""Evaluates a formula over draws: :func:`sim.formulas.evaluation.evaluate`, or one that agrees with it."""


def evaluate_outcomes(scenario: Scenario, draws: Draws, by: Evaluator = evaluate) -> dict[str, Array]:
    """Evaluate every outcome of a scenario.

    Parameters
    ----------
    scenario
        Checked scenario.
    draws
        Everything that its outcomes read; a choice of shape () is held at its alternative.
    by
        What evaluates a formula.

    Returns
    -------
    dict
        Outcome by name, (randomisation, draw), in the scenario's order.

    Raises
    ------
    InvalidInput
        If an outcome is infinite or not a number in some draw, with the number of such draws.
    """
    values = dict(draws.columns)
    order = evaluation_order(scenario)
    for name in order:
        outcome = scenario.outcomes[name]
        try:
            if scenario.horizon is not None:
                values |= _calls(scenario, name, order, values, draws)
            values[name] = _outcome(scenario, outcome, values, draws, by)
        except FormulaError as error:
            raise InvalidInput([Fault(scenario.name, f"outcomes.{name}", str(error))]) from None
        n_bad = int(np.count_nonzero(~np.isfinite(values[name])))
        if n_bad:
            problem = f"infinite or not a number in {n_bad:,} of {values[name].size:,} draws"
            raise InvalidInput([Fault(scenario.name, f"outcomes.{name}", problem, FINITE)])
    return {name: values[name] for name in scenario.outcomes}


def _evaluate_by_alternative(
    scenario: Scenario,
    draws: Draws,
    choice: str,
    by: Evaluator,
) -> dict[str, Array]:
    """Return the outcomes that a choice touches, (alternative, randomisation, draw), alternatives by name.

    Other choices stay as drawn.
    """
    touched = touched_outcomes(scenario, choice)
    places = range(len(scenario.choices[choice].weights))
    runs = [
        evaluate_outcomes(scenario, draws.replace({}, {choice: np.array(place, dtype=np.int64)}), by)
        for place in places
    ]
    return {name: np.stack([run[name] for run in runs]) for name in scenario.outcomes if name in touched}


def with_outcomes(scenario: Scenario, draws: Draws, by: Evaluator = evaluate) -> Draws:
    """Evaluate the outcomes of draws, as drawn and with each choice held at each of its alternatives.

    Parameters
    ----------
    scenario
        Checked scenario.
    draws
        Everything that its outcomes read.
    by
        What evaluates a formula.

    Returns
    -------
    Draws
        The same, with their outcomes.

    Raises
    ------
    InvalidInput
        If an outcome is not finite in some draw.
    """
    outcomes = evaluate_outcomes(scenario, draws, by)
    held = {name: _evaluate_by_alternative(scenario, draws, name, by) for name in scenario.choices}
    return replace(draws, outcomes=outcomes, by_choice=held)


def evaluate_anywhere(
    scenario: Scenario, draws: Draws, outcomes: Iterable[str], n_years: int | None = None
) -> dict[str, Array]:
    """Evaluate some outcomes, whether or not their formulas are finite.

    Parameters
    ----------
    scenario
        Checked scenario.
    draws
        Everything that its outcomes read.
    outcomes
        Names of outcomes, each after those it reads.
    n_years
        Years that the horizon is taken to have; as many as it has unless stated.

    Returns
    -------
    dict
        The columns of the draws, the outcomes by name, and what these read of streams by the text of the
        call; each (randomisation, draw).
    """
    values, order = dict(draws.columns), tuple(outcomes)
    with np.errstate(all="ignore"):
        for name in order:
            if scenario.horizon is not None:
                values |= _calls(scenario, name, order, values, draws, anywhere=True, n_years=n_years)
            values[name] = _outcome(scenario, scenario.outcomes[name], values, draws)
    return values


def with_calls(scenario: Scenario, formula: Formula, values: Mapping[str, Array]) -> Mapping[str, Array]:
    """Return values by name, what a formula reads of streams among them.

    Parameters
    ----------
    scenario
        Checked scenario.
    formula
        A formula over its names and calls of functions of streams.
    values
        Columns and outcomes by name, each (randomisation, draw).

    Returns
    -------
    mapping of str to Array
        The same where the formula has no calls.
    """
    wanted = [name for name in formula.names if name not in values]
    if not wanted:
        return values
    from sim.stream_values import evaluate_calls

    n_rows, n_draws = next(iter(values.values())).shape
    return {**values, **evaluate_calls(scenario, wanted, values, (n_rows, n_draws), anywhere=True)}


def _calls(
    scenario: Scenario,
    name: str,
    order: Sequence[str],
    values: Mapping[str, Array],
    draws: Draws,
    anywhere: bool = False,
    n_years: int | None = None,
) -> dict[str, Array]:
    """Return what an outcome reads of streams, and with it all that others can read of them by then."""
    from sim.stream_values import evaluate_calls  # a run without a horizon does not wait for it

    wanted = calls_ready(scenario, name, values.keys(), order)
    if not wanted:
        return {}
    return evaluate_calls(scenario, wanted, values, draws.shape, anywhere=anywhere, cut=n_years)


def _outcome(
    scenario: Scenario,
    outcome: Outcome,
    values: Mapping[str, Array],
    draws: Draws,
    by: Evaluator = evaluate,
) -> Array:
    def value(text: str) -> Array:
        return by(formula_of(scenario, text), values, draws.shape)

    if outcome.by is None:
        return value(outcome.formulas["formula"])
    found = np.empty(draws.shape)
    for place, alternative in enumerate(scenario.choices[outcome.by].weights):
        chosen = draws.choices[outcome.by] == place
        if np.any(chosen):
            np.copyto(found, value(outcome.formulas[alternative]), where=chosen)
    return found
