"""What differs between two scenarios: the entries that one edits, and whether they can be compared at all."""

from collections.abc import Callable, Collection, Iterator
from pathlib import Path

from pydantic import BaseModel

from sim.analysis.compare.sources import ScenarioSource
from sim.faults import Fault, InvalidInput
from sim.formulas.units import parse_unit
from sim.scenario.check import faults_in
from sim.scenario.data_files import PERIOD_FILES, file_digest
from sim.scenario.ledger import DESCRIPTIVE
from sim.scenario.overlays import KeyPath
from sim.scenario.schema import Scenario

LAYOUT = ("n_draws", "n_randomisations", "sampler", "keep_draws")
SWITCHES = ("lines", "duplicates", "weeks", "bots", "method", "since", "until", "last_periods")
KINDS = {"periods": "period files", "histories": "histories"}
TABLES = ("parameters", "choices", "streams", "outcomes")
WHOLES = ("evidence", "correlations", "horizon", "price_year")
DIMENSIONS = ("sampling", "dimensions")
Entries = frozenset[KeyPath]
FaultCounter = Callable[[Entries], int]
"""Gives how much is wrong with a scenario that has these entries edited; 0 where it can be run."""


def are_paired(one: ScenarioSource, other: ScenarioSource) -> bool:
    """Tell whether two runs share their seed and the layout of their draws, so that draws belong together.

    Parameters
    ----------
    one
        A scenario with its results.
    other
        Another scenario with its results.

    Returns
    -------
    bool
        Whether draw i of one belongs to draw i of the other.
    """
    return not any(_seed_and_layout(one.scenario, other.scenario))


def shared_outcomes(baseline: ScenarioSource, other: ScenarioSource) -> tuple[str, ...]:
    """Return the outcomes that both have in one unit, in the baseline's order.

    Parameters
    ----------
    baseline
        The scenario that the other is compared with.
    other
        The scenario that is compared.

    Returns
    -------
    tuple
        Names of the outcomes.

    Raises
    ------
    InvalidInput
        If there is none.
    """
    ours, theirs = baseline.scenario.outcomes, other.scenario.outcomes
    shared = tuple(
        name for name, outcome in ours.items() if name in theirs and _same(outcome.unit, theirs[name].unit)
    )
    if not shared:
        problem = f"no outcome in common with {baseline.name}; it has {_listed(theirs)}"
        raise InvalidInput([Fault(other.given, "outcomes", problem, _listed(ours))])
    return shared


def warnings_of(baseline: ScenarioSource, other: ScenarioSource) -> tuple[str, ...]:
    """Return, in words, what makes two scenarios less than comparable.

    Parameters
    ----------
    baseline
        The scenario that the other is compared with.
    other
        The scenario that is compared.

    Returns
    -------
    tuple
        Sentences, one for each reason.
    """
    ours, theirs = baseline.scenario, other.scenario
    found = [
        *_outcomes(ours, theirs),
        *_unpaired(ours, theirs),
        *_evidence(ours, theirs),
        *_report(ours, theirs),
    ]
    return tuple(f"{other.name} and {baseline.name}: {words}" for words in found)


def _outcomes(ours: Scenario, theirs: Scenario) -> Iterator[str]:
    if ours.report.outcome != theirs.report.outcome:
        yield f"the outcome reported is {theirs.report.outcome} and {ours.report.outcome}"
    for name in ours.outcomes.keys() & theirs.outcomes.keys():
        units = theirs.outcomes[name].unit, ours.outcomes[name].unit
        if not _same(*units):
            yield f"{name} is in {units[0]} and {units[1]}: not compared"
    missing = [name for name in ours.outcomes if name not in theirs.outcomes]
    extra = [name for name in theirs.outcomes if name not in ours.outcomes]
    if missing or extra:
        yield f"outcomes of one only, not compared: {_listed([*missing, *extra])}"


def _unpaired(ours: Scenario, theirs: Scenario) -> Iterator[str]:
    found = list(_seed_and_layout(ours, theirs))
    if found:
        yield f"{'; '.join(found)}: unpaired, errors are those of independent runs"
    places = {name: place for place, name in enumerate(ours.sampling.dimensions)}
    moved = [
        name for place, name in enumerate(theirs.sampling.dimensions) if places.get(name, place) != place
    ]
    if moved and not found:
        yield f"sampling.dimensions differ: other draws of {_listed(moved)}"


def _seed_and_layout(ours: Scenario, theirs: Scenario) -> Iterator[str]:
    if ours.seed != theirs.seed:
        yield f"seed {theirs.seed} and {ours.seed}"
    for key in LAYOUT:
        values = getattr(theirs.sampling, key), getattr(ours.sampling, key)
        if values[0] != values[1]:
            yield f"{key} {values[0]} and {values[1]}"


