"""One table of what the benchmarks measured, printed at the end and written on request."""

import os
import platform
from dataclasses import dataclass
from pathlib import Path

import pytest

PAGE = Path(__file__).parents[1] / "docs" / "benchmarks.md"
HEAD = """# Benchmarks

The table is written by `make bench`. Each line is measured side by side in one run; a ratio is ours over
theirs, of seconds of CPU unless the line says otherwise. Sections below it are written by hand.

Machine: {cores} cores, {architecture}, {system}, Python {python}.

| what | ours | beside | ratio | target |
|---|---|---|---|---|
"""
ROWS: list["Measured"] = []


@dataclass(frozen=True)
class Measured:
    """One line: what was measured, ours, what it is beside, the largest ratio that will do, the unit."""

    what: str
    ours: float
    beside: str
    theirs: float
    target: float
    unit: str = "s"

    @property
    def ratio(self) -> float:
        """Ours over theirs."""
        return self.ours / self.theirs

    def __str__(self) -> str:
        ours, theirs = (f"{value:.4g} {self.unit}" for value in (self.ours, self.theirs))
        beside = f"{self.beside}: {theirs}" if self.beside else theirs
        return f"| {self.what} | {ours} | {beside} | {self.ratio:.3g} | {self.target:.3g} |"


@pytest.fixture(scope="session")
def measured():
    """Take a line for the table; the benchmark itself decides what it asserts."""

    def take(*fields) -> Measured:
        ROWS.append(Measured(*fields))
        print(f"\n{ROWS[-1]}")
        return ROWS[-1]

    return take


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--write-page", action="store_true", help="write docs/benchmarks.md")


def pytest_terminal_summary(terminalreporter, config: pytest.Config) -> None:
    if not ROWS:
        return
    head = HEAD.format(
        cores=os.cpu_count(),
        architecture=platform.machine(),
        system=platform.system(),
        python=platform.python_version(),
    )
    page = head + "".join(f"{row}\n" for row in ROWS)
    terminalreporter.write_line(page)
    if config.getoption("--write-page"):
        PAGE.write_text(page + _sections(), encoding="utf-8")


def _sections() -> str:
    """Return the sections of the page that are written by hand, which stay."""
    _, mark, rest = PAGE.read_text(encoding="utf-8").partition("\n## ") if PAGE.is_file() else ("", "", "")
    return mark + rest
