"""The draws of every quantity that statistics are reported of, by quantity and alternative."""

from collections.abc import Mapping

import numpy as np

from sim.results import Results
from sim.scenario.schema import Scenario
from sim.summary.ratio import ratio_formulas, values_of
from sim.summary.wanted import Key
from sim.types import Array


def keyed_draws(
    scenario: Scenario, variables: Mapping[str, Array], by_choice: Mapping[str, Mapping[str, Array]]
) -> dict[Key, Array]:
    """Return the draws of every quantity reported.

    Parameters
    ----------
    scenario
        What they are draws of.
    variables
        Parameters, survey columns and outcomes by name, each (randomisation, draw).
    by_choice
        By choice: the outcomes it touches by name, each (alternative, randomisation, draw).
    """
    found: dict[Key, Array] = {(name, ""): draws for name, draws in variables.items()}
    for choice, outcomes in by_choice.items():
        for name, draws in outcomes.items():
            for place, alternative in enumerate(scenario.choices[choice].weights):
                found[name, f"{choice}={alternative}"] = draws[place]
    ratio = ratio_formulas(scenario)
    if ratio is not None:
        sides = (values_of(side, variables) for side in (ratio.numerator, ratio.denominator))
        top, bottom = np.broadcast_arrays(*sides)
        found |= {(ratio.numerator.text, ""): top, (ratio.denominator.text, ""): bottom}
        found[ratio.difference, ""] = top - bottom
    return found


def keyed_results(scenario: Scenario, results: Results) -> dict[Key, Array]:
    """Return the stored draws of every quantity reported."""
    variables = {
        str(name): results.variable(str(name))
        for group in ("parameters", "evidence", "outcomes")
        for name in results.dataset(group).data_vars
    }
    by_choice = {
        choice: {
            str(name): variable.values
            for name, variable in results.dataset(f"by_choice/{choice}").data_vars.items()
        }
        for choice in results.choices
    }
    return keyed_draws(scenario, variables, by_choice)
