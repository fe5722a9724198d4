"""Titles of what a scenario names, and words inside sentences."""

from sim.scenario.schema import Scenario

SURVEY = "survey"
TIED, LESS = "~", " - "


def title_of(scenario: Scenario, name: str) -> str:
    """Return what a scenario calls something, or else its name in words.

    Parameters
    ----------
    scenario
        What states the titles.
    name
        Of a parameter, a share of one (``whole.part``), a choice, an outcome, a stream, a difference of two
        outcomes (``a - b``), a column of the survey, ``survey``, or several of these tied by ``~``.

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
    return spaced(name.replace(".", ", ")) if is_column else name


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
