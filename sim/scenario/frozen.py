"""What the tables of a scenario file have in common."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Text = Annotated[str, Field(min_length=1)]


class Frozen(BaseModel):
    """A table of the file: immutable, no unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid")
