"""Commands that ended in a traceback, or refused what ``sim run`` had written.

Every kind that ``tests/foreign`` found stands here once, small. Where a number is expected it comes from a
closed form, which the test names.
"""

import math
from pathlib import Path

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.figure import Figure

from sim.analysis.sensitivity.analysis import sensitivity_tables
from sim.engine.experiment import Experiment
from sim.engine.simulate import simulate
from sim.figures.axes import scale_axis
from sim.figures.moving_histogram import panel_of
from sim.summary.estimate import spread
from tests.builders import load_text, parameter
from tests.foreign.commands import Ended, every_command, figures_laid_out

CAUCHY = parameter("a", 'distribution = "student-t"\nlocation = 0\nscale = 1\ndf = 1')
NORMAL = parameter("a", 'distribution = "normal"\nmean = 1\nsd = 1')


def stated(formula: str, laws: str = "", threshold: float = 1.0) -> str:
    """Return a scenario."""
    return (
        'title = "test"\nseed = 7\n[sampling]\nn_draws = 1024\nn_randomisations = 16\n'
        f'{laws}[outcomes.bcr]\nformula = "{formula}"\n'
        f'[report]\noutcome = "bcr"\nthresholds = [{threshold}]\n'
    )


def asked(folder: Path, text: str) -> dict[str, Ended]:
    """Ask every command of a scenario; each must end as it may."""
    file = folder / "foreign.toml"
    file.write_text(text, encoding="utf-8")
    with figures_laid_out():
        ended = {each.arguments[0]: each for each in every_command(file, file, "seed", "1,2", slice(None))}
    for each in ended.values():
        assert each.is_sound, f"{each.arguments}: {each.words}"
    return ended


def of_scale(unit: float) -> str:
    """Return a scenario: the sum of a normal law of variance 1 and a uniform one of 3, times a unit."""
    laws = parameter("a", f'distribution = "normal"\nmean = {unit}\nsd = {unit}')
    laws += parameter("b", f'distribution = "uniform"\nlow = {-3 * unit}\nhigh = {3 * unit}')
    return stated("a + b", laws, unit)


@pytest.mark.parametrize("laws", ["", NORMAL])
def test_an_outcome_that_reads_nothing(tmp_path: Path, laws: str):
    """What is known needs no information: each worth is 0, without error."""
    assert "0 ± 0" in asked(tmp_path, stated("2.5 * 2.5", laws))["decide"].words


def test_no_curve_of_a_single_threshold(tmp_path: Path):
    """An outcome that does not vary is looked at where it is and at its thresholds, here both 0."""
    ended = asked(tmp_path, stated("0 * 2.5", threshold=0.0))
    assert "acceptability has a single threshold" in ended["plot"].words


@pytest.mark.parametrize("unit", [1e200, 1e-200])
def test_every_command_at_scales_whose_squares_are_no_numbers(tmp_path: Path, unit: float):
    asked(tmp_path, of_scale(unit))


@pytest.mark.parametrize("unit", [1e200, 1.0, 1e-200])
def test_shares_of_the_variance_at_any_scale(tmp_path: Path, unit: float):
    """1 and 3 of 4, by the laws' variances; five errors, odds of a failure below 1e-5 a share."""
    scenario = load_text(tmp_path, of_scale(unit))
    shares = sensitivity_tables(Experiment(scenario, simulate(scenario).arrays))["sensitivity_indices"]
    for row in shares.to_dict("records"):
        assert abs(row["value"] - {"a": 0.25, "b": 0.75}[row["group"]]) < 5 * row["error"] + 1e-12


@pytest.mark.parametrize(("formula", "panels"), [("a", 0), ("a ** 2", 1)])
def test_figures_of_a_run_without_a_variance(tmp_path: Path, formula: str, panels: int):
    """Student's t with one degree of freedom has none; the logarithm of its square has one (Cauchy: pi^2)."""
    ended = asked(tmp_path, stated(formula, CAUCHY))
    assert ("sensitivity_indices has no shares" in ended["plot"].words) == (panels == 0)
    assert ("sobol.png" in ended["plot"].words) == (panels == 1)
    page = next(tmp_path.glob("results/*/report.html")).read_text(encoding="utf-8")
    assert ("Of the spread in the result" in page) == (panels == 1)
    assert "nan" not in (tmp_path / "report.html").read_text(encoding="utf-8").casefold().split()


@pytest.mark.parametrize("span", [(1e-150, 1e150), (5e-320, 1e308), (7e-264, 1.5), (1.0, 3.0)])
def test_ticks_of_a_log_axis_lie_above_zero(span: tuple[float, float]):
    """A part of the high end is more than all of the low end: what lies below that by so little may be 0."""
    mpl.rcdefaults()
    ax = Figure(figsize=(3, 2)).add_subplot()
    scale_axis(ax.xaxis, 0.0)
    ax.set_xlim(*span)
    ticks = np.asarray(ax.get_xticks())
    assert (ticks > 0).all()
    assert (ticks >= span[0] * (1 - 1e-8)).all()
    assert (ticks <= span[1] * (1 + 1e-8)).all()


def test_spreads_of_any_scale_side_by_side():
    """The standard deviation of x and 3 x is x; of 1, 3, 0 and 2 it is the square root of 1.25."""
    rows = np.array([[1e300, 3e300], [1.0, 3.0], [1e-300, 3e-300]])
    assert spread(rows, axis=1).tolist() == pytest.approx([1e300, 1.0, 1e-300], rel=1e-14)
    assert float(spread(np.array([1e300, 3e300, 1e-300, 2e300]))) == pytest.approx(math.sqrt(1.25) * 1e300)


def test_draws_alike_but_for_rounding_have_a_panel():
    """2.5 a / (a + a) is 1.25 to the last bit or two, between which no bins fit."""
    a = np.random.default_rng(1).random(1000)
    panel = panel_of(2.5 * a / (a + a))
    assert panel.low < math.log(1.25) < panel.high


def test_a_quantile_of_a_narrow_law_beside_a_far_one(tmp_path: Path):
    """The search for the end asks the narrow law at 1e300, where (x - low) / width overflows."""
    narrow = '{ weight = 1, of = { distribution = "beta", alpha = 2, beta = 3, low = 0, high = 1e-12 } }'
    rare = '{ weight = 1, of = { distribution = "discrete", values = [1e300], weights = [1] } }'
    law = parameter("a", f'distribution = "mixture"\ncomponents = [{narrow}, {rare}]')
    text = stated("a", law).replace(
        "thresholds = [1.0]", "thresholds = [1.0]\ninterval.probability = 0.999999"
    )
    scenario = load_text(tmp_path, text)
    high = next(row for row in simulate(scenario).statistics.rows if row.statistic == "high")
    assert high.value == 1e300
