"""Means and standard deviations that do not exist, or that draws cannot give.

A ratio by what can be 0, a tail that falls as a power, the exponential of an exponential: their moments are
infinite from some order on, and any digits printed of them are those of the largest draw. Which exist is
known here from textbooks; each test says why. Of tails that are heavy and finite, the exact moment stands
beside what the draws gave.
"""

import math
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from scipy.special import expi

from sim.engine.simulate import simulate
from sim.report.summary_lines import table_lines
from sim.run_record import Run
from sim.scenario.schema import Scenario
from sim.summary.row import DOES_NOT_EXIST, UNTRUSTED, Row
from sim.summary.tails import least_shape, tail_shape
from tests.builders import load_text, parameter, scenario_text

CAUCHY = '{ distribution = "student-t", location = 0, scale = 1, df = 1 }'
LAWS = {
    "cauchy": "student-t\nlocation = 5\nscale = 1\ndf = 1",
    "t2": "student-t\nlocation = 5\nscale = 1\ndf = 2",
    "t3": "student-t\nlocation = 5\nscale = 1\ndf = 3",
    "cut_t": f"truncated\nlow = -9\nhigh = 9\nof = {CAUCHY}",
    "half_t": f"truncated\nlow = 0\nof = {CAUCHY}",
    "n": "normal\nmean = 1\nsd = 1",
    "n2": "normal\nmean = 1\nsd = 1",
    "far": "normal\nmean = 20\nsd = 2",
    "e": "exponential\nmean = 1",
    "small": "exponential\nmean = 1e-12",
    "u": "uniform\nlow = 0\nhigh = 1e12",
    "off": "uniform\nlow = 0.1\nhigh = 1",
    "g": "gamma\nshape = 2.5\nscale = 3",
    "b": "beta\nalpha = 1.5\nbeta = 2",
    "l": "lognormal\nmedian = 1\nsigma = 0.5",
    "wide": "lognormal\nmedian = 1\nsigma = 2.5",
    "zero_or_t": "discrete\nvalues = [0, 1]\nweights = [9, 1]",
    "mix": 'mixture\ncomponents = [{ weight = 99, of = { distribution = "normal", mean = 0, sd = 1 } }, '
    '{ weight = 1, of = { distribution = "student-t", location = 0, scale = 1, df = 0.9 } }]',
}


def stated(*names: str) -> str:
    """Return tables of parameters."""
    parts = []
    for name in names:
        family, _, keys = LAWS[name].partition("\n")
        parts.append(parameter(name, f'distribution = "{family}"\n{keys}'))
    return "".join(parts)


def ran(folder: Path, formula: str, *names: str, n_draws: int = 4096) -> tuple[Scenario, Run]:
    """Run a scenario of one formula."""
    scenario = load_text(folder, scenario_text(stated(*names), formula=formula, n_draws=n_draws))
    return scenario, simulate(scenario)


def ran_text(folder: Path, inputs: str, formula: str) -> tuple[Scenario, Run]:
    """Run a scenario of some tables of parameters and one formula."""
    scenario = load_text(folder, scenario_text(inputs, formula=formula, n_draws=4096))
    return scenario, simulate(scenario)


def found(folder: Path, formula: str, *names: str, n_draws: int = 4096) -> dict[str, Row]:
    """Return the rows of the outcome by statistic."""
    rows = ran(folder, formula, *names, n_draws=n_draws)[1].statistics.rows
    return {row.statistic: row for row in rows if row.quantity == "total"}


