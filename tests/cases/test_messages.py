"""Inputs as people type and save them: each refusal names the line and what to type instead, or the cure."""

from pathlib import Path

import pytest

from sim.distributions import Empirical
from sim.evidence.periods import read_periods
from sim.faults import InvalidInput
from sim.input_file import TomlError, parse_toml, text_of
from sim.scenario.load import load
from tests.builders import parameter, scenario_text, write_scenario
from tests.cli.conftest import sim  # noqa: F401 - a fixture
from tests.cli.test_wrong_inputs import PERIODS

TYPED = {
    "mean = 18,5": "mean = 18.5",
    "mean = -18,5": "mean = -18.5",
    "mean = 1,000": "mean = 1000",
    "mean = 1,000,000.5": "mean = 1000000.5",
    "mean = 1.000,5": "mean = 1000.5",
    "mean = 1.000.000": "mean = 1000000",
    "mean = 1 000 000": "mean = 1000000",
    "mean = 1\u00a0000": "mean = 1000",
    "mean = 1'000": "mean = 1000",
    "mean = 1,5e3": "mean = 1.5e3",
    "mean = 1_e2": "mean = 1e2",
    "mean = 1_000_": "mean = 1000",
    "mean = .5": "mean = 0.5",
    "mean = 5.": "mean = 5.0",
    "mean = 05": "mean = 5",
    "mean = 5 %": "mean = 0.05",
    "mean = 2,5%": "mean = 0.025",
    "mean = 5 percent": "mean = 0.05",
    "mean = $5": "mean = 5",
    "mean = €1.000,5": "mean = 1000.5",
    "mean = 5 USD": "mean = 5",
    "mean = 2.5k": "mean = 2500",
    "mean = 3 million": "mean = 3000000",
    "mean = None": "# mean = None",
    "mean == 5": "mean = 5",
    "mean: 5": "mean = 5",
    "mean 5": "mean = 5",
    "values = 1, 2, 3": "values = [1, 2, 3]",
    "values = (1, 2)": "values = [1, 2]",
    "values = [1, 2, 5 %]": "values = [1, 2, 0.05]",
    "of = { mean = 18,5, sd = 1 }": "of = { mean = 18.5, sd = 1 }",
    "of = { distribution = normal, sd = 1 }": 'of = { distribution = "normal", sd = 1 }',
    r'periods = "C:\Users\data.csv"': 'periods = "C:/Users/data.csv"',
    r'periods = "..\data\mloss.csv"': 'periods = "../data/mloss.csv"',
    'title = "A test': 'title = "A test"',
    'title = A test"': 'title = "A test"',
    "title = A test": 'title = "A test"',
    "title = “A test”": 'title = "A test"',
    "title = 'it's'": 'title = "it\'s"',
    'title = "a "b" c"': "title = 'a \"b\" c'",
    "flag = True": "flag = true",
    "größe = 1": '"größe" = 1',
    "[parameters.pay": "[parameters.pay]",
    "mean = 5 // pay": "mean = 5 # pay",
    "; pay": "# pay",
    "mean\u200b = 5": "mean = 5",
}
"""What people type, and what of the same meaning is TOML."""


@pytest.mark.parametrize("typed", TYPED)
def test_the_line_and_what_to_type_instead(typed: str):
    """Among other lines, below a table; and what is to be typed instead is read."""
    parse_toml(TYPED[typed])
    with pytest.raises(TomlError) as refused:
        parse_toml(f"seed = 1\n[parameters.x]  # of 2,5\n{typed}\n\nunit = 'USD'\n")
    assert refused.value.place == "line 3"
    assert refused.value.problem.startswith(f"'{typed}': ")
    assert refused.value.instead == TYPED[typed]


def test_a_scenario_file_says_it_too(tmp_path: Path):
    text = scenario_text(parameter("x", 'distribution = "normal"\nmean = 18,5\nsd = 1'))
    number = text.splitlines().index("mean = 18,5") + 1
    with pytest.raises(InvalidInput) as refused:
        load(write_scenario(tmp_path, text))
    (fault,) = refused.value.faults
    assert (fault.key, fault.allowed) == (f"line {number}", "mean = 18.5")
    assert fault.problem == "not TOML: 'mean = 18,5': a number has a point and no commas"


