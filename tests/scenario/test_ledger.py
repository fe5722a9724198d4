"""The ledger of sources, and what a strict check refuses."""

from pathlib import Path

import pytest

from sim.scenario.ledger import Entry, ledger, strict_findings
from tests.builders import load_text, scenario_text

SOURCED = (
    '[parameters.pay]\ndistribution = "constant"\nvalue = 3\nunit = "USD"\n'
    'source = "A (2020)"\nrationale = "b"\n'
)


def found(folder: Path, *parts: str) -> list[tuple[str, str]]:
    scenario = load_text(folder, scenario_text(*parts))
    return [(".".join(finding.path), finding.problem) for finding in strict_findings(scenario)]


def test_standing_of_parameters_and_choices(tmp_path: Path):
    scenario = load_text(
        tmp_path,
        scenario_text(
            SOURCED,
            '[parameters.guess]\ndistribution = "constant"\nvalue = 1\nrationale = "b"\n',
            '[choices.one]\na = 1\nb = 1\n[choices.two]\na = 1\nb = 1\nsource = "B"\n',
        ),
    )
    assert ledger(scenario) == (
        Entry("parameters", "pay", "judgement", "sourced"),
        Entry("parameters", "guess", "judgement", "rationale only"),
        Entry("choices", "one", "choice", "neither"),
        Entry("choices", "two", "choice", "sourced"),
    )


def test_nothing_to_find(tmp_path: Path):
    assert found(tmp_path, SOURCED) == []
    assert found(tmp_path) == []


def test_source_and_rationale_must_both_be_there(tmp_path: Path):
    without = SOURCED.replace('source = "A (2020)"\n', "")
    assert found(tmp_path, without) == [("parameters.pay.source", "no source")]
    without = SOURCED.replace('rationale = "b"\n', "")
    assert found(tmp_path, without) == [("parameters.pay.rationale", "no rationale")]


def test_choices_and_correlations_need_one_of_them(tmp_path: Path):
    law = SOURCED.replace('"constant"\nvalue = 3', '"normal"\nmean = 0\nsd = 1')
    parts = (law, law.replace("pay", "other"), '[[correlations]]\nbetween = ["pay", "other"]\nrank = 0.1\n')
    assert found(tmp_path, *parts) == [("correlations.0", "neither source nor rationale")]
    assert found(tmp_path, "[choices.m]\na = 1\nb = 1\n") == [("choices.m", "neither source nor rationale")]
    assert found(tmp_path, '[choices.m]\na = 1\nb = 1\nrationale = "x"\n') == []


YEAR = "price_year = 2020\n"
INDEX = 'price_index = { factor = 1.1, source = "C" }\n'


@pytest.mark.parametrize(
    ("own", "scenarios", "problem"),
    [
        ("", "", None),
        ("", "price_year = 2022\n", None),
        (YEAR, "price_year = 2020\n", None),
        (YEAR + INDEX, "price_year = 2022\n", None),
        (YEAR, "price_year = 2022\n", "2020, where the scenario has 2022, and no price_index"),
        (YEAR, "", "2020, where the scenario has no price year, and no price_index"),
    ],
)
def test_price_years(tmp_path: Path, own: str, scenarios: str, problem: str | None):
    text = scenarios + scenario_text(SOURCED + own)
    found = [finding.problem for finding in strict_findings(load_text(tmp_path, text))]
    assert found == ([problem] if problem else [])


@pytest.mark.parametrize(
    "words",
    ["median 1 [M]", "median 1 (M)", "unverified", "Unverified", "from memory", "TODO", "Citation needed"],
)
def test_marks_of_unverified_figures(tmp_path: Path, words: str):
    for key in ("title", "source", "rationale", "url"):
        stated = SOURCED if key in ("source", "rationale") else f'{SOURCED}{key} = "x"\n'
        old = {"source": "A (2020)", "rationale": "b"}.get(key, "x")
        text = stated.replace(f'{key} = "{old}"', f'{key} = "so they say: {words}"')
        (where, problem), *rest = found(tmp_path, text)
        assert where == f"parameters.pay.{key}"
        assert words in problem
        assert rest == []


def test_marks_anywhere_in_the_file(tmp_path: Path):
    text = scenario_text(
        SOURCED + YEAR + 'price_index = { factor = 1.1, source = "CPI, from memory" }\n',
        '[choices.m]\na = 1\nb = 1\nsource = "TODO"\n',
        '[evidence.observations.y]\nvalues = [1.0]\nsd = 1.0\nsource = "unverified"\n',
        '[parameters.y]\ndistribution = "gamma"\nmean = 1\nsd = 1\nsource = "x"\nrationale = "y"\n',
    ).replace("[outcomes.total]", 'note = "citation needed"\n[outcomes.total]\ntitle = "sum (M)"')
    text = "price_year = 2022\n" + text.replace('title = "A test"', 'title = "A test [M]"')
    where = {".".join(finding.path) for finding in strict_findings(load_text(tmp_path, text))}
    assert where == {
        "title",
        "parameters.pay.price_index.source",
        "choices.m.source",
        "evidence.observations.y.source",
        "report.note",
        "outcomes.total.title",
    }


@pytest.mark.parametrize(
    "words", ["USD (million)", "verified in 2020", "todos los datos", "[Mean]", "10 M USD"]
)
def test_what_is_no_mark(tmp_path: Path, words: str):
    assert found(tmp_path, SOURCED.replace("A (2020)", words)) == []