@pytest.mark.parametrize(
    ("formula", "names", "index"),
    [
        ("n / n2", ("n", "n2"), 1),  # its density falls as 1 / y^2, as any ratio's whose divisor passes 0
        ("1 + n / n2", ("n", "n2"), 1),
        ("1 / n", ("n",), 1),
        ("l / (n - 1)", ("l", "n"), 1),  # n - 1 is normal about 0
        ("l / (n - l)", ("l", "n"), None),  # the same l on both sides: left to the draws
        ("cauchy * l", ("cauchy", "l"), 1),  # Student's t with one degree of freedom is Cauchy's law
        ("-3e-12 * cauchy", ("cauchy",), 1),
        ("half_t + l", ("half_t", "l"), 1),
        ("l / e", ("l", "e"), 1),  # E 1/e is the integral of exp(-x) / x from 0
        ("1 / small", ("small",), 1),
        ("l / u", ("l", "u"), 1),
        ("1 / (e * u)", ("e", "u"), 1),
        ("exp(1.1 * e) * l", ("e", "l"), 1 / 1.1),  # exp(c e) follows Pareto's law with index 1 / c
        ("2 ** (2 * e)", ("e",), 1 / (2 * math.log(2))),
        ("t3 ** 3", ("t3",), 1),
        ("1 / b ** 2", ("b",), 0.75),  # density x^0.5 at 0: E b^-k for k < 1.5
        ("zero_or_t * cauchy", ("zero_or_t", "cauchy"), 1),  # a part of draws at 0 takes no tail away
        ("mix * 1e9", ("mix",), 0.9),  # one component in a hundred
        ("max(cauchy, n)", ("cauchy", "n"), None),
        ("atan(log(e)) / e", ("e",), 1),  # towards e = 0 it is -pi / 2 / e, in few of the draws
        ("sqrt(e) / (e + e ** 2) ** 2.5", ("e",), 0.5),  # e^0.5 / e^2.5
        ("log(e) ** 2 / (e + e ** 2)", ("e",), 0.99),  # 1, which the logarithm shifts by a hundredth
    ],
)
def test_a_mean_that_does_not_exist_has_no_digits(
    tmp_path: Path, formula: str, names: tuple[str, ...], index: float | None
):
    """By the orders of the laws, as the comments have them; what the formula leaves open the draws flag."""
    rows = found(tmp_path, formula, *names)
    for statistic in ("mean", "sd"):
        row = rows[statistic]
        if index is None:
            assert row.text == UNTRUSTED, row
            continue
        assert row.text == DOES_NOT_EXIST, row
        assert math.isnan(row.value)
        assert f"index {index:.3g}," in row.note
    assert rows["median"].text not in (UNTRUSTED, DOES_NOT_EXIST)


@pytest.mark.parametrize(
    ("formula", "names", "mean"),
    [
        ("t2 * l", ("t2", "l"), 5 * math.exp(0.125)),
        ("1 / b", ("b",), None),  # E 1/b = (alpha + beta - 1) / (alpha - 1) = 5; of index 1.5 no variance
        ("t2 + n", ("t2", "n"), None),
        ("exp(0.6 * e)", ("e",), None),
    ],
)
def test_a_mean_without_a_standard_deviation(
    tmp_path: Path, formula: str, names: tuple[str, ...], mean: float | None
):
    """The tail index is above 1 and at most 2."""
    rows = found(tmp_path, formula, *names)
    assert rows["sd"].text == DOES_NOT_EXIST
    assert rows["mean"].status in ("", UNTRUSTED)
    if mean is not None:
        assert rows["mean"].status == ""
        assert abs(rows["mean"].value - mean) < 5 * rows["mean"].mc_error


@pytest.mark.parametrize(
    ("formula", "names"),
    [
        ("n / far", ("n", "far")),  # ten standard deviations from 0: no draw ever shows it
        ("n / off", ("n", "off")),
        ("l / (1 + e)", ("l", "e")),
        ("cut_t * n", ("cut_t", "n")),
        ("1 / (g + e)", ("g", "e")),  # orders near 0 of independent positive terms add up: 3.5
        ("exp(n / 4)", ("n",)),
        ("exp(0.1 * e)", ("e",)),
        ("log(u) + log(e)", ("u", "e")),
        ("exp(-e) / (1 + u * 1e-12)", ("e", "u")),
        ("l / l", ("l",)),
        ("sqrt(half_t) * 0 + n", ("half_t", "n")),
        ("abs(n) ** 0.5", ("n",)),
        ("where(n > 0, l, 1 / l)", ("n", "l")),
        ("where(n > 0, n, 1) ** 0.5", ("n",)),
        ("where(-l > 0, (-l) ** 0.5, l)", ("l",)),  # a power that no draw takes
        ("where(-l > 0, 1 / log(-l), l)", ("l",)),
        ("l ** (n / 4)", ("l", "n")),
        ("sum(l, l, -l) * 1e-12", ("l",)),
        ("atan(cauchy) + sin(cauchy)", ("cauchy",)),
        ("log1p(e) - expm1(-e)", ("e",)),
    ],
)
def test_moments_that_exist_are_printed(tmp_path: Path, formula: str, names: tuple[str, ...]):
    rows = found(tmp_path, formula, *names)
    assert rows["mean"].status == "", rows["mean"]
    assert rows["sd"].status == "", rows["sd"]


