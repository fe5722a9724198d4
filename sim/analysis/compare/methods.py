"""One scenario under each evidence method, side by side."""

from collections.abc import Sequence

import pandas as pd

from sim.engine.simulate import simulate
from sim.faults import Fault, InvalidInput
from sim.scenario.schema import Scenario
from sim.summary.lookup import Summary
from sim.summary.rows import summarise
from sim.types import Step


def side_by_side(scenario: Scenario, methods: Sequence[str], step: Step) -> pd.DataFrame:
    """Run a scenario with each evidence method, everything else as it is.

    Parameters
    ----------
    scenario
        Loaded scenario with a survey.
    methods
        Evidence methods, in the order of the table.
    step
        Called with a short description when a step begins.

    Returns
    -------
    DataFrame
        One row for each quantity and method: ``quantity``, ``alternative`` (empty for the outcome over all
        alternatives), ``method``, ``low``, ``median``, ``high``, ``mc_error`` of the median, ``unit``.

    Raises
    ------
    InvalidInput
        If the scenario names no survey, or a method refuses it.
    """
    if scenario.evidence is None or scenario.evidence.periods is None:
        raise InvalidInput([Fault(scenario.name, "evidence", "names no survey", "periods = a file")])
    rows = []
    for method in methods:
        step(f"method {method}")
        evidence = scenario.evidence.model_copy(update={"method": method})
        changed = scenario.model_copy(update={"evidence": evidence})
        summary = Summary(summarise(changed, simulate(changed)))
        rows += [{"method": method, **row} for row in _rows(changed, summary)]
    table = pd.DataFrame(rows)
    order = table[["quantity", "alternative"]].drop_duplicates().reset_index(drop=True)
    return order.merge(table, on=["quantity", "alternative"], sort=False)


def _rows(scenario: Scenario, summary: Summary) -> list[dict[str, object]]:
    """Return the reported outcome and those stated by alternative, under each alternative and overall."""
    reported = scenario.report.outcome
    by = {name: outcome.by for name, outcome in scenario.outcomes.items() if outcome.by is not None}
    keys: list[tuple[str, str]] = []
    for name in dict.fromkeys((reported, *by)):
        for stated, choice in by.items():
            if name in (reported, stated):
                alternatives = scenario.outcomes[stated].formulas
                keys += [(name, f"{choice}={alternative}") for alternative in alternatives]
        keys.append((name, ""))
    known = {(row.quantity, row.alternative) for row in summary.rows}
    rows: list[dict[str, object]] = []
    for quantity, alternative in filter(known.__contains__, dict.fromkeys(keys)):
        found = {key: summary.find(quantity, key, alternative) for key in ("low", "median", "high")}
        values = {key: row.value for key, row in found.items()}
        median = found["median"]
        rows.append(
            {"quantity": quantity, "alternative": alternative, **values}
            | {"mc_error": median.mc_error, "unit": median.unit}
        )
    return rows
