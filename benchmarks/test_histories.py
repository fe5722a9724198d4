"""A history read: seconds of CPU beside ``git log --numstat`` alone, and memory, of whole processes.

On a generated history of 100,000 commits, and on this repository's own.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.test_streaming import LARGEST, MEBIBYTES
from tests.evidence.histories.generated import Made, lines, make

N_COMMITS = 100_000
N_PEOPLE = 500
LARGEST_RATIO = 1.3
LARGEST_MEMORY = 500
READ = """
import sys
from pathlib import Path
from sim.evidence.histories.git_log import Clone
from sim.evidence.histories.history import read_history
read_history(Clone(Path(sys.argv[1])))
"""
OWN = Path(__file__).parents[1]


def generated(folder: Path) -> Path:
    """Make a history in which each commit changes a few lines of one of a thousand files."""
    return make(
        folder,
        (
            Made(
                f"20{10 + place // 12_000:02}-{1 + place // 1000 % 12:02}-{1 + place % 28:02}",
                f"P{place % N_PEOPLE} Q{place % N_PEOPLE} <{place % N_PEOPLE}@example.org>",
                {
                    f"d{place % 40}/f{place % 1000}": lines(20, f"w{place // 5000}")
                    + lines(place % 7, f"{place}")
                },
            )
            for place in range(N_COMMITS)
        ),
    )


def seconds_of(command: list[str]) -> float:
    """Return seconds of CPU of a process and its children."""
    before = os.times()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    after = os.times()
    return sum(after[2:4]) - sum(before[2:4])


@pytest.mark.parametrize("which", ["generated, 100,000 commits", "this repository's own"])
def test_reading_a_history_beside_git_alone(measured, tmp_path: Path, which: str):
    folder = OWN if "own" in which else generated(tmp_path / "r")
    if not (OWN / ".git").exists():
        pytest.skip("this is no checkout with a history")
    ours = [sys.executable, "-c", READ, str(folder)]
    theirs = ["git", "-C", str(folder), "log", "--numstat", "--no-merges", "--no-renames"]
    imports = [sys.executable, "-c", "\n".join(READ.strip().splitlines()[:-1])]
    turns = [tuple(map(seconds_of, (ours, imports, theirs))) for _ in range(3)]
    whole, floor, alone = (min(times) for times in zip(*turns, strict=True))
    line = measured(
        f"a history read, {which}, beyond imports",
        whole - floor,
        "git log --numstat",
        alone,
        LARGEST_RATIO,
    )
    assert line.ratio < LARGEST_RATIO
    if "generated" in which:
        peak = subprocess.run(
            [sys.executable, "-c", LARGEST, *ours[1:]], capture_output=True, text=True, check=True
        )
        memory = int(peak.stdout) / MEBIBYTES
        assert measured("memory of it", memory, "", LARGEST_MEMORY, 1.0, "MiB").ratio < 1.0
