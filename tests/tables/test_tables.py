"""The paper's tables against the rows and tables they are made from."""

import io
import math
from decimal import ROUND_HALF_EVEN, Decimal
from pathlib import Path

import pandas as pd
import pytest

from sim.faults import InvalidInput
from sim.run_record import Run
from sim.scenario.load import load
from sim.scenario.schema import Scenario
from sim.summary.row import Summary
from sim.tables.assumptions import assumptions_table
from sim.tables.decision import decision_table
from sim.tables.formats import as_csv, as_markdown
from sim.tables.latex import as_latex, n_lines
from sim.tables.macros import IDENTITY, macros
from sim.tables.paper_numbers import paper_numbers
from sim.tables.references import bibliography
from sim.tables.results import results_table
from sim.tables.sensitivity import sensitivity_table
from sim.tables.table import Column, Section, Table
from sim.tables.table1 import table1_of
from tests.builders import parameter, scenario_text, write_scenario
from tests.tables.builders import PRIORS, contract_tables, hostile, ran, toy


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return load(PRIORS / "default.toml", ["sampling.n_draws=4096"])


@pytest.fixture(scope="module")
def run(scenario: Scenario) -> tuple[Run, Summary]:
    return ran(scenario)


RUN = dict(zip(IDENTITY, ["test", "7", "256", "2da21234", "0.1.0", "95", "eti"], strict=True))


def rounded(value: float, error: float) -> Decimal:
    """Round in exact decimals to the least l with 2 error <= 10^l / 2, at most four digits (JCGM 101)."""
    number, place = Decimal(value), Decimal(value).adjusted() - 3
    while Decimal(10) ** place / 2 < 2 * Decimal(error):
        place += 1
    return number.quantize(Decimal((0, (1,), place)), rounding=ROUND_HALF_EVEN)


def number_of(text: str) -> Decimal:
    figure, _, suffix = text.replace(",", "").rstrip("*").partition(" ")
    return Decimal(figure) * Decimal(10) ** {"": 0, "K": 3, "M": 6, "B": 9, "T": 12}[suffix]


def test_results_are_the_summary_rows_cut(scenario: Scenario, run: tuple[Run, Summary]) -> None:
    table = results_table(scenario, run[1], 4096)
    assert [column.head for column in table.columns][3] == "95 % credible interval (equal-tailed)"
    records = table.numbers.to_dict("records")
    assert len(records) == len(table.rows) == 4 + 1 + 3 + 10
    for record, (_, median, mean, ends, unit) in zip(records, table.rows, strict=True):
        assert unit == record["unit"]
        if median:
            held = (str(record["quantity"]), str(record["alternative"]))
            low, high = ends.split(" to ")
            shown = {"median": median, "mean": mean, "low": low, "high": high}
            for statistic, text in shown.items():
                row = run[1].find(held[0], statistic, held[1])
                assert record[statistic] == row.value
                if not text.startswith("≈"):
                    assert number_of(text) == rounded(row.value, row.mc_error), (held, statistic)
    above = {row[0]: row[2] for row in table.sections[1].rows}
    for threshold in (1, 4, 100):
        row = run[1].find("bcr", "p_above", at=threshold)
        assert number_of(above[str(threshold)]) == rounded(row.value, row.mc_error)


