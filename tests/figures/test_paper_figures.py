"""Every figure of `plot`: legible at its printed size, the same bytes twice, nothing lost in grey."""

import re
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from matplotlib import colormaps
from matplotlib.collections import QuadMesh
from matplotlib.figure import Figure

from sim.evidence.methods import METHODS
from sim.figures.catalogue import NAMES
from sim.figures.intervals import methods_figure
from sim.figures.look import NAMED_WIDTHS, NARROWEST, Look
from sim.figures.style import COLOUR_MAP, DARK, LIGHT, render, save
from sim.figures.subject import Subject, titles_of
from sim.scenario.load import load
from tests.figures import made_up
from tests.figures.legible import LIGHTNESS_APART, alike_in_grey, lightness, overlapping, too_small

ROOT = Path(__file__).parents[2]
COST = replace(
    made_up.ABOUT,
    outcome="Cost of all contributions in a year",
    unit="USD/year",
    published=None,
    thresholds=(),
)
PAY = replace(
    made_up.ABOUT,
    outcome="Senior engineer's pay, mean of the pool",
    unit="USD/person/year",
    observed=(261e3, 289e3, 319e3),
)
FIGURES: dict[str, tuple[pd.DataFrame, Subject]] = {
    "distribution": (made_up.distribution(), made_up.ABOUT),
    "cost_by_method": (made_up.cost_by_method(), COST),
    "prior_posterior": (made_up.prior_posterior(), PAY),
    "tornado": (made_up.tornado(), made_up.ABOUT),
    "sobol": (made_up.sensitivity_indices(), made_up.ABOUT),
    "acceptability": (made_up.acceptability(), made_up.ABOUT),
    "threshold_map": (made_up.threshold_map(), made_up.ABOUT),
    "convergence": (made_up.convergence(), made_up.ABOUT),
    "drivers": (made_up.drivers(), made_up.ABOUT),
    "streams": (made_up.by_year(), made_up.ABOUT),
    "net_value": (made_up.by_year(), made_up.ABOUT),
}
PAPER = [Look(NARROWEST["paper"]), *(Look(width) for width in NAMED_WIDTHS["paper"].values())]
SLIDES = [Look(width, "slides") for width in NAMED_WIDTHS["slides"].values()]
looks_the_same = pytest.mark.mpl_image_compare(
    baseline_dir="baseline", tolerance=4, style="default", savefig_kwargs={"dpi": 100}
)
every_figure = pytest.mark.parametrize("name", FIGURES)


def drawn(name: str, look: Look = PAPER[1]) -> Figure:
    table, about = FIGURES[name]
    return made_up.FIGURES[name].draw(table, about, look)


def test_every_figure_is_looked_at():
    assert FIGURES.keys() == made_up.FIGURES.keys() == set(NAMES)
    assert len({figure.order for figure in made_up.FIGURES.values()}) == len(NAMES)


@looks_the_same
def test_tornado() -> Figure:
    return drawn("tornado")


@looks_the_same
def test_indices() -> Figure:
    return drawn("sobol")


@looks_the_same
def test_acceptability() -> Figure:
    return drawn("acceptability")


@looks_the_same
def test_threshold_map() -> Figure:
    return drawn("threshold_map")


@every_figure
@pytest.mark.parametrize("look", PAPER + SLIDES, ids=lambda look: f"{look.style}-{look.width_cm:g}")
def test_no_text_on_another_or_off_the_page(name: str, look: Look):
    assert overlapping(drawn(name, look)) == []


def test_the_check_sees_overlaps_and_what_leaves_the_page():
    figure = Figure(figsize=(3, 2))
    figure.text(0.5, 0.5, "one")
    figure.text(0.51, 0.5, "two")
    figure.text(0.98, 0.1, "over the edge")
    assert overlapping(figure) == ["outside the figure: 'over the edge'", "'one' on 'two'"]


@every_figure
def test_no_text_under_the_smallest_size(name: str):
    assert too_small(drawn(name)) == []


@every_figure
def test_slides_have_larger_type_and_are_16_to_9_or_higher(name: str):
    paper, slides = drawn(name), drawn(name, SLIDES[1])
    assert _type_size(slides) == 14 > _type_size(paper) == 8
    width, height = slides.get_size_inches()
    assert height / width >= 9 / 16 - 1e-9
    if name not in ("drivers", "convergence", "streams"):
        assert height / width == pytest.approx(9 / 16)


def _type_size(figure: Figure) -> float:
    ax = figure.axes[0]
    labels = (
        ax.xaxis.label,
        ax.yaxis.label,
        *(text for text in (figure._supxlabel, figure._supylabel) if text),
    )
    return max(float(label.get_fontsize()) for label in labels)


