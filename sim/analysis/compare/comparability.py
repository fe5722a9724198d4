"""Whether two scenarios can be compared, and draw by draw: what differs between them besides the edit."""

from collections.abc import Iterator

from sim.analysis.compare.sources import ScenarioSource
from sim.faults import Fault, InvalidInput
from sim.formulas.units import parse_unit
from sim.scenario.resolved import file_digest
from sim.scenario.schema import Scenario

LAYOUT = ("n_draws", "n_randomisations", "sampler", "keep_draws")
SWITCHES = ("lines", "duplicates", "weeks", "bots", "method")


def paired(one: ScenarioSource, other: ScenarioSource) -> bool:
    """Tell whether two runs share their seed and the layout of their draws, so that draws belong together.

    Parameters
    ----------
    one
        A scenario with its results.
    other
        Another.

    Returns
    -------
    bool
        True where draw i of one belongs to draw i of the other.
    """
    return not any(_seed_and_layout(one.scenario, other.scenario))


def shared_outcomes(baseline: ScenarioSource, other: ScenarioSource) -> tuple[str, ...]:
    """Return the outcomes that both have in one unit, in the baseline's order.

    Parameters
    ----------
    baseline
        What is compared with.
    other
        What is compared.

    Returns
    -------
    tuple
        Names.

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
        What is compared with.
    other
        What is compared.

    Returns
    -------
    tuple
        One sentence each.
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
    if file_digest(one.periods) != file_digest(other.periods):
        yield f"other period files: {other.periods.name} {file_digest(other.periods)[:8]} and " \
            f"{one.periods.name} {file_digest(one.periods)[:8]}"  # fmt: skip
    for key in SWITCHES:
        values = getattr(other, key), getattr(one, key)
        if values[0] != values[1]:
            yield f"evidence.{key} is {values[0]} and {values[1]}"


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
