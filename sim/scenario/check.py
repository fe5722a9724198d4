"""What the schema cannot see: names that do not exist or collide, circles, units that do not fit."""

from collections import Counter, defaultdict
from collections.abc import Iterator

from sim.distributions.words import cut_at_zero_words
from sim.faults import Fault, nearest_name
from sim.formulas import FormulaError
from sim.formulas.units import nearest_unit, parse_unit
from sim.samplers import SAMPLERS, unlimited
from sim.scenario.correlations import LARGEST_MOVE, moves_of, possible_ranks
from sim.scenario.fields import is_money
from sim.scenario.findings import Finding, formula_findings, horizon_findings
from sim.scenario.graph import Quantities, quantities
from sim.scenario.overlays import KeyPath, Locate
from sim.scenario.priors import survey_units
from sim.scenario.schema import Scenario


def faults_in(scenario: Scenario, broken: frozenset[KeyPath], locate: Locate) -> list[Fault]:
    """Return what is wrong between the parts of a scenario.

    Parameters
    ----------
    scenario
        Validated by the schema; broken entries may be missing from it.
    broken
        Key paths of the missing sections and entries; their names are not reported as unknown.
    locate
        Gives the file that set a key.

    Returns
    -------
    list of Fault
        Faults; empty where nothing is wrong.
    """
    known = quantities(scenario)
    excused = frozenset(path[1] for path in broken if len(path) > 1)
    findings = [*_collisions(scenario), *_units(scenario), *_choices(scenario, excused)]
    findings += _prices(scenario)
    if not {("evidence",), ("horizon",), ("streams",)} & broken:
        findings += formula_findings(scenario, known, excused)
    if ("horizon",) not in broken:
        findings += horizon_findings(scenario, excused)
    correlations = list(_correlations(scenario, excused))
    findings += correlations or _together(scenario)
    findings += _observations(scenario, excused)
    if ("outcomes",) not in broken and ("report",) not in broken:
        findings += _report(scenario, excused)
    findings += [*_most_draws(scenario), *_dimensions(scenario, known, excused)]
    return [finding.fault(locate) for finding in findings]


def _collisions(scenario: Scenario) -> Iterator[Finding]:
    homes: dict[str, list[str]] = defaultdict(list)
    for section in ("parameters", "choices", "outcomes", "streams"):
        for name in getattr(scenario, section):
            homes[name].append(section)
    for name in {column.split(".")[0] for column in survey_units(scenario)}:
        homes[name].append("evidence (a column of the survey)")
    for name, places in homes.items():
        if len(places) > 1:
            yield Finding((places[0], name), f"{name!r} is used twice: in {' and in '.join(places)}")


UNITS = (
    "1, or products and quotients of money (USD, EUR, SEK and other codes), time, things counted (person, "
    "household, trip, visit, QALY and others) and measures (km, ha, kWh): USD/household/year"
)


def _units(scenario: Scenario) -> Iterator[Finding]:
    stated = {("parameters", name): parameter.unit for name, parameter in scenario.parameters.items()}
    stated |= {("outcomes", name): outcome.unit for name, outcome in scenario.outcomes.items()}
    stated |= {("streams", name): stream.unit for name, stream in scenario.streams.items()}
    for path, unit in stated.items():
        try:
            parse_unit(unit)
        except FormulaError as error:
            yield Finding((*path, "unit"), str(error), UNITS, nearest_unit(unit))


def _prices(scenario: Scenario) -> Iterator[Finding]:
    """Yield price years and indices that cannot mean anything."""
    for name, parameter in scenario.parameters.items():
        path = ("parameters", name)
        if parameter.price_year is not None and not is_money(parameter.unit):
            problem = (
                f"{parameter.price_year} is a price year, but the unit {parameter.unit} holds no currency"
            )
            yield Finding((*path, "price_year"), problem, "price_year beside units such as USD/year")
        if parameter.price_index is None:
            continue
        if parameter.index_refusal is not None:
            yield Finding((*path, "price_index"), *parameter.index_refusal)
        elif parameter.price_year is None:
            yield Finding((*path, "price_index"), "an index from no year", "price_year beside it")
        elif scenario.price_year is None:
            problem = f"an index from {parameter.price_year} to no year"
            yield Finding((*path, "price_index"), problem, "price_year at the top of the file")
        elif scenario.price_year == parameter.price_year and parameter.price_index.factor != 1:
            problem = f"an index of {parameter.price_index.factor:g} from {parameter.price_year} to itself"
            yield Finding((*path, "price_index"), problem, "no index, or other years")


