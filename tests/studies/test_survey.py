"""The source is read right, and what is wrong with it is said by line and column."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from sim.evidence.contributions import Contribution, LineCount, SurveyedPeriod
from sim.faults import Fault, InvalidInput
from studies.survey_import import is_automation, read_survey

WriteSource = Callable[..., Path]
FIRST = "https://github.com/org/project/graphs/contributors?from=2020-02-16&to=2020-03-01&type=c"
SECOND = "https://github.com/org/project/graphs/contributors?from=2019-02-16&to=2019-03-02&type=c"
NO_DATES = "https://github.com/org/project/graphs/contributors"
GOOD = {"ada": ("26 commits", "1,738 ++", "186 --")}


def faults_of(folder: Path) -> tuple[Fault, ...]:
    with pytest.raises(InvalidInput) as raised:
        read_survey(folder)
    return raised.value.faults


def test_one_row_is_read(write_source: WriteSource) -> None:
    folder = write_source(
        ("Tool", {FIRST: GOOD | {"x-bot": ("1 commit", "0 ++", "2,000,001 --")}, SECOND: {}}, [FIRST, SECOND])
    )
    full, empty = read_survey(folder)
    assert full == SurveyedPeriod(
        "Tool",
        "org/project",
        date(2020, 2, 16),
        date(2020, 3, 1),
        (
            # The comma of 1,738 cuts the published count to 1; that of 2,000,001 cuts it to 2.
            Contribution(26, LineCount(1738, 186), LineCount(1, 186)),
            Contribution(1, LineCount(0, 2_000_001), LineCount(0, 2), by_automation=True),
        ),
    )
    assert empty.contributions == ()
    assert [one.by_automation for one in full.contributions] == [False, True]


def test_names_do_not_show(write_source: WriteSource) -> None:
    period, *_ = read_survey(write_source(("Tool", {FIRST: GOOD}, [FIRST])))
    assert "ada" not in repr(period)


@pytest.mark.parametrize(
    ("surveyed", "urls", "key", "problem"),
    [
        (
            "{'a': ",
            [FIRST],
            "line 2, column contrib_info",
            "does not parse: '{' was never closed (character 1)",
        ),
        (
            "__import__('os').getcwd()",
            [FIRST],
            "line 2, column contrib_info",
            "something other than plain values",
        ),
        ("[1]", [FIRST], "line 2, column contrib_info", "a list, not a dict"),
        ({FIRST: GOOD}, "[1]", "line 2, column date_urls", "not a list of urls"),
        ({FIRST: GOOD}, "[[]]", "line 2, column date_urls", "not a list of urls"),
        (
            {FIRST: {"ada": ("26 commits", "1,73 ++", "1 --")}},
            [FIRST],
            "line 2, column contrib_info",
            "'1,73 ++'",
        ),
        (
            {FIRST: {"ada": ("-6 commits", "1 ++", "1 --")}},
            [FIRST],
            "line 2, column contrib_info",
            "'-6 commits'",
        ),
        (
            {FIRST: {"ada": (26, "1 ++", "1 --")}},
            [FIRST],
            "line 2, column contrib_info",
            "count 26 does not parse",
        ),
        (
            {FIRST: {"ada": ("1 commit", "1 ++")}},
            [FIRST],
            "line 2, column contrib_info",
            "is not three counts",
        ),
        ({FIRST: ["ada"]}, [FIRST], "line 2, column contrib_info", "is not a dict"),
        ({FIRST: GOOD}, [FIRST, SECOND], "line 2, column contrib_info", "was not surveyed"),
        ({FIRST: GOOD, SECOND: {}}, [FIRST], "line 2, column contrib_info", "not among the sampled periods"),
        ({FIRST: GOOD}, [FIRST, FIRST], "line 2, column date_urls", "repeated period: 'Tool'"),
        ({NO_DATES: {}}, [NO_DATES], "line 2, column date_urls", "has no dates"),
        ({"http://[": {}}, ["http://["], "line 2, column date_urls", "names no repository"),
        (
            {FIRST.replace("2020-02-16", "2020-02-30"): {}},
            [FIRST.replace("2020-02-16", "2020-02-30")],
            "line 2, column date_urls",
            "has no dates",
        ),
        (
            {FIRST.replace("2020-02-16", "2021-02-16"): {}},
            [FIRST.replace("2020-02-16", "2021-02-16")],
            "line 2, column date_urls",
            "ends before it starts",
        ),
        (
            {FIRST.replace("github.com", "example.org"): {}},
            [FIRST.replace("github.com", "example.org")],
            "line 2, column date_urls",
            "names no repository",
        ),
        (
            {FIRST: {}, SECOND.replace("org/", "other/"): {}},
            [FIRST, SECOND.replace("org/", "other/")],
            "line 2, column date_urls",
            "more than one repository: org/project, other/project",
        ),
    ],
)
def test_a_fault_names_line_and_column(
    write_source: WriteSource, surveyed: object, urls: object, key: str, problem: str
) -> None:
    fault, *others = faults_of(write_source(("Tool", surveyed, urls)))
    assert not others
    assert fault.key == key
    assert problem in fault.problem


def test_a_repeated_key_is_not_swallowed(write_source: WriteSource) -> None:
    text = f"{{'{FIRST}': {{}}, '{FIRST}': {GOOD}}}"
    (fault,) = faults_of(write_source(("Tool", text, [FIRST])))
    assert "is there twice" in fault.problem


def test_two_listings_may_not_share_label_and_start(write_source: WriteSource) -> None:
    (fault,) = faults_of(write_source(("Tool", {FIRST: GOOD}, [FIRST]), ("Tool", {FIRST: {}}, [FIRST])))
    assert fault.key == "line 3, column date_urls"


def test_all_faults_are_told_at_once(write_source: WriteSource) -> None:
    found = faults_of(write_source(("A", "{", [FIRST]), ("", {SECOND: {"ada": ("x", "y", "z")}}, [SECOND])))
    assert [fault.key for fault in found] == [
        "line 2, column contrib_info",
        "line 3, column repo",
        *["line 3, column contrib_info"] * 3,
    ]
    assert not any("ada" in str(fault) for fault in found)


def test_missing_file_folder_and_column(tmp_path: Path, write_source: WriteSource) -> None:
    assert "no such folder" in faults_of(tmp_path / "nowhere")[0].problem
    assert "no such file" in faults_of(tmp_path)[0].problem
    header = ["", "repo", "repo_url", "avg_num_contributors", "start_date", "contribinfo", "date_urls"]
    (fault,) = faults_of(write_source(("Tool", {}, []), header=header))
    assert (fault.problem, fault.nearest) == ("missing column 'contrib_info'", "contribinfo")


def test_not_csv(write_source: WriteSource) -> None:
    folder = write_source(("Tool", {FIRST: GOOD}, [FIRST]))
    source = next(folder.iterdir())
    content = source.read_bytes()
    source.write_bytes(content + b'1,"never closed')
    assert "not CSV" in faults_of(folder)[0].problem
    source.write_bytes(content + b"\xff\n")
    assert "not CSV" in faults_of(folder)[0].problem
    source.write_bytes(content + b"1,short\n")
    assert faults_of(folder)[0].problem == "2 cells"
    source.write_bytes(b"")
    assert faults_of(folder)[0].problem == "missing column 'repo'"


def test_capped_lines_add_up_to_the_cap() -> None:
    # 7 and 3 millions in proportion 7 : 3 of 10,000; 20,001 * 0.99995 rounds half up.
    assert LineCount(7_000_000, 3_000_000).capped() == LineCount(7000, 3000)
    assert LineCount(10_000, 0).capped() == LineCount(10_000, 0)
    for lines in (
        LineCount(1, 20_000),
        LineCount(20_000, 1),
        LineCount(10_000, 1),
        LineCount(0, 10_001),
        LineCount(33_333, 66_667),
    ):
        capped = lines.capped()
        assert capped.total == 10_000
        assert abs(capped.added - 10_000 * lines.added / lines.total) <= 0.5


def test_automation_pattern() -> None:
    yes = [
        "some-bot",
        "SomeBot",
        "merge[bot]x",
        "x-gardener",
        "automation-x",
        "Copybara-Service",
        "x-ci",
        "k8s-ci-robot",
    ]
    no = ["robotto", "bothwell", "ci-anna", "marcia", "abbott"]
    assert [name for name in yes + no if is_automation(name)] == yes


def test_the_source_agrees_with_the_authors_extraction(survey_dir: Path) -> None:
    """The published reading equals the authors' own extraction in every period that is not empty."""
    theirs = (
        pd.read_csv(survey_dir / "2022-02-18 - contributions.csv")
        .groupby(["repo", "date_start", "date_end"])
        .agg(
            n=("user", "size"),
            commits=("commits", "sum"),
            added=("lines_add", "sum"),
            deleted=("lines_del", "sum"),
        )
    )
    ours = {
        (period.label, period.start.isoformat(), period.end.isoformat()): (
            len(period.contributions),
            sum(one.commits for one in period.contributions),
            sum(one.lines_published.added for one in period.contributions),
            sum(one.lines_published.deleted for one in period.contributions),
        )
        for period in read_survey(survey_dir)
        if period.contributions
    }
    assert ours == {key: tuple(row) for key, row in zip(theirs.index, theirs.to_numpy(), strict=True)}


def test_the_source_in_numbers(survey_dir: Path) -> None:
    """Figures of the survey's own documentation, and of the authors' extraction."""
    periods = read_survey(survey_dir)
    contributions = [one for period in periods for one in period.contributions]
    assert (len(periods), len(contributions)) == (695, 3895)
    assert sum(one.by_automation for one in contributions) == 28
    assert round(100 * sum(one.truncated for one in contributions) / len(contributions), 1) == 19.9
    assert max(one.lines.total for one in contributions) == 1_778_456
    theirs = pd.read_csv(survey_dir / "2022-02-18 - contributions.csv")
    published = pd.Series([one.lines_published.total for one in contributions])
    assert published.median() == (theirs["lines_add"] + theirs["lines_del"]).median() == 101
