"""The shipped scenarios: distributions against the evidence they cite, outcomes against closed forms."""

from functools import cache
from math import log
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from sim.distributions import implied_quantiles
from sim.engine.simulate import simulate
from sim.run_record import Run
from sim.scenario.ledger import strict_findings
from sim.scenario.load import load
from studies.overlay import read_overlay
from studies.scenarios import scenario_rows, scenarios_page

ROOT = Path(__file__).parents[2]
PRIORS = ROOT / "priors"
NAMES = sorted(path.stem for path in PRIORS.glob("*.toml"))
LIBRARY = {
    "default", "published", "corrected-lines", "unreduced-value", "full-cost", "global-wages", "skeptical",
    "generous", "frontier", "contributors-only", "commits-pytorch", "commits-tensorflow", "lines-pytorch",
    "lines-tensorflow", "all-contributors", "capital", "census", "year-2021", "current",
}  # fmt: skip
METHODS = {name.replace("-", "_").removesuffix("_only"): name for name in NAMES if name.split("-")[0] in
           ("contributors", "commits", "lines")}  # fmt: skip


def pert(low: float, mode: float, high: float):
    """Vose's PERT, lambda 4: a beta on (low, high) with alpha = 1 + 4 (mode - low) / (high - low)."""
    alpha = 1 + 4 * (mode - low) / (high - low)
    return stats.beta(alpha, 6 - alpha, low, high - low)


def lognormal(median: float, sigma: float):
    return stats.lognorm(sigma, scale=median)


# The proposed priors as the project's evidence page states them: the law, and 5/50/95 % as its table prints
# them (to its digits; nan where it prints none). Scipy gives the quantiles to all digits.
STATED = [
    ("full-cost", "loading", pert(1.0, 1.2, 1.6), (1.07, 1.23, 1.43), 2),
    ("full-cost", "coverage", pert(1.0, 1.1, 1.5), (1.03, 1.14, 1.31), 2),
    ("default", "salary", lognormal(300e3, 0.12), (246e3, 300e3, 365e3), -3),
    ("default", "ai_value", lognormal(300e9, 0.89), (69e9, 300e9, 1.30e12), -9),
    ("default", "attribution.algorithms", stats.beta(3, 27), (0.029, 0.091, 0.20), 2),
    ("global-wages", "salary", lognormal(110e3, 0.42), (55e3, np.nan, 220e3), -3),
    ("global-wages", "loading", pert(1.2, 1.5, 2.0), (np.nan, np.nan, np.nan), 0),
    ("global-wages", "fte_share", pert(0.1, 0.4, 1.0), (np.nan, np.nan, np.nan), 0),
    ("skeptical", "ai_value", lognormal(65e9, 0.58), (25e9, np.nan, 170e9), -9),
    ("skeptical", "attribution.algorithms", stats.beta(2, 60), (np.nan, np.nan, np.nan), 0),
    ("skeptical", "loading", pert(1.2, 1.5, 2.0), (np.nan, np.nan, np.nan), 0),
    ("skeptical", "coverage", pert(1.0, 1.25, 3.0), (np.nan, np.nan, np.nan), 0),
    ("generous", "ai_value", lognormal(1e12, 0.6), (np.nan, np.nan, np.nan), 0),
    ("generous", "attribution.algorithms", stats.beta(8, 32), (np.nan, np.nan, np.nan), 0),
    ("generous", "salary", lognormal(200e3, 0.2), (np.nan, np.nan, np.nan), 0),
    ("generous", "coverage", pert(1.0, 1.1, 1.5), (np.nan, np.nan, np.nan), 0),
    ("generous", "fte_share", pert(0.2, 0.5, 1.0), (np.nan, np.nan, np.nan), 0),
    ("unreduced-value", "ai_value", stats.triang(9 / 28, 3.0e12, 2.8e12), (np.nan, np.nan, np.nan), 0),
]


@cache
def results(name: str, *settings: str) -> Run:
    return simulate(load(PRIORS / f"{name}.toml", settings))


def found(scenario: str, name: str) -> tuple[float, float, float]:
    whole, _, component = name.partition(".")
    parameter = load(PRIORS / f"{scenario}.toml").parameters[whole]
    return implied_quantiles(parameter.marginal(component) if component else parameter.law())


