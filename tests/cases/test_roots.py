"""Where an outcome meets a threshold: crossings, jumps, poles, stays, and none at all.

Right values are closed forms, said at each test. Draws are 16,384 Sobol points unless a test says otherwise,
of which switching values use 8,192 and break-evens 4,096; four of their errors, or 1 % of the spread, are
allowed.
"""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from sim.analysis.decision.break_even import break_even_table, break_evens
from sim.analysis.decision.switching_values import Switch, switches, switching_values
from sim.analysis.decision.tipping_points import TippingPoint, tipping_points
from sim.engine.experiment import Experiment
from sim.engine.simulate import simulate
from sim.scenario.load import load
from tests.builders import parameter, scenario_text, write_scenario
from tests.decision.experiments import experiment_of


def normal(name: str, mean: float, sd: float) -> str:
    return parameter(name, f'distribution = "normal"\nmean = {mean!r}\nsd = {sd!r}')


def row(table: pd.DataFrame, name: str, threshold: float) -> pd.Series:
    found = table[(table["parameter"] == name) & (table["threshold"] == threshold)]
    assert len(found) == 1
    return found.iloc[0]


def switch(experiment: Experiment, name: str, threshold: float) -> Switch:
    found = [each for each in switches(experiment, (threshold,)) if each.column.name == name]
    assert len(found) == 1
    return found[0]


SIGNS = (
    normal("extra_benefit", 1.0, 2.0),
    normal("extra_cost", 1.0, 1.0),
    '[outcomes.benefit]\nformula = "extra_benefit"\n',
    '[outcomes.cost]\nformula = "extra_cost"\n',
)


def test_the_break_even_of_a_denominator_is_the_numerator_over_the_threshold(tmp_path: Path):
    # benefit / v = 1 at v = benefit, in every draw: N(1, 2) with ends 1 -+ 1.95996 * 2. The ratio itself also
    # changes sign at v = 0, by its pole.
    experiment = experiment_of(tmp_path, *SIGNS, formula="benefit / cost")
    found = row(break_even_table(break_evens(experiment, (1.0,))), "extra_cost", 1.0)
    ends = stats.norm(1, 2).ppf([0.025, 0.5, 0.975])
    assert found[["low", "median", "high"]].to_numpy(dtype=float) == pytest.approx(ends, abs=0.02)
    assert found["share_without"] == 0.0
    assert found["verdict"] == "crosses; passes through infinity"


def test_the_median_of_a_ratio_passes_its_pole(tmp_path: Path):
    # median(benefit) / v is 1 at v = 1; at 0 it passes from -infinity to infinity, and never meets 0
    experiment = experiment_of(tmp_path, *SIGNS, formula="benefit / cost")
    found = switch(experiment, "extra_cost", 1.0)
    assert abs(found.value.value - 1.0) < 4 * found.value.error + 1e-3
    assert found.verdict == "turns; passes through infinity at 0"
    at_zero = switch(experiment, "extra_cost", 0.0)
    assert np.isnan(at_zero.value.value)
    assert at_zero.verdict == "median never meets the threshold; passes through infinity at 0"
    never = row(break_even_table(break_evens(experiment, (0.0,))), "extra_cost", 0.0)
    assert never["verdict"] == "never meets it; passes through infinity"
    assert never["share_without"] == 1.0


B, C = normal("b", 3.0, 1e-6), normal("c", 1.0, 1.0)
"""b is 3 for all purposes, so that each value of c has a closed form to 1e-5."""


@pytest.mark.parametrize(
    ("formula", "threshold", "value"),
    [
        ("b / c", 1.0, 3.0),
        ("1 + b / c", 2.0, 3.0),
        ("b * c ** -1", 2.0, 1.5),
        ("b / c ** 3", 24.0, 0.5),  # c^3 = 3 / 24
        ("b / (c - 5)", -1.0, 2.0),
        ("b / c + b / (c + 4)", 4.0, (-10 + np.sqrt(292)) / 8),  # 4 c^2 + 10 c - 12 = 0
        ("(b + c) / (b - c)", 3.0, 1.5),  # b + c = 3 b - 3 c
        ("1 / (1 / c + 1 / b)", 1.0, 1.5),  # 1/c = 1 - 1/3, pole at c = -3
        ("b * c / c ** 2 + 0 * c", 3.0, 1.0),
        ("min(b / c, 5)", 1.0, 3.0),
        ("max(b / c, -5)", 2.0, 1.5),
        ("where(b > 0, b / c, 7)", 2.0, 1.5),
        ("abs(b / c)", 2.0, 1.5),  # and -1.5, farther from the median
        ("exp(b / (c + 9))", np.exp(0.3), 1.0),
        ("-b / (0 - c)", 2.0, 1.5),
        ("sqrt(b / (c + 9))", 0.5, 3.0),
    ],
)
def test_a_pole_beside_a_root(tmp_path: Path, formula: str, threshold: float, value: float):
    experiment = experiment_of(tmp_path, B, C, formula=formula, n_draws=1024)
    even = row(break_even_table(break_evens(experiment, (threshold,))), "c", threshold)
    assert even["median"] == pytest.approx(value, rel=1e-5)
    assert even["share_without"] == 0.0
    assert "crosses" in even["verdict"]
    found = switch(experiment, "c", threshold)
    assert found.value.value == pytest.approx(value, rel=1e-5)
    assert found.verdict.startswith("turns")


