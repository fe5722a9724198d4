"""The sources a scenario states, and what can be read from their words."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from sim.evidence.about import read_about
from sim.scenario.schema import Scenario

DOI = re.compile(r"\b10\.\d{4,9}/[^\s\"<>;,{}]*[^\s\"<>;,{}.)\]']", re.IGNORECASE)
URL = re.compile(r"https?://[^\s\"<>{}]*[^\s\"<>{}.,;:)\]']", re.IGNORECASE)
YEAR = re.compile(r"(?<![\d.,/-])(?:1[6-9]|20)\d\d(?![\d/]|[.,]\d)")
HEAD = re.compile(r"^(?P<names>[^():;?!]{2,80}?),?\s*\((?P<year>(?:1[6-9]|20)\d\d)[a-z]?\)\s*[:,.]?\s*")
NEXT_WORK = re.compile(r";\s+(?=[A-Z][^;]*(?:1[6-9]|20)\d\d)")
OPENING = re.compile(r"^(?P<names>[A-Za-z][^,:;()]{0,40}?)[,:]\s+")
BETWEEN_NAMES = re.compile(r"\s*(?:;|&|,?\s\band\b)\s*")


@dataclass(frozen=True)
class Source:
    """One work as a scenario names it.

    Parameters
    ----------
    text
        The words about it, white space evened out.
    url
        Stated beside it, or in its words; empty where there is none.
    """

    text: str
    url: str = ""

    @property
    def doi(self) -> str:
        """The first DOI in the words or the address, or an empty string.

        Examples
        --------
        >>> Source("Rao & Wu (1988), doi:10.1080/01621459.1988.10478591.").doi
        '10.1080/01621459.1988.10478591'
        """
        found = DOI.search(self.text) or DOI.search(self.url)
        return found.group() if found else ""

    @property
    def year(self) -> str:
        """The first year from 1600 to 2099 in the words, or an empty string.

        Examples
        --------
        >>> Source("OECD, 2,021 pages, 2024").year, Source("BCG, 'AI at Scale'").year
        ('2024', '')
        """
        found = YEAR.search(DOI.sub("", URL.sub("", self.text)))
        return found.group() if found else ""

    @property
    def authors(self) -> tuple[str, ...]:
        """The names before a year in brackets that opens the words, or else the words before the first stop.

        They are few words; none where the words open otherwise.

        Examples
        --------
        >>> Source("Langenkamp & Yue (2022), Table 1").authors
        ('Langenkamp', 'Yue')
        >>> Source("BCG, 'AI at Scale'").authors, Source("A report without any stop").authors
        (('BCG',), ())
        """
        head = HEAD.match(self.text)
        if head:
            return tuple(filter(None, BETWEEN_NAMES.split(head["names"])))
        opening = OPENING.match(self.text)
        return (opening["names"],) if opening else ()

    @property
    def title(self) -> str:
        """The words after authors and year, without addresses; may be empty.

        Examples
        --------
        >>> Source("Langenkamp & Yue (2022), Table 1, https://example.org/a").title
        'Table 1'
        """
        rest = HEAD.sub("", self.text)
        rest = OPENING.sub("", rest) if rest == self.text else rest
        for pattern in (URL, re.compile(rf"(?:doi:\s*)?{DOI.pattern}", re.IGNORECASE)):
            rest = pattern.sub("", rest)
        return rest.strip(" ,;:.")

    @property
    def stem(self) -> str:
        """First name and year in ASCII letters and digits: what a citation key starts from.

        Examples
        --------
        >>> Source("Müller et al. (2020): a study").stem, Source("BCG, 'AI at Scale'").stem
        ('muller2020', 'bcg')
        """
        plain = unicodedata.normalize("NFKD", self.text).encode("ascii", "ignore").decode()
        word = re.search(r"[A-Za-z]{2,}", URL.sub("", plain))
        return (word.group().lower() if word else "source") + self.year


@dataclass(frozen=True)
class Statement:
    """What a scenario states as a source, and the works it names.

    Parameters
    ----------
    text
        The words, white space evened out, as tables print them.
    works
        At least one.
    """

    text: str
    works: tuple[Source, ...]


def statement_of(text: str, url: str | None = None) -> Statement:
    """Return what the words of a source name; an address stated beside them belongs to the first work.

    Examples
    --------
    >>> two = statement_of("Goldman Sachs (2023): 1.25 points; Aghion & Bunel (2024): 0.68, at https://example.org")
    >>> [(work.stem, work.url) for work in two.works]
    [('goldman2023', ''), ('aghion2024', 'https://example.org')]
    """
    words = " ".join(text.split())
    works = []
    for place, part in enumerate(NEXT_WORK.split(words)):
        found = URL.search(part)
        beside = (url or "").strip() if place == 0 else ""
        works.append(Source(part, beside or (found.group() if found else "")))
    return Statement(words, tuple(works))


def stated_sources(scenario: Scenario) -> tuple[Statement, ...]:
    """Return the distinct sources that a scenario states, in its order.

    They are those of parameters, price indices, choices, correlations, observed and published values, and the
    citation of the survey where ``survey.toml`` stands beside its periods.

    Raises
    ------
    InvalidInputError
        If ``survey.toml`` cannot be used.
    """
    return tuple(dict.fromkeys(_all(scenario)))


def survey_source(scenario: Scenario) -> str:
    """Return the citation in the ``survey.toml`` of the scenario's survey; empty where there is none.

    Raises
    ------
    InvalidInputError
        If that file cannot be used.
    """
    periods = scenario.evidence.periods if scenario.evidence else None
    about = read_about(periods.parent) if periods else None
    return " ".join(about.citation.split()) if about else ""


def _all(scenario: Scenario) -> Iterator[Statement]:
    with_addresses = [(stated.source, stated.url) for stated in scenario.parameters.values()]
    with_addresses += [(stated.source, stated.url) for stated in scenario.choices.values()]
    yield from (statement_of(text, url) for text, url in with_addresses if text)
    texts = [stated.price_index.source for stated in scenario.parameters.values() if stated.price_index]
    texts += [pair.source for pair in scenario.correlations if pair.source]
    if scenario.evidence is not None:
        texts += [observed.source for observed in scenario.evidence.observations.values()]
    if scenario.report.published is not None:
        texts.append(scenario.report.published.source)
    texts.append(survey_source(scenario))
    yield from (statement_of(text) for text in texts if text)
