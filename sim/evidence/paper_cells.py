"""Table 1 as text: the same cells for the terminal, CSV and LaTeX."""

import pandas as pd

from sim.evidence.paper_table import PUBLISHED, Table1Reading, Table1Row

QUANTITIES = {
    "cost_per_unit": "USD/unit",
    "units_per_year": "units/year",
    "cost_per_year": "USD/year",
}


def side_by_side(recomputed: tuple[Table1Row, ...], chosen: tuple[Table1Row, ...]) -> pd.DataFrame:
    """Return the numbers of Table 1 as printed, as recomputed and in the chosen reading.

    Parameters
    ----------
    recomputed, chosen
        Table 1 in the paper's reading, and in the reading asked for.

    Returns
    -------
    DataFrame
        (row and quantity, column): ``row``, ``quantity``, ``as_printed``, ``as_recomputed``,
        ``recomputed_to_printed``, ``as_corrected``, ``corrected_to_recomputed``.
    """
    records = [
        {
            "row": printed.name,
            "quantity": quantity,
            "as_printed": getattr(printed, quantity),
            "as_recomputed": getattr(file, quantity),
            "recomputed_to_printed": getattr(file, quantity) / getattr(printed, quantity),
            "as_corrected": getattr(other, quantity),
            "corrected_to_recomputed": getattr(other, quantity) / getattr(file, quantity),
        }
        for printed, file, other in zip(PUBLISHED, recomputed, chosen, strict=True)
        for quantity in QUANTITIES
    ]
    return pd.DataFrame(records)


def effects(readings: tuple[Table1Reading, ...]) -> pd.DataFrame:
    """Return each reading's effect on each row: cost per year, its ratio to the first reading, and the BCR.

    Returns
    -------
    DataFrame
        (reading and row, column): ``reading``, ``row``, ``cost_per_year`` in USD/year, ``to_recomputed``,
        ``bcr``.
    """
    records = [
        {
            "reading": read.name,
            "row": row.name,
            "cost_per_year": row.cost_per_year,
            "to_recomputed": row.cost_per_year / first.cost_per_year,
            "bcr": row.benefit_cost_ratio,
        }
        for read in readings
        for row, first in zip(read.rows, readings[0].rows, strict=True)
    ]
    return pd.DataFrame(records)


def side_by_side_text(numbers: pd.DataFrame) -> pd.DataFrame:
    """Return the same table with its cells as text, at the digits of method and print."""
    text = pd.DataFrame({"row": numbers["row"], "quantity": numbers["quantity"].map(QUANTITIES)})
    text["row"] = text["row"].where(~text["row"].duplicated(), "")
    quantities = numbers["quantity"].tolist()
    for name in ("as_printed", "as_recomputed", "as_corrected"):
        show = printed if name == "as_printed" else computed
        text[name.replace("_", " ")] = [
            show(quantity, value) for quantity, value in zip(quantities, numbers[name].tolist(), strict=True)
        ]
        ratio = {"as_recomputed": "recomputed_to_printed", "as_corrected": "corrected_to_recomputed"}.get(
            name
        )
        if ratio is not None:
            text["to printed" if name == "as_recomputed" else "to recomputed"] = [
                f"{value:.4f}" for value in numbers[ratio].tolist()
            ]
    return text


def effects_text(numbers: pd.DataFrame, quantity: str) -> pd.DataFrame:
    """Return one quantity of the effects as text, readings down and rows across.

    Parameters
    ----------
    numbers
        From :func:`effects`.
    quantity
        ``cost_per_year`` (shown in million USD), ``to_recomputed`` or ``bcr``.

    Returns
    -------
    DataFrame
        One row for each switch.
    """
    wide = numbers.pivot(index="reading", columns="row", values=quantity)
    wide = wide.loc[numbers["reading"].unique(), numbers["row"].unique()]
    scale, digits = {"cost_per_year": (1e-6, 2), "to_recomputed": (1.0, 4), "bcr": (1.0, 1)}[quantity]
    return wide.map(lambda value: f"{value * scale:,.{digits}f}").reset_index()


def computed(quantity: str, value: float) -> str:
    """Format a computed cell: six significant digits, tenths of units, or hundredths of a million.

    Parameters
    ----------
    quantity, value
        Name of a row; its value in the row's unit.

    Returns
    -------
    str
        As the paper would print it.

    Examples
    --------
    >>> computed("cost_per_unit", 986.0402), computed("units_per_year", 5443932.0)
    ('986.040', '5,443,932.0')
    >>> computed("cost_per_year", 295469853.9)
    '295.47 M'
    """
    if quantity == "cost_per_unit":
        return f"{value:#,.6g}".rstrip(".")
    return f"{value:,.1f}" if quantity == "units_per_year" else f"{value / 1e6:,.2f} M"


def printed(quantity: str, value: float) -> str:
    """Format a cell as the paper prints it.

    Parameters
    ----------
    quantity, value
        Name of a row; its value in the row's unit.

    Returns
    -------
    str
        As the paper prints it.

    Examples
    --------
    >>> printed("units_per_year", 123900.0), printed("units_per_year", 779.0), printed("cost_per_unit", 34.09)
    ('123.90 K', '779.0', '34.09')
    """
    if quantity == "cost_per_unit":
        return f"{value:,.2f}".removesuffix(".00")
    for size, letter in ((1e6, " M"), (1e3, " K")):
        if value >= size:
            return f"{value / size:,.2f}{letter}"
    return f"{value:,.1f}"


def as_latex(text: pd.DataFrame, caption: str) -> str:
    """Return a table of text as LaTeX: booktabs, special characters escaped, numbers to the right.

    Parameters
    ----------
    text, caption
        Cells as text; of the table.

    Returns
    -------
    str
        A ``table`` environment.
    """
    columns = "".join("l" if name in ("row", "quantity", "reading") else "r" for name in text.columns)
    styler = text.style.format(escape="latex").format_index(escape="latex", axis="columns").hide(axis="index")
    return styler.to_latex(
        hrules=True, column_format=columns, caption=_escaped(caption), position_float="centering"
    )


def _escaped(words: str) -> str:
    return words.replace("%", r"\%").replace("&", r"\&").replace("_", r"\_")
