"""Captions say what they must: unit, draws, seed, interval, and what each mark means."""

from dataclasses import replace

import pytest

from sim.figures.subject import Subject
from tests.figures import made_up

TABLES = {
    "distribution": made_up.distribution(),
    "tornado": made_up.tornado(),
    "sobol": made_up.sensitivity_indices(),
    "acceptability": made_up.acceptability(),
    "threshold_map": made_up.threshold_map(),
    "convergence": made_up.convergence(),
    "drivers": made_up.drivers(),
    "prior_posterior": made_up.prior_posterior(),
    "cost_by_method": made_up.cost_by_method(),
}
WITH_INTERVAL = ("distribution", "convergence", "cost_by_method")
ABOUT = replace(made_up.ABOUT, outcome="Net benefit", unit="USD/year", kind="hdi", probability=0.9)


def caption(name: str) -> str:
    return made_up.FIGURES[name].caption(TABLES[name], ABOUT)


@pytest.mark.parametrize("name", TABLES)
def test_captions_name_unit_draws_seed_and_interval(name: str):
    text = caption(name)
    assert "Net benefit" in text
    assert "USD/year" in text
    assert "65,536" in text
    assert "2022" in text
    assert "{" not in text
    if name in WITH_INTERVAL:
        assert "90 %" in text
        assert "hdi" in text
    if name in ("tornado", "sobol"):
        assert "95 %" in text


def test_the_caption_of_unsettled_ranks_explains_the_dagger():
    settled = TABLES["sobol"].assign(settled=True)
    assert "dagger" in caption("sobol")
    assert "dagger" not in made_up.FIGURES["sobol"].caption(settled, ABOUT)


def test_numbers_are_cut_to_their_monte_carlo_error():
    about = Subject("BCR", median=119.4, errors={"median": 0.3})
    # twice the error, 0.6, is more than half a unit of the last digit of 119 and less than half of ten
    assert about.statistic("median") == "120"


def test_the_numbers_of_a_choice_are_explained():
    assert "Cost method: 1 = Commits pytorch, 2 = Contributors, 3 = Lines pytorch." in caption("drivers")