@pytest.mark.parametrize(
    ("text", "place", "first"),
    [
        ("[x]\nmean = 1\nsd = 2\nmean = 3\n", "line 4", "line 2: 'mean = 1'"),
        ("[x]\nmean = 1\n[y]\nmean = 2\n[x]\nsd = 1\n", "line 5", "line 1: '[x]'"),
        ('"mean" = 1\n\nmean = 2', "line 3", "line 1: '\"mean\" = 1'"),
        ("x = { a = 1 }\n[x]\nb = 2\n", "line 2", "line 1: 'x = { a = 1 }'"),
    ],
)
def test_a_key_stated_twice_names_both_lines(text: str, place: str, first: str):
    with pytest.raises(TomlError) as refused:
        parse_toml(text)
    assert refused.value.place == place
    assert f"stated twice, first in {first}" in refused.value.problem


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        ("a = 1\nv = [1, 2\nb = 3\n", "line 2", "'v = [1, 2': what opens here has no end"),
        ('a = 1\nnote = """x\nb = 3\n', "line 2", "what opens here has no end"),
        ("a =\n", "line 1, column 4", "'a =': the value is missing"),
        ("a = 5 5\n", "line 1, column 7", "'a = 5 5': expected newline"),
    ],
)
def test_what_cannot_be_guessed_shows_the_line(text: str, place: str, words: str):
    with pytest.raises(TomlError) as refused:
        parse_toml(text)
    assert refused.value.place == place
    assert words in refused.value.problem


TABLES = {
    "semicolons": (
        b"x;y\n1,5;2,5\n",
        "separated by semicolons; save it with commas between columns and points",
    ),
    "tabs": (b"x\ty\n1\t2\n", "separated by tabs"),
    "bars": (b'"x"|"y"\n1|2\n', "separated by bars"),
    "Latin-1": ("x,y\n1,2\n2,größer\n".encode("latin-1"), "line 3 holds the byte 0xf6, 'ö' in Latin-1"),
    "Windows-1252": (
        "x,y\n1,€\n".encode("cp1252"),
        "line 2 holds the byte 0x80, '€' in Latin-1 or Windows-1252",
    ),
    "UTF-16": (
        "x,y\n1,2\n".encode("utf-16"),
        "UTF-16 text, which spreadsheets call Unicode; save it as UTF-8",
    ),
    "UTF-16 without a mark": ("x,y\n1,2\n".encode("utf-16-le"), "UTF-16 text"),
    "decimal comma in quotes": (b'"x","y"\n"1,5",2\n', "row 1 holds '1,5', which is not a number"),
    "thousands": (b'"x","y"\n"5,485",1\n', "row 1 holds '5,485', which is not a number"),
    "percent": (b"x,y\n5%,1\n", "row 1 holds '5%', which is not a number"),
    "missing": (b"x,y\n5,1\n,2\nNA,3\n", "row 2 holds nan, one of 2 such rows"),
    "another column": (b"z;w\n1;2\n", "separated by semicolons"),
}
"""A column x as spreadsheets save it."""


@pytest.mark.parametrize("name", TABLES)
def test_tables_as_spreadsheets_save_them(tmp_path: Path, name: str):
    content, words = TABLES[name]
    (tmp_path / "a.csv").write_bytes(content)
    with pytest.raises(InvalidInput) as refused:
        Empirical(distribution="empirical", file="a.csv", column="x").read(tmp_path)
    assert "a.csv" in str(refused.value) and words in str(refused.value)


@pytest.mark.parametrize(
    ("delimiter", "encoding", "words"),
    [(";", "utf-8", "separated by semicolons"), ("\t", "utf-8", "tabs"), ("\t", "utf-16", "UTF-16")],
)
def test_period_files_likewise(tmp_path: Path, delimiter: str, encoding: str, words: str):
    path = tmp_path / "periods.csv"
    path.write_bytes("\n".join(PERIODS).replace(",", delimiter).encode(encoding))
    with pytest.raises(InvalidInput, match=words):
        read_periods(path)


