"""Runs to tell, and a browser to open pages in."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from selenium.webdriver import Chrome, ChromeOptions
from selenium.webdriver.chrome.service import Service

from sim.recipe import run
from sim.report.page import render_report
from sim.run_record import Run
from sim.scenario.load import load
from sim.scenario.schema import Scenario
from tests.cli.conftest import sim
from tests.report.scenarios import FAMILIES, HOSTILE

__all__ = ["sim"]

DEFAULT = Path(__file__).parents[2] / "priors" / "default.toml"
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
STAMP = {"command": "sim run test.toml", "created": "2026-11-24T12:00:00+00:00"}


def told(scenario: Scenario, folder: Path, with_tables: bool = True) -> Run:
    """Run a scenario and return what a page tells of it."""
    made = run(scenario)
    return made.replace(folder, STAMP, None if with_tables else {})


def told_text(text: str, folder: Path) -> Run:
    """Run a scenario given as text, without its tables."""
    path = folder / "test.toml"
    path.write_text(text, encoding="utf-8")
    return told(load(path), folder, with_tables=False)


@pytest.fixture(scope="session")
def default(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Tell of the shipped default scenario with 8,192 draws."""
    return told(load(DEFAULT, ["sampling.n_draws=8192"]), tmp_path_factory.mktemp("default"))


@pytest.fixture(scope="session")
def families(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Tell of a scenario with a parameter of each continuous family."""
    return told_text(FAMILIES, tmp_path_factory.mktemp("families"))


@pytest.fixture(scope="session")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Tell of a scenario whose every text tries to be markup or a script."""
    folder = tmp_path_factory.mktemp("hostile")
    path = folder / "test.toml"
    path.write_text(HOSTILE, encoding="utf-8")
    return told(load(path), folder)


@pytest.fixture(scope="session")
def default_page(default: Run, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return the address of the page of the default scenario, beside itself under another seed."""
    other = told(load(DEFAULT, ["sampling.n_draws=1024", "seed=7"]), default.folder, with_tables=False)
    return written([default, other], tmp_path_factory.mktemp("page"))


@pytest.fixture(scope="session")
def families_page(families: Run, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return the address of the page with a slider for each family."""
    return written([families], tmp_path_factory.mktemp("page"))


@pytest.fixture(scope="session")
def hostile_page(hostile: Run, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return the address of the page of hostile texts."""
    return written([hostile, hostile], tmp_path_factory.mktemp("page"))


def written(runs: list[Run], folder: Path) -> str:
    """Write a page and return its address."""
    path = folder / "report.html"
    path.write_text(render_report(runs), encoding="utf-8")
    return path.as_uri()


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chrome]:
    """Start a headless Chromium with a profile of its own; skip without one, unless one is required."""
    chromium, driver = shutil.which("chromium"), shutil.which("chromedriver")
    if chromium is None or driver is None:
        missing = "no chromium and chromedriver on the PATH (Debian: chromium, chromium-driver)"
        if os.environ.get("SIM_REQUIRE_CHROMIUM"):
            pytest.fail(missing)
        pytest.skip(missing)
    options = ChromeOptions()
    options.binary_location = chromium
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    for flag in (*FLAGS, f"--user-data-dir={tmp_path_factory.mktemp('profile')}", "--window-size=1100,900"):
        options.add_argument(flag)
    started = Chrome(options=options, service=Service(driver))
    yield started
    started.quit()