@every_figure
def test_marks_differ_in_lightness_or_form(name: str):
    assert alike_in_grey(drawn(name)) == []


def test_bars_drawn_together_differ_in_lightness():
    assert abs(lightness(DARK) - lightness(LIGHT)) > 2 * LIGHTNESS_APART


def test_lightness_is_that_of_cie():
    # L* of sRGB mid grey (119/255) is 50.03; of pure red 53.24 (standard conversion tables)
    assert lightness("#777777") == pytest.approx(50.03, abs=0.01)
    assert lightness("#ff0000") == pytest.approx(53.24, abs=0.01)


def test_the_map_gets_lighter_with_the_probability():
    colours = colormaps[COLOUR_MAP](np.linspace(0, 1, 64))[:, :3]
    assert (np.diff([lightness(colour) for colour in colours]) > 0).all()


@every_figure
def test_the_same_table_gives_the_same_bytes_without_a_date(name: str):
    formats = ("pdf", "svg", "png")
    one, two = render(drawn(name), formats), render(drawn(name), formats)
    assert one == two
    assert b"CreationDate" not in one["pdf"]
    assert b"ModDate" not in one["pdf"]
    assert not re.search(rb"dc:date|20\d\d-\d\d-\d\dT", one["svg"])
    assert b"tIME" not in one["png"]


@every_figure
def test_text_is_type_42_in_pdf_and_text_in_svg(name: str):
    rendered = render(drawn(name), ("pdf", "svg"))
    assert b"/FontFile2" in rendered["pdf"]
    assert b"/Type3" not in rendered["pdf"]
    root = ElementTree.fromstring(rendered["svg"])
    texts = {"".join(node.itertext()).strip() for node in root.iter("{http://www.w3.org/2000/svg}text")}
    label = FIGURES[name][1].outcome.split(",")[0]
    assert any(label in text for text in texts) or name in ("sobol", "streams", "net_value")
    assert len(texts) > 5


def test_width_is_what_was_asked_for(tmp_path: Path):
    save(drawn("tornado", Look(12.34)), tmp_path, "tornado", ("pdf",))
    box = re.search(rb"/MediaBox \[ 0 0 ([\d.]+) ", (tmp_path / "tornado.pdf").read_bytes())
    assert box
    assert float(box[1]) / 72 * 2.54 == pytest.approx(12.34, abs=1e-3)


def test_titles_are_text_never_mathematics():
    about = replace(made_up.ABOUT, outcome="Pay in $ over $_a^2$ {x} \\alpha")
    figure = made_up.FIGURES["acceptability"].draw(made_up.acceptability(), about, Look())
    assert b"Pay in $ over $_a^2$ {x} \\alpha" in render(figure, ("svg",))["svg"]


def test_tornado_tells_low_from_high_and_orders_by_share():
    table = made_up.tornado().iloc[::-1]
    figure = made_up.FIGURES["tornado"].draw(table, made_up.ABOUT, Look())
    bars, shares = figure.axes
    labels = [text.get_text() for text in bars.get_yticklabels()]
    assert labels == ["AI value", "Attribution", "Cost method", "Survey", "Salary"]
    low, high = bars.containers
    assert {patch.get_hatch() for patch in low} == {"////"}
    assert {patch.get_hatch() for patch in high} == {""}
    # closed form: the product's median times exp(-z sd) with z the 95 % normal quantile, 1.644854
    assert low[0].get_x() + low[0].get_width() == pytest.approx(120 * np.exp(-1.644854 * 0.89), rel=1e-6)
    assert shares.containers[0][0].get_width() == pytest.approx(0.89**2 / made_up.TOTAL**2)


def test_a_group_without_levels_has_a_share_but_no_bar():
    table = made_up.tornado()
    table.loc[table["group"] == "cost_method", ["at_low", "at_high", "level_low", "level_high"]] = np.nan
    figure = made_up.FIGURES["tornado"].draw(table, made_up.ABOUT, Look())
    assert [bars[2].get_width() for bars in figure.axes[0].containers] == [0.0, 0.0]
    assert overlapping(figure) == []


def test_an_outcome_of_both_signs_has_a_linear_axis():
    table = made_up.tornado()
    table[["at_low", "at_high", "centre"]] -= 100.0
    figure = made_up.FIGURES["tornado"].draw(
        table,
        replace(made_up.ABOUT, beside={"sensitivity_indices": made_up.sensitivity_indices(("raw",))}),
        Look(),
    )
    assert figure.axes[0].get_xscale() == "linear"
    assert " ".join(figure.axes[1].get_xlabel().split()) == "Share of variance of Benefit-cost ratio"
    assert overlapping(figure) == []