@pytest.mark.parametrize("n_draws", [4096, 2**21])
@pytest.mark.parametrize(("unit", "atom"), [(1e-12, 1.6), (1e-12, -1e9), (1e-300, -1e-200)])
def test_an_atom_farthest_out_hides_no_heavy_tail(tmp_path: Path, unit: float, atom: float, n_draws: int):
    """1 / (u^2 + 1e-30), u uniform: the tail has index 1/2 up to 1e30, beyond what the draws reach."""
    u = parameter("u", 'distribution = "uniform"\nlow = 0\nhigh = 1')
    v = parameter("v", 'distribution = "uniform"\nlow = 0\nhigh = 1')
    formula = f"where(v > 0.4, {-unit:.12e} / (u ** 2 + 1e-30), {atom:.12e})"
    scenario = load_text(tmp_path, scenario_text(u, v, formula=formula, n_draws=n_draws))
    rows = {row.statistic: row for row in simulate(scenario).statistics.rows if row.quantity == "total"}
    assert rows["mean"].status == rows["sd"].status == UNTRUSTED
    assert rows["median"].status == ""


@pytest.mark.parametrize("tail", [np.log, lambda u: np.rint(9 * u), lambda u: np.where(u < 0.01, u, 0)])
def test_atoms_farthest_out_make_no_tail_heavy(tail: Callable[[np.ndarray], np.ndarray]):
    """An exponential tail has shape 0, values with gaps have none, a bounded one less than 0."""
    rng = np.random.default_rng(3)
    doubted = sum(
        least_shape(tail_shape(np.where(rng.random(4096) < 0.7, tail(rng.random(4096)), 1e6)), 4096) > 0.35
        for _ in range(100)
    )
    assert doubted == 0


@pytest.mark.parametrize("rate", [2.35e-4, 6e-5])
def test_the_sd_of_a_rare_event_of_unlike_sizes_has_no_false_digits(tmp_path: Path, rate: float):
    """Y = 1 / (1 + exp(-2 r)) is 1 but where r, exponential, is below 18: once in 240 draws, or in 900.

    With a small rate a, E (1 - y)^2 = a (ln 2 - 1/2) / 2 and E (1 - y) = a (ln 2) / 2. Few of those draws
    add much to the sums: they often give a third of the sd, with an error that is a quarter of that.
    """
    r = parameter("r", f'distribution = "exponential"\nrate = {rate}')
    sd = math.sqrt(rate * (math.log(2.0) - 0.5) / 2.0 - (rate * math.log(2.0) / 2.0) ** 2)
    for seed in range(12):
        formula = "1 / (1 + exp(-r) ** 2)"
        scenario = load_text(tmp_path, scenario_text(r, formula=formula, n_draws=2**12, seed=seed))
        rows = simulate(scenario).statistics.rows
        (found,) = [row for row in rows if (row.quantity, row.statistic) == ("total", "sd")]
        assert found.status == UNTRUSTED or abs(found.value - sd) < 8.2 * found.mc_error


@pytest.mark.parametrize(
    ("size", "least", "most"),
    [(np.ones_like, 0, 0), (lambda u: -np.log(u), 0, 10), (lambda u: u**-3.0, 80, 100)],
)
def test_the_tail_of_a_rare_event_is_that_of_its_few_draws(
    size: Callable[[np.ndarray], np.ndarray], least: int, most: int
):
    """Losses once in 200 draws: all alike, exponential (shape 0), and without a mean (shape 3)."""
    rng = np.random.default_rng(3)
    doubted = sum(
        least_shape(tail_shape(np.where(rng.random(4096) < 0.005, size(rng.random(4096)), 0.0)), 4096) > 0.7
        for _ in range(100)
    )
    assert least <= doubted <= most


