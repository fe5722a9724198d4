"""Titles of groups, and the contract's tables where a run has them."""

from collections.abc import Mapping, Sequence

import pandas as pd

from sim.faults import Fault, InvalidInputError
from sim.scenario.schema import Scenario

Tables = Mapping[str, pd.DataFrame]
SURVEY = "survey"


def group_title(scenario: Scenario, group: str) -> str:
    """Return a group of the sensitivity tables in words.

    A group is a parameter, a component of one, parameters tied by correlations (``a ~ b``), ``survey``, or a
    choice.
    """
    if group == SURVEY and SURVEY not in {*scenario.parameters, *scenario.choices}:
        return "Survey"
    return " with ".join(_title(scenario, name.strip()) for name in group.split("~"))


def table_of(tables: Tables, name: str, columns: Sequence[str]) -> pd.DataFrame | None:
    """Return a table of the contract, or None where the run has none or it is empty.

    Raises
    ------
    InvalidInputError
        If a column is missing.
    """
    table = tables.get(name)
    if table is None or table.empty:
        return None
    missing = [column for column in columns if column not in table.columns]
    if missing:
        allowed = ", ".join(columns)
        raise InvalidInputError(
            [Fault(f"tables/{name}.csv", column, "column is missing", allowed) for column in missing]
        )
    return table


def _title(scenario: Scenario, name: str) -> str:
    whole, _, component = name.partition(".")
    stated = scenario.parameters.get(whole) or scenario.choices.get(whole)
    title = (stated.title if stated else None) or whole.replace("_", " ")
    return f"{title}: {component.replace('_', ' ')}" if component else title
