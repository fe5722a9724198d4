r"""``numbers.tex`` and ``numbers.md``: a macro for every figure a paper may quote, and the list of them."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sim.digits import without_error
from sim.summary.row import DOES_NOT_EXIST, UNTRUSTED, statistic_text, status_of
from sim.tables.formats import markdown
from sim.tables.latex import number
from sim.tables.paper_numbers import PaperNumber, unique_names

HEAD = r"""% Figures to quote, written by sim: \input this file in the preamble, then write e.g. \simSeed{}.
% Each is cut to its Monte Carlo error; numbers without a known error have three digits. K, M, B and T stand
% for a thousand, million, billion and trillion. The comment has the unrounded value and its error.
"""
IDENTITY = {
    "Scenario": "name of the scenario",
    "Seed": "seed",
    "Draws": "number of draws",
    "Digest": "first digits of the scenario's digest",
    "Version": "version of sim",
    "IntervalPercent": "probability of the credible interval in percent",
    "IntervalKind": "kind of the credible interval",
}
"""What identifies a run, by the names of macros."""


@dataclass(frozen=True)
class Macro:
    """One macro of LaTeX: a name for a figure that a paper may quote.

    Parameters
    ----------
    name
        Name of the macro: letters, without backslash.
    key
        The quantity, with what is held fixed, and the statistic.
    text
        Plain text that the macro prints.
    about
        What the figure is, in words, with its unit.
    exact
        The unrounded value with its error, as text.
    """

    name: str
    key: tuple[str, str]
    text: str
    about: str
    exact: str


def macros(figures: Sequence[PaperNumber], run: Mapping[str, str]) -> tuple[Macro, ...]:
    """Return a macro for each figure, then those that identify the run.

    Parameters
    ----------
    figures
        The figures that may be quoted of the run.
    run
        What identifies the run, by the names of ``IDENTITY``.

    Returns
    -------
    tuple of Macro
        The macros, each with a name of its own.

    Examples
    --------
    >>> run = dict(zip(IDENTITY, ["default", "2022", "65,536", "2da21234", "0.1.0", "95", "eti"]))
    >>> median = PaperNumber("BCRmedian", "bcr", "median", 119.38, 0.3187, "1")
    >>> [(macro.name, macro.text) for macro in macros([median], run)][:3]
    [('simBCRmedian', '120'), ('simScenario', 'default'), ('simSeed', '2022')]
    """
    about = [f"{figure.quantity}, {figure.statistic}" for figure in figures]
    seen: Counter[tuple[str, str]] = Counter()
    keys = []
    for figure, words in zip(figures, about, strict=True):
        keys.append((figure.name, words, seen[figure.name, words]))
        seen[figure.name, words] += 1
    asked = {key: key[0] for key in keys} | {(name, words, -1): name for name, words in IDENTITY.items()}
    names = unique_names(asked)
    quoted = [
        Macro(
            names[key],
            (figure.quantity, figure.statistic),
            _cut(figure),
            " ".join(f"{words} [{figure.unit}]".split()),
            _exact(figure),
        )
        for key, figure, words in zip(keys, figures, about, strict=True)
    ]
    return (
        *quoted,
        *(
            Macro(names[name, words, -1], ("run", name), run[name], words, run[name])
            for name, words in IDENTITY.items()
        ),
    )


def as_latex(found: Sequence[Macro]) -> str:
    r"""Return ``numbers.tex``: a ``\newcommand`` for each macro."""
    lines = [
        rf"\newcommand{{\{macro.name}}}{{{number(macro.text)}}}% {macro.about}: {macro.exact}"
        for macro in found
    ]
    return HEAD + "\n".join(lines) + "\n"


def as_markdown(found: Sequence[Macro]) -> str:
    """Return ``numbers.md``: the macros as a table to look up."""
    lines = ["| Macro | Prints | What it is | Unrounded |", "| :--- | ---: | :--- | :--- |"]
    lines += [
        f"| `\\{macro.name}` | {markdown(macro.text)} | {markdown(macro.about)} | {markdown(macro.exact)} |"
        for macro in found
    ]
    return "\n".join(lines) + "\n"


def _cut(figure: PaperNumber) -> str:
    if status_of(figure.note) in (DOES_NOT_EXIST, UNTRUSTED):
        return status_of(figure.note)
    if math.isnan(figure.error):
        return without_error(figure.value)
    return statistic_text(figure.statistic, figure.value, figure.error)


def _exact(figure: PaperNumber) -> str:
    if figure.note:
        return f"{float(figure.value)!r}, {figure.note}"
    known = {True: "no Monte Carlo error known", False: f"Monte Carlo error {float(figure.error)!r}"}
    return f"{float(figure.value)!r} ({known[math.isnan(figure.error)]})"
