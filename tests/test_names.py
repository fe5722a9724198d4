"""Names and docstrings, counted over all modules of ``sim``."""

import ast
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

MODULES = sorted((Path(__file__).parent.parent / "sim").rglob("*.py"))


class Function(NamedTuple):
    """A public function or method, as its source states it."""

    place: str
    node: ast.FunctionDef

    @property
    def n_arguments(self) -> int:
        """Number of arguments without `self` and `cls`."""
        stated = self.node.args
        arguments = [*stated.posonlyargs, *stated.args, *stated.kwonlyargs]
        return sum(each.arg not in ("self", "cls") for each in arguments)

    @property
    def gives_something(self) -> bool:
        """Whether it returns anything but ``None``."""
        found = self.node.returns
        return found is not None and not (isinstance(found, ast.Constant) and found.value is None)


def functions(body: list[ast.stmt], place: str) -> Iterator[Function]:
    """Yield the public functions of a module or class, but those whose text is that of what they override."""
    for node in body:
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            yield from functions(node.body, f"{place}.{node.name}")
        elif isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
            marks = {each.id for each in node.decorator_list if isinstance(each, ast.Name)}
            if not marks & {"override", "overload"}:
                yield Function(f"{place}.{node.name}", node)


def public() -> list[Function]:
    """Return the public functions of two arguments or more; a command's docstring is its help and apart."""
    found = [
        each
        for path in MODULES
        if path.parent.name != "cli"
        for each in functions(ast.parse(path.read_text(encoding="utf-8")).body, str(path))
    ]
    return [each for each in found if each.n_arguments >= 2]


@pytest.mark.parametrize("section", ["Parameters", "Returns"])
def test_public_functions_say_what_they_take_and_give(section: str):
    """Of two arguments or more; a generator's section is named Yields."""
    lacking = []
    for each in public():
        text = ast.get_docstring(each.node) or ""
        wanted = ("Returns", "Yields") if section == "Returns" else (section,)
        if section == "Returns" and not each.gives_something:
            continue
        if not any(f"{name}\n{'-' * len(name)}" in text for name in wanted):
            lacking.append(each.place)
    assert not lacking, f"{len(lacking)} of {len(public())}: {lacking}"


def test_no_two_classes_have_one_name():
    places: dict[str, list[str]] = defaultdict(list)
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef):
                places[node.name].append(str(path))
    assert {name: where for name, where in places.items() if len(where) > 1} == {}
