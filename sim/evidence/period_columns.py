"""The columns of a file of sampled periods, and what stands for those that it does not have."""

import re
from collections.abc import Collection, Iterator, Mapping

import numpy as np

Counts = np.ndarray[tuple[int, ...], np.dtype[np.int64]]

PLAIN_COUNTS = (
    "contributors",
    "commits",
    "lines_added",
    "lines_deleted",
    "lines_added_published",
    "lines_deleted_published",
    "lines_added_capped",
    "lines_deleted_capped",
)
AUTOMATION = "automation_"
COUNTS = PLAIN_COUNTS + tuple(AUTOMATION + name for name in PLAIN_COUNTS)
DATES = ("start", "end")
COLUMNS = ("label", "repository", *DATES, *COUNTS)
"""Columns of a file with every reading."""

SUMS = {name: re.sub("_(added|deleted)", "", name) for name in COUNTS if "lines" in name}
"""Column that may stand for lines added and lines deleted, by either of them."""
PAIRS = {total: [name for name, of in SUMS.items() if of == total] for total in SUMS.values()}

ENOUGH = ("repository", *DATES, "contributors", "commits", "lines")
"""Columns that are enough."""

POPULATION = "population"
"""How many periods the life of a label has, of which those of the file are all or a sample."""

KNOWN = tuple(dict.fromkeys((*COLUMNS, *SUMS.values(), POPULATION)))

FORMS = {
    "label": re.compile(r".+"),
    "repository": re.compile(r"[^/\s]+/[^/\s]+"),
    **dict.fromkeys((*COUNTS, *SUMS.values()), re.compile(r"[0-9]{1,15}")),
    POPULATION: re.compile(r"[1-9][0-9]{0,14}|"),
}


def needed_columns(given: Collection[str]) -> Iterator[str]:
    """Give the columns that a file must have: six, and both of lines added and lines deleted, if either."""
    for name in ENOUGH:
        if name != "lines":
            yield name
    for total, pair in PAIRS.items():
        parts = [name for name in pair if name in given]
        if total not in given and len(parts) != 2 and (parts or total == "lines"):
            yield from pair if parts else (total,)


def is_stated(name: str, stated: Collection[str]) -> bool:
    """Tell whether a file states a count, by itself or in the sum of lines added and deleted.

    Parameters
    ----------
    name, stated
        One of :data:`COUNTS`; columns of the file.

    Returns
    -------
    bool
        Whether it does.
    """
    total = SUMS.get(name)
    return name in stated if total is None else total in stated or set(PAIRS[total]) <= set(stated)


def filled_count(name: str, stated: Mapping[str, Counts]) -> Counts:
    """Return a column of counts, filled from others where the file does not have it.

    Parameters
    ----------
    name, stated
        One of :data:`COUNTS`; (period) by column of the file.

    Returns
    -------
    ndarray
        (period).
    """
    none = np.zeros_like(stated["contributors"])
    total = SUMS.get(name)
    if is_stated(name, stated):
        if total is None or set(PAIRS[total]) <= set(stated):
            return stated[name]
        return none if "deleted" in name else stated[total]
    plain, whole = re.sub("_(published|capped)$", "", name), name.removeprefix(AUTOMATION)
    return none if plain == name or is_stated(whole, stated) else filled_count(plain, stated)
