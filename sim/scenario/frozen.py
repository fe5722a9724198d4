"""What the tables of a scenario file have in common: they are frozen, and hold texts and names."""

import keyword
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from sim.formulas import CONSTANTS, FUNCTIONS

Text = Annotated[str, Field(min_length=1)]


class Frozen(BaseModel):
    """A table of the file: immutable, no unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def _not_reserved(name: str) -> str:
    if name in FUNCTIONS or name in CONSTANTS or keyword.iskeyword(name):
        raise ValueError(f"{name!r} is a word of the formula language and cannot be a name")
    return name


Name = Annotated[
    str,
    StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9_]*$", max_length=80),
    AfterValidator(_not_reserved),
]
"""A letter, then letters, digits and underscores; no word of the formula language."""