@pytest.mark.parametrize(
    ("scenario", "name", "law", "printed", "digits"), STATED, ids=lambda x: x if isinstance(x, str) else ""
)
def test_priors_are_those_of_the_evidence(scenario, name, law, printed, digits):
    quantiles = found(scenario, name)
    # 0.5 %: the default states 95 % points where the evidence states sigma = 0.12 and 0.89
    assert quantiles == pytest.approx(
        law.ppf([0.05, 0.5, 0.95]), rel=0.005 if scenario == "default" else 1e-9
    )
    for quantile, shown in zip(quantiles, printed, strict=True):
        if not np.isnan(shown):
            assert quantile == pytest.approx(shown, rel=0.008, abs=0.5 * 10.0**-digits), (quantile, shown)


def test_the_frontier_prior_follows_from_the_two_figures_it_states():
    low, median, high = found("frontier", "ai_value")
    assert (low, high) == pytest.approx((172.3e9, 2.6e12), rel=1e-9)
    assert median == pytest.approx((172.3e9 * 2.6e12) ** 0.5, rel=1e-9)  # of a lognormal: the geometric mean
    assert round(median, -10) == 670e9  # as its rationale says


def test_every_scenario_of_the_library_is_there():
    assert set(NAMES) == LIBRARY
    for name in LIBRARY - {"default"}:
        assert read_overlay(PRIORS / f"{name}.toml").changes, name


@pytest.mark.parametrize("name", NAMES)
def test_shipped_scenarios_are_strictly_sourced(name: str):
    assert strict_findings(load(PRIORS / f"{name}.toml")) == ()


# Words and figures that the project knows from memory only.
FROM_MEMORY = (
    "Stack Overflow", "HHS", "127,260", "132,270", "133,080", "67.8", "1.22 billion", "6.22 billion", "2.59",
    "13.18", "13 trillion", "13T", "101 trillion", "44x", "Tool #65", "4 % by",
)  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_no_figure_from_memory_is_printed(name: str):
    text = (PRIORS / f"{name}.toml").read_text(encoding="utf-8")
    assert [words for words in FROM_MEMORY if words in text] == []


@pytest.mark.parametrize("method", METHODS)
def test_a_scenario_of_one_method_is_that_row_of_the_default(method: str):
    one, default = results(METHODS[method]), results("default")
    expected = default.dataset("by_choice/cost_method")["cost"].sel(cost_method=method).values
    assert (one.variable("cost") == expected).all()  # the same draws, by name


def test_full_cost_multiplies_the_cost_draw_by_draw():
    full, default = results("full-cost"), results("default")
    factor = full.variable("loading") * full.variable("coverage") * full.variable("fte_share")
    assert full.variable("cost") == pytest.approx(factor * default.variable("cost"), rel=1e-12)
    assert (full.variable("benefit") == default.variable("benefit")).all()


def mean_log(law) -> float:
    return float(law.expect(np.log))


# E log(BCR) moves by the means of the logs of what was edited: independent inputs, paired draws. Scipy's
# integrals give the right hand sides. The standard error of each difference is at most 3e-5; five of them are
# allowed: on another seed a right program would fail one of the six with odds of 3e-6.
MOVES = [
    ("frontier", "default", log((172.3e9 * 2.6e12) ** 0.5 / 300e9)),
    ("unreduced-value", "default", mean_log(stats.triang(9 / 28, 3.0e12, 2.8e12)) - log(300e9)),
    ("full-cost", "default", -mean_log(pert(1.0, 1.2, 1.6)) - mean_log(pert(1.0, 1.1, 1.5))),
    (
        "global-wages",
        "full-cost",
        -log(110 / 300)
        - mean_log(pert(0.1, 0.4, 1.0))
        - mean_log(pert(1.2, 1.5, 2.0))
        + mean_log(pert(1.0, 1.2, 1.6)),
    ),
    (
        "skeptical",
        "full-cost",
        log(65 / 300)
        + mean_log(stats.beta(2, 60))
        - mean_log(stats.beta(3, 27))
        - mean_log(pert(1.2, 1.5, 2.0))
        + mean_log(pert(1.0, 1.2, 1.6))
        - mean_log(pert(1.0, 1.25, 3.0))
        + mean_log(pert(1.0, 1.1, 1.5)),
    ),
    (
        "generous",
        "full-cost",
        log(1000 / 300)
        + mean_log(stats.beta(8, 32))
        - mean_log(stats.beta(3, 27))
        - log(200 / 300)
        - mean_log(pert(0.2, 0.5, 1.0))
        + mean_log(pert(1.0, 1.2, 1.6)),
    ),
]


@pytest.mark.parametrize(("scenario", "base", "move"), MOVES, ids=lambda x: x if isinstance(x, str) else "")
def test_the_mean_of_log_bcr_moves_as_the_edits_say(scenario: str, base: str, move: float):
    logs = [float(np.log(results(name).variable("bcr")).mean()) for name in (scenario, base)]
    assert logs[0] - logs[1] == pytest.approx(move, abs=1.5e-4)


