"""Outcomes are carried by the draws they were evaluated at, and follow what is done to these."""

from pathlib import Path

import numpy as np
import pytest

from sim.draws.draw import Draws, draw
from sim.outcomes import with_outcomes
from sim.scenario.schema import Scenario
from tests.builders import load_text, parameter, scenario_text
from tests.test_results import METHOD, PAY

REST = parameter("rest", 'distribution = "normal"\nmean = 1\nsd = 0.1')


@pytest.fixture
def scenario(tmp_path: Path) -> Scenario:
    return load_text(tmp_path, scenario_text(PAY, REST, METHOD))


@pytest.fixture
def evaluated(scenario: Scenario) -> Draws:
    return with_outcomes(scenario, draw(scenario))


def test_no_outcomes_before_they_are_evaluated(scenario: Scenario):
    drawn = draw(scenario)
    assert (drawn.outcomes, drawn.by_choice) == ({}, {})


CHANGES = [lambda array: array[:, [3, 1, 3]], lambda array: array.reshape(1, -1), lambda array: array[1:2]]


@pytest.mark.parametrize("change", CHANGES)
def test_outcomes_of_changed_draws_are_those_evaluated_there(scenario: Scenario, evaluated: Draws, change):
    """Also in three dimensions, where the alternatives come first."""
    changed = evaluated.mapped(change)
    again = with_outcomes(scenario, draw(scenario).mapped(change))
    assert changed.shape == again.shape
    assert changed.outcomes.keys() == again.outcomes.keys() == {"total", "cost"}
    for name, values in changed.outcomes.items():
        assert np.array_equal(values, again.variable(name))
    for name, values in changed.by_choice["method"].items():
        assert np.array_equal(values, again.by_choice["method"][name])
        assert values.shape == (2, *changed.shape)


def test_the_first_draws_have_the_first_outcomes(evaluated: Draws):
    few = evaluated.thinned(5)
    assert few.shape == (4, 5)
    assert np.array_equal(few.variable("total"), evaluated.variable("total")[:, :5])
    assert np.array_equal(few.by_choice["method"]["cost"], evaluated.by_choice["method"]["cost"][:, :, :5])


def test_other_columns_leave_no_outcomes_behind(evaluated: Draws):
    for other in (evaluated.replace({"pay": evaluated.columns["pay"] + 1}), evaluated.only(["pay"])):
        assert (other.outcomes, other.by_choice) == ({}, {})
        with pytest.raises(KeyError):
            other.variable("total")
