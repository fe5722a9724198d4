"""Dates as people write them in tables: with dashes, dots, slashes, or the month's name."""

import re
from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from typing import Literal

Order = Literal["day", "month", ""]

MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
MONTH = r"(?P<name>[A-Za-z]{3,9})\.?"
SLASHES = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
FORMS = (
    re.compile(r"(?P<year>\d{4})([-/.])(?P<month>\d{1,2})\2(?P<day>\d{1,2})"),
    re.compile(r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})"),
    re.compile(r"(?P<day>\d{1,2})\.\s?(?P<month>\d{1,2})\.\s?(?P<year>\d{4})"),
    re.compile(rf"(?P<day>\d{{1,2}})\.?[\s-]{MONTH}[\s-](?P<year>\d{{4}})"),
    re.compile(rf"{MONTH}\s(?P<day>\d{{1,2}})(st|nd|rd|th)?,?\s(?P<year>\d{{4}})"),
)
MIDNIGHT = re.compile(r"[T ]00:00(:00(\.0+)?)?Z?")


def slash_order(texts: Iterable[str]) -> Order:
    """Return what stands first in dates with slashes, as those of a file show that cannot be otherwise.

    Parameters
    ----------
    texts
        All dates of the file; ``2/16/2020`` shows that the month stands first.

    Returns
    -------
    str
        ``day`` or ``month``; empty where no date shows it, or they contradict each other.

    Examples
    --------
    >>> slash_order(["3/4/2024", "17/4/2024"]), slash_order(["3/4/2024"])
    ('day', '')
    """
    parts = [(int(found[1]), int(found[2])) for text in texts if (found := SLASHES.match(text))]
    day_first, month_first = any(first > 12 for first, _ in parts), any(second > 12 for _, second in parts)
    return "" if day_first == month_first else "day" if day_first else "month"


@lru_cache(maxsize=4096)
def read_date(text: str, order: Order) -> date | None:
    """Return the date that a text states, or ``None`` where it states none, or more than one.

    Parameters
    ----------
    text
        ``2020-02-16``, ``16.2.2020``, ``2/16/2020``, ``16 February 2020``, ``Feb 16, 2020``, with or without
        midnight after it, as spreadsheets write it.
    order
        What stands first in dates with slashes.

    Returns
    -------
    date
        A calendar date.

    Examples
    --------
    >>> print(read_date("16 Feb 2020", ""), read_date("4/3/2024", "day"), read_date("4/3/2024", ""))
    2020-02-16 2024-03-04 None
    """
    text = MIDNIGHT.sub("", text)
    if found := SLASHES.fullmatch(text):
        first, second, year = map(int, found.groups())
        day, month = (first, second) if order == "day" or first == second else (second, first)
        return _calendar(year, month, day) if order or first == second else None
    for form in FORMS:
        if found := form.fullmatch(text):
            parts = found.groupdict()
            month = int(parts["month"]) if "month" in parts else _month(parts["name"])
            return _calendar(int(parts["year"]), month, int(parts["day"]))
    return None


def _month(name: str) -> int:
    """Return the number of a month by its English name or three letters of it, or 0."""
    letters = name.lower()
    return next((place for place, each in enumerate(MONTHS, 1) if letters in (each, each[:3], each[:4])), 0)


def _calendar(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