def test_a_root_closer_to_the_pole_than_any_value_looked_at(tmp_path: Path):
    # b / v = 1 at v = b, spread over 1e-4 on both sides of the pole, and c over 1
    small = normal("b", 0.0, 1e-4)
    experiment = experiment_of(tmp_path, small, C, formula="b / c", n_draws=4096)
    even = row(break_even_table(break_evens(experiment, (1.0,))), "c", 1.0)
    assert even["share_without"] == 0.0
    assert even["high"] == pytest.approx(1.95996e-4, rel=0.02)


def test_alternatives_in_another_order_than_their_weights(tmp_path: Path):
    # b / c where the choice takes u, 2 b / c where it takes w: the break-even at 1 is 3 or 6, half of the
    # draws each
    parts = (B, C, "[choices.m]\nw = 1\nu = 1\n", '[outcomes.y]\nby = "m"\nu = "b / c"\nw = "2 * b / c"\n')
    even = row(break_even_table(break_evens(experiment_of(tmp_path, *parts, formula="y"), (1.0,))), "c", 1.0)
    assert (even["low"], even["high"]) == pytest.approx((3.0, 6.0), rel=1e-5)


ONE = parameter("one", 'distribution = "lognormal"\nmedian = 1\nsigma = 0.1')
NET = normal("net", 1.0, 1.0)


@pytest.mark.parametrize("place", [0.0, 0.7, -2.5])
def test_a_jump_is_found_at_its_place(tmp_path: Path, place: float):
    # a premium paid above a place and a fine below it: every draw, and the median, jump over `place` there
    formula = f"net + where(net > {place}, one, -one)".replace("> -", "> 0 - ")
    experiment = experiment_of(tmp_path, NET, ONE, formula=formula, n_draws=4096)
    found = switch(experiment, "net", place)
    assert found.verdict == "jumps over the threshold"
    assert found.value.value == pytest.approx(place, rel=1e-9, abs=0)
    assert found.value.error == pytest.approx(0.0, abs=1e-4)
    assert found.percentile == pytest.approx(stats.norm(1, 1).cdf(place), rel=1e-6)
    even = row(break_even_table(break_evens(experiment, (place,))), "net", place)
    assert even["verdict"] == "jumps over it"
    assert even["median"] == pytest.approx(place, rel=1e-9, abs=0)


def test_a_jump_at_a_place_that_is_drawn(tmp_path: Path):
    # where(v > b, 1, 0): the median jumps from 0 to 1 at the median of b, 2, known but for the draws of b
    b = parameter("b", 'distribution = "lognormal"\nmedian = 2\nsigma = 0.3')
    experiment = experiment_of(tmp_path, NET, b, formula="where(net > b, 1, 0)", sampler="random")
    found = switch(experiment, "net", 0.5)
    assert found.verdict == "jumps over the threshold"
    assert 0 < found.value.error < 0.05
    assert abs(found.value.value - 2.0) < 8 * found.value.error  # three degrees of freedom: once in 250


def test_a_median_made_of_many_small_jumps_turns(tmp_path: Path):
    # every draw jumps by 3 where v passes its own b: the median climbs from 0 to 3 without a jump
    b = normal("b", 1.0, 0.5)
    noise = normal("e", 0.0, 1.0)
    experiment = experiment_of(tmp_path, NET, b, noise, formula="e + where(net > b, 3, 0)")
    found = switch(experiment, "net", 1.5)
    assert found.verdict == "turns"
    # half of the draws have jumped at v = 1, and by symmetry the median is 1.5 there
    assert abs(found.value.value - 1.0) < 8 * found.value.error + 0.01
    assert row(break_even_table(break_evens(experiment, (1.5,))), "net", 1.5)["verdict"].startswith(
        "jumps over it"
    )


