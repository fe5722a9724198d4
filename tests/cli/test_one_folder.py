"""The folder of a run says one thing: what later commands write there is kept, or renewed all together."""

import shutil
from pathlib import Path

import pandas as pd
import pytest

from sim.recipe import open_or_run
from tests.builders import parameter, scenario_text, write_scenario

PARTS = (
    parameter("gain", 'distribution = "lognormal"\nmedian = 4\nsigma = 0.5'),
    parameter("pay", 'distribution = "lognormal"\nmedian = 2\nsigma = 0.3'),
    parameter("spare", 'distribution = "lognormal"\nmedian = 1\nsigma = 0.1'),
)
SIDES = '[outcomes.benefit]\nformula = "gain * spare"\n[outcomes.cost]\nformula = "pay"\n'
FOR_PAPERS = {
    *("numbers.tex", "numbers.md", "paper.tex", "captions.md", "captions.tex"),
    *("decision.csv", "decision.md", "decision.tex"),
}
"""What tells of all tables and figures that there are, and so grows with them."""


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a run with two thresholds."""
    text = scenario_text(*PARTS, SIDES, formula="benefit / cost", n_draws=1024)
    folder = tmp_path_factory.mktemp("scenario")
    path = write_scenario(folder, text.replace("[report]\n", "[report]\nthresholds = [1, 3]\n"))
    return open_or_run(path, [], folder / "results", ["sim"], lambda _: None).folder


@pytest.fixture
def results(finished: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(finished, finished.parent / f"copy-{tmp_path.name}"))


def contents(folder: Path) -> dict[str, bytes]:
    """Return the files of a folder by their path in it."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def differing(before: dict[str, bytes], folder: Path) -> set[str]:
    """Return the names of files that are gone or have changed, without those that grow with what is there."""
    after = contents(folder)
    changed = {name for name, content in before.items() if after.get(name) != content}
    return {name for name in changed if name.rpartition("/")[2] not in FOR_PAPERS}


@pytest.mark.parametrize(
    "arguments",
    [
        ("sensitivity",),
        ("decide",),
        ("decide", "--threshold", 3, "--threshold", 1),
        ("decide", "--threshold", 5, "--map", "pay", "--map", "spare"),
        ("plot", "--format", "png,svg"),
        ("plot", "--format", "png", "--style", "slides"),
        ("plot", "--format", "png", "--width", "double"),
    ],
    ids=lambda arguments: " ".join(map(str, arguments)),
)
def test_what_the_run_wrote_stays(sim, results: Path, arguments: tuple[object, ...]):
    before = contents(results)
    command, *options = arguments
    ended = sim(command, results, *options)
    assert ended.code == 0, ended.err
    assert differing(before, results) == set()
    for name in ("tables/numbers.md", "tables/decision.csv", "figures/captions.md"):
        assert set(before[name].splitlines()) <= set((results / name).read_bytes().splitlines())
    assert contents(results).keys() - before.keys() or command == "sensitivity"


def test_other_thresholds_have_a_folder_of_their_own_with_figures(sim, results: Path):
    assert sim("decide", results, "--threshold", 5).code == 0
    own = results / "decision-at-5"
    assert set(pd.read_csv(own / "tables" / "switching_values.csv")["threshold"]) == {5.0}
    assert {path.name for path in (own / "figures").glob("*.png")} == {
        "acceptability.png",
        "threshold_map.png",
    }
    assert "5" in (own / "tables" / "decision.md").read_text(encoding="utf-8")
    assert not (results / "tables" / "acceptability.csv").exists()


@pytest.mark.parametrize(
    ("arguments", "place"),
    [
        (("--style", "slides", "--width", "double"), "slides-double"),
        (("--width", "12"), "paper-12cm"),
    ],
)
def test_another_look_has_a_folder_of_its_own(sim, results: Path, arguments: tuple[str, ...], place: str):
    ended = sim("plot", results, "--figure", "tornado", "--format", "png", *arguments)
    assert ended.code == 0, ended.err
    assert (results / "figures" / place / "tornado.png").is_file()


def test_what_takes_the_place_of_a_table_renews_figures_and_page(sim, results: Path):
    """A table of another time: figure and page follow it, and come back to the run's with the run's table."""
    before = contents(results)
    table = results / "tables" / "tornado.csv"
    pd.read_csv(table).assign(share=0.123, share_error=0.0001).to_csv(table, index=False)
    assert sim("plot", results, "--figure", "tornado", "--format", "png").code == 0
    assert differing(before, results) == {"tables/tornado.csv", "figures/tornado.png", "report.html"}
    assert "12.3 %" in (results / "report.html").read_text(encoding="utf-8")
    assert sim("sensitivity", results).code == 0
    assert differing(before, results) == set()


def test_a_map_of_other_quantities_renews_its_figure(sim, results: Path):
    assert sim("decide", results).code == 0
    assert sim("plot", results, "--figure", "threshold_map", "--format", "svg").code == 0
    first = contents(results)
    assert sim("decide", results, "--map", "pay", "--map", "spare").code == 0
    assert differing(first, results) == {"tables/threshold_map.csv", "figures/threshold_map.svg"}
    assert sim("decide", results).code == 0
    assert differing(first, results) == set()
