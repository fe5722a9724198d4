r"""``references.bib``: an entry for each distinct source of a scenario, and three that are always cited."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from urllib.parse import quote

import sim
from sim.scenario.schema import Scenario
from sim.tables.latex import escape
from sim.tables.sources import Source, stated_sources

PAPER_DOI = "10.1145/3514094.3534167"
PAPER_NAMES = ("Langenkamp", "Yue")
PAPER_YEAR = "2022"
PAPER_KEY, SURVEY_KEY, SOFTWARE_KEY = "langenkamp2022", "langenkamp2022data", "simsoftware"
NO_DATE = "n.d."
ALPHABET = "abcdefghijklmnopqrstuvwxyz"
URL_CHARACTERS = "/:?#[]@!$&'()*+,;=%-._~"


@dataclass(frozen=True)
class Reference:
    """One entry.

    Parameters
    ----------
    key
        Small ASCII letters and digits.
    fields
        Field and value in LaTeX, in the order printed.
    """

    key: str
    fields: tuple[tuple[str, str], ...]

    def __str__(self) -> str:
        lines = [f"  {name} = {{{value}}}," for name, value in self.fields]
        return "\n".join([f"@misc{{{self.key},", *lines, "}"])


@dataclass(frozen=True)
class Bibliography:
    """The references of a scenario.

    Parameters
    ----------
    references
        The three always cited first, then the scenario's in its order.
    keys
        Key by the words of a source; several, joined by commas, where they name several works.
    """

    references: tuple[Reference, ...]
    keys: Mapping[str, str]

    def as_bibtex(self) -> str:
        """Return the file."""
        return "\n\n".join(map(str, self.references)) + "\n"


def bibliography(scenario: Scenario) -> Bibliography:
    """Return the references of a scenario.

    A source that opens with the names and year of Langenkamp & Yue (2022), or holds its DOI, is that paper;
    all others are distinct by words and address. Words that name several works, apart by semicolons, make
    several entries.

    Raises
    ------
    InvalidInputError
        If the ``survey.toml`` beside the scenario's survey cannot be used.
    """
    stated = stated_sources(scenario)
    works = dict.fromkeys(work for statement in stated for work in statement.works)
    others = [work for work in works if not _is_the_paper(work)]
    by_work = dict(zip(others, _keys(others), strict=True))
    keys: dict[str, list[str]] = {}
    for statement in stated:
        keys.setdefault(statement.text, []).extend(by_work.get(work, PAPER_KEY) for work in statement.works)
    entries = [_reference(key, work) for work, key in by_work.items()]
    return Bibliography(
        (*_always(), *entries), {text: ",".join(dict.fromkeys(found)) for text, found in keys.items()}
    )


def _is_the_paper(source: Source) -> bool:
    by_head = source.authors == PAPER_NAMES and source.year == PAPER_YEAR
    return by_head or source.doi.lower() == PAPER_DOI


def _keys(sources: Sequence[Source]) -> Iterator[str]:
    """Yield a key for each source; stems that several share, or that are taken, get a letter more."""
    stems = [source.stem for source in sources]
    shared = {stem for stem, n in Counter(stems).items() if n > 1}
    taken = {PAPER_KEY, SURVEY_KEY, SOFTWARE_KEY, *stems}
    for stem in stems:
        if stem in shared or stem in (PAPER_KEY, SURVEY_KEY, SOFTWARE_KEY):
            key = next(key for key in (stem + _letters(place) for place in count()) if key not in taken)
            taken.add(key)
            yield key
        else:
            yield stem


def _letters(place: int) -> str:
    """Return a, b, ..., z, aa, ab, ... by place from 0."""
    rest, last = divmod(place, len(ALPHABET))
    return (_letters(rest - 1) if rest else "") + ALPHABET[last]


def _reference(key: str, source: Source) -> Reference:
    authors = source.authors or (source.text,)
    title = source.title if source.authors else ""
    fields = [
        ("author", " and ".join(f"{{{escape(name)}}}" for name in authors)),
        ("title", f"{{{escape(title)}}}" if title else ""),
        ("year", source.year or NO_DATE),
        ("doi", _verbatim(source.doi)),
        ("url", _verbatim(source.url)),
    ]
    return Reference(key, tuple((name, value) for name, value in fields if value))


def _verbatim(address: str) -> str:
    r"""Return an address as ``\url`` and BibTeX read it verbatim: what they cannot is percent-encoded."""
    return quote(address, safe=URL_CHARACTERS)


def _always() -> tuple[Reference, Reference, Reference]:
    authors = ("author", "Langenkamp, Max and Yue, Daniel N.")
    paper = (
        authors,
        ("title", "{How Open Source Machine Learning Software Shapes AI}"),
        ("howpublished", "Proceedings of the 2022 AAAI/ACM Conference on AI, Ethics, and Society, 385--395"),
        ("year", PAPER_YEAR),
        ("doi", PAPER_DOI),
    )
    survey = (
        authors,
        ("title", "{Open-source machine-learning tools, contributors per fortnight}"),
        ("howpublished", "Public survey data of the paper, MIT licence"),
        ("year", PAPER_YEAR),
    )
    title = "sim: Monte Carlo uncertainty simulator for the benefit-cost ratio of open-source ML software"
    software = (
        ("author", "{The sim authors}"),
        ("title", f"{{{title}}}"),
        ("howpublished", f"Computer software, version {escape(sim.__version__)}"),
        ("year", NO_DATE),
    )
    return Reference(PAPER_KEY, paper), Reference(SURVEY_KEY, survey), Reference(SOFTWARE_KEY, software)
