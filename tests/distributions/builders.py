"""Families from the keys of a scenario file."""

from functools import reduce
from operator import or_
from typing import Annotated, Any

import pytest
from pydantic import Field, TypeAdapter, ValidationError

from sim.distributions import FAMILIES, FamilyBase

ADAPTER: TypeAdapter[FamilyBase] = TypeAdapter(
    Annotated[reduce(or_, FAMILIES.values()), Field(discriminator="distribution")]
)


def family(distribution: str, **keys: Any) -> Any:
    """Return the family that a table of a scenario file makes."""
    return ADAPTER.validate_python({"distribution": distribution, **keys})


def refusal(distribution: str, **keys: Any) -> str:
    """Return the message with which a table is refused, each error as ``location: message``."""
    with pytest.raises(ValidationError) as caught:
        family(distribution, **keys)
    errors = caught.value.errors(include_url=False)
    return "; ".join(f"{'.'.join(str(part) for part in error['loc'])}: {error['msg']}" for error in errors)