def test_a_mean_given_a_count_of_rare_events_is_trusted(tmp_path: Path):
    """E(n a - c) = 0.1 exp(mu + sigma^2 / 2) - 4: steps of n, once a is integrated out, are no heavy tail."""
    n = parameter("n", 'distribution = "binomial"\nn = 10\np = 0.01')
    a = parameter("a", 'distribution = "lognormal"\nmedian = 70\nsigma = 1.2')
    c = parameter("c", 'distribution = "gamma"\nmean = 4\nsd = 1')
    scenario = load_text(tmp_path, scenario_text(n, a, c, formula="n * a - c", n_draws=2**16))
    rows = {row.statistic: row for row in simulate(scenario).statistics.rows if row.quantity == "total"}
    assert rows["mean"].status == ""
    assert abs(rows["mean"].value - (7.0 * math.exp(0.72) - 4.0)) < 5 * rows["mean"].mc_error


def test_the_sd_of_a_heavy_finite_tail_is_not_to_be_trusted(tmp_path: Path):
    """(x a)^3 with x normal(0.2, 1), a lognormal(1, 0.7): E y^2 = E x^6 exp(18 * 0.49), and the sd is 337.

    E x^6 = 15 + 45 m^2 + 15 m^4 + m^6 with m = 0.2. Draws give 100 to 200, with an error of a tenth.
    """
    x = parameter("x", 'distribution = "normal"\nmean = 0.2\nsd = 1')
    a = parameter("a", 'distribution = "lognormal"\nmedian = 1\nsigma = 0.7')
    scenario = load_text(tmp_path, scenario_text(x, a, formula="(x * a) ** 3", n_draws=2**14))
    rows = {row.statistic: row for row in simulate(scenario).statistics.rows if row.quantity == "total"}
    m = 0.2
    mean = (m**3 + 3 * m) * math.exp(4.5 * 0.49)
    sd = math.sqrt((15 + 45 * m**2 + 15 * m**4 + m**6) * math.exp(18 * 0.49) - mean**2)
    assert round(sd) == 337
    assert rows["sd"].status == UNTRUSTED
    assert rows["sd"].value < 0.8 * sd  # what the note keeps from being quoted
    assert abs(rows["mean"].value - mean) < 5 * rows["mean"].mc_error


def test_a_mean_by_closed_form_is_trusted_where_the_draws_would_not_be(tmp_path: Path):
    """E wide = exp(2.5^2 / 2); the mean of 4,096 draws misses half of it."""
    rows = found(tmp_path, "3 * wide", "wide")
    assert rows["mean"].text not in (UNTRUSTED, DOES_NOT_EXIST)
    assert rows["mean"].value == pytest.approx(3 * math.exp(3.125), rel=1e-9)
    assert rows["sd"].text == UNTRUSTED


def test_inputs_alternatives_and_correlations_say_so_too(tmp_path: Path):
    choice = '[choices.by]\nfirst = 1\nsecond = 1\nrationale = "test"\n'
    outcome = '[outcomes.y]\nby = "by"\nfirst = "n"\nsecond = "cauchy"\n'
    text = scenario_text(stated("n", "cauchy"), choice, outcome, formula="y", n_draws=4096)
    scenario = load_text(tmp_path, text.replace('outcome = "total"', 'outcome = "total"\nalso = ["y"]'))
    summary = simulate(scenario).statistics
    assert summary.find("y", "mean", "by=first").status == ""
    for row in (
        summary.find("y", "mean", "by=second"),
        summary.find("y", "mean"),
        summary.find("cauchy", "mean"),
        summary.find("total ~ y", "correlation"),
    ):
        assert row.text == DOES_NOT_EXIST
    assert summary.find("n", "mean").status == ""


def test_a_streamed_run_says_the_same(tmp_path: Path):
    """Above 2^20 draws none but a few are kept; the tail is read off the counts of all."""
    names = ("cauchy", "wide")
    one, other = (
        ran(tmp_path, "cauchy * wide", *names, n_draws=n)[1].statistics.rows for n in (2**14, 2**21)
    )
    notes = [{(row.quantity, row.statistic): row.status for row in rows} for rows in (one, other)]
    assert notes[0] == notes[1]
    assert notes[1]["total", "mean"] == DOES_NOT_EXIST


