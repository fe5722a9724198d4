"""The figures of `compare` and `sweep` in each language: its words and no other's, and room for them."""

import re
from collections.abc import Callable
from dataclasses import fields
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from matplotlib.figure import Figure

from sim.figures.words import LANGUAGES, Words
from sim.report import compare_figures, sweep_figures
from sim.sweep.axes import read_axes
from sim.sweep.grid import read_grid
from sim.sweep.run import run_points
from sim.sweep.table import sweep_table
from tests.builders import parameter, scenario_text, write_scenario
from tests.compare.builders import compared, overlay
from tests.figures.legible import overlapping, texts, too_small

UNIT = 'unit = "USD/year"'
OWN = {
    *("Ertrag", "Aufwand", "USD", "year", "basis", "anders", "total", "a", "b"),
    *("sigma", "value", "eti", "sampling", "sampler", "lhs", "random"),
}
"""Words of the scenarios below: titles, units, names, keys and their values."""
SWEEPS = {
    "curve": ("b.value=2e6:3e6:3",),
    "log curve": ("b.value=1e3:1e7:3:log",),
    "curve over words": ("sampling.sampler=lhs,random",),
    "maps": ("b.value=1e5:1e7:3:log", "a.sigma=0.2:0.8:3"),
    "maps over words": ("b.value=2e6:3e6:3", "sampling.sampler=lhs,random"),
}
EXPECTED = {
    "ratio densities": ("Density per factor of e", "Dichte je Faktor e"),
    "ratio forest": (
        "median and 95 % credible interval (eti)",
        "Median und 95 %-Kredibilitätsintervall (eti)",
    ),
    "ratio ratio_of_draws": ("ratio to basis, draw by draw", "Verhältnis zu basis, je Ziehung"),
    "ratio waterfall_anders": ("mean of ln(total)", "Mittelwert von ln(total)"),
    "difference densities": ("Density", "Dichte"),
    "difference forest": ("20 M", "20 Mio."),
    "difference ratio_of_draws": ("less that of basis, draw by draw", "Differenz zu basis, je Ziehung"),
    "difference waterfall_anders": ("Ertrag, USD/year: median", "Ertrag, USD/year: Median"),
    "curve curve": ("t = 10 M", "t = 10 Mio."),
    "log curve curve": ("100 K", "100 Tsd."),
    "curve over words curve": (
        "median and 95 % credible interval (eti)",
        "Median und 95 %-Kredibilitätsintervall (eti)",
    ),
    "maps median": ("Ertrag, USD/year: median", "Ertrag, USD/year: Median"),
    "maps p_above_1e+07": ("P(total > 10 M)", "P(total > 10 Mio.)"),
    "maps over words median": ("Ertrag, USD/year: median", "Ertrag, USD/year: Median"),
    "maps over words p_above_1e+07": ("P(total > 10 M)", "P(total > 10 Mio.)"),
}
"""Part of a text on each figure, in English and in German."""
every_figure = pytest.mark.parametrize("name", EXPECTED)
every_language = pytest.mark.parametrize("lang", LANGUAGES)


def base(folder: Path, formula: str) -> Path:
    text = scenario_text(
        parameter("a", 'distribution = "lognormal"\nmedian = 12e6\nsigma = 0.6', UNIT),
        parameter("b", 'distribution = "constant"\nvalue = 3e6', f'{UNIT}\ntitle = "Aufwand"'),
        formula=formula,
    )
    text = text.replace("[outcomes.total]", f'[outcomes.total]\ntitle = "Ertrag"\n{UNIT}')
    return write_scenario(folder, text.replace("[report]", "[report]\nthresholds = [1e7]"), "basis.toml")


Draw = Callable[[Words, Path], None]


def drawings(folder: Path) -> dict[str, Draw]:
    """Return what draws the figures of each comparison and sweep into a folder."""
    found: dict[str, Draw] = {}
    for kind, formula in (("ratio", "a + b"), ("difference", "a - 3 * b")):
        path = base(folder, formula)
        other = overlay(
            folder, "anders", "parameters.b.value = 4567e3\nparameters.a.sigma = 0.9\n", "basis.toml"
        )
        comparison = compared(path, other)
        found[kind] = lambda words, out, comparison=comparison: compare_figures.write_compare_figures(
            comparison, out, out, words
        )
    path = base(folder, "a + b")
    for kind, over in SWEEPS.items():
        grid = read_grid(path, [], read_axes(over))
        table = sweep_table(grid, {each.digest: each for each in run_points(grid.axes, grid.points, 1)})
        found[kind] = lambda words, out, grid=grid, table=table: sweep_figures.write_sweep_figures(
            grid, table, out, words
        )
    return found


@cache
def figures() -> dict[str, dict[str, Figure]]:
    """Return the figures of all of them by language and name, as they would be written."""
    drawn: dict[str, dict[str, Figure]] = {lang: {} for lang in LANGUAGES}
    with TemporaryDirectory() as name, pytest.MonkeyPatch.context() as patch:
        for kind, draw in drawings(Path(name)).items():
            for lang, words in LANGUAGES.items():

                def catch(figure: Figure, _: Path, file: str, kind: str = kind, lang: str = lang) -> None:
                    drawn[lang][f"{kind} {file}"] = figure

                patch.setattr(compare_figures, "save", catch)
                patch.setattr(sweep_figures, "save", catch)
                draw(words, Path(name))
    return drawn


def spelt(text: str) -> set[str]:
    """Return the words of a text, placeholders aside."""
    return set(re.findall(r"[^\W\d_⁰¹²³⁴⁵⁶⁷⁸⁹]+", re.sub(r"\{\w+\}", "", text)))


def vocabulary(words: Words) -> set[str]:
    """Return every word that a figure in this language may hold beside those of the scenario."""
    labels = [getattr(words.labels, field.name) for field in fields(words.labels)]
    return spelt(" ".join([*labels, *words.suffixes.values()])) | OWN


def shown(lang: str, name: str) -> list[str]:
    return [text.get_text() for text in texts(figures()[lang][name])]


def test_every_figure_is_looked_at():
    assert [set(drawn) for drawn in figures().values()] == [set(EXPECTED)] * len(LANGUAGES)


@every_figure
@every_language
def test_words_are_those_of_the_scenario_and_of_the_language(name: str, lang: str):
    assert spelt(" ".join(shown(lang, name))) <= vocabulary(LANGUAGES[lang])


@every_figure
def test_english_words_would_be_noticed_in_a_german_figure(name: str):
    assert not spelt(" ".join(shown("en", name))) <= vocabulary(LANGUAGES["de"])


@every_figure
def test_both_languages_say_the_same(name: str):
    for lang, expected in zip(("en", "de"), EXPECTED[name], strict=True):
        assert any(expected in text for text in shown(lang, name)), shown(lang, name)


@every_figure
@every_language
def test_no_text_on_another_or_off_the_page_or_too_small(name: str, lang: str):
    assert overlapping(figures()[lang][name]) == []
    assert too_small(figures()[lang][name]) == []
