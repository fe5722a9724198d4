"""Odd surroundings: no home or display, other locales and names, full or closed outputs and disks."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from sim.files import complete_or_absent
from tests.builders import parameter, scenario_text, write_scenario
from tests.faults.processes import (
    ROOT,
    assert_one_clear_refusal,
    ended,
    environment,
    hidden,
    launch,
    started,
)

GERMAN = "de_DE.UTF-8"


def summary(folder: Path) -> bytes:
    (found,) = folder.glob("*/summary.csv")
    return found.read_bytes()


def german_locale(folder: Path) -> str:
    """Return where a German locale is: the system's, or one compiled into a folder."""
    known = subprocess.run(["locale", "-a"], capture_output=True, text=True, check=False).stdout
    if "de_DE.utf8" in known.splitlines():
        return ""
    made = subprocess.run(
        ["localedef", "-i", "de_DE", "-f", "UTF-8", str(folder / GERMAN)], capture_output=True, check=False
    )  # fmt: skip
    if made.returncode or not (folder / GERMAN / "LC_NUMERIC").is_file():
        pytest.skip("no German locale, and its sources are not installed either")
    return str(folder)


NOWHERE = {"MPLCONFIGDIR": "", "XDG_CACHE_HOME": "", "XDG_CONFIG_HOME": "", "DISPLAY": "", "LANG": ""}


def test_a_decimal_comma_and_a_home_that_cannot_be_written(tiny: Path, shared_run: Path, tmp_path: Path):
    """The same bytes. A library may call setlocale: so it is called here, and the run made below it."""
    place = german_locale(tmp_path)
    script = (
        "import locale, sys\n"
        f"locale.setlocale(locale.LC_ALL, '{GERMAN}')\n"
        "assert locale.str(1.5) == '1,5'\n"
        "from sim.__main__ import main\nmain()\n"
    )
    command = [sys.executable, "-c", script, "run", str(tiny), "--out", str(tmp_path / "out")]
    env = environment(
        NOWHERE | {"HOME": "/proc/nowhere", "LC_ALL": GERMAN} | ({"LOCPATH": place} if place else {})
    )
    done = subprocess.run(
        command, env=env, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0 and "Traceback" not in done.stderr, done.stderr
    assert summary(tmp_path / "out") == (shared_run / "summary.csv").read_bytes()


@pytest.mark.slow
@pytest.mark.parametrize("home", ["", "/proc/nowhere"], ids=["no home", "home that cannot be written"])
def test_no_home_no_display_and_locale_c(tiny: Path, shared_run: Path, tmp_path: Path, home: str):
    env = NOWHERE | {"HOME": home, "LC_ALL": "C", "TERM": "dumb", "MPLBACKEND": ""}
    found = launch("run", tiny, "--out", tmp_path / "out", env=env)
    assert found.code == 0 and "Traceback" not in found.err, found.err
    assert summary(tmp_path / "out") == (shared_run / "summary.csv").read_bytes()


@pytest.mark.parametrize(
    "name", ["mit Leerzeichen & Ümläuten ß 模型 'x' $HOME;", "--dash", "new\nline", "{0} %s [a]*?"]
)
def test_names_with_anything_in_them(sim, tmp_path: Path, name: str):
    folder = tmp_path / name
    folder.mkdir()
    text = scenario_text(parameter("x", 'distribution = "normal"\nmean = 3\nsd = 1'), formula="x", n_draws=64)
    path = write_scenario(folder, 'name = "a"\n' + text)
    assert sim("check", path).code == 0
    for _ in range(2):
        with complete_or_absent(folder / name) as part:
            (part / "x").touch()
    assert hidden(folder) == []


def test_a_name_that_is_not_unicode(sim, tmp_path: Path):
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff\xfe.toml"))
    found = sim("check", path)
    assert found.code == 2 and "no such file" in found.err


def test_a_terminal_without_our_characters(tiny: Path):
    """What is printed holds the file's name, which ASCII has no letters for."""
    path = tiny.rename(tiny.with_name("größe.toml"))
    found = launch("check", path, env={"PYTHONIOENCODING": "ascii"})
    assert found.code == 0 and found.err == ""
    assert "gr\\xf6\\xdfe.toml: valid" in found.out


def test_a_reader_that_goes_away():
    """As `| head` does. The schema is longer than a pipe holds."""
    process = started("schema")
    assert process.stdout is not None
    process.stdout.read(10)
    process.stdout.close()
    process.stdout = None
    found = ended(process)
    assert found.code in (0, 1) and found.err == ""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
def test_an_output_that_is_full():
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        assert_one_clear_refusal(launch("schema", stdout=full), "No space left on device")


def test_outputs_that_are_closed(tiny: Path):
    found = launch("check", tiny, preexec_fn=lambda: os.close(1))
    assert "Traceback" not in found.err and found.code == 0
    assert launch("check", tiny.with_name("none.toml"), preexec_fn=lambda: os.close(2)).code == 2


@pytest.mark.slow
@pytest.mark.parametrize("kilobytes", [8, 40, 120, 200, 320])
def test_a_disk_that_fills_up(tiny: Path, small_disk: Path, kilobytes: int):
    """At each stage of the writing: of tables, of figures, of the draws."""
    subprocess.run(["mount", "-o", f"remount,size={kilobytes}k", str(small_disk)], check=True)
    draws = ["--draws", 65536] if kilobytes == 320 else []
    found = launch("run", tiny, "--out", small_disk / "out", *draws)
    assert_one_clear_refusal(found, "cannot be written: No space left on device", "out")
    assert ".part-" not in found.err
    assert not list(small_disk.glob("out/[!.]*")) and hidden(small_disk) == []


FULL = """
import sys
from pathlib import Path
import numpy as np, xarray as xr
from sim.results_file import content_of_tree, write
rng = np.random.default_rng(1)
draws = xr.Dataset({"x": (("randomisation", "draw"), rng.normal(size=(4, 2**15)))})
tree = xr.DataTree.from_dict({"/outcomes": draws})
try:
    write(content_of_tree(tree), Path(sys.argv[1]))
except OSError as error:
    print(error.strerror)
"""


def test_a_disk_that_fills_up_while_draws_are_written(small_disk: Path):
    """HDF5 itself, writing to a full disk, ended the process with a segmentation fault."""
    command = [sys.executable, "-c", FULL, str(small_disk / "results.nc")]
    done = subprocess.run(
        command, env=environment({}), capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "No space left on device\n", "")


def test_a_results_folder_that_cannot_be_written(tiny: Path, small_disk: Path):
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    found = launch("run", tiny, "--out", small_disk / "out")
    assert_one_clear_refusal(found, "cannot be written: Read-only file system")
