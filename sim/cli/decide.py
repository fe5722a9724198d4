"""``sim decide``: what would turn a decision, and what knowing more is worth."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli.options import AsJson, FileSettings, SubjectArgument, SubjectOut, read_subject
from sim.digits import cut, cut_positive, interval, rounded, with_error
from sim.tables.table import Column, Table, plain_table
from sim.tables.terminal import console, say, show

if TYPE_CHECKING:
    import pandas as pd

    from sim.analysis.decision.break_even import BreakEven
    from sim.analysis.decision.decide import Decision
    from sim.analysis.decision.switching import Switch


def decide(
    subject: SubjectArgument,
    pair: Annotated[
        list[str] | None,
        typer.Option("--map", help="A quantity of the two-way map; give it twice.", metavar="NAME"),
    ] = None,
    threshold: Annotated[
        list[float] | None, typer.Option(help="In place of the report's thresholds; repeatable.", metavar="T")
    ] = None,
    out: SubjectOut = Path("results"),
    settings: FileSettings = None,
    as_json: AsJson = False,
) -> None:
    """Find what would turn the decision to fund: switching values, break-even, value of information."""
    import sys

    asked = read_subject(subject, settings or [])

    from sim.analysis.decision.acceptability import finite_thresholds, thresholds_of
    from sim.analysis.decision.decide import decide as decide_on
    from sim.cli.progress import delayed_progress
    from sim.engine.experiment import Experiment
    from sim.recipe import open_or_run
    from sim.report.folder import add_tables, write_analysis
    from sim.tables import formats

    stated = finite_thresholds(threshold or ())
    with delayed_progress(as_json) as step:
        run = open_or_run(asked, settings or [], out, ["sim", *sys.argv[1:]], step)
        levels = () if set(stated) == set(thresholds_of(run.scenario)) else stated
        found = decide_on(Experiment(run.scenario, run.results), pair or (), levels, step)
        folder = run.folder
        if not levels:
            add_tables(run, found.tables)
        else:  # the run's folder tells of its own thresholds
            folder = folder / f"decision-at-{'-'.join(f'{level:g}' for level in levels)}"
            write_analysis(run, found.tables, folder)
    if as_json:
        typer.echo(formats.as_json(found.tables), nl=False)
        return
    _print(found, run.scenario.report.outcome)
    names = ", ".join(f"{name}.csv" for name in found.tables)
    typer.echo(f"files: {folder / 'tables'} ({names})")


def _print(found: "Decision", outcome: str) -> None:
    on = console()
    if found.switches:
        show(_switches(found.switches, outcome), on)
    else:
        on.print(f"{outcome}: nothing that it reads varies, so nothing could turn it")
    if found.break_evens:
        show(_break_evens(found.break_evens), on)
    worths = found.tables["information"]
    show(_information(worths), on)
    for note in filter(None, worths["note"].unique()):
        say(f"the mean that decides {note}", on)
    if "more_periods" in found.tables:
        show(_more_periods(found.tables["more_periods"], outcome), on)


def _switches(found: "tuple[Switch, ...]", outcome: str) -> Table:
    rows = []
    for each in found:
        value = cut(each.value.value, each.value.error)
        place = f"{100 * each.percentile:.3g} %" if value else ""
        row = (each.column.name, each.column.unit, f"{each.threshold:g}", value, place, each.verdict)
        rows.append(row)
    heads = ("quantity", "unit", "threshold", "value", "in its distribution", Column("what it meets"))
    caption = f"Switching values: where the median of {outcome} meets the threshold"
    return plain_table(caption, heads, rows, n_text=2)


def _break_evens(found: "tuple[BreakEven, ...]") -> Table:
    rows = []
    for each in found:
        low, median, high = (cut_positive(end.value, end.error) for end in (each.low, each.median, each.high))
        numbers = (f"{each.threshold:g}", median or "none", interval(low, high))
        rows.append((each.column.name, each.column.unit, *numbers, each.verdict))
    heads = ("quantity", "unit", "threshold", "median", "interval", Column("what draws do"))
    probability = f"{100 * found[0].probability:g} %"
    caption = f"Break-even values, draw by draw: median and {probability} interval (eti)"
    return plain_table(caption, heads, rows, n_text=2)


def _information(table: "pd.DataFrame") -> Table:
    from sim.analysis.decision.net_benefit import TOO_FEW, at_most
    from sim.summary.row import status_of

    rows = []
    for row in table.to_dict("records"):
        few = row["upper"] == row["upper"]
        value = at_most(row["upper"]) if few else with_error(row["value"], row["error"])
        worth = (status_of(row["note"]), "") if row["note"] else (value, TOO_FEW if few else "")
        labels = (row["quantity"], row["group"], row["unit"], f"{row['threshold']:g}", row["decision"])
        rows.append((*labels, *worth))
    heads = ("", "of", "unit", "threshold", "decision now", "value", Column(""))
    return plain_table("Expected value of information (± Monte Carlo error)", heads, rows, n_text=3)


def _more_periods(table: "pd.DataFrame", outcome: str) -> Table:
    rows = []
    for row in table.to_dict("records"):
        low, median, high = (rounded(row[name], 3) for name in ("low", "median", "high"))
        ratio = with_error(row["width_ratio"], row["error"]) if row["extra"] else "1"
        share = f"{100 * row['survey_share']:.2g} %"
        rows.append((f"{row['n_periods']:g}", median, f"{low} to {high}", ratio, share))
    heads = ("periods", "median", "interval", "width to now", "survey's share of variance")
    return plain_table(f"More periods per repository: the interval of {outcome} to expect", heads, rows)
