"""``references.bib``: three works that are always cited, and those that a scenario states."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain, product
from string import ascii_lowercase
from urllib.parse import quote

from sim.citations import BibtexEntry, Citations
from sim.evidence.survey_files import SurveyFacts, read_survey_facts
from sim.scenario.data_files import PERIOD_FILES
from sim.scenario.schema import Scenario
from sim.tables.latex import escape
from sim.version import __version__

PAPER_DOI = "10.1145/3514094.3534167"
PAPER_KEY, SURVEY_KEY, SOFTWARE_KEY = "langenkamp2022", "langenkamp2022data", "simsoftware"
NO_DATE = "n.d."
DOI_CHARACTERS = "/:?#[]@!$&'()*+,;=%-._~"


@dataclass(frozen=True)
class Bibliography:
    """The references of a scenario.

    Parameters
    ----------
    entries
        The entries: the three always cited first, then the scenario's in its order.
    keys
        Key of the work by the words of a source; several, joined by commas, where the source states several
        works.
    """

    entries: tuple[BibtexEntry, ...]
    keys: Mapping[str, str]

    def as_bibtex(self) -> str:
        """Return the text of ``references.bib``."""
        return "\n\n".join(map(str, self.entries)) + "\n"


def bibliography(scenario: Scenario) -> Bibliography:
    """Return the references of a scenario: each BibTeX entry and each DOI it states, once.

    A DOI that an entry states too is that entry. Of entries that differ under one key, all but the first get
    a letter more.

    Raises
    ------
    InvalidInput
        If the ``survey.toml`` beside the scenario's survey cannot be used.
    """
    stated = list(_stated(scenario))
    by_doi = {entry.doi: entry for _, cited in stated for entry in cited.entries if entry.doi}
    by_doi |= {entry.doi: entry for entry in _always() if entry.doi}
    entries = dict(zip(_always(), (entry.key for entry in _always()), strict=True))
    keys: dict[str, list[str]] = {}
    for text, cited in stated:
        for entry in chain(cited.entries, (by_doi.get(doi) or _of_doi(doi, text) for doi in cited.dois)):
            work = by_doi.setdefault(entry.doi, entry) if entry.doi else entry
            if work not in entries:
                entries[work] = _free_key(work.key, set(entries.values()))
            keys.setdefault(text, []).append(entries[work])
    return Bibliography(
        tuple(entry.named(key) for entry, key in entries.items()),
        {text: ",".join(dict.fromkeys(found)) for text, found in keys.items()},
    )


def survey_citation(scenario: Scenario) -> str:
    """Return the citations in the ``survey.toml`` of the scenario's surveys; empty where there is none.

    Raises
    ------
    InvalidInput
        If that file cannot be used.
    """
    return "; ".join(" ".join(about.citation.split()) for about in _about(scenario))


def _about(scenario: Scenario) -> list[SurveyFacts]:
    """Return what is known of the survey, and of the histories that stand in for parts of it."""
    files = [getattr(scenario.evidence, key, None) for key in PERIOD_FILES]
    found = [read_survey_facts(file.parent) for file in files if file is not None]
    return [about for about in found if about is not None]


def _stated(scenario: Scenario) -> Iterator[tuple[str, Citations]]:
    """Yield what may cite works, in the scenario's order, each with the words of its source."""
    named = (scenario.parameters, scenario.streams, scenario.choices)
    described = (*(each for section in named for each in section.values()), *scenario.correlations)
    indices = (stated.price_index for stated in scenario.parameters.values() if stated.price_index)
    observed = scenario.evidence.observations.values() if scenario.evidence else ()
    published = (scenario.report.published,) if scenario.report.published else ()
    for stated in (*described, *indices, *observed, *published):
        yield " ".join((stated.source or "").split()), stated
    for about in _about(scenario):
        yield survey_citation(scenario), about


def _of_doi(doi: str, text: str) -> BibtexEntry:
    """Return an entry for a work of which a scenario states its DOI and the words of a source."""
    key = "doi-" + "".join(letter if letter.isalnum() else "-" for letter in doi)
    author = f"{{{escape(text or doi)}}}"
    return BibtexEntry(
        "misc", key, (("author", author), ("year", NO_DATE), ("doi", quote(doi, safe=DOI_CHARACTERS)))
    )


def _free_key(key: str, taken: set[str]) -> str:
    letters = chain.from_iterable(product(ascii_lowercase, repeat=n) for n in range(5))
    return next(free for suffix in letters if (free := key + "".join(suffix)) not in taken)


def _always() -> tuple[BibtexEntry, BibtexEntry, BibtexEntry]:
    authors = ("author", "Langenkamp, Max and Yue, Daniel N.")
    paper = (
        authors,
        ("title", "{How Open Source Machine Learning Software Shapes AI}"),
        ("howpublished", "Proceedings of the 2022 AAAI/ACM Conference on AI, Ethics, and Society, 385--395"),
        ("year", "2022"),
        ("doi", PAPER_DOI),
    )
    survey = (
        authors,
        ("title", "{Open-source machine-learning tools, contributors per fortnight}"),
        ("howpublished", "Public survey data of the paper, MIT licence"),
        ("year", "2022"),
    )
    title = "sim: Monte Carlo uncertainty simulator for the benefit-cost ratio of open-source ML software"
    software = (
        ("author", "{The sim authors}"),
        ("title", f"{{{title}}}"),
        ("howpublished", f"Computer software, version {escape(__version__)}"),
        ("year", NO_DATE),
    )
    return (
        BibtexEntry("misc", PAPER_KEY, paper),
        BibtexEntry("misc", SURVEY_KEY, survey),
        BibtexEntry("misc", SOFTWARE_KEY, software),
    )
