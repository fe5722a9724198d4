r"""``paper.tex``: a document that reads tables, macros and references; a starting point for a paper."""

from collections.abc import Sequence

from sim.scenario.schema import Scenario
from sim.scenario.titles import title_of
from sim.tables.latex import escape
from sim.tables.latex import unit as latex_unit
from sim.tables.macros import Macro
from sim.tables.references import PAPER_KEY, SOFTWARE_KEY
from sim.tables.table import Table

PREAMBLE = r"""% Written by sim. Needs pdflatex and bibtex; everything it reads stands beside it.
\documentclass[a4paper]{article}
\usepackage[T1]{fontenc}
\usepackage[utf8]{inputenc}
\IfFileExists{lmodern.sty}{\usepackage{lmodern}}{}
\usepackage[a4paper,margin=2cm]{geometry}
\usepackage{array,booktabs,longtable}
\usepackage[numbers]{natbib}
\usepackage{url}
\input{numbers}
"""
ENDING = r"""
\clearpage
\nocite{*}
\bibliographystyle{plainnat}
\bibliography{references}
\end{document}
"""


def document(scenario: Scenario, tables: Sequence[Table], found: Sequence[Macro]) -> str:
    """Return a LaTeX document with a sentence on the reported outcome, every table, and the references.

    Parameters
    ----------
    scenario
        What was run.
    tables
        To be read in this order.
    found
        The macros of ``numbers.tex``.

    Returns
    -------
    str
        Text of a LaTeX file, whole.
    """
    inputs = "\n".join(rf"\input{{{table.name}}}" for table in tables)
    points = [rf"Table~\ref{{tab:sim-{table.name}}}" for table in tables]
    return "\n".join(
        [
            PREAMBLE,
            rf"\title{{{escape(scenario.title)}}}",
            r"\author{Written by sim \simVersion{} from scenario \simScenario{}, digest \simDigest{}}",
            r"\date{}",
            r"\begin{document}",
            r"\maketitle",
            "",
            _sentences(scenario, found),
            f"All numbers stand in {', '.join(points)}.",
            "",
            inputs,
            ENDING,
        ]
    )


def _sentences(scenario: Scenario, found: Sequence[Macro]) -> str:
    outcome, unit = scenario.report.outcome, scenario.outcomes[scenario.report.outcome].unit
    names = {macro.key: rf"\{macro.name}{{}}" for macro in found}
    median, low, high, mean = (names[outcome, statistic] for statistic in ("median", "low", "high", "mean"))
    measured = "" if unit == "1" else f" (in {latex_unit(unit)})"
    title = escape(title_of(scenario, outcome))
    return (
        rf"The median of ``{title}''{measured} is {median}, with a \simIntervalPercent{{}}\,\% credible"
        rf" interval (\simIntervalKind{{}}) from {low} to {high}, and a mean of {mean}:"
        rf" \simDraws{{}} draws with seed \simSeed{{}}, made with sim~\cite{{{SOFTWARE_KEY}}} after"
        rf" Langenkamp and Yue~\cite{{{PAPER_KEY}}}."
    )
