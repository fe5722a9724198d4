"""``sim lock``: what a replication package needs of a run, in one file; ``sim verify``: a lock run again."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli.options import RunFolder

if TYPE_CHECKING:
    from sim.replication.verify import Verification

MOVED = 1
VERDICTS = {
    "identical": "identical: every draw and all {n} numbers, bit for bit",
    "holds": "holds: none of {n} numbers moved by more than its error allows (at most {largest:.0%} of that)",
    "moved": "moved: {moved} of {n} numbers by more than their errors allow",
}


def lock(
    results: RunFolder,
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", help="Lock file; RESULTS.lock.toml beside the folder unless stated."),
    ] = None,
) -> None:
    """Write scenario, data digests, versions, seed and quoted numbers of a run into one file."""
    from sim.replication.lock import make_lock, write_lock
    from sim.report.summary_lines import quoted_numbers, summary_notes
    from sim.run_folder import open_run

    run = open_run(results)
    file = out or run.folder.parent / f"{run.folder.resolve().name}.lock.toml"
    notes = summary_notes(run.scenario, run.statistics, run.notes)
    numbers = quoted_numbers(run.scenario, run.statistics, len(notes))
    made = make_lock(run, numbers, file.parent)
    write_lock(made, file)
    n_files = f"{len(made.data)} data file" + ("" if len(made.data) == 1 else "s")
    typer.echo(f"written: {file} ({len(numbers)} numbers, {n_files} by digest)")


def verify(
    lock: Annotated[Path, typer.Argument(help="A file that `sim lock` wrote.", metavar="LOCK")],
    seed: Annotated[
        int | None, typer.Option(help="Run under another seed than the lock's.", metavar="N", min=0)
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print what was found as JSON.")] = False,
) -> None:
    """Run a lock again; fail where a number moves by more than its Monte Carlo error allows."""
    from sim.cli.progress import delayed_progress
    from sim.replication.lock import read_lock
    from sim.replication.verify import verify as verify_lock

    locked = read_lock(lock)
    with delayed_progress(as_json) as step:
        found = verify_lock(locked, lock, step, seed)
    if as_json:
        _print_json(found)
    else:
        _print(found)
    if found.moved:
        raise typer.Exit(MOVED)


def _print(found: "Verification") -> None:
    for moved in found.moved:
        typer.echo(str(moved))
    for difference in found.elsewhere:
        typer.echo(f"differs here: {difference}")
    if found.verdict == "holds" and not found.elsewhere:
        typer.echo("not bit for bit, though versions, system and seed are the same")
    words = VERDICTS[found.verdict]
    typer.echo(words.format(n=found.n_numbers, largest=found.largest, moved=len(found.moved)))


def _print_json(found: "Verification") -> None:
    import json

    moved = [
        {
            **each.number.model_dump(exclude={"printed", "place"}, exclude_none=True),
            "found": each.found,
            "allowed": each.allowed if each.found is not None else None,
        }
        for each in found.moved
    ]
    content = {
        "verdict": found.verdict,
        "n_numbers": found.n_numbers,
        "multiplier": found.multiplier,
        "largest_share_of_allowed": found.largest,
        "differs_here": list(found.elsewhere),
        "moved": moved,
    }
    typer.echo(json.dumps(content, indent=1, ensure_ascii=False))