def test_assumptions_state_quantiles_weights_switches_and_sources(
    scenario: Scenario, run: tuple[Run, Summary]
) -> None:
    table = assumptions_table(scenario, run[1], bibliography(scenario).keys)
    rows = {row[0]: row for row in table.rows}
    # stated in the file: median 300,000 and 95 % 365,000; the 5 % quantile of a lognormal is 300^2 / 365
    pay = rows["Senior engineer's pay, mean of the pool"]
    assert pay[1:7] == (
        "lognormal, median 300 K, 95 % quantile 365 K", "246.6 K", "300.0 K", "365.0 K", "USD/person/year",
        "judgement",
    )  # fmt: skip
    assert Decimal("246.6") == (Decimal(300) ** 2 / 365).quantize(Decimal("0.1"))
    assert rows["contributors"][1] == "weight 0.3333"  # 2 of 6
    assert rows["Lines of code read as"][1] == "capped"
    assert rows["Reference repository pytorch"][1] == "pytorch/pytorch"
    column = run[1].find("commits_per_year", "quantile", at=0.95)
    assert number_of(rows["Commits per year"][4]) == rounded(column.value, column.mc_error)
    share = rows["Share of AI value by what it rests on: algorithms"]
    # beta(3, 27) at 5, 50, 95 %: evidence, section 7, prints .029, .091, .20
    assert [f"{float(cell):.2g}" for cell in share[2:5]] == ["0.029", "0.091", "0.2"]
    assert r"300 billion~\cite{langenkamp2022}" in as_latex(table)


def test_histories_and_the_days_that_count_are_assumptions() -> None:
    year = load(PRIORS / "year-2021.toml", ["sampling.n_draws=1024"])
    table = assumptions_table(year, ran(year)[1], {})
    shown = {cells[0]: cells[1] for section in table.sections for cells in section.rows}
    assert shown["Whole histories, where known"] == "mloss-histories/periods.csv"
    assert (shown["First day that counts"], shown["Last day that counts"]) == ("2021-02-19", "2022-02-18")
    sources = " ".join(str(cells[-1]) for section in table.sections for cells in section.rows)
    assert "Langenkamp" in sources
    assert "from the public histories" in sources


def test_observed_values_and_correlations_are_assumptions(tmp_path: Path) -> None:
    law = 'distribution = "lognormal"\nmedian = 100\nsigma = 1.0'
    parts = (
        parameter("pay", law, 'title = "Pay"\nunit = "USD/year"'),
        parameter("value", law),
        '[[correlations]]\nbetween = ["pay", "value"]\nrank = 0.3\nrationale = "moves with it"\n',
        '[evidence.observations.pay]\nvalues = [120, 110]\nsd = 0.2\nsource = "Two offices (2021)"\n'
        "bibtex = '@misc{two2021, author = {{Two offices}}, year = {2021}}'\n",
    )
    scenario = load(write_scenario(tmp_path, scenario_text(*parts, formula="value")))
    _, summary = ran(scenario)
    table = assumptions_table(scenario, summary, bibliography(scenario).keys)
    by_title = {section.title: section.rows for section in table.sections}
    assert by_title["Correlations"][0][:2] == ("Pay with value", "rank correlation 0.3")
    (observed,) = by_title["Parameters conditioned on observed values"]
    assert observed[1] == "observed 120, 110; standard error 0.2 on the log scale"
    posterior = summary.find("pay", "quantile", at=0.5)
    assert number_of(observed[3]) == rounded(posterior.value, posterior.mc_error)
    assert r"Two offices (2021)~\cite{two2021}" in as_latex(table)


def test_sensitivity_marks_unsettled_ranks_and_puts_kinds_below(scenario: Scenario) -> None:
    table = sensitivity_table(scenario, contract_tables())
    assert table is not None
    assert [column.head for column in table.columns] == [
        "Source of uncertainty", "Kind", "First, log", "Total, log", "Shapley, log", "First, raw",
        "Total, raw", "Shapley, raw", "Partial", "PAWN",
    ]  # fmt: skip
    groups, kinds = table.sections
    rows = {row[0]: row for row in groups.rows}
    # 0.2517 with error 0.0004: 4 x 0.0004 = 0.0016, so the last digit is the second decimal
    assert rows["Share of AI value by what it rests on"][2:5] == ("0.25", "0.25", "0.25")
    choice = rows["What a contribution is counted in, and the repository that prices it"]
    assert choice[3] == "0.12*"
    # of a Dirichlet's components the largest correlation in size, -0.6123 with error 0.002
    assert rows["Share of AI value by what it rests on"][8] == "-0.61"
    assert rows["Survey"][8] == ""
    assert [row[0] for row in kinds.rows] == ["Judgement", "Choice", "Data"]
    assert [row[4] for row in kinds.rows] == ["0.77", "0.13", "0.10"]
    numbers = table.numbers.set_index("name")
    assert numbers.loc["cost_method", "total_log"] == 0.1208
    assert not numbers.loc["cost_method", "total_log_settled"]


