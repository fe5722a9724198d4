"""Figures of outcomes of any sign, scale and shape: axes that show all of it, no warning, no text as markup.

Warnings are errors here, as in all tests. Expected shares come from closed forms; which scale is right, from
the range over the interquartile range of the law: 6.58 / 1.35 for a normal law, hundreds for Student's t with
one degree of freedom.
"""

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import replace
from io import BytesIO

import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from scipy import stats

from sim.figures.look import Look
from sim.figures.style import render
from sim.figures.subject import Subject
from sim.summary.density import along, density, linear_within, values_at
from tests.figures import made_up

LEVELS = (np.arange(2048) + 0.5) / 2048
NORMAL = stats.norm.ppf(LEVELS)
LOGNORMAL = stats.lognorm(0.7).ppf(LEVELS)
CAUCHY = stats.cauchy.ppf(LEVELS)
ATOM = np.concatenate([np.zeros(2048), LOGNORMAL])
SCALES = (1e-300, 1e-30, 1e-13, 1.0, 1e14, 1e30, 1e299)
SHAPES: Mapping[str, np.ndarray] = {
    "slightly negative": 10 + 5 * NORMAL,
    "about zero": NORMAL,
    "negative": -LOGNORMAL,
    "very negative": -stats.lognorm(2.5).ppf(LEVELS),
    "positive": LOGNORMAL,
    "atom at zero": ATOM,
    "two values": np.repeat([0.0, 1.0], [1740, 308]),
    "constant": np.full(64, 7.0),
    "zero": np.zeros(64),
    "negative constant": np.full(64, -7.0),
    "heavy": CAUCHY,
    "Pareto": stats.pareto(0.7).ppf(LEVELS),
}
HOSTILE = (
    "cost in $ of $\\frac{1",
    "50 % of [bold]A[/bold] & <b>_x_</b> ^2 {braces} ~ `code` | #1 \\",
    "one title " * 30,
    "一个没有空格的很长的中文标题" * 12,
    "العنوان Заголовок 😀 title",
    "_starts with an underscore",
)


def about(draws: np.ndarray, thresholds: Sequence[float] = (), title: str = "Outcome") -> Subject:
    low, median, high = (float(value) for value in np.quantile(draws, [0.025, 0.5, 0.975]))
    names = {"a": title, "b": f"{title} too"}
    return Subject(title, "EUR", median=median, low=low, high=high, thresholds=thresholds, names=names)


def drawn(draws: np.ndarray, thresholds: Sequence[float] = ()) -> tuple[Figure, pd.DataFrame]:
    table = density(draws, thresholds)
    figure = made_up.FIGURES["distribution"].draw(table, about(draws, thresholds), Look())
    render(figure, ("svg",))
    return figure, table


def tables(draws: np.ndarray, thresholds: Sequence[float] = ()) -> dict[str, pd.DataFrame]:
    """Return a table of each figure whose main axis is the outcome's."""
    low, median, high = np.quantile(draws, [0.025, 0.5, 0.975])
    ends = {"low": [low, median], "median": [median, median], "high": [high, high]}
    grid = values_at(np.linspace(*along(np.quantile(draws, [0.01, 0.99]), np.inf), 16), np.inf)
    levels = np.unique([*grid, *thresholds])
    settling = pd.DataFrame(
        {"statistic": "median", "n_draws": [16, 64], "value": median, "error": abs(high - low) / 50}
    )
    return {
        "distribution": density(draws, thresholds),
        "cost_by_method": pd.DataFrame(
            {"label": ["one", "any, by weight"], **ends, "published": [np.nan, high]}
        ),
        "tornado": pd.DataFrame(
            {
                "group": ["a", "b"],
                "level_low": 0.05,
                "level_high": 0.95,
                "at_low": low,
                "at_high": high,
                "centre": median,
                "share": [0.6, 0.4],
                "share_error": 0.01,
            }
        ),
        "acceptability": pd.DataFrame(
            {"threshold": levels, "probability": np.linspace(1, 0, len(levels)), "error": 0.01}
        ),
        "convergence": settling,
        "drivers": pd.DataFrame({"y": draws[:64], "a": draws[-64:], "b": np.linspace(1, 2, 64)}),
    }


FIGURES = ("distribution", "cost_by_method", "tornado", "acceptability", "convergence", "drivers")


def shown(ax: Axes, values: Sequence[float]) -> bool:
    low, high = ax.get_xlim()
    return all(low <= value <= high for value in values)


@pytest.mark.parametrize("scale", SCALES)
@pytest.mark.parametrize("shape", SHAPES)
def test_every_axis_shows_the_outcome_and_thresholds_at_zero_and_below(shape: str, scale: float):
    draws = SHAPES[shape] * scale
    thresholds = (0.0, -scale)
    figure, table = drawn(draws, thresholds)
    ax = figure.axes[0]
    assert shown(ax, [*np.quantile(draws, [0.025, 0.5, 0.975]), *thresholds])
    labels = [text.get_text() for text in ax.get_xticklabels()]
    assert len(set(labels)) == len(labels)
    assert table["mass"].sum() == pytest.approx(1.0, abs=0.0025)


