"""The survey of Langenkamp and Yue (2022): from its source file to contributions.

The source is a CSV file with one row for each listed tool. Its cell ``contrib_info`` holds a Python literal,
``{url: {account: ('26 commits', '1,738 ++', '186 --')}}``, one url for each sampled period. It is read with
``ast.literal_eval``; nothing in it is run.
"""

import csv
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

from sim.evidence.source.contribution import SurveyedPeriod
from sim.evidence.source.survey_cells import (
    SourceLine,
    read_contributions,
    read_surveyed,
    read_url,
    read_urls,
)
from sim.faults import Fault, InvalidInputError, nearest_name

SOURCE = "scraped_contributor_information_for_repos.csv"
COLUMNS = ("repo", "contrib_info", "date_urls")


def read_survey(folder: Path) -> tuple[SurveyedPeriod, ...]:
    """Read the survey's source file.

    Parameters
    ----------
    folder
        Folder that holds ``scraped_contributor_information_for_repos.csv``.

    Returns
    -------
    tuple of SurveyedPeriod
        One for each listed tool and sampled period, in the source's order; empty periods included.

    Raises
    ------
    InvalidInputError
        With every fault found, each by line and column: file or column missing, not a literal of the stated
        form, a count that does not parse, a url of another form or without dates, a sampled period that was
        not surveyed, a period that is there twice.
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
    if faults:
        raise InvalidInputError(faults)
    return tuple(periods)


def _lines(path: Path) -> Iterator[tuple[SourceLine, dict[str, str]]]:
    file = str(path)
    if not path.is_file():
        siblings = [other.name for other in path.parent.iterdir()] if path.parent.is_dir() else []
        problem = "no such file" if path.parent.is_dir() else "no such folder"
        nearest = nearest_name(SOURCE, siblings)
        raise InvalidInputError([Fault(file, "", problem, f"a folder that holds {SOURCE}", nearest)])
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
        raise InvalidInputError([fault]) from error


def _refuse_missing_columns(header: list[str], file: str) -> None:
    faults = [
        Fault(file, "line 1", f"missing column {name!r}", ", ".join(COLUMNS), nearest_name(name, header))
        for name in COLUMNS
        if name not in header
    ]
    if faults:
        raise InvalidInputError(faults)


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
    surveyed, urls = read_surveyed(line, cells["contrib_info"]), read_urls(line, cells["date_urls"])
    if surveyed is None or urls is None:
        return
    _refuse_disagreement(line, surveyed, urls)
    named = [(url, read_url(line, url)) for url in urls]
    repositories = sorted({head.repository for _, head in named if head})
    if len(repositories) > 1:
        line.fault(
            "date_urls", f"more than one repository: {', '.join(repositories)}", "one for each listed tool"
        )
    for url, head in named:
        if head and url in surveyed:
            contributions = read_contributions(line, f"period from {head.start}", surveyed[url])
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
