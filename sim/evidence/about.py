"""What is known of a survey beyond its counts: who made it, when, and what was published from it."""

from datetime import date
from pathlib import Path

from pydantic import ConfigDict, NonNegativeInt, ValidationError

from sim.citations import Cited
from sim.faults import Fault, InvalidInputError, nearest_name
from sim.input_file import read_input, text_of
from sim.toml_input import TomlError, parse_toml

NAME = "survey.toml"
MAX_BYTES = 2**20


class About(Cited):
    """The content of ``survey.toml``.

    Parameters
    ----------
    title
        Name of the survey.
    citation
        Where it was published.
    licence
        Terms of the data.
    extracted
        Day by which the source had been surveyed.
    published_contributor_periods
        Number of contributor-periods in the publication, where it differs from the data.
    notes
        What the counts cannot show, one sentence each.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: str
    citation: str
    licence: str
    extracted: date | None = None
    published_contributor_periods: NonNegativeInt | None = None
    notes: tuple[str, ...] = ()


def read_about(folder: Path) -> About | None:
    """Read ``survey.toml``, which a folder of survey files may have.

    Raises
    ------
    InvalidInputError
        If the file is there and is not TOML, lacks a key, or has one unknown or of the wrong type.
    """
    path = folder / NAME
    if not path.exists():
        return None
    content = read_input(path, "a TOML file", MAX_BYTES)
    try:
        table = parse_toml(text_of(content))
    except TomlError as error:
        fault = Fault(str(path), error.place, f"not TOML: {error.problem}", error.instead or "a TOML file")
        raise InvalidInputError([fault]) from error
    except ValueError as error:
        raise InvalidInputError([Fault(str(path), "", str(error), "a TOML file")]) from error
    try:
        return About.model_validate(table)
    except ValidationError as error:
        raise InvalidInputError(
            [_fault(path, *item["loc"], problem=item["msg"]) for item in error.errors()]
        ) from None


def _fault(path: Path, *key: str | int, problem: str) -> Fault:
    names = list(About.model_fields)
    nearest = nearest_name(str(key[0]), names) if key and key[0] not in names else ""
    return Fault(str(path), ".".join(map(str, key)), problem, ", ".join(names), nearest)