@pytest.mark.parametrize("scale", [1e-300, 1.0, 1e299])
@pytest.mark.parametrize("shape", ["slightly negative", "atom at zero", "constant", "heavy", "negative"])
@pytest.mark.parametrize("name", FIGURES)
def test_every_figure_is_drawn_without_a_warning(name: str, shape: str, scale: float):
    drawn_as = made_up.FIGURES[name]
    draws = SHAPES[shape] * scale
    table, said = tables(draws, (0.0,))[name], about(draws, (0.0,))
    figure = drawn_as.draw(table, said, Look())
    assert len(render(figure, ("svg",))["svg"]) > 1000
    assert drawn_as.caption(table, said)
    for ax in figure.axes:
        assert np.ptp(ax.get_xlim()) > 0
        assert "0.0000" not in " ".join(text.get_text() for text in ax.get_xticklabels())


@pytest.mark.parametrize("title", HOSTILE)
@pytest.mark.parametrize("name", FIGURES)
def test_titles_are_drawn_as_typed_and_stay_in_the_figure(name: str, title: str):
    drawn_as = made_up.FIGURES[name]
    table, said = tables(LOGNORMAL)[name], replace(about(LOGNORMAL, title=title), source=title)
    figure = drawn_as.draw(table, said, Look())
    svg = render(figure, ("svg",))["svg"]
    assert title in drawn_as.caption(table, said)
    if len(title) < 70 and name != "drivers":
        written = "".join(BytesIO(svg).read().decode().split())
        first = title.split(" ", maxsplit=1)[0].replace("&", "&amp;").replace("<", "&lt;")
        assert first in written
    label = figure.axes[0].xaxis.label
    if label.get_text():
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", message="Glyph")
            figure.draw_without_rendering()
            box = label.get_window_extent()
        assert figure.bbox.x0 - 1 <= box.x0
        assert box.x1 <= figure.bbox.x1 + 1


def test_the_scale_is_log_linear_or_both():
    assert linear_within(LOGNORMAL) == 0
    assert linear_within(10 + 5 * NORMAL) == np.inf
    assert linear_within(LOGNORMAL, [0.0]) == np.inf
    # the median size of a standard Cauchy variable is 1
    assert linear_within(CAUCHY) == pytest.approx(1.0, rel=0.01)
    for within in (0.0, 1.0, np.inf):
        np.testing.assert_allclose(values_at(along(LOGNORMAL, within), within), LOGNORMAL, rtol=1e-12)


def test_an_atom_is_a_stem_and_the_caption_says_its_mass():
    figure, table = drawn(ATOM, (0.0, 1.0))
    single = table[table["low"] == table["high"]]
    assert single[["low", "mass"]].to_numpy().tolist() == [[0.0, 0.5]]
    text = made_up.FIGURES["distribution"].caption(table, about(ATOM))
    assert "0 (50 %)" in text
    assert "remaining 50 %" in text
    assert figure.axes[1].get_ylabel() == "Probability of a single value"
    assert max(np.max(line.get_ydata()) for line in figure.axes[1].lines) == 0.5


def test_densities_along_a_symmetric_axis_are_those_of_the_law():
    table = density(stats.cauchy.ppf((np.arange(2**16) + 0.5) / 2**16))
    within = float(table["linear_within"].iloc[0])
    middle = values_at(along(table[["low", "high"]].to_numpy(), within).mean(axis=1), within)
    # dx/du = sqrt(x² + w²) for u = asinh(x / w)
    expected = stats.cauchy.pdf(middle) * np.sqrt(middle**2 + within**2)
    np.testing.assert_allclose(table["density"], expected, rtol=0.02, atol=1e-3)


def test_an_interval_in_pieces_is_shaded_in_its_pieces():
    draws = np.concatenate([np.linspace(0, 1, 1024), np.linspace(2, 3, 1024)])
    said = replace(about(draws), low=0.5, high=2.5, pieces=((0.5, 1.0), (2.0, 2.5)))
    figure = made_up.FIGURES["distribution"].draw(density(draws, (0.0,)), said, Look())
    fill = next(patch for patch in figure.axes[0].patches if patch.get_fill())
    values, edges = fill.get_data()[:2]
    middles = (edges[1:] + edges[:-1]) / 2
    assert values[(middles > 1.1) & (middles < 1.9)].max() == 0
    assert values[(middles > 0.55) & (middles < 0.95)].min() > 0
    assert values[(middles > 2.05) & (middles < 2.45)].min() > 0


def test_a_mean_that_does_not_exist_has_no_panel():
    table = tables(LOGNORMAL)["convergence"]
    without = pd.concat([table, table.assign(statistic="mean", value=np.nan, error=np.nan)])
    figure = made_up.FIGURES["convergence"].draw(without, about(LOGNORMAL), Look())
    assert [ax.get_title() for ax in figure.axes if ax.axison] == ["Median"]
