"""A law in words: its family, and the numbers that state it."""

import math
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from sim.digits import stated_number
from sim.distributions import FAMILIES, FamilyBase
from sim.distributions.statements import LEVELS

KEYS = {"sd": "standard deviation", "df": "degrees of freedom", "of": ""}


def family_words(family: FamilyBase, part: str = "") -> str:
    """Return the law of a family, or of a parameter with its price index, in words.

    Parameters
    ----------
    family
        A parameter, or a family inside one.
    part
        The share that the words are about; left out, they are about all shares.

    Returns
    -------
    str
        The words, as :func:`law_words` returns them.

    Examples
    --------
    >>> from sim.distributions import Lognormal, Truncated
    >>> pay = Lognormal(distribution="lognormal", median=300_000, p95=365_000)
    >>> family_words(Truncated(distribution="truncated", of=pay, low=200_000.0))
    'truncated (lognormal, median 300 K, 95 % quantile 365 K), low 200 K'
    """
    return law_words(family.model_dump(mode="json", exclude_none=True), part)


def law_words(stated: Mapping[str, object], part: str = "") -> str:
    """Return the law that a table of a scenario file states, in words.

    What holds unless stated is left out, and so is what says nothing of the law, such as a source.

    Parameters
    ----------
    stated
        The table; it may name no family at all.
    part
        The share that the words are about; left out, they are about all shares.

    Returns
    -------
    str
        Family, numbers in the order of the family's keys, and price index.

    Examples
    --------
    >>> law_words({"distribution": "lognormal", "p95": 365_000, "median": 3e5, "kind": "judgement"})
    'lognormal, median 300 K, 95 % quantile 365 K'
    >>> law_words({"distribution": "constant", "value": 2, "price_index": {"factor": 1.5, "source": "x"}})
    'constant 2, times 1.5'
    >>> law_words({"distribution": "dirichlet", "means": {"a": 0.1, "b": 0.9}, "concentration": 30}, "a")
    'Dirichlet, mean 0.1, concentration 30'
    """
    family = FAMILIES.get(str(stated.get("distribution")), FamilyBase)
    head = family.label_of(stated)
    if family.plain_key in stated:
        words = f"{head} {_value(stated[family.plain_key])}"
    else:
        words = ", ".join([head, *_statements(family, stated, part)]).replace(", (", " (", 1)
    index = stated.get("price_index")
    if not isinstance(index, Mapping):
        return words
    year = f" in {stated['price_year']} prices" if "price_year" in stated else ""
    return f"{words}{year}, times {_value(index.get('factor'))}"


def cut_at_zero_words() -> str:
    """Return in words how any law is stated without its values below 0.

    Examples
    --------
    >>> cut_at_zero_words()
    'truncated, low 0'
    """
    return law_words({"distribution": "truncated", "low": 0})


def _statements(family: type[FamilyBase], stated: Mapping[str, object], part: str) -> Iterator[str]:
    for key, field in family.model_fields.items():
        value = stated.get(key)
        if key in family.in_label or value is None or value == field.default:
            continue
        if part and isinstance(value, Mapping) and part in value:
            yield _share(key, value, part)
        elif key == "file":
            yield f"file {Path(str(value)).name}"
        else:
            yield f"{_key(key)} {_value(value)}".strip()


def _share(key: str, shares: Mapping[str, float], part: str) -> str:
    """Return the stated number of one share; an alpha says nothing without the sum of all."""
    stated = f"{key.removesuffix('s')} {stated_number(shares[part])}"
    return stated if key == "means" else f"{stated} of {stated_number(math.fsum(shares.values()))}"


def _key(key: str) -> str:
    if key in LEVELS and key != "median":
        return f"{100 * LEVELS[key]:g} % quantile"
    return KEYS.get(key, key.replace("_", " "))


def _value(value: object) -> str:
    match value:
        case bool() | str():
            return str(value)
        case int() | float():
            return stated_number(value)
        case Mapping():
            return _nested(value)
        case Sequence():
            return ", ".join(map(_value, value))
        case _:
            return str(value)


def _nested(stated: Mapping[str, object]) -> str:
    """Return a law inside another, a component of a mixture, or the numbers of all shares."""
    if "distribution" in stated:
        return f"({law_words(stated)})"
    if "of" in stated:
        return " ".join(f"{_key(key)} {_value(value)}".strip() for key, value in stated.items())
    return f"({', '.join(f'{key} {_value(value)}' for key, value in stated.items())})"