def test_a_dagger_stands_where_a_rank_is_not_settled():
    table = made_up.sensitivity_indices()
    figure = made_up.FIGURES["sobol"].draw(table, made_up.ABOUT, Look())
    daggers = [sum(text.get_text() == "†" for text in ax.texts) for ax in figure.axes]
    unsettled = table[table["index"].isin(["first", "total"]) & ~table["settled"]].groupby("scale").size()
    assert daggers == [unsettled.get("log", 0), unsettled["raw"]] == [0, 8]
    settled = made_up.FIGURES["sobol"].draw(table.assign(settled=True), made_up.ABOUT, Look())
    assert not any("†" in text.get_text() for text in settled.legends[0].get_texts())


def test_one_scale_has_one_panel():
    figure = made_up.FIGURES["sobol"].draw(made_up.sensitivity_indices(("raw",)), made_up.ABOUT, Look())
    assert len(figure.axes) == 1
    assert overlapping(figure) == []


def test_the_band_is_two_errors_wide():
    table = made_up.acceptability()
    figure = made_up.FIGURES["acceptability"].draw(table, made_up.ABOUT, Look())
    band = figure.axes[0].collections[0].get_paths()[0].vertices
    row = table.iloc[60]
    heights = band[np.isclose(band[:, 0], row["threshold"]), 1]
    assert np.ptp(heights) == pytest.approx(4 * row["error"])


def test_a_band_too_thin_to_be_seen_is_neither_drawn_nor_announced():
    """An error of 0.002 makes a band of 0.008 of the axis, a third of the line that would hide it."""
    table = made_up.acceptability().assign(error=0.002)
    figure = made_up.FIGURES["acceptability"].draw(table, made_up.ABOUT, Look())
    assert not figure.axes[0].collections
    assert "band" not in figure.axes[0].get_xlabel()
    caption = made_up.FIGURES["acceptability"].caption(table, made_up.ABOUT)
    assert "at most 0.002, are too small to be seen" in caption
    table = made_up.convergence().assign(error=1e-9)
    figure = made_up.FIGURES["convergence"].draw(table, made_up.ABOUT, Look())
    assert not any(ax.collections for ax in figure.axes)
    assert [text.get_text() for text in figure.legends[0].get_texts()] == ["Value at all draws"]
    assert "Band" not in made_up.FIGURES["convergence"].caption(table, made_up.ABOUT)


@pytest.mark.parametrize("axis", ["x", "y"])
def test_an_event_on_a_map_has_a_strip_for_each_value(axis: str):
    """The probability is 0 without the event, 0.25 with it: nothing in between is shown."""
    other = "y" if axis == "x" else "x"
    table = made_up.threshold_map()
    table = table[table[axis].isin(sorted(table[axis].unique())[:2])]
    low = table[axis].min()
    event = (table[axis] > low).astype(float)
    table = table.assign(**{axis: event, "p_above": 0.25 * event, f"{axis}_unit": "1"})
    figure = made_up.FIGURES["threshold_map"].draw(table, made_up.ABOUT, Look())
    ax = figure.axes[0]
    labels = ax.get_xticklabels() if axis == "x" else ax.get_yticklabels()
    assert [text.get_text() for text in labels] == ["0", "1"]
    meshes = [each for each in ax.collections if isinstance(each, QuadMesh)]
    assert [np.unique(mesh.get_array()).tolist() for mesh in meshes] == [[0.0], [0.25]]
    place = 0 if axis == "x" else 1
    edges = [mesh.get_coordinates()[..., place] for mesh in meshes]
    assert edges[0].max() < 0.5 < edges[1].min()
    assert f"{made_up.ABOUT.label(table[f'{axis}_name'].iloc[0])} (dimensionless; 2 values)" in (
        made_up.FIGURES["threshold_map"].caption(table, made_up.ABOUT)
    )
    assert len(table[other].unique()) == 31
    assert overlapping(figure) == []


@pytest.mark.parametrize("look", PAPER[1:], ids=["single", "double"])
def test_numbers_of_neighbouring_drivers_stand_apart(look: Look):
    """By half an em or more: numbers of two panels had read as one, such as 140 K 20 M."""
    figure = drawn("drivers", look)
    figure.draw_without_rendering()
    panels = [ax for ax in figure.axes if ax.axison]
    gaps = []
    for one, two in pairwise(panels):
        if one.get_subplotspec().rowspan == two.get_subplotspec().rowspan:
            left, right = (
                [text.get_window_extent() for text in ax.get_xticklabels() if text.get_text()]
                for ax in (one, two)
            )
            gaps.append(min(box.x0 for box in right) - max(box.x1 for box in left))
    assert gaps
    assert min(gaps) > 0.5 * mpl.rcParams["xtick.labelsize"] * figure.dpi / 72


