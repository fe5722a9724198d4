"""The results table: each outcome's median, mean and interval, and probabilities of exceeding thresholds."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields

import pandas as pd

from sim.scenario.schema import Scenario
from sim.summary.lookup import Summary
from sim.summary.row import Row, status_of
from sim.tables.paper_table import Column, PaperTable, Section
from sim.tables.words import SUFFIX_NOTE, lowered, printed, raised, stated_number

NAN = float("nan")
KINDS = {"eti": "equal-tailed", "hdi": "highest-density", "shortest": "shortest"}


@dataclass(frozen=True)
class Reported:
    """One row, unrounded, with Monte Carlo errors; NaN where there is no number.

    Parameters
    ----------
    section
        Title of the part of the table; empty for the first.
    quantity, alternative
        As in the summary.
    title
        In words.
    median, mean, low, high
        In `unit`.
    median_error, mean_error, low_error, high_error
        Their Monte Carlo errors.
    unit
        In pint's notation.
    mean_note
        What must be known before the mean is quoted, as in :class:`sim.summary.row.Row`.
    """

    section: str
    quantity: str
    alternative: str
    title: str
    median: float = NAN
    median_error: float = NAN
    mean: float = NAN
    mean_error: float = NAN
    low: float = NAN
    low_error: float = NAN
    high: float = NAN
    high_error: float = NAN
    unit: str = "1"
    mean_note: str = ""

    @property
    def cells(self) -> tuple[str, ...]:
        """Return the row as text, every number cut to its Monte Carlo error."""
        status = status_of(self.mean_note)
        median, mean, low, high = (
            printed(value, error)
            for value, error in (
                (self.median, self.median_error),
                (self.mean, self.mean_error),
                (self.low, self.low_error),
                (self.high, self.high_error),
            )
        )
        return (self.title, median, status or mean, f"{low} to {high}" if low else "", self.unit)


def results_table(scenario: Scenario, summary: Summary, n_draws: int) -> PaperTable:
    """Return the results table of a run.

    Parameters
    ----------
    scenario, summary
        What was run, and its summary.
    n_draws
        Number of draws, for the notes.

    Returns
    -------
    PaperTable
        ``numbers`` has a record a row: the fields of :class:`Reported`.
    """
    rows = list(_rows(scenario, summary))
    titles = dict.fromkeys(row.section for row in rows)
    words = interval_words(scenario)
    return PaperTable(
        name="results",
        caption=f"Results of the scenario “{scenario.title}”: median, mean and {words}.",
        columns=(
            Column("Quantity", width=0.34),
            Column("Median", "number"),
            Column("Mean", "number"),
            Column(raised(words), "number"),
            Column("Unit", "unit"),
        ),
        sections=tuple(
            Section(title, tuple(row.cells for row in rows if row.section == title)) for title in titles
        ),
        numbers=pd.DataFrame(
            [asdict(row) for row in rows], columns=[field.name for field in fields(Reported)]
        ),
        notes=_notes(scenario, summary, n_draws),
    )


def interval_words(scenario: Scenario) -> str:
    """Return the credible interval that is reported, in words with its probability and kind."""
    interval = scenario.report.interval
    return f"{100 * interval.probability:g} % credible interval ({KINDS[interval.kind]})"


def outcome_title(scenario: Scenario, quantity: str) -> str:
    """Return the title of an outcome, or of a difference of outcomes ``a - b``; formulas as they are."""
    if quantity in scenario.outcomes:
        return _title(scenario, quantity)
    parts = quantity.split(" - ")
    if len(parts) == 2 and all(part in scenario.outcomes for part in parts):
        return f"{_title(scenario, parts[0])}, less {lowered(_title(scenario, parts[1]))}"
    return quantity


def _title(scenario: Scenario, outcome: str) -> str:
    return scenario.outcomes[outcome].title or outcome.replace("_", " ")


def _rows(scenario: Scenario, summary: Summary) -> Iterator[Reported]:
    reported = scenario.report.outcome
    for row in (row for row in summary.rows if " - " in row.quantity and row.statistic == "p_above"):
        yield _mean("", f"Probability that “{outcome_title(scenario, row.quantity)}” is above 0", row)
    for quantity in dict.fromkeys((reported, *scenario.outcomes, *_differences(summary))):
        yield _moments(summary, "", quantity, "", outcome_title(scenario, quantity))
        if quantity == reported and summary.has(reported, "ratio_of_means"):
            row = summary.find(reported, "ratio_of_means")
            yield _mean("", f"{outcome_title(scenario, reported)}, ratio of means", row)
    section = f"Probability that “{outcome_title(scenario, reported)}” is above"
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
        part = f"{outcome_title(scenario, quantity)}, by {choice.replace('_', ' ')}"
        yield _moments(summary, part, quantity, alternative, name.replace("_", " "))


def _further(scenario: Scenario, summary: Summary) -> Iterator[Reported]:
    """Yield further intervals, and correlations of outcomes, where the scenario asks for them."""
    for low in (row for row in summary.rows if row.statistic.startswith("low_")):
        kind = low.statistic.removeprefix("low_")
        high = summary.find(low.quantity, f"high_{kind}", at=low.at)
        yield Reported(
            "Further credible intervals",
            low.quantity,
            "",
            f"{outcome_title(scenario, low.quantity)}, {100 * low.at:g} % ({KINDS[kind]})",
            low=low.value,
            low_error=low.mc_error,
            high=high.value,
            high_error=high.mc_error,
            unit=low.unit,
        )
    correlations = (row for row in summary.rows if row.statistic == "correlation")
    for row in (row for row in correlations if row.note or not pd.isna(row.value)):
        one, other = (outcome_title(scenario, name) for name in row.quantity.split(" ~ "))
        yield _mean("Correlation of outcomes, over draws", f"{one}, with {lowered(other)}", row)


def _differences(summary: Summary) -> tuple[str, ...]:
    return tuple(dict.fromkeys(row.quantity for row in summary.rows if " - " in row.quantity))


def _moments(summary: Summary, section: str, quantity: str, alternative: str, title: str) -> Reported:
    median, mean, low, high = (
        summary.find(quantity, statistic, alternative) for statistic in ("median", "mean", "low", "high")
    )
    return Reported(
        section,
        quantity,
        alternative,
        title,
        median=median.value,
        median_error=median.mc_error,
        mean=mean.value,
        mean_error=mean.mc_error,
        low=low.value,
        low_error=low.mc_error,
        high=high.value,
        high_error=high.mc_error,
        unit=median.unit,
        mean_note=mean.note,
    )


def _mean(section: str, title: str, row: Row) -> Reported:
    return Reported(
        section,
        row.quantity,
        "",
        title,
        mean=row.value,
        mean_error=row.mc_error,
        unit=row.unit,
        mean_note=row.note,
    )


def _notes(scenario: Scenario, summary: Summary, n_draws: int) -> tuple[str, ...]:
    notes = [
        f"{n_draws:,} draws; every number is cut to its Monte Carlo error. {SUFFIX_NOTE}"
        " A probability stands under “Mean”: it is the share of draws."
    ]
    top = summary.find(scenario.report.outcome, "top_share")
    if not (pd.isna(top.value) or top.note):
        share = printed(100 * top.value, 100 * top.mc_error)
        notes.append(f"{share} % of the mean of the first row comes from the top 1 % of draws.")
    notes += dict.fromkeys(f"{raised(row.note)}." for row in summary.rows if _explained(row))
    if scenario.report.note:
        notes.append(f"{raised(scenario.report.note).rstrip('.')}.")
    return tuple(notes)


def _explained(row: Row) -> bool:
    """Return whether a row of the table has a number that must not be quoted."""
    return row.statistic in ("mean", "ratio_of_means", "correlation") and row.text == row.status
