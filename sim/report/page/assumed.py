"""The assumptions with their sources, and the words for what they are."""

from sim.report.page.html_table import Cell, Group, HtmlTable, number_cell
from sim.report.page.told import Told
from sim.tables.assumptions import assumptions_table
from sim.tables.paper_table import Column

COLUMNS = (
    Column("Assumption, and what it rests on"),
    Column("As stated"),
    Column("5 %", "number"),
    Column("Middle", "number"),
    Column("95 %", "number"),
    Column("Unit", "unit"),
    Column("Kind"),
)
WEB = ("https://", "http://")


def assumed(told: Told) -> HtmlTable:
    """Return every assumption of a run: what is stated, what follows, and its source with the reasons."""
    table = assumptions_table(told.scenario, told.summary, {})
    records = iter(table.numbers.to_dict("records"))
    groups = []
    for section in table.sections:
        rows = []
        for cells in section.rows:
            record = next(records)
            source = str(record["source"]) if cells[-1] else ""
            rows.append((_head(told, cells[0], str(record["name"]), source), *_plain(cells[1:-1])))
        groups.append(Group(section.title, tuple(rows)))
    return HtmlTable(
        "assumptions",
        "What goes in: each assumption, the range it implies, and what it rests on",
        COLUMNS,
        tuple(groups),
        (
            "5 % and 95 %: the value is below, or above, with a probability of 5 % each. Kind: data is "
            "measured, judgement is what somebody believes, choice is the analyst’s. "
            + " ".join(table.notes),
        ),
    )


def _plain(cells: tuple[str, ...]) -> tuple[Cell, ...]:
    return tuple(_cell(column, text) for column, text in zip(COLUMNS[1:], cells, strict=True))


def _cell(column: Column, text: str) -> Cell:
    if column.kind == "number":
        return number_cell(text)
    return Cell(_unit(text) if column.kind == "unit" else text)


def _unit(text: str) -> str:
    """Return a unit that may be broken after a stroke; nothing for a bare number."""
    return "" if text == "1" else text.replace("/", "/\u200b")


def _head(told: Told, title: str, name: str, source: str) -> Cell:
    """Return what is assumed; below it the source, linked where it is on the web, and why, folded away."""
    stated = told.scenario.parameters.get(name.partition(".")[0])
    if stated is None or not source:
        return Cell(title, below=source)
    url = stated.url if stated.url and stated.url.startswith(WEB) else ""
    why = " ".join(stated.rationale.split()) if stated.rationale and stated.source else ""
    return Cell(title, below=source, url=url, more=why)