def test_labels_of_methods_stand_within_the_figure():
    scenario = load(ROOT / "priors" / "default.toml")
    alternatives = ["", *(f"cost_method={name}" for name in scenario.choices["cost_method"].weights)]
    table = pd.DataFrame(
        [
            {
                "quantity": quantity,
                "alternative": alternative,
                "method": method,
                "low": 1.0,
                "median": 2.0,
                "high": 9.0,
            }
            for quantity in ("bcr", "cost")
            for alternative in alternatives
            for method in METHODS  # all of them: one more must not run out of markers
        ]
    )
    figure = methods_figure(scenario, table)
    assert overlapping(figure) == []
    for ax in figure.axes:
        label, room = ax.xaxis.label.get_window_extent(), ax.get_window_extent()
        assert room.x0 <= label.x0 and label.x1 <= room.x1
    assert [text.get_text() for text in figure.axes[0].get_yticklabels()][-1] == "Any, by weight"
    assert not any(text.get_text() for text in figure.axes[1].get_yticklabels())


def test_the_low_end_of_a_positive_outcome_is_no_zero():
    about = replace(made_up.ABOUT, low=0.002, errors={"low": 0.01})
    assert about.statistic("low") == "≈ 0.002"
    assert replace(about, low=0.0).statistic("low") == "0.0"


def test_labels_are_titles_and_axes_say_what_shares_are_of():
    scenario = load(ROOT / "priors" / "default.toml")
    names = titles_of(scenario)
    assert names["ai_value"] == "Economic value of AI in one year"
    assert names["attribution.algorithms"] == "Share of AI value by what it rests on: algorithms"
    about = replace(made_up.ABOUT, names=names)
    figure = made_up.FIGURES["tornado"].draw(made_up.tornado(), about, Look())
    rows = [" ".join(text.get_text().split()) for text in figure.axes[0].get_yticklabels()]
    assert rows[0] == "Economic value of AI in one year"
    words = [" ".join(ax.get_xlabel().split()) for ax in figure.axes]
    assert words == ["Benefit-cost ratio", "Share of variance of log(Benefit-cost ratio)"]


def test_the_contour_of_one_half_is_where_the_median_is_the_threshold():
    figure = made_up.FIGURES["threshold_map"].draw(made_up.threshold_map(), made_up.ABOUT, Look())
    half = figure.axes[0].collections[1].get_paths()[1].vertices
    # the median is 120 (x / 300e9) (y / 0.0917), so it is 100 along x y = 300e9 * 0.0917 / 1.2
    np.testing.assert_allclose(half[:, 0] * half[:, 1], 300e9 * 0.0917 / 1.2, rtol=0.01)


@pytest.mark.parametrize("threshold", [1e-6, 1e12])
def test_a_map_on_one_side_of_the_threshold_is_drawn(threshold: float):
    figure = made_up.FIGURES["threshold_map"].draw(made_up.threshold_map(threshold), made_up.ABOUT, Look())
    assert overlapping(figure) == []


def test_many_close_thresholds_stand_in_levels():
    about = replace(made_up.ABOUT, thresholds=(90, 95, 100, 105, 110, 115, 120))
    for figure in (
        made_up.FIGURES["acceptability"].draw(made_up.acceptability(), about, Look()),
        made_up.FIGURES["distribution"].draw(made_up.distribution(), about, Look()),
    ):
        assert overlapping(figure) == []


def test_tied_groups_and_long_names_fit():
    table = made_up.tornado().replace(
        {"group": {"attribution": "attribution ~ benefit_multiplier_of_spillovers"}}
    )
    assert overlapping(made_up.FIGURES["tornado"].draw(table, made_up.ABOUT, Look())) == []


def test_parts_of_a_vector_are_told_apart_beside_each_other():
    """Their names differ at the end alone: eight panels in a column of a journal leave room for all of it."""
    table = made_up.drivers()
    columns = table.columns[1:]
    parts = {column: f"Commits per contributor period: reference_{n}" for n, column in enumerate(columns)}
    about = replace(made_up.ABOUT, names={**made_up.ABOUT.names, **parts})
    labels = {
        ax.get_xlabel()
        for ax in made_up.FIGURES["drivers"].draw(table, about, PAPER[1]).axes
        if ax.get_xlabel()
    }
    assert len(labels) == len(parts)
