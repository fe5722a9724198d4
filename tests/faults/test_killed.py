"""Runs that are killed, interrupted or terminated: earlier results stand, and the next run clears up."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from sim.faults import InvalidInput
from sim.files import complete_or_absent
from sim.parallel import Processes
from sim.results_file import read
from sim.temporary_files import temporary_folder
from tests.faults.processes import Finished, ended, environment, hidden, killed_after, launch, started

N_TRIALS = 50
STAGES = ("part made", "half filled", "filled", "moved aside", "swapped")
KILLED = """
import os, signal, sys
from pathlib import Path
from sim import files

stage, target = sys.argv[1], Path(sys.argv[2])

def die():
    os.kill(os.getpid(), signal.SIGKILL)

renames = []
def rename(self, to, plain=Path.rename):
    plain(self, to)
    renames.append(to)
    if (stage, len(renames)) in (("moved aside", 1), ("swapped", 2)):
        die()
Path.rename = rename

with files.complete_or_absent(target) as part:
    if stage == "part made":
        die()
    (part / "one").write_text("new")
    if stage == "half filled":
        die()
    (part / "two").write_text("new")
    if stage == "filled":
        die()
"""


def content(folder: Path) -> dict[str, str]:
    return {entry.name: entry.read_text(encoding="utf-8") for entry in folder.iterdir()}


@pytest.mark.parametrize("stage", STAGES)
def test_killed_at_each_stage_of_writing(tmp_path: Path, stage: str):
    """Before the swap the old folder is back after the next run elsewhere; after it, the new one stands."""
    target = tmp_path / "results" / "a"
    with complete_or_absent(target) as part:
        (part / "one").write_text("old", encoding="utf-8")
    command = [sys.executable, "-c", KILLED, stage, str(target)]
    code = subprocess.run(command, env=environment({}), check=False, timeout=60).returncode
    assert code == -signal.SIGKILL
    with complete_or_absent(target.with_name("b")):
        pass  # any other run into the same parent folder
    expected = {"one": "new", "two": "new"} if stage == "swapped" else {"one": "old"}
    assert content(target) == expected
    assert hidden(target.parent) == []
    assert sorted(entry.name for entry in target.parent.iterdir()) == [".lock", "a", "b"]


def test_what_a_living_run_holds_is_left_alone_whatever_the_clock_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    target = tmp_path / "a"
    with complete_or_absent(target) as part:
        for now in (0.0, time.time() - 10**8, time.time() + 10**8):  # 1970, years back, years ahead
            monkeypatch.setattr(time, "time", lambda now=now: now)
            with complete_or_absent(tmp_path / "b"):
                assert part.is_dir()
    assert target.is_dir() and hidden(tmp_path) == []


def test_abandoned_folders_go_though_the_clock_was_set_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / ".part-a-killed").mkdir()
    monkeypatch.setattr(time, "time", lambda: 0.0)
    with complete_or_absent(tmp_path / "a"):
        pass
    assert hidden(tmp_path) == []


def test_a_temporary_folder_goes_with_what_is_in_it(tmp_path: Path):
    with pytest.raises(ZeroDivisionError), temporary_folder(tmp_path, ".fit-") as folder:
        (folder / "x").touch()
        raise ZeroDivisionError
    assert list(tmp_path.iterdir()) == []


def assert_intact(folder: Path, summary: bytes) -> None:
    """Assert that the folder is one whole run: its digests hold, and the numbers are the ones of before."""
    assert (folder / "summary.csv").read_bytes() == summary
    assert read(folder / "results.nc")[1]["n_draws"] == 64
    assert (folder / "provenance.json").is_file() and any((folder / "figures").iterdir())


def trials(tiny: Path, finished: Path, n: int, number: signal.Signals) -> list[Finished]:
    """Send a signal at random times, from before the first import until after the last file."""
    summary = (finished / "summary.csv").read_bytes()
    seconds = (
        np.inf
    )  # the shortest of three: the first run of a busy machine may last twice as long as others
    for _ in range(3):
        begun = time.monotonic()
        whole = launch("run", tiny, "--out", finished.parent, "--quiet")
        seconds = min(seconds, time.monotonic() - begun)
        assert whole.code == 0, whole.err
    found = []
    for share in np.random.default_rng([6, n]).uniform(0.05, 1.1, n):
        found.append(killed_after(share * seconds, number, "run", tiny, "--out", finished.parent, "--quiet"))
        assert_intact(finished, summary) if finished.exists() else None
    assert launch("run", tiny, "--out", finished.parent, "--quiet").code == 0
    assert_intact(finished, summary)
    assert hidden(finished.parent) == []
    return found


@pytest.mark.slow
def test_killed_at_many_times(tiny: Path, finished: Path):
    codes = [each.code for each in trials(tiny, finished, N_TRIALS, signal.SIGKILL)]
    assert set(codes) <= {-signal.SIGKILL, 0} and codes.count(-signal.SIGKILL) > N_TRIALS / 2


@pytest.mark.slow
@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_interrupted_at_many_times(tiny: Path, finished: Path, number: signal.Signals, code: int):
    for each in trials(tiny, finished, 20, number):
        # before the handlers stand, Python itself ends by the signal
        assert each.code in (code, 0, -number), each.err
        if each.code == code:
            assert "Traceback" not in each.err, each.err


@pytest.mark.parametrize(
    ("number", "code", "words"),
    [(signal.SIGINT, 130, "interrupted"), (signal.SIGTERM, 143, "terminated")],
)
def test_a_signal_ends_in_one_line(tmp_path: Path, number: signal.Signals, code: int, words: str):
    """A command that waits for nothing but the signal."""
    script = "import sim.cli.app as a, time, sim.__main__ as m\n"
    script += "def wait(prog_name):\n    print('ready', flush=True)\n    time.sleep(60)\n"
    script += "a.app = wait\nm.main()\n"
    command = [sys.executable, "-c", script]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    process = subprocess.Popen(command, env=environment({}), cwd=tmp_path, **pipes)
    assert process.stdout is not None
    assert process.stdout.readline() == b"ready\n"
    process.send_signal(number)
    found = ended(process)
    assert (found.code, found.err) == (code, f"{words}; nothing is left half-written\n")


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_library_that_makes_another_error_of_it(tmp_path: Path, number: signal.Signals, code: int):
    """As pydantic does while it builds its validators."""
    script = "import sim.cli.app as a, time, sim.__main__ as m\n"
    script += "def wait(prog_name):\n    try:\n        print('ready', flush=True)\n        time.sleep(60)\n"
    script += "    except BaseException:\n        raise ValueError('odd') from None\n"
    script += "a.app = wait\nm.main()\n"
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    process = subprocess.Popen([sys.executable, "-c", script], env=environment({}), cwd=tmp_path, **pipes)
    assert process.stdout is not None
    assert process.stdout.readline() == b"ready\n"
    process.send_signal(number)
    found = ended(process)
    assert found.code == code and len(found.err.splitlines()) == 1, found.err


def test_a_second_interruption_does_not_wait(tmp_path: Path):
    """The first one is putting things in order, for ever; the second ends that."""
    script = "import sim.cli.app as a, time, sim.__main__ as m\n"
    script += "def wait(prog_name):\n    try:\n        print('ready', flush=True)\n        time.sleep(60)\n"
    script += "    finally:\n        print('cleaning', flush=True)\n        time.sleep(60)\n"
    script += "a.app = wait\nm.main()\n"
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    process = subprocess.Popen([sys.executable, "-c", script], env=environment({}), cwd=tmp_path, **pipes)
    assert process.stdout is not None
    for line in (b"ready\n", b"cleaning\n"):
        assert process.stdout.readline() == line
        process.send_signal(signal.SIGINT)
    found = ended(process)
    assert found.code == 130 and "Traceback" not in found.err


def test_many_at_once_into_one_folder(tmp_path: Path):
    """Four processes, each replacing the folder forty times: always whole, and one of theirs."""
    script = (
        "import sys\nfrom pathlib import Path\nfrom sim.files import complete_or_absent\n"
        "for place in range(40):\n"
        "    with complete_or_absent(Path(sys.argv[1])) as part:\n"
        "        for name in 'ab':\n            (part / name).write_text(f'{sys.argv[2]} {place}')\n"
    )
    commands = [[sys.executable, "-c", script, str(tmp_path / "out"), str(place)] for place in range(4)]
    both = [subprocess.Popen(command, env=environment({})) for command in commands]
    assert [process.wait(timeout=120) for process in both] == [0] * 4
    found = content(tmp_path / "out")
    assert sorted(found) == ["a", "b"] and found["a"] == found["b"]
    assert hidden(tmp_path) == []


@pytest.mark.slow
def test_two_runs_at_once_into_one_folder(tiny: Path, finished: Path):
    summary = (finished / "summary.csv").read_bytes()
    both = [started("run", tiny, "--out", finished.parent, "--quiet") for _ in range(2)]
    assert [ended(process).code for process in both] == [0, 0]
    assert_intact(finished, summary)
    assert hidden(finished.parent) == []
    assert [entry.name for entry in finished.parent.iterdir() if entry.is_dir()] == [finished.name]


def suicide(task: int) -> int:
    if task == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    return task


def test_a_worker_that_is_killed():
    with pytest.raises(InvalidInput, match="one of the processes was killed"):
        list(Processes(2).map(suicide, range(20)))
