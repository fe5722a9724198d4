"""Streams in a run: what is integrated out, blocks, and what the page of results says."""

from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

import sim.stream_values
from sim.cli.app import app
from sim.engine.simulate import simulate
from sim.scenario.load import load
from sim.scenario.power_form import PowerForm, power_form
from tests.builders import parameter, scenario_text, simulate_streaming, write_scenario
from tests.streams.by_year import horizon, loaded, stream, totals

COST = parameter("cost", 'distribution = "uniform"\nlow = 1\nhigh = 2')
GAIN = parameter("gain", 'distribution = "lognormal"\nmedian = 1\np95 = 2')
RATE = parameter("r", 'distribution = "uniform"\nlow = 0.01\nhigh = 0.07')
SPENT = stream("spent", "formula = 'where(t < 2, cost, 0)'")
GAINED = stream("gained", "formula = 'where(t >= 2, gain * (1 + r / 2) ** t, 0)'")
PARTS = (horizon(12), COST, GAIN, RATE, SPENT, GAINED)

FORMS = {
    "present_value(gained, r)": PowerForm(1.0),
    "present_value(gained, r) / present_value(spent, r)": PowerForm(1.0),
    "present_value(gained - spent, r)": PowerForm(1.0, shifted=True),
    "mean(lag(gained, 3)) + at(cumulative(gained), 2030)": PowerForm(1.0),
    "at(stock(gained ** 2, 0.1), 2030)": PowerForm(2.0),
    "present_value(spent, r)": PowerForm(0.0),
    "present_value(spent, gain / 100)": None,
    "sum(max(gained, 1))": None,
    "sum(max(gained, 0))": PowerForm(1.0),
}


@pytest.mark.parametrize("formula", FORMS)
def test_a_factor_of_every_year_is_a_factor_of_what_sums_over_years(tmp_path: Path, formula: str):
    scenario = loaded(tmp_path, *PARTS, formula=formula)
    assert power_form(scenario, "total", "gain") == FORMS[formula]


def test_a_factor_of_every_year_is_integrated_out(tmp_path: Path):
    # the same outcome in closed form of numbers: its summary, errors included, is that of the streams
    streams = loaded(
        tmp_path, *PARTS, formula="present_value(gained, r) / present_value(spent, r)", n_draws=4096
    )
    terms = " + ".join(f"(1 + r / 2) ** {t} / (1 + r) ** {t}" for t in range(2, 12))
    by_hand = loaded(
        tmp_path, COST, GAIN, RATE, formula=f"gain * ({terms}) / (cost + cost / (1 + r))", n_draws=4096
    )
    found, wanted = (simulate(each).statistics.rows for each in (streams, by_hand))
    names = [[(row.quantity, row.statistic) for row in rows] for rows in (found, wanted)]
    assert names[0] == names[1]
    for row, other in zip(found, wanted, strict=True):
        np.testing.assert_allclose(row.value, other.value, rtol=1e-9)
        np.testing.assert_allclose(row.mc_error, other.mc_error, rtol=1e-6, atol=1e-12)


@pytest.mark.parametrize("n_bytes", [1, 2**18, 2**30])
def test_blocks_change_no_digit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, n_bytes: int):
    scenario = loaded(tmp_path, *PARTS, formula="present_value(gained - spent, r)", n_draws=4096)
    whole = totals(scenario)
    monkeypatch.setattr(sim.stream_values, "BLOCK_BYTES", n_bytes)
    np.testing.assert_array_equal(totals(scenario), whole)


def test_a_streamed_run_has_the_same_numbers(tmp_path: Path):
    formula = "present_value(gained, r) / present_value(spent, r)"
    scenario = loaded(tmp_path, *PARTS, formula=formula, n_draws=2**15)
    stored, streamed = simulate(scenario), simulate_streaming(1, scenario)
    n_kept = streamed.variable("total").shape[1]
    np.testing.assert_array_equal(streamed.variable("total"), stored.variable("total")[:, :n_kept])
    means = [
        next(row for row in each.statistics.rows if (row.quantity, row.statistic) == ("total", "sd"))
        for each in (stored, streamed)
    ]
    assert means[0].value == pytest.approx(means[1].value, rel=1e-12)


def test_an_outcome_that_a_stream_reads_may_read_streams_itself(tmp_path: Path):
    outcome = '[outcomes.level]\nformula = "mean(spent)"\n'
    above = stream("above", "formula = 'level * t'")
    scenario = loaded(tmp_path, *PARTS, outcome, above, formula="sum(above) + level")
    found = simulate(scenario)
    cost = found.variable("cost")
    np.testing.assert_allclose(found.variable("level"), 2 * cost / 12, rtol=1e-15)
    np.testing.assert_allclose(found.variable("total"), (66 + 1) * 2 * cost / 12, rtol=1e-14)


def test_a_choice_may_be_between_schedules(tmp_path: Path):
    text = scenario_text(*PARTS, '[choices.guide]\nlow = 1\nhigh = 3\nrationale = "two guides"', formula="1")
    by = 'by = "guide"\nlow = "sum(gained)"\nhigh = "present_value(gained, [[0, 0.05], [5, 0.04]])"'
    scenario = load(write_scenario(tmp_path, text.replace('formula = "1"', by)))
    found = simulate(scenario)
    high, low = found.arrays.by_choice["guide"]["total"]
    taken = found.arrays.choices["guide"]
    np.testing.assert_array_equal(found.variable("total"), np.where(taken == 0, high, low))
    assert (low > high).all()


def test_what_may_go_wrong_in_some_year_is_said_beforehand(tmp_path: Path):
    runner = CliRunner()
    rate = parameter("far", 'distribution = "normal"\nmean = 0.2\nsd = 0.2')
    text = scenario_text(*PARTS, rate, formula="present_value(gained, far) + sum(gained / (spent + 1))")
    file = write_scenario(tmp_path, text)
    found = runner.invoke(app, ["check", str(file)])
    assert found.exit_code == 0, found.output
    words = " ".join(found.output.split())
    problem = "present_value(gained, far), where the rate can be -1 or less"
    assert f"outcomes.total.formula: may be infinite or not a number in rare draws: {problem}" in words
    assert words.count("warning") == 1
    sound = write_scenario(
        tmp_path, scenario_text(*PARTS, formula="present_value(gained, r) / present_value(spent, r)")
    )
    assert "warning" not in runner.invoke(app, ["check", str(sound)]).output
