"""The tables of a comparison as a paper prints them."""

from collections.abc import Iterator

import pandas as pd
from pydantic import BaseModel

from sim.analysis.compare.comparison import Comparison, wide
from sim.digits import cut_positive, interval, rounded
from sim.scenario.ledger import DESCRIPTIVE
from sim.scenario.schema import Report
from sim.scenario.titles import exceedance_words
from sim.summary.estimate import Estimate
from sim.summary.row import quoted, status_of
from sim.tables.table import Column, Section, Table

ERRORS = "Behind ±: Monte Carlo error, from finitely many draws; in brackets those of both ends."
PAIRED = (
    "Errors are paired: those of the differences within each randomisation. Ratio of draws: of the "
    "scenario's draws to the baseline's on the same random numbers."
)
COMMON = (
    "Draws of names that both share are common to both, and P(exceeds) is of such pairs. {scenario} and "
    "{baseline} state {names} differently: had they no draws in common, P({outcome} exceeds) would be "
    "{apart}, not {paired}."
)
UNPAIRED = (
    "Where scenarios do not share seed and layout of draws, errors are those of independent runs, and there "
    "is no ratio of draws."
)
PARTS = (
    "Shapley parts over the edited entries on the baseline's draws: they add up to the change, whatever the "
    "order. Entries joined by + cannot stand alone."
)
PLAIN = (
    "No parameter can be integrated out of {names}: medians, intervals and probabilities are of the draws as "
    "they are, and pairing takes less off their errors."
)
ORDERS = "More than eight edits: some of their orders were visited, at random; the CSV has the error of that."
MOST_NAMES = 8
ROUNDING = 1e-13
"""Error over the value below which it is that of arithmetic."""
EstimatesByKey = dict[tuple[str, ...], Estimate]


def paper_tables(comparison: Comparison) -> tuple[Table, ...]:
    """Return the scenarios side by side, their differences, and the parts of the change."""
    return (_side_by_side(comparison), _differences(comparison), _parts(comparison))


def number(found: Estimate) -> str:
    """Return a number and its Monte Carlo error.

    Examples
    --------
    >>> number(Estimate(131.46, 0.2)), number(Estimate(1.0, 0.0)), number(Estimate(0.4142, 8e-18))
    ('131 ± 0.2', '1.000', '0.4142')
    """
    text = quoted(found.value, found.error, found.note)
    if text == status_of(found.note):
        return text
    noisy = found.error > ROUNDING * abs(found.value)
    return f"{text} ± {rounded(found.error, 1)}" if noisy else text


def _with_unit(words: str, unit: str) -> str:
    """Return words with a unit, where it is not that of a bare number."""
    return words if unit == "1" else f"{words}, {unit}"


def _side_by_side(comparison: Comparison) -> Table:
    report = comparison.baseline.scenario.report
    found = _indexed(comparison.outcomes, ["scenario", "outcome", "statistic", "at"])
    names = list(dict.fromkeys(comparison.outcomes["outcome"]))
    names.sort(key=lambda name: name != report.outcome)
    sections = []
    for name in names:
        stated = {source.name: source.scenario.outcomes.get(name) for source in comparison.sources}
        units = {source: outcome.unit for source, outcome in stated.items() if outcome is not None}
        one = next(iter(units.values())) if len({*units.values()}) == 1 else "1"
        rows = [
            (source if unit == one else _with_unit(source, unit), *_summary(found, (source, name), report))
            for source, unit in units.items()
        ]
        sections.append(Section(_with_unit(name, one), tuple(rows)))
    heads = ["median", report.interval.words, "mean"]
    heads += [exceedance_words(report.outcome, threshold) for threshold in report.thresholds]
    return Table(
        name="side_by_side",
        caption="Scenarios side by side.",
        columns=(Column("scenario"), *(Column(head, "number") for head in heads)),
        sections=tuple(sections),
        numbers=wide(comparison.outcomes),
        notes=(ERRORS, *_reasons(comparison.outcomes)),
    )


def _reasons(table: pd.DataFrame) -> Iterator[str]:
    """Yield why single numbers are not given, each reason once."""
    for note in filter(None, table["note"].unique()):
        of = table[table["note"] == note]
        about = dict.fromkeys(zip(of["scenario"], of["outcome"], of["statistic"], strict=True))
        yield f"{'; '.join(', '.join(each) for each in about)}: {note}."


def _summary(found: EstimatesByKey, key: tuple[str, str], report: Report) -> list[str]:
    probability = str(report.interval.probability)
    low, high = (found[*key, statistic, probability] for statistic in ("low", "high"))
    cells = [number(found[*key, "median", "nan"]), _interval(low, high), number(found[*key, "mean", "nan"])]
    for threshold in report.thresholds:
        above = found.get((*key, "p_above", str(float(threshold))))
        cells.append(number(above) if above else "")
    return cells


def _interval(low: Estimate, high: Estimate) -> str:
    ends = interval(cut_positive(low.value, low.error), cut_positive(high.value, high.error))
    if low.error == 0 and high.error == 0:
        return ends
    return f"{ends} ({rounded(low.error, 1)}, {rounded(high.error, 1)})"