SIGNED = (
    '[outcomes.benefit]\nformula = "gain"\n[outcomes.cost]\nformula = "price"\n'
    + parameter("gain", 'distribution = "normal"\nmean = 1\nsd = 2')
    + parameter("price", 'distribution = "normal"\nmean = 1\nsd = 1')
)


def test_a_cost_that_changes_its_sign(tmp_path: Path):
    """P(price <= 0) = Phi(-1) = 0.159; gain - price is normal about 0, so that it is positive in one half."""
    scenario = load_text(tmp_path, scenario_text(SIGNED, formula="benefit / cost", n_draws=2**14))
    results = simulate(scenario)
    summary = results.statistics
    first = table_lines(scenario, summary, 1)[0]
    assert first.what == "P(benefit - cost > 0)"
    net, price = (summary.find(name, "p_above", at=0) for name in ("benefit - cost", "cost"))
    assert abs(net.value - 0.5) < 5 * net.mc_error
    assert price.value == pytest.approx(0.841345, abs=1e-3)
    assert "cost is 0 or negative in 16 % of draws" in results.notes[0]
    assert f"{first.estimate}" == net.text


@pytest.mark.parametrize("price", ["normal\nmean = 20\nsd = 2", "lognormal\nmedian = 1\nsigma = 1"])
def test_a_cost_of_one_sign_has_no_such_row(tmp_path: Path, price: str):
    family, _, keys = price.partition("\n")
    text = SIGNED.replace('distribution = "normal"\nmean = 1\nsd = 1', f'distribution = "{family}"\n{keys}')
    scenario = load_text(tmp_path, scenario_text(text, formula="benefit / cost", n_draws=4096))
    results = simulate(scenario)
    summary = results.statistics
    assert not summary.has("benefit - cost", "p_above")
    assert summary.has("benefit - cost", "median")
    assert results.notes == ()


@pytest.mark.parametrize("formula", ["1 / l", "1 / l - 1", "(n + l) / l", "n / (2 * l)"])
def test_what_has_no_name_is_no_cost_and_no_benefit(tmp_path: Path, formula: str):
    summary = ran(tmp_path, formula, "n", "l")[1].statistics
    assert not summary.has("total", "ratio_of_means")
    assert {row.quantity for row in summary.rows} == {"total", "n", "l"}


def test_digits_asked_for_do_not_wait_for_a_mean_that_does_not_exist(tmp_path: Path):
    """The median of a lognormal over an exponential settles to two digits in some thousand draws."""
    from sim.engine.adaptive_run import Goal
    from sim.recipe import run
    from sim.summary.precision import Precision

    scenario, _ = ran(tmp_path, "l / e", "l", "e")
    for precision in (Precision(n_digits=1), Precision(rel_error=0.05)):
        adapted = run(scenario, goal=Goal(precision, max_draws=2**17))
        assert adapted.stages.settled
        assert np.isnan(adapted.stages.trace.loc[adapted.stages.trace["statistic"] == "mean", "value"]).all()
    # of index 2.5: the standard deviation exists, and no number of draws in reach gives it
    doubted, _ = ran(tmp_path, "exp(0.4 * e)", "e")
    adapted = run(doubted, goal=Goal(Precision(n_digits=2), max_draws=2**19))
    assert adapted.stages.settled
    assert adapted.statistics.find("total", "sd").status == UNTRUSTED


def test_analyses_of_a_moment_that_does_not_exist_say_why(tmp_path: Path):
    """Neither a variance to split nor a mean net benefit to decide by; ranks and medians are there."""
    from sim.analysis.decision.information import information
    from sim.analysis.sensitivity.analysis import sensitivity_tables
    from sim.engine.experiment import Experiment
    from sim.summary.precision import convergence

    scenario, results = ran(tmp_path, "cauchy * l", "cauchy", "l", n_draws=1024)
    experiment = Experiment(scenario, results.arrays)
    tables = sensitivity_tables(experiment)
    for name, column in (("sensitivity_indices", "value"), ("variance_by_kind", "total")):
        assert tables[name][column].isna().all()
        assert tables[name]["note"].str.startswith(DOES_NOT_EXIST).all()
    assert np.isfinite(tables["rank_correlations"]["spearman"]).all()
    worths = information(experiment, [4.0])
    assert worths["value"].isna().all()
    assert worths["note"].str.startswith(DOES_NOT_EXIST).all()
    assert set(convergence(scenario, results.arrays)["statistic"]) == {"median", "low", "high"}