def test_a_stay_at_the_threshold(tmp_path: Path):
    # max(v - 2, 0) is 0 up to v = 2, whatever else; -max(v - 2, 0) never exceeds 0
    experiment = experiment_of(tmp_path, NET, formula="max(net - 2, 0)", n_draws=1024)
    found = switch(experiment, "net", 0.0)
    assert found.value.value == pytest.approx(2.0, rel=1e-9)
    assert found.verdict.startswith("leaves the threshold; at the threshold from ")
    assert found.verdict.endswith(" to 2")
    assert row(break_even_table(break_evens(experiment, (0.0,))), "net", 0.0)["verdict"] == "stays at it"
    below = switch(experiment_of(tmp_path, NET, formula="-max(net - 2, 0)", n_draws=1024), "net", 0.0)
    assert np.isnan(below.value.value)
    assert below.verdict.startswith("at the threshold from ")


def test_a_median_that_cannot_be_told_from_the_threshold(tmp_path: Path):
    # where(v > 0, a, 1 / a) with a lognormal of median 1: its median is 1 whatever v is; but for a itself it
    # turns
    a = parameter("a", 'distribution = "lognormal"\nmedian = 1\nsigma = 0.7')
    experiment = experiment_of(tmp_path, NET, a, formula="where(net > 0, a, 1 / a)")
    assert switch(experiment, "net", 1.0).verdict.startswith("at the threshold from ")
    assert switch(experiment, "a", 2.0).value.value == pytest.approx(2.0, rel=1e-9)
    assert switch(experiment, "net", 2.0).verdict == "median always below"


def test_several_crossings_are_counted(tmp_path: Path):
    # (v^2 - 1) (v^2 - 4) = 0 at -2, -1, 1, 2: nearest to the median 0.8 is 1
    v = normal("v", 0.8, 1.0)
    experiment = experiment_of(tmp_path, v, formula="(v ** 2 - 1) * (v ** 2 - 4)", n_draws=1024)
    found = switch(experiment, "v", 0.0)
    assert (found.verdict, found.value.value) == ("turns, nearest of 4", pytest.approx(1.0, rel=1e-9))
    even = row(break_even_table(break_evens(experiment, (0.0,))), "v", 0.0)
    assert even["verdict"] == "crosses; several values, the nearest to the median taken"
    assert even["median"] == pytest.approx(1.0, rel=1e-9)


@pytest.mark.parametrize("power", [1, 3, 5])
def test_a_root_at_zero_is_zero(tmp_path: Path, power: int):
    # (x a)^k is 0 at x = 0 and flat there for k > 1: neither 1e-108, where it underflows, nor a failure
    a = parameter("a", 'distribution = "lognormal"\nmedian = 1\nsigma = 0.7')
    x = normal("x", 0.2, 1.0)
    experiment = experiment_of(tmp_path, a, x, formula=f"(x * a) ** {power}")
    table, even = (
        switching_values(experiment, (0.0, 1.0, -1.0)),
        break_even_table(break_evens(experiment, (0.0,))),
    )
    assert row(table, "x", 0.0)["value"] == 0.0
    assert row(even, "x", 0.0)[["low", "median", "high"]].tolist() == [0.0, 0.0, 0.0]
    # median(a) = 1: x = +-1, whatever the power
    assert row(table, "x", 1.0)["value"] == pytest.approx(1.0, rel=5e-3)
    assert row(table, "x", -1.0)["value"] == pytest.approx(-1.0, rel=5e-3)
    assert row(table, "a", 0.0)["verdict"] == "median always above"


@pytest.mark.parametrize("of_parameter", [1e-12, 1e-3, 1e12, 1e100])
@pytest.mark.parametrize("of_outcome", [1e-12, 1e12])
@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_any_scale_and_sign(tmp_path: Path, of_parameter: float, of_outcome: float, sign: float):
    # k s x^3 + k e: s x^3 = t / k - median(e) = 1.728 in units of the scales, x = 1.2 scale
    mean = sign * of_parameter
    x, noise = normal("x", mean, 0.5 * of_parameter), normal("e", 0.0, 0.01)
    formula = f"{of_outcome!r} * ((x / {of_parameter!r}) ** 3 + e)"
    experiment = experiment_of(tmp_path, x, noise, formula=formula, n_draws=1024)
    threshold = sign * 1.728 * of_outcome
    found = switch(experiment, "x", threshold)
    assert found.value.value == pytest.approx(1.2 * mean, rel=1e-3)
    assert 0 < found.value.error < 1e-3 * of_parameter
    even = row(break_even_table(break_evens(experiment, (threshold,))), "x", threshold)
    assert even["median"] == pytest.approx(1.2 * mean, rel=1e-3)
    assert (even["verdict"], found.verdict) == ("crosses", "turns")


