"""Functions of streams against closed forms and sums written out."""

import math
from pathlib import Path

import numpy as np
import pytest

from sim.engine.simulate import simulate
from tests.builders import parameter
from tests.streams.by_year import horizon, loaded, stream, total, totals

DELAYS = {"start": 0.0, "middle": 0.5, "end": 1.0}
SERIES = [-100.0, 30.0, 0.5, 70.0, -3.25]
VALUES = stream("net", f"values = {SERIES}")
EXACT = {"rel": 1e-14}


@pytest.mark.parametrize("discounting", DELAYS)
@pytest.mark.parametrize("rate", [-0.5, 0.0, 1e-12, 0.035, 2.0])
def test_a_present_value_is_the_sum_of_flows_over_powers_of_the_rate(
    tmp_path: Path, discounting: str, rate: float
):
    found = total(tmp_path, horizon(5, discounting), VALUES, formula=f"present_value(net, {rate!r})")
    wanted = math.fsum(flow * (1 + rate) ** -(t + DELAYS[discounting]) for t, flow in enumerate(SERIES))
    assert found == pytest.approx(wanted, **EXACT)


@pytest.mark.parametrize("discounting", DELAYS)
def test_a_rate_by_year_brings_each_flow_back_through_the_years_before_it(tmp_path: Path, discounting: str):
    rates = [0.01, 0.02, 0.05, 0.0, 0.03]
    parts = [horizon(5, discounting), VALUES, stream("rate", f"values = {rates}")]
    factors = np.cumprod([(1 + rates[0]) ** DELAYS[discounting], *(1 + r for r in rates[1:])])
    wanted = math.fsum(flow / factor for flow, factor in zip(SERIES, factors, strict=True))
    assert total(tmp_path, *parts, formula="present_value(net, rate)") == pytest.approx(wanted, **EXACT)


GREEN_BOOK = {1: 0.9662, 10: 0.7089, 30: 0.3563, 31: 0.3459, 75: 0.0942, 76: 0.0919, 125: 0.0274}
"""Factors of HM Treasury's Green Book (2022), annex 6, by year; its year 0 is not discounted."""
SCHEDULE = "[[0, 0.035], [31, 0.03], [76, 0.025]]"


@pytest.mark.parametrize("year", GREEN_BOOK)
@pytest.mark.parametrize("by_stream", [True, False])
def test_a_schedule_gives_the_green_books_factors(tmp_path: Path, year: int, by_stream: bool):
    parts = [horizon(126), stream("one", f"formula = 'where(t == {year}, 1, 0)'")]
    parts.append(stream("green_book", f"schedule = {SCHEDULE}"))
    formula = f"present_value(one, {'green_book' if by_stream else SCHEDULE})"
    assert round(total(tmp_path, *parts, formula=formula), 4) == GREEN_BOOK[year]


@pytest.mark.parametrize("discounting", DELAYS)
@pytest.mark.parametrize("rate", [-0.02, 0.0, 1e-17, 0.04])
def test_an_annuity_is_the_present_value_of_one_a_year(tmp_path: Path, discounting: str, rate: float):
    one = stream("one", "formula = '1'")
    annuity = total(tmp_path, horizon(30, discounting), formula=f"annuity({rate!r}, 30)")
    by_years = total(tmp_path, horizon(30, discounting), one, formula=f"present_value(one, {rate!r})")
    assert annuity == pytest.approx(by_years, rel=1e-13)
    if discounting == "end" and rate == 0.04:  # (1 - 1.04**-30) / 0.04, as in any annuity table: 17.2920
        assert round(annuity, 4) == 17.2920


@pytest.mark.parametrize("rate", [0.0, 0.05])
def test_a_call_that_reads_nothing_stands_beside_a_parameter_of_two_signs(tmp_path: Path, rate: float):
    """The mean of a normal law times the value of an annuity, by its table: 7.7217 at 5 % over ten years."""
    worth = parameter("worth", 'distribution = "normal"\nmean = 1\nsd = 0.5')
    formula = f"worth * annuity({rate}, 10)"
    scenario = loaded(tmp_path, horizon(10, "end"), worth, formula=formula, n_draws=4096)
    rows = simulate(scenario).statistics.rows
    (median,) = [row for row in rows if (row.quantity, row.statistic) == ("total", "median")]
    (mean,) = [row for row in rows if (row.quantity, row.statistic) == ("total", "mean")]
    assert median.value == pytest.approx(7.7217 if rate else 10.0, rel=1e-3)
    assert not mean.status


