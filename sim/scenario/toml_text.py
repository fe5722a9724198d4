"""Single values written in TOML's notation, on one line."""

import json
from collections.abc import Mapping


def toml_text(value: object) -> str:
    """Return a value as TOML: numbers short, tables inline.

    Examples
    --------
    >>> toml_text(300_000.0), toml_text(1.3e12), toml_text(0.42)
    ('300_000', '1.3e12', '0.42')
    >>> toml_text({"low": 1, "names": ["a", "b"]})
    '{ low = 1, names = ["a", "b"] }'
    """
    match value:
        case bool():
            return str(value).lower()
        case int() | float():
            return _number(float(value))
        case Mapping():
            return f"{{ {', '.join(f'{key} = {toml_text(part)}' for key, part in value.items())} }}"
        case list() | tuple():
            return f"[{', '.join(toml_text(part) for part in value)}]"
        case _:
            return json.dumps(str(value), ensure_ascii=False)


def _number(value: float) -> str:
    if value.is_integer() and abs(value) < 1e9:
        return f"{int(value):_}"
    text = repr(value)
    for digits in range(1, 17):
        short = f"{value:.{digits}g}"
        if float(short) == value:
            text = short
            break
    return text.replace("e+", "e")
