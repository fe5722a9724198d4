"""A scenario in words: its parameters, choices, survey and formulas, each with what it rests on."""

from collections.abc import Iterator

from sim.digits import cut
from sim.distributions.words import family_words
from sim.input_file import short_name
from sim.scenario.evidence import Evidence
from sim.scenario.graph import Dependencies, Node, dependencies
from sim.scenario.ledger import ledger
from sim.scenario.schema import Scenario
from sim.scenario.titles import horizon_words, stream_words
from sim.tables.parameter_assumptions import assumptions

LINES = {
    "capped": "lines capped at 10,000 per contributor and period",
    "corrected": "lines read in full",
    "published": "lines cut at the thousands comma, as published",
}
DUPLICATES = {
    "listed": "tools as listed, a repository listed twice counting twice",
    "merged": "tools of one repository merged",
}
WEEKS = {
    "as-dated": "periods as dated",
    "weekly-bins": "periods that start on a Sunday scaled to two weekly bins",
}
BOTS = {"kept": "automation accounts kept", "dropped": "automation accounts dropped"}


def explanation(scenario: Scenario) -> dict[str, list[str]]:
    """Return the resolved model in words: lines by the heading above them.

    Raises
    ------
    InvalidInput
        If a data file of an empirical parameter cannot be used.
    """
    graph = dependencies(scenario)
    tree = [*_tree_lines(graph)]
    if graph.unread:
        tree += [f"not read by {graph.root}: {', '.join(node.name for node in graph.unread)}"]
    sections = {
        "Scenario": _head(scenario),
        "Parameters (5 / 50 / 95 % as implied)": _parameters(scenario),
        "Choices": _choices(scenario),
        "Correlations": _correlations(scenario),
        "Years": _years(scenario),
        "Survey": _survey(scenario.evidence) if scenario.evidence else (),
        "Outcomes": _outcomes(scenario),
        f"What {graph.root} rests on": tree,
    }
    return {heading: found for heading, lines in sections.items() if (found := list(lines))}


def _head(scenario: Scenario) -> Iterator[str]:
    sampling, interval = scenario.sampling, scenario.report.interval
    yield f"{scenario.name}: {scenario.title}"
    yield (
        f"{sampling.n_draws:,} draws ({sampling.sampler}, {sampling.n_randomisations} randomisations), "
        f"seed {scenario.seed}"
    )
    thresholds = ", ".join(f"{t:g}" for t in scenario.report.thresholds)
    yield f"reports {scenario.report.outcome}, {interval.words}" + (
        f", thresholds {thresholds}" if thresholds else ""
    )
    if scenario.report.also:
        yield f"beside it {', '.join(scenario.report.also)}"
    for further in scenario.report.intervals or ():
        yield f"further interval: {further.short_words}"
    if scenario.price_year is not None:
        yield f"money of {scenario.price_year}"
    if scenario.report.note:
        yield scenario.report.note


def _parameters(scenario: Scenario) -> Iterator[str]:
    rows = assumptions(scenario)
    standing = {entry.name: entry.standing for entry in ledger(scenario) if entry.section == "parameters"}
    for name, parameter in scenario.parameters.items():
        yield f"{name} [{parameter.unit}]" + (f": {parameter.title}" if parameter.title else "")
        yield f"    {family_words(parameter)}"
        for row in (row for row in rows if row.name == name or row.name.startswith(f"{name}.")):
            quantiles = " / ".join(cut(value, 0.0) for value in row.quantiles)
            yield f"    {'' if row.name == name else row.name + ' '}{quantiles}"
        if parameter.price_year is not None:
            yield f"    stated in money of {parameter.price_year}"
        if parameter.price_index is not None:
            yield f"    index: {parameter.price_index.factor:g}, {parameter.price_index.source}"
        yield f"    {parameter.kind}, {standing[name]}"
        yield from _provenance(parameter.source, parameter.url, parameter.rationale)


def _provenance(source: str | None, url: str | None, rationale: str | None) -> Iterator[str]:
    for word, text in (("source", source), ("url", url), ("why", rationale)):
        if text:
            yield f"    {word}: {' '.join(text.split())}"


def _choices(scenario: Scenario) -> Iterator[str]:
    for name, choice in scenario.choices.items():
        yield name + (f": {choice.title}" if choice.title else "")
        for alternative, weight in choice.weights.items():
            yield f"    {alternative}: {100 * weight:.3g} %"
        yield from _provenance(choice.source, choice.url, choice.rationale)


def _correlations(scenario: Scenario) -> Iterator[str]:
    for correlation in scenario.correlations:
        yield f"{' and '.join(correlation.between)}: rank correlation {correlation.rank:g}"
        yield from _provenance(correlation.source, None, correlation.rationale)


def _survey(evidence: Evidence) -> Iterator[str]:
    if evidence.periods is not None:
        tools = DUPLICATES[evidence.duplicates]
        yield f"periods in {evidence.periods.name}: {LINES[evidence.lines]}; {tools}"
        yield f"    {WEEKS[evidence.weeks]}; {BOTS[evidence.bots]}; sampling error: {evidence.method}"
        if evidence.histories is not None:
            yield f"    histories stand in where they are known: {short_name(evidence.histories)}"
        if str(evidence.span):
            yield f"    of {'histories' if evidence.histories else 'these'} count the periods {evidence.span}"
        for name, repository in evidence.references.items():
            yield f"    reference {name}: {repository}"
    for name, observed in evidence.observations.items():
        values = ", ".join(f"{value:g}" for value in observed.values)
        yield f"{name} is conditioned on {values} ({observed.scale} scale, between {observed.between:g})"
        yield f"    source: {observed.source}"


def _years(scenario: Scenario) -> Iterator[str]:
    if scenario.horizon is not None:
        yield horizon_words(scenario.horizon)
    for name, stream in scenario.streams.items():
        yield f"{name} [{stream.unit}]" + (f": {stream.title}" if stream.title else "")
        yield f"    {stream_words(scenario, name)}"
        yield from _provenance(stream.source, stream.url, stream.rationale)


def _outcomes(scenario: Scenario) -> Iterator[str]:
    for name, outcome in scenario.outcomes.items():
        yield f"{name} [{outcome.unit}]" + (f": {outcome.title}" if outcome.title else "")
        if outcome.formula is not None:
            yield f"    = {outcome.formula}"
            continue
        yield f"    by {outcome.by}"
        for alternative, text in outcome.formulas.items():
            yield f"    {alternative} = {text}"


def _tree_lines(graph: Dependencies) -> Iterator[str]:
    """Yield the graph as a tree of text, the reported outcome on top.

    An outcome read in several places is spelt out once; afterwards it is marked ``(above)``.
    """
    shown: set[str] = set()

    def below(name: str, prefix: str) -> Iterator[str]:
        reads = graph.nodes[name].reads
        for place, read in enumerate(reads):
            last = place == len(reads) - 1
            again = read in shown and bool(graph.nodes[read].reads)
            shown.add(read)
            yield f"{prefix}{'└─' if last else '├─'} {_label(graph.nodes[read])}{' (above)' * again}"
            if not again:
                yield from below(read, f"{prefix}{'   ' if last else '│  '}")

    yield _label(graph.nodes[graph.root])
    yield from below(graph.root, "")


def _label(node: Node) -> str:
    unit = f" [{node.unit}]" if node.unit not in ("", "1") else ""
    return f"{node.name}{unit}" + (f" ({node.sort})" if node.sort in ("choice", "survey", "stream") else "")
