"""Values and laws of a scenario in short words."""

from collections.abc import Mapping

from sim.distributions import FAMILIES
from sim.scenario.parameters import Described, Parameter

SUFFIXES = {1e12: "T", 1e9: "B", 1e6: "M"}
NOT_OF_THE_LAW = {"distribution", *Described.model_fields}


def number_words(value: float) -> str:
    """Return a stated number to all its digits, millions and more by suffix.

    Examples
    --------
    >>> number_words(172.3e9), number_words(110_000), number_words(0.42), number_words(3)
    ('172.3 B', '110,000', '0.42', '3')
    """
    for size, suffix in SUFFIXES.items():
        if abs(value) >= size:
            return f"{value / size:.12g} {suffix}"
    return f"{value:,.12g}"


def value_words(value: object) -> str:
    """Return any value of a scenario file in words: tables as ``key value``, lists in order.

    Examples
    --------
    >>> value_words({"a": 1, "b": [2.5, 3]}), value_words(True), value_words("capped")
    ('a 1, b [2.5, 3]', 'true', 'capped')
    """
    match value:
        case bool():
            return str(value).lower()
        case int() | float():
            return number_words(value)
        case Mapping():
            return ", ".join(f"{key} {_nested(part)}" for key, part in value.items())
        case list() | tuple():
            return f"[{', '.join(_nested(part) for part in value)}]"
        case _:
            return str(value)


def _nested(value: object) -> str:
    return f"({value_words(value)})" if isinstance(value, Mapping) else value_words(value)


def law_words(entry: Mapping[str, object]) -> str:
    """Return the law that a parameter's table states.

    Examples
    --------
    >>> law_words({"distribution": "lognormal", "median": 3e5, "p95": 365_000, "kind": "judgement"})
    'lognormal, median 300,000, p95 365,000'
    >>> law_words({"distribution": "constant", "value": 0.1})
    'constant 0.1'
    >>> law_words({"distribution": "constant", "value": 2, "price_index": {"factor": 1.5, "source": "x"}})
    'constant 2, times 1.5 by price index'
    """
    stated = {key: value for key, value in entry.items() if key not in NOT_OF_THE_LAW}
    family = str(entry.get("distribution", "?"))
    plain_key = ""
    if family in FAMILIES:  # an overlay's keys come last, wherever they belong
        plain_key, order = FAMILIES[family].plain_key, list(FAMILIES[family].model_fields)
        stated = dict(sorted(stated.items(), key=lambda item: _place(item[0], order)))
    if plain_key:
        words = f"{family} {value_words(stated.get(plain_key))}"
    else:
        words = ", ".join(part for part in (family, _stated_words(stated)) if part)
    index = entry.get("price_index")
    return words + (f", times {_factor(index)} by price index" if isinstance(index, Mapping) else "")


def _stated_words(stated: Mapping[str, object]) -> str:
    return ", ".join(f"{key} {_nested(value)}" for key, value in stated.items())


def _place(key: str, order: list[str]) -> int:
    return order.index(key) if key in order else len(order)


def _factor(index: Mapping[str, object]) -> str:
    return value_words(index.get("factor"))


def parameter_words(parameter: Parameter) -> str:
    """Return the law of a loaded parameter in words; defaults that nobody stated are left out."""
    return law_words(parameter.model_dump(mode="json", exclude_none=True, exclude_unset=True))
