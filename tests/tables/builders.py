"""Tables as the sensitivity and decision analyses leave them, and scenarios to go with them."""

import math
from pathlib import Path

import pandas as pd

from sim.engine.simulate import simulate
from sim.run_record import Run
from sim.scenario.load import load
from sim.scenario.schema import Scenario
from sim.summary.row import Summary
from tests.builders import parameter, scenario_text, write_scenario

PRIORS = Path(__file__).parents[2] / "priors"
NAN = math.nan
HOSTILE = r"50 % of A_B & C# $x$ ~^\ {} <|>`\"' é – € µ ² … „q“ Ω ș 中 -- ,, ''"

GROUPS = (
    ("ai_value", "judgement"),
    ("attribution", "judgement"),
    ("cost_method", "choice"),
    ("survey", "data"),
)


def contract_tables() -> dict[str, pd.DataFrame]:
    """Return tables of the contract with made-up numbers for the default scenario."""
    return {
        "sensitivity_indices": _indices(),
        "variance_by_kind": _kinds(),
        "rank_correlations": _correlations(),
        "moment_independent": _moment_independent(),
        "switching_values": _switching(),
        "break_even": _break_even(),
        "information": _information(),
        "more_periods": _more_periods(),
    }


def _indices() -> pd.DataFrame:
    rows = [
        (scale, group, kind, index, value - shift, 0.0004, True)
        for scale, shift in (("log", 0.0), ("raw", 0.05))
        for index in ("first", "shapley", "total")
        for (group, kind), value in zip(GROUPS, (0.6123, 0.2517, 0.1208, 0.12079), strict=True)
    ]
    columns = ["scale", "group", "kind", "index", "value", "error", "settled"]
    table = pd.DataFrame(rows, columns=columns).assign(low=lambda t: t["value"], high=lambda t: t["value"])
    table.loc[table["group"] == "cost_method", "settled"] = False
    return table


def _kinds() -> pd.DataFrame:
    rows = [
        (scale, kind, value, 0.001, value, 0.001, value, 0.001)
        for scale in ("log", "raw")
        for kind, value in (("judgement", 0.7712), ("choice", 0.1311), ("data", 0.0977))
    ]
    columns = ["first", "first_error", "total", "total_error", "shapley", "shapley_error"]
    return pd.DataFrame(rows, columns=["scale", "kind", *columns])


def _correlations() -> pd.DataFrame:
    rows = [
        ("ai_value", "ai_value", "judgement", 0.81, 0.002, 0.9, 0.002),
        ("attribution.algorithms", "attribution", "judgement", 0.4, 0.002, -0.6123, 0.002),
        ("attribution.people", "attribution", "judgement", -0.3, 0.002, 0.1, 0.002),
        ("periods_per_year", "survey", "data", NAN, NAN, NAN, NAN),
    ]
    columns = ["name", "group", "kind", "spearman", "spearman_error", "partial", "partial_error"]
    return pd.DataFrame(rows, columns=columns)


def _moment_independent() -> pd.DataFrame:
    rows = [(group, kind, 0.2 + 0.05 * place, 0.003, 1, 1) for place, (group, kind) in enumerate(GROUPS)]
    columns = ["group", "kind", "pawn", "pawn_error", "rank_by_pawn", "rank_by_total"]
    return pd.DataFrame(rows, columns=columns)


def _switching() -> pd.DataFrame:
    rows = [
        ("ai_value", "Economic value of AI in one year", "USD/year", 100.0, 2.512345e11, 0.4217, "turns"),
        ("salary", "Pay", "USD/person/year", 1.0, NAN, NAN, "median always above"),
    ]
    columns = ["parameter", "title", "unit", "threshold", "value", "percentile", "verdict"]
    return pd.DataFrame(rows, columns=columns)


def _break_even() -> pd.DataFrame:
    rows = [
        (
            "ai_value",
            "AI value",
            "USD/year",
            100.0,
            2.1e10,
            2.5e11,
            3.3e12,
            0.95,
            0.0123,
            "crosses (98.8 % of draws), never meets it (1.23 % of draws)",
        )
    ]
    columns = [
        "parameter", "title", "unit", "threshold", "low", "median", "high", "probability", "share_without",
        "verdict",
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=columns)


def _information() -> pd.DataFrame:
    rows = [
        ("EVPI", "all", "mixed", 100.0, 4.2317e9, 2.1e7, "USD/year", "fund", NAN),
        ("EVPPI", "ai_value", "judgement", 100.0, 3.1e9, 3e7, "USD/year", "fund", NAN),
        ("EVSI", "survey", "data", 100.0, 1.2e7, 4e6, "USD/year", "fund", NAN),
        ("EVPPI", "salary", "judgement", 100.0, 0.0, NAN, "USD/year", "fund", 3.412e4),
    ]
    columns = ["quantity", "group", "kind", "threshold", "value", "error", "unit", "decision", "upper"]
    return pd.DataFrame(rows, columns=columns).assign(note="")


def _more_periods() -> pd.DataFrame:
    rows = [
        (extra, 5 + extra, 9.6 + extra / 10, 119.4, 1154.0 - extra, 1 - extra / 500, 0.1 - extra / 200, 0.001)
        for extra in (0, 5, 15)
    ]
    columns = ["extra", "n_periods", "low", "median", "high", "width_ratio", "survey_share", "error"]
    return pd.DataFrame(rows, columns=columns)


def ran(scenario: Scenario) -> tuple[Run, Summary]:
    """Run a scenario."""
    results = simulate(scenario)
    return results, results.statistics


def toy(folder: Path) -> Scenario:
    """Return a scenario without survey, choices, sources or thresholds, whose outcome is negative."""
    law = 'distribution = "normal"\nmean = -3\nsd = 1'
    return load(write_scenario(folder, scenario_text(parameter("loss", law), formula="loss"), "toy.toml"))


def hostile(folder: Path) -> Scenario:
    """Return a scenario whose texts hold characters that LaTeX, BibTeX or Markdown read as commands."""
    text = repr(HOSTILE.replace("'", ""))
    parts = (
        f'[parameters.pay_1]\ntitle = {text}\nsource = {text}\nurl = "https://example.org/a_b%20c#d~e?f=1&g={{h}}"\n'
        'distribution = "lognormal"\nmedian = 3e5\nsigma = 0.2\nunit = "USD/person**2/year"\n',
        f'[parameters.pay_one]\nrationale = {text}\ndistribution = "uniform"\nlow = 1\nhigh = 2\n',
        '[parameters.Pay_one]\nsource = "Müller–Łoś, É. (2020): {a} \\" %, doi:10.1000/x_y(1)z."\n'
        'doi = "10.1000/x_y(1)z%#&~\'"\n'
        'distribution = "uniform"\nlow = 1\nhigh = 2\n',
        f'[choices.how]\ntitle = {text}\nsource = "Muller et al. (2020)"\n'
        "bibtex = '@misc{m20, author = {M{\\\"u}ller and others}, title = {50\\% of A\\_B}, year = 2020}'\n"
        "a_b = 1\nc = 2\n",
        f'[outcomes.ratio]\ntitle = {text}\nby = "how"\na_b = "pay_one"\nc = "Pay_one"\n',
        f"[report.published]\nsource = {text}\nvalues.ratio = 1\n",
    )
    whole = scenario_text(*parts, formula="pay_one").replace('title = "A test"', f"title = {text}", 1)
    whole = whole.replace('outcome = "total"', f'outcome = "ratio"\nthresholds = [-1.5, 1]\nnote = {text}', 1)
    return load(write_scenario(folder, whole, "hostile.toml"))
