"""The named columns that a survey gives to a scenario's formulas, and their units."""

from collections.abc import Iterable

COLUMNS = {
    "contributors": "person",
    "commits_per_year": "commit/year",
    "lines_per_year": "line/year",
    "periods_per_year": "period/year",
}
REFERENCE_COLUMNS = {
    "commits_per_contributor_period": "commit/person/period",
    "lines_per_contributor_period": "line/person/period",
}


def evidence_units(references: Iterable[str]) -> dict[str, str]:
    """Return the unit of each column, in pint's notation.

    Parameters
    ----------
    references
        Short names of the reference repositories; each has a column ``name.reference`` of every
        unit counted per contributor and period.

    Examples
    --------
    >>> evidence_units(["pytorch"])["commits_per_contributor_period.pytorch"]
    'commit/person/period'
    """
    by_reference = {
        f"{name}.{reference}": unit for name, unit in REFERENCE_COLUMNS.items() for reference in references
    }
    return COLUMNS | by_reference
