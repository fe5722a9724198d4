"""``sim sensitivity``: what drives the reported outcome."""

from pathlib import Path
from typing import TYPE_CHECKING

import typer

from sim.cli.options import AsJson, FileSettings, SubjectArgument, SubjectOut, read_subject
from sim.digits import rounded, with_error
from sim.tables.table import Table, plain_table
from sim.tables.terminal import console, say, show

if TYPE_CHECKING:
    import pandas as pd

INDICES = ("first", "total", "shapley")


def sensitivity(
    subject: SubjectArgument,
    out: SubjectOut = Path("results"),
    settings: FileSettings = None,
    as_json: AsJson = False,
) -> None:
    """Split the variance of the reported outcome, and rank what drives it, several ways."""
    import sys

    asked = read_subject(subject, settings or [])

    from sim.cli.progress import delayed_progress
    from sim.recipe import open_or_run
    from sim.report.folder import add_tables
    from sim.run_tables import sensitivity_of
    from sim.tables import formats

    with delayed_progress(as_json) as step:
        run = open_or_run(asked, settings or [], out, ["sim", *sys.argv[1:]], step)
        step("splitting the variance")
        tables = sensitivity_of(run.scenario, run.results)
        add_tables(run, tables)
    if as_json:
        typer.echo(formats.as_json(tables), nl=False)
        return
    outcome = run.scenario.report.outcome
    if not tables:
        typer.echo(f"{outcome}: nothing that it depends on varies, so there is nothing to split")
        return
    _print(tables, outcome)
    typer.echo(f"files: {run.folder / 'tables'} ({', '.join(f'{name}.csv' for name in tables)})")


def _print(tables: "dict[str, pd.DataFrame]", outcome: str) -> None:
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
