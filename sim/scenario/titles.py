"""What a scenario states, in words: titles, its years and streams, and words inside sentences."""

from sim.digits import stated_number
from sim.distributions.words import family_words
from sim.scenario.schema import Scenario
from sim.scenario.stream_tables import n_years, table_of
from sim.scenario.streams import Horizon

SURVEY = "survey"
TIED, LESS = "~", " - "


def title_of(scenario: Scenario, name: str) -> str:
    """Return what a scenario calls something, or else its name in words.

    Parameters
    ----------
    scenario
        What states the titles.
    name
        Name of a parameter, a share of one (``whole.part``), a choice, an outcome, a stream, a difference of
        two outcomes (``a - b``), a column of the survey, ``survey``, or several of these tied by ``~``.

    Returns
    -------
    str
        The title; a formula that is none of these as it stands.
    """
    if TIED in name:
        return " with ".join(title_of(scenario, part.strip()) for part in name.split(TIED))
    first, less, second = name.partition(LESS)
    if less and {first, second} <= scenario.outcomes.keys():
        return f"{title_of(scenario, first)}, less {lowered(title_of(scenario, second))}"
    whole, _, part = name.partition(".")
    named = (scenario.parameters, scenario.choices, scenario.outcomes, scenario.streams)
    stated = next((names[whole] for names in named if whole in names), None)
    if stated is not None:
        title = stated.title or spaced(whole)
        return f"{title}: {spaced(part)}" if part else title
    if name == SURVEY:
        return raised(SURVEY)
    is_column = all(piece.isidentifier() for piece in name.split("."))
    return column_words(name) if is_column else name


def column_words(name: str) -> str:
    """Return the name of a column of the survey, or of an alternative, in words.

    Examples
    --------
    >>> column_words("commits_per_contributor_period.pytorch")
    'commits per contributor period, pytorch'
    """
    return spaced(name.replace(".", ", "))


def exceedance_words(name: str, threshold: float) -> str:
    """Return what tables and the terminal call the probability of more than a threshold.

    Parameters
    ----------
    name
        Name of an outcome, or a formula over some.
    threshold
        The threshold, in its unit.

    Returns
    -------
    str
        The words, such as ``P(bcr > 4)``.
    """
    return f"P({name} > {threshold:g})"


def spaced(name: str) -> str:
    """Return a name with spaces for underscores."""
    return name.replace("_", " ")


def raised(text: str) -> str:
    """Return words with a capital first."""
    return text[:1].upper() + text[1:]


def lowered(text: str) -> str:
    """Return words as they stand inside a sentence; an opening acronym keeps its capitals.

    Examples
    --------
    >>> lowered("Cost of a post"), lowered("AI value")
    ('cost of a post', 'AI value')
    """
    return text[:1].lower() + text[1:] if text[1:2].islower() or not text[1:2].isalpha() else text


def horizon_words(horizon: Horizon) -> str:
    """Return a horizon in words.

    Examples
    --------
    >>> horizon_words(Horizon(start=2025, years=30, discounting="middle"))
    '30 years from 2025, discounted from the middle of each year'
    """
    long = horizon.parameter or f"{horizon.years} year{'s' * (horizon.years != 1)}"
    return f"{long} from {horizon.start}, discounted from the {horizon.discounting} of each year"


def stream_words(scenario: Scenario, name: str) -> str:
    """Return in words what a stream is stated by.

    Parameters
    ----------
    scenario
        A checked scenario.
    name
        Name of the stream.

    Returns
    -------
    str
        The stream's formula, or its first and last values.
    """
    stated = scenario.streams[name]
    if stated.formula is not None:
        return f"= {stated.formula}"
    if stated.schedule is not None:
        return ", ".join(f"{stated_number(value)} from year {t:g} on" for t, value in stated.schedule)
    if stated.law is not None:
        tied = f", correlation {stated_number(stated.correlation)}" if stated.correlation is not None else ""
        return f"{family_words(stated.law)}; by year: {stated.by_year}{tied}"
    assert scenario.horizon is not None
    values = table_of(scenario, name, n_years(scenario))
    first, last = (stated_number(float(value)) for value in (values[0], values[-1]))
    lines = ", on straight lines between the years stated" if stated.interpolate else ""
    start = scenario.horizon.start
    return f"by year, {first} in {start} to {last} in {start + len(values) - 1}{lines}"
