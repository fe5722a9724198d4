"""Scenarios side by side: what each changes and what it gives, as a page of the documentation."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sim.engine.recipe import run
from sim.faults import Fault, InvalidInputError
from sim.scenario.changes import Overlay, read_overlay
from sim.scenario.load import load
from sim.scenario.report import Interval
from sim.scenario.schema import Scenario
from sim.summary.lookup import Summary
from sim.summary.ratio import ratio_of
from sim.summary.rows import summarise
from sim.tables.write import markdown
from sim.types import Step


@dataclass(frozen=True)
class Asked:
    """What every row of a table answers.

    Parameters
    ----------
    outcome
        The reported outcome.
    interval
        Its credible interval.
    """

    outcome: str
    interval: Interval


@dataclass(frozen=True)
class Line:
    """One scenario.

    Parameters
    ----------
    name, title
        Of the scenario.
    overlay
        What it extends and changes.
    asked
        What it reports.
    median, interval
        Of the reported outcome, cut to the Monte Carlo error.
    exceeded
        Probability of exceeding each threshold, by threshold.
    denominator
        Name of what the reported ratio divides by; empty where it is no ratio.
    denominator_median
        Its median and unit.
    """

    name: str
    title: str
    overlay: Overlay
    asked: Asked
    median: str
    interval: str
    exceeded: dict[float, str]
    denominator: str
    denominator_median: str


def scenario_lines(folder: Path, step: Step) -> tuple[Line, ...]:
    """Run every scenario file of a folder; whole scenarios come before overlays, each in order of name.

    Parameters
    ----------
    folder
        Holds the files, ``*.toml``.
    step
        Told which scenario is run now.

    Raises
    ------
    InvalidInputError
        With the faults of every file; if there is none; or if they do not report the same outcome and
        interval, which no table could hold side by side.
    """
    loaded = _load_all(folder)
    lines = []
    for path, scenario in loaded:
        step(f"running {path.stem}")
        lines.append(_line(path, scenario))
    _refuse_unlike(folder, lines)
    return tuple(sorted(lines, key=lambda line: (bool(line.overlay.extends), line.name)))


def _load_all(folder: Path) -> list[tuple[Path, Scenario]]:
    faults: list[Fault] = []
    loaded = []
    paths = sorted(folder.glob("*.toml")) if folder.is_dir() else []
    if not paths:
        problem = "no scenario files in it" if folder.is_dir() else "no such folder"
        raise InvalidInputError([Fault(str(folder), "", problem, "a folder with scenario files, *.toml")])
    for path in paths:
        try:
            loaded.append((path, load(path)))
        except InvalidInputError as error:
            faults += error.faults
    if faults:
        raise InvalidInputError(list(dict.fromkeys(faults)))
    return loaded


def _line(path: Path, scenario: Scenario) -> Line:
    results = run(scenario)
    summary = Summary(summarise(scenario, results))
    outcome = scenario.report.outcome
    ratio = ratio_of(scenario, results)
    denominator = ratio.difference.rpartition(" - ")[2] if ratio else ""
    named = denominator if denominator in scenario.outcomes else ""
    low, high = (_cut(summary, outcome, end) for end in ("low", "high"))
    return Line(
        scenario.name,
        scenario.title,
        read_overlay(path),
        Asked(outcome, scenario.report.interval),
        _cut(summary, outcome, "median"),
        f"{low} to {high}",
        {t: _cut(summary, outcome, "p_above", t) for t in scenario.report.thresholds},
        named,
        _with_unit(_cut(summary, named, "median"), scenario.outcomes[named].unit) if named else "",
    )


def _cut(summary: Summary, quantity: str, statistic: str, at: float | None = None) -> str:
    return summary.find(quantity, statistic, at=at).text


def _with_unit(text: str, unit: str) -> str:
    """Return a value with its unit, before what limits it in brackets."""
    value, bracket, status = text.partition(" (")
    return f"{value} {unit}{bracket}{status}"


def _refuse_unlike(folder: Path, lines: Sequence[Line]) -> None:
    first = lines[0]
    unlike = [
        Fault(
            str(folder / f"{line.name}.toml"),
            "report",
            f"reports {line.asked.outcome}, {_words(line.asked.interval)}",
            f"as {first.name}: {first.asked.outcome}, {_words(first.asked.interval)}",
        )
        for line in lines
        if line.asked != first.asked
    ]
    if unlike:
        raise InvalidInputError(unlike)


def scenarios_page(lines: Sequence[Line]) -> str:
    """Return the page, in Markdown: how to read it, and a row for each scenario."""
    asked = lines[0].asked
    thresholds = [t for t in lines[0].exceeded if all(t in line.exceeded for line in lines)]
    denominators = list(dict.fromkeys(line.denominator for line in lines if line.denominator))
    heads = [
        "scenario",
        f"{asked.outcome}, median",
        _words(asked.interval),
        *(f"P({asked.outcome} > {t:g})" for t in thresholds),
        *(f"{name}, median" for name in denominators),
        "what it changes",
    ]
    rows = [
        [
            f"**{line.name}**: {markdown(line.title)}",
            line.median,
            line.interval,
            *(line.exceeded[t] for t in thresholds),
            *(line.denominator_median if line.denominator == name else "" for name in denominators),
            _changes(line.overlay),
        ]
        for line in lines
    ]
    aligned = ["---", *("---:" for _ in heads[2:]), "---"]
    table = "\n".join(f"| {' | '.join(cells)} |" for cells in (heads, aligned, *rows))
    return f"{INTRODUCTION}\n{table}\n"


def _changes(overlay: Overlay) -> str:
    if not overlay.extends:
        return "a whole scenario"
    told = [f"`{change.key}`{str(change).removeprefix(change.key)}" for change in overlay.changes]
    return "<br>".join([f"on {', '.join(overlay.extends)}:", *(text.replace("|", "\\|") for text in told)])


def _words(interval: Interval) -> str:
    return f"{100 * interval.probability:g} % ({interval.kind})"


INTRODUCTION = """# Scenarios

What each shipped scenario changes, read off its file, and what it gives. The reasons and sources stand in
the files, in `priors/`; `sim explain FILE` prints them. Numbers are cut to their Monte Carlo error.
Differences between scenarios exceed the spread within any one, so they are shown side by side and not
averaged. Draws go by seed and name: a parameter that two scenarios share has the same draws in both, if
they take the same number of draws.

This page is written by `python -m sim scenarios priors --out docs/scenarios.md` (`make docs`).
"""
