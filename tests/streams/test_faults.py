"""What cannot be meant about years is said in one clear message each."""

import re
from pathlib import Path

import pytest

from sim.faults import Fault, InvalidInput
from tests.builders import parameter
from tests.streams.by_year import horizon, loaded, stream, totals

LIBRARY_WORDS = re.compile("tuple|dict[^:]|[Ii]nput should|instance|after validation|pattern|constrained")
KEY_CHARACTERS = "abcdefghijklmnopqrstuvwxyz0123456789_."
ONE = stream("net", "formula = 't'")
LENGTH = "[horizon]\nstart = 2025\ndiscounting = 'start'\nyears = "


def refusal(folder: Path, *parts: str, formula: str = "sum(net)") -> Fault:
    """Return the one fault of a scenario."""
    with pytest.raises(InvalidInput) as caught:
        loaded(folder, *parts, formula=formula)
    (fault,) = caught.value.faults
    return fault


CASES = {
    "too few values": (
        [horizon(3), stream("net", "values = [1, 2]")],
        "sum(net)",
        (
            "streams.net.values",
            "2 values, where the horizon has 3 years",
            "one for each year from 2025 to 2027",
        ),
    ),
    "a missing year": (
        [horizon(3), stream("net", "values = { 2025 = 1, 2027 = 2 }")],
        "sum(net)",
        ("streams.net.values", "no value for 2026", "every year from 2025 to 2027, or interpolate = true"),
    ),
    "an end that is not stated": (
        [horizon(3), stream("net", "values = { 2026 = 1, 2027 = 2 }\ninterpolate = true")],
        "sum(net)",
        ("streams.net.values", "no value for 2025", "every year from 2025 to 2027"),
    ),
    "no form": ([horizon(), stream("net", "")], "1", ("streams.net", "states just one of", "")),
    "two forms": (
        [horizon(1), stream("net", "values = [1]\nformula = 't'")],
        "1",
        ("streams.net", "given: formula and values", ""),
    ),
    "lines between nothing": (
        [horizon(1), stream("net", "values = [1]\ninterpolate = true")],
        "1",
        ("streams.net.interpolate", "goes with values by year", ""),
    ),
    "a schedule that begins later": (
        [horizon(), ONE],
        "present_value(net, [[1, 0.03]])",
        ("outcomes.total.formula", "the schedule [[1, 0.03]] does not begin at t = 0", ""),
    ),
    "a schedule out of order": (
        [horizon(), stream("net", "schedule = [[0, 0.03], [31, 0.02], [31, 0.01]]")],
        "1",
        ("streams.net.schedule", "does not come after the one before", ""),
    ),
    "a law without a word on years": (
        [horizon(), stream("x", 'distribution = "normal"\nmean = 0\nsd = 1')],
        "1",
        ("streams.x", "by_year is missing", ""),
    ),
    "a law with a wrong key": (
        [
            horizon(),
            stream("x", 'distribution = "normal"\nmeen = 0\nsd = 1\nby_year = "ar1"\ncorrelation = 0.1'),
        ],
        "1",
        ("streams.x.meen", "unknown key 'meen'", "mean"),
    ),
    "no such law": (
        [horizon(), stream("x", 'distribution = "norml"\nby_year = "independent"')],
        "1",
        ("streams.x.distribution", "unknown family 'norml'", "normal"),
    ),
    "a correlation of nothing": (
        [horizon(), stream("x", 'distribution = "normal"\nmean = 0\nsd = 1\nby_year = "ar1"')],
        "1",
        ("streams.x", "correlation goes with by_year = 'ar1'", ""),
    ),
    "a correlation of 1": (
        [
            horizon(),
            stream("x", 'distribution = "normal"\nmean = 0\nsd = 1\nby_year = "ar1"\ncorrelation = 1.0'),
        ],
        "1",
        ("streams.x.correlation", "1.0 is too large", "below 1"),
    ),
    "values that are a number": (
        [horizon(), stream("x", "values = 3")],
        "1",
        ("streams.x.values", "3 is not a list, nor a table", "a list or a table"),
    ),
    "values of what is no year": (
        [horizon(), stream("x", "values = { first = 3 }")],
        "1",
        ("streams.x.values.first", "'first' is no year; allowed: four digits, such as 2030", ""),
    ),
    "a value that is no number": (
        [horizon(), stream("x", "values = { 2025 = 'many' }")],
        "1",
        ("streams.x.values.2025", "'many' is not a number", ""),
    ),
    "a step of three": (
        [horizon(), stream("x", "schedule = [[0, 1, 2]]")],
        "1",
        ("streams.x.schedule.0", "[0, 1, 2] is too long", "values, at most 2"),
    ),
    "shares by year": (
        [
            horizon(),
            stream("x", 'distribution = "dirichlet"\nalphas = { a = 1, b = 2 }\nby_year = "independent"'),
        ],
        "1",
        ("streams.x.distribution", "a dirichlet has several columns", ""),
    ),
    "a column of nothing": (
        [horizon(), stream("x", "values = [1]\ncolumn = 'x'")],
        "1",
        ("streams.x.column", "column goes with file", ""),
    ),
    "a workbook": (
        [horizon(), stream("x", "file = 'x.xlsx'\ncolumn = 'x'")],
        "1",
        ("streams.x.file", "must end in .csv or .parquet; save the table as CSV", ""),
    ),
    "a rate of -1": (
        [horizon(), ONE],
        "present_value(net, -1)",
        ("outcomes.total.formula", "a rate of -1", ""),
    ),
    "a rate a year": (
        [
            horizon(),
            ONE,
            parameter("r", 'distribution = "uniform"\nlow = 0.01\nhigh = 0.05', 'unit = "1/year"'),
        ],
        "present_value(net, r)",
        ("outcomes.total.formula", "the rate 'r' is in 1/year; a rate is a plain number", ""),
    ),
    "a stream where a number is wanted": (
        [horizon(), ONE],
        "net + 1",
        (
            "outcomes.total.formula",
            "'net' is a stream, one value a year, where a number is wanted; write pres",
            "",
        ),
    ),
    "a sum of several, year by year": (
        [horizon(), ONE],
        "sum(net, 1)",
        ("outcomes.total.formula", "'net' is a stream, one value a year, where a number is wanted", ""),
    ),
    "a stream in a rate of an annuity": (
        [horizon(), ONE],
        "annuity(net, 3)",
        ("outcomes.total.formula", "'net' is a stream, where a number is wanted", ""),
    ),
    "a year beyond the horizon": (
        [horizon(), ONE],
        "at(net, 2060)",
        ("outcomes.total.formula", "2060 is not in the horizon", "2025 to 2054"),
    ),
    "a year that is a parameter": (
        [horizon(), ONE, parameter("y", 'distribution = "constant"\nvalue = 2030')],
        "at(net, y)",
        ("outcomes.total.formula", "'y' is not a year of the horizon, written out", ""),
    ),
    "a lag longer than the horizon": (
        [horizon(), ONE],
        "sum(lag(net, 30))",
        ("outcomes.total.formula", "30 years back", "0 to 29"),
    ),
    "a lag into the future": (
        [horizon(), ONE],
        "sum(lag(net, -1))",
        ("outcomes.total.formula", "-1 years back", "0 to 29"),
    ),
    "a cyclic lag": (
        [horizon(), stream("net", "formula = 'lag(other, 1) + 1'"), stream("other", "formula = 'net / 2'")],
        "sum(net)",
        ("streams.", "formulas go in a circle", "cumulative or stock"),
    ),
    "no years": (
        [LENGTH + "0\n", ONE],
        "sum(net)",
        (
            "horizon.years",
            "0 is no number of years; allowed: a whole number from 1 to 1,000,",
            "",
        ),
    ),
    "a million years": (
        [LENGTH + "1_000_000\n", ONE],
        "sum(net)",
        ("horizon.years", "1000000 is no number of years; allowed: a whole number", ""),
    ),
    "no discounting": (
        ["[horizon]\nstart = 2025\nyears = 3\n", ONE],
        "sum(net)",
        ("horizon.discounting", "missing", ""),
    ),
    "years that are no parameter": (
        [horizon("life"), parameter("lift", 'distribution = "constant"\nvalue = 30')],
        "1",
        ("horizon.years", "there is no parameter 'life'", "lift"),
    ),
    "years that are no whole numbers": (
        [horizon("life"), parameter("life", 'distribution = "normal"\nmean = 30\nsd = 5')],
        "1",
        (
            "horizon.years",
            "'life' is a normal, which is not of whole numbers",
            "whole numbers from 1 to 1,000",
        ),
    ),
    "half a year": (
        [horizon("life"), parameter("life", 'distribution = "constant"\nvalue = 12.5')],
        "1",
        ("horizon.years", "'life' can be 12.5", "whole numbers from 1 to 1,000"),
    ),
    "streams without a horizon": (
        [ONE],
        "1",
        ("streams", "streams without years: net", "[horizon] with start"),
    ),
    "a function without a horizon": (
        [],
        "present_value(1, 0.03)",
        ("outcomes.total.formula", "'present_value(...)' is a function of streams", ""),
    ),
    "a name of time": (
        [horizon(), parameter("t", 'distribution = "constant"\nvalue = 1')],
        "1",
        ("parameters.t", "'t' stands for time", "another name"),
    ),
    "a name used twice": (
        [horizon(), ONE, parameter("net", 'distribution = "constant"\nvalue = 1')],
        "1",
        ("parameters.net", "in parameters and in streams", ""),
    ),
    "money that was not summed": (
        [horizon(), stream("net", "formula = 't * 0'", "EUR/year")],
        "1",
        ("streams.net.formula", "the formula gives 1, but unit says EUR/year", ""),
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_what_cannot_be_meant_is_refused(tmp_path: Path, case: str):
    parts, formula, (key, problem, allowed) = CASES[case]
    with pytest.raises(InvalidInput) as caught:
        loaded(tmp_path, *parts, formula=formula)
    fault = caught.value.faults[0]
    assert fault.key.startswith(key)
    assert len({each.key for each in caught.value.faults}) == len(caught.value.faults)
    assert not LIBRARY_WORDS.search(str(caught.value))
    assert set(fault.key) <= set(KEY_CHARACTERS), "no words of a library's own"
    assert problem in fault.problem
    assert allowed in fault.allowed


@pytest.mark.parametrize(
    ("written", "meant"), [("streams.nett", "streams.net"), ("outcomes.totl", "outcomes.total")]
)
def test_what_a_misspelt_entry_was_meant_to_edit_is_named(tmp_path: Path, written: str, meant: str):
    fault = refusal(tmp_path, horizon(), ONE, f"[{written}]\ntitle = 'Net of all'\n")
    assert (fault.key, fault.nearest) == (written, meant)


def test_a_rate_that_is_minus_one_in_some_draws_is_refused_with_their_share(tmp_path: Path):
    rate = parameter("r", 'distribution = "uniform"\nlow = -1.25\nhigh = -0.25')
    with pytest.raises(InvalidInput) as caught:
        totals(loaded(tmp_path, horizon(), ONE, rate, formula="present_value(net, r)"))
    (fault,) = caught.value.faults
    assert fault.key == "outcomes.total"
    assert fault.problem == "present_value(net, r): the rate is -1 or less in 64 of 256 draws (25 %)"


UNITS = [
    ("sum(net)", "EUR/year", "EUR"),
    ("present_value(net, 0.03)", "EUR/year", "EUR"),
    ("sum(net)", "EUR", "EUR"),
    ("sum(net)", "EUR/person/year", "EUR/person"),
    ("mean(net)", "EUR/year", "EUR/year"),
    ("at(net, 2026)", "EUR/year", "EUR/year"),
    ("at(cumulative(net), 2026)", "EUR/year", "EUR"),
    ("at(stock(net, 0.1), 2026)", "EUR/year", "EUR"),
    ("at(lag(net, 1), 2026)", "EUR/year", "EUR/year"),
    ("sum(net) / annuity(0.03, life)", "EUR/year", "EUR/year"),
]


@pytest.mark.parametrize(("formula", "unit", "wanted"), UNITS)
def test_a_flow_sums_to_an_amount(tmp_path: Path, formula: str, unit: str, wanted: str):
    life = parameter("life", 'distribution = "constant"\nvalue = 30', 'unit = "year"')
    parts = [horizon(), stream("net", "values = { 2025 = 1, 2054 = 1 }\ninterpolate = true", unit), life]
    (*parts, more) = [*parts, f'[outcomes.other]\nunit = "{wanted}"\nformula = "{formula}"\n']
    assert loaded(tmp_path, *parts, more, formula="1").outcomes["other"].unit == wanted
    wrong = more.replace(f'unit = "{wanted}"', 'unit = "commit"')
    fault = refusal(tmp_path, *parts, wrong, formula="1")
    assert f"the formula gives {wanted}, but unit says commit" in fault.problem
