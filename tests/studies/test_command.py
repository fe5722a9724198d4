"""The commands of the studies, as of ``sim`` and by themselves."""

import csv
import io
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from sim.cli.evidence import app
from sim.faults import InvalidInput
from tests.evidence.test_bootstrap import PERIODS


def arguments(out: Path, *more: str) -> list[str]:
    plain = ["--method", "naive", "--simulator", "resampled", "--draws", "100", "--workers", "1"]
    return ["coverage", "--survey", str(PERIODS), "--out", str(out), *plain, *more]


def test_table_grows_with_the_simulations_it_is_given(tmp_path: Path) -> None:
    runner = CliRunner()
    first = runner.invoke(app, arguments(tmp_path, "--simulations", "2", "--format", "csv"))
    assert first.exit_code == 0, first.output
    assert len((tmp_path / "trials.jsonl").read_bytes().splitlines()) == 2
    second = runner.invoke(app, arguments(tmp_path, "--simulations", "3", "--format", "csv"))
    assert "2 of 3 trials were in" in second.stderr
    fresh = runner.invoke(app, arguments(tmp_path / "other", "--simulations", "3", "--format", "csv"))
    assert second.stdout == fresh.stdout
    rows = list(csv.DictReader(io.StringIO(second.stdout)))
    assert len(rows) == 7 * 3
    assert {row["n_trials"] for row in rows} == {"3"}
    assert all(float(row["coverage"]) == pytest.approx(int(row["n_held"]) / 3, abs=1e-4) for row in rows)


@pytest.mark.parametrize(
    ("format", "found"), [("text", "tensorflow"), ("markdown", "| naive | resampled | 2 |")]
)
def test_tables_for_readers(tmp_path: Path, format: str, found: str) -> None:
    result = CliRunner().invoke(app, arguments(tmp_path, "--simulations", "2", "--format", format))
    assert result.exit_code == 0, result.output
    assert found in result.stdout
    assert "Coverage of nominal 95% intervals" in result.stdout


def test_wrong_names_are_said(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, [*arguments(tmp_path), "--simulations", "1", "--method", "hibrid"])
    assert isinstance(result.exception, InvalidInput)
    assert result.exception.faults[0].nearest == "hybrid"


@pytest.mark.parametrize(
    ("group", "names"), [(["--help"], ["scenarios"]), (["evidence", "--help"], ["coverage", "import"])]
)
def test_sim_lists_the_commands_of_the_studies(sim, group: list[str], names: list[str]) -> None:
    ended = sim(*group)
    assert ended.code == 0
    for name in names:
        assert f" {name} " in ended.out


def test_other_commands_do_not_import_the_studies() -> None:
    code = (
        "import sys; from sim.cli.app import app; app(['schema'], standalone_mode=False);"
        "print(*(name for name in sys.modules if name.split('.')[0] == 'studies'))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == ""


@pytest.mark.parametrize("command", ["coverage", "import", "scenarios"])
def test_the_studies_run_by_themselves(command: str) -> None:
    words = [sys.executable, "-m", "studies", command, "--help"]
    done = subprocess.run(words, capture_output=True, text=True, check=True)
    assert f"studies {command}" in done.stdout
