"""Nothing is declared that nothing imports, and nothing is imported that is not declared."""

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
EXTRAS = PROJECT["project"]["optional-dependencies"]
OURS = {"sim", "studies", "tests", "docs", "benchmarks"}
OF_EXTRAS = [each for extra in EXTRAS.values() for each in extra]
GROUPS = PROJECT["dependency-groups"]

NAMED = {"h5netcdf": ("sim/results_file.py", 'engine="h5netcdf"')}
"""Packages that xarray imports by the name we give it."""

PARTS = {
    "arviz-base": "arviz-plots",
    "cycler": "matplotlib",
    "markupsafe": "jinja2",
    "pydantic-core": "pydantic",
}
"""Packages that another is made with and gives to its users, by that one."""

TOOLS = {
    "editables": ("pyproject.toml", "hatchling"),  # hatchling needs it for installs that are edited
    "furo": ("docs/conf.py", '"furo"'),
    "hatchling": ("pyproject.toml", '"hatchling.build"'),
    "import-linter": ("Makefile", "lint-imports"),
    "latex2mathml": ("docs/mathml.py", "latex2mathml"),
    "mypy": ("Makefile", "mypy"),
    "myst-parser": ("docs/conf.py", '"myst_parser"'),
    "pip": ("tests/packaging/test_installed.py", '"pip"'),
    "pytest-benchmark": ("benchmarks/conftest.py", "benchmark"),
    "pytest-mpl": ("Makefile", "--mpl"),
    "pytest-xdist": ("Makefile", "--dist"),
    "ruff": ("Makefile", "ruff"),
}
"""Packages that are run, or asked for by name, and the file and word that do so."""


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def declared(requirements: list[str]) -> set[str]:
    return {normal(match[0]) for each in requirements if (match := re.match(r"[\w.-]+", each))}


def imported(*folders: str) -> set[str]:
    """Return the distributions that modules below these folders import, at the top or within functions."""
    owners = packages_distributions()
    files = [path for folder in folders for path in (ROOT / folder).rglob("*.py")]
    modules = {name for path in files for name in names_in(path)} - sys.stdlib_module_names
    # a package that is not here is taken to have its module's name
    return {normal(owner) for module in modules for owner in owners.get(module, (module,))} - OURS


def names_in(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.split(".")[0]


def asked_for(name: str, places: dict[str, tuple[str, str]]) -> bool:
    """Tell whether a file, or one in a folder, has the word by which a package is used."""
    if name not in places:
        return False
    place, word = places[name]
    files = [*(ROOT / place).rglob("*.py")] if (ROOT / place).is_dir() else [ROOT / place]
    return any(word in file.read_text(encoding="utf-8") for file in files)


def test_what_is_declared_is_imported():
    used = imported("sim", "studies")
    needed = declared(PROJECT["project"]["dependencies"])
    assert {name for name in needed - used if not asked_for(name, NAMED)} == set()
    assert not needed & declared(OF_EXTRAS)


def test_what_is_imported_is_declared():
    known = declared([*PROJECT["project"]["dependencies"], *OF_EXTRAS])
    assert imported("sim", "studies") - known <= set(PARTS) and set(PARTS.values()) <= known


def test_extras_are_two_and_each_is_imported():
    assert set(EXTRAS) == {"dask", "excel"}
    for names in EXTRAS.values():
        assert declared(names) <= imported("sim")


@pytest.mark.parametrize("group", GROUPS)
def test_what_developers_need_is_used(group: str):
    used = imported("tests", "docs", "benchmarks")
    used |= {f"{name}-stubs" for name in imported("sim")}
    assert {name for name in declared(GROUPS[group]) - used if not asked_for(name, TOOLS)} == set()
