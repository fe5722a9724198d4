"""What a worker needs can be sent to it, and draws the same there."""

import pickle

import numpy as np
import pytest

from sim.draws.draw import design_of, sources_of
from sim.engine.blocks import Model
from sim.engine.survey import SurveyPool
from tests.builders import load_text, parameter, scenario_text

LAWS = (
    'distribution = "lognormal"\nmedian = 2\np95 = 3',
    'distribution = "normal"\nmean = 0\nsd = 1',
    'distribution = "uniform"\nlow = 0\nhigh = 1',
    'distribution = "loguniform"\nlow = 1\nhigh = 10',
    'distribution = "triangular"\nlow = 0\nmode = 1\nhigh = 3',
    'distribution = "pert"\nlow = 0\nmode = 1\nhigh = 3',
    'distribution = "beta"\nalpha = 2\nbeta = 3',
    'distribution = "gamma"\nmean = 2\nsd = 1',
    'distribution = "constant"\nvalue = 2',
    'distribution = "dirichlet"\nalphas = { a = 1, b = 2 }',
)


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.split('"')[1])
def test_a_model_draws_the_same_after_it_was_sent(tmp_path, law: str):
    scenario = load_text(tmp_path, scenario_text(parameter("x", law), "[choices.c]\none = 1\ntwo = 2\n"))
    here = Model(scenario, sources_of(scenario), SurveyPool({}, "", ()))
    there = pickle.loads(pickle.dumps(here))
    one, other = here.draws(design_of(scenario)), there.draws(design_of(scenario))
    for name, draws in one.columns.items():
        np.testing.assert_array_equal(draws, other.columns[name])
    np.testing.assert_array_equal(one.choices["c"], other.choices["c"])
