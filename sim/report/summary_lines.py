"""The terminal summary of a run: at most twenty lines, every number cut to its Monte Carlo error.

And every number that may be quoted, with its place in these lines.
"""

from collections.abc import Iterator, Sequence
from itertools import combinations
from math import isnan
from typing import TYPE_CHECKING, NamedTuple

from sim.scenario.ledger import unsourced_judgements
from sim.scenario.schema import Scenario
from sim.scenario.titles import exceedance_words
from sim.summary.ratio import ratio_of
from sim.summary.row import Row, Summary, interval_text

if TYPE_CHECKING:
    from sim.replication.lock import LockedNumber

MAX_LINES = 20
FIXED_LINES = 4  # title, run, heads of the columns, files
FIRST_LINE = 4
"""Above the table stand the title, the run, and the heads of the columns."""
MAX_NOTES = 3
PLACES = {"low": "low end of the interval", "high": "high end of the interval"}
"""Where a statistic stands in its line, if that is not its estimate."""


class SummaryLine(NamedTuple):
    """One row of the terminal summary.

    Parameters
    ----------
    what
        What the row is of, in words.
    estimate
        The estimate as text.
    interval
        The interval as text.
    error
        The Monte Carlo error as text.
    beside
        A further number, or a remark, in the last cell.
    rows
        Rows of the summary that the line is made of: what estimate and interval are, then what else has a
        note to be told.
    quoted_beside
        The row that the last cell quotes, if it quotes one.
    """

    what: str
    estimate: str
    interval: str
    error: str
    beside: str = ""
    rows: tuple[Row, ...] = ()
    quoted_beside: Row | None = None

    def place_of(self, row: Row) -> str | None:
        """Return the column in which a row of the summary stands, if it stands in this line."""
        if any(row is each for each in self.rows) and row is not self.quoted_beside:
            place = PLACES.get(row.statistic, "estimate")
            cell = self.estimate if place == "estimate" else self.interval
        elif row is self.quoted_beside:
            place, cell = "beside", self.beside
        else:
            return None
        text = _text(row)
        return place if text and text in cell else None


def table_lines(scenario: Scenario, summary: Summary, n_notes: int) -> list[SummaryLine]:
    """Return the rows to print: the reported outcome, its probabilities, then outcomes by alternative.

    Where there is no room for all, the last row says how many are left out.

    Parameters
    ----------
    scenario
        The scenario of the run.
    summary
        Its summary.
    n_notes
        Number of notes printed below the rows; each takes the room of a row.

    Returns
    -------
    list of SummaryLine
        Rows, in the order printed.
    """
    room = MAX_LINES - FIXED_LINES - bool(unsourced_judgements(scenario)) - n_notes
    found = list(_lines(scenario, summary))
    if len(found) <= room:
        return found
    left_out = len(found) - room + 1
    return [*found[: room - 1], SummaryLine(f"and {left_out} more in summary.csv", "", "", "")]


def summary_notes(scenario: Scenario, summary: Summary, notes: Sequence[str]) -> list[str]:
    """Return the notes to print below the rows: of the rows themselves, then of the report and the results.

    Where there are more than three, the last says how many are left out.

    Parameters
    ----------
    scenario
        The scenario of the run.
    summary
        Its summary.
    notes
        Notes of its results.

    Returns
    -------
    list of str
        Notes, at most ``MAX_NOTES``, in the order printed.
    """
    found = [note for note in (*_of_rows(scenario, summary), scenario.report.note, *notes) if note]
    shown = found[:MAX_NOTES]
    if len(found) > MAX_NOTES:
        shown[-1] += f" (and {len(found) - MAX_NOTES} more notes in summary.json)"
    return shown


def quoted_numbers(scenario: Scenario, summary: Summary, n_notes: int) -> "tuple[LockedNumber, ...]":
    """Return every row of the summary that is of an outcome, or of the difference behind the ratio.

    Parameters
    ----------
    scenario
        The scenario of the run.
    summary
        Its summary.
    n_notes
        Number of notes that the terminal shows below the table, which decide how many lines the table has.

    Returns
    -------
    tuple of LockedNumber
        The numbers, each with its place on the terminal, if it has one.
    """
    from sim.replication.lock import LockedNumber  # here: no run needs what writes locks

    lines = table_lines(scenario, summary, n_notes)
    inputs = {row.quantity for row in summary.rows if row.statistic == "quantile"}
    return tuple(
        LockedNumber(
            quantity=row.quantity,
            alternative=row.alternative,
            statistic=row.statistic,
            at=None if isnan(row.at) else row.at,
            value=row.value,
            mc_error=row.mc_error,
            unit=row.unit,
            printed=_text(row),
            place=_place(row, lines),
        )
        for row in summary.rows
        if row.quantity not in inputs
    )


def _place(row: Row, lines: Sequence[SummaryLine]) -> str | None:
    places = ((number, line.place_of(row)) for number, line in enumerate(lines, FIRST_LINE))
    return next((f"line {number}, {place}" for number, place in places if place), None)


def _text(row: Row) -> str:
    if row.statistic == "top_share" and not row.status:
        return f"{100 * row.value:.0f} %"
    return row.text


