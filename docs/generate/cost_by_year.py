"""``python -m docs.generate.cost_by_year``: what open-source ML software cost in each year, table and figure.

Of the histories that run to the end of 2025, contributors at a time, commits and capped lines of every year
are known without sampling error (``years.csv``). What they cost is not: pay, and how much one contributor
makes, are drawn as in the scenario ``all-contributors``, commits and lines priced by either reference in half
of the draws.
"""

import tomllib
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from sim.engine.simulate import simulate
from sim.evidence.estimands import PERIODS_PER_YEAR
from sim.figures.look import DOUBLE_COLUMN_CM, Look
from sim.figures.style import BLUE, LIGHT, new_panels
from sim.scenario.load import load

ROOT = Path(__file__).parents[2]
HISTORIES = ROOT / "data" / "mloss-histories"
IMAGE = ROOT / "docs" / "images" / "cost_by_year.png"
YEARS = range(2014, 2026)
LAST_DAY = date(2025, 12, 20)
"""Histories whose last commit is older are left out: they may have ended, or not been fetched since."""
INTERVAL = (0.025, 0.5, 0.975)
TITLES = {"contributors": "by contributors", "commits": "by commits", "lines": "by lines, capped"}


def units_by_year() -> pd.DataFrame:
    """Return contributors at a time, commits and capped lines of the histories that go on, (year, unit)."""
    facts = tomllib.loads((HISTORIES / "survey.toml").read_text(encoding="utf-8"))["collection"]
    running = [history["repository"] for history in facts["repositories"] if history["last"] >= LAST_DAY]
    table = pd.read_csv(HISTORIES / "years.csv")
    table = table[table["repository"].isin(running)]
    summed = table.groupby("year").sum(numeric_only=True).loc[list(YEARS)]
    return pd.DataFrame(
        {
            "contributors": summed["contributor_periods"] / PERIODS_PER_YEAR,
            "commits": summed["commits"],
            "lines": summed["lines_added_capped"] + summed["lines_deleted_capped"],
        }
    )


def cost_by_year() -> pd.DataFrame:
    """Return what each year's work cost, by each unit it can be counted in.

    Returns
    -------
    DataFrame
        (year and unit, column): ``year``, ``unit``, and ``low``, ``median``, ``high`` in million USD, the
        median and the ends of the 95 % interval.
    """
    drawn = simulate(load(ROOT / "priors" / "all-contributors.toml"))
    salary = drawn.variable("salary")
    prices = {"contributors": salary}
    for unit in ("commits", "lines"):
        rates = [
            PERIODS_PER_YEAR * drawn.variable(f"{unit}_per_contributor_period.{reference}")
            for reference in ("pytorch", "tensorflow")
        ]
        prices[unit] = np.stack([salary * drawn.variable(f"{unit}_excess") / rate for rate in rates])
    units = units_by_year()
    quantiles = {unit: np.quantile(price, INTERVAL) / 1e6 for unit, price in prices.items()}
    rows = [(year, unit, *(quantiles[unit] * units.loc[year, unit])) for year in YEARS for unit in prices]
    return pd.DataFrame(rows, columns=["year", "unit", "low", "median", "high"])


def drawn_figure(costs: pd.DataFrame) -> Figure:
    """Return a panel for each unit: the median over the years in its 95 % interval.

    Parameters
    ----------
    costs
        From :func:`cost_by_year`.
    """
    figure, (panels,) = new_panels(Look(DOUBLE_COLUMN_CM), 6.0, 1, len(TITLES))
    for (unit, title), ax in zip(TITLES.items(), panels, strict=True):
        rows = costs[costs["unit"] == unit]
        ax.fill_between(rows["year"], rows["low"], rows["high"], color=LIGHT, linewidth=0)
        ax.plot(rows["year"], rows["median"], color=BLUE, marker="o", markersize=3)
        ax.set_title(title)
        ax.set_yscale("log")
        ax.set_ylim(costs["low"].min() / 1.2, costs["high"].max() * 1.2)
        ax.yaxis.set_major_formatter("{x:,.0f}")
        ax.set_xticks([2014, 2018, 2022, 2025])
        ax.set_xlabel("year")
    panels[0].set_ylabel("cost, million USD/year\n(median and 95 % interval)")
    return figure


def cost_lines(costs: pd.DataFrame) -> str:
    """Return the table as text, a line for each year."""
    lines = ["year" + "".join(f"{title:>24}" for title in TITLES.values())]
    for year, rows in costs.groupby("year"):
        cells = rows[["median", "low", "high"]].to_numpy()
        words = (f"{median:,.0f} ({low:,.0f} to {high:,.0f})" for median, low, high in cells)
        lines.append(" ".join([str(year), *(f"{each:>23}" for each in words)]))
    return "\n".join(lines)


def main() -> None:
    """Print the table and draw the figure."""
    costs = cost_by_year()
    print(cost_lines(costs))
    drawn_figure(costs).savefig(IMAGE, dpi=150, metadata={"Software": None})
    print(f"drawn: {IMAGE.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
