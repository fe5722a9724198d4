"""Functions and classes of ``sim`` and ``studies`` as their source states them, and what docstrings name."""

import ast
from collections.abc import Iterator
from functools import cache, cached_property
from pathlib import Path
from typing import NamedTuple

from numpydoc.docscrape import NumpyDocString

ROOT = Path(__file__).parent.parent
MODULES = sorted(path for package in ("sim", "studies") for path in (ROOT / package).rglob("*.py"))
TREES = {path.relative_to(ROOT).as_posix(): ast.parse(path.read_text(encoding="utf-8")) for path in MODULES}
CLASSES = {
    node.name: node for tree in TREES.values() for node in ast.walk(tree) if isinstance(node, ast.ClassDef)
}
"""Classes by name, of which no two have one."""


class Entry(NamedTuple):
    """One entry of a section, which may be of several names, with its text in one line."""

    names: tuple[str, ...]
    text: str


class Docstring:
    """What a docstring says, by section; one is read by :func:`read`."""

    def __init__(self, text: str) -> None:
        self._sections = NumpyDocString(text)

    def entries(self, section: str) -> list[Entry]:
        """Return the entries of a section, none where it is not there."""
        return [
            Entry(tuple((each.name or each.type).split(", ")), " ".join(" ".join(each.desc).split()))
            for each in self._sections[section]
        ]

    @cached_property
    def parameters(self) -> set[str]:
        """Names that the section Parameters has."""
        return {name for entry in self.entries("Parameters") for name in entry.names}


@cache
def read(text: str) -> Docstring:
    """Return what a docstring says."""
    return Docstring(text)


def lineage(name: str) -> list[ast.ClassDef]:
    """Return a class of these packages and what it derives from, the nearest first."""
    found = [CLASSES[name]] if name in CLASSES else []
    for each in found[:1]:
        for base in each.bases:
            found += lineage(ast.unparse(base).partition("[")[0].rpartition(".")[2])
    return list({each.name: each for each in found}.values())


class Function(NamedTuple):
    """A function, or the method of a class, by its place."""

    place: str
    node: ast.FunctionDef
    owner: ast.ClassDef | None

    @property
    def arguments(self) -> list[str]:
        """Names of its arguments without `self` and `cls`; those that gather others have their stars."""
        stated = self.node.args
        arguments = [*stated.posonlyargs, *stated.args, *stated.kwonlyargs]
        named = [each.arg for each in arguments if each.arg not in ("self", "cls")]
        named += [f"*{stated.vararg.arg}"] if stated.vararg else []
        return named + ([f"**{stated.kwarg.arg}"] if stated.kwarg else [])

    @property
    def wanted(self) -> set[str]:
        """Sections of which it must have one: none where it returns nothing."""
        result = ast.unparse(self.node.returns) if self.node.returns else "None"
        if result in ("None", "Never", "NoReturn"):
            return set()
        yields = any(isinstance(each, ast.Yield | ast.YieldFrom) for each in own_nodes(self.node))
        if yields:
            return {"Yields"}
        return {"Returns", "Yields"} if result.startswith(("Iterator", "Generator")) else {"Returns"}

    @property
    def docstring(self) -> str:
        """Its own docstring, or that of the method which it overrides, as help and the pages show it."""
        stated = [self.node]
        for base in lineage(self.owner.name)[1:] if self.owner else ():
            stated += [each for each in base.body if isinstance(each, ast.FunctionDef)
                       and each.name == self.node.name]  # fmt: skip
        return next(filter(None, map(ast.get_docstring, stated)), "")

    def lacks(self) -> list[str]:
        """Return what its docstring lacks, and names that are no arguments of it."""
        said = read(self.docstring)
        lacking = {*self.arguments} ^ said.parameters
        return sorted(lacking) + (
            ["Returns"] if self.wanted and not any(map(said.entries, self.wanted)) else []
        )


def own_nodes(node: ast.AST) -> Iterator[ast.AST]:
    """Yield the nodes of a function without those of functions inside it."""
    for each in ast.iter_child_nodes(node):
        yield each
        if not isinstance(each, ast.FunctionDef | ast.Lambda):
            yield from own_nodes(each)


def functions(name: str) -> Iterator[Function]:
    """Yield the public functions of a module and the public methods of all its classes, private ones too."""
    place = name.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
    tree = TREES[name]
    for owner in [None, *(each for each in ast.walk(tree) if isinstance(each, ast.ClassDef))]:
        above = f"{place}.{owner.name}" if owner else place
        for node in statements((owner or tree).body):
            marks = {ast.unparse(each) for each in getattr(node, "decorator_list", ())}
            if isinstance(node, ast.FunctionDef) and node.name[0] != "_" and "overload" not in marks:
                yield Function(f"{above}.{node.name}", node, owner)


def statements(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """Yield statements with those that stand under a condition."""
    for node in body:
        yield node
        if isinstance(node, ast.If):
            yield from statements([*node.body, *node.orelse])


def fields(node: ast.ClassDef) -> list[str]:
    """Return what makes an object of a class: fields, or arguments, of which one alone need not be told."""
    family = lineage(node.name)
    bases = {ast.unparse(base) for each in family for base in each.bases}
    makers = [each for each in node.body if isinstance(each, ast.FunctionDef)
              and each.name in ("__init__", "__new__")]  # fmt: skip
    if makers:
        arguments = Function("", makers[0], node).arguments
        return arguments if len(arguments) > 1 else []
    is_model = bool(bases & {"BaseModel", "NamedTuple"})
    if not is_dataclass(node) and not is_model:
        return []
    return [
        name for each in reversed(family) if is_model or is_dataclass(each) for name in stated_fields(each)
    ]


def is_dataclass(node: ast.ClassDef) -> bool:
    """Tell whether a class is marked as a dataclass itself."""
    return any(ast.unparse(each).partition("(")[0] == "dataclass" for each in node.decorator_list)


def stated_fields(node: ast.ClassDef) -> Iterator[str]:
    """Yield the fields that a class states itself, but those with a description of their own."""
    for each in node.body:
        match each:
            case ast.AnnAssign(target=ast.Name(id=name)) if name[0] != "_":
                stated = ast.unparse(each)
                if not any(word in stated for word in (": ClassVar", "init=False", "description=")):
                    yield name


def public_classes() -> Iterator[tuple[str, ast.ClassDef]]:
    """Yield the public classes, each with its place."""
    for place, tree in TREES.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef) and node.name[0] != "_":
                yield f"{place}: {node.name}", node
