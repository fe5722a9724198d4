"""The cells of one line of the survey's source file, and the faults in them."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from urllib.parse import parse_qs, urlsplit

from sim.evidence.source.contribution import Contribution, Lines
from sim.evidence.source.literals import NotALiteralError, read_literal
from sim.faults import Fault

NUMBER = r"(\d{1,3}(?:,\d{3}){1,4}|\d{1,15})"
COMMITS, ADDED, DELETED = (re.compile(NUMBER + end) for end in (r" commits?", r" \+\+", r" --"))
FORMS = ((COMMITS, "'26 commits'"), (ADDED, "'1,738 ++'"), (DELETED, "'186 --'"))
REPOSITORY_PATH = re.compile(r"/([\w.-]+)/([\w.-]+)/graphs/contributors/?")
URL_FORM = "https://github.com/ORG/PROJECT/graphs/contributors?from=YYYY-MM-DD&to=YYYY-MM-DD"
CONTRIBUTIONS_FORM = "{url: {account: ('26 commits', '1,738 ++', '186 --')}}"
URLS_FORM = f"['{URL_FORM}', ...]"


@dataclass
class SourceLine:
    """One line of the source, and where its faults are collected.

    Parameters
    ----------
    file
        The source as the user named it.
    number
        Line at which the row starts, from 1.
    faults
        Found so far.
    """

    file: str
    number: int
    faults: list[Fault] = field(default_factory=list)

    def fault(self, column: str, problem: str, allowed: str = "") -> None:
        """Note a fault in a cell of this line."""
        self.faults.append(Fault(self.file, f"line {self.number}, column {column}", problem, allowed))


@dataclass(frozen=True)
class PeriodUrl:
    """What the url of a sampled period names: ``org/project``, first and last day."""

    repository: str
    start: date
    end: date


def read_urls(line: SourceLine, text: str) -> tuple[str, ...] | None:
    """Return the urls of the sampled periods, in order; ``None`` if the cell is at fault."""
    value = _literal(line, "date_urls", text, URLS_FORM)
    if isinstance(value, list) and all(isinstance(url, str) for url in value):
        return tuple(value)
    if value is not None:
        line.fault("date_urls", "not a list of urls", URLS_FORM)
    return None


def read_surveyed(line: SourceLine, text: str) -> Mapping[object, object] | None:
    """Return what was surveyed, by url; ``None`` if the cell is at fault."""
    value = _literal(line, "contrib_info", text, CONTRIBUTIONS_FORM)
    if isinstance(value, dict):
        return value
    if value is not None:
        line.fault("contrib_info", f"a {type(value).__name__}, not a dict", CONTRIBUTIONS_FORM)
    return None


def _literal(line: SourceLine, column: str, text: str, form: str) -> object:
    try:
        return read_literal(text)
    except NotALiteralError as error:
        line.fault(column, str(error), form)
        return None


def read_url(line: SourceLine, url: str) -> PeriodUrl | None:
    """Return what a url names; ``None`` if it is at fault."""
    try:
        parts = urlsplit(url)
    except ValueError:
        parts = urlsplit("")
    path = REPOSITORY_PATH.fullmatch(parts.path)
    if parts.netloc != "github.com" or path is None:
        line.fault("date_urls", f"{url!r} names no repository", URL_FORM)
        return None
    named = parse_qs(parts.query)
    try:
        start, end = (date.fromisoformat(named[name][0]) for name in ("from", "to"))
    except (KeyError, ValueError):
        line.fault("date_urls", f"{url!r} has no dates", URL_FORM)
        return None
    if end < start:
        line.fault("date_urls", f"{url!r} ends before it starts", URL_FORM)
        return None
    return PeriodUrl(f"{path[1]}/{path[2]}", start, end)


def read_contributions(line: SourceLine, where: str, accounts: object) -> tuple[Contribution, ...]:
    """Return the contributions of one period, without those at fault.

    Parameters
    ----------
    line
        Collects the faults; they name a contributor by place, not by name.
    where
        Words for the period.
    accounts
        ``{account: (commits, lines added, lines deleted)}``, each count as text.
    """
    if not isinstance(accounts, dict):
        line.fault("contrib_info", f"{where}: {accounts!r} is not a dict", CONTRIBUTIONS_FORM)
        return ()
    return tuple(_contributions(line, where, accounts))


def _contributions(line: SourceLine, where: str, accounts: Mapping[object, object]) -> Iterator[Contribution]:
    for place, (account, texts) in enumerate(accounts.items(), start=1):
        who = f"{where}, contributor {place}"
        if not isinstance(account, str) or not isinstance(texts, tuple) or len(texts) != len(FORMS):
            line.fault("contrib_info", f"{who}: {texts!r} is not three counts", CONTRIBUTIONS_FORM)
            continue
        numbers = _numbers(line, who, texts)
        if len(numbers) == len(FORMS):
            commits, added, deleted = (int(number.replace(",", "")) for number in numbers)
            published = Lines(*(int(number.split(",")[0]) for number in numbers[1:]))
            yield Contribution(account, commits, Lines(added, deleted), published)


def _numbers(line: SourceLine, who: str, texts: tuple[object, ...]) -> list[str]:
    numbers = []
    for text, (form, example) in zip(texts, FORMS, strict=True):
        match = form.fullmatch(text) if isinstance(text, str) else None
        if match is None:
            line.fault("contrib_info", f"{who}: count {text!r} does not parse", f"such as {example}")
        else:
            numbers.append(match[1])
    return numbers
