"""What a run answers: against NumPy on its own draws, the summary, and ArviZ."""

import copy
import pickle
import subprocess
import sys

import arviz
import numpy as np
import pytest

import sim
from sim.results import numbers_digest
from tests.interface.conftest import appraisal

ERRORS = 9.0
"""Errors of a number by NumPy, from eight randomisations, within which ours must lie.

Student's t with 7 degrees of freedom is beyond 9 once in 20,000 times.
"""


def test_the_import_is_light_and_gives_every_name():
    """Nothing heavy is imported before it is asked for; and no other name is given."""
    words = "import sim, sys; print({'numpy', 'pandas', 'pydantic', 'sim.recipe'} & {*sys.modules}, dir(sim))"
    ran = subprocess.run([sys.executable, "-c", words], check=True, capture_output=True, text=True)
    assert ran.stdout.startswith("set()")
    assert all(name in ran.stdout for name in sim.INTERFACE)
    with pytest.raises(AttributeError, match="no attribute 'runn'"):
        _ = sim.runn


def test_functions_are_given_whatever_has_been_imported_before():
    """No module of the package has the name of a function, and takes its place as it is imported."""
    import sim.analysis.compare.comparison
    import sim.analysis.sensitivity.analysis
    import sim.analysis.sweep.points
    import sim.cli.app

    assert all(callable(getattr(sim, name)) for name in sim.INTERFACE)


def test_a_quantity_against_numpy_on_its_draws(trees: sim.Run):
    ratio, draws = trees["ratio"], trees["ratio"].draws
    assert draws.shape == (8, 128)
    assert not draws.flags.writeable
    assert ratio.unit == "1"
    assert ratio.title == "Benefit-cost ratio"
    for found, statistic in (
        (ratio.median, np.median),
        (ratio.mean, np.mean),
        (ratio.low, lambda each: np.quantile(each, 0.025)),
        (ratio.interval[1], lambda each: np.quantile(each, 0.975)),
        (ratio.quantile(0.9), lambda each: np.quantile(each, 0.9)),
    ):
        error = np.std([statistic(each) for each in draws], ddof=1) / np.sqrt(len(draws))
        assert 0 < found.mc_error < 3 * error
        assert abs(found - statistic(draws)) < ERRORS * error


def test_a_parameter_against_its_law(trees: sim.Run):
    for found, expected in (
        (trees["planting"].median, 100.0),
        (trees["care"].mean, 40.0),
        (trees["care"].sd, 40 / np.sqrt(12)),
        (trees["care"].high, 59.0),
    ):
        assert found.mc_error > 0
        assert abs(found - expected) < ERRORS * found.mc_error


def test_numbers_are_those_of_the_summary(trees: sim.Run):
    again = sim.run(appraisal())
    alone = again["ratio"].median, again["cost"].high, again.probability("ratio > 1")
    table = trees.summary.set_index(["quantity", "alternative", "statistic"])["value"]
    assert alone == tuple(
        table.loc[quantity, "", statistic]
        for quantity, statistic in (("ratio", "median"), ("cost", "high"), ("ratio", "p_above"))
    )
    assert alone == (trees["ratio"].median, trees["cost"].high, trees.probability("ratio > 1"))


def test_a_number_is_a_float_that_knows_its_error(trees: sim.Run):
    median = trees["cost"].median
    assert isinstance(median, float)
    assert median.unit == "EUR/year"
    assert str(median) == median.row.text
    assert "±" in repr(median)
    assert (median / 2, np.asarray([median]).dtype) == (float(median) / 2, np.dtype(float))
    for other in (pickle.loads(pickle.dumps(median)), copy.deepcopy(median)):
        assert (other, other.mc_error) == (median, median.mc_error)


def test_probabilities_of_what_is_said_of_several_quantities(trees: sim.Run):
    draws = trees.draws
    expected = float(((draws["ratio"] > 2) & (draws["cost"] < 140)).mean())
    found = trees.probability("(ratio > 2) * (cost < 140)")
    assert found == expected
    assert 0 < found.mc_error < 0.05
    assert trees.probability("cost <= 0") == 0.0
    assert trees.probability("planting + care == cost") == 1.0


