"""``sim sensitivity``: what drives the reported outcome."""

from pathlib import Path
from typing import TYPE_CHECKING

import typer

from sim.cli.json_tables import print_json
from sim.cli.options import AsJson, FileSettings, Subject, SubjectOut

if TYPE_CHECKING:
    import pandas as pd
    from rich.table import Table


def sensitivity(
    subject: Subject,
    out: SubjectOut = Path("results"),
    settings: FileSettings = None,
    as_json: AsJson = False,
) -> None:
    """Split the variance of the reported outcome, and rank what drives it, several ways."""
    import sys

    from sim.cli.progress import delayed_progress
    from sim.report.analysed import analysed_run
    from sim.report.run_tables import add_tables, sensitivity_of

    with delayed_progress(as_json) as step:
        run = analysed_run(subject, settings or [], out, ["sim", *sys.argv[1:]], step)
        step("splitting the variance")
        tables = sensitivity_of(run.scenario, run.results)
        add_tables(run, tables)
    if as_json:
        print_json(tables)
        return
    outcome = run.scenario.report.outcome
    if not tables:
        typer.echo(f"{outcome}: nothing that it depends on varies, so there is nothing to split")
        return
    _print(tables, outcome)
    typer.echo(f"files: {run.folder / 'tables'} ({', '.join(f'{name}.csv' for name in tables)})")


def _print(tables: "dict[str, pd.DataFrame]", outcome: str) -> None:
    from sim.cli.terminal import console, show

    on = console()
    indices = tables["sensitivity_indices"]
    for scale in dict.fromkeys(indices["scale"]):
        of = f"log({outcome})" if scale == "log" else outcome
        title = f"Shares of the variance of {of} (± Monte Carlo error)"
        reasons = indices.loc[indices["scale"] == scale, "note"].unique()
        if reasons[0]:
            on.print(title, style="bold")
            on.print(f"the variance of {of} {reasons[0]}")
            continue
        show(_indices(indices[indices["scale"] == scale]), on, title)
        kinds = tables["variance_by_kind"]
        show(_kinds(kinds[kinds["scale"] == scale]), on)
    if not indices["settled"].all():
        on.print("† Monte Carlo error does not settle this rank against the next lower one")
    title = f"{outcome}, one input at a time, others at medians, open choices averaged"
    show(_tornado(tables["tornado"]), on, title)
    ranks = _ranks(tables.get("rank_correlations"), tables["moment_independent"])
    show(ranks, on, "Rank correlation and PAWN")


def _table(*heads: str) -> "Table":
    from sim.cli.terminal import new_table

    return new_table(heads, 2, 2)


def _indices(rows: "pd.DataFrame") -> "Table":
    from sim.summary.digits import with_error

    table = _table("group", "kind", "first order", "total order", "Shapley effect")
    wide = rows.pivot(index=["group", "kind"], columns="index", values=["value", "error", "settled"])
    wide = wide.sort_values(("value", "total"), ascending=False)
    for place, group in enumerate(wide.index.get_level_values("group")):
        row = wide.iloc[place]
        cells = [
            with_error(row["value", index], row["error", index]) + ("  " if row["settled", index] else " †")
            for index in ("first", "total", "shapley")
        ]
        table.add_row(str(group), str(wide.index.get_level_values("kind")[place]), *cells)
    return table


def _kinds(rows: "pd.DataFrame") -> "Table":
    from sim.summary.digits import with_error

    table = _table("by kind", "", "first order", "total order", "Shapley effect")
    for row in rows.sort_values("shapley", ascending=False).to_dict("records"):
        cells = [
            with_error(row[index], row[f"{index}_error"]) + "  " for index in ("first", "total", "shapley")
        ]
        table.add_row(row["kind"], "", *cells)
    return table


def _tornado(rows: "pd.DataFrame") -> "Table":
    from sim.summary.digits import rounded

    table = _table("input", "kind", "at its 5 %", "at its 95 %", "direction")
    for row in rows.to_dict("records"):
        ends = (rounded(row["at_low"], 3), rounded(row["at_high"], 3))
        table.add_row(row["group"], row["kind"], *ends, row["direction"])
    return table


def _ranks(ranks: "pd.DataFrame | None", pawn: "pd.DataFrame") -> "Table":
    from sim.summary.digits import with_error

    indices = {row["group"]: with_error(row["pawn"], row["pawn_error"]) for row in pawn.to_dict("records")}
    table = _table("column", "group", "Spearman", "partial rank", "PAWN (of the group)")
    shown: set[str] = set()
    for row in [] if ranks is None else ranks.to_dict("records"):
        group = str(row["group"])
        cells = [with_error(row[key], row[f"{key}_error"]) for key in ("spearman", "partial")]
        table.add_row(row["name"], group, *cells, "" if group in shown else indices.get(group, ""))
        shown.add(group)
    for group, index in indices.items():
        if group not in shown:
            table.add_row(group, group, "", "", index)
    return table
