"""Outcomes: the scenario's formulas evaluated draw by draw."""

from collections.abc import Mapping

import numpy as np

from sim.faults import Fault, InvalidInputError
from sim.formulas import FormulaError, evaluate, parse
from sim.scenario.check_formulas import evaluation_order
from sim.scenario.schema import Outcome, Scenario
from sim.types import Array, Indices


def evaluate_outcomes(
    scenario: Scenario,
    quantities: Mapping[str, Array],
    choices: Mapping[str, Indices],
    shape: tuple[int, int],
) -> dict[str, Array]:
    """Evaluate every outcome of a scenario.

    Parameters
    ----------
    scenario
        Checked scenario.
    quantities
        Parameters and columns of the survey by name, each (randomisation, draw).
    choices
        Place of the alternative taken, (randomisation, draw), or of shape () to hold one fixed.
    shape
        (randomisation, draw).

    Returns
    -------
    dict
        Outcome by name, (randomisation, draw), in the scenario's order.

    Raises
    ------
    InvalidInputError
        If an outcome is infinite or not a number in some draw, with the number of such draws.
    """
    values = dict(quantities)
    for name in evaluation_order(scenario):
        outcome = scenario.outcomes[name]
        try:
            values[name] = _outcome(outcome, values, choices, scenario, shape)
        except FormulaError as error:
            raise InvalidInputError([Fault(scenario.name, f"outcomes.{name}", str(error))]) from None
        _refuse_not_finite(scenario, name, values[name])
    return {name: values[name] for name in scenario.outcomes}


def evaluate_by_alternative(
    scenario: Scenario,
    quantities: Mapping[str, Array],
    choices: Mapping[str, Indices],
    shape: tuple[int, int],
    choice: str,
) -> dict[str, Array]:
    """Evaluate the outcomes that a choice touches, once for each of its alternatives.

    Returns
    -------
    dict
        Outcome by name, (alternative, randomisation, draw), alternatives sorted by name. Other choices
        stay as drawn.
    """
    touched = touched_outcomes(scenario, choice)
    places = range(len(scenario.choices[choice].weights))
    runs = [
        evaluate_outcomes(scenario, quantities, {**choices, choice: np.array(place, dtype=np.int64)}, shape)
        for place in places
    ]
    return {name: np.stack([run[name] for run in runs]) for name in scenario.outcomes if name in touched}


def touched_outcomes(scenario: Scenario, choice: str) -> set[str]:
    """Return the outcomes that a choice touches, directly or through others."""
    touched: set[str] = set()
    for name in evaluation_order(scenario):
        outcome = scenario.outcomes[name]
        reads = {read for text in outcome.formulas.values() for read in parse(text).names}
        if outcome.by == choice or reads & touched:
            touched.add(name)
    return touched


def _outcome(
    outcome: Outcome,
    values: Mapping[str, Array],
    choices: Mapping[str, Indices],
    scenario: Scenario,
    shape: tuple[int, int],
) -> Array:
    def value(text: str) -> Array:
        formula = parse(text)
        return evaluate(formula, {name: values[name] for name in formula.names}, shape)

    if outcome.by is None:
        return value(outcome.formulas["formula"])
    alternatives = list(scenario.choices[outcome.by].weights)
    taken = choices[outcome.by]
    if not taken.shape:
        return value(outcome.formulas[alternatives[int(taken)]])
    options = np.stack([value(outcome.formulas[alternative]) for alternative in alternatives])
    chosen: Array = np.take_along_axis(options, taken[np.newaxis], axis=0)[0]
    return chosen


def _refuse_not_finite(scenario: Scenario, name: str, values: Array) -> None:
    n_bad = int(np.count_nonzero(~np.isfinite(values)))
    if n_bad:
        raise InvalidInputError(
            [
                Fault(
                    scenario.name,
                    f"outcomes.{name}",
                    f"infinite or not a number in {n_bad:,} of {values.size:,} draws",
                    "a formula that is finite wherever the parameters can go: no division by zero, no log of "
                    "a negative number",
                )
            ]
        )
