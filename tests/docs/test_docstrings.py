"""Docstrings of the public modules, as numpydoc's own validation sees them."""

import importlib
import inspect
import re
from collections.abc import Iterator
from types import ModuleType

import pytest
from numpydoc.validate import validate
from pydantic import BaseModel

from tests.docs.blocks import ROOT

LISTED = (ROOT / "docs" / "reference" / "python.md").read_text(encoding="utf-8")
PUBLIC = re.findall(r"^   (sim(?:\.\w+)+)$", LISTED, flags=re.MULTILINE)
WRONG = {
    "GL02", "GL06", "GL07", "GL08", "GL10",  # shape; unknown or misplaced sections; no docstring
    "SS01", "SS03", "SS04",  # a summary, with a full stop and no leading blanks
    "PR02", "PR03", "PR05", "PR10",  # parameters that are not there, or in another order
    "RT02",
}  # fmt: skip
"""Codes that count; not GL01 (text starts on the first line), PR01, PR07 to PR09 (types, full stops)."""


def members(module: ModuleType) -> Iterator[str]:
    """Give the public functions, classes and methods that a module itself defines.

    A method that overrides another and has no docstring has the other's: `tests/test_names.py` holds that.
    """
    for name, member in vars(module).items():
        if name.startswith("_") or getattr(member, "__module__", "") != module.__name__:
            continue
        if inspect.isfunction(member):
            yield f"{module.__name__}.{name}"
        if inspect.isclass(member):
            yield f"{module.__name__}.{name}"
            own = {
                key: value
                for key, value in vars(member).items()
                if inspect.isfunction(value) and key[0] != "_"
            }
            said = [key for key, value in own.items() if value.__doc__ or not hasattr(value, "__override__")]
            yield from (f"{module.__name__}.{name}.{key}" for key in said)


def test_public_modules_are_listed():
    assert len(PUBLIC) > 40
    assert len(set(PUBLIC)) == len(PUBLIC)


@pytest.mark.parametrize("name", PUBLIC)
def test_docstrings_of_public_modules_hold_together(name: str):
    module = importlib.import_module(name)
    assert module.__doc__
    for member in vars(module).values():
        if inspect.isclass(member) and issubclass(member, BaseModel) and member is not BaseModel:
            member.model_rebuild()  # a model has its signature from when it is first used
    found = {member: [error for error in validate(member)["errors"] if error[0] in WRONG]
             for member in members(module)}  # fmt: skip
    assert not {member: errors for member, errors in found.items() if errors}
