"""Whole numbers as people write large ones."""

import math

import typer


def whole_number(text: str) -> int:
    """Return a whole number written plainly, with a decimal exponent, or with underscores or commas.

    Raises
    ------
    BadParameter
        If it is not a whole number.

    Examples
    --------
    >>> whole_number("1e9"), whole_number("65_536"), whole_number("2.5e6")
    (1000000000, 65536, 2500000)
    """
    plain = text.replace(",", "").replace("_", "")
    try:
        return int(plain)
    except ValueError:
        pass
    try:
        number = float(plain)
    except ValueError:
        number = math.nan
    if not math.isfinite(number) or number != int(number):
        raise typer.BadParameter(f"{text!r} is not a whole number; write 65536, 65_536 or 1e9")
    return int(number)
