"""Figures of a run drawn from its tables: which are asked for, which can be drawn, and drawing them."""

import math
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from sim.faults import Fault, InvalidInput, nearest_name
from sim.figures.catalogue import NAMES, drawings
from sim.figures.run_figure import Drawing
from sim.figures.style import METADATA, NAMED_WIDTHS, NARROWEST, WIDEST, Look, StyleName, render, write_files
from sim.report.caption_files import caption_files
from sim.run_record import TABLES, Run

ALL = "all"
STYLE_NAMES: dict[str, StyleName] = {"paper": "paper", "slides": "slides"}


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
    InvalidInput
        If the folder cannot be written.
    """
    draw(in_memory(drawings(run.scenario), run.tables), run, Look(), folder)


def select(run: Run, asked: Sequence[str]) -> Selection:
    """Find the figures asked for and read their tables.

    Parameters
    ----------
    run
        From :func:`sim.run_folder.open_tables`.
    asked
        Names of figures, of single drawings, or ``all``: every figure whose tables are there.

    Returns
    -------
    Selection
        With the reason for each figure that is left out of ``all``.

    Raises
    ------
    InvalidInput
        For an unknown name, a table that is missing for a figure asked for by name, or one that is damaged.
    """
    folder = run.folder / TABLES
    possible = drawings(run.scenario)
    named = [drawing for drawing in possible if {drawing.name, drawing.figure.name} & set(asked)]
    missing = {drawing.name: words for drawing in possible if (words := _missing(drawing, run.tables))}
    faults = [fault for name in asked if name != ALL for fault in _faults_of_name(name, possible)]
    makers = {drawing.name: f"`{drawing.figure.made_by}`" for drawing in possible}
    faults += [
        Fault("--figure", name, f"no {missing[name]} in {folder}", f"{makers[name]} makes it")
        for name in (drawing.name for drawing in named)
        if name in missing
    ]
    if faults:
        raise InvalidInput(faults)
    chosen = [drawing for drawing in possible if drawing.name not in missing] if ALL in asked else named
    selection = in_memory(chosen, _read_tables(chosen, run))
    if ALL not in asked:
        if selection.left_out:
            raise InvalidInput([Fault("--figure", *reason) for reason in selection.left_out.items()])
        return selection
    absent = {name: f"no {words}: {makers[name]}" for name, words in missing.items()}
    return Selection(selection.drawings, selection.tables, absent | dict(selection.left_out))


def draw(selection: Selection, run: Run, look: Look, folder: Path) -> list[Path]:
    """Draw figures and their captions into a folder; nothing is written before all are drawn.

    Parameters
    ----------
    selection
        Figures and their tables.
    run
        Whose tables they are.
    look
        Width, style and formats.
    folder
        Made if need be.

    Returns
    -------
    list of Path
        The files, in the order drawn.

    Raises
    ------
    InvalidInput
        If the folder cannot be written.
    """
    contents: dict[str, bytes] = {}
    captions: dict[str, str] = {}
    for drawing in selection.drawings:
        subject = drawing.subject(run.scenario, run.summary, run.n_draws, selection.tables)
        table = selection.tables[drawing.table]
        rendered = render(drawing.figure.draw(table, subject, look), look.formats)
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


def _missing(drawing: Drawing, tables: Iterable[str]) -> str:
    """Return the tables of a figure that a run lacks, in words."""
    there = set(tables)
    return " and ".join(f"{name}.csv" for name in drawing.tables if name not in there)


def _read_tables(chosen: Sequence[Drawing], run: Run) -> dict[str, pd.DataFrame]:
    """Read every table once; faults of all of them are raised together."""
    tables: dict[str, pd.DataFrame] = {}
    faults: list[Fault] = []
    checks = {drawing.table: drawing.figure.check for drawing in chosen}
    for name in dict.fromkeys([name for drawing in chosen for name in drawing.figure.beside] + list(checks)):
        try:
            tables[name] = run.tables[name]
        except InvalidInput as error:
            faults += error.faults
            continue
        problem = checks[name](tables[name]) if name in checks and len(tables[name]) else ""
        faults += [Fault(str(run.folder / TABLES / f"{name}.csv"), "", problem)] if problem else []
    if faults:
        raise InvalidInput(faults)
    return tables


def read_look(formats: str, width: str, style: str) -> Look:
    """Read how figures are drawn from what a user typed.

    Parameters
    ----------
    formats
        Endings with commas between.
    width
        ``single``, ``double`` or a number of cm.
    style
        ``paper`` or ``slides``.

    Returns
    -------
    Look
        With its width in cm.

    Raises
    ------
    InvalidInput
        With every fault in the three.

    Examples
    --------
    >>> read_look("pdf, svg", "double", "paper")
    Look(width_cm=17.8, style='paper', formats=('pdf', 'svg'))
    """
    endings = tuple(dict.fromkeys(part.strip().lower() for part in formats.split(",")))
    faults = [fault for ending in endings for fault in _unknown("--format", ending, METADATA)]
    faults += _unknown("--style", style, STYLE_NAMES)
    known = STYLE_NAMES.get(style, "paper")
    width_cm = NAMED_WIDTHS[known].get(width, _float(width))
    if not NARROWEST[known] <= width_cm <= WIDEST:
        allowed = f"single, double, or {NARROWEST[known]:g} to {WIDEST:g} (cm, style {known})"
        faults.append(Fault("--width", "", repr(width), allowed, nearest_name(width, NAMED_WIDTHS[known])))
    if faults:
        raise InvalidInput(faults)
    return Look(width_cm, known, endings)


def _unknown(option: str, given: str, valid: Collection[str]) -> list[Fault]:
    if given in valid:
        return []
    return [Fault(option, "", repr(given), ", ".join(valid), nearest_name(given, valid))]


def _float(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return math.nan