def means(name: str, **between: str) -> pd.DataFrame:
    """Return contributors and commits of the mean fortnight by label, of a shipped period file."""
    table = pd.read_csv(ROOT / "data" / name)
    held = (table["start"] >= between.get("since", "")) & (table["end"] <= between.get("until", "9"))
    last = table[held].sort_values("start").groupby("label").tail(int(between.get("last", 10_000)))
    return last.groupby(["label", "repository"])[["contributors", "commits"]].mean().reset_index()


def mixed(**between: str) -> pd.Series:
    """Return totals of whole histories where they are known in the span, of the survey where not."""
    whole = means("mloss-histories/periods.csv", **between).set_index("repository")
    survey = means("mloss-2022/everybody.csv")
    served = survey["repository"].isin(whole.index)
    parts = whole.loc[survey.loc[served, "repository"]], survey[~served]
    return sum(part[["contributors", "commits"]].sum() for part in parts)


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("all-contributors", means("mloss-2022/everybody.csv")[["contributors", "commits"]].sum()),
        ("census", mixed()),
        ("year-2021", mixed(since="2021-02-19", until="2022-02-18")),
        ("current", mixed(last="26")),
    ],
)
def test_totals_of_whole_histories_are_those_of_the_files(name: str, wanted: pd.Series):
    """By pandas from the files, without sampling error."""
    points = results(name, "evidence.method=point", "sampling.n_draws=64")
    assert points.variable("contributors") == pytest.approx(wanted["contributors"], rel=1e-12)
    assert points.variable("commits_per_year") == pytest.approx(26 * wanted["commits"], rel=1e-12)


def test_every_contributor_is_paid_and_prices_are_of_every_contributor():
    drawn = results("all-contributors")
    of = drawn.variable
    costs = drawn.dataset("by_choice/cost_method")["cost"]
    heads = of("contributors") + of("listed_elsewhere") * (of("heads") - 1)
    assert costs.sel(cost_method="contributors").values == pytest.approx(of("salary") * heads, rel=1e-12)
    for unit in ("commits", "lines"):
        rate = of(f"{unit}_per_contributor_period.pytorch") / of(f"{unit}_excess")
        cost = of("salary") / (26 * rate) * of(f"{unit}_per_year")
        assert costs.sel(cost_method=f"{unit}_pytorch").values == pytest.approx(cost, rel=1e-12)


def test_what_is_listed_elsewhere_is_the_survey_of_what_has_no_history():
    """Sum of the means of five fortnights, and its standard error, over listings without a history."""
    survey = pd.read_csv(ROOT / "data/mloss-2022/periods.csv")
    known = pd.read_csv(ROOT / "data/mloss-histories/periods.csv")["repository"]
    by_label = survey[~survey["repository"].isin(known)].groupby("label")["contributors"]
    assert len(by_label) == 15
    law = load(PRIORS / "all-contributors.toml").parameters["listed_elsewhere"].law()
    assert float(law.ppf(0.5)) == pytest.approx(by_label.mean().sum(), rel=1e-12)
    error = np.sqrt((by_label.var() / 5).sum()) / by_label.mean().sum()
    assert np.log(law.ppf(0.975) / law.ppf(0.5)) / 1.96 == pytest.approx(error, rel=0.02)


def test_corrected_lines_give_the_recomputed_costs():
    """At 300,000 and without sampling error: 206.92 and 82.64 million, BCR 145 and 363 at 30 billion.

    Recomputed from the public file when the truncation at the comma was found.
    """
    points = results(
        "corrected-lines",
        "evidence.method=point",
        'parameters.salary={distribution = "constant", value = 300000}',
        "sampling.n_draws=64",
    ).dataset("by_choice/cost_method")["cost"]
    for reference, cost, bcr in (("pytorch", 206.92e6, 145), ("tensorflow", 82.64e6, 363)):
        found = float(points.sel(cost_method=f"lines_{reference}").values.ravel()[0])
        assert found == pytest.approx(cost, abs=5e3)
        assert round(30e9 / found) == bcr


def test_the_page_of_scenarios_is_up_to_date():
    page = scenarios_page(scenario_rows(PRIORS, print))
    assert (ROOT / "docs" / "scenarios.md").read_bytes() == page.encode("utf-8")
    assert f"bcr, median | 95 % (eti) | {' | '.join(f'P(bcr > {t})' for t in (1, 4, 100))}" in page
