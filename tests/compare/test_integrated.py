"""What a comparison takes from conditional Monte Carlo, against a run's summary and closed forms."""

from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from sim.analysis.compare.comparison import Comparison
from sim.report.compare_tables import paper_tables
from sim.summary.outcome_estimates import statistics_of
from tests.builders import parameter
from tests.compare.builders import compared, constant, contrast, lognormal, overlay, role, write

LAWS = (lognormal("a", 4.0, 0.5), lognormal("b", 9.0, 0.3), lognormal("c", 2.0, 0.7))
SHARES = parameter("s", 'distribution = "dirichlet"\nmeans = { x = 0.1, y = 0.9 }\nconcentration = 30')
METHOD = '[choices.method]\none = 3\ntwo = 1\n[outcomes.y]\nby = "method"\none = "b"\ntwo = "b + c"\n'
THRESHOLDS = "report.thresholds = [0.05, 1.5]\n"


def scenarios(folder: Path, edit: str, formula: str = "a * s.x / y") -> Comparison:
    one = write(folder, "base", *LAWS, SHARES, METHOD, formula=formula, n_draws=2**12)
    return compared(one, overlay(folder, "other", f"{THRESHOLDS}{edit}"), baseline=1)


def test_values_shown_are_those_of_run(tmp_path: Path):
    """To the last digit, and so is the split change: nothing is estimated twice in different ways."""
    comparison = scenarios(tmp_path, "parameters.a.sigma = 0.6\n")
    table = comparison.outcomes.set_index(["scenario", "outcome", "statistic"])
    for source in comparison.sources:
        summary = source.run.statistics
        for statistic in ("median", "low", "high", "mean"):
            row, found = summary.find("total", statistic), table.loc[source.name, "total", statistic]
            assert (row.value, row.mc_error) == (found["value"], found["mc_error"])
            assert found["estimator"] == "conditional"
    medians = table["value"].xs("median", level="statistic").xs("total", level="outcome")
    assert role(comparison, "baseline", "median") == medians["other"]
    assert role(comparison, "scenario", "median") == medians["base"]
    change = role(comparison, "change", "median")
    assert change == contrast(comparison, "difference", "median")[0] == medians["base"] - medians["other"]
    assert not any("the median of" in warning for warning in comparison.warnings)


def test_a_product_of_lognormals_differs_exactly(tmp_path: Path):
    """ln(a b / c) is normal with mu = ln 18 and s = sqrt(0.25 + 0.09 + 0.49); a's sigma becomes 0.8.

    Ends and probabilities have nothing left to draw, so that the table of the law is all that is between them
    and the closed form. Medians and means are in the middle of the law: the former is 18 under both, but for
    four of its Monte Carlo errors (false alarm 0.03 with 3 degrees of freedom; the seed is fixed).
    """
    one = write(tmp_path, "base", *LAWS, formula="a * b / c", n_draws=2**12)
    other = overlay(tmp_path, "other", "parameters.a.sigma = 0.8\n")
    comparison = compared(one, other, settings=("report.thresholds=[1,60]",))
    before, after = (stats.norm(np.log(18), np.sqrt(a**2 + 0.09 + 0.49)) for a in (0.5, 0.8))
    for statistic, probability in (("low", 0.025), ("high", 0.975)):
        exact = [float(np.exp(law.ppf(probability))) for law in (after, before)]
        value, error = contrast(comparison, "difference", statistic)
        assert value == pytest.approx(exact[0] - exact[1], rel=1e-6)
        assert error < 1e-10 * abs(value)
        assert contrast(comparison, "ratio", statistic)[0] == pytest.approx(exact[0] / exact[1], rel=1e-6)
    table = comparison.contrasts
    rows = table[(table["statistic"] == "p_above") & (table["measure"] == "difference")]
    assert set(rows["estimator"]) == {"joint"}
    for at, value, error in zip(rows["at"], rows["value"], rows["mc_error"], strict=True):
        assert value == pytest.approx(float(after.sf(np.log(at)) - before.sf(np.log(at))), rel=1e-5)
        assert error < 1e-10
    value, error = contrast(comparison, "difference", "median")
    assert abs(value) < 4 * error
    assert 0 < error < 0.1