def test_missing_tables_leave_their_columns_out(scenario: Scenario) -> None:
    tables = contract_tables()
    raw = tables["sensitivity_indices"].query("scale == 'raw'")
    table = sensitivity_table(scenario, {"sensitivity_indices": raw})
    assert table is not None
    assert len(table.columns) == 2 + 3
    assert len(table.sections) == 1
    assert sensitivity_table(scenario, {}) is None
    assert decision_table(scenario, {}) is None
    only = decision_table(scenario, {"information": tables["information"]})
    assert only is not None
    assert [section.title for section in only.sections] == ["Value of information"]


def test_a_table_without_a_column_is_refused_by_name(scenario: Scenario) -> None:
    tables = {"information": contract_tables()["information"].drop(columns=["error", "unit"])}
    with pytest.raises(InvalidInput) as refused:
        decision_table(scenario, tables)
    assert [(fault.file, fault.key) for fault in refused.value.faults] == [
        ("tables/information.csv", "error"),
        ("tables/information.csv", "unit"),
    ]


def test_decision_rows(scenario: Scenario) -> None:
    table = decision_table(scenario, contract_tables())
    assert table is not None
    by_title = {section.title: section.rows for section in table.sections}
    switching = by_title["Switching values"]
    assert switching[0] == (
        "Economic value of AI in one year", "100", "251 B", "", "USD/year",
        "42.2 % of its distribution lie below",
    )  # fmt: skip
    assert switching[1][2:] == ("", "", "USD/person/year", "median always above")
    assert by_title["Break-even over all draws"][0][2:4] == ("250 B", "21.0 B to 3.30 T")
    information = {row[0]: row for row in by_title["Value of information"]}
    # 4.2317e9 with error 2.1e7: 4 x 2.1e7 = 8.4e7, so the last digit is at 10^8
    assert information["EVPI"][2] == "4.2 B"
    # 1.2e7 with error 4e6: no digit is settled, yet it is not nought
    assert information["EVSI: Survey"][2] == "≈ 10 M"
    # too few draws decide otherwise: a bound, rounded up, in place of the value
    bounded = by_title["Value of information"][-1]
    assert (bounded[2], bounded[5]) == ("", "now: fund; at most 35 K, too few draws decide otherwise")
    verdict = by_title["Break-even over all draws"][0][5]
    assert verdict == "95 % interval; crosses (98.8 % of draws), never meets it (1.23 % of draws)"
    assert [row[0] for row in by_title["More sampled periods per repository"]] == [
        "As sampled", "5 more", "15 more",
    ]  # fmt: skip


def test_table1_holds_the_printed_recomputed_and_corrected_figures(scenario: Scenario) -> None:
    table = table1_of(scenario)
    assert table is not None
    cells = {section.title: dict((row[0], row[1:]) for row in section.rows) for section in table.sections}
    # the method's section 1, as printed, recomputed, and with lines read properly
    assert cells["Lines, tensorflow"] == {
        "USD/unit": ("34.09", "34.0861", "1.19229"),
        "units/year": ("5.49 M", "5,443,932.0", "69,311,491.6"),
        "USD/year": ("187.09 M", "185.56 M", "82.64 M"),
    }
    assert cells["Commits, pytorch"]["USD/year"] == ("300.48 M", "295.47 M", "295.47 M")


def test_no_table1_without_the_papers_survey(tmp_path: Path) -> None:
    assert table1_of(toy(tmp_path)) is None
    assert table1_of(load(PRIORS / "published.toml")) is None