def test_one_column_may_have_any_name(tmp_path: Path):
    (tmp_path / "a.csv").write_text("a;b\n1\n2\n", encoding="utf-8")
    found = Empirical(distribution="empirical", file="a.csv", column="a;b").read(tmp_path)
    assert found.values.tolist() == [1.0, 2.0]


@pytest.mark.parametrize("encoding", ["latin-1", "utf-16"])
def test_scenario_files_in_other_encodings(tmp_path: Path, encoding: str):
    path = tmp_path / "a.toml"
    path.write_bytes('title = "Größe"\n'.encode(encoding))
    with pytest.raises(InvalidInput, match="save it as UTF-8"):
        load(path)
    assert text_of("\ufeffx".encode()) == "x"


X = parameter("x", 'distribution = "uniform"\nlow = 0\nhigh = 1')


@pytest.mark.parametrize(
    ("command", "option", "value"),
    [
        ("run", "--draws", "5"),
        ("run", "--draws", "1e20"),
        ("run", "--seed", "-1"),
        ("run", "--sampler", "sobl"),
        ("run", "--keep-draws", "3"),
        ("sweep", "--draws", "5"),
        ("sweep", "--draws", "1e9"),
        ("compare", "--draws", "5"),
    ],
)
def test_an_option_is_named_as_it_was_typed(sim, tmp_path: Path, command: str, option: str, value: str):  # noqa: F811
    path = write_scenario(tmp_path, scenario_text(X, formula="x"))
    more = {"sweep": ["--over", "x.low=0,0.5"], "compare": [path]}.get(command, [])
    ended = sim(command, path, *more, option, value, "--out", tmp_path / "out")
    assert ended.code == 2
    assert ended.err.startswith(f"{option}: ")
    assert "--set" not in ended.err and "sampling." not in ended.err


@pytest.mark.parametrize(
    ("key", "words"),
    [("x.hihg", "nearest: high"), ("sampling.n_drws", "nearest: n_draws"), ("xx.high", "nearest: x")],
)
def test_a_misspelt_key_of_a_sweep_is_one_message(sim, tmp_path: Path, key: str, words: str):  # noqa: F811
    path = write_scenario(tmp_path, scenario_text(X, formula="x"))
    ended = sim("sweep", path, "--over", f"{key}=64:128:5", "--out", tmp_path / "out")
    assert ended.code == 2
    assert ended.err.count("--over") == 1 and words in ended.err


INNER = 'of = { distribution = "normal", mean = 0, sdd = 1 }'


@pytest.mark.parametrize(
    ("part", "unknown", "allowed", "not_allowed"),
    [
        (parameter("of", 'distribution = "normal"\nmean = 0\nsdd = 1'), "sdd", "rationale", "thresholds"),
        (parameter("components", 'distribution = "normal"\nmean = 0\nsdd = 1'), "sdd", "unit", "weight"),
        (parameter("report", 'distribution = "normal"\nmean = 0\nsdd = 1'), "sdd", "unit", "thresholds"),
        (parameter("a", f'distribution = "truncated"\nlow = 0\n{INNER}'), "sdd", "sd", "rationale"),
        (
            parameter("a", f'distribution = "mixture"\ncomponents = [{{ weight = 1, {INNER} }}]'),
            "sdd",
            "sd",
            "rationale",
        ),
        ('[evidence.observations.x]\nvaleus = [1]\nsource = "a"\n', "valeus", "values", "periods"),
    ],
)
def test_a_misspelt_key_is_answered_by_the_table_it_stands_in(
    tmp_path: Path, part: str, unknown: str, allowed: str, not_allowed: str
):
    with pytest.raises(InvalidInput) as caught:
        load(write_scenario(tmp_path, scenario_text(X, part, formula="x")))
    fault = next(each for each in caught.value.faults if each.key.endswith(unknown))
    assert fault.nearest == ("sd" if unknown == "sdd" else "values")
    assert allowed in fault.allowed.split(", ")
    assert not_allowed not in fault.allowed.split(", ")