def _differences(comparison: Comparison) -> Table:
    report, baseline = comparison.baseline.scenario.report, comparison.baseline.name
    table = comparison.contrasts
    found = _indexed(table, ["scenario", "outcome", "measure", "statistic", "at"])
    names = list(dict.fromkeys(table["outcome"]))
    names.sort(key=lambda name: name != report.outcome)
    sections = []
    for name in names:
        unit = comparison.baseline.scenario.outcomes[name].unit
        rows = [
            (other.name, *_contrast(found, (other.name, name), report))
            for other in comparison.others
            if (other.name, name, "difference", "median", "nan") in found
        ]
        sections.append(Section(_with_unit(name, unit), tuple(rows)))
    heads = ["difference of medians", "ratio of medians", "ratio of means", "ratio of draws, median"]
    heads += [report.interval.words, f"P(exceeds {baseline})"]
    return Table(
        name="differences",
        caption=f"Differences from the baseline, {baseline}.",
        columns=(Column("scenario"), *(Column(head, "number") for head in heads)),
        sections=tuple(sections),
        numbers=table,
        notes=(
            ERRORS,
            PAIRED if table["paired"].all() else UNPAIRED,
            *_common_draws(comparison, found),
            *_plain(table),
        ),
    )


def _common_draws(comparison: Comparison, found: EstimatesByKey) -> Iterator[str]:
    """Say what common draws of differing laws do to the probability that one scenario exceeds another."""
    baseline, reported = comparison.baseline, comparison.baseline.scenario.report.outcome
    laws = {name: _law(parameter) for name, parameter in baseline.scenario.parameters.items()}
    for other in comparison.others:
        theirs = {name: _law(parameter) for name, parameter in other.scenario.parameters.items()}
        names = [name for name, law in laws.items() if theirs.get(name, law) != law]
        paired, apart = (
            found.get((other.name, reported, "probability", each, "nan"))
            for each in ("exceeds", "exceeds_independent")
        )
        if names and paired and apart:
            more = f" and {len(names) - MOST_NAMES} more" if len(names) > MOST_NAMES else ""
            yield COMMON.format(
                scenario=other.name, baseline=baseline.name, names=", ".join(names[:MOST_NAMES]) + more,
                outcome=reported, paired=number(paired), apart=number(apart),
            )  # fmt: skip


def _law(parameter: BaseModel) -> dict[str, object]:
    """Return what a parameter states besides words."""
    return parameter.model_dump(exclude=DESCRIPTIVE)


def _plain(table: pd.DataFrame) -> tuple[str, ...]:
    """Say which outcomes have medians of plain draws, since nothing can be integrated out."""
    medians = table[(table["measure"] == "difference") & (table["statistic"] == "median")]
    plain = medians[medians["estimator"].str.contains("draws")]
    names = ", ".join(dict.fromkeys(plain["outcome"]))
    return (PLAIN.format(names=names),) if names else ()


def _contrast(found: EstimatesByKey, key: tuple[str, str], report: Report) -> list[str]:
    keys = [("difference", "median"), ("ratio", "median"), ("ratio", "mean"), ("draw_ratio", "median")]
    singles = [found.get((*key, *each, "nan")) for each in keys]
    probability = str(report.interval.probability)
    low, high = (found.get((*key, "draw_ratio", end, probability)) for end in ("low", "high"))
    cells = [number(each) if each else "" for each in singles]
    exceeds = found.get((*key, "probability", "exceeds", "nan"))
    return [*cells, _interval(low, high) if low and high else "", number(exceeds) if exceeds else ""]


def _parts(comparison: Comparison) -> Table:
    reported = comparison.baseline.scenario.report.outcome
    table = comparison.waterfalls
    outcome = reported if (table["outcome"] == reported).any() else str(table["outcome"].iloc[0])
    shown = table[(table["outcome"] == outcome) & table["role"].isin(["part", "change"])]
    found = _indexed(shown, ["scenario", "entry", "role", "statistic"])
    sections = []
    for other in comparison.others:
        lines = dict.fromkeys(
            (row.entry, row.role) for row in shown[shown["scenario"] == other.name].itertuples()
        )
        rows = []
        for entry, role in lines:
            key = (other.name, str(entry), str(role))
            cells = [found.get((*key, statistic)) for statistic in ("median", "mean_log")]
            rows.append((str(entry) or "whole change", *(number(each) if each else "" for each in cells)))
        sections.append(Section(f"{comparison.baseline.name} to {other.name}", tuple(rows)))
    sampled = (ORDERS,) if (table["order_error"] > 0).any() else ()
    heads = (f"change in median of {outcome}", f"change in mean ln({outcome})")
    return Table(
        name="parts_of_change",
        caption=f"What the edits of each scenario do to {outcome}.",
        columns=(Column("edited", width=0.5), *(Column(head, "number") for head in heads)),
        sections=tuple(sections),
        numbers=table,
        notes=(PARTS, f"{ERRORS.split(';', maxsplit=1)[0]}.", *sampled),
    )


def _indexed(table: pd.DataFrame, keys: list[str]) -> EstimatesByKey:
    """Return estimates by the texts of some columns."""
    texts = zip(*(map(str, table[key]) for key in keys), strict=True)
    notes = table["note"] if "note" in table else [""] * len(table)
    numbers = zip(table["value"], table["mc_error"], notes, strict=True)
    return {
        key: Estimate(float(value), float(error), str(note))
        for key, (value, error, note) in zip(texts, numbers, strict=True)
    }