def test_written_forms_agree(tmp_path: Path) -> None:
    scenario = hostile(tmp_path)
    _, summary = ran(scenario)
    table = assumptions_table(scenario, summary, bibliography(scenario).keys)
    read = pd.read_csv(io.StringIO(as_csv(table)))
    pd.testing.assert_series_equal(read["p95"], table.numbers["p95"], check_exact=True)
    assert read["title"].tolist() == table.numbers["title"].tolist()
    lines = [line for line in as_markdown(table).splitlines() if line.startswith("|")]
    bars = {len([part for part in line.replace("\\\\", "").replace("\\|", "").split("|")]) for line in lines}
    assert bars == {len(table.columns) + 2}
    latex = as_latex(table)
    assert latex.isascii()
    assert all(rule in latex for rule in (r"\toprule", r"\midrule", r"\bottomrule"))
    rows = [line for line in latex.splitlines() if line.count(" & ") == len(table.columns) - 1]
    assert len(rows) == len(table.rows) + 1


def test_long_tables_break_over_pages() -> None:
    def of(n: int) -> Table:
        rows = tuple((f"row {place}", "1") for place in range(n))
        columns = (Column("a"), Column("b", "number"))
        return Table("t", "c", columns, (Section("", rows),), pd.DataFrame(rows))

    assert r"\begin{table}" in as_latex(of(45))
    assert r"\begin{longtable}" in as_latex(of(46))
    assert n_lines(of(46)) == 46
    folded = Table("t", "c", (Column("a", width=0.1),), (Section("", (("x" * 110,),)),), pd.DataFrame())
    assert n_lines(folded) == math.ceil(110 / 11)


def test_a_row_must_have_a_cell_for_each_column() -> None:
    with pytest.raises(ValueError, match="1 cells under 2 heads"):
        Table("t", "c", (Column("a"), Column("b")), (Section("", (("x",),)),), pd.DataFrame())


def test_further_intervals_correlations_and_price_years_are_told(tmp_path: Path) -> None:
    law = 'distribution = "lognormal"\nmedian = 100\nsigma = 0.5'
    entry = "'@misc{bureau2022, author = {{Bureau of prices}}, year = {2022}}'"
    source = f'source = "Bureau of prices (2022)", bibtex = {entry}'
    index = f"price_year = 2017\nprice_index = {{ factor = 1.25, {source} }}"
    parts = (
        parameter("pay", law, f'unit = "USD/year"\n{index}'),
        '[outcomes.twice]\nformula = "2 * pay"\nunit = "USD/year"\n',
    )
    text = scenario_text(*parts, formula="pay").replace(
        'formula = "pay"', 'formula = "pay"\nunit = "USD/year"'
    )
    text = text.replace("seed = 7", "seed = 7\nprice_year = 2022", 1).replace(
        'outcome = "total"',
        'outcome = "total"\nalso = ["twice"]\nintervals = [{ probability = 0.5, kind = "hdi" }]',
    )
    scenario = load(write_scenario(tmp_path, text))
    _, summary = ran(scenario)
    by_title = {section.title: section.rows for section in results_table(scenario, summary, 256).sections}
    further = by_title["Further credible intervals"]
    assert [row[0] for row in further] == ["total, 50 % (highest-density)", "twice, 50 % (highest-density)"]
    low = summary.find("twice", "low_hdi", at=0.5)
    assert number_of(further[1][3].split(" to ")[0]) == rounded(low.value, low.mc_error)
    # an outcome and its double: correlation one, exactly
    assert by_title["Correlation of outcomes, over draws"][0][0] == "total, with twice"
    assert Decimal(by_title["Correlation of outcomes, over draws"][0][2]) == 1
    assumed = assumptions_table(scenario, summary, bibliography(scenario).keys)
    assert assumed.rows[0][1] == "lognormal, median 100, sigma 0.5 in 2017 prices, times 1.25"
    assert "prices of 2022" in assumed.notes[0]
    assert bibliography(scenario).keys["Bureau of prices (2022)"] == "bureau2022"
    names = [macro.name for macro in macros(paper_numbers(summary, {}, "total", "USD/year"), RUN)]
    assert {"simTotallow", "simTotallowHDIFiftyPercent", "simTotalWithTwicecorrelation"} <= set(names)
    assert all(name.isalpha() for name in names)
