"""What a paper takes from a run: tables, macros, references and a document that reads them all."""

from pathlib import Path

from sim.faults import Fault, InvalidInput
from sim.run_record import Run
from sim.tables.analyses import Tables
from sim.tables.assumptions import assumptions_table
from sim.tables.decision import decision_table
from sim.tables.document import document
from sim.tables.formats import write_table
from sim.tables.macros import Origin, as_latex, as_markdown, macros
from sim.tables.paper_numbers import paper_numbers
from sim.tables.references import bibliography
from sim.tables.results import results_table
from sim.tables.sensitivity import sensitivity_table
from sim.tables.table import Table
from sim.tables.table1 import table1_of
from sim.tables.years import years_table
from sim.version import __version__


def write_paper(run: Run, tables: Tables, folder: Path) -> tuple[str, ...]:
    """Write the tables of a paper, ``numbers.tex``, ``numbers.md``, ``references.bib`` and ``paper.tex``.

    The same run gives the same bytes: nothing holds a date or a path.

    Parameters
    ----------
    run
        What was run, and what came out.
    tables
        Its tables, with those of the sensitivity and decision analyses by name; any may be missing, and what
        would be made from it is left out.
    folder
        Where to write, the run's ``tables``; made if need be.

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
        paper_numbers(run.statistics, tables, outcome, scenario.outcomes[outcome].unit), _origin(run)
    )
    papers = paper_tables(run, tables)
    texts = {
        "numbers.tex": as_latex(found),
        "numbers.md": as_markdown(found),
        "references.bib": references.as_bibtex(),
        "paper.tex": document(scenario, papers, found),
    }
    try:
        folder.mkdir(parents=True, exist_ok=True)
        names = [name for table in papers for name in write_table(table, folder)]
        for name, text in texts.items():
            (folder / name).write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        problem = f"cannot be written: {error.strerror or error}"
        raise InvalidInput([Fault(str(folder), "", problem, "a folder that can be written")]) from error
    return (*names, *texts)


def paper_tables(run: Run, tables: Tables) -> tuple[Table, ...]:
    """Return the tables that a run has: assumptions and results always, the others where there is something.

    Parameters
    ----------
    run, tables
        As for :func:`write_paper`.

    Returns
    -------
    tuple of Table
        In the order in which the paper prints them.

    Raises
    ------
    InvalidInput
        As :func:`write_paper`.
    """
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


def _origin(run: Run) -> Origin:
    interval = run.scenario.report.interval
    return Origin(
        scenario=run.scenario.name,
        seed=run.scenario.seed,
        n_draws=run.n_draws,
        digest=str(run.attributes["scenario_digest"])[:8],
        version=__version__,
        interval_probability=interval.probability,
        interval_kind=interval.kind,
    )
