"""Figures of a run drawn from its tables: which are asked for, which can be drawn, and drawing them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from sim.faults import Fault, InvalidInputError, nearest_name
from sim.figures.catalogue import NAMES, drawings
from sim.figures.run_figure import Drawing
from sim.figures.style import render, write_files
from sim.report.caption_files import caption_files
from sim.report.manner import Manner
from sim.run_record import TABLES, Run
from sim.stored_tables import read_table

ALL = "all"


@dataclass(frozen=True)
class Selection:
    """Figures to draw with the tables they need, and figures left out with the reason."""

    drawings: tuple[Drawing, ...]
    tables: Mapping[str, pd.DataFrame]
    left_out: Mapping[str, str]


def write_figures(run: Run, folder: Path) -> None:
    """Draw every figure that the tables of a run suffice for, each as PDF and PNG.

    Parameters
    ----------
    run
        Whose tables they are drawn from.
    folder
        That the figures are written into.

    Raises
    ------
    InvalidInputError
        If the folder cannot be written.
    """
    draw(in_memory(drawings(run.scenario), run.tables), run, Manner(), folder)


def select(run: Run, folder: Path, asked: Sequence[str]) -> Selection:
    """Find the figures asked for and read their tables.

    Parameters
    ----------
    run
        From :func:`sim.run_record.open_tables`.
    folder
        Of the run.
    asked
        Names of figures, of single drawings, or ``all``: every figure whose tables are there.

    Returns
    -------
    Selection
        With the reason for each figure that is left out of ``all``.

    Raises
    ------
    InvalidInputError
        For an unknown name, a table that is missing for a figure asked for by name, or one that is damaged.
    """
    possible = drawings(run.scenario)
    missing = {drawing.name: _missing(drawing, folder / TABLES) for drawing in possible}
    faults = [fault for name in asked if name != ALL for fault in _faults_of_name(name, possible)]
    for drawing in possible:
        if missing[drawing.name] and {drawing.name, drawing.figure.name} & set(asked):
            problem = f"no {missing[drawing.name]} in {folder / TABLES}"
            faults.append(Fault("--figure", drawing.name, problem, f"`{drawing.figure.made_by}` makes it"))
    if faults:
        raise InvalidInputError(faults)
    if ALL in asked:
        chosen = [drawing for drawing in possible if not missing[drawing.name]]
    else:
        chosen = [drawing for drawing in possible if {drawing.name, drawing.figure.name} & set(asked)]
    selection = in_memory(chosen, _read_tables(chosen, folder / TABLES))
    if ALL not in asked:
        if selection.left_out:
            raise InvalidInputError([Fault("--figure", *reason) for reason in selection.left_out.items()])
        return selection
    absent = {
        drawing.name: f"no {missing[drawing.name]}: `{drawing.figure.made_by}`"
        for drawing in possible
        if missing[drawing.name]
    }
    return Selection(selection.drawings, selection.tables, absent | dict(selection.left_out))


def draw(selection: Selection, run: Run, manner: Manner, folder: Path) -> list[Path]:
    """Draw figures and their captions into a folder; nothing is written before all are drawn.

    Parameters
    ----------
    selection
        Figures and their tables.
    run
        Whose tables they are.
    manner
        Width, style and formats.
    folder
        Made if need be.

    Returns
    -------
    list of Path
        The files, in the order drawn.

    Raises
    ------
    InvalidInputError
        If the folder cannot be written.
    """
    contents: dict[str, bytes] = {}
    captions: dict[str, str] = {}
    for drawing in selection.drawings:
        subject = drawing.subject(run.scenario, run.summary, run.n_draws, selection.tables)
        table = selection.tables[drawing.table]
        rendered = render(drawing.figure.draw(table, subject, manner.look), manner.formats)
        contents |= {f"{drawing.name}.{ending}": content for ending, content in rendered.items()}
        captions[drawing.name] = drawing.figure.caption(table, subject)
    return write_files(folder, contents | caption_files(captions, folder)) if contents else []


def in_memory(possible: Sequence[Drawing], tables: Mapping[str, pd.DataFrame]) -> Selection:
    """Return the figures that tables suffice for; a table without rows or shares leaves its figure out.

    Parameters
    ----------
    possible
        Figures of a scenario.
    tables
        Of its run, by name.

    Returns
    -------
    Selection
        With what the tables of each figure left out lack; figures without a table are not named.
    """
    there = [drawing for drawing in possible if set(drawing.tables) <= set(tables)]
    lacks = {drawing.name: _lack(drawing, tables) for drawing in there}
    left_out = {name: lack for name, lack in lacks.items() if lack}
    return Selection(tuple(drawing for drawing in there if drawing.name not in left_out), tables, left_out)


def _lack(drawing: Drawing, tables: Mapping[str, pd.DataFrame]) -> str:
    """Return what the tables of a figure lack for it to be drawn, empty if nothing."""
    beside = drawing.figure.beside
    if any(tables[name].empty for name in beside):
        return f"{' and '.join(beside)} has no rows"
    lack = drawing.figure.lack(tables[drawing.table])
    return f"{drawing.table} {lack}" if lack else ""


def _faults_of_name(name: str, possible: Sequence[Drawing]) -> Iterator[Fault]:
    here = {drawing.name: None for drawing in possible} | {drawing.figure.name: None for drawing in possible}
    if name in here:
        return
    valid = [ALL, *here]
    if name in NAMES:
        yield Fault("--figure", name, "the scenario of this run has no such figure", ", ".join(valid))
    else:
        yield Fault("--figure", name, "no such figure", ", ".join(valid), nearest_name(name, valid))


def _missing(drawing: Drawing, folder: Path) -> str:
    """Return the tables of a figure that a folder lacks, in words."""
    return " and ".join(f"{name}.csv" for name in drawing.tables if not (folder / f"{name}.csv").is_file())


def _read_tables(chosen: Sequence[Drawing], folder: Path) -> dict[str, pd.DataFrame]:
    """Read every table once; faults of all of them are raised together."""
    tables: dict[str, pd.DataFrame] = {}
    faults: list[Fault] = []
    wanted = {name: columns for drawing in chosen for name, columns in drawing.figure.beside.items()}
    wanted |= {drawing.table: drawing.tables[drawing.table] for drawing in chosen}
    checks = {drawing.table: drawing.figure.check for drawing in chosen}
    for name, columns in wanted.items():
        path = folder / f"{name}.csv"
        try:
            tables[name] = read_table(path, columns)
        except InvalidInputError as error:
            faults += error.faults
            continue
        problem = checks[name](tables[name]) if name in checks and len(tables[name]) else ""
        faults += [Fault(str(path), "", problem)] if problem else []
    if faults:
        raise InvalidInputError(faults)
    return tables