@pytest.mark.parametrize(
    ("law", "value"),
    [
        ('distribution = "discrete"\nvalues = [-5, 0, 4]\nweights = [1, 1, 1]', 2.0),
        (
            'distribution = "mixture"\ncomponents = [\n'
            '{ weight = 1, of = { distribution = "constant", value = 0 } },\n'
            '{ weight = 1, of = { distribution = "normal", mean = 1, sd = 3 } },\n]',
            2.0,
        ),
        ('distribution = "uniform"\nlow = -4\nhigh = 4', 2.0),
    ],
)
def test_columns_with_atoms_and_ends(tmp_path: Path, law: str, value: float):
    # v + e = 2 with the median of e 0
    experiment = experiment_of(tmp_path, parameter("v", law), normal("e", 0.0, 0.1), formula="v + e")
    found = switch(experiment, "v", 2.0)
    assert abs(found.value.value - value) < 8 * found.value.error + 1e-3
    assert found.verdict == "turns"


def test_errors_of_switching_values_are_those_over_seeds(tmp_path: Path):
    # v + b^2 = 9 with median(b) = 2: v = 5. Plain random draws, 16 randomisations of 64, 60 seeds. z has
    # Student's t of 15 degrees of freedom, rms 1.07; over 60 seeds its rms is within 0.8 and 1.35 but once in
    # 500.
    b = parameter("b", 'distribution = "lognormal"\nmedian = 2\nsigma = 0.3')
    z = []
    for seed in range(60):
        text = scenario_text(NET, b, formula="net + b ** 2", sampler="random", seed=seed, n_draws=1024)
        text = text.replace("n_randomisations = 4", "n_randomisations = 16")
        scenario = load(write_scenario(tmp_path, text))
        found = switch(Experiment(scenario, simulate(scenario).arrays), "net", 9.0)
        z.append((found.value.value - 5.0) / found.value.error)
    assert 0.8 < np.sqrt(np.mean(np.square(z))) < 1.35


def tipped(folder: Path, *parts: str, formula: str, thresholds: str) -> dict[tuple[str, float], TippingPoint]:
    stated = scenario_text(*parts, formula=formula, n_draws=2**14)
    text = stated.replace('outcome = "total"', f'outcome = "total"\nthresholds = {thresholds}')
    scenario = load(write_scenario(folder, text))
    return {(p.parameter, p.threshold): p for p in tipping_points(scenario, simulate(scenario).arrays)}


def test_tipping_where_the_outcome_has_a_pole(tmp_path: Path):
    # a / b with both N(1, 1) exceeds 0 with probability 1/2 where either mean is 0: moved down by 1
    found = tipped(tmp_path, normal("a", 1, 1), normal("b", 1, 1), formula="a / b", thresholds="[0]")
    for name in ("a", "b"):
        point = found[name, 0.0]
        assert point.turns
        assert abs(point.difference + 1.0) < 8 * point.shift_error + 1e-3


def test_tipping_by_a_jump(tmp_path: Path):
    # where(x + d > 3, 10, 0) has the median 10 as soon as d passes 3 - median(x) = 2
    point = tipped(tmp_path, NET, formula="where(net > 3, 10, 0)", thresholds="[5]")["net", 5.0]
    assert point.note == "jumps over the threshold"
    assert abs(point.difference - 2.0) < 8 * point.shift_error + 1e-2


def test_tipping_of_a_cube_at_zero(tmp_path: Path):
    # the median of (x a)^3 is 0 where that of x is: moved by -0.2
    a = parameter("a", 'distribution = "lognormal"\nmedian = 1\nsigma = 0.7')
    found = tipped(tmp_path, a, normal("x", 0.2, 1.0), formula="(x * a) ** 3", thresholds="[0]")
    assert abs(found["x", 0.0].difference + 0.2) < 8 * found["x", 0.0].shift_error + 1e-3
    assert not found["a", 0.0].turns
    assert found["a", 0.0].note.startswith("median always above, not within up by a factor of")


def test_infinities_of_both_signs_in_the_middle(tmp_path: Path):
    """At x = 0, (b + x) / x is plus infinity in half of the draws of a symmetric b and minus in the others.

    The median of 1 + b / x is 1 + median(b) / x: only the draws' own median, not quite 0, could turn it.
    """
    laws = parameter("x", 'distribution = "uniform"\nlow = -1\nhigh = 1'), normal("b", 0.0, 1.0)
    experiment = experiment_of(tmp_path, *laws, formula="(b + x) / x")
    for threshold in (0.5, 2.0):
        value = switch(experiment, "x", threshold).value.value
        assert np.isnan(value) or abs(value) < 0.01
