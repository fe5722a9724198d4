"""Figures of a run drawn from its tables: which are asked for, which can be drawn, and drawing them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from sim.faults import Fault, InvalidInputError, nearest_name
from sim.figures.style import render, write_files
from sim.report.about import about
from sim.report.caption_files import caption_files
from sim.report.catalogue import FAMILY_NAMES, Planned, planned
from sim.report.manner import Manner
from sim.report.plot_run import TABLES, Run
from sim.report.plot_tables import read_table

ALL = "all"


@dataclass(frozen=True)
class Selection:
    """Figures to draw with the tables they need, and figures left out with the reason."""

    figures: tuple[Planned, ...]
    tables: Mapping[str, pd.DataFrame]
    left_out: Mapping[str, str]


def select(run: Run, folder: Path, asked: Sequence[str]) -> Selection:
    """Find the figures asked for and read their tables.

    Parameters
    ----------
    run
        From :func:`sim.report.plot_run.read_run`.
    folder
        Of the run.
    asked
        Names of figures, of their families, or ``all``: every figure whose tables are there.

    Raises
    ------
    InvalidInputError
        For an unknown name, a table that is missing for a figure asked for by name, or one that is damaged.
    """
    figures = planned(run.scenario)
    there = folder / TABLES
    faults = [fault for name in asked if name != ALL for fault in _faults_of_name(name, figures)]
    named = [figure for figure in figures if {figure.name, figure.family.name} & set(asked)]
    faults += [_without_tables(figure, there) for figure in named if _missing(figure, there)]
    if faults:
        raise InvalidInputError(faults)
    if ALL in asked:
        named = [figure for figure in figures if not _missing(figure, there)]
    tables = _read(named, there)
    chosen = in_memory(named, tables)
    if chosen.left_out and ALL not in asked:
        raise InvalidInputError([Fault("--figure", *reason) for reason in chosen.left_out.items()])
    absent = [figure for figure in figures if ALL in asked and _missing(figure, there)]
    reasons = {figure.name: _absence(figure, there) for figure in absent}
    return Selection(chosen.figures, tables, reasons | dict(chosen.left_out))


def draw(selection: Selection, run: Run, manner: Manner, folder: Path) -> list[Path]:
    """Draw figures and their captions into a folder; nothing is written before all are drawn.

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
    for figure in selection.figures:
        said = about(run, figure, selection.tables, manner.words)
        table = selection.tables[figure.table]
        drawn = figure.family.draw(table, said, manner.look)
        rendered = render(drawn, manner.formats)
        contents |= {f"{figure.name}.{ending}": content for ending, content in rendered.items()}
        captions[figure.name] = figure.family.caption(table, said)
    return write_files(folder, contents | caption_files(captions, folder)) if contents else []


def in_memory(figures: Sequence[Planned], tables: Mapping[str, pd.DataFrame]) -> Selection:
    """Return the figures that tables suffice for; a table without rows or shares leaves its figure out."""
    there = [figure for figure in figures if set(figure.tables) <= set(tables)]
    lacks = {figure.name: _lack(figure, tables) for figure in there}
    left_out = {name: lack for name, lack in lacks.items() if lack}
    return Selection(tuple(figure for figure in there if figure.name not in left_out), tables, left_out)


def _lack(figure: Planned, tables: Mapping[str, pd.DataFrame]) -> str:
    """Return what a figure lacks to be drawn, empty if nothing."""
    if any(tables[name].empty for name in figure.family.beside):
        return f"{' and '.join(figure.family.beside)} has no rows"
    lack = figure.family.lack(tables[figure.table])
    return f"{figure.table} {lack}" if lack else ""


def _faults_of_name(name: str, figures: Sequence[Planned]) -> Iterator[Fault]:
    here = list(dict.fromkeys([*(figure.name for figure in figures), *(f.family.name for f in figures)]))
    if name in here:
        return
    if name in FAMILY_NAMES:
        yield Fault("--figure", name, "the scenario of this run has no such figure", ", ".join([ALL, *here]))
    else:
        valid = [ALL, *here]
        yield Fault("--figure", name, "no such figure", ", ".join(valid), nearest_name(name, valid))


def _without_tables(figure: Planned, folder: Path) -> Fault:
    missing = " and ".join(f"{name}.csv" for name in _missing(figure, folder))
    return Fault("--figure", figure.name, f"no {missing} in {folder}", f"`{figure.family.made_by}` makes it")


def _absence(figure: Planned, folder: Path) -> str:
    missing = " and ".join(f"{name}.csv" for name in _missing(figure, folder))
    return f"no {missing}: `{figure.family.made_by}`"


def _missing(figure: Planned, folder: Path) -> list[str]:
    return [name for name in figure.tables if not (folder / f"{name}.csv").is_file()]


def _read(figures: Sequence[Planned], folder: Path) -> dict[str, pd.DataFrame]:
    """Read every table once; faults of all of them are raised together."""
    tables: dict[str, pd.DataFrame] = {}
    faults: list[Fault] = []
    wanted = {name: columns for figure in figures for name, columns in figure.family.beside.items()}
    wanted |= {figure.table: figure.family.columns for figure in figures}
    checks = {figure.table: figure.family.check for figure in figures}
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
