"""The survey of Langenkamp and Yue (2022): from its source file to contributions.

The source is a CSV file with one row for each listed tool. Its cell ``contrib_info`` holds a Python literal,
``{url: {account: ('26 commits', '1,738 ++', '186 --')}}``, one url for each sampled period. It is read with
``ast.literal_eval``; nothing in it is run.
"""

import ast
import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from sim.evidence.contributions import Contribution, LineCount, SurveyedPeriod
from sim.faults import Fault, InvalidInput, nearest_name, refuse

SOURCE = "scraped_contributor_information_for_repos.csv"
COLUMNS = ("repo", "contrib_info", "date_urls")
NUMBER = r"(\d{1,3}(?:,\d{3}){1,4}|\d{1,15})"
COMMITS, ADDED, DELETED = (re.compile(NUMBER + end) for end in (r" commits?", r" \+\+", r" --"))
FORMS = ((COMMITS, "'26 commits'"), (ADDED, "'1,738 ++'"), (DELETED, "'186 --'"))
REPOSITORY_PATH = re.compile(r"/([\w.-]+)/([\w.-]+)/graphs/contributors/?")
AUTOMATION_NAMES = re.compile(
    r"bot$|\[bot\]|gardener|automation|copybara|-ci$|ci-robot|jenkins", re.IGNORECASE
)
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
        Faults found so far.
    """

    file: str
    number: int
    faults: list[Fault] = field(default_factory=list)

    def fault(self, column: str, problem: str, allowed: str = "") -> None:
        """Note a fault in a cell of this line.

        Parameters
        ----------
        column
            Column of the cell.
        problem
            What is wrong with the cell.
        allowed
            What may stand there.
        """
        self.faults.append(Fault(self.file, f"line {self.number}, column {column}", problem, allowed))


@dataclass(frozen=True)
class PeriodUrl:
    """What the url of a sampled period names.

    Parameters
    ----------
    repository
        The repository, ``org/project``.
    start
        First day.
    end
        Last day.
    """

    repository: str
    start: date
    end: date


def read_survey(folder: Path) -> tuple[SurveyedPeriod, ...]:
    """Read the survey's source file.

    Parameters
    ----------
    folder
        Folder of ``scraped_contributor_information_for_repos.csv``.

    Returns
    -------
    tuple of SurveyedPeriod
        Periods, one for each listed tool and sampled period, in the source's order; empty periods included.

    Raises
    ------
    InvalidInput
        If a file or column is missing, a cell is not a literal of the stated form, a count does not parse, a
        url is of another form or without dates, a sampled period was not surveyed, or a period is there
        twice; with every fault, by line and column.
    """
    path = folder / SOURCE
    periods: list[SurveyedPeriod] = []
    faults: list[Fault] = []
    seen: set[tuple[str, date]] = set()
    for line, cells in _lines(path):
        for period in _periods(line, cells):
            if (period.label, period.start) in seen:
                problem = f"repeated period: {period.label!r} has a period from {period.start} already"
                line.fault("date_urls", problem, "one for each listed tool and start")
            seen.add((period.label, period.start))
            periods.append(period)
        faults += line.faults
    if not periods and not faults:
        faults.append(Fault(str(path), "", "no periods in it", "one row for each listed tool"))
    refuse(faults)
    return tuple(periods)


def _lines(path: Path) -> Iterator[tuple[SourceLine, dict[str, str]]]:
    file = str(path)
    if not path.is_file():
        siblings = [other.name for other in path.parent.iterdir()] if path.parent.is_dir() else []
        problem = "no such file" if path.parent.is_dir() else "no such folder"
        nearest = nearest_name(SOURCE, siblings)
        raise InvalidInput([Fault(file, "", problem, f"a folder that holds {SOURCE}", nearest)])
    end_of_last = 0
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            rows = csv.reader(stream, strict=True)
            header = next(rows, [])
            _refuse_missing_columns(header, file)
            end_of_last = rows.line_num
            for row in rows:
                line = SourceLine(file, end_of_last + 1)
                end_of_last = rows.line_num
                yield line, _named(line, header, row)
    except (csv.Error, UnicodeDecodeError) as error:
        fault = Fault(file, f"line {end_of_last + 1}", f"not CSV: {error}", "comma-separated UTF-8 text")
        raise InvalidInput([fault]) from error


def _refuse_missing_columns(header: list[str], file: str) -> None:
    faults = [
        Fault(file, "line 1", f"missing column {name!r}", ", ".join(COLUMNS), nearest_name(name, header))
        for name in COLUMNS
        if name not in header
    ]
    refuse(faults)


def _named(line: SourceLine, header: list[str], row: list[str]) -> dict[str, str]:
    if len(row) != len(header):
        line.fault(
            f"{min(len(row), len(header)) + 1}", f"{len(row)} cells", f"{len(header)} cells, as the header"
        )
        return {}
    return dict(zip(header, row, strict=True))


def _periods(line: SourceLine, cells: dict[str, str]) -> Iterator[SurveyedPeriod]:
    if not cells:
        return
    label = cells["repo"].strip()
    if not label:
        line.fault("repo", "empty cell", "the listed tool's name")
    surveyed, urls = _read_surveyed(line, cells["contrib_info"]), _read_urls(line, cells["date_urls"])
    if surveyed is None or urls is None:
        return
    _refuse_disagreement(line, surveyed, urls)
    named = [(url, _read_url(line, url)) for url in urls]
    repositories = sorted({head.repository for _, head in named if head})
    if len(repositories) > 1:
        line.fault(
            "date_urls", f"more than one repository: {', '.join(repositories)}", "one for each listed tool"
        )
    for url, head in named:
        if head and url in surveyed:
            contributions = _read_contributions(line, f"period from {head.start}", surveyed[url])
            yield SurveyedPeriod(label, head.repository, head.start, head.end, contributions)


def _refuse_disagreement(line: SourceLine, surveyed: Mapping[object, object], urls: tuple[str, ...]) -> None:
    for url in surveyed:
        if url not in urls:
            line.fault("contrib_info", f"{url!r} is not among the sampled periods of date_urls")
    for url in urls:
        if url not in surveyed:
            line.fault(
                "contrib_info", f"sampled period {url!r} was not surveyed", "{} where nobody contributed"
            )


def _read_urls(line: SourceLine, text: str) -> tuple[str, ...] | None:
    """Return the urls of the sampled periods, in order; ``None`` if the cell is at fault."""
    value = _literal(line, "date_urls", text, URLS_FORM)
    if isinstance(value, list) and all(isinstance(url, str) for url in value):
        return tuple(value)
    if value is not None:
        line.fault("date_urls", "not a list of urls", URLS_FORM)
    return None


def _read_surveyed(line: SourceLine, text: str) -> Mapping[object, object] | None:
    """Return what was surveyed, by url; ``None`` if the cell is at fault."""
    value = _literal(line, "contrib_info", text, CONTRIBUTIONS_FORM)
    if isinstance(value, dict):
        return value
    if value is not None:
        line.fault("contrib_info", f"a {type(value).__name__}, not a dict", CONTRIBUTIONS_FORM)
    return None


def _read_url(line: SourceLine, url: str) -> PeriodUrl | None:
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


def _read_contributions(line: SourceLine, where: str, accounts: object) -> tuple[Contribution, ...]:
    """Return the contributions of one period, without those at fault; faults name them by place alone."""
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
            published = LineCount(*(int(number.split(",")[0]) for number in numbers[1:]))
            yield Contribution(commits, LineCount(added, deleted), published, is_automation(account))


def _numbers(line: SourceLine, who: str, texts: tuple[object, ...]) -> list[str]:
    numbers = []
    for text, (form, example) in zip(texts, FORMS, strict=True):
        match = form.fullmatch(text) if isinstance(text, str) else None
        if match is None:
            line.fault("contrib_info", f"{who}: count {text!r} does not parse", f"such as {example}")
        else:
            numbers.append(match[1])
    return numbers


def _literal(line: SourceLine, column: str, text: str, form: str) -> object:
    """Return the value of a literal: mappings, tuples, lists, strings and numbers; ``None`` if at fault.

    A mapping that names one key twice is at fault: Python would silently keep the last.
    """
    try:
        tree = ast.parse(text, mode="eval")
        if repeated := _repeated_key(tree):
            line.fault(column, repeated, form)
            return None
    except SyntaxError as error:
        line.fault(column, f"does not parse: {error.msg} (character {error.offset})", form)
        return None
    except (ValueError, MemoryError, RecursionError) as error:
        line.fault(column, f"does not parse: {error}", form)
        return None
    try:
        value: object = ast.literal_eval(tree)
    except (ValueError, TypeError, RecursionError):
        line.fault(column, "holds something other than plain values", form)
        return None
    return value


def _repeated_key(tree: ast.Expression) -> str:
    for node in ast.walk(tree):
        keys = node.keys if isinstance(node, ast.Dict) else []
        seen: set[object] = set()
        for key in keys:
            if isinstance(key, ast.Constant):
                if key.value in seen:
                    return f"key {key.value!r} is there twice (character {key.col_offset + 1})"
                seen.add(key.value)
    return ""


def is_automation(contributor: str) -> bool:
    """Return whether an account's name is that of a bot, a mirror or a build server.

    A name pattern can err both ways: a person may be called so, and a script may commit under a person's
    name. Both readings, with and without, are therefore kept.

    Examples
    --------
    >>> [is_automation(name) for name in ("some-tool-gardener", "renew[bot]", "Nightly-CI", "botanist")]
    [True, True, True, False]
    """
    return AUTOMATION_NAMES.search(contributor) is not None
