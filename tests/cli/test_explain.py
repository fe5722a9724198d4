"""``sim explain``: the model in words, and what reads what, as text and as a figure."""

from itertools import combinations
from pathlib import Path

import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch

from sim.figures.dependency import dependency_figure
from sim.scenario.graph import dependencies
from sim.scenario.load import load
from tests.builders import load_text, parameter, scenario_text, write_scenario

DEFAULT = Path(__file__).parents[2] / "priors" / "default.toml"
ONE = parameter("a", 'distribution = "constant"\nvalue = 1')
# c is read in two places; a by c and by the total directly, over a column; z by nothing
DEEP = scenario_text(
    ONE,
    ONE.replace(".a]", ".z]"),
    '[choices.m]\nx = 1\ny = 1\n[outcomes.b]\nby = "m"\nx = "c"\ny = "2 * c"\n',
    '[outcomes.c]\nformula = "a + 1"\n[outcomes.d]\nformula = "c * a"\n',
    formula="b + d + a",
)


def test_everything_is_said(sim):
    ended = sim("explain", DEFAULT)
    assert ended.code == 0, ended.err
    scenario = load(DEFAULT)
    words = " ".join(ended.out.split())
    for name, stated in scenario.parameters.items():
        assert f"{name} [{stated.unit}]: {stated.title}" in words
        assert f"source: {stated.source}" in words
        assert f"why: {' '.join(stated.rationale.split())}" in words
    for outcome in scenario.outcomes.values():
        for formula in outcome.formulas.values():
            assert f"= {formula}" in words
    # 300,000 * (300/365), of a lognormal; 5/50/95 % of beta(3, 27) by scipy
    for said in (
        "lognormal, median 300 K, 95 % quantile 365 K 246.6 K / 300.0 K / 365.0 K",
        "attribution.algorithms 0.02880 / 0.09115 / 0.2016",
        "contributors: 33.3 %",
        "judgement, sourced",
        "lines capped at 10,000 per contributor and period",
        "reference pytorch: pytorch/pytorch",
        "65,536 draws (sobol, 16 randomisations), seed 2022",
        "not read by bcr: attribution.people, attribution.technology",
    ):
        assert said in words, said


def test_settings_and_price_years_are_said(sim):
    ended = sim(
        "explain", DEFAULT, "--set", "price_year=2025", "--set", "parameters.salary.price_year=2022",
        "--set", 'parameters.salary.price_index={factor = 1.1, source = "an index"}',
    )  # fmt: skip
    assert ended.code == 0, ended.err
    for said in ("330.0 K", "money of 2025", "stated in money of 2022", "index: 1.1, an index"):
        assert said in ended.out


def test_the_tree(sim, tmp_path: Path):
    ended = sim("explain", write_scenario(tmp_path, DEEP))
    assert ended.code == 0, ended.err
    _, _, said = ended.out.partition("What total rests on\n")
    assert tuple(line.removeprefix("  ") for line in said.splitlines()) == (
        "total",
        "├─ a",
        "├─ b",
        "│  ├─ m (choice)",
        "│  └─ c",
        "│     └─ a",
        "└─ d",
        "   ├─ a",
        "   └─ c (above)",
        "not read by total: z",
    )
    assert [node.name for node in dependencies(load_text(tmp_path, DEEP)).unread] == ["z"]


def test_the_tree_of_a_scenario_says_units_and_the_survey(sim):
    out = sim("explain", DEFAULT).out
    assert "  └─ cost [USD/year]" in out
    assert "     ├─ contributors [person] (survey)" in out
    assert "     └─ salary [USD/person/year]" in out


def figures(tmp_path: Path) -> dict[str, Figure]:
    scenarios = {"default": load(DEFAULT), "deep": load_text(tmp_path, DEEP)}
    return {name: dependency_figure(dependencies(scenario)) for name, scenario in scenarios.items()}


@pytest.mark.parametrize("name", ["default", "deep"])
def test_boxes_do_not_overlap_and_hold_their_words(tmp_path: Path, name: str):
    figure = figures(tmp_path)[name]
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    (ax,) = figure.axes
    boxes = [patch.get_window_extent() for patch in ax.patches if isinstance(patch, FancyBboxPatch)]
    assert len(boxes) == {"default": 15, "deep": 6}[name]
    for one, other in combinations(boxes, 2):
        assert not one.overlaps(other)
    edge = figure.bbox
    legend = ax.get_legend().get_window_extent()
    for box in boxes:
        assert edge.x0 <= box.x0 < box.x1 <= edge.x1
        assert edge.y0 <= box.y0 < box.y1 <= edge.y1
        assert not box.overlaps(legend)
    for text in ax.texts:
        words = text.get_window_extent()
        assert any(
            box.x0 <= words.x0 and words.x1 <= box.x1 and box.y0 <= words.y0 and words.y1 <= box.y1
            for box in boxes
        ), text.get_text()


@pytest.mark.parametrize("ending", ["pdf", "png", "svg"])
def test_the_figure_is_written_by_its_ending(sim, tmp_path: Path, ending: str):
    path = write_scenario(tmp_path, DEEP)
    for name in ("one", "two"):
        ended = sim("explain", path, "--figure", tmp_path / f"{name}.{ending}")
        assert ended.code == 0, ended.err
    one, two = ((tmp_path / f"{name}.{ending}").read_bytes() for name in ("one", "two"))
    assert one == two
    assert {"pdf": b"%PDF", "png": b"\x89PNG", "svg": b"<?xml"}[ending] == one[: 5 if ending == "svg" else 4]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("defalt.toml",), ["no such file"]),
        ((DEFAULT, "--figure", "x.pgn"), ["cannot be written as '.pgn'", "allowed: .pdf", "nearest: .png"]),
        ((DEFAULT, "--figure", "x"), ["a file without ending"]),
        ((DEFAULT, "--set", "parameters.salary.medain=1"), ["--set", "nearest: median"]),
    ],
)
def test_wrong_inputs(sim, arguments: tuple[object, ...], said: list[str]):
    ended = sim("explain", *arguments)
    assert ended.code == 2
    assert ended.out == ""
    for words in said:
        assert words in ended.err
