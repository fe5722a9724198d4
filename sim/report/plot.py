"""Figures of a run drawn from its tables: which are asked for, which can be drawn, and drawing them."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import matplotlib as mpl
import pandas as pd
from matplotlib.figure import Figure

from sim.faults import Fault, InvalidInput, nearest_name, refuse
from sim.figures.catalogue import NAMES, drawings
from sim.figures.look import Look
from sim.figures.run_figure import Drawing
from sim.figures.style import lay_out, render
from sim.files import write_whole
from sim.run_record import TABLES, Run
from sim.tables.formats import markdown
from sim.tables.latex import escape

ALL = "all"
MARKDOWN, LATEX = "captions.md", "captions.tex"
MARKDOWN_HEAD, LATEX_HEAD = "## ", "% figure: "
LATEX_PREAMBLE = "% One block for each figure, keyed by its file name; needs the T1 font encoding.\n"


@dataclass(frozen=True)
class Selection:
    """Figures to draw, and those left out.

    Parameters
    ----------
    drawings
        Figures to draw.
    tables
        Tables that they need, by name.
    left_out
        Reason for each figure that is left out, by its name.
    """

    drawings: tuple[Drawing, ...]
    tables: Mapping[str, pd.DataFrame]
    left_out: Mapping[str, str]


def select(run: Run, asked: Sequence[str]) -> Selection:
    """Find the figures asked for and read their tables.

    Parameters
    ----------
    run
        The run, from :func:`sim.run_folder.open_tables`.
    asked
        Names of figures, of single drawings, or ``all``: every figure whose tables are there.

    Returns
    -------
    Selection
        The figures, with the reason for each that is left out of ``all``.

    Raises
    ------
    InvalidInput
        If a name is unknown, a table is missing for a figure asked for by name, or a table is damaged.
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
    refuse(faults)
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
        The run.
    look
        Width, style and formats.
    folder
        Folder to draw into, made if need be.

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
        subject = drawing.subject(run.scenario, run.statistics, run.n_draws, selection.tables)
        table = selection.tables[drawing.table]
        rendered = render(drawing.figure.draw(table, subject, look), look.formats)
        contents |= {f"{drawing.name}.{ending}": content for ending, content in rendered.items()}
        captions[drawing.name] = drawing.figure.caption(table, subject)
    if contents:
        contents |= _caption_files(captions, folder)
    for name, content in contents.items():
        write_whole(folder / name, content)
    return [folder / name for name in contents]


def figure_of(run: Run, name: str, look: Look, further: Callable[[], Mapping[str, pd.DataFrame]]) -> Figure:
    """Draw one figure of a run, and leave matplotlib's settings as they were.

    Parameters
    ----------
    run
        The run.
    name
        Name of a figure, or of a single drawing of it.
    look
        Width and style.
    further
        Makes tables that the run may lack.

    Returns
    -------
    Figure
        The figure, laid out.

    Raises
    ------
    InvalidInput
        If a name is unknown or several drawings share it, or tables do not suffice.
    """
    possible = drawings(run.scenario)
    faults = list(_faults_of_name(name, possible) if name != ALL else _several(name, possible))
    named = [drawing for drawing in possible if name in (drawing.name, drawing.figure.name)]
    if faults or len(named) > 1:
        raise InvalidInput(faults or _several(name, named))
    (drawing,) = named
    tables = run.tables if not _missing(drawing, run.tables) else {**run.tables, **further()}
    lacking = (
        _missing(drawing, tables) or _lack(drawing, tables) or drawing.figure.check(tables[drawing.table])
    )
    if lacking:
        raise InvalidInput([Fault("--figure", name, f"there is nothing to draw: {lacking}")])
    subject = drawing.subject(run.scenario, run.statistics, run.n_draws, tables)
    with mpl.rc_context():
        figure = drawing.figure.draw(tables[drawing.table], subject, look)
        lay_out(figure)
    return figure


def _several(name: str, named: Sequence[Drawing]) -> list[Fault]:
    names = ", ".join(drawing.name for drawing in named)
    return [Fault("--figure", name, "is several figures", f"one of {names}")]


def in_memory(possible: Sequence[Drawing], tables: Mapping[str, pd.DataFrame]) -> Selection:
    """Return the figures that tables suffice for; a table without rows or shares leaves its figure out.

    Parameters
    ----------
    possible
        Figures that the scenario can have.
    tables
        Tables of the run by name.

    Returns
    -------
    Selection
        The figures, with what the tables of each figure left out lack; figures without a table are not named.
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
    refuse(faults)
    return tables


def _caption_files(captions: Mapping[str, str], folder: Path) -> dict[str, bytes]:
    """Return captions as Markdown and LaTeX, by name of the file, with other figures' that are there."""
    shown = {name: markdown(text) for name, text in captions.items()}
    latex = {name: rf"\caption{{{escape(text)}}}" for name, text in captions.items()}
    return {
        MARKDOWN: _joined(_kept(folder / MARKDOWN, MARKDOWN_HEAD) | shown, MARKDOWN_HEAD, "").encode(),
        LATEX: _joined(_kept(folder / LATEX, LATEX_HEAD) | latex, LATEX_HEAD, LATEX_PREAMBLE).encode(),
    }


def _kept(path: Path, head: str) -> dict[str, str]:
    """Return the blocks of an earlier file by figure."""
    if not path.is_file():
        return {}
    blocks: dict[str, str] = {}
    name = ""
    for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
        if line.startswith(head):
            name = line.removeprefix(head).strip()
            blocks[name] = ""
        elif name and line.strip():
            blocks[name] = f"{blocks[name]}\n{line}".strip()
    return blocks


def _joined(blocks: Mapping[str, str], head: str, preamble: str) -> str:
    written = [
        f"{head}{name}\n" + ("\n" if head == MARKDOWN_HEAD else "") + text for name, text in blocks.items()
    ]
    return preamble + ("\n" if preamble else "") + "\n\n".join(sorted(written)) + "\n"
