"""The catalogue of figures: name, the tables each is drawn from, how it is drawn and captioned."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import pandas as pd
from matplotlib.figure import Figure

from sim.figures import captions, whole
from sim.figures.about import About
from sim.figures.style import Look
from sim.report import plot_checks as checks
from sim.report.plot_tables import Columns
from sim.scenario.schema import Scenario

Draw = Callable[[pd.DataFrame, About, Look], Figure]
Caption = Callable[[pd.DataFrame, About], str]
Check = Callable[[pd.DataFrame], str]
RUN = "python -m sim run FILE"
SENSITIVITY = "python -m sim sensitivity RESULTS"
DECIDE = "python -m sim decide RESULTS"


@dataclass(frozen=True)
class Family:
    """Figures of one sort.

    Parameters
    ----------
    name
        As ``--figure`` names them.
    columns, check
        Of the table they are drawn from: what it must hold, and what is wrong with one that does.
    draw, caption
        From the table.
    made_by
        The command that makes the table.
    beside
        Further tables the figure needs, by name.
    lack
        What a table lacks for the figure to be drawn, if anything.
    """

    name: str
    columns: Columns
    check: Check
    draw: Draw
    caption: Caption
    made_by: str
    beside: Mapping[str, Columns] = field(default_factory=dict)
    lack: Check = checks.rows


@dataclass(frozen=True)
class Planned:
    """One figure of one scenario.

    Parameters
    ----------
    name
        Of its file.
    table
        Its own table.
    family
        What sort of figure it is.
    subject
        The outcome or parameter on its main axis.
    """

    name: str
    table: str
    family: Family
    subject: str

    @property
    def tables(self) -> tuple[str, ...]:
        """All tables the figure needs."""
        return (self.table, *self.family.beside)


INDICES = Columns(
    {
        "scale": "text",
        "group": "text",
        "index": "text",
        "value": "optional",
        "error": "optional",
        "low": "optional",
        "high": "optional",
        "settled": "flag",
    }
)
DISTRIBUTION = Family(
    "distribution",
    Columns(
        {
            "low": "number",
            "high": "number",
            "density": "optional",
            "mass": "number",
            "linear_within": "optional",
        }
    ),
    checks.density,
    whole.distribution_figure,
    captions.distribution,
    RUN,
)
BY_CHOICE = Family(
    "cost_by_method",
    Columns(
        {"label": "text", "low": "number", "median": "number", "high": "number", "published": "optional"}
    ),
    checks.intervals,
    whole.forest_figure,
    captions.by_choice,
    RUN,
)
PRIOR_POSTERIOR = Family(
    "prior_posterior",
    Columns({"low": "number", "high": "number", "prior": "number", "posterior": "number"}),
    checks.bins,
    whole.prior_posterior_figure,
    captions.prior_posterior,
    RUN,
)
TORNADO = Family(
    "tornado",
    Columns(
        {
            "group": "text",
            "level_low": "optional",
            "level_high": "optional",
            "at_low": "optional",
            "at_high": "optional",
            "centre": "number",
            "share": "optional",
            "share_error": "optional",
        }
    ),
    checks.tornado,
    whole.tornado_figure,
    captions.tornado,
    SENSITIVITY,
    {"sensitivity_indices": INDICES},
)
SOBOL = Family(
    "sobol",
    INDICES,
    checks.indices,
    whole.sobol_figure,
    captions.sobol,
    SENSITIVITY,
    lack=checks.shares,
)
ACCEPTABILITY = Family(
    "acceptability",
    Columns({"threshold": "number", "probability": "number", "error": "number"}),
    checks.probabilities,
    whole.acceptability_figure,
    captions.acceptability,
    DECIDE,
    lack=checks.curve,
)
THRESHOLD_MAP = Family(
    "threshold_map",
    Columns(
        {
            "x": "number",
            "y": "number",
            "median": "optional",
            "p_above": "optional",
            "x_name": "text",
            "y_name": "text",
            "x_unit": "text",
            "y_unit": "text",
            "threshold": "number",
        }
    ),
    checks.full_grid,
    whole.threshold_map_figure,
    captions.threshold_map,
    DECIDE,
)
CONVERGENCE = Family(
    "convergence",
    Columns(
        {"statistic": "text", "n_draws": "number", "value": "number", "error": "optional"}, rest="optional"
    ),
    checks.convergence,
    whole.convergence_figure,
    captions.convergence,
    RUN,
)
DRIVERS_TABLE = "drivers"
SINGLE_FAMILIES = {
    "tornado": TORNADO,
    "sensitivity_indices": SOBOL,
    "acceptability": ACCEPTABILITY,
    "threshold_map": THRESHOLD_MAP,
    "convergence": CONVERGENCE,
}
"""Families with one figure each, by its table."""
FAMILY_NAMES = (
    *(family.name for family in (DISTRIBUTION, BY_CHOICE, PRIOR_POSTERIOR)),
    *(family.name for family in SINGLE_FAMILIES.values()),
    DRIVERS_TABLE,
)


def planned(scenario: Scenario) -> tuple[Planned, ...]:
    """Return every figure a scenario can have, whether or not its tables have been made."""
    reported = scenario.report.outcome
    first = f"{reported}_distribution"
    by_choice = {name: f"{name}_by_{outcome.by}" for name, outcome in scenario.outcomes.items() if outcome.by}
    observed = tuple(scenario.evidence.observations) if scenario.evidence else ()
    drivers = Family(
        DRIVERS_TABLE,
        Columns({reported: "number"}, rest="number", words=tuple(scenario.choices)),
        checks.drivers,
        whole.drivers_figure,
        captions.drivers,
        SENSITIVITY,
    )
    return (
        Planned(first, first, DISTRIBUTION, reported),
        *(Planned(table, table, BY_CHOICE, name) for name, table in by_choice.items()),
        *(
            Planned(f"{name}_prior_posterior", f"{name}_prior_posterior", PRIOR_POSTERIOR, name)
            for name in observed
        ),
        *(Planned(family.name, table, family, reported) for table, family in SINGLE_FAMILIES.items()),
        Planned(DRIVERS_TABLE, DRIVERS_TABLE, drivers, reported),
    )
