"""Everything a paper takes from a run, for every shipped scenario, and compiled."""

import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from sim.faults import InvalidInput
from sim.recipe import run
from sim.report.paper import write_paper
from sim.scenario.load import load
from sim.scenario.schema import Scenario
from tests.tables.builders import PRIORS, contract_tables, hostile, toy

pdflatex = pytest.mark.skipif(
    not shutil.which("pdflatex") or not shutil.which("bibtex"),
    reason="pdflatex or bibtex is not installed (Debian: texlive-latex-base, texlive-latex-recommended)",
)
NONE: dict[str, pd.DataFrame] = {}


def written(scenario: Scenario, tables: dict[str, pd.DataFrame], folder: Path) -> tuple[str, ...]:
    return write_paper(run(scenario), tables, folder)


def default() -> Scenario:
    return load(PRIORS / "default.toml", ["sampling.n_draws=1024"])


def compiled(folder: Path) -> str:
    """Compile ``paper.tex`` with bibtex in between; return what the last run wrote."""
    log = ""
    for command in ("pdflatex", "bibtex", "pdflatex", "pdflatex"):
        options = ["-interaction=nonstopmode", "-halt-on-error"] if command == "pdflatex" else []
        done = subprocess.run(
            [command, *options, "paper"], cwd=folder, capture_output=True, encoding="latin-1", check=False
        )
        assert done.returncode == 0, done.stdout[-3000:]
        if command == "bibtex":
            assert "Warning" not in done.stdout, done.stdout
        log = done.stdout
    return log


@pytest.mark.parametrize("path", sorted(PRIORS.glob("*.toml")), ids=lambda path: path.stem)
def test_every_shipped_scenario(path: Path, tmp_path: Path) -> None:
    scenario = load(path, ["sampling.n_draws=1024"])
    names = written(scenario, NONE, tmp_path)
    stems = {name.partition(".")[0] for name in names}
    assert {"assumptions", "results", "numbers", "references", "paper"} <= stems
    survey = scenario.evidence and scenario.evidence.periods
    assert ("table1" in stems) == (survey is not None and survey.name == "periods.csv")
    assert sorted(names) == sorted(entry.name for entry in tmp_path.iterdir())


def test_same_run_same_bytes_and_no_path(tmp_path: Path) -> None:
    for place in ("a", "b"):
        written(default(), contract_tables(), tmp_path / place)
    for file in sorted((tmp_path / "a").iterdir()):
        content = file.read_bytes()
        assert content == (tmp_path / "b" / file.name).read_bytes()
        assert str(PRIORS.parent).encode() not in content
        assert b"\r" not in content


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(InvalidInput, match="cannot be written"):
        written(toy(tmp_path), NONE, tmp_path / "file")


@pdflatex
@pytest.mark.parametrize(
    ("scenario", "tables"),
    [(lambda _: default(), contract_tables()), (toy, NONE), (hostile, NONE)],
    ids=["default", "toy", "hostile"],
)
def test_the_document_compiles(
    scenario: Callable[[Path], Scenario], tables: dict[str, pd.DataFrame], tmp_path: Path
) -> None:
    written(scenario(tmp_path), tables, tmp_path / "tables")
    log = compiled(tmp_path / "tables")
    assert (tmp_path / "tables" / "paper.pdf").stat().st_size > 10_000
    assert "undefined" not in log
    assert not re.search(r"LaTeX Warning: (?!Label)", log), log
    assert "Overfull" not in log
