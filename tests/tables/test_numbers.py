"""Macros: letters only, no two alike, and figures cut as the Monte Carlo error asks."""

import re
from decimal import ROUND_HALF_EVEN, Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.scenario.load import load
from sim.summary.row import Summary
from sim.tables.macros import IDENTITY, Macro, as_latex, as_markdown, macros
from sim.tables.paper_numbers import PaperNumber, camel_case, paper_numbers, spelled, unique_names
from tests.tables.builders import PRIORS, contract_tables, hostile, ran

RUN = dict(zip(IDENTITY, ["default", "2022", "4,096", "2da21234", "0.1.0", "95", "eti"], strict=True))
NAMES = st.from_regex(r"[A-Za-z][A-Za-z0-9_]{0,12}", fullmatch=True)
SUFFIXES = {"K": 3, "M": 6, "B": 9, "T": 12}


@pytest.fixture(scope="module")
def summary() -> Summary:
    return ran(load(PRIORS / "default.toml", ["sampling.n_draws=4096"]))[1]


def by_name(found: tuple[Macro, ...]) -> dict[str, Macro]:
    return {macro.name: macro for macro in found}


@given(st.lists(NAMES, unique=True))
def test_names_are_letters_and_no_two_alike(names: list[str]) -> None:
    found = unique_names({name: camel_case(name) for name in names})
    assert len(set(found.values())) == len(names)
    assert all(re.fullmatch(r"sim[A-Z][A-Za-z]*", macro) for macro in found.values())


def test_a_name_never_comes_to_mean_another_quantity() -> None:
    alone = unique_names({"pay_1": camel_case("pay_1")})
    both = unique_names({name: camel_case(name) for name in ("pay_1", "pay_one")})
    assert alone["pay_1"] == "simPayOne"
    assert "simPayOne" not in both.values()
    assert unique_names({name: camel_case(name) for name in ("pay_one", "pay_1")}) == both


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_spelled_numbers_are_letters(value: float) -> None:
    assert spelled(value).isalpha()
    assert spelled(value).isascii()


@given(st.lists(st.floats(min_value=-1e9, max_value=1e9), unique=True, min_size=2, max_size=2))
def test_different_numbers_are_spelled_differently(values: list[float]) -> None:
    first, second = values
    assert (spelled(first) == spelled(second)) == (first == second)


def test_names_of_the_brief(summary: Summary) -> None:
    found = by_name(macros(paper_numbers(summary, {}, "bcr", "1"), RUN))
    for name in ("BCRmedian", "BCRlow", "BCRhigh", "BCRmean", "ProbBCRaboveOneHundred", "Costsd"):
        assert f"sim{name}" in found
    assert found["simSeed"].text == "2022"
    assert found["simDraws"].text == "4,096"
    assert found["simDigest"].text == "2da21234"


def decimal_of(text: str) -> Decimal:
    figure, _, suffix = text.replace(",", "").partition(" ")
    return Decimal(figure) * Decimal(10) ** SUFFIXES.get(suffix, 0)


def test_every_figure_is_its_summary_row_rounded_by_its_error(summary: Summary) -> None:
    """JCGM 101:2008, 7.9.2, in exact decimals: the last place is the least l with 2 error <= 10^l / 2."""
    found = macros(paper_numbers(summary, {}, "bcr", "1"), RUN)
    keys = {macro.key: macro for macro in found}
    checked = 0
    for row in summary.rows:
        has_place = row.statistic in ("p_above", "quantile", "top_share")
        about = f"{row.quantity}, {row.alternative}" if row.alternative else row.quantity
        macro = keys[about, f"{row.statistic} at {row.at:g}" if has_place else row.statistic]
        assert repr(float(row.value)) in macro.exact
        if row.status:
            assert macro.text == row.status
            continue
        value, error = Decimal(row.value), Decimal(row.mc_error)
        place = value.adjusted() - 3
        while Decimal(10) ** place / 2 < 2 * error:
            place += 1
        if macro.text.startswith("≈"):
            assert abs(value) > 2 * error
            assert abs(value) < Decimal(10) ** place
            continue
        exact = value.quantize(Decimal((0, (1,), place)), rounding=ROUND_HALF_EVEN)
        assert decimal_of(macro.text) == exact, (row, macro.text)
        checked += 1
    assert checked > 100


def test_contract_tables_give_macros(summary: Summary) -> None:
    found = by_name(macros(paper_numbers(summary, contract_tables(), "bcr", "1"), RUN))
    expected = {
        "simLogTotalAIValue": "0.61",
        "simLogShapleyKindJudgement": "0.77",
        "simPartialAttributionAlgorithms": "-0.61",
        "simEVPIAllatOneHundred": "4.2 B",
        "simEVPPIAIValueatOneHundred": "3 B",
        "simEVPPISalaryatOneHundredatMost": "34.1 K",
        "simSwitchingAIValueatOneHundred": "251 B",
        "simBreakEvenAIValueatOneHundredlow": "21.0 B",
        "simBCRWithFiveMorePeriodsmedian": "119.4",
    }
    assert {name: found[name].text for name in expected} == expected
    # a median that is not there has no macro: the switching value of pay at 1 is NaN
    assert "simSwitchingSalaryatOne" not in found
    # nor has a worth of information that too few draws decide: its bound stands in its place
    assert "simEVPPISalaryatOneHundred" not in found


def test_numbers_tex_defines_each_macro_once(tmp_path: Path) -> None:
    scenario = hostile(tmp_path)
    results, summary = ran(scenario)
    found = macros(paper_numbers(summary, {}, "ratio", "1"), RUN)
    text = as_latex(found)
    defined = re.findall(r"^\\newcommand\{\\([A-Za-z]+)\}\{", text, re.MULTILINE)
    assert len(defined) == len(set(defined)) == len(found)
    lines = [line for line in text.splitlines() if not line.startswith("%")]
    assert all(re.match(r"\\newcommand\{\\\w+\}\{.*\}% .+: .+", line) for line in lines)
    assert all(name in as_markdown(found) for name in defined)
    assert "np." not in text + as_markdown(found)
    assert results.attributes["n_draws"] > 0


def test_a_figure_that_its_error_leaves_no_digit_of_is_about_that() -> None:
    (sd, tiny, *_) = macros(
        [PaperNumber("X", "x", "sd", 1.7e9, 3.2e8, "1"), PaperNumber("Y", "y", "mean", 0.001, 0.01, "1")], RUN
    )
    assert sd.text == "≈ 2 B"
    assert tiny.text == "0.0"