def test_a_positive_outcome_keeps_its_logarithms_variance(tmp_path: Path):
    """ln(l / e) has a variance, 0.25 + pi^2 / 6, of which e holds all but 0.25; l / e has not even a mean."""
    from sim.analysis.sensitivity.analysis import sensitivity_tables
    from sim.engine.experiment import Experiment

    scenario, results = ran(tmp_path, "l / e", "l", "e", n_draws=2**13)
    shares = sensitivity_tables(Experiment(scenario, results.arrays))["sensitivity_indices"]
    total = shares[(shares["index"] == "total") & (shares["group"] == "e")].set_index("scale")
    assert (
        abs(total.loc["log", "value"] - (1 - 0.25 / (0.25 + math.pi**2 / 6))) < 5 * total.loc["log", "error"]
    )
    assert math.isnan(total.loc["raw", "value"])
    assert (total.loc["log", "note"], total.loc["raw", "note"][:14]) == ("", DOES_NOT_EXIST)


@pytest.mark.parametrize("other", [0.5, 2.5])
def test_points_of_a_sweep_say_so_too(tmp_path: Path, other: float):
    from sim.analysis.sweep.points import values_of
    from sim.engine.variants import Variants

    scenario, _ = ran(tmp_path, f"cauchy * l ** {other}", "cauchy", "l", n_draws=1024)
    values = {value.statistic: value for value in values_of(scenario, Variants())}
    assert math.isnan(values["mean"].value)
    assert values["mean"].note.startswith(DOES_NOT_EXIST)
    assert math.isfinite(values["median"].value)


@pytest.mark.parametrize(("high", "is_doubtful"), [(6.735, False), (673.5, True)])
def test_a_law_between_bounds_whose_draws_cannot_give_its_mean(
    tmp_path: Path, high: float, is_doubtful: bool
):
    """All moments of exp(x) exist; those of x up to 673 are made by the last thousandth of its range.

    The exact mean for x loguniform from 1.19 to h is (Ei(h) - Ei(1.19)) / log(h / 1.19).
    """
    text = parameter("x", f'distribution = "loguniform"\nlow = 1.19\nhigh = {high}')
    scenario = load_text(tmp_path, scenario_text(text, formula="exp(x)", n_draws=4096))
    rows = {row.statistic: row for row in simulate(scenario).statistics.rows if row.quantity == "total"}
    for statistic in ("mean", "sd"):
        assert (rows[statistic].status == UNTRUSTED) is is_doubtful
    if not is_doubtful:
        exact = (expi(high) - expi(1.19)) / math.log(high / 1.19)
        assert abs(rows["mean"].value - exact) < 6 * rows["mean"].mc_error


def test_a_mean_near_the_largest_double(tmp_path: Path):
    """A sum of 4,096 draws of 1e307 overflows; their mean, 1.5e307 by the law, does not."""
    text = parameter("x", 'distribution = "uniform"\nlow = 1\nhigh = 2')
    scenario = load_text(tmp_path, scenario_text(text, formula="1e307 * sqrt(x ** 2)", n_draws=4096))
    rows = {row.statistic: row for row in simulate(scenario).statistics.rows if row.quantity == "total"}
    assert rows["mean"].value == pytest.approx(1.5e307, rel=1e-3)
    assert rows["sd"].value == pytest.approx(1e307 / math.sqrt(12), rel=1e-2)


