"""The figures of `compare` and `sweep`: what stands on each, and room for it."""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from matplotlib.figure import Figure

from sim.analysis.sweep.grid import read_axes, read_grid
from sim.analysis.sweep.points import run_points, sweep_table
from sim.parallel import SerialExecutor
from sim.report import compare, sweep
from tests.builders import parameter, scenario_text, write_scenario
from tests.compare.builders import compared, overlay
from tests.figures.legible import overlapping, texts, too_small

UNIT = 'unit = "USD/year"'
SWEEPS = {
    "curve": ("b.value=2e6:3e6:3",),
    "log curve": ("b.value=1e3:1e7:3:log",),
    "curve over words": ("sampling.sampler=lhs,random",),
    "maps": ("b.value=1e5:1e7:3:log", "a.sigma=0.2:0.8:3"),
    "maps over words": ("b.value=2e6:3e6:3", "sampling.sampler=lhs,random"),
}
EXPECTED = {
    "ratio densities": "Density per factor of e",
    "ratio forest": "median and 95 % credible interval (eti)",
    "ratio ratio_of_draws": "ratio to basis, draw by draw",
    "ratio waterfall_anders": "mean of ln(Ertrag)",
    "difference densities": "Density",
    "difference forest": "20 M",
    "difference ratio_of_draws": "less that of basis, draw by draw",
    "difference waterfall_anders": "Ertrag, USD/year: median",
    "curve curve": "t = 10 M",
    "log curve curve": "100 K",
    "curve over words curve": "median and 95 % credible interval (eti)",
    "maps median": "Ertrag, USD/year: median",
    "maps p_above_1e+07": "P(Ertrag > 10 M)",
    "maps over words median": "Ertrag, USD/year: median",
    "maps over words p_above_1e+07": "P(Ertrag > 10 M)",
}
"""Part of a text on each figure."""
every_figure = pytest.mark.parametrize("name", EXPECTED)


def base(folder: Path, formula: str) -> Path:
    text = scenario_text(
        parameter("a", 'distribution = "lognormal"\nmedian = 12e6\nsigma = 0.6', UNIT),
        parameter("b", 'distribution = "constant"\nvalue = 3e6', f'{UNIT}\ntitle = "Aufwand"'),
        formula=formula,
    )
    text = text.replace("[outcomes.total]", f'[outcomes.total]\ntitle = "Ertrag"\n{UNIT}')
    return write_scenario(folder, text.replace("[report]", "[report]\nthresholds = [1e7]"), "basis.toml")


Draw = Callable[[Path], object]


def drawings(folder: Path) -> dict[str, Draw]:
    """Return what draws the figures of each comparison and sweep into a folder."""
    found: dict[str, Draw] = {}
    for kind, formula in (("ratio", "a + b"), ("difference", "a - 3 * b")):
        path = base(folder, formula)
        other = overlay(
            folder, "anders", "parameters.b.value = 4567e3\nparameters.a.sigma = 0.9\n", "basis.toml"
        )
        comparison = compared(path, other)
        found[kind] = lambda out, comparison=comparison: compare.write_comparison(
            comparison,
            (comparison.densities("total"), comparison.contrast_densities("total")),
            out,
            ["sim"],
            lambda _: None,
        )
    path = base(folder, "a + b")
    for kind, over in SWEEPS.items():
        grid = read_grid(path, [], read_axes(over))
        points = run_points(SerialExecutor(), grid.points)
        table = sweep_table(grid, {each.digest: each for each in points})
        found[kind] = lambda out, grid=grid, table=table: sweep.write_sweep(grid, table, out, ["sim"])
    return found


@cache
def figures() -> dict[str, Figure]:
    """Return the figures of all of them by name, as they would be written."""
    drawn: dict[str, Figure] = {}
    with TemporaryDirectory() as name, pytest.MonkeyPatch.context() as patch:
        for kind, draw in drawings(Path(name)).items():

            def catch(figure: Figure, _: Path, file: str, kind: str = kind) -> None:
                drawn[f"{kind} {file}"] = figure

            patch.setattr(compare, "save", catch)
            patch.setattr(sweep, "save", catch)
            draw(Path(name))
    return drawn


def test_every_figure_is_looked_at():
    assert set(figures()) == set(EXPECTED)


@every_figure
def test_what_a_figure_says(name: str):
    shown = [text.get_text() for text in texts(figures()[name])]
    assert any(EXPECTED[name] in text for text in shown), shown


def test_ticks_of_a_map_are_the_swept_values_in_the_middle_of_their_cells():
    ax = figures()["maps median"].axes[0]
    assert list(ax.get_xticks()) == pytest.approx([1e5, 1e6, 1e7])
    assert list(ax.get_yticks()) == pytest.approx([0.2, 0.5, 0.8])
    assert ax.get_xlim() == pytest.approx((10**4.5, 10**7.5))
    assert ax.get_ylim() == pytest.approx((0.05, 0.95))


def test_densities_are_curves_with_their_thresholds_named():
    ax = figures()["ratio densities"].axes[0]
    assert not ax.patches  # steps would be patches
    assert {"10 M"} == {text.get_text() for text in ax.texts}
    assert {"no change"} == {text.get_text() for text in figures()["ratio ratio_of_draws"].axes[0].texts}


def test_labels_are_titles_not_keys():
    shown = {text.get_text() for name in EXPECTED for text in texts(figures()[name])}
    assert "Aufwand" in shown  # of parameters.b, a row of the waterfall
    assert "Aufwand\n(value, USD/year)" in shown  # of b.value, an axis of sweeps
    assert not {"b", "b.value", "P(total > t)"} & shown


@every_figure
def test_no_text_on_another_or_off_the_page_or_too_small(name: str):
    assert overlapping(figures()[name]) == []
    assert too_small(figures()[name]) == []
