"""The assumptions table: parameters, choices, correlations, survey and observed values, with sources."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, fields, replace
from textwrap import shorten

import pandas as pd

from sim.digits import SUFFIX_NOTE, cut, stated_number
from sim.evidence.estimands import evidence_units
from sim.input_file import short_name
from sim.scenario.evidence import Evidence
from sim.scenario.schema import Scenario
from sim.scenario.titles import horizon_words, raised, spaced, stream_words, title_of
from sim.summary.row import Summary
from sim.tables.parameter_assumptions import assumptions
from sim.tables.references import survey_citation
from sim.tables.table import Column, Section, Table

LONGEST_RATIONALE = 110
COLUMNS = (
    Column("Parameter", width=0.17),
    Column("Distribution", width=0.16),
    Column("5 %", "number"),
    Column("50 %", "number"),
    Column("95 %", "number"),
    Column("Unit", "unit", width=0.08),
    Column("Kind"),
    Column("Source or rationale", width=0.2),
)
SWITCHES = {
    "method": "Sampling error of the survey by",
    "lines": "Lines of code read as",
    "duplicates": "Tools listed twice",
    "weeks": "Periods that start on a Sunday",
    "bots": "Automation accounts",
    "histories": "Whole histories, where known",
    "since": "First day that counts",
    "until": "Last day that counts",
    "last_periods": "Periods that count of each repository, the last",
}


@dataclass(frozen=True)
class _AssumptionRow:
    """One row, unrounded, with its key in the scenario and words for it.

    Quantiles are in `unit`, NaN where there are none; their Monte Carlo errors are 0 where they are exact.
    `source` is the source, or else the rationale, in full.
    """

    section: str
    name: str
    title: str
    distribution: str
    p05: float = float("nan")
    p50: float = float("nan")
    p95: float = float("nan")
    errors: tuple[float, float, float] = (0.0, 0.0, 0.0)
    unit: str = ""
    kind: str = ""
    source: str = ""
    is_rationale: bool = False

    @property
    def cells(self) -> tuple[str, ...]:
        """Return the row as text."""
        values = zip((self.p05, self.p50, self.p95), self.errors, strict=True)
        numbers = [cut(value, error) for value, error in values]
        short = shorten(self.source, LONGEST_RATIONALE, placeholder=" …")
        source = short if self.is_rationale else self.source
        return (self.title, self.distribution, *numbers, self.unit, self.kind, source)


def assumptions_table(scenario: Scenario, summary: Summary, keys: Mapping[str, str]) -> Table:
    """Return the assumptions table of a scenario.

    Parameters
    ----------
    scenario
        The scenario of the run.
    summary
        Its summary, which holds the quantiles of the survey's columns and of parameters conditioned on
        observed values.
    keys
        Citation key by the words of a source.

    Returns
    -------
    Table
        The table; ``numbers`` has a record a row: ``section``, ``name``, ``title``, ``distribution``,
        ``p05``, ``p50``, ``p95``, ``unit``, ``kind``, ``source``.

    Raises
    ------
    InvalidInput
        If a data file of an empirical parameter, or ``survey.toml``, cannot be used.
    """
    rows = list(_rows(scenario, summary))
    titles = dict.fromkeys(row.section for row in rows)
    sections = [Section(title, _cells([row for row in rows if row.section == title])) for title in titles]
    names = [field.name for field in fields(_AssumptionRow) if field.name not in ("errors", "is_rationale")]
    return Table(
        name="assumptions",
        caption=f"Assumptions of the scenario “{scenario.title}”: distributions with their 5, 50 and 95 %"
        " quantiles.",
        columns=COLUMNS,
        sections=tuple(sections),
        numbers=pd.DataFrame([asdict(row) for row in rows], columns=names),
        notes=_notes(scenario, rows),
        citations=keys,
    )


def _cells(rows: list[_AssumptionRow]) -> tuple[tuple[str, ...], ...]:
    """Return rows as text; a source that the row above has too is not repeated."""
    above = ["", *(row.source for row in rows)]
    return tuple(
        row.cells if row.source != source else (*row.cells[:-1], "")
        for row, source in zip(rows, above[:-1], strict=True)
    )


def _rows(scenario: Scenario, summary: Summary) -> Iterator[_AssumptionRow]:
    yield from _parameters(scenario)
    if scenario.evidence is not None:
        yield from _observations(scenario, scenario.evidence, summary)
    yield from _choices(scenario)
    yield from _streams(scenario)
    for pair in scenario.correlations:
        yield _AssumptionRow(
            "Correlations",
            " ~ ".join(pair.between),
            " with ".join(title_of(scenario, name) for name in pair.between),
            f"rank correlation {stated_number(pair.rank)}",
            unit="1",
            source=pair.source or pair.rationale or "",
            is_rationale=not pair.source,
        )
    if scenario.evidence is not None and scenario.evidence.periods is not None:
        yield from _survey(scenario, scenario.evidence, summary)


def _parameters(scenario: Scenario) -> Iterator[_AssumptionRow]:
    for row in assumptions(scenario):
        yield _AssumptionRow(
            "Parameters",
            row.name,
            row.title,
            row.words,
            row.p05,
            row.p50,
            row.p95,
            unit=row.unit,
            kind=row.kind,
            source=" ".join(row.source.split()),
            is_rationale=scenario.parameters[row.name.partition(".")[0]].source is None,
        )


def _observations(scenario: Scenario, evidence: Evidence, summary: Summary) -> Iterator[_AssumptionRow]:
    for name, observed in evidence.observations.items():
        values = ", ".join(map(stated_number, observed.values))
        errors = ", ".join(map(stated_number, dict.fromkeys(observed.sds)))
        spread = f", spread between sources {stated_number(observed.between)}" if observed.between else ""
        yield _from_draws(
            summary,
            _AssumptionRow(
                "Parameters conditioned on observed values",
                name,
                title_of(scenario, name),
                f"observed {values}; standard error {errors} on the {observed.scale} scale{spread}",
                unit=scenario.parameters[name].unit,
                kind="data",
                source=" ".join(observed.source.split()),
            ),
        )


def _choices(scenario: Scenario) -> Iterator[_AssumptionRow]:
    for name, choice in scenario.choices.items():
        for alternative, weight in choice.weights.items():
            yield _AssumptionRow(
                f"Choice of {spaced(name)}" + (f": {choice.title}" if choice.title else ""),
                f"{name}={alternative}",
                spaced(alternative),
                f"weight {cut(weight, 0.0)}",
                kind="choice",
                source=" ".join((choice.source or choice.rationale or "").split()),
                is_rationale=not choice.source,
            )


def _streams(scenario: Scenario) -> Iterator[_AssumptionRow]:
    """Yield the horizon, and the streams that are stated by numbers."""
    if scenario.horizon is not None:
        words = horizon_words(scenario.horizon)
        yield _AssumptionRow("Years", "horizon", "Horizon", words, kind="choice")
    for name, stream in scenario.streams.items():
        if stream.formula is None:
            yield _AssumptionRow(
                "Years",
                name,
                title_of(scenario, name),
                stream_words(scenario, name),
                unit=stream.unit,
                kind=stream.law.kind if stream.law is not None else "",
                source=" ".join((stream.source or stream.rationale or "").split()),
                is_rationale=not stream.source,
            )


def _survey(scenario: Scenario, evidence: Evidence, summary: Summary) -> Iterator[_AssumptionRow]:
    source = survey_citation(scenario)
    section = "Survey"
    stated = {key: getattr(evidence, key) for key in SWITCHES}
    if evidence.histories is not None:
        stated["histories"] = short_name(evidence.histories)
    for key, value in stated.items():
        if value is not None:
            yield _AssumptionRow(section, f"evidence.{key}", SWITCHES[key], str(value), kind="choice")
    for reference, repository in evidence.references.items():
        name = f"evidence.references.{reference}"
        yield _AssumptionRow(section, name, f"Reference repository {reference}", repository, kind="choice")
    for name, unit in evidence_units(evidence.references).items():
        title = raised(title_of(scenario, name))
        row = _AssumptionRow(section, name, title, "", unit=unit, kind="data", source=source)
        yield _from_draws(summary, row)


def _from_draws(summary: Summary, row: _AssumptionRow) -> _AssumptionRow:
    """Return a row with the quantiles that its draws have."""
    found = [summary.find(row.name, "quantile", at=level) for level in (0.05, 0.5, 0.95)]
    low, middle, high = (statistic.value for statistic in found)
    errors = (found[0].mc_error, found[1].mc_error, found[2].mc_error)
    return replace(row, p05=low, p50=middle, p95=high, errors=errors)


def _notes(scenario: Scenario, rows: list[_AssumptionRow]) -> tuple[str, ...]:
    drawn = any(any(row.errors) for row in rows)
    cut_at = " Quantiles of the survey and of conditioned parameters are cut to their Monte Carlo error."
    prices = f" Money is in prices of {scenario.price_year}." if scenario.price_year else ""
    return (SUFFIX_NOTE + cut_at * drawn + prices,)
