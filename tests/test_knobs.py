"""A parameter with a default is passed by some call of the program: none is there for tests alone."""

import ast
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parent.parent
TREES = {
    path.relative_to(ROOT): ast.parse(path.read_text(encoding="utf-8"))
    for package in ("sim", "studies")
    for path in sorted((ROOT / package).rglob("*.py"))
}
USERS = ("sim/interface/", "sim/cli/", "studies/commands.py")
"""What people call: from Python, and by the options of commands."""
OF_LIBRARIES = {"Numbers.__call__: pos"}
"""Parameters that a library passes."""


class Call(NamedTuple):
    """How many arguments a call passes by place, which by name, and whether it passes others unpacked."""

    n_places: int
    names: frozenset[str]
    is_open: bool

    def passes(self, place: int | None, name: str) -> bool:
        """Return whether it passes a parameter of a place (without one, by name only)."""
        return self.is_open or name in self.names or (place is not None and self.n_places > place)


def module_of(path: Path) -> str:
    """Return the name by which a module is imported."""
    return ".".join(path.with_suffix("").parts).removesuffix(".__init__")


def calls() -> dict[str, list[Call]]:
    """Return all calls: of functions by module and name; of attributes by their last name, after a dot."""
    found = defaultdict(list)
    for path, tree in TREES.items():
        nodes, stands = [*ast.walk(tree)], {}
        for node in nodes:
            if isinstance(node, ast.ImportFrom):
                stands |= {each.asname or each.name: f"{node.module}.{each.name}" for each in node.names}
        for node in (node for node in nodes if isinstance(node, ast.Call)):
            called, arguments = node.func, node.args
            if isinstance(called, ast.Name) and called.id == "partial":
                called, *arguments = arguments
            names = frozenset(each.arg for each in node.keywords if each.arg)
            is_open = len(names) < len(node.keywords) or any(isinstance(a, ast.Starred) for a in arguments)
            call = Call(len(arguments), names, is_open)
            match called:
                case ast.Name(id=name):
                    found[stands.get(name, f"{module_of(path)}.{name}")].append(call)
                case ast.Attribute(attr=name):
                    found[f".{name}"].append(call)
    return found


def functions() -> Iterator[tuple[str, tuple[str, ...], ast.FunctionDef, int]]:
    """Yield functions and methods: name, names they are called by, node, places before the first."""
    for path, tree in TREES.items():
        if path.as_posix().startswith(USERS):
            continue
        for node in tree.body:
            if isinstance(node, ast.FunctionDef):
                yield node.name, (f"{module_of(path)}.{node.name}", f".{node.name}"), node, 0
            for method in node.body if isinstance(node, ast.ClassDef) else ():
                if isinstance(method, ast.FunctionDef):
                    is_made = method.name in ("__init__", "__new__")
                    called_by = f"{module_of(path)}.{node.name}" if is_made else f".{method.name}"
                    is_bound = "staticmethod" not in {ast.unparse(each) for each in method.decorator_list}
                    yield f"{node.name}.{method.name}", (called_by,), method, int(is_bound)


def test_no_parameter_is_there_for_tests_alone():
    """A limit that a test must lower is a constant of its module, which the test sets."""
    made, found = calls(), set()
    for name, called_by, node, n_before in functions():
        stated = node.args
        places = [*stated.posonlyargs, *stated.args]
        optional = [
            (n - n_before, each.arg)
            for n, each in enumerate(places)
            if n >= len(places) - len(stated.defaults)
        ]
        optional += [
            (None, each.arg)
            for each, default in zip(stated.kwonlyargs, stated.kw_defaults, strict=True)
            if default is not None
        ]
        of_it = [call for each in called_by for call in made[each]]
        found |= {f"{name}: {key}" for place, key in optional if not any(c.passes(place, key) for c in of_it)}
    assert found == OF_LIBRARIES