@pytest.mark.parametrize(
    ("text", "formula", "mean"),
    [
        ('distribution = "uniform"\nlow = 1e-12\nhigh = 1', "1 / x", None),  # 27.6, half of it below 1e-6
        ('distribution = "uniform"\nlow = 1e-2\nhigh = 1', "1 / x", math.log(100) / 0.99),
        ('distribution = "uniform"\nlow = -1\nhigh = -1e-12', "1 / x", None),
        ('distribution = "arcsine"\nlow = 1e-89\nhigh = 3', "x ** -1.5 - e", None),  # of the order 1e44
        (
            f'distribution = "truncated"\nlow = 0\nhigh = 1e40\nof = {CAUCHY}',
            "x",
            math.log(1e80) / math.pi,
        ),  # integrated, not drawn
        (f'distribution = "truncated"\nlow = -9\nhigh = 9\nof = {CAUCHY}', "x", 0.0),
        (
            'distribution = "truncated"\nlow = -1e9\nhigh = 1e9\n'
            'of = { distribution = "normal", mean = 2, sd = 1 }',
            "x",
            2.0,
        ),
    ],
)
def test_a_mean_that_exists_for_an_end_that_no_draw_reaches(
    tmp_path: Path, text: str, formula: str, mean: float | None
):
    """E 1/x of x uniform from a to 1 is -log(a) / (1 - a); of a Cauchy law from 0 to h, log(1 + h^2) / pi.

    Of 4,096 draws the smallest is about 1/4096: what lies below makes two thirds of 27.6.
    """
    inputs = parameter("x", text) + parameter("e", 'distribution = "exponential"\nmean = 1e6')
    scenario = load_text(tmp_path, scenario_text(inputs, formula=formula, n_draws=4096))
    rows = {row.statistic: row for row in simulate(scenario).statistics.rows if row.quantity == "total"}
    assert (rows["mean"].status == UNTRUSTED) is (mean is None)
    if mean is not None:
        assert rows["mean"].value == pytest.approx(mean, abs=6 * rows["mean"].mc_error, rel=1e-12)


@pytest.mark.parametrize(
    ("formula", "status"),
    [
        ("(x + exp(b)) / (b - x)", DOES_NOT_EXIST),  # the divisor passes 0, the dividend nowhere
        ("(x - 3) / (b - x)", UNTRUSTED),  # at b = x, below 1, the dividend is not 0
        ("(x - 3) * (b - x) ** -1", UNTRUSTED),
        ("(b ** 2 - x ** 2) / (b - x)", ""),  # b + x
        ("x * (b - x) / (b - x)", ""),
        ("sqrt(min(b, t)) / exp(-t)", UNTRUSTED),  # no moment of exp(t), t lognormal, exists at all
    ],
)
def test_a_rare_pole_beside_what_is_large(tmp_path: Path, formula: str, status: str):
    """No draw in thousands of the ratio reaches a million, beside which the draws show no tail.

    Dividend and divisor depend on each other: that the former does not vanish with the latter shows in draws.
    """
    inputs = (
        parameter("b", 'distribution = "beta"\nalpha = 4\nbeta = 2')
        + parameter("x", 'distribution = "exponential"\nmean = 3')
        + parameter("l", 'distribution = "lognormal"\nmedian = 1e6\nsigma = 0.1')
        + parameter("t", 'distribution = "lognormal"\nmedian = 0.1\nsigma = 1')
        + "\n[choices.way]\nratio = 1\nlarge = 1\n"
    )
    text = scenario_text(inputs, formula=formula, n_draws=4096)
    scenario = load_text(tmp_path, text.replace('formula = "', 'by = "way"\nlarge = "l"\nratio = "'))
    rows = simulate(scenario).statistics.rows
    (row,) = (row for row in rows if (row.quantity, row.statistic, row.alternative) == ("total", "mean", ""))
    assert row.status == status


@pytest.mark.parametrize("scale", [4.1e-12, 1.0, 7.3e12])
def test_a_pareto_of_two_quantiles_a_decade_apart_has_no_mean(tmp_path: Path, scale: float):
    """P(X > x) falls tenfold as x rises tenfold: the index is 1, whatever the rounding of logarithms."""
    text = parameter("x", f'distribution = "pareto"\np50 = {scale!r}\np95 = {10 * scale!r}')
    rows = ran_text(tmp_path, text, "1 - x")[1].statistics.rows
    (row,) = (row for row in rows if (row.quantity, row.statistic) == ("total", "mean"))
    assert row.status == DOES_NOT_EXIST
