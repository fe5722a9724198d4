"""Names and docstrings, counted over all modules of ``sim`` and ``studies``."""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from docs.generate.commands import commands
from sim.cli.app import app
from studies.commands import app as studies_app
from tests.signatures import TREES, Entry, Function, fields, functions, lineage, public_classes, read


def command_contexts() -> list[typer.Context]:
    """Return a context of every command, those of ``python -m studies`` among them."""
    groups = {"sim": app, "studies": studies_app}
    tops = [typer.Context(typer.main.get_command(each), info_name=name) for name, each in groups.items()]
    return [context for top in tops for context in commands(top)]


def callback(context: typer.Context) -> str:
    """Return the place of the function that a command calls."""
    called: Any = context.command.callback
    return f"{called.__module__}.{called.__qualname__}"


def public_functions() -> list[Function]:
    """Return the public functions and methods of two arguments or more.

    A command's docstring is its help: :func:`test_every_option_of_a_command_has_a_help_text` stands for it.
    """
    told_by_options = set(map(callback, command_contexts()))
    found = [each for name in TREES for each in functions(name)]
    return [each for each in found if len(each.arguments) >= 2 and each.place not in told_by_options]


def test_public_functions_name_every_parameter_and_say_what_they_return():
    """Of two arguments or more, methods of private classes among them; what is yielded has a section Yields.

    A method without a docstring has that of the method which it overrides.
    """
    found = public_functions()
    lacking = {each.place: each.lacks() for each in found if each.lacks()}
    assert not lacking, f"{len(lacking)} of {len(found)}: {lacking}"


def test_every_option_of_a_command_has_a_help_text():
    found = [
        (context.command_path, each) for context in command_contexts() for each in context.command.params
    ]
    assert len(found) > 100
    assert [(path, each.name) for path, each in found if not getattr(each, "help", "")] == []


def parameters(node: ast.ClassDef) -> set[str]:
    """Return the names in the section Parameters of a class's own docstring."""
    return read(ast.get_docstring(node) or "").parameters


def test_public_classes_name_every_field_and_nothing_else():
    """Dataclasses, named tuples and models; others name what makes them, if it is more than one thing.

    A field that is inherited may be told where it is stated, a model's have a description of its own.
    """
    found = {place: node for place, node in public_classes() if fields(node)}
    told = {place: set().union(*map(parameters, lineage(node.name))) for place, node in found.items()}
    lacking = {place: sorted({*fields(node)} - told[place]) for place, node in found.items()}
    strange = {place: sorted(parameters(node) - {*fields(node)}) for place, node in found.items()}
    assert len(found) > 250
    assert {place: names for place, names in lacking.items() if names} == {}
    assert {place: names for place, names in strange.items() if names} == {}


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


RIDDLE = re.compile(r"(?:As|Between|Beyond|By|For|From|In|None|Of|On|See|That|Those|To|Under|With)\b|[(]")


def entries(section: str) -> Iterator[tuple[str, Entry]]:
    """Yield the entries of a section, of whatever function or class, with its module and name."""
    for place, tree in TREES.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.ClassDef) and (text := ast.get_docstring(node)):
                yield from ((f"{place}: {node.name}", each) for each in read(text).entries(section))


@pytest.mark.parametrize("section", ["Parameters", "Attributes", "Returns", "Yields", "Raises"])
def test_what_is_taken_and_given_is_told_by_what_it_is(section: str):
    """Entries begin with a noun or a verb: not "Of a run", but "The scenario of a run"; errors, with when."""
    assert [
        (place, each) for place, each in entries(section) if RIDDLE.match(each.text) or not each.text
    ] == []


@pytest.mark.parametrize("section", ["Parameters", "Attributes"])
def test_every_parameter_has_an_entry_of_its_own(section: str):
    """Not "low, high: Ends of the range": of more than two nobody can tell which text is of which name."""
    assert [(place, each) for place, each in entries(section) if len(each.names) > 1] == []


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
