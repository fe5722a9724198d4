"""Rates and schedules that governments state: each runs, is sourced, and is what a table of it says."""

from pathlib import Path

import numpy as np
import pytest

from sim.engine.simulate import simulate
from sim.scenario.ledger import strict_findings
from sim.scenario.load import load

FOLDER = Path(__file__).parents[2] / "priors" / "discounting"
NAMES = sorted(path.stem for path in FOLDER.glob("*.toml"))
GREEN_BOOK = [0.035] * 30 + [0.03] * 45 + [0.025] * 50
"""Rate at which each year from 1 to 125 discounts the year before it: the Green Book's long-term table."""


def annuity(rate: float, years: int) -> float:
    return (1 - (1 + rate) ** -years) / rate


def worth(name: str, *settings: str) -> np.ndarray:
    scenario = load(FOLDER / f"{name}.toml", ("sampling.n_draws=1024", *settings))
    return simulate(scenario).variable("one_a_year")


def test_these_are_the_guidelines():
    assert NAMES == ["eu", "green-book", "omb-1992", "omb-2003", "omb-2023"]


@pytest.mark.parametrize("name", NAMES)
def test_every_rate_has_a_source_and_a_reason(name: str):
    assert strict_findings(load(FOLDER / f"{name}.toml")) == ()


@pytest.mark.parametrize(("name", "rate"), [("omb-1992", 0.07), ("omb-2003", 0.03), ("omb-2023", 0.02)])
def test_a_rate_that_is_the_same_in_all_years_gives_an_annuity(name: str, rate: float):
    np.testing.assert_allclose(worth(name), annuity(rate, 30), rtol=1e-14)


def test_the_green_book_discounts_by_the_product_of_its_rates():
    factors = np.concatenate([[1.0], 1 / np.cumprod(1 + np.array(GREEN_BOOK))])
    np.testing.assert_allclose(worth("green-book"), factors.sum(), rtol=1e-13)
    np.testing.assert_allclose(worth("green-book", "horizon.years=32"), factors[:32].sum(), rtol=1e-13)


def test_the_european_rate_runs_from_one_end_to_the_other():
    """Paid at the start of each year, so that 30 years are one and an annuity of 29."""
    found = worth("eu")
    assert 1 + annuity(0.05, 29) < found.min() < found.max() < 1 + annuity(0.03, 29)
    assert np.median(found) == pytest.approx(1 + annuity(0.04, 29), rel=1e-3)


@pytest.mark.parametrize("name", NAMES)
def test_a_scenario_of_ones_own_reads_the_rate_by_its_name(name: str, tmp_path: Path):
    """100 paid in the first year against 10 in each: the worth of 1 a year over that of 10 once."""
    file = tmp_path / "mine.toml"
    file.write_text(
        f'title = "mine"\nextends = "{name}"\n[horizon]\nyears = 20\n'
        '[streams.cost]\nrationale = "test"\nformula = "where(t == 0, 100, 0)"\n'
        '[outcomes.bcr]\nformula = "present_value(10, discount) / present_value(cost, discount)"\n'
        '[outcomes.first]\nformula = "present_value(cost, discount) / 10"\n[report]\noutcome = "bcr"\n'
        "[sampling]\nn_draws = 1024\n",
        encoding="utf-8",
    )
    results = simulate(load(file))
    expected = results.variable("one_a_year") / results.variable("first")
    np.testing.assert_allclose(results.variable("bcr"), expected, rtol=1e-13)