def _of_rows(scenario: Scenario, summary: Summary) -> list[str]:
    """Return what must be known of the rows, in one note for each status, so that other notes have room."""
    about: dict[str, dict[str, list[str]]] = {}
    for row in (row for line in _lines(scenario, summary) for row in line.rows if row.note):
        under = f" ({row.alternative.partition('=')[2]})" if row.alternative else ""
        name = f"{row.quantity}{under}, {row.statistic.replace('_', ' ')}"
        about.setdefault(row.status, {}).setdefault(row.note, []).append(name)
    return [
        "; ".join(f"{', '.join(dict.fromkeys(names))}: {note}" for note, names in alike.items())
        for alike in about.values()
    ]


def _lines(scenario: Scenario, summary: Summary) -> Iterator[SummaryLine]:
    name = scenario.report.outcome
    yield from _net_benefit(scenario, summary)
    yield from _reported(scenario, summary, name)
    for other in scenario.report.also or ():
        yield _with_interval(_label(summary, other, "median"), summary, other)
        yield from _further_intervals(scenario, summary, other)
    for one, other in combinations(scenario.report.outcomes, 2):
        yield _single(f"correlation {one} ~ {other}", summary.find(f"{one} ~ {other}", "correlation"))
    for outcome, stated in scenario.outcomes.items():
        if stated.by is not None:
            yield _with_interval(_label(summary, outcome, "median"), summary, outcome)
            for key in stated.formulas:
                alternative = f"{stated.by}={key}"
                line = _with_interval(f"  {key}", summary, outcome, alternative)
                yield _with_reported(line, summary, name, alternative)


def _net_benefit(scenario: Scenario, summary: Summary) -> Iterator[SummaryLine]:
    """Yield the probability of a positive net benefit where the cost of the ratio changes its sign."""
    ratio = ratio_of(scenario)
    if ratio is not None and summary.has(ratio.difference, "p_above"):
        cost = summary.find(ratio.denominator, "p_above", at=0.0)
        beside = f"{cost.quantity} is 0 or less in {100.0 * (1.0 - cost.value):.2g} % of draws"
        yield _single(
            exceedance_words(ratio.difference, 0.0), summary.find(ratio.difference, "p_above"), beside
        )


def _reported(scenario: Scenario, summary: Summary, name: str) -> Iterator[SummaryLine]:
    yield _with_interval(_label(summary, name, "median"), summary, name)
    share, mean = summary.find(name, "top_share"), summary.find(name, "mean")
    known = not (isnan(share.value) or share.status)
    beside = f"{_text(share)} from the top 1 % of draws" if known else ""
    yield _single(f"{name}, mean", mean, beside)._replace(quoted_beside=share if known else None)
    if summary.has(name, "ratio_of_means"):
        yield _single(f"{name}, ratio of means", summary.find(name, "ratio_of_means"))
        difference = next(row.quantity for row in summary.rows if " - " in row.quantity)
        mean = summary.find(difference, "mean")
        line = _with_interval(_label(summary, difference, "median"), summary, difference)
        yield line._replace(beside=f"mean {mean.text}", rows=(*line.rows, mean), quoted_beside=mean)
    yield from _further_intervals(scenario, summary, name)
    for threshold in scenario.report.thresholds:
        yield _single(exceedance_words(name, threshold), summary.find(name, "p_above", at=threshold))


def _further_intervals(scenario: Scenario, summary: Summary, name: str) -> Iterator[SummaryLine]:
    for stated in scenario.report.intervals or ():
        low, high = (
            summary.find(name, f"{end}_{stated.kind}", at=stated.probability) for end in ("low", "high")
        )
        what, errors = f"  {stated.short_words}", _errors(low, high)
        yield SummaryLine(what, "", interval_text(low, high), errors, rows=(low, high))


def _label(summary: Summary, quantity: str, statistic: str) -> str:
    unit = summary.find(quantity, statistic).unit
    return f"{quantity}, {statistic}" + ("" if unit == "1" else f", {unit}")


def _with_reported(line: SummaryLine, summary: Summary, name: str, alternative: str) -> SummaryLine:
    """Return a line with the median of the reported outcome under an alternative, if that moves it."""
    wanted = (name, alternative, "median")
    for row in summary.rows:
        if (row.quantity, row.alternative, row.statistic) == wanted:
            return line._replace(beside=f"{name} {row.text}", quoted_beside=row)
    return line


def _with_interval(what: str, summary: Summary, quantity: str, alternative: str = "") -> SummaryLine:
    median, low, high = (summary.find(quantity, key, alternative) for key in ("median", "low", "high"))
    errors = f"{median.error_text} {_errors(low, high)}".strip()
    return SummaryLine(what, median.text, interval_text(low, high), errors, rows=(median, low, high))


def _errors(low: Row, high: Row) -> str:
    texts = [end.error_text for end in (low, high) if end.is_quotable]
    return f"({', '.join(texts)})" if texts else ""


def _single(what: str, row: Row, beside: str = "") -> SummaryLine:
    return SummaryLine(what, row.text, "", row.error_text, beside, (row,))
