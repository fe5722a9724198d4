"""What a paper takes from a run: tables, macros, references and a document that reads them all."""

from collections.abc import Sequence
from pathlib import Path

from sim.files import WRITABLE_FOLDER, writing
from sim.run_record import Run
from sim.scenario.schema import Scenario
from sim.scenario.titles import title_of
from sim.tables.assumptions import assumptions_table
from sim.tables.decision import decision_table
from sim.tables.formats import write_table
from sim.tables.latex import escape
from sim.tables.latex import unit as latex_unit
from sim.tables.macros import Macro, as_latex, as_markdown, macros
from sim.tables.paper_numbers import paper_numbers
from sim.tables.references import PAPER_KEY, SOFTWARE_KEY, bibliography
from sim.tables.results import results_table
from sim.tables.sensitivity import sensitivity_table
from sim.tables.table import Table, Tables
from sim.tables.table1 import table1_of
from sim.tables.years import years_table
from sim.version import __version__

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


def write_paper(run: Run, tables: Tables, folder: Path) -> tuple[str, ...]:
    """Write the tables of a paper, ``numbers.tex``, ``numbers.md``, ``references.bib`` and ``paper.tex``.

    The same run gives the same bytes: nothing holds a date or a path.

    Parameters
    ----------
    run
        The run.
    tables
        Its tables with those of the sensitivity and decision analyses, by name; any may be missing, and what
        would be made from it is left out.
    folder
        Folder to write to, the run's ``tables``; made if need be.

    Returns
    -------
    tuple
        Names of the files written.

    Raises
    ------
    InvalidInput
        If a data file the scenario names cannot be used, a table lacks a column, or the folder cannot be
        written.
    """
    scenario, outcome = run.scenario, run.outcome
    references = bibliography(scenario)
    found = macros(
        paper_numbers(run.statistics, tables, outcome, scenario.outcomes[outcome].unit), _identity(run)
    )
    papers = _paper_tables(run, tables)
    texts = {
        "numbers.tex": as_latex(found),
        "numbers.md": as_markdown(found),
        "references.bib": references.as_bibtex(),
        "paper.tex": _document(scenario, papers, found),
    }
    with writing(folder, WRITABLE_FOLDER):
        folder.mkdir(parents=True, exist_ok=True)
        names = [name for table in papers for name in write_table(table, folder)]
        for name, text in texts.items():
            (folder / name).write_text(text, encoding="utf-8", newline="\n")
    return (*names, *texts)


def _paper_tables(run: Run, tables: Tables) -> tuple[Table, ...]:
    """Return the tables of a run: assumptions and results always, others where there is something."""
    scenario = run.scenario
    keys = bibliography(scenario).keys
    found = (
        assumptions_table(scenario, run.statistics, keys),
        results_table(scenario, run.statistics, run.n_draws),
        sensitivity_table(scenario, tables),
        decision_table(scenario, tables),
        years_table(scenario, tables),
        table1_of(scenario),
    )
    return tuple(table for table in found if table is not None)


def _identity(run: Run) -> dict[str, str]:
    interval = run.scenario.report.interval
    return {
        "Scenario": run.scenario.name,
        "Seed": str(run.scenario.seed),
        "Draws": f"{run.n_draws:,}",
        "Digest": str(run.attributes["scenario_digest"])[:8],
        "Version": __version__,
        "IntervalPercent": f"{100 * interval.probability:g}",
        "IntervalKind": interval.kind,
    }


def _document(scenario: Scenario, tables: Sequence[Table], found: Sequence[Macro]) -> str:
    """Return ``paper.tex``: a sentence on the reported outcome, every table in this order, the references."""
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
