"""The draws of every quantity that statistics are reported of, by quantity and alternative."""

from collections.abc import Mapping

import numpy as np

from sim.outcomes import Outcomes
from sim.results import Results
from sim.scenario.schema import Scenario
from sim.summary.ratio import ratio_formulas, values_of
from sim.summary.wanted import Key
from sim.types import Array


def keyed_draws(scenario: Scenario, columns: Mapping[str, Array], outcomes: Outcomes) -> dict[Key, Array]:
    """Return the draws of every quantity reported.

    Parameters
    ----------
    scenario
        What they are draws of.
    columns
        Parameters and survey columns by name, each (randomisation, draw).
    outcomes
        Evaluated at these.
    """
    variables = {**columns, **outcomes.drawn}
    found: dict[Key, Array] = {(name, ""): draws for name, draws in variables.items()}
    for choice, touched in outcomes.by_choice.items():
        for name, draws in touched.items():
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
    return keyed_draws(scenario, results.draws.columns, results.outcomes)
