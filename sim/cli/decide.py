"""``sim decide``: what would turn a decision, and what knowing more is worth."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli.json_tables import print_json
from sim.cli.options import AsJson, FileSettings, Subject, SubjectOut

if TYPE_CHECKING:
    import pandas as pd
    from rich.table import Table

    from sim.decision.break_even import BreakEven
    from sim.decision.switching import Switch
    from sim.report.decision import Decision


def decide(
    subject: Subject,
    pair: Annotated[
        list[str] | None,
        typer.Option("--map", help="A quantity of the two-way map; give it twice.", metavar="NAME"),
    ] = None,
    threshold: Annotated[
        list[float] | None,
        typer.Option(help="In place of the report's thresholds; repeatable.", metavar="T"),
    ] = None,
    out: SubjectOut = Path("results"),
    settings: FileSettings = None,
    as_json: AsJson = False,
) -> None:
    """Find what would turn the decision to fund: switching values, break-even, value of information."""
    import math
    import sys

    from sim.cli.progress import delayed_progress
    from sim.engine.experiment import Experiment
    from sim.faults import Fault, InvalidInputError
    from sim.report.analysed import analysed_run
    from sim.report.decision import decide as decide_on
    from sim.report.run_tables import add_tables

    faults = [
        Fault("--threshold", "", f"{value} is not a threshold", "a finite number")
        for value in threshold or []
        if not math.isfinite(value)
    ]
    if faults:
        raise InvalidInputError(faults)
    with delayed_progress(as_json) as step:
        run = analysed_run(subject, settings or [], out, ["sim", *sys.argv[1:]], step)
        found = decide_on(Experiment(run.scenario, run.results), pair or (), threshold or (), step)
        add_tables(run, found.tables)
    if as_json:
        print_json(found.tables)
        return
    _print(found, run.scenario.report.outcome)
    names = ", ".join(f"{name}.csv" for name in found.tables)
    typer.echo(f"files: {run.folder / 'tables'} ({names})")


def _print(found: "Decision", outcome: str) -> None:
    from sim.cli.terminal import console, show

    on = console()
    if found.switches:
        title = f"Switching values: where the median of {outcome} meets the threshold"
        show(_switches(found.switches), on, title)
    else:
        on.print(f"{outcome}: nothing that it reads varies, so nothing could turn it")
    if found.break_evens:
        probability = 100 * found.break_evens[0].probability
        title = f"Break-even values, draw by draw: median and {probability:g} % interval (eti)"
        show(_break_evens(found.break_evens), on, title)
    worths = found.tables["information"]
    show(_information(worths), on, "Expected value of information (± Monte Carlo error)")
    for note in filter(None, worths["note"].unique()):
        on.print(f"the mean that decides {note}")
    if "more_periods" in found.tables:
        title = f"More periods per repository: the interval of {outcome} to expect"
        show(_more_periods(found.tables["more_periods"]), on, title)


def _table(*heads: str, n_left: int) -> "Table":
    """Return an empty table; heads that say "what" stand over words, which may take several lines."""
    from sim.cli.terminal import new_table

    table = new_table(heads, n_left, n_left)
    for column, head in zip(table.columns, heads, strict=True):
        if head.startswith("what") or not head:
            column.justify = "left"
    return table


def _switches(found: "tuple[Switch, ...]") -> "Table":
    from sim.summary.digits import cut

    table = _table("quantity", "unit", "threshold", "value", "in its distribution", "what it meets", n_left=2)
    for each in found:
        turns = each.value.value == each.value.value
        value = cut(each.value.value, each.value.error) if turns else ""
        place = f"{100 * each.percentile:.3g} %" if turns else ""
        table.add_row(each.column.name, each.column.unit, f"{each.threshold:g}", value, place, each.verdict)
    return table


def _break_evens(found: "tuple[BreakEven, ...]") -> "Table":
    from sim.summary.digits import cut

    table = _table("quantity", "unit", "threshold", "median", "interval", "what draws do", n_left=2)
    for each in found:
        low, median, high = (cut(end.value, end.error) for end in (each.low, each.median, each.high))
        ends = f"{low} to {high}" if median != "nan" else ""
        row = (f"{each.threshold:g}", median if ends else "none", ends, each.verdict)
        table.add_row(each.column.name, each.column.unit, *row)
    return table


def _information(table: "pd.DataFrame") -> "Table":
    from sim.decision.worth import TOO_FEW, at_most
    from sim.summary.digits import with_error
    from sim.summary.row import status_of

    shown = _table("", "of", "unit", "threshold", "decision now", "value", "", n_left=3)
    for row in table.to_dict("records"):
        labels = (row["quantity"], row["group"], row["unit"], f"{row['threshold']:g}", row["decision"])
        few = row["upper"] == row["upper"]
        if row["note"]:
            shown.add_row(*labels, status_of(row["note"]), "")
            continue
        value = at_most(row["upper"]) if few else with_error(row["value"], row["error"])
        shown.add_row(*labels, value, TOO_FEW if few else "")
    return shown


def _more_periods(table: "pd.DataFrame") -> "Table":
    from sim.summary.digits import rounded, with_error

    shown = _table("periods", "median", "interval", "width to now", "survey's share of variance", n_left=1)
    for row in table.to_dict("records"):
        low, median, high = (rounded(row[name], 3) for name in ("low", "median", "high"))
        ratio = with_error(row["width_ratio"], row["error"]) if row["extra"] else "1"
        share = f"{100 * row['survey_share']:.2g} %"
        shown.add_row(f"{row['n_periods']:g}", median, f"{low} to {high}", ratio, share)
    return shown
