"""Below the answer: what goes in, whether the numbers can be trusted, and how to make them again."""

from collections.abc import Iterator

import pandas as pd

from sim.digits import cut, exact_number
from sim.run_record import Run
from sim.scenario.titles import raised
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
STATISTICS = {"median": "Median", "low": "Lower end", "high": "Upper end", "mean": "Mean"}
MOST_ROWS = 6


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
            unit = "" if cells[5] == "1" else cells[5].replace("/", "/\u200b")  # where it may be broken
            rows.append((head, cells[1], *numbers, unit, cells[6]))
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


def _head(run: Run, title: str, name: str, source: str) -> Cell:
    """Return what is assumed; below it the source, linked where it is on the web, and why, folded away."""
    stated = run.scenario.parameters.get(name.partition(".")[0])
    if stated is None or not source:
        return Cell(title, below=source)
    url = stated.url if stated.url and stated.url.startswith(WEB) else ""
    why = " ".join(stated.rationale.split()) if stated.rationale and stated.source else ""
    return Cell(title, below=source, url=url, more=why)


def notes_of(run: Run) -> tuple[str, ...]:
    """Return what the run says about itself, as sentences."""
    notes = (" ".join(note.split()).rstrip(".") for note in run.notes)
    return tuple(f"{raised(note) if note.split(' ')[0].isalpha() else note}." for note in notes)


def error_table(run: Run) -> Table:
    """Return the Monte Carlo error of the main numbers."""
    names = [name for name in STATISTICS if run.statistics.has(run.outcome, name)]
    found = [(STATISTICS[name], run.statistics.find(run.outcome, name)) for name in names]
    rows = tuple((words, row.text, row.error_text) for words, row in found)
    return Table(
        "errors",
        "Error of the numbers from finitely many draws",
        (Column("Number"), Column("Value", "number"), Column("Monte Carlo error", "number")),
        (Section("", rows),),
        notes=(
            "This is an error of the computation, which more draws make smaller; it says nothing about the "
            "world.",
        ),
    )


def settling_table(run: Run) -> Table | None:
    """Return how the numbers settled as draws were added; nothing where the run has no such table."""
    table = run.tables.get("convergence")
    if table is None or table.empty:
        return None
    wide = table.pivot_table(index="n_draws", columns="statistic", values="value").tail(MOST_ROWS)
    errors = table.pivot_table(index="n_draws", columns="statistic", values="error", dropna=False)
    names = [name for name in STATISTICS if name in wide.columns]
    rows = tuple(
        (
            f"{int(n):,}",
            *(_settled(run, name, int(n), wide.loc[n, name], errors.loc[n, name]) for name in names),
        )
        for n in wide.index
    )
    heads = [Column(STATISTICS[name], "number") for name in names]
    caption = "How the numbers settle as draws are added"
    return Table("settling", caption, (Column("Draws", "number"), *heads), (Section("", rows),))


def _settled(run: Run, name: str, n_draws: int, value: object, error: object) -> str:
    """Return a statistic of so many draws; of all of them as the answer has it."""
    if n_draws == run.n_draws and run.statistics.has(run.outcome, name):
        return run.statistics.find(run.outcome, name).text
    known = float(str(error))
    return cut(float(str(value)), 0.0 if pd.isna(known) else known)


def facts(run: Run) -> Iterator[tuple[str, str]]:
    """Yield name and value of everything that it takes to make the run again."""
    attributes, scenario = run.attributes, run.scenario
    yield "Scenario", f"{scenario.name}: {scenario.title}"
    yield "Digest of the scenario", str(attributes["scenario_digest"])
    yield "Digest of the numbers", str(attributes["numbers_digest"])
    yield "Seed", str(scenario.seed)
    draws = (
        f"{run.n_draws:,} ({scenario.sampling.sampler}, {scenario.sampling.n_randomisations} randomisations)"
    )
    yield "Draws", draws
    for name, words in (("command", "Command"), ("created", "Made"), ("versions", "Versions")):
        if name in attributes:
            yield words, str(attributes[name])