def test_integrating_more_agrees_with_the_values_shown(tmp_path: Path):
    """Within four of the error that the difference of the values shown has itself (3 degrees of freedom)."""
    comparison = scenarios(tmp_path, "parameters.s.concentration = 40\n")
    shown = {each.name: each.estimated for each in comparison.sources}
    table = comparison.contrasts
    rows = table[(table["measure"] == "difference") & (table["estimator"] == "joint")]
    statistics = {"low", "high", "p_above"}
    assert set(rows.loc[rows["outcome"] == "total", "statistic"]) == statistics
    for wanted in statistics_of(comparison.baseline.scenario.report, "total", "1"):
        if wanted.statistic in statistics:
            one, other = (shown[name].refined(wanted).statistic for name in ("base", "other"))
            differs = one.minus(other)
            match = rows[(rows["statistic"] == wanted.statistic) & (rows["at"] == wanted.at)]
            row = match[match["outcome"] == "total"].iloc[0]
            assert abs(row["value"] - differs.value) < 4 * differs.error
            assert row["mc_error"] <= differs.error


def test_where_nothing_can_be_integrated_it_is_said(tmp_path: Path):
    laws = [
        parameter(name, f'distribution = "normal"\nmean = {mean}\nsd = 1')
        for name, mean in (("a", 4), ("b", 9))
    ]
    one = write(tmp_path, "base", *laws, formula="a + b ** 2 + b")
    comparison = compared(one, overlay(tmp_path, "other", "parameters.a.mean = 5\n"))
    table = comparison.contrasts
    rows = table[(table["measure"] == "difference") & (table["statistic"] == "median")]
    assert list(rows["estimator"]) == ["draws"]
    said = " ".join(paper_tables(comparison)[1].notes)
    assert "No parameter can be integrated out of total" in said
    # a difference of plain medians, as numpy has them
    medians = [float(np.median(each.run.variable("total"))) for each in comparison.sources]
    assert contrast(comparison, "difference", "median")[0] == medians[1] - medians[0]
    lognormals = compared(
        write(tmp_path, "plain", *LAWS, formula="a * b"),
        overlay(tmp_path, "edited", "parameters.a.median = 5\n", extends="plain.toml"),
    )
    assert "integrated out of" not in " ".join(paper_tables(lognormals)[1].notes)


def test_a_constant_beside_a_law_is_compared(tmp_path: Path):
    """Made certain, a parameter leaves its factor to the other: b alone is lognormal with sigma 0.3."""
    one = write(tmp_path, "base", *LAWS[:2], formula="a * b", n_draws=2**12)
    comparison = compared(one, overlay(tmp_path, "other", constant("a", 4.0)))
    before, after = stats.lognorm(np.hypot(0.5, 0.3), scale=36), stats.lognorm(0.3, scale=36)
    exact = float(after.ppf(0.975) - before.ppf(0.975))
    assert contrast(comparison, "difference", "high")[0] == pytest.approx(exact, rel=1e-6)


def test_two_estimators_do_not_pair(tmp_path: Path):
    """Tied to b, a cannot be integrated out: the difference is that of the draws of both, worked out here."""
    tie = '[[correlations]]\nbetween = ["a", "b"]\nrank = 0.05\nrationale = "a test"\n'
    one = write(tmp_path, "base", *LAWS, formula="a / b", n_draws=2**12)
    comparison = compared(one, overlay(tmp_path, "other", tie))
    draws = {each.name: each.run.variable("total") for each in comparison.sources}
    for statistic, function in (("median", np.median), ("mean", np.mean)):
        found = contrast(comparison, "difference", statistic)
        each = function(draws["other"], axis=1) - function(draws["base"], axis=1)
        value = function(draws["other"]) - function(draws["base"])
        assert found == pytest.approx((value, each.std(ddof=1) / np.sqrt(len(each))), rel=1e-9)
    table = comparison.contrasts.set_index(["measure", "statistic"])
    assert table.loc[("difference", "median"), "estimator"] == "draws"
