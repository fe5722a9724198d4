"""What each key of a table is, read from its model's docstring: for editors and the reference.

A model's docstring states its keys once, in a numpydoc section *Parameters*; it is inherited as fields are.
"""

import inspect
import re

from pydantic import BaseModel

HEADING = re.compile(r"^(\w+)\n-{3,}\n", re.MULTILINE)


def key_descriptions(model: type[BaseModel]) -> dict[str, str]:
    """Return the description of every described key of a model, in Markdown.

    Examples
    --------
    >>> from sim.scenario.prices import PriceIndex
    >>> key_descriptions(PriceIndex)["factor"]
    "Prices of the scenario's year over prices of the parameter's."
    """
    found: dict[str, str] = {}
    for base in reversed(model.__mro__):
        section = _sections(base).get("Parameters", "") if issubclass(base, BaseModel) else ""
        for entry in re.split(r"\n(?=\S)", section.strip("\n")):
            names, _, text = entry.partition("\n")
            found |= {name: _markdown(text) for name in names.split(", ") if name}
    return found


def table_description(model: type[BaseModel]) -> str:
    """Return what a model says of itself before its sections, a paragraph a line, in Markdown.

    Examples
    --------
    >>> from sim.scenario.prices import PriceIndex
    >>> table_description(PriceIndex)
    "The factor from a parameter's price year to the scenario's."
    """
    paragraphs = _sections(model)[""].strip().split("\n\n")
    return "\n".join(_markdown(paragraph) for paragraph in paragraphs)


def _sections(model: type) -> dict[str, str]:
    """Split a class's own docstring at its headings; what comes before the first is under an empty name."""
    before, *rest = HEADING.split(inspect.cleandoc(model.__doc__ or ""))
    return {"": before, **dict(zip(rest[::2], rest[1::2], strict=True))}


def _markdown(text: str) -> str:
    """Make one line, with one backtick where reStructuredText has two, or a role."""
    return re.sub(r":\w+:`([^`]*)`", r"`\1`", " ".join(text.split()).replace("``", "`"))
