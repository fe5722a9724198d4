"""What is exported of a run: draws, summary and tables, with a list of their columns, units and sources."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import pandas as pd

from sim.results import Attributes, Content, joint_draws, lines_of
from sim.scenario.graph import quantities
from sim.scenario.schema import Scenario
from sim.scenario.titles import title_of
from sim.summary.row import Summary
from sim.tables.assumptions import assumptions_table
from sim.tables.table import UNITS
from sim.types import Groups

ROUNDING = (
    "Numbers are not rounded. mc_error and error are Monte Carlo errors, which come from finitely many draws;"
    " quote no digit below them. They are not uncertainty about the world, which the intervals state."
)
ATTRIBUTES = ("title", "scenario", "scenario_digest", "seed", "n_draws", "sampler", "created", "versions")


@dataclass(frozen=True, eq=False)
class Sheet:
    """A frame with plain columns and no index, as it is exported: a file, or a sheet of a workbook.

    Parameters
    ----------
    name
        Name of the file, or of the sheet in a workbook.
    frame
        The frame.
    units
        Units in pint's notation, by column, of the columns that have one.
    titles
        Titles in words, by column, of the columns that have one.
    """

    name: str
    frame: pd.DataFrame
    units: Mapping[str, str] = field(default_factory=dict)
    titles: Mapping[str, str] = field(default_factory=dict)


def contents(
    scenario: Scenario, content: Content, summary: Summary, tables: Mapping[str, pd.DataFrame]
) -> list[Sheet]:
    """Return everything that is exported of a run.

    Parameters
    ----------
    scenario
        The scenario of the run.
    content
        What the file of the run holds.
    summary
        Its summary.
    tables
        Its tables by name.

    Returns
    -------
    list of Sheet
        ``about`` (title, seed, note on rounding, notes), ``columns`` (unit and title of every column of every
        sheet), ``assumptions`` (distributions with their sources), ``summary``, every table, and ``draws``.
    """
    groups, attributes = content
    titles = {name: title_of(scenario, name) for name in quantities(scenario).units}
    found = [
        Sheet("assumptions", assumptions_table(scenario, summary, {}).frame),
        Sheet("summary", summary.frame),
        *(Sheet(name, table, table.attrs[UNITS], titles) for name, table in tables.items()),
        Sheet("draws", _draws(scenario, groups), quantities(scenario).units, titles),
    ]
    about = pd.DataFrame(_about(scenario, attributes), columns=["item", "value"])
    return [Sheet("about", about), Sheet("columns", _columns(found)), *found]


def _draws(scenario: Scenario, groups: Groups) -> pd.DataFrame:
    frame = joint_draws(groups, scenario.alternatives).to_dataframe().reset_index()
    chosen = {name: pd.Categorical(frame[name], names) for name, names in scenario.alternatives.items()}
    return frame.assign(**chosen)


def _about(scenario: Scenario, attributes: Attributes) -> Iterator[tuple[str, str]]:
    yield from ((name, str(attributes[name])) for name in ATTRIBUTES if name in attributes)
    yield "interval", scenario.report.interval.words
    yield "rounding", ROUNDING
    for note in filter(None, (scenario.report.note, *lines_of(str(attributes["notes"])))):
        yield "note", note


def _columns(found: list[Sheet]) -> pd.DataFrame:
    rows = [
        {
            "sheet": sheet.name,
            "column": column,
            "unit": sheet.units.get(column, ""),
            "title": sheet.titles.get(column, ""),
        }
        for sheet in found
        for column in map(str, sheet.frame.columns)
    ]
    return pd.DataFrame(rows)
