"""What the reported variance rests on: judgement, and judgement without a source."""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from sim.scenario.ledger import ledger
from sim.scenario.schema import Scenario


@dataclass(frozen=True)
class Support:
    """Shares of the variance of the reported outcome, by Shapley effects.

    Parameters
    ----------
    scale
        ``log`` where the outcome is always positive, else ``raw``.
    judgement
        Share of inputs of kind judgement.
    unsourced
        Share of those of them that state no source.
    names
        Their names.
    """

    scale: str
    judgement: float
    unsourced: float
    names: tuple[str, ...]

    def words(self, outcome: str) -> str:
        """Return the shares in a phrase for the summary."""
        of = f"log({outcome})" if self.scale == "log" else outcome
        without = f"{100 * self.unsourced:.0f} % without a source"
        return f"variance of {of}: {100 * self.judgement:.0f} % judgement, {without}"


def unsourced_judgements(scenario: Scenario) -> frozenset[str]:
    """Return the names of inputs of kind judgement that state no source, read by the outcome or not."""
    bare = {entry.name for entry in ledger(scenario) if entry.standing != "sourced"}
    judged = {name for name, stated in scenario.parameters.items() if stated.kind == "judgement"}
    return frozenset(bare & judged)


def support(scenario: Scenario, tables: Mapping[str, pd.DataFrame]) -> Support | None:
    """Return what the variance rests on, from the tables of a run; ``None`` where there is none.

    Parameters
    ----------
    scenario
        What was run.
    tables
        Of its sensitivity, by name.

    Returns
    -------
    Support or None
        What shares and ranks rest on, or ``None``.
    """
    if "tornado" not in tables:
        return None
    rows = tables["tornado"]
    if rows["share"].isna().all():
        return None
    judged = rows[rows["kind"] == "judgement"]
    unsourced = judged[judged["group"].isin(unsourced_judgements(scenario))]
    scale = str(tables["sensitivity_indices"]["scale"].iloc[0])
    names = tuple(str(name) for name in unsourced["group"])
    return Support(scale, float(judged["share"].sum()), float(unsourced["share"].sum()), names)