def _evidence(ours: Scenario, theirs: Scenario) -> Iterator[str]:
    one, other = ours.evidence, theirs.evidence
    if one is None or other is None or one.periods is None or other.periods is None:
        has = [each is not None and each.periods is not None for each in (other, one)]
        if has[0] != has[1]:
            yield "only one of them reads a survey"
        return
    for key in PERIOD_FILES:
        stated = [getattr(each, key) for each in (other, one)]
        files = [f"{file.name} {file_digest(file)[:8]}" if file else "none" for file in stated]
        if files[0] != files[1]:
            yield f"other {KINDS[key]}: {files[0]} and {files[1]}"
    for key in SWITCHES:
        values = getattr(other, key), getattr(one, key)
        if values[0] != values[1]:
            yield f"evidence.{key} is {values[0] or 'not set'} and {values[1] or 'not set'}"


def _report(ours: Scenario, theirs: Scenario) -> Iterator[str]:
    if ours.report.interval != theirs.report.interval:
        words = [
            f"{each.probability:g} {each.kind}" for each in (theirs.report.interval, ours.report.interval)
        ]
        yield f"the interval reported is {words[0]} and {words[1]}: shown for both with the latter"
    if ours.report.thresholds != theirs.report.thresholds:
        lists = [_listed(f"{t:g}" for t in each.report.thresholds) or "none" for each in (theirs, ours)]
        yield f"thresholds are {lists[0]} and {lists[1]}: shown for both with the latter"


def _same(one: str, other: str) -> bool:
    return one == other or parse_unit(one) == parse_unit(other)


def _listed(names: object) -> str:
    return ", ".join(map(str, names))  # type: ignore[call-overload]


class Edits:
    """What a scenario edits of a baseline, both checked, entry by entry.

    An entry is a parameter, a choice, a stream, an outcome, the evidence, the correlations, the horizon, the
    price year, or the list of Sobol' dimensions. Name, titles, sources, seed, size of the run and report are
    no edits: they move no number but through the draws.

    Parameters
    ----------
    baseline
        The scenario that is edited.
    other
        The one that it becomes.
    """

    def __init__(self, baseline: Scenario, other: Scenario) -> None:
        self.baseline = baseline
        self.other = other
        self.entries = _differing(baseline, other)

    def laid(self, entries: Collection[KeyPath]) -> Scenario:
        """Return the baseline with some entries as the other scenario has them, not checked."""
        update: dict[str, object] = {}
        for table in TABLES:
            names = {path[1] for path in entries if path[0] == table}
            ours, theirs = getattr(self.baseline, table), getattr(self.other, table)
            if names:
                kept = {name: entry for name, entry in ours.items() if name not in names or name in theirs}
                update[table] = kept | {name: theirs[name] for name in theirs if name in names}
        update |= {whole: getattr(self.other, whole) for whole in WHOLES if (whole,) in entries}
        if DIMENSIONS in entries:
            dimensions = self.other.sampling.dimensions
            update["sampling"] = self.baseline.sampling.model_copy(update={"dimensions": dimensions})
        return self.baseline.model_copy(update=update)

    def n_faults(self, entries: Collection[KeyPath]) -> int:
        """Return how many faults the baseline has with just these entries edited."""
        try:
            return len(faults_in(self.laid(entries), frozenset(), lambda _: self.baseline.name))
        except InvalidInput as error:
            return len(error.faults)


def _differing(baseline: Scenario, other: Scenario) -> tuple[KeyPath, ...]:
    found: list[KeyPath] = []
    for table in TABLES:
        ours, theirs = getattr(baseline, table), getattr(other, table)
        names = dict.fromkeys([*ours, *theirs])
        found += [(table, name) for name in names if _content(ours.get(name)) != _content(theirs.get(name))]
    one, two = (
        {
            ("evidence",): _evidence_content(each),
            ("correlations",): [_content(stated) for stated in each.correlations],
            ("horizon",): each.horizon,
            ("price_year",): each.price_year,
            DIMENSIONS: each.sampling.dimensions,
        }
        for each in (baseline, other)
    )
    return (*found, *(path for path in one if one[path] != two[path]))


def _content(entry: BaseModel | None) -> object:
    """Return what of an entry moves numbers, data files by their content."""
    if entry is None:
        return None
    table = entry.model_dump(mode="json", exclude=DESCRIPTIVE, exclude_none=True)
    if isinstance(table.get("price_index"), dict):
        table["price_index"].pop("source", None)
    if "file" in table:
        table["file"] = file_digest(Path(table["file"]))
    return table


def _evidence_content(scenario: Scenario) -> object:
    evidence = scenario.evidence
    if evidence is None:
        return None
    table = evidence.model_dump(mode="json", exclude={"accept_diagnostics"}, exclude_none=True)
    for observed in table["observations"].values():
        observed.pop("source")
    for key in PERIOD_FILES:
        if key in table:
            table[key] = file_digest(Path(table[key]))
    return table
