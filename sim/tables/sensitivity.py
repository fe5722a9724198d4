"""The sensitivity table: what drives the reported outcome, by group and by kind."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pandas as pd

from sim.digits import cut
from sim.scenario.schema import Scenario
from sim.scenario.titles import raised, title_of
from sim.tables.table import Column, Section, Table, Tables, table_of

SCALES = ("log", "raw")
INDICES = {"first": "First", "total": "Total", "shapley": "Shapley"}
HEADS = {
    **{f"{index}_{scale}": f"{head}, {scale}" for scale in SCALES for index, head in INDICES.items()},
    "partial": "Partial",
    "pawn": "PAWN",
}
"""Words above each column of numbers; its error is ``<name>_error`` in the frame."""
UNSETTLED = "*"


@dataclass(frozen=True)
class _SensitivityNumber:
    """One number of a group or kind, in the column `measure` of ``HEADS``, with its Monte Carlo error.

    Of numbers that are ranked, `settled` tells whether the rank is; of others it is true.
    """

    row: str
    measure: str
    value: float
    error: float
    settled: bool = True

    @property
    def text(self) -> str:
        """The number cut to its error, marked where its rank is not settled."""
        text = cut(self.value, self.error)
        return text + UNSETTLED * (not self.settled) if text else ""


def sensitivity_table(scenario: Scenario, tables: Tables) -> Table | None:
    """Return the sensitivity table, or None where the run has no table to make it from.

    Parameters
    ----------
    scenario
        The scenario of the run.
    tables
        Its tables by name: ``sensitivity_indices``, ``variance_by_kind``, ``rank_correlations``,
        ``moment_independent``; the columns of any that is missing are left out.

    Returns
    -------
    Table
        The table; ``numbers`` has a record for each group, then for each kind: ``part`` (``group`` or
        ``kind``), ``name``, ``kind``, then each measure with its error, and ``<measure>_settled`` for the
        indices.

    Raises
    ------
    InvalidInput
        If a table lacks a column.
    """
    groups = [*_indices(tables), *_correlations(tables)]
    pawn = table_of(tables, "moment_independent", ("group", "pawn", "pawn_error"))
    groups += [] if pawn is None else _numbers(pawn, "group", "pawn", "pawn", "pawn_error")
    kinds = list(_by_kind(tables))
    measures = tuple(dict.fromkeys(found.measure for found in (*groups, *kinds)))
    if not measures:
        return None
    kind_of, ranks = _kinds(tables), table_of(tables, "rank_correlations", ("group",))
    several = ranks is not None and bool(ranks["group"].duplicated().any())
    titles = {group: title_of(scenario, group) for group in dict.fromkeys(found.row for found in groups)}
    sections = [
        Section("", _cells(groups, measures, titles, kind_of)),
        Section("By kind", _cells(kinds, measures, {row.row: raised(row.row) for row in kinds}, {})),
    ]
    return Table(
        name="sensitivity",
        caption=f"What drives “{title_of(scenario, scenario.report.outcome)}”: shares of its variance"
        " by Sobol’ indices and Shapley effects, and other measures.",
        columns=(
            Column("Source of uncertainty", width=0.14),
            Column("Kind"),
            *(Column(HEADS[measure], "number") for measure in measures),
        ),
        sections=tuple(section for section in sections if section.rows),
        numbers=pd.DataFrame([*_records("group", groups, kind_of), *_records("kind", kinds, {})]),
        notes=_notes(groups, measures, several),
    )


def _numbers(
    frame: pd.DataFrame, row: str, measure: str, value: str, error: str
) -> Iterator[_SensitivityNumber]:
    """Yield a number for each row of a frame that states it in these columns."""
    for record in frame.to_dict("records"):
        settled = str(record.get("settled", True)) == "True"
        yield _SensitivityNumber(
            str(record[row]), measure, float(record[value]), float(record[error]), settled
        )


def _indices(tables: Tables) -> Iterator[_SensitivityNumber]:
    names = ("scale", "group", "kind", "index", "value", "error", "settled")
    table = table_of(tables, "sensitivity_indices", names)
    if table is None:
        return
    for scale in SCALES:
        for index in INDICES:
            rows = table[(table["scale"] == scale) & (table["index"] == index)]
            rows = rows.sort_values("value", ascending=False, kind="stable")
            yield from _numbers(rows, "group", f"{index}_{scale}", "value", "error")


def _correlations(tables: Tables) -> Iterator[_SensitivityNumber]:
    table = table_of(tables, "rank_correlations", ("name", "group", "partial", "partial_error"))
    if table is None:
        return
    known = table[table["partial"].notna()]
    largest = known.loc[known["partial"].abs().groupby(known["group"], sort=False).idxmax()]
    yield from _numbers(largest, "group", "partial", "partial", "partial_error")


def _by_kind(tables: Tables) -> Iterator[_SensitivityNumber]:
    names = [name for index in INDICES for name in (index, f"{index}_error")]
    table = table_of(tables, "variance_by_kind", ["scale", "kind", *names])
    if table is None:
        return
    for scale in SCALES:
        rows = table[table["scale"] == scale]
        for index in INDICES:
            yield from _numbers(rows, "kind", f"{index}_{scale}", index, f"{index}_error")


def _kinds(tables: Tables) -> dict[str, str]:
    kinds: dict[str, str] = {}
    for name in ("moment_independent", "rank_correlations", "sensitivity_indices"):
        table = table_of(tables, name, ("group", "kind"))
        if table is not None:
            kinds |= dict(zip(table["group"].astype(str), table["kind"].astype(str), strict=True))
    return kinds


def _cells(
    found: list[_SensitivityNumber], measures: Sequence[str], titles: dict[str, str], kinds: dict[str, str]
) -> tuple[tuple[str, ...], ...]:
    texts = {(number.row, number.measure): number.text for number in found}
    return tuple(
        (title, kinds.get(row, ""), *(texts.get((row, measure), "") for measure in measures))
        for row, title in titles.items()
    )


def _records(part: str, found: list[_SensitivityNumber], kinds: dict[str, str]) -> list[dict[str, object]]:
    records: dict[str, dict[str, object]] = {}
    for number in found:
        record = records.setdefault(
            number.row, {"part": part, "name": number.row, "kind": kinds.get(number.row, number.row)}
        )
        name = number.measure
        record |= {name: number.value, f"{name}_error": number.error}
        if part == "group" and name not in ("partial", "pawn"):
            record[f"{name}_settled"] = number.settled
    return list(records.values())


def _notes(groups: list[_SensitivityNumber], measures: Sequence[str], several: bool) -> tuple[str, ...]:
    notes = ["Every number is cut to its Monte Carlo error."]
    if not all(number.settled for number in groups):
        notes.append(
            f"{UNSETTLED} The rank before the next lower one is not settled by the Monte Carlo error."
        )
    if {*measures} - {"partial", "pawn"}:
        notes.append("First, total: Sobol’ indices of first and total order; log, raw: scale of the outcome.")
    if "partial" in measures:
        words = "; of a group of several columns, the largest in size" * several
        notes.append(f"Partial: partial rank correlation with the outcome{words}.")
    if "pawn" in measures:
        notes.append("PAWN: a distance between distributions that does not rest on variance.")
    return (" ".join(notes),)
