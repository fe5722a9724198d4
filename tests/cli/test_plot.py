"""`sim plot` as a user runs it: figures and captions from a finished run, and clear refusals."""

import json
import shutil
from pathlib import Path

import pandas as pd
import pytest

from tests.figures import made_up

ROOT = Path(__file__).parents[2]
SMALL = ("--draws", "1024")
SENSITIVITY = {
    "tornado": made_up.tornado(),
    "sensitivity_indices": made_up.sensitivity_indices(),
    "convergence": made_up.convergence(),
    "drivers": made_up.drivers(),
}
DECISION = {"acceptability": made_up.acceptability(), "threshold_map": made_up.threshold_map()}
EVERY = [
    "bcr_distribution",
    "cost_by_cost_method",
    "tornado",
    "sobol",
    "acceptability",
    "threshold_map",
    "convergence",
    "drivers",
]


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a run whose analysis tables are made up."""
    from sim.recipe import Destination, run_and_write
    from sim.scenario.load import load

    out = tmp_path_factory.mktemp("results")
    scenario = load(ROOT / "priors" / "default.toml", ["sampling.n_draws=1024"])
    folder = run_and_write(scenario, Destination(out, ["sim"])).folder
    for name, table in (SENSITIVITY | DECISION).items():
        table.to_csv(folder / "tables" / f"{name}.csv", index=False)
    return folder


@pytest.fixture
def results(finished: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(finished, finished.parent / f"copy-{tmp_path.name}"))


def test_every_figure_in_every_format_with_captions(sim, results: Path, tmp_path: Path):
    ended = sim("plot", results, "--figure", "all", "--format", "pdf,svg,png", "--out", tmp_path / "out")
    assert ended.code == 0, ended.err
    wanted = {f"{name}.{ending}" for name in EVERY for ending in ("pdf", "svg", "png")}
    assert {path.name for path in (tmp_path / "out").iterdir()} == wanted | {"captions.md", "captions.tex"}
    captions = (tmp_path / "out" / "captions.md").read_text(encoding="utf-8")
    latex = (tmp_path / "out" / "captions.tex").read_text(encoding="utf-8")
    for name in EVERY:
        assert f"## {name}\n" in captions
        assert f"% figure: {name}\n\\caption{{" in latex
    assert "1,024 draws, seed 2022" in captions
    assert "95 % credible interval (eti)" in captions
    assert r"Langenkamp \& Yue" in latex
    assert "left out" not in ended.out


def test_the_results_file_names_its_folder_and_figures_go_beside_it(sim, results: Path):
    shutil.rmtree(results / "figures")
    ended = sim("plot", results / "results.nc", "--figure", "tornado", "--format", "svg")
    assert ended.code == 0, ended.err
    names = {path.name for path in (results / "figures").iterdir()}
    assert names == {"tornado.svg", "captions.md", "captions.tex"}


def test_captions_of_other_figures_stay(sim, results: Path, tmp_path: Path):
    for name in ("tornado", "acceptability", "tornado"):
        assert sim("plot", results, "--figure", name, "--format", "svg", "--out", tmp_path).code == 0
    text = (tmp_path / "captions.md").read_text(encoding="utf-8")
    assert [line for line in text.splitlines() if line.startswith("## ")] == [
        "## acceptability",
        "## tornado",
    ]


def test_run_and_plot_draw_the_same(sim, results: Path, tmp_path: Path):
    assert sim("plot", results, "--figure", "distribution", "--out", tmp_path).code == 0
    name = "bcr_distribution.png"
    assert (tmp_path / name).read_bytes() == (results / "figures" / name).read_bytes()


def test_every_drawing_of_a_figure_and_styles(sim, results: Path, tmp_path: Path):
    arguments = ("--figure", "cost_by_method", "--style", "slides", "--width", "double")
    ended = sim("plot", results, *arguments, "--format", "svg", "--out", tmp_path)
    assert ended.code == 0, ended.err
    text = (tmp_path / "cost_by_cost_method.svg").read_text(encoding="utf-8")
    assert "median and 95 % credible interval (eti)" in text
    assert "Open diamonds" in (tmp_path / "captions.md").read_text(encoding="utf-8")


def test_all_says_what_it_left_out_and_why(sim, results: Path, tmp_path: Path):
    for name in DECISION:
        (results / "tables" / f"{name}.csv").unlink()
    ended = sim("plot", results, "--format", "svg", "--out", tmp_path)
    assert ended.code == 0, ended.err
    line = next(line for line in ended.out.splitlines() if line.startswith("left out"))
    assert "acceptability (no acceptability.csv: `python -m sim decide RESULTS`)" in line
    assert "threshold_map (no threshold_map.csv" in line
    assert not (tmp_path / "acceptability.svg").exists()


def test_a_figure_without_its_table_is_an_error_that_says_what_makes_it(sim, results: Path, tmp_path: Path):
    (results / "tables" / "tornado.csv").unlink()
    (results / "tables" / "sensitivity_indices.csv").unlink()
    ended = sim("plot", results, "--figure", "tornado", "--figure", "sobol", "--out", tmp_path / "out")
    assert ended.code == 2
    assert "no tornado.csv and sensitivity_indices.csv in" in ended.err
    assert "python -m sim sensitivity RESULTS" in ended.err
    assert "sobol" in ended.err
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--figure", "tornadoe"), ("no such figure", "nearest: tornado")),
        (("--figure", "prior_posterior"), ("the scenario of this run has no such figure",)),
        (("--format", "pdf,gif"), ("--format", "'gif'", "pdf, svg, png")),
        (("--format", ""), ("--format", "''")),
        (("--width", "doubel"), ("--width", "'doubel'", "nearest: double")),
        (("--width", "3"), ("--width", "'3'", "8 to 60")),
        (("--width", "nan"), ("--width", "'nan'")),
        (("--width", "inf"), ("--width", "'inf'")),
        (("--width", "10", "--style", "slides"), ("16 to 60",)),
        (("--style", "papre"), ("--style", "nearest: paper")),
        (("--lang", "de"), ("No such option: --lang",)),
        (("--style", "x", "--width", "y", "--format", "z"), ("'x'", "'y'", "'z'")),
    ],
)
def test_wrong_options(sim, results: Path, arguments: tuple[str, ...], said: tuple[str, ...]):
    ended = sim("plot", results, *arguments)
    assert ended.code == 2
    assert "Traceback" not in ended.err
    for words in said:
        assert words in ended.err


def spoilt(table: pd.DataFrame, **cells: object) -> str:
    return table.astype(object).assign(**cells).to_csv(index=False)


@pytest.mark.parametrize(
    ("figure", "name", "content", "said"),
    [
        ("tornado", "tornado", made_up.tornado().drop(columns="centre").to_csv(), "centre: no such column"),
        ("tornado", "tornado", spoilt(made_up.tornado(), at_low="much"), "line 2, at_low: 'much'"),
        ("sobol", "sensitivity_indices", spoilt(made_up.sensitivity_indices(), settled="maybe"), "'maybe'"),
        (
            "sobol",
            "sensitivity_indices",
            spoilt(made_up.sensitivity_indices(), index="second"),
            "no index is",
        ),
        ("acceptability", "acceptability", spoilt(made_up.acceptability(), probability="inf"), "'inf'"),
        (
            "acceptability",
            "acceptability",
            spoilt(made_up.acceptability(), probability=1.5),
            "outside 0 to 1",
        ),
        ("threshold_map", "threshold_map", made_up.threshold_map()[:-1].to_csv(), "not a full grid"),
        ("convergence", "convergence", spoilt(made_up.convergence(), n_draws=0), "above 0"),
        ("drivers", "drivers", spoilt(made_up.drivers(), salary="high"), "salary: 'high'"),
        ("drivers", "drivers", made_up.drivers()[["bcr"]].to_csv(index=False), "no driver"),
        ("distribution", "bcr_distribution", spoilt(made_up.distribution(), low=-1.0), "0 or below"),
        ("tornado", "tornado", "", "cannot be read as CSV"),
        ("tornado", "tornado", 'group,"level', "cannot be read as CSV"),
        ("tornado", "tornado", "group,centre\na,1,2,3\n", "more cells than there are columns"),
        ("tornado", "tornado", ",".join(made_up.tornado().columns) + "\n", "has no rows"),
    ],
)
def test_damaged_tables(sim, results: Path, figure: str, name: str, content: str, said: str):
    (results / "tables" / f"{name}.csv").write_text(content, encoding="utf-8")
    ended = sim("plot", results, "--figure", figure)
    assert ended.code == 2
    assert "Traceback" not in ended.err
    assert said in ended.err
    assert f"{name}.csv" in ended.err or "has no rows" in ended.err


def test_a_table_that_is_not_text(sim, results: Path):
    (results / "tables" / "tornado.csv").write_bytes(b"\xff\xfe\x00group")
    ended = sim("plot", results, "--figure", "tornado")
    assert ended.code == 2
    assert "cannot be read as CSV" in ended.err


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (shutil.rmtree, "no such folder"),
        (lambda folder: (folder / "summary.json").unlink(), "it has no summary.json"),
        (lambda folder: (folder / "summary.json").write_text("{"), "not the summary of default"),
        (lambda folder: (folder / "summary.json").write_text('{"rows": [3]}'), "not the summary of default"),
        (lambda folder: (folder / "summary.json").write_text("[]"), "not the summary of default"),
    ],
)
def test_folders_that_are_not_of_a_run(sim, results: Path, spoil, said: str):
    spoil(results)
    ended = sim("plot", results)
    assert ended.code == 2
    assert said in ended.err
    assert "Traceback" not in ended.err


def test_a_summary_of_another_run(sim, results: Path):
    content = json.loads((results / "summary.json").read_text(encoding="utf-8"))
    (results / "summary.json").write_text(json.dumps(content | {"seed": 7}))
    ended = sim("plot", results)
    assert ended.code == 2
    assert "not of one run" in ended.err


def test_a_folder_that_cannot_be_written(sim, results: Path, tmp_path: Path):
    (tmp_path / "file").write_text("")
    ended = sim("plot", results, "--figure", "tornado", "--out", tmp_path / "file" / "below")
    assert ended.code == 2
    assert "cannot be written" in ended.err


def test_parent_folders_name_their_runs(sim, results: Path):
    ended = sim("plot", results.parent)
    assert ended.code == 2
    assert results.name in ended.err or "one of the runs in it" in ended.err
