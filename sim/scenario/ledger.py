"""The ledger of sources: what each assumption rests on, and what a strict reader would not let pass."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from sim.scenario.fields import is_money
from sim.scenario.findings import Finding
from sim.scenario.overlays import flatten
from sim.scenario.priors import priors
from sim.scenario.schema import Scenario

Standing = Literal["sourced", "rationale only", "neither"]

UNVERIFIED = re.compile(
    r"\[M\]|\(M\)|(?i:\bunverified\b|\bnot verified\b|\bfrom memory\b|\bTODO\b|\bcitation needed\b)"
)
"""Marks of a figure that nobody has looked up."""

PROSE = {"title", "source", "url", "doi", "bibtex", "rationale", "note"}
DESCRIPTIVE = PROSE | {"kind"}
"""Keys that move no number."""
JUDGEMENT = "judgement"


@dataclass(frozen=True)
class Entry:
    """What one assumption rests on.

    Parameters
    ----------
    section
        ``parameters``, ``streams`` (those with a law) or ``choices``.
    name
        Name of the parameter, stream or choice.
    kind
        ``data``, ``judgement`` or ``choice``; a choice between formulas is ``choice``.
    standing
        ``sourced``: a source is stated; ``rationale only``: reasons but no source; ``neither``.
    """

    section: Literal["parameters", "streams", "choices"]
    name: str
    kind: str
    standing: Standing


def ledger(scenario: Scenario) -> tuple[Entry, ...]:
    """Return what every parameter, stream with a law and choice of a scenario rests on, in its order."""
    parameters = [
        Entry("parameters", name, parameter.kind, _standing(parameter.source, parameter.rationale))
        for name, parameter in scenario.parameters.items()
    ]
    streams = [
        Entry("streams", name, stream.law.kind, _standing(stream.source, stream.rationale))
        for name, stream in scenario.streams.items()
        if stream.law is not None
    ]
    choices = [
        Entry("choices", name, "choice", _standing(choice.source, choice.rationale))
        for name, choice in scenario.choices.items()
    ]
    return (*parameters, *streams, *choices)


def unsourced_judgements(scenario: Scenario) -> frozenset[str]:
    """Return the names of inputs of kind judgement that state no source, read by the outcome or not."""
    bare = {entry.name for entry in ledger(scenario) if entry.standing != "sourced"}
    judged = {name for name, stated in priors(scenario).items() if stated.kind == JUDGEMENT}
    return frozenset(bare & judged)


def strict_findings(scenario: Scenario) -> tuple[Finding, ...]:
    """Return what ``check --strict`` refuses beyond what no scenario may be.

    - A parameter must state both a source and a rationale; a choice or a correlation, one of them.
    - A price year other than the scenario's needs an index. Where the scenario states none, every stated
      one is other.
    - No title, source, rationale, url or note may bear a mark of an unverified figure.
    """
    return (*_unfounded(scenario), *_price_years(scenario), *_unverified(scenario))


def _standing(source: str | None, rationale: str | None) -> Standing:
    if source:
        return "sourced"
    return "rationale only" if rationale else "neither"


def _unfounded(scenario: Scenario) -> Iterator[Finding]:
    for name, parameter in scenario.parameters.items():
        for key in ("source", "rationale"):
            if getattr(parameter, key) is None:
                yield Finding(("parameters", name, key), f"no {key}", "both source and rationale")
    for entry in ledger(scenario):
        if entry.section == "choices" and entry.standing == "neither":
            yield Finding(
                ("choices", entry.name), "neither source nor rationale", "source, rationale, or both"
            )
    for place, correlation in enumerate(scenario.correlations):
        if _standing(correlation.source, correlation.rationale) == "neither":
            path = ("correlations", str(place))
            yield Finding(path, "neither source nor rationale", "source, rationale, or both")


def _price_years(scenario: Scenario) -> Iterator[Finding]:
    for name, parameter in scenario.parameters.items():
        year = parameter.price_year
        if year in (None, scenario.price_year) or parameter.price_index or not is_money(parameter.unit):
            continue
        others = "no price year" if scenario.price_year is None else f"{scenario.price_year}"
        problem = f"{year}, where the scenario has {others}, and no price_index"
        yield Finding(
            ("parameters", name, "price_year"), problem, "a price_index, or the scenario's price_year"
        )


def _unverified(scenario: Scenario) -> Iterator[Finding]:
    table = scenario.model_dump(mode="json", exclude_none=True)
    correlations = {str(place): entry for place, entry in enumerate(table.pop("correlations", ()))}
    for path, text in flatten({**table, "correlations": correlations}).items():
        if path[-1] in PROSE and isinstance(text, str) and (mark := UNVERIFIED.search(text)):
            problem = f"a mark of an unverified figure: {_around(text, mark)}"
            yield Finding(path, problem, "figures with the source they were seen in")


def _around(text: str, mark: re.Match[str]) -> str:
    start, end = max(0, mark.start() - 30), mark.end() + 10
    words = " ".join(text[start:end].split())
    return f"{'...' * (start > 0)}{words}{'...' * (end < len(text))}"
