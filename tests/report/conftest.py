"""Runs to tell, and a browser to open pages in."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from selenium.webdriver import Chrome, ChromeOptions
from selenium.webdriver.chrome.service import Service

from sim.engine.recipe import run
from sim.report.page import Told, render_report
from sim.report.run_tables import run_tables
from sim.results import stamped
from sim.scenario.load import load
from sim.scenario.schema import Scenario
from sim.summary.lookup import Summary
from sim.summary.rows import summarise
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


def told(scenario: Scenario, folder: Path, with_tables: bool = True) -> Told:
    """Run a scenario and return what a page tells of it."""
    results = run(scenario)
    summary = Summary(summarise(scenario, results))
    tables = run_tables(scenario, results, summary, lambda _: None) if with_tables else {}
    return Told(scenario, stamped(results, STAMP), summary, tables, folder)


def told_text(text: str, folder: Path) -> Told:
    """Run a scenario given as text, without its tables."""
    path = folder / "test.toml"
    path.write_text(text, encoding="utf-8")
    return told(load(path), folder, with_tables=False)


@pytest.fixture(scope="session")
def default(tmp_path_factory: pytest.TempPathFactory) -> Told:
    """Tell of the shipped default scenario with 8,192 draws."""
    return told(load(DEFAULT, ["sampling.n_draws=8192"]), tmp_path_factory.mktemp("default"))


@pytest.fixture(scope="session")
def families(tmp_path_factory: pytest.TempPathFactory) -> Told:
    """Tell of a scenario with a parameter of each continuous family."""
    return told_text(FAMILIES, tmp_path_factory.mktemp("families"))


@pytest.fixture(scope="session")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Told:
    """Tell of a scenario whose every text tries to be markup or a script."""
    folder = tmp_path_factory.mktemp("hostile")
    path = folder / "test.toml"
    path.write_text(HOSTILE, encoding="utf-8")
    return told(load(path), folder)


@pytest.fixture(scope="session")
def default_page(default: Told, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return the address of the page of the default scenario, beside itself under another seed."""
    other = told(load(DEFAULT, ["sampling.n_draws=1024", "seed=7"]), default.folder, with_tables=False)
    return written([default, other], tmp_path_factory.mktemp("page"))


@pytest.fixture(scope="session")
def families_page(families: Told, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return the address of the page with a slider for each family."""
    return written([families], tmp_path_factory.mktemp("page"))


@pytest.fixture(scope="session")
def hostile_page(hostile: Told, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return the address of the page of hostile texts."""
    return written([hostile, hostile], tmp_path_factory.mktemp("page"))


def written(runs: list[Told], folder: Path) -> str:
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