@pytest.mark.parametrize(
    ("formula", "wanted"),
    [
        ("sum(net)", math.fsum(SERIES)),
        ("mean(net)", math.fsum(SERIES) / 5),
        ("at(net, 2028)", 70.0),
        ("sum(lag(net, 2))", -100.0 + 30.0 + 0.5),
        ("at(lag(net, 1), 2025)", 0.0),
        ("at(cumulative(net), 2027)", -69.5),
        ("sum(where(net > 0, net, 0))", 100.5),
        ("sum(max(net, 0)) + sum(1, 2)", 103.5),
        ("sum(t) + at(year, 2026)", 10.0 + 2026.0),
        ("sum(net / mean(net))", 5.0),
        ("at(net, 2025) ** 2", 10000.0),
        ("sum(3)", 3.0),
        ("present_value(3, 0)", 15.0),
    ],
)
def test_functions_of_streams(tmp_path: Path, formula: str, wanted: float):
    assert total(tmp_path, horizon(5), VALUES, formula=formula) == pytest.approx(wanted, **EXACT)


def test_a_stock_is_perpetual_inventory_in_closed_form(tmp_path: Path):
    # a constant flow I leaves I (1 - (1 - d)**(t + 1)) / d; one that grows by g a year,
    # I ((1 + g)**(t + 1) - (1 - d)**(t + 1)) / (g + d)
    d, g, t = 0.33, 0.05, 29
    constant = total(
        tmp_path, horizon(), stream("flow", "formula = '7'"), formula=f"at(stock(flow, {d}), 2054)"
    )
    assert constant == pytest.approx(7 * (1 - (1 - d) ** (t + 1)) / d, **EXACT)
    growing = stream("flow", f"formula = '7 * (1 + {g}) ** t'")
    found = total(tmp_path, horizon(), growing, formula=f"at(stock(flow, {d}), 2054)")
    assert found == pytest.approx(7 * ((1 + g) ** (t + 1) - (1 - d) ** (t + 1)) / (g + d), **EXACT)


def test_a_stock_may_wear_out_at_another_rate_each_year(tmp_path: Path):
    parts = [horizon(3), stream("flow", "values = [10, 20, 30]"), stream("worn", "values = [0.9, 0.5, 0.25]")]
    # the first year's rate wears nothing: there is no stock before it
    assert total(tmp_path, *parts, formula="at(stock(flow, worn), 2027)") == (10 * 0.5 + 20) * 0.75 + 30


def test_values_by_year_lie_on_lines_where_that_is_asked_for(tmp_path: Path):
    stated = stream("price", "values = { 2020 = 5, 2025 = 10, 2029 = 18 }\ninterpolate = true")
    assert total(tmp_path, horizon(3), stated, formula="at(price, 2026)") == pytest.approx(12.0, **EXACT)
    exact = stream("price", "values = { 2024 = 1, 2025 = 2, 2026 = 3, 2099 = 4 }")
    assert total(tmp_path, horizon(2), exact, formula="sum(price)") == 5.0


def test_the_appraisal_by_hand_and_by_years_agree_to_fourteen_digits(tmp_path: Path):
    # a flood barrier built over years 0 to 3 with benefits in years 4 to 30, each of its terms written out
    text = """
[parameters.r]
distribution = "triangular"
low = 0.01
mode = 0.03
high = 0.05
rationale = "guidance"
[parameters.capex]
distribution = "pert"
low = 80e6
mode = 100e6
high = 160e6
rationale = "engineers"
[parameters.first]
distribution = "lognormal"
p05 = 4e6
p95 = 12e6
rationale = "hydrologists"
[parameters.g]
distribution = "normal"
mean = 0.02
sd = 0.005
rationale = "growth of the region"
"""
    cost = "capex / 4 * (1 + 1 / (1 + r) + 1 / (1 + r) ** 2 + 1 / (1 + r) ** 3)"
    terms = " + ".join(f"(1 + g) ** {k} / (1 + r) ** {k + 4}" for k in range(27))
    by_hand = totals(loaded(tmp_path, text, formula=f"first * ({terms}) / ({cost})"))
    streams = stream("spent", "formula = 'where(t < 4, capex / 4, 0)'")
    streams += stream("avoided", "formula = 'where(t >= 4, first * (1 + g) ** (t - 4), 0)'")
    formula = "present_value(avoided, r) / present_value(spent, r)"
    by_years = totals(loaded(tmp_path, text, horizon(31), streams, formula=formula))
    np.testing.assert_allclose(by_years, by_hand, rtol=1e-14)