def _choices(scenario: Scenario, excused: frozenset[str]) -> Iterator[Finding]:
    for name, outcome in scenario.outcomes.items():
        path = ("outcomes", name)
        if outcome.by is None or outcome.by in excused:
            continue
        if outcome.by not in scenario.choices:
            nearest = nearest_name(outcome.by, scenario.choices)
            allowed = ", ".join(scenario.choices)
            yield Finding((*path, "by"), f"there is no choice {outcome.by!r}", allowed, nearest)
            continue
        alternatives = scenario.choices[outcome.by].weights
        for key in outcome.formulas.keys() - alternatives.keys():
            problem = f"{key!r} is not an alternative of {outcome.by}"
            yield Finding((*path, key), problem, ", ".join(alternatives), nearest_name(key, alternatives))
        for key in alternatives.keys() - outcome.formulas.keys():
            yield Finding(path, f"no formula for the alternative {key!r} of {outcome.by}")


def correlatable(scenario: Scenario) -> tuple[str, ...]:
    """Return the names that a correlation may tie: not those of constants, or of rows that are shared."""
    files = Counter(parameter.shared_file for parameter in scenario.parameters.values())
    return tuple(
        column
        for name, parameter in scenario.parameters.items()
        if parameter.can_be_tied and (not parameter.shared_file or files[parameter.shared_file] == 1)
        for column in parameter.columns(name)
    )


def _correlations(scenario: Scenario, excused: frozenset[str]) -> Iterator[Finding]:
    valid = correlatable(scenario)
    for place, correlation in enumerate(scenario.correlations):
        path = ("correlations", str(place), "between")
        for name in correlation.between:
            if name not in valid and name.split(".")[0] not in excused:
                problem = f"{name!r} is not a parameter that can be correlated"
                yield Finding(path, problem, ", ".join(valid), nearest_name(name, valid))
        if len(set(correlation.between)) == 1:
            yield Finding(path, f"{correlation.between[0]!r} stands on both sides")
    pairs = Counter(frozenset(correlation.between) for correlation in scenario.correlations)
    for pair, count in pairs.items():
        if count > 1:
            yield Finding(("correlations",), f"the pair {' ~ '.join(sorted(pair))} is stated {count} times")
    yield from _one_component_each(scenario)


def _together(scenario: Scenario) -> Iterator[Finding]:
    """Correlations that are nearly possible are moved, with a note; a large move is another scenario."""
    stated = scenario.correlations
    moves = [move for move in moves_of(stated) if move.asked is not None]
    if max((move.distance for move in moves), default=0.0) <= LARGEST_MOVE:
        return
    worst = max(moves, key=lambda move: move.distance)
    place = next(i for i, pair in enumerate(stated) if {*pair.between} == {worst.first, worst.second})
    nearest = ", ".join(f"{move.first} ~ {move.second} {move.becomes:.3g}" for move in moves)
    problem = f"the correlations cannot hold together; the nearest that can: {nearest}"
    ranks = possible_ranks(stated, place)
    pair = " ~ ".join(stated[place].between)
    allowed = f"for {pair} {ranks[0]:.3g} to {ranks[1]:.3g}, beside the others as stated" if ranks else ""
    yield Finding(("correlations", str(place), "rank"), problem, allowed)


