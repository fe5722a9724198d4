"""What the reported variance rests on: judgement, and judgement without a source."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.scenario.ledger import ledger
from sim.scenario.priors import priors
from sim.scenario.schema import Scenario

if TYPE_CHECKING:
    import pandas as pd

JUDGEMENT = "judgement"


@dataclass(frozen=True)
class Support:
    """Shares of the variance of the reported outcome, by Shapley effects.

    `scale` is ``log`` where the outcome is always positive, else ``raw``; `judgement` is the share of inputs
    of that kind, `unsourced` that of those of them that state no source, which `names` has.
    """

    scale: str
    judgement: float
    unsourced: float
    names: tuple[str, ...]

    def words(self, outcome: str) -> str:
        """Return the shares in a phrase for the summary."""
        of = f"log({outcome})" if self.scale == "log" else outcome
        without = f"{round(100 * self.unsourced)} % without a source"
        return f"variance of {of}: {round(100 * self.judgement)} % judgement, {without}"


def unsourced_judgements(scenario: Scenario) -> frozenset[str]:
    """Return the names of inputs of kind judgement that state no source, read by the outcome or not."""
    bare = {entry.name for entry in ledger(scenario) if entry.standing != "sourced"}
    judged = {name for name, stated in priors(scenario).items() if stated.kind == JUDGEMENT}
    return frozenset(bare & judged)


def support(scenario: Scenario, scale: str, judged: Mapping[str, float]) -> Support:
    """Return what the variance rests on.

    Parameters
    ----------
    scenario, scale, judged
        What was run; ``log`` or ``raw``; Shapley effect of each input of kind judgement on that scale.

    Returns
    -------
    Support
        The inputs without a source by their share, largest first.
    """
    bare = unsourced_judgements(scenario)
    names = sorted(judged, key=lambda name: (-judged[name], name))
    unsourced = [name for name in names if name in bare]
    of_all, of_bare = (float(np.sum([judged[name] for name in each])) for each in (names, unsourced))
    return Support(scale, of_all, of_bare, tuple(unsourced))


def stored_support(scenario: Scenario, tables: "Mapping[str, pd.DataFrame]") -> Support | None:
    """Return what the variance rests on, from the tables of a run; ``None`` where they do not say.

    Parameters
    ----------
    scenario, tables
        What was run; of its sensitivity, by name.

    Returns
    -------
    Support or None
        As :func:`support` gives it.
    """
    if "tornado" not in tables:
        return None
    rows = tables["tornado"]
    if rows["share"].isna().all():
        return None
    scale = str(tables["sensitivity_indices"]["scale"].iloc[0])
    rows = rows[rows["kind"] == JUDGEMENT]
    return support(scenario, scale, dict(zip(rows["group"].map(str), rows["share"].map(float), strict=True)))
