"""Streams from files by year, rates of return and paybacks."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sim.engine.simulate import simulate
from sim.engine.trial import check_run
from sim.faults import InvalidInput
from sim.scenario.data_files import scenario_digest
from sim.scenario.load import load
from sim.scenario.stream_tables import with_values
from tests.builders import parameter
from tests.streams.by_year import horizon, loaded, stream, total, totals

ROWS = "year,flow\n2027,30\n2025,10\n2024,5\n2026,20\n"
FROM_FILE = stream("flow", 'file = "flows.csv"\ncolumn = "flow"')


@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_a_column_by_year_in_any_order_with_years_to_spare(tmp_path: Path, ending: str):
    (tmp_path / "flows.csv").write_text(ROWS)
    if ending == "parquet":
        pd.read_csv(tmp_path / "flows.csv").rename(columns={"year": "jaar"}).to_parquet(
            tmp_path / "flows.parquet"
        )
    stated = stream(
        "flow", f'file = "flows.{ending}"\ncolumn = "flow"' + '\nyear_column = "jaar"' * (ending == "parquet")
    )
    assert (
        total(
            tmp_path, horizon(3), stated, formula="at(flow, 2025) + 2 * at(flow, 2026) + 3 * at(flow, 2027)"
        )
        == 140
    )


def test_lines_between_the_years_of_a_file(tmp_path: Path):
    (tmp_path / "flows.csv").write_text("year,flow\n2020,0\n2030,100\n")
    stated = FROM_FILE.replace('column = "flow"', 'column = "flow"\ninterpolate = true')
    assert total(tmp_path, horizon(3), stated, formula="at(flow, 2026)") == 60.0


FAULTS = {
    "a missing year": (
        "year,flow\n2025,1\n2027,2\n",
        "no value for 2026",
        "every year from 2025 to 2027, or interp",
    ),
    "a repeated year": (
        "year,flow\n2025,1\n2026,2\n2026,3\n2027,4\n",
        "2026 stands there 2 times",
        "each year once",
    ),
    "half a year": ("year,flow\n2025.5,1\n", "2025.5 is not a year", "whole numbers"),
    "no such column": ("year,flows\n2025,1\n", "no such column", "year, flows"),
    "a gap": ("year,flow\n2025,\n", "row 1 holds nan", "finite numbers"),
}


@pytest.mark.parametrize("case", FAULTS)
def test_a_file_that_does_not_fit_is_refused_by_check_and_run(tmp_path: Path, case: str):
    rows, problem, allowed = FAULTS[case]
    (tmp_path / "flows.csv").write_text(rows)
    scenario = loaded(tmp_path, horizon(3), FROM_FILE, formula="sum(flow)")
    for attempt in (check_run, simulate):
        with pytest.raises(InvalidInput) as caught:
            attempt(scenario)
        fault = caught.value.faults[0]
        assert problem in fault.problem
        assert allowed in fault.allowed
        assert fault.file.endswith("flows.csv")


def test_a_file_enters_the_digest_by_its_content_and_workers_as_values(tmp_path: Path):
    (tmp_path / "flows.csv").write_text(ROWS)
    scenario = loaded(tmp_path, horizon(3), FROM_FILE, formula="sum(flow)")
    first = scenario_digest(scenario)
    assert scenario.streams["flow"].file == str(tmp_path / "flows.csv")
    sent = with_values(scenario)
    (tmp_path / "flows.csv").write_text(ROWS.replace("30", "31"))
    assert scenario_digest(scenario) != first
    assert float(totals(sent).flat[0]) == 60.0
    assert float(totals(load(scenario)).flat[0]) == 61.0


def flow(values: list[float]) -> str:
    """Return a stream of values."""
    return stream("net", f"values = {values}")


RATES = {
    # one loan: 100 now, 121 in two years
    (-100.0, 0.0, 121.0): 0.1,
    (-100.0, 230.0): 1.3,
    # the first example of Excel's IRR, after five years: 8.7 %
    (-70000.0, 12000.0, 15000.0, 18000.0, 21000.0, 26000.0): 0.08663094803653161,
    # a rate below 0: the same after four years
    (-70000.0, 12000.0, 15000.0, 18000.0, 21000.0): -0.021244848272999,
    # a gift that is paid back at 5 %
    (100.0, -105.0): 0.05,
    # three changes of sign and one rate all the same
    (-100.0, 60.0, -1.0, 60.0): None,
}


@pytest.mark.parametrize("values", RATES)
def test_internal_rates_of_return(tmp_path: Path, values: tuple[float, ...]):
    found = total(tmp_path, horizon(len(values), "middle"), flow([*values]), formula="irr(net)")
    if RATES[values] is not None:
        assert found == pytest.approx(RATES[values], rel=1e-12)
    roots = 1.0 / np.roots(values[::-1]) - 1.0  # of the polynomial in 1 / (1 + i)
    real = [root.real for root in roots if abs(root.imag) < 1e-9 and root.real > -1.0]
    assert [found] == pytest.approx(real, rel=1e-9)


NO_RATES = {
    (1.0, 2.0, 3.0): ("there is no such rate", 0),
    (-100.0, 150.0, -60.0): ("there is no such rate", 0),
    (-100.0, 230.0, -132.0): ("there are several such rates", 0),  # 10 and 20 %
}


@pytest.mark.parametrize("values", NO_RATES)
def test_a_rate_that_is_not_there_or_not_the_only_one_is_refused_with_the_share(
    tmp_path: Path, values: tuple[float, ...]
):
    with pytest.raises(InvalidInput) as caught:
        total(tmp_path, horizon(3), flow([*values]), formula="irr(net)")
    (fault,) = caught.value.faults
    assert fault.key == "outcomes.total"
    assert fault.problem == f"irr(net): {NO_RATES[values][0]} in 256 of 256 draws (100 %)"
    assert "present_value" in fault.allowed


def test_some_draws_without_a_rate_are_counted(tmp_path: Path):
    gain = parameter("gain", 'distribution = "uniform"\nlow = -1\nhigh = 3')
    net = stream("net", "formula = 'where(t == 0, -2, gain)'")
    with pytest.raises(InvalidInput, match=r"there is no such rate in 64 of 256 draws \(25 %\)"):
        totals(loaded(tmp_path, horizon(4), gain, net, formula="irr(net)"))


def test_rates_of_many_draws_make_the_present_value_nothing(tmp_path: Path):
    gain = parameter("gain", 'distribution = "uniform"\nlow = 1\nhigh = 9')
    net = stream("net", "formula = 'where(t == 0, -20, gain * (1 + t / 10))'")
    outcome = '[outcomes.rate]\nformula = "irr(net)"\n'
    found = totals(loaded(tmp_path, horizon(30), gain, net, outcome, formula="present_value(net, rate)"))
    assert np.abs(found).max() < 1e-10


PAYBACKS = {
    (-100.0, 30.0, 30.0, 30.0, 30.0): 4.0,
    (-100.0, 100.0, 0.0, 1.0): 3.0,  # even is not above
    (5.0, -100.0): 0.0,
    (-100.0, 1.0, 1.0): 3.0,  # never: the number of years
}


@pytest.mark.parametrize("values", PAYBACKS)
def test_paybacks(tmp_path: Path, values: tuple[float, ...]):
    outcome = '[outcomes.p]\nunit = "year"\nformula = "payback(net)"\n'
    scenario = loaded(tmp_path, horizon(len(values)), flow([*values]), outcome, formula="1")
    assert set(simulate(scenario).variable("p").flat) == {PAYBACKS[values]}


def test_never_has_a_probability(tmp_path: Path):
    gain = parameter("gain", 'distribution = "uniform"\nlow = 0\nhigh = 4')
    net = stream("net", "formula = 'where(t == 0, -9, gain)'")
    outcome = '[outcomes.p]\nunit = "year"\nformula = "payback(net)"\n'
    scenario = loaded(tmp_path, horizon(4), gain, net, outcome, formula="1")
    found = simulate(scenario)
    assert np.mean(found.variable("p") == 4.0) == 0.75  # 3 gain > 9
    assert "payback(net) is never reached in 75 % of draws, which count as 4 years" in found.notes