def _one_component_each(scenario: Scenario) -> Iterator[Finding]:
    """Columns of one parameter already depend on each other; only one of them can carry a correlation."""
    tied = {name for correlation in scenario.correlations for name in correlation.between if "." in name}
    for whole, count in Counter(name.split(".")[0] for name in tied).items():
        if count > 1:
            names = ", ".join(sorted(name for name in tied if name.startswith(f"{whole}.")))
            problem = f"several components of {whole} are correlated: {names}"
            family = scenario.parameters[whole].distribution
            allowed = f"one component of a {family}; it fixes the others' sum"
            yield Finding(("correlations",), problem, allowed)


def _observations(scenario: Scenario, excused: frozenset[str]) -> Iterator[Finding]:
    """Only a parameter with a density can be conditioned on observed values."""
    continuous = {name: parameter for name, parameter in scenario.parameters.items() if parameter.has_density}
    for name, observed in scenario.evidence.observations.items() if scenario.evidence else ():
        path = ("evidence", "observations", name)
        if name in continuous:
            prior = continuous[name].continuous_law()
            low = prior.support()[0]
            if observed.scale == "log" and low < 0:
                allowed = f"natural, or a law without values below 0: {cut_at_zero_words()}"
                yield Finding(path, f"scale = 'log', but {name} can be below 0 (down to {low:g})", allowed)
            elif not observed.observations().is_computable(prior):
                problem = f"values and the distribution of {name} are too far apart for errors so small"
                yield Finding(path, problem, "less than 1e150 standard errors between them")
        elif name not in excused:
            problem = f"{name!r} is not a parameter with a continuous distribution"
            yield Finding(path, problem, ", ".join(continuous), nearest_name(name, continuous))


def _report(scenario: Scenario, excused: frozenset[str]) -> Iterator[Finding]:
    report = scenario.report
    yield from _named_outcome(scenario, ("report", "outcome"), report.outcome, excused)
    for name in report.also or ():
        yield from _named_outcome(scenario, ("report", "also"), name, excused)
    for name, value in report.published.values.items() if report.published else ():
        path = ("report", "published", "values", name)
        yield from _named_outcome(scenario, path, name, excused)
        if isinstance(value, dict) and name in scenario.outcomes:
            alternatives = {key for choice in scenario.choices.values() for key in choice.weights}
            for key in value.keys() - alternatives:
                problem = f"{key!r} is not an alternative of any choice"
                allowed = ", ".join(sorted(alternatives))
                yield Finding((*path, key), problem, allowed, nearest_name(key, alternatives))


def _named_outcome(
    scenario: Scenario, path: KeyPath, name: str, excused: frozenset[str]
) -> Iterator[Finding]:
    if name not in scenario.outcomes and name not in excused:
        nearest = nearest_name(name, scenario.outcomes)
        yield Finding(path, f"there is no outcome {name!r}", ", ".join(scenario.outcomes), nearest)


def _most_draws(scenario: Scenario) -> Iterator[Finding]:
    """More draws than one sampler lays out are for the others."""
    sampler, n_draws = SAMPLERS[scenario.sampling.sampler], scenario.sampling.n_draws
    if sampler.most_draws is not None and n_draws > sampler.most_draws:
        problem = f"{n_draws:,} draws by sampler {sampler.name}"
        allowed = f"up to {sampler.most_draws:,} with {sampler.name}; for more, sampler {unlimited()}"
        yield Finding(("sampling", "n_draws"), problem, allowed)


def _dimensions(scenario: Scenario, known: Quantities, excused: frozenset[str]) -> Iterator[Finding]:
    columns = (column for name in scenario.parameters for column in known.wholes.get(name, (name,)))
    valid = sorted([*columns, *scenario.choices])
    for name in scenario.sampling.dimensions:
        if name not in valid and name.split(".")[0] not in excused:
            problem = f"{name!r} is neither a parameter nor a choice"
            yield Finding(("sampling", "dimensions"), problem, ", ".join(valid), nearest_name(name, valid))
    for name, count in Counter(scenario.sampling.dimensions).items():
        if count > 1:
            yield Finding(("sampling", "dimensions"), f"{name!r} stands there {count} times")
