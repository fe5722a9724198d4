"""``sim run`` as a user meets it."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pandas as pd
import pytest

from tests.builders import parameter, scenario_text, write_scenario

ROOT = Path(__file__).parents[2]
DEFAULT = ROOT / "priors" / "default.toml"
PUBLISHED = ROOT / "priors" / "published.toml"
SMALL = ["--draws", "1024"]
ON_PAGE = ("bcr_distribution", "cost_by_cost_method", "tornado")
BESIDE_PAGE = ("convergence", "drivers", "sobol")

# Langenkamp & Yue (2022): 300 billion * 10 % over each row of Table 1 as printed
# (300.48, 233.70, 187.09, 187.06, 122.17 million USD a year)
PRINTED = {
    "commits_pytorch": 99.8,
    "contributors": 128.4,
    "lines_tensorflow": 160.4,
    "lines_pytorch": 160.4,
    "commits_tensorflow": 245.6,
}

SAID = (
    "digest",
    "seed 2022",
    "65,536 draws",
    "bcr, median",
    "95 % credible interval (eti)",
    "bcr, mean",
    "bcr, ratio of means",
    "benefit - cost",
    "P(bcr > 1)",
    "P(bcr > 4)",
    "P(bcr > 100)",
    "contributors",
    "commits_pytorch",
    "commits_tensorflow",
    "lines_pytorch",
    "lines_tensorflow",
    "Monte Carlo error",
    "average, not marginal",
)


def only_folder(parent: Path) -> Path:
    (folder,) = [entry for entry in parent.iterdir() if entry.is_dir()]
    return folder


def test_the_published_scenario_gives_the_papers_rows(sim, tmp_path: Path):
    ended = sim("run", PUBLISHED, "--out", tmp_path)
    assert ended.code == 0, ended.err
    summary = pd.read_csv(only_folder(tmp_path) / "summary.csv")
    rows = summary[(summary["quantity"] == "bcr") & (summary["statistic"] == "median")]
    found = {
        str(row.alternative).split("=")[1]: row.value
        for row in rows[rows["alternative"].notna()].itertuples()
    }
    assert {name: round(value, 1) for name, value in found.items()} == PRINTED


def test_the_default_scenario_says_it_in_twenty_lines(sim, tmp_path: Path):
    ended = sim("run", DEFAULT, "--out", tmp_path)
    assert ended.code == 0, ended.err
    lines = ended.out.splitlines()
    assert len(lines) <= 20
    for words in (*SAID, str(only_folder(tmp_path))):
        assert words in ended.out, words
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    _, *blocks = readme.split("```text\n")
    quoted = next(block for block in blocks if "bcr, median" in block).split("```")[0]
    for shown, printed in zip(quoted.splitlines(), lines[:-1], strict=True):
        assert printed.startswith(shown)


def test_what_a_run_leaves(sim, tmp_path: Path):
    sim("run", DEFAULT, "--out", tmp_path, *SMALL)
    folder = only_folder(tmp_path)
    assert folder.name.startswith("default-")
    files = {entry.relative_to(folder).as_posix() for entry in folder.rglob("*") if entry.is_file()}
    assert {"scenario.toml", "results.nc", "summary.json", "summary.csv", "provenance.json"} <= files
    assert {"tables/bcr_distribution.csv", "tables/cost_by_cost_method.csv", "report.html"} <= files
    # the figures that the page shows, which is what a reader opens
    assert drawn(folder) == {f"{name}.png" for name in ON_PAGE}
    provenance = json.loads((folder / "provenance.json").read_text(encoding="utf-8"))
    assert provenance["seed"] == "2022"
    assert "numpy" in provenance["versions"]
    assert provenance["command"].startswith("sim run")


def drawn(folder: Path) -> set[str]:
    """Return the names of the figures of a run."""
    captions = {"captions.md", "captions.tex"}
    return {entry.name for entry in (folder / "figures").glob("*")} - captions


def test_figures_are_drawn_as_asked_or_not_at_all(sim, tmp_path: Path):
    for asked, endings in (("svg", ("svg",)), (" PNG, svg", ("png", "svg"))):
        ended = sim("run", DEFAULT, "--out", tmp_path / endings[-1] / endings[0], "--figures", asked, *SMALL)
        assert ended.code == 0, ended.err
        found = drawn(only_folder(tmp_path / endings[-1] / endings[0]))
        # every figure of a run: those of the gallery but two that `sim decide` makes the tables of
        assert found == {f"{name}.{ending}" for name in (*ON_PAGE, *BESIDE_PAGE) for ending in endings}
    assert sim("run", DEFAULT, "--out", tmp_path / "none", "--figures", "none", *SMALL).code == 0
    folder = only_folder(tmp_path / "none")
    assert not (folder / "figures").exists()
    assert (folder / "report.html").read_text(encoding="utf-8").count('focusable="false"') == len(ON_PAGE)


@pytest.mark.parametrize(
    ("asked", "problem", "nearest"),
    [("pgn", "'pgn'", "png"), ("none,png", "'none'", ""), ("", "''", ""), ("pdf;png", "'pdf;png'", "png")],
)
def test_formats_that_no_figure_has(sim, tmp_path: Path, asked: str, problem: str, nearest: str):
    ended = sim("run", DEFAULT, "--out", tmp_path, "--figures", asked)
    assert ended.code == 2
    assert f"--figures: {problem}" in ended.err
    assert "allowed: pdf, svg, png; or none by itself" in ended.err
    assert (f"nearest: {nearest}" in ended.err) == bool(nearest)
    assert list(tmp_path.iterdir()) == []


def test_the_answer_is_printed_before_anything_is_written(sim, tmp_path: Path):
    (tmp_path / "results").write_text("a file where the folder would be", encoding="utf-8")
    for options in ([], ["--json"]):
        ended = sim("run", DEFAULT, "--out", tmp_path / "results", *SMALL, *options)
        assert ended.code == 2
        assert str(tmp_path / "results") in ended.err
        assert ("bcr, median" in ended.out) == (not options)
        assert "files:" not in ended.out
    rows = json.loads(ended.out)["rows"]
    assert any((row["quantity"], row["statistic"]) == ("bcr", "median") for row in rows)


def test_json_is_the_file(sim, tmp_path: Path):
    ended = sim("run", DEFAULT, "--out", tmp_path, "--json", "--figures", "none", *SMALL)
    assert ended.out == (only_folder(tmp_path) / "summary.json").read_text(encoding="utf-8")


def test_the_resolved_scenario_runs_to_the_same_numbers(sim, tmp_path: Path):
    sim("run", DEFAULT, "--out", tmp_path / "one", *SMALL)
    first = only_folder(tmp_path / "one")
    sim("run", first / "scenario.toml", "--out", tmp_path / "two")
    second = only_folder(tmp_path / "two")
    assert (first / "summary.csv").read_bytes() == (second / "summary.csv").read_bytes()
    assert first.name == second.name


def test_same_seed_same_files(sim, tmp_path: Path):
    for name in ("one", "two"):
        sim("run", DEFAULT, "--out", tmp_path / name, *SMALL)
    one, two = only_folder(tmp_path / "one"), only_folder(tmp_path / "two")
    for entry in one.rglob("*"):
        if entry.is_file() and entry.name not in ("results.nc", "provenance.json", "report.html"):
            assert entry.read_bytes() == (two / entry.relative_to(one)).read_bytes(), entry.name
    # these three hold the time and the command; the rest of the page is the same
    assert _page_without_stamp(one) == _page_without_stamp(two)


def _page_without_stamp(folder: Path) -> str:
    stamp = json.loads((folder / "provenance.json").read_text(encoding="utf-8"))
    page = (folder / "report.html").read_text(encoding="utf-8")
    for told in (stamp["command"], stamp["created"]):
        assert told in page
        page = page.replace(told, "")
    return page


def test_options(sim, tmp_path: Path):
    quiet = sim(
        "run", PUBLISHED, "--out", tmp_path, "--quiet", "--seed", 0, "--sampler", "lhs", "--draws", 64
    )
    assert quiet.code == 0
    folder = Path(quiet.out.strip())
    summary = json.loads((folder / "summary.json").read_text(encoding="utf-8"))
    assert (summary["seed"], summary["sampler"], summary["n_draws"]) == (0, "lhs", 64)
    as_json = sim("run", PUBLISHED, "--out", tmp_path, "--json", "--set", "parameters.salary.value=600000")
    cost = next(
        row for row in json.loads(as_json.out)["rows"]
        if (row["quantity"], row["alternative"]) == ("cost", "cost_method=contributors")
        and row["statistic"] == "mean"
    )  # fmt: skip
    assert cost["value"] == pytest.approx(2 * 233.70e6, rel=1e-12)  # twice the pay, twice the printed cost


def test_draws_that_do_not_fit_are_raised_and_said(sim, tmp_path: Path):
    ended = sim("run", PUBLISHED, "--out", tmp_path, "--draws", 1000)
    assert "1,024 draws in place of 1,000" in ended.out


def test_check_and_schema(sim, tmp_path: Path):
    assert sim("check", DEFAULT, PUBLISHED).code == 0
    ended = sim("schema", "--out", tmp_path / "schema.json")
    assert ended.code == 0
    written = json.loads((tmp_path / "schema.json").read_text(encoding="utf-8"))
    assert written == json.loads(sim("schema").out)


def run_python(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def test_help_imports_nothing_heavy():
    code = (
        "import sys; sys.argv = ['sim', '--help']\n"
        "from sim.__main__ import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "heavy = {'numpy', 'scipy', 'pandas', 'xarray', 'pydantic', 'pint', 'matplotlib', 'numexpr'}\n"
        "heavy |= {'filelock'}\n"
        "print(); print(sorted(heavy & set(sys.modules)))"
    )
    assert run_python(code).splitlines()[-1] == "[]"


def test_run_imports_neither_pymc_nor_pyplot(tmp_path: Path):
    code = (
        "import sys\n"
        f"sys.argv = ['sim', 'run', {str(DEFAULT)!r}, '--draws', '64', '--out', {str(tmp_path)!r}]\n"
        "from sim.__main__ import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "print(sorted({'pymc', 'pytensor', 'nutpie', 'arviz_stats', 'matplotlib.pyplot'} & set(sys.modules)))"
    )
    assert run_python(code).splitlines()[-1] == "[]"


@pytest.mark.parametrize("seconds", [0.6, 1.2, 1.8])
def test_an_interrupted_run_leaves_nothing_half_made(tmp_path: Path, seconds: float):
    text = scenario_text(
        parameter("x", 'distribution = "normal"\nmean = 0\nsd = 1'), formula="x", n_draws=2**20
    )
    path = write_scenario(tmp_path, text)
    # the seconds count from when the program handles signals: how long Python takes to start is not tested
    begun = "from sim.__main__ import main; print('begun', flush=True); main()"
    command = [sys.executable, "-c", begun, "run", str(path), "--out", str(tmp_path / "results")]
    process = subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env={**os.environ}
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "begun\n"
    time.sleep(seconds)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=60)
    assert "Traceback" not in errors
    left = (
        [entry.name for entry in (tmp_path / "results").glob("*")] if (tmp_path / "results").exists() else []
    )
    assert process.returncode in (0, 130)
    for name in left:
        assert name == ".lock" or (tmp_path / "results" / name / "summary.json").is_file(), left
