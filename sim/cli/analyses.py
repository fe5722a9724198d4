"""``sim sensitivity``: what drives the reported outcome; ``sim decide``: what turns a decision."""

import sys
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
    from sim.analysis.decision.switching_values import Switch

INDICES = ("first", "total", "shapley")


def sensitivity(
    subject: SubjectArgument,
    out: SubjectOut = Path("results"),
    settings: FileSettings = None,
    as_json: AsJson = False,
) -> None:
    """Split the variance of the reported outcome, and rank what drives it, several ways."""
    asked = read_subject(subject, settings or [])

    from sim.cli.progress import delayed_progress
    from sim.recipe import open_or_run
    from sim.report.folder import add_tables
    from sim.run_tables import sensitivity_of
    from sim.tables import formats

    with delayed_progress(as_json) as step:
        run = open_or_run(asked, settings or [], out, ["sim", *sys.argv[1:]], step)
        step("splitting the variance")
        tables = sensitivity_of(run.scenario, run.arrays)
        add_tables(run, tables)
    if as_json:
        typer.echo(formats.as_json(tables), nl=False)
        return
    outcome = run.scenario.report.outcome
    if not tables:
        typer.echo(f"{outcome}: nothing that it depends on varies, so there is nothing to split")
        return
    _print_shares(tables, outcome)
    typer.echo(f"files: {run.folder / 'tables'} ({', '.join(f'{name}.csv' for name in tables)})")


def _print_shares(tables: "dict[str, pd.DataFrame]", outcome: str) -> None:
    on = console()
    indices, kinds = tables["sensitivity_indices"], tables["variance_by_kind"]
    for scale in dict.fromkeys(indices["scale"]):
        of = f"log({outcome})" if scale == "log" else outcome
        caption = f"Shares of the variance of {of} (± Monte Carlo error)"
        rows = indices[indices["scale"] == scale]
        reasons = rows["note"].unique()
        if reasons[0]:
            on.print(caption, style="bold")
            say(f"the variance of {of} {reasons[0]}", on)
            continue
        show(_indices(rows, caption), on)
        show(_kinds(kinds[kinds["scale"] == scale]), on)
    if not indices["settled"].all():
        on.print("† Monte Carlo error does not settle this rank against the next lower one")
    show(_tornado(tables["tornado"], outcome), on)
    show(_ranks(tables.get("rank_correlations"), tables["moment_independent"]), on)


def _indices(rows: "pd.DataFrame", caption: str) -> Table:
    wide = rows.pivot(index=["group", "kind"], columns="index", values=["value", "error", "settled"])
    wide = wide.sort_values(("value", "total"), ascending=False)
    cells = [
        (
            *map(str, wide.index[place]),
            *(
                with_error(row["value", index], row["error", index])
                + ("  " if row["settled", index] else " †")
                for index in INDICES
            ),
        )
        for place, row in enumerate(wide.iloc[place] for place in range(len(wide)))
    ]
    heads = ("group", "kind", "first order", "total order", "Shapley effect")
    return plain_table(caption, heads, cells, n_text=2)


def _kinds(rows: "pd.DataFrame") -> Table:
    cells = [
        (row["kind"], "", *(with_error(row[index], row[f"{index}_error"]) + "  " for index in INDICES))
        for row in rows.sort_values("shapley", ascending=False).to_dict("records")
    ]
    heads = ("by kind", "", "first order", "total order", "Shapley effect")
    return plain_table("", heads, cells, n_text=2)


def _tornado(rows: "pd.DataFrame", outcome: str) -> Table:
    cells = [
        (row["group"], row["kind"], rounded(row["at_low"], 3), rounded(row["at_high"], 3), row["direction"])
        for row in rows.to_dict("records")
    ]
    caption = f"{outcome}, one input at a time, others at medians, open choices averaged"
    return plain_table(caption, ("input", "kind", "at its 5 %", "at its 95 %", "direction"), cells, n_text=2)


def _ranks(ranks: "pd.DataFrame | None", pawn: "pd.DataFrame") -> Table:
    """Return the correlations of each column, and beside the first of each group what the whole group has."""
    indices = {row["group"]: with_error(row["pawn"], row["pawn_error"]) for row in pawn.to_dict("records")}
    cells = []
    for row in [] if ranks is None else ranks.to_dict("records"):
        measures = [with_error(row[key], row[f"{key}_error"]) for key in ("spearman", "partial")]
        cells.append((row["name"], str(row["group"]), *measures, indices.pop(row["group"], "")))
    cells += [(group, group, "", "", index) for group, index in indices.items()]
    heads = ("column", "group", "Spearman", "partial rank", "PAWN (of the group)")
    return plain_table("Rank correlation and PAWN", heads, cells, n_text=2)


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
    asked = read_subject(subject, settings or [])

    from sim.analysis.decision.acceptability import finite_thresholds
    from sim.analysis.decision.decide import decide as decide_on
    from sim.cli.progress import delayed_progress
    from sim.engine.experiment import Experiment
    from sim.recipe import open_or_run
    from sim.report.folder import add_tables, write_analysis
    from sim.summary.ratio import thresholds_of
    from sim.tables import formats

    stated = finite_thresholds(threshold or ())
    with delayed_progress(as_json) as step:
        run = open_or_run(asked, settings or [], out, ["sim", *sys.argv[1:]], step)
        levels = () if set(stated) == set(thresholds_of(run.scenario)) else stated
        found = decide_on(Experiment(run.scenario, run.arrays), pair or (), levels, step)
        folder = run.folder
        if not levels:
            add_tables(run, found.tables)
        else:  # the run's folder tells of its own thresholds
            folder = folder / f"decision-at-{'-'.join(f'{level:g}' for level in levels)}"
            write_analysis(run, found.tables, folder)
    if as_json:
        typer.echo(formats.as_json(found.tables), nl=False)
        return
    _print_decision(found, run.scenario.report.outcome)
    names = ", ".join(f"{name}.csv" for name in found.tables)
    typer.echo(f"files: {folder / 'tables'} ({names})")


def _print_decision(found: "Decision", outcome: str) -> None:
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
    from sim.digits import at_most
    from sim.summary.row import status_of
    from sim.tables.decision import TOO_FEW

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
