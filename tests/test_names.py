"""Names and docstrings, counted over all modules of ``sim`` and ``studies``."""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from sim.cli.app import Commands
from sim.cli.evidence import EvidenceCommands

ROOT = Path(__file__).parent.parent
MODULES = sorted(path for package in ("sim", "studies") for path in (ROOT / package).rglob("*.py"))
TREES = {path.relative_to(ROOT).as_posix(): ast.parse(path.read_text(encoding="utf-8")) for path in MODULES}
COMMANDS = {
    f"{place.partition(':')[0].replace('.', '/')}.py.{place.partition(':')[2]}"
    for group in (Commands, EvidenceCommands)
    for place in group.places.values()
}
"""Functions whose docstring is the help of a command; those of ``studies`` are marked ``@app.command``."""


class Function(NamedTuple):
    """A public function or method, or how a class is made, as its source states it."""

    place: str
    node: ast.FunctionDef
    text: str

    @property
    def arguments(self) -> list[str]:
        """Names of its arguments without `self` and `cls`; of those that gather others with their stars."""
        stated = self.node.args
        arguments = [*stated.posonlyargs, *stated.args, *stated.kwonlyargs]
        named = [each.arg for each in arguments if each.arg not in ("self", "cls")]
        named += [f"*{stated.vararg.arg}"] if stated.vararg else []
        return named + ([f"**{stated.kwarg.arg}"] if stated.kwarg else [])

    @property
    def gives_something(self) -> bool:
        """Whether it returns anything but ``None``."""
        found = self.node.returns
        return found is not None and not (isinstance(found, ast.Constant) and found.value is None)

    def has(self, section: str) -> bool:
        """Return whether its docstring has a section."""
        return f"{section}\n{'-' * len(section)}" in self.text


def functions(body: list[ast.stmt], place: str, of: str = "") -> Iterator[Function]:
    """Yield the public functions of a module or class, but those whose text is that of what they override.

    A class takes the arguments of its ``__init__``, which its own docstring explains.
    """
    for node in body:
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            yield from functions(node.body, f"{place}.{node.name}", ast.get_docstring(node) or "")
        elif isinstance(node, ast.If):
            yield from functions(node.body, place)
        elif isinstance(node, ast.FunctionDef) and node.name == "__init__":
            yield Function(place, node, of)
        elif isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
            marks = {ast.unparse(each).partition("(")[0] for each in node.decorator_list}
            if not marks & {"override", "overload", "app.command", "app.callback"}:
                yield Function(f"{place}.{node.name}", node, ast.get_docstring(node) or "")


def public() -> list[Function]:
    """Return the public functions of two arguments or more; a command's docstring is its help and apart."""
    found = [each for place, tree in TREES.items() for each in functions(tree.body, place)]
    return [each for each in found if len(each.arguments) >= 2 and each.place not in COMMANDS]


@pytest.mark.parametrize("section", ["Parameters", "Returns"])
def test_public_functions_say_what_they_take_and_give(section: str):
    """Of two arguments or more; a generator's section is named Yields."""
    lacking = []
    for each in public():
        wanted = ("Returns", "Yields") if section == "Returns" else (section,)
        if section == "Returns" and not each.gives_something:
            continue
        if not any(map(each.has, wanted)):
            lacking.append(each.place)
    assert not lacking, f"{len(lacking)} of {len(public())}: {lacking}"


def named_types(tree: ast.Module) -> Iterator[str]:
    """Yield the names of classes anywhere in a module, and of types that it names itself."""
    yield from (node.name for node in ast.walk(tree) if isinstance(node, ast.ClassDef))
    for node in tree.body:
        match node:
            case ast.TypeAlias(name=ast.Name(id=name)):
                yield name
            case ast.Assign(targets=[ast.Name(id=name)]) if (
                name.lstrip("_")[:1].isupper() and not name.isupper()
            ):
                yield name


def test_no_word_names_two_types():
    """Classes, and types made of others; that one of two is private makes no difference to a reader."""
    places: dict[str, set[str]] = defaultdict(set)
    for place, tree in TREES.items():
        for name in named_types(tree):
            places[name.lstrip("_")].add(place)
    assert {name: where for name, where in places.items() if len(where) > 1} == {}


SHOWN = {"cli", "figures", "tables", "report"}
"""Packages whose modules are named after what they show, as the modules that compute it are."""
PACKAGES = {"__init__", "__main__", "base"}


def test_no_two_modules_of_one_name_do_different_jobs():
    places: dict[str, set[str]] = defaultdict(set)
    for place in map(Path, TREES):
        if place.stem not in PACKAGES and not SHOWN & {*place.parts}:
            places[place.stem].add(place.as_posix())
    assert {name: where for name, where in places.items() if len(where) > 1} == {}


FRAGMENT = re.compile(r"(?:As|Between|Beyond|By|For|From|In|Its|Of|On|Told|Their|Theirs|To|Under|With)\b")


def docstrings(tree: ast.Module) -> Iterator[str]:
    """Yield what stands in quotes by itself: of modules, classes, functions, and below what it is about."""
    for node in ast.walk(tree):
        body = getattr(node, "body", ())
        for statement in body if isinstance(body, list) else ():
            match statement:
                case ast.Expr(value=ast.Constant(value=str(text))):
                    yield " ".join(text.split())


def test_docstrings_say_what_a_thing_is_or_does():
    """They begin with a noun or a verb: not "Of a label.", but "Most lines of a label."."""
    found = [f"{place}: {text[:60]}" for place, tree in TREES.items() for text in docstrings(tree)]
    assert [each for each in found if FRAGMENT.match(each.partition(": ")[2])] == []


ADJECTIVE = re.compile(
    r"[a-z]{2,}(?:ed|ing|[ai]ble|al|ic|ive|ary|ous|ful|less|endent|erent|arent|iate)"
    r"|discrete|drawn|exact|held|hybrid|joint|kept|known|latin|left|made|shown|told|triangular|yearly"
)
"""A word that says of what kind a thing is or what was done to it: by its ending, or one of these."""
NOUNS = {
    "drawing", "finding", "goal", "interval", "ranking", "reading", "reweighting", "salary", "sampling",
    "standing", "statistic", "summary", "table", "terminal", "trial", "variable",
}  # fmt: skip
"""Nouns that end as adjectives do."""
FIELD_TERMS = {"calibrated", "discrete", "empirical", "hierarchical", "hybrid", "pivotal"}
"""Words that scenarios select a family or a method by, and readers search for."""


def is_named_by_a_noun(word: str) -> bool:
    """Return whether the last word of a name may stand there."""
    return word in NOUNS | FIELD_TERMS or not ADJECTIVE.fullmatch(word)


def test_modules_are_named_by_nouns():
    """Not by a participle or an adjective; of several words, the last is the noun."""
    stems = {place: Path(place).stem.split("_")[-1] for place in TREES if Path(place).stem not in PACKAGES}
    assert [place for place, word in stems.items() if not is_named_by_a_noun(word)] == []


def test_types_are_named_by_nouns():
    """As modules are; a family has the name that scenarios select it by."""
    found = []
    for place, tree in TREES.items():
        marked = {
            node.name
            for node in ast.walk(tree)
            if isinstance(node, ast.ClassDef)
            and "family" in {ast.unparse(each) for each in node.decorator_list}
        }
        for name in {*named_types(tree)} - marked:
            word = re.findall(r"[A-Z][a-z0-9]*", name)[-1].lower()
            if not is_named_by_a_noun(word):
                found.append(f"{place}: {name}")
    assert found == []
