"""Nobody outside ``sim.distributions`` asks which family a parameter is: families answer for themselves."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import sim
from sim.distributions import FAMILIES, ContinuousLaw
from sim.distributions.base import FamilyBase
from sim.distributions.selection import MODULES

PACKAGE = Path(sim.__file__).parent
OWN_WORDS = "evidence/hierarchical"
"""Whose models of how counts disperse have words of their own, of which two are those of families."""
CLASSES = {
    node.name
    for module in MODULES
    for node in ast.walk(ast.parse((PACKAGE / "distributions" / f"{module}.py").read_text(encoding="utf-8")))
    if isinstance(node, ast.ClassDef)
}
"""Families, and what else stands in their modules: components, laws, sources."""
ANSWERS = {name for law in (FamilyBase, ContinuousLaw, *FAMILIES.values()) for name in dir(law)} | {
    key for family in FAMILIES.values() for key in family.model_fields
}
"""What families and laws have: whether one has it is asked of no object outside the package."""
STATED = re.compile(r'\bdistribution"? *(?:[=:] *")?([\w-]+)')


def named(tree: ast.Module) -> Iterator[str]:
    """Yield the families that code names: by class, by the word that selects them, or by what they have."""
    for node in ast.walk(tree):
        yield from by_word(node)
        match node:
            case ast.ImportFrom(module=str(module), names=names) if module.startswith("sim.distributions"):
                yield from (each.name for each in names if each.name in CLASSES)
            case ast.Call(func=ast.Name(id="hasattr"), args=[_, ast.Constant(value=key)]):
                yield from {f"hasattr {key}"} if key in ANSWERS else ()
            case ast.Call(func=ast.Name(id="getattr"), args=[_, ast.Constant(value=key), _]):
                yield from {f"getattr {key}"} if key in ANSWERS else ()


def by_word(node: ast.AST) -> Iterator[str]:
    """Yield the families that a node compares with, or states as a scenario does."""
    match node:
        case ast.Compare() | ast.MatchValue():
            words = (part.value for part in ast.walk(node) if isinstance(part, ast.Constant))
            yield from (word for word in words if isinstance(word, str) and word in FAMILIES)
        case ast.Dict(keys=keys, values=values):
            for key, value in zip(keys, values, strict=True):
                if isinstance(key, ast.Constant) and key.value == "distribution":
                    yield ast.unparse(value).strip("'")
        case ast.Constant(value=str(text)):
            yield from (word for word in STATED.findall(text) if word in FAMILIES)


def test_no_family_is_named_outside_its_package() -> None:
    found = {
        f"{path.relative_to(PACKAGE)}: {name}"
        for path in sorted(PACKAGE.rglob("*.py"))
        if "distributions" not in path.relative_to(PACKAGE).parts and OWN_WORDS not in path.as_posix()
        for name in named(ast.parse(path.read_text()))
    }
    assert not found


def test_a_name_would_be_found() -> None:
    lines = [
        "from sim.distributions import Dirichlet, Law",
        "if parameter.distribution == 'beta':",
        "    hasattr(law, 'isf'), getattr(parameter, 'file', '')",
        """table = {'distribution': 'pert', **rest}; text = 'x={ distribution = "constant" }'""",
    ]
    found = ["Dirichlet", "beta", "constant", "getattr file", "hasattr isf", "pert"]
    assert sorted(named(ast.parse("\n".join(lines)))) == found


def test_each_family_stands_in_the_module_that_is_listed_for_its_word() -> None:
    files = {path.stem: path.read_text() for path in (PACKAGE / "distributions").glob("*.py")}
    assert {name for name, text in files.items() if "\n@family\n" in text} == MODULES.keys()
    for module, words in MODULES.items():
        assert {FAMILIES[word].__module__ for word in words} == {f"sim.distributions.{module}"}
        assert files[module].count("\n@family\n") == len(words)
