"""The code as a stock: investment as counted, the stock in closed form, and the default beside it."""

from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd

from sim.engine.simulate import simulate
from sim.run_record import Run
from sim.scenario.load import load

ROOT = Path(__file__).parents[2]
FEW = "sampling.n_draws=4096"


@cache
def results(name: str) -> Run:
    return simulate(load(ROOT / "priors" / f"{name}.toml", (FEW,)))


def activity() -> pd.Series:
    """Count contributors of all fortnights of a year, over 26 times each repository's mean fortnight."""
    years = pd.read_csv(ROOT / "data" / "mloss-histories" / "years.csv")
    years = years[years["year"] <= 2021]
    sums = years.groupby("repository")[["contributor_periods", "periods"]].sum()
    mean_year = (26 * sums["contributor_periods"] / sums["periods"]).sum()
    return years.groupby("year")["contributor_periods"].sum() / mean_year


def test_investment_by_year_is_what_the_histories_say():
    stated = load(ROOT / "priors" / "capital.toml").streams["activity"].values
    counted = activity()
    assert {int(year): value for year, value in stated.items()} == {
        int(year): round(float(value), 4) for year, value in counted.items()
    }


def test_the_year_s_cost_is_depreciation_and_return_on_the_stock():
    found = results("capital")
    lost, earned = found.variable("depreciation"), found.variable("real_return")
    shares = np.round(activity().to_numpy(), 4)
    before = sum(share * (1 - lost) ** (12 - t) for t, share in enumerate(shares[:-1]))
    after = (1 - lost) * before + shares[-1]
    expected = found.variable("contributions") * (lost + earned) * (before + after) / 2
    np.testing.assert_allclose(found.variable("cost"), expected, rtol=1e-12)


def test_marginal_stands_beside_average():
    found = results("capital")
    average = found.variable("benefit") / found.variable("cost")
    np.testing.assert_allclose(found.variable("bcr"), average, rtol=1e-13)
    np.testing.assert_allclose(
        found.variable("bcr_marginal"), found.variable("elasticity") * average, rtol=1e-13
    )


def test_the_default_is_paired_with_it_and_stays_the_papers():
    """Same draws by name: one year's contributions are the default's cost, and so is the ratio over them."""
    found, default = results("capital"), results("default")
    np.testing.assert_array_equal(found.variable("contributions"), default.variable("cost"))
    np.testing.assert_array_equal(found.variable("benefit"), default.variable("benefit"))
    np.testing.assert_allclose(found.variable("bcr_of_one_year"), default.variable("bcr"), rtol=1e-13)


def test_a_stock_of_steady_investment_would_cost_more_than_its_year(tmp_path: Path):
    """Where I is invested for ever, the stock is I / d, and its services, (d + r) I / d, exceed I by r / d.

    After 100 years nothing else is left.
    """
    file = tmp_path / "steady.toml"
    file.write_text(
        'title = "steady"\nextends = "capital"\n[horizon]\nstart = 1922\nyears = 100\n'
        '[streams.activity]\nformula = "1"\n',
        encoding="utf-8",
    )
    found = simulate(load(file, (FEW,)))
    ratio = found.variable("cost") / found.variable("contributions")
    expected = 1 + found.variable("real_return") / found.variable("depreciation")
    np.testing.assert_allclose(ratio, expected, rtol=1e-7)