def test_draws_are_a_dataset_with_units_and_words_for_choices(trees: sim.Run):
    draws = trees.draws
    assert dict(draws.sizes) == {"randomisation": 8, "draw": 128}
    assert set(draws) == {"planting", "care", "shade", "benefit", "cost", "ratio", "method"}
    assert draws["cost"].attrs == {"unit": "EUR/year", "title": "Cost of the trees"}
    assert set(np.unique(draws["method"])) == {"hedonic", "stated"}
    doubled = draws["shade"].where(draws["method"] == "hedonic", 2 * draws["shade"])
    np.testing.assert_allclose(draws["benefit"], doubled)  # its formula
    draws["cost"].values[:] = 0.0  # a copy: the run stays as it is
    assert trees["cost"].median > 100


def test_every_table_has_units(trees: sim.Run):
    units = {name: table.attrs["units"] for name, table in trees.tables.items()}
    assert units["tornado"]["at_low"] == "1"
    assert trees.tables["drivers"].attrs["units"]["planting"] == "EUR/year"
    assert set(trees.summary["unit"]) == {"1", "EUR/year"}
    decided = sim.decide(sim.run(appraisal(), report={"outcome": "cost", "thresholds": [140.0]}))
    assert {"switching_values", "break_even", "information"} <= set(decided)
    assert decided["acceptability"].attrs["units"] == {
        "threshold": "EUR/year",
        "probability": "1",
        "error": "1",
    }
    cost = sim.sensitivity(appraisal(), {"report.outcome": "cost"})
    assert cost["tornado"].attrs["units"]["centre"] == "EUR/year"
    assert cost["tornado"].attrs["units"]["share"] == "1"


def test_arviz_reads_and_draws_a_run(trees: sim.Run):
    tree = trees.to_arviz()
    assert dict(tree["posterior"].sizes) == {"chain": 8, "draw": 128}
    table = arviz.summary(tree, round_to="none")
    assert table.loc["cost", "mean"] == pytest.approx(float(trees.draws["cost"].mean()))
    arviz.plot_dist(tree, var_names=["ratio"], backend="none")


def test_a_notebook_shows_the_table_and_a_terminal_a_line(trees: sim.Run):
    page = trees._repr_html_()
    assert "<table" in page
    assert "Benefit-cost ratio" in page
    assert trees["ratio"].median.row.text in page
    assert repr(trees).startswith("<Run street-trees-2026-")
    assert "1,024 draws; <ratio: median" in repr(trees)


def test_a_loop_draws_anew_only_what_changes(monkeypatch: pytest.MonkeyPatch):
    """And each run is, to the last digit and note, what it is by itself."""
    from sim import interface
    from sim.engine import variants
    from sim.recipe import run as alone

    drawn = []
    real = variants.draw
    monkeypatch.setattr(
        variants,
        "draw",
        lambda scenario, *rest: drawn.append([*scenario.parameters]) or real(scenario, *rest),
    )
    interface._variants.cache_clear()
    for median in (200.0, 300.0, 400.0):
        stated = {"parameters.shade": {"distribution": "lognormal", "median": median, "p95": 900.0}}
        made = sim.run(appraisal(), stated)
        itself = alone(made.scenario)
        assert numbers_digest(made.groups) == numbers_digest(itself.groups)
        assert made.draws.identical(alone(made.scenario).draws)
        assert made.attributes == itself.attributes
    assert drawn.count(["care", "planting"]) == 1
    assert drawn.count(["shade"]) == 3


def test_the_survey_of_the_default_is_drawn_once_and_notes_stay():
    from sim.recipe import run as alone

    made = [sim.run("default", {"parameters.salary.median": each}, draws=256) for each in (200_000, 300_000)]
    for each in made:
        itself = alone(each.scenario)
        assert each.attributes == itself.attributes
        assert numbers_digest(each.groups) == numbers_digest(itself.groups)
