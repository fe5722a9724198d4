"""The assumptions with their sources, and the words for what they are."""

from sim.digits import exact_number
from sim.run_record import Run
from sim.tables.assumptions import assumptions_table
from sim.tables.table import Cell, Column, Section, Table

COLUMNS = (
    Column("Assumption, and what it rests on"),
    Column("As stated"),
    Column("5\u00a0%", "number"),
    Column("Middle", "number"),
    Column("95\u00a0%", "number"),
    Column("Unit", "unit"),
    Column("Kind"),
)
EXACT, QUANTILES = "Parameters", ("p05", "p50", "p95")
"""The section whose quantiles follow from what is stated, which stands beside them with the same digits."""
WEB = ("https://", "http://")


def assumed(run: Run) -> Table:
    """Return every assumption of a run: what is stated, what follows, and its source with the reasons."""
    table = assumptions_table(run.scenario, run.statistics, {})
    records = iter(table.frame.to_dict("records"))
    sections = []
    for section in table.sections:
        rows = []
        for cells in section.rows:
            record = next(records)
            source = str(record["source"]) if cells[-1] else ""
            head = _head(run, cells[0], str(record["name"]), source)
            numbers = (
                [exact_number(float(record[key])) for key in QUANTILES]
                if section.title == EXACT
                else cells[2:5]
            )
            rows.append((head, cells[1], *numbers, _unit(cells[5]), cells[6]))
        sections.append(Section(section.title, tuple(rows)))
    return Table(
        "assumptions",
        "What goes in: each assumption, the range it implies, and what it rests on",
        COLUMNS,
        tuple(sections),
        notes=(
            "5 % and 95 %: the value is below, or above, with a probability of 5 % each. Kind: data is "
            "measured, judgement is what somebody believes, choice is the analyst’s. "
            + " ".join(table.notes),
        ),
    )


def _unit(text: str) -> str:
    """Return a unit that may be broken after a stroke; nothing for a bare number."""
    return "" if text == "1" else text.replace("/", "/\u200b")


def _head(run: Run, title: str, name: str, source: str) -> Cell:
    """Return what is assumed; below it the source, linked where it is on the web, and why, folded away."""
    stated = run.scenario.parameters.get(name.partition(".")[0])
    if stated is None or not source:
        return Cell(title, below=source)
    url = stated.url if stated.url and stated.url.startswith(WEB) else ""
    why = " ".join(stated.rationale.split()) if stated.rationale and stated.source else ""
    return Cell(title, below=source, url=url, more=why)
