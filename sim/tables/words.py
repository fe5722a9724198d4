"""A stated distribution in words, and numbers as they were stated."""

import math
from collections.abc import Iterator, Mapping
from pathlib import Path

from pydantic import BaseModel

from sim.distributions import FamilyBase
from sim.distributions.statements import LEVELS
from sim.scenario.parameters import Described
from sim.summary.digits import SUFFIXES, cut, needs_power
from sim.summary.row import Row

BESIDES = {"distribution", *Described.model_fields}
DIGITS_WITHOUT_ERROR = 2e-4
"""Relative error taken for a number whose own is not known: three digits are printed."""
SUFFIX_NOTE = "K, M, B and T stand for 10³, 10⁶, 10⁹ and 10¹²."
KEYS = {"sd": "standard deviation", "df": "degrees of freedom", "of": ""}


def stated_number(value: float) -> str:
    """Return a number as exact as it was stated, at most twelve digits, in suffixes of a thousand.

    Examples
    --------
    >>> stated_number(300_000.0), stated_number(1.3e12), stated_number(0.1), stated_number(-1_234_567.0)
    ('300 K', '1.3 T', '0.1', '-1.234567 M')
    """
    if needs_power(value) or not math.isfinite(value):
        return f"{value:.12g}"
    for power, suffix in SUFFIXES.items():
        if abs(value) >= 10.0**power * (10 if power == 3 else 1):
            return f"{value / 10.0**power:.12g} {suffix}"
    return f"{value:,.12g}"


def printed(value: float, error: float) -> str:
    """Return a number cut to its Monte Carlo error (:func:`sim.summary.digits.cut`); nothing for NaN.

    Examples
    --------
    >>> printed(131.46, 0.7), printed(float("nan"), 0.0)
    ('130', '')
    """
    return "" if math.isnan(value) else cut(value, error)


def row_text(row: Row) -> str:
    """Return the value of a row as :func:`printed`, or what stands in place of one that must not be quoted.

    Examples
    --------
    >>> row_text(Row("y", "", "median", 0.0, 1.5, 0.01, "1", "not unique: no mass from 1 to 2"))
    '1.5 (not unique)'
    """
    return printed(row.value, row.mc_error) + row.remark if row.is_quotable else row.status


def lowered(text: str) -> str:
    """Return words as they stand inside a sentence; an opening acronym keeps its capitals.

    Examples
    --------
    >>> lowered("Cost of a post"), lowered("AI value")
    ('cost of a post', 'AI value')
    """
    return text[:1].lower() + text[1:] if text[1:2].islower() or not text[1:2].isalpha() else text


def raised(text: str) -> str:
    """Return words with a capital first."""
    return text[:1].upper() + text[1:]


def distribution_in_words(family: FamilyBase, component: str = "") -> str:
    """Return the family and the numbers that state it.

    Parameters
    ----------
    family
        A parameter, or a family inside one.
    component
        The share that the words are about, which a Dirichlet needs.

    Examples
    --------
    >>> from sim.distributions import Lognormal, Truncated
    >>> pay = Lognormal(distribution="lognormal", median=300_000, p95=365_000)
    >>> distribution_in_words(pay)
    'lognormal, median 300 K, 95 % quantile 365 K'
    >>> distribution_in_words(Truncated(distribution="truncated", of=pay, low=200_000.0))
    'truncated (lognormal, median 300 K, 95 % quantile 365 K), low 200 K'
    """
    parts = list(_parts(family, component))
    head = family.label or family.distribution.replace("-", " ")
    return ", ".join([head, *parts]).replace(", (", " (", 1)


def _parts(family: BaseModel, component: str) -> Iterator[str]:
    for key in type(family).model_fields:
        value = getattr(family, key)
        if key in BESIDES or value is None:
            continue
        if isinstance(value, Mapping):
            yield _share(key, value, component)
        elif key == "file":
            yield f"file {Path(str(value)).name}"
        else:
            yield f"{_key(key)} {_value(value)}".strip()


def _share(key: str, shares: Mapping[str, float], component: str) -> str:
    """Return the stated number of one share; an alpha says nothing without the sum of all."""
    stated = f"{key.removesuffix('s')} {stated_number(shares[component])}"
    return stated if key == "means" else f"{stated} of {stated_number(math.fsum(shares.values()))}"


def _key(key: str) -> str:
    if key in LEVELS and key != "median":
        return f"{100 * LEVELS[key]:g} % quantile"
    return KEYS.get(key, key.replace("_", " "))


def _value(value: object) -> str:
    match value:
        case FamilyBase():
            return f"({distribution_in_words(value)})"
        case BaseModel():  # a component of a mixture
            return " ".join(_parts(value, ""))
        case tuple():
            return ", ".join(_value(part) for part in value)
        case int() | float():
            return stated_number(value)
        case _:
            return str(value)
