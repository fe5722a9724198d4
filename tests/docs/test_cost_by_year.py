"""The cost of each year, on the page of what the paper's numbers become."""

import pandas as pd
import pytest

from docs.generate.cost_by_year import HISTORIES, IMAGE, YEARS, cost_by_year, drawn_figure


def test_cost_by_contributors_is_pay_times_contributors():
    """The default's pay: median 300,000, 365,000 at 95 %, lognormal; contributors by pandas from the periods.

    Quantiles of 65,536 Sobol' points are within 0.1 % of those of the law.
    """
    costs = cost_by_year()
    assert costs["year"].unique().tolist() == list(YEARS)
    periods = pd.read_csv(HISTORIES / "periods.csv")
    ends = periods.groupby("repository")["end"].max()
    of_2024 = periods[periods["start"].str.startswith("2024")]
    running = of_2024[of_2024["repository"].isin(ends.index[ends >= "2025-12-13"])]
    heads = running["contributors"].sum() / 26
    row = costs[(costs["year"] == 2024) & (costs["unit"] == "contributors")].iloc[0]
    assert row["median"] == pytest.approx(0.3 * heads, rel=1e-3)
    sigma = 0.119226  # log(365 / 300) / 1.6449, by hand
    assert row["high"] / row["low"] == pytest.approx(2.718281828 ** (2 * 1.959964 * sigma), rel=3e-3)
    drawn_figure(costs)


def test_the_figure_is_there():
    assert IMAGE.stat().st_size > 20_000
