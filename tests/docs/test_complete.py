"""Nothing is left undocumented: the program's own lists against the pages as they stand."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from docs.generate.__main__ import PAGES as GENERATED
from docs.generate.gallery import PICTURES, read_gallery
from docs.generate.pictures import MAX_BYTES
from docs.generate.scenario_file import TABLES
from sim.cli.app import app
from sim.distributions import FAMILIES
from sim.distributions.statements import LEVELS
from sim.evidence.methods import METHODS
from sim.figures.catalogue import NAMES
from sim.formulas import CONSTANTS, FUNCTIONS
from sim.formulas.functions import STREAM_FUNCTIONS
from sim.scenario.json_schema import json_schema
from tests.docs.blocks import ROOT, pages

DOCS = ROOT / "docs"
LINK = re.compile(r"(?<!!)\]\((?!https?:|#)([^)\s#]+)")


def sections(page: str, level: str) -> dict[str, str]:
    """Return the text below each heading of a level, by heading."""
    text = (DOCS / page).read_text(encoding="utf-8")
    _, *parts = re.split(rf"^{level} ", text, flags=re.MULTILINE)
    return {part.split("\n", 1)[0].strip("`"): part for part in parts}


def commands(group: Any, path: str = "sim") -> Iterator[tuple[str, Any]]:
    for name in group.list_commands(None):
        command = group.get_command(None, name)
        if hasattr(command, "commands"):
            yield from commands(command, f"{path} {name}")
        else:
            yield f"{path} {name}", command


COMMANDS = dict(commands(typer.main.get_command(app)))


@pytest.mark.parametrize("path", COMMANDS)
def test_every_command_and_option_is_documented(path: str):
    section = sections("reference/commands.md", "##")[path]
    for parameter in COMMANDS[path].params:
        assert parameter.help, f"{path}: {parameter.name} has no help"
        assert parameter.help in section
        for option in parameter.opts if parameter.param_type_name == "option" else ():
            assert re.search(rf"[`\s]{option}[`\s,]", section), f"{path} {option}"
    assert f"`{path}" in (ROOT / "README.md").read_text(encoding="utf-8")


def test_no_command_is_documented_that_is_not_there():
    assert set(sections("reference/commands.md", "##")) == set(COMMANDS)


def scenario_tables() -> Iterator[tuple[str, dict[str, Any]]]:
    """Give every table that the JSON Schema of scenario files can reach, families aside, by model's name."""
    schema = json_schema()["$defs"]
    ended = ("Overlay", "Parameter")
    parts = {"UnivariateFamily", "overlay", "Component"}
    families = {family.__name__ for family in FAMILIES.values()} | parts
    for name, node in schema.items():
        if name not in families and not name.endswith(ended):
            yield name, node


def test_every_key_of_every_table_is_documented():
    found = sections("reference/scenario-file.md", "##")
    headings = {model.__name__: heading.strip("`") for heading, model in TABLES.items()}
    headings["whole"] = "Top of the file"
    tables = dict(scenario_tables())
    assert set(tables) | {"Description"} == set(headings)
    for name, node in tables.items():
        for key, stated in node["properties"].items():
            row = re.search(rf"^\|[^|]*`{key}`", found[headings[name]], flags=re.MULTILINE)
            assert row, f"{key} of {headings[name]}"
            assert stated["description"], f"{key} of {name} has no description in the schema"


@pytest.mark.parametrize("tag", FAMILIES)
def test_every_family_is_documented_with_every_statement(tag: str):
    section = sections("reference/scenario-file.md", "###")[tag]
    statements = [line for line in section.splitlines() if line.startswith("- ")]
    assert len(statements) == len(FAMILIES[tag].statements)
    for key in {key for statement in FAMILIES[tag].statements for key in statement.keys} - set(LEVELS):
        assert re.search(rf"^\|[^|]*`{key}`", section, flags=re.MULTILINE), key
    assert f'distribution = "{tag}"' in section


def test_every_common_key_of_a_parameter_is_documented():
    definitions = json_schema()["$defs"]
    common = set.intersection(*(set(definitions[f"{family.__name__}Parameter"]["properties"])
                                for family in FAMILIES.values()))  # fmt: skip
    section = sections("reference/scenario-file.md", "##")["[parameters.NAME]"]
    for key in common - {"distribution"}:
        assert re.search(rf"^\|[^|]*`{key}`", section, flags=re.MULTILINE), key


@pytest.mark.parametrize("word", [*LEVELS, *FUNCTIONS, *CONSTANTS, *STREAM_FUNCTIONS])
def test_every_quantile_function_and_constant_is_documented(word: str):
    assert f"`{word}`" in (DOCS / "reference" / "scenario-file.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("method", METHODS)
def test_every_evidence_method_is_listed_and_told_in_words(method: str):
    row = next(line for line in sections("reference/scenario-file.md", "##")["[evidence]"].splitlines()
               if line.startswith("| `method`"))  # fmt: skip
    _, _, values, _, meaning, _ = row.split("|")
    assert f"`{method}`" in values
    assert f"`{method}`" in meaning


VARIABLE = {
    "sweep.py": {"sweep_map"},
    "fit.py": {"shrinkage", "model-checks", "ranks", "posterior_forest", "predictive"},
    "evidence.py": {"contributions"},
    "scenario_file.py": {"dependencies"},
    "compare.py": {"waterfall"},
}
"""Figures that the program saves under a name that is not written where it saves them, by file."""


def saved_figures() -> Iterator[tuple[str, str]]:
    """Give the file and the figure's name of every call that saves a figure; no name where it is variable."""
    for path in (ROOT / "sim").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "save":
                name = node.args[2]
                yield path.name, str(name.value) if isinstance(name, ast.Constant) else ""


def test_every_figure_is_in_the_gallery():
    shown = [figure for section in read_gallery().sections for figure in section.figures]
    names = {figure.name for figure in shown}
    files = {Path(figure.file).stem for figure in shown}
    page = (DOCS / "gallery.md").read_text(encoding="utf-8")
    saved = list(saved_figures())
    assert {file for file, name in saved if not name} == set(VARIABLE)
    assert {name for _, name in saved if name} <= files
    assert set(NAMES).union(*VARIABLE.values()) <= names
    for name in names:
        assert f"### `{name}`" in page
        assert f"]({PICTURES}/{name}.png)" in page


def test_pictures_of_the_gallery_are_there_and_small():
    pictures = {path.stem: path.stat().st_size for path in (DOCS / PICTURES).glob("*.png")}
    assert set(pictures) == {figure.name for section in read_gallery().sections for figure in section.figures}
    assert max(pictures.values()) <= MAX_BYTES
    assert sum(pictures.values()) <= 1_000_000


@pytest.mark.parametrize("name", GENERATED)
def test_generated_pages_are_current(name: str):
    assert (DOCS / name).read_text(encoding="utf-8") == GENERATED[name](), "run: make docs"


@pytest.mark.parametrize("page", pages(), ids=lambda page: str(page.relative_to(ROOT)))
def test_links_of_a_page_lead_somewhere(page: Path):
    """As GitHub reads them: relative to the page."""
    prose = re.sub(r"^```.*?^```", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    for target in LINK.findall(prose):
        assert (page.parent / target).exists(), target
