"""The whole command from a cold process, beside a script written by hand that does the same.

Each process is new; modules are compiled already, as after anybody's first run, unless a line says that
nothing is. Seconds are of CPU, user and system, of the whole process, the best of three (of ten for the short
commands), the programs taking turns. No time is asserted.

The script (``benchmarks/by_hand``) draws the same inputs from as many scrambled Sobol' points and the same
posterior. It gives the summary with errors, the same six figures as PDF and PNG, a page with three of them
as SVG, the tables as CSV and LaTeX, and the results as netCDF. It leaves out: the calibration of the
bootstrap, density and quantiles by conditional Monte Carlo, digits cut to the error, errors of PAWN, tables
in Markdown, references and captions, the sliders of the page, faults of the input told, units checked,
digests and provenance.

Run with ``make bench``.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ROUNDS, ROUNDS_OF_SHORT = 3, 10


@pytest.fixture(scope="module")
def environment(tmp_path_factory) -> dict[str, str]:
    """Return an environment whose compiled modules are kept, and kept apart."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**kept, "PYTHONPYCACHEPREFIX": str(tmp_path_factory.mktemp("compiled"))}


def cpu_seconds(environment: dict[str, str], *words: str, expected: int = 0) -> float:
    """Return the seconds of CPU that a new interpreter takes for a module and its arguments."""
    process = subprocess.Popen(
        [sys.executable, "-m", *words],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == expected
    return used.ru_utime + used.ru_stime


def best_of(environment: dict[str, str], n_rounds: int, *commands: tuple[str, ...]) -> list[float]:
    """Return the fewest seconds of each command; they take turns, after a round that compiles modules."""
    rounds = [[cpu_seconds(environment, *words) for words in commands] for _ in range(n_rounds + 1)]
    return [min(seconds) for seconds in zip(*rounds[1:], strict=True)]


def seconds_to_answer(environment: dict[str, str], *words: str) -> float:
    """Return the seconds of CPU that a command has taken when the last row of its answer can be read."""
    taken = 0.0
    command = [sys.executable, "-m", *words]
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if line.startswith("  lines_tensorflow"):
                # fields 14 and 15 of the process's own line, after its name in brackets (man 5 proc)
                fields = Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()
                taken = sum(int(ticks) for ticks in fields[11:13]) / os.sysconf("SC_CLK_TCK")
    assert process.returncode == 0 and taken > 0.0
    return taken


def test_run(environment, tmp_path: Path, measured):
    ours, theirs = best_of(
        environment,
        ROUNDS,
        ("sim", "run", "priors/default.toml", "--quiet", "--out", str(tmp_path / "ours")),
        ("benchmarks.by_hand", str(tmp_path / "theirs")),
    )
    measured("`sim run priors/default.toml`, whole command", ours, "script by hand", theirs, 0.5)


def test_plot(environment, tmp_path: Path, measured):
    """All six figures drawn again as PDF and PNG, from what a run and the script have left.

    c26fc86 took 0.91 of the script; 0.6 of that is wanted.
    """
    ours_in, theirs_in = tmp_path / "ours", tmp_path / "theirs"
    run = ("sim", "run", "priors/default.toml", "--quiet", "--figures", "none", "--out", str(ours_in))
    for words in (run, ("benchmarks.by_hand", str(theirs_in))):
        cpu_seconds(environment, *words)
    (folder,) = ours_in.glob("default-*")
    ours, theirs = best_of(
        environment,
        ROUNDS,
        ("sim", "plot", str(folder), "--figure", "all", "--format", "pdf,png"),
        ("benchmarks.by_hand.plot", str(theirs_in)),
    )
    measured("`sim plot --figure all --format pdf,png`, whole command", ours, "script by hand", theirs, 0.55)


def test_answer(environment, tmp_path: Path, measured):
    run = ("sim", "run", "priors/default.toml", "--out", str(tmp_path))
    rounds = [
        (seconds_to_answer(environment, *run), cpu_seconds(environment, "benchmarks.by_hand.answer"))
        for _ in range(ROUNDS + 1)
    ]
    ours, theirs = (min(seconds) for seconds in zip(*rounds[1:], strict=True))
    measured("`sim run priors/default.toml`, to the printed answer", ours, "script by hand", theirs, 1.5)


def test_faulty_file(environment, tmp_path: Path, measured):
    file = tmp_path / "faulty.toml"
    file.write_text('extends = "default"\nparameters.salary.medain = 3\n', encoding="utf-8")
    rounds = [
        [cpu_seconds(environment, "sim", name, str(file), expected=2) for name in ("run", "check")]
        for _ in range(ROUNDS_OF_SHORT)
    ]
    ours, theirs = (min(seconds) for seconds in zip(*rounds[1:], strict=True))
    measured("`sim run` on a faulty file", ours, "sim check", theirs, 1.0)


def test_check_and_help(environment, measured):
    commands = ("sim", "check", "priors/default.toml"), ("sim", "--help")
    check, shown = best_of(environment, ROUNDS_OF_SHORT, *commands)
    measured("`sim check priors/default.toml`, whole command", check, "wanted", 1.0, 1.0)
    measured("`sim --help`, whole command", shown, "wanted", 0.3, 1.0)


def test_check_with_nothing_compiled(environment, tmp_path: Path, measured):
    """A check where no compiled module is kept, as in many containers: Python's source is most of the time.

    c26fc86 took 2.67 times what the three libraries take that neither can do without; half is wanted.
    """
    nothing = {"PYTHONPYCACHEPREFIX": str(tmp_path / "nothing"), "PYTHONDONTWRITEBYTECODE": "1"}
    check, libraries = best_of(
        environment | nothing,
        ROUNDS_OF_SHORT,
        ("sim", "check", "priors/default.toml"),
        ("benchmarks.by_hand.libraries",),
    )
    what = "`sim check priors/default.toml`, nothing compiled kept"
    measured(what, check, "numpy, pydantic and typer imported", libraries, 1.33)
