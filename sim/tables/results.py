"""The results table: each outcome's median, mean and interval, and probabilities of exceeding thresholds."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from sim.digits import SUFFIX_NOTE, cut, stated_number
from sim.scenario.schema import Scenario
from sim.scenario.titles import lowered, raised, spaced, title_of
from sim.summary.row import Row, Summary, interval_text
from sim.tables.table import Column, Table, sections_of

NAN = float("nan")
STATISTICS = ("median", "mean", "low", "high")
KINDS = {"eti": "equal-tailed", "hdi": "highest-density", "shortest": "shortest"}


@dataclass(frozen=True)
class _ResultRow:
    """One line of the table: its section, and rows of the summary by column: median, mean, low and high."""

    section: str
    title: str
    rows: Mapping[str, Row]

    @property
    def first(self) -> Row:
        """A row that says what all are of."""
        return next(iter(self.rows.values()))

    @property
    def notes(self) -> tuple[str, ...]:
        """What must be known before its numbers are quoted, each once."""
        return tuple(dict.fromkeys(row.note for row in self.rows.values() if row.note))

    @property
    def cells(self) -> tuple[str, ...]:
        """The line as text, every number cut to its Monte Carlo error."""
        median, mean = (self.rows[key].text if key in self.rows else "" for key in ("median", "mean"))
        ends = interval_text(self.rows["low"], self.rows["high"]) if "low" in self.rows else ""
        return (self.title, median, mean, ends, self.first.unit)

    @property
    def record(self) -> dict[str, object]:
        """The line unrounded, with Monte Carlo errors; NaN where there is no number."""
        numbers = {
            key: number
            for name in STATISTICS
            for key, number in (
                (name, self.rows[name].value if name in self.rows else NAN),
                (f"{name}_error", self.rows[name].mc_error if name in self.rows else NAN),
            )
        }
        return {
            "section": self.section,
            "quantity": self.first.quantity,
            "alternative": self.first.alternative,
            "title": self.title,
            **numbers,
            "unit": self.first.unit,
            "note": "; ".join(self.notes),
        }


def results_table(scenario: Scenario, summary: Summary, n_draws: int) -> Table:
    """Return the results table of a run.

    Parameters
    ----------
    scenario
        The scenario of the run.
    summary
        Its summary.
    n_draws
        Its number of draws, for the notes.

    Returns
    -------
    Table
        The table; ``numbers`` has a record a row: ``section``, ``quantity``, ``alternative``, ``title``, each
        statistic with its error, ``unit``, ``note``.
    """
    rows = list(_rows(scenario, summary))
    words = interval_words(scenario)
    return Table(
        name="results",
        caption=f"Results of the scenario “{scenario.title}”: median, mean and {words}.",
        columns=(
            Column("Quantity", width=0.34),
            Column("Median", "number"),
            Column("Mean", "number"),
            Column(raised(words), "number"),
            Column("Unit", "unit"),
        ),
        sections=sections_of((row.section, row.cells) for row in rows),
        numbers=pd.DataFrame([row.record for row in rows]),
        notes=(*_notes(scenario, summary, n_draws), *_reasons(rows)),
    )


def interval_words(scenario: Scenario) -> str:
    """Return the credible interval that is reported, in words with its probability and kind."""
    interval = scenario.report.interval
    return f"{100 * interval.probability:g} % credible interval ({KINDS[interval.kind]})"


def _rows(scenario: Scenario, summary: Summary) -> Iterator[_ResultRow]:
    reported = scenario.report.outcome
    for row in (row for row in summary.rows if " - " in row.quantity and row.statistic == "p_above"):
        yield _mean("", f"Probability that “{title_of(scenario, row.quantity)}” is above 0", row)
    found = dict.fromkeys(row.quantity for row in summary.rows if " - " in row.quantity)
    differences = [quantity for quantity in found if summary.has(quantity, "median")]
    for quantity in dict.fromkeys((reported, *scenario.outcomes, *differences)):
        yield _moments(summary, "", quantity, "", title_of(scenario, quantity))
        if quantity == reported and summary.has(reported, "ratio_of_means"):
            row = summary.find(reported, "ratio_of_means")
            yield _mean("", f"{title_of(scenario, reported)}, ratio of means", row)
    section = f"Probability that “{title_of(scenario, reported)}” is above"
    for threshold in scenario.report.thresholds:
        yield _mean(section, stated_number(threshold), summary.find(reported, "p_above", at=threshold))
    yield from _further(scenario, summary)
    held = dict.fromkeys(
        (row.quantity, row.alternative)
        for row in summary.rows
        if row.statistic == "median" and "=" in row.alternative
    )
    for quantity, alternative in held:
        choice, _, name = alternative.partition("=")
        part = f"{title_of(scenario, quantity)}, by {spaced(choice)}"
        yield _moments(summary, part, quantity, alternative, spaced(name))


def _further(scenario: Scenario, summary: Summary) -> Iterator[_ResultRow]:
    """Yield further intervals, and correlations of outcomes, where the scenario asks for them."""
    for low in (row for row in summary.rows if row.statistic.startswith("low_")):
        kind = low.statistic.removeprefix("low_")
        high = summary.find(low.quantity, f"high_{kind}", at=low.at)
        title = f"{title_of(scenario, low.quantity)}, {100 * low.at:g} % ({KINDS[kind]})"
        yield _ResultRow("Further credible intervals", title, {"low": low, "high": high})
    for row in (row for row in summary.rows if row.statistic == "correlation"):
        if not row.note and pd.isna(row.value):
            continue
        one, other = (title_of(scenario, name) for name in row.quantity.split(" ~ "))
        yield _mean("Correlation of outcomes, over draws", f"{one}, with {lowered(other)}", row)


def _moments(summary: Summary, section: str, quantity: str, alternative: str, title: str) -> _ResultRow:
    rows = {name: summary.find(quantity, name, alternative) for name in STATISTICS}
    return _ResultRow(section, title, rows)


def _mean(section: str, title: str, row: Row) -> _ResultRow:
    return _ResultRow(section, title, {"mean": row})


def _reasons(rows: Sequence[_ResultRow]) -> Iterator[str]:
    """Yield each note of the rows as a sentence, once, with the titles of the rows it is of."""
    titles: dict[str, list[str]] = {}
    for row in rows:
        for note in row.notes:
            titles.setdefault(note, []).append(row.title)
    for note, of in titles.items():
        yield f"{', '.join(dict.fromkeys(of))}: {note}."


def _notes(scenario: Scenario, summary: Summary, n_draws: int) -> tuple[str, ...]:
    notes = [
        f"{n_draws:,} draws; every number is cut to its Monte Carlo error. {SUFFIX_NOTE}"
        " A probability stands under “Mean”: it is the share of draws."
    ]
    top = summary.find(scenario.report.outcome, "top_share")
    if top.is_quotable and not pd.isna(top.value):
        share = cut(100 * top.value, 100 * top.mc_error)
        notes.append(f"{share} % of the mean of the first row comes from the top 1 % of draws.")
    if scenario.report.note:
        notes.append(f"{raised(scenario.report.note).rstrip('.')}.")
    return tuple(notes)
