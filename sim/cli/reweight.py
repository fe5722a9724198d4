"""``sim reweight``: a run under another prior, without running it."""

import math
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli.options import RunFolder
from sim.digits import rounded
from sim.faults import Fault, InvalidInput
from sim.tables.table import Table, plain_table
from sim.tables.terminal import console, show

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.analysis.decision.tipping_points import TippingPoint
    from sim.analysis.reweighting.reweight import Reweighting, StatisticChange
    from sim.run_record import Run
    from sim.summary.estimate import Estimate


def reweight(
    results: RunFolder,
    settings: Annotated[
        list[str] | None,
        typer.Option("--set", help="Another law or weight, key.path=value; repeatable.", metavar="KEY=VALUE"),
    ] = None,
    tipping: Annotated[
        bool, typer.Option("--tipping", help="How far each prior must move before the verdict turns.")
    ] = False,
    out: Annotated[
        Path | None,
        typer.Option(help="Write the table as CSV; with --tipping RESULTS/tables/tipping.csv unless stated."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the table as JSON.")] = False,
) -> None:
    """Weight the stored draws to another prior, or find how far each prior must move (--tipping)."""
    if bool(settings) == tipping:
        problem = "nothing to weight" if not settings else "--set and --tipping ask for two different tables"
        raise InvalidInput([Fault("sim reweight", "", problem, "either --set KEY=VALUE, or --tipping")])

    from sim.analysis.decision.tipping_points import tipping_points
    from sim.files import write_whole
    from sim.run_folder import open_run
    from sim.tables import formats

    run = open_run(results)
    if tipping:
        table = _tipping_table(tipping_points(run.scenario, run.arrays), run.outcome)
    else:
        table = _reweighting_table(_reweighting(run, settings or []))
    target = out or (run.folder / "tables" / "tipping.csv" if tipping else None)
    if target is not None:
        write_whole(target, formats.as_csv(table).encode())
    if as_json:
        typer.echo(formats.as_json({**table.about, "rows": table.frame}), nl=False)
        return
    show(table, console())
    if target is not None:
        typer.echo(f"written: {target}")


def _reweighting(run: "Run", settings: "Sequence[str]") -> "Reweighting":
    """Give the draws of a run new weights, those of its scenario with statements laid over it."""
    import shlex

    from sim.analysis.reweighting.reweight import reweight
    from sim.run_record import SCENARIO
    from sim.scenario.load import load

    file = run.folder / SCENARIO
    stated = " ".join(f"--set {shlex.quote(setting)}" for setting in settings)
    afresh = f"sim run {shlex.quote(str(file))} {stated}"
    return reweight(run, load(file, settings), afresh)


def _reweighting_table(found: "Reweighting") -> Table:
    """Return a run under other priors beside what it was."""
    import pandas as pd

    frame = pd.DataFrame(
        {
            "quantity": row.quantity,
            "statistic": row.statistic,
            "at": row.at,
            "before": row.before.value,
            "before_mc_error": row.before.error,
            "after": row.after.value,
            "after_mc_error": row.after.error,
            "unit": row.unit,
            "note": row.after.note or row.before.note,
        }
        for row in found.rows
    )
    heads = ("", "as run", "reweighted", "Monte Carlo error")
    about = {"n_draws": found.n_draws, "n_effective": found.n_effective, "pareto_k": found.pareto_k}
    table = plain_table("", heads, map(_beside, found.rows), n_whole=len(heads))
    return replace(table, numbers=frame, notes=(f"note: {_trust(found)}",), about=about)


def _tipping_table(points: "Sequence[TippingPoint]", outcome: str) -> Table:
    """Return how far each prior must move before P(outcome > threshold) passes one half."""
    import pandas as pd

    columns = (
        "parameter", "unit", "scale", "threshold", "p_above", "turns", "shift", "shift_error", "factor",
        "difference", "median_before", "median_after", "percentile", "note",
    )  # fmt: skip
    frame = pd.DataFrame({name: getattr(point, name) for name in columns} for point in points)
    heads = ("", f"P({outcome} > t)", "t", "median now", "must become", "moved by", "percentile now")
    notes = (
        f"note: where P({outcome} > t) passes one half if this prior alone is moved, its shape kept; "
        "exact: evaluated anew at the moved draws",
    )
    table = plain_table("", heads, map(_tipping, points), n_whole=len(heads))
    return replace(table, numbers=frame, notes=notes, about={"outcome": outcome})


def _beside(row: "StatisticChange") -> tuple[str, ...]:
    from sim.scenario.titles import exceedance_words

    unit = "" if row.unit == "1" else f", {row.unit}"
    what = (
        exceedance_words(row.quantity, row.at)
        if row.statistic == "p_above"
        else f"{row.quantity}, {row.statistic}"
    )
    errors = f"{rounded(row.before.error, 1)}, {rounded(row.after.error, 1)}"
    return what + unit * (row.statistic != "p_above"), _cut(row.before), _cut(row.after), errors


def _cut(found: "Estimate") -> str:
    from sim.summary.row import quoted

    return quoted(found.value, found.error, found.note)


def _trust(found: "Reweighting") -> str:
    tail = "none (bounded weights)" if found.pareto_k == -math.inf else f"{found.pareto_k:.2f}"
    effective = f"{found.n_effective:,.0f} effective of {found.n_draws:,} draws"
    return f"{effective}; Pareto k of the weights' tail: {tail}"


def _tipping(point: "TippingPoint") -> tuple[str, ...]:
    now = rounded(point.median_before, 3)
    head = (point.parameter, f"{point.p_above:.3g}", f"{point.threshold:g}", now)
    if not point.turns:
        return (*head, point.note, "", "")
    how = "" if point.note == "turns" else f" ({point.note})"
    return (*head, rounded(point.median_after, 3), _moved_by(point), f"{point.percentile:.3g} %{how}")


def _moved_by(point: "TippingPoint") -> str:
    if point.scale == "log":
        return f"times {point.factor:.3g}"
    if point.scale == "logit":
        return f"{100 * point.difference:+.3g} points"
    return f"{point.difference:+.3g}"
