"""Table 1 of Langenkamp & Yue (2022) as printed, as recomputed, and with lines read properly."""

from sim.evidence.paper_table import (
    AS_RECOMPUTED,
    QUANTITIES,
    REFERENCES,
    SALARY,
    computed,
    notes,
    printed,
    side_by_side,
    table1,
)
from sim.evidence.periods import PeriodTable, read_periods
from sim.evidence.readings import LINE_COLUMNS, Reading, read_as
from sim.scenario.schema import Scenario
from sim.scenario.titles import raised
from sim.tables.table import Column, Table, sections_of

PROPERLY = Reading(lines="corrected")
HEADS = {"as_printed": "As printed", "as_recomputed": "Recomputed", "as_corrected": "Read properly"}


def table1_of(scenario: Scenario) -> Table | None:
    """Return Table 1, or None where it cannot be had from the scenario's survey.

    Its numbers are those of :func:`sim.evidence.paper_table.side_by_side`. It takes one of the paper's
    reference repositories, with lines as the paper read them.

    Raises
    ------
    InvalidInput
        If the survey cannot be used.
    """
    if scenario.evidence is None or scenario.evidence.periods is None:
        return None
    survey = read_periods(scenario.evidence.periods)
    if not _has_the_references(survey):
        return None
    public = read_as(survey, AS_RECOMPUTED)
    recomputed = table1(public, SALARY)
    numbers = side_by_side(recomputed, table1(read_as(survey, PROPERLY), SALARY))
    rows = [
        (
            raised(str(record["row"]).replace("-", ", ")),
            QUANTITIES[str(record["quantity"])],
            *(
                (printed if name == "as_printed" else computed)(str(record["quantity"]), float(record[name]))
                for name in HEADS
            ),
        )
        for record in numbers.to_dict("records")
    ]
    words = tuple(f"{raised(note)}." for note in notes(public, recomputed, PROPERLY))
    return Table(
        name="table1",
        caption="Table 1 of Langenkamp and Yue (2022) as printed, as recomputed from the public file in the"
        f" paper’s reading, and with all digits of line counts read, at {SALARY:,.0f} USD a person and year.",
        columns=(Column("", "unit"), *(Column(head, "number") for head in HEADS.values())),
        sections=sections_of((title, cells) for title, *cells in rows),
        numbers=numbers,
        notes=words,
    )


def _has_the_references(survey: PeriodTable) -> bool:
    """Tell whether each reference repository has commits and lines to price, in the paper's reading too."""
    if not survey.given >= set(LINE_COLUMNS["published"]):
        return False
    for repository in REFERENCES.values():
        frame = survey.frame[survey.frame["repository"] == repository]
        counts = (frame["contributors"], frame["commits"], frame["lines_added_published"])
        if not all(count.sum() > 0 for count in counts):
            return False
    return True
