"""Scenarios side by side: what each changes and what it gives, as a page of the documentation."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sim.engine.simulate import simulate
from sim.faults import Fault, Faults, InvalidInput, refuse
from sim.scenario.load import load
from sim.scenario.schema import Scenario
from sim.scenario.titles import exceedance_words
from sim.summary.ratio import ratio_of
from sim.tables.formats import markdown
from sim.types import Step
from studies.overlay import Overlay, read_overlay

INTRODUCTION = """# Scenarios

What each shipped scenario changes, read off its file, and what it gives. The reasons and sources stand in
the files, in `priors/`; `sim explain FILE` prints them. Numbers are cut to their Monte Carlo error.
Differences between scenarios exceed the spread within any one, so they are shown side by side and not
averaged. Draws go by seed and name: a parameter that two scenarios share has the same draws in both, if
they take the same number of draws.

This page is written by `sim scenarios priors --out docs/scenarios.md` (`make docs`).
"""


@dataclass(frozen=True)
class ScenarioRow:
    """What one scenario changes and gives.

    Parameters
    ----------
    name
        Name of the scenario.
    title
        Title of the scenario.
    overlay
        What it extends and changes.
    outcome
        The reported outcome.
    interval
        Its credible interval, in words such as ``95 % (eti)``.
    median
        Median of the outcome, cut to its Monte Carlo error.
    ends
        Ends of the interval, cut to their Monte Carlo errors.
    exceeded
        Probability that the outcome exceeds each threshold.
    denominator
        Name of what the reported ratio divides by; empty where it is no ratio.
    denominator_median
        Median of that, with its unit.
    """

    name: str
    title: str
    overlay: Overlay
    outcome: str
    interval: str
    median: str
    ends: str
    exceeded: dict[float, str]
    denominator: str
    denominator_median: str


def scenario_rows(folder: Path, step: Step) -> tuple[ScenarioRow, ...]:
    """Run every scenario file of a folder; whole scenarios come before overlays, each in order of name.

    Parameters
    ----------
    folder
        Folder of the files, ``*.toml``.
    step
        Called with the name of a scenario before it is run.

    Returns
    -------
    tuple of ScenarioRow
        Rows, one for each file.

    Raises
    ------
    InvalidInput
        If a file is at fault, there is none, or the scenarios do not report the same outcome and interval,
        which no table could hold side by side; with the faults of every file.
    """
    rows = []
    for path, scenario in _load_all(folder):
        step(f"running {path.stem}")
        rows.append(_row(path, scenario))
    _refuse_unlike(folder, rows)
    return tuple(sorted(rows, key=lambda row: (bool(row.overlay.extends), row.name)))


def _load_all(folder: Path) -> list[tuple[Path, Scenario]]:
    faults = Faults()
    loaded = []
    paths = sorted(folder.glob("*.toml")) if folder.is_dir() else []
    if not paths:
        problem = "no scenario files in it" if folder.is_dir() else "no such folder"
        raise InvalidInput([Fault(str(folder), "", problem, "a folder with scenario files, *.toml")])
    for path in paths:
        with faults.kept():
            loaded.append((path, load(path)))
    refuse(dict.fromkeys(faults))
    return loaded


def _row(path: Path, scenario: Scenario) -> ScenarioRow:
    summary = simulate(scenario).statistics
    outcome = scenario.report.outcome

    def cut(quantity: str, statistic: str, at: float | None = None) -> str:
        return summary.find(quantity, statistic, at=at).text

    ratio = ratio_of(scenario)
    denominator = ratio.denominator if ratio else ""
    if denominator not in scenario.outcomes:
        denominator = ""
    return ScenarioRow(
        scenario.name,
        scenario.title,
        read_overlay(path),
        outcome,
        scenario.report.interval.short_words,
        cut(outcome, "median"),
        f"{cut(outcome, 'low')} to {cut(outcome, 'high')}",
        {t: cut(outcome, "p_above", t) for t in scenario.report.thresholds},
        denominator,
        _with_unit(cut(denominator, "median"), scenario.outcomes[denominator].unit) if denominator else "",
    )


def _with_unit(text: str, unit: str) -> str:
    """Return a value with its unit, before what limits it in brackets."""
    value, bracket, status = text.partition(" (")
    return f"{value} {unit}{bracket}{status}"


def _refuse_unlike(folder: Path, rows: Sequence[ScenarioRow]) -> None:
    asked = [f"{row.outcome}, {row.interval}" for row in rows]
    unlike = [
        Fault(
            str(folder / f"{row.name}.toml"), "report", f"reports {words}", f"as {rows[0].name}: {asked[0]}"
        )
        for row, words in zip(rows, asked, strict=True)
        if words != asked[0]
    ]
    refuse(unlike)


def scenarios_page(rows: Sequence[ScenarioRow]) -> str:
    """Return the page, in Markdown: how to read it, and a row for each scenario."""
    thresholds = [t for t in rows[0].exceeded if all(t in row.exceeded for row in rows)]
    denominators = list(dict.fromkeys(row.denominator for row in rows if row.denominator))
    heads = [
        "scenario",
        f"{rows[0].outcome}, median",
        rows[0].interval,
        *(exceedance_words(rows[0].outcome, t) for t in thresholds),
        *(f"{name}, median" for name in denominators),
        "what it changes",
    ]
    cells = [
        [
            f"**{row.name}**: {markdown(row.title)}",
            row.median,
            row.ends,
            *(row.exceeded[t] for t in thresholds),
            *(row.denominator_median if row.denominator == name else "" for name in denominators),
            _changes(row.overlay),
        ]
        for row in rows
    ]
    aligned = ["---", *("---:" for _ in heads[2:]), "---"]
    table = "\n".join(f"| {' | '.join(line)} |" for line in (heads, aligned, *cells))
    return f"{INTRODUCTION}\n{table}\n"


def _changes(overlay: Overlay) -> str:
    if not overlay.extends:
        return "a whole scenario"
    told = [f"`{change.key}`{str(change).removeprefix(change.key)}" for change in overlay.changes]
    return "<br>".join([f"on {', '.join(overlay.extends)}:", *(text.replace("|", "\\|") for text in told)])
