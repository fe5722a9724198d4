"""The page for newcomers: what it names is there, and it leads to a number in ten files at most."""

import ast
import re
from importlib import import_module
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
MOST_FILES, MOST_LINES = 10, 80
FILE = re.compile(r"`([\w/-]+\.(?:py|toml|md))`")
SYMBOL = re.compile(r"`([A-Za-z_]\w+)` of `(sim/[\w/]+)\.py`")
DOTTED = re.compile(r"`(sim(?:\.\w+)+)\.(\w+)")


def section(head: str) -> str:
    return PAGE.partition(f"## {head}")[2].partition("\n## ")[0]


def test_a_newcomer_reads_ten_files_at_most():
    named = FILE.findall(section("From a scenario file to a printed number"))
    assert len(set(named)) <= MOST_FILES
    assert len(PAGE.splitlines()) <= MOST_LINES


def test_every_file_that_the_page_names_is_there():
    missing = [name for name in FILE.findall(PAGE) if "NAME" not in name and not (ROOT / name).is_file()]
    folders = [name.rpartition("/")[0] for name in FILE.findall(PAGE) if "NAME" in name]
    assert folders
    assert missing + [name for name in folders if not (ROOT / name).is_dir()] == []


def test_every_name_of_a_module_is_there():
    named = [(name, path.replace("/", ".")) for name, path in SYMBOL.findall(PAGE)]
    named += [(name, module) for module, name in DOTTED.findall(PAGE)]
    assert len(named) >= 4
    assert [pair for pair in named if not hasattr(import_module(pair[1]), pair[0])] == []


def test_each_module_on_the_way_is_reached_from_the_command():
    graph = {}
    for path in (ROOT / "sim").rglob("*.py"):
        place = path.relative_to(ROOT).with_suffix("").as_posix().replace("/", ".").removesuffix(".__init__")
        nodes = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        graph[place] = {
            f"{node.module}.{each.name}"
            for node in nodes
            if isinstance(node, ast.ImportFrom)
            for each in node.names
        }
    reached, new = set[str](), {"sim.cli.run"}
    while new:
        reached |= new
        found = {name for place in new for name in graph.get(place, ())}
        new = {name for each in found for name in (each, each.rpartition(".")[0]) if name in graph} - reached
    named = FILE.findall(section("From a scenario file to a printed number"))
    modules = {name.removesuffix(".py").replace("/", ".") for name in named if name.endswith(".py")}
    assert modules - reached == set()
