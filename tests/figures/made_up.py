"""Made-up tables of every figure: three lognormal inputs, a survey and a choice, in closed form.

The outcome is a product of lognormals, so its logarithm is normal: probabilities, medians and shares of the
variance are exact, and the tables are those a run would make up to its Monte Carlo error.
"""

import numpy as np
import pandas as pd
from scipy import stats

from sim.figures.catalogue import run_figures
from sim.figures.subject import Subject
from sim.summary.density import density

FIGURES = {figure.name: figure for figure in run_figures()}
MEDIAN = 120.0
SDS = {"ai_value": 0.89, "attribution": 0.63, "cost_method": 0.48, "survey": 0.35, "salary": 0.12}
KINDS = {"survey": "data", "cost_method": "choice"}
TOTAL = float(np.sqrt(sum(sd**2 for sd in SDS.values())))
LAW = stats.lognorm(TOTAL, scale=MEDIAN)
NAMES = {
    "ai_value": "AI value",
    "attribution": "Attribution",
    "attribution.algorithms": "Attribution: algorithms",
    "cost_method": "Cost method",
    "salary": "Salary",
}
UNITS = {"ai_value": "USD/year", "salary": "USD/person/year", "commits_per_year": "commit/year"}
ABOUT = Subject(
    outcome="Benefit-cost ratio",
    n_draws=65_536,
    seed=2022,
    median=MEDIAN,
    low=float(LAW.ppf(0.025)),
    high=float(LAW.ppf(0.975)),
    thresholds=(1.0, 4.0, 100.0),
    published=100.0,
    source="Langenkamp & Yue (2022), Table 1",
    names=NAMES,
    units=UNITS,
)


def by_year() -> pd.DataFrame:
    """Spending for four years, a benefit that grows with a fan that opens, and what both leave so far."""
    rows = []
    levels = stats.norm.ppf([0.025, 0.25, 0.5, 0.75, 0.975])
    for t in range(40):
        values = {
            "spending": 25e6 * (t < 4),
            "avoided": 8e6 * 1.02**t * (t >= 4),
            "benefit - cost": -100e6 + 6e6 * t,
        }
        for name, middle in values.items():
            spread = 1e6 * (1.0 + t / 4.0) * (middle != 0.0)
            quantiles = dict(
                zip(("low", "p25", "median", "p75", "high"), middle + spread * levels, strict=True)
            )
            role = "so far" if "-" in name else "stream"
            about = {"quantity": name, "role": role, "year": 2025 + t, "mean": middle, "mean_error": 1e3}
            rows.append({**about, **quantiles, "above_zero": float(middle > 0), "unit": "EUR/year"})
    return pd.DataFrame(rows).sort_values(["quantity", "year"], ignore_index=True)


def distribution() -> pd.DataFrame:
    return density(np.asarray(LAW.ppf((np.arange(2**16) + 0.5) / 2**16)))


def cost_by_method() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "label": [
                "contributors",
                "commits pytorch",
                "commits tensorflow",
                "lines pytorch",
                "lines tensorflow",
                "any, by weight",
            ],
            "low": [184e6, 104e6, 80e6, 52e6, 93e6, 88e6],
            "median": [234e6, 295e6, 120e6, 342e6, 174e6, 221e6],
            "high": [297e6, 857e6, 180e6, 2260e6, 323e6, 869e6],
            "published": [233.7e6, 300.48e6, 122.17e6, 187.06e6, 187.09e6, np.nan],
        }
    )


def prior_posterior() -> pd.DataFrame:
    edges = np.exp(np.linspace(np.log(150e3), np.log(600e3), 81))
    prior, posterior = stats.lognorm(0.25, scale=300e3), stats.lognorm(0.12, scale=280e3)
    widths = np.diff(np.log(edges))
    return pd.DataFrame(
        {
            "low": edges[:-1],
            "high": edges[1:],
            "prior": np.diff(prior.cdf(edges)) / widths,
            "posterior": np.diff(posterior.cdf(edges)) / widths,
        }
    )


def sensitivity_indices(scales: tuple[str, ...] = ("log", "raw")) -> pd.DataFrame:
    rows = []
    for scale in scales:
        for index in ("first", "total", "shapley"):
            for group, sd in SDS.items():
                variance = sd**2 if scale == "log" else np.exp(sd**2) - 1
                whole = TOTAL**2 if scale == "log" else np.exp(TOTAL**2) - 1
                value = variance / whole
                if scale == "raw" and index == "total":
                    value *= np.exp(TOTAL**2 - sd**2)
                error = 0.004 if scale == "log" else 0.03
                rows.append(
                    {
                        "scale": scale,
                        "group": group,
                        "kind": KINDS.get(group, "judgement"),
                        "index": index,
                        "value": value,
                        "error": error,
                        "low": value - 1.96 * error,
                        "high": value + 1.96 * error,
                        "settled": scale == "log" or group == "ai_value",
                    }
                )
    table = pd.DataFrame(rows)
    return table.sort_values(["scale", "index", "value"], ascending=[True, True, False], ignore_index=True)


def tornado() -> pd.DataFrame:
    rows = []
    for group, sd in SDS.items():
        sign = -1.0 if group in ("cost_method", "survey", "salary") else 1.0
        step = stats.norm.ppf(0.95) * sd * sign
        rows.append(
            {
                "group": group,
                "kind": KINDS.get(group, "judgement"),
                "level_low": 0.05,
                "level_high": 0.95,
                "at_low": MEDIAN * np.exp(-step),
                "at_high": MEDIAN * np.exp(step),
                "centre": MEDIAN,
                "direction": "rising" if sign > 0 else "falling",
                "share": sd**2 / TOTAL**2,
                "share_error": 0.01,
            }
        )
    return pd.DataFrame(rows)


def acceptability() -> pd.DataFrame:
    threshold = np.geomspace(0.5, 3000.0, 121)
    probability = LAW.sf(threshold)
    error = np.sqrt(probability * (1 - probability) / 1000.0)
    return pd.DataFrame({"threshold": threshold, "probability": probability, "error": error})


def threshold_map(threshold: float = 100.0) -> pd.DataFrame:
    x = np.geomspace(60e9, 1.3e12, 31)
    y = np.linspace(0.02, 0.22, 31)
    rest = stats.lognorm(np.sqrt(TOTAL**2 - SDS["ai_value"] ** 2 - SDS["attribution"] ** 2))
    x_long, y_long = (part.ravel() for part in np.meshgrid(x, y))
    median = MEDIAN * (x_long / 300e9) * (y_long / 0.0917)
    return pd.DataFrame(
        {
            "x": x_long,
            "y": y_long,
            "median": median,
            "p_above": rest.sf(threshold / median),
            "x_name": "ai_value",
            "y_name": "attribution.algorithms",
            "x_unit": "USD/year",
            "y_unit": "1",
            "threshold": threshold,
        }
    )


def convergence() -> pd.DataFrame:
    rows = []
    rng = np.random.default_rng(4)
    values = {"median": MEDIAN, "low": LAW.ppf(0.025), "high": LAW.ppf(0.975), "mean": LAW.mean()}
    for statistic, value in values.items():
        for n_draws in 2 ** np.arange(9, 17):
            error = value * 3.0 / n_draws**0.75
            noise = 0.0 if n_draws == 2**16 else rng.normal(scale=error)
            rows.append({"statistic": statistic, "n_draws": n_draws, "value": value + noise, "error": error})
    return pd.DataFrame(rows)


def drivers(n_draws: int = 1024) -> pd.DataFrame:
    rng = np.random.default_rng(5)
    normals = rng.standard_normal((n_draws, 8))
    ai_value = 300e9 * np.exp(0.89 * normals[:, 0])
    share = np.asarray(stats.beta(3, 27).ppf(stats.norm.cdf(normals[:, 1])))
    salary = 300e3 * np.exp(0.12 * normals[:, 2])
    contributors = 779.0 + 25.0 * normals[:, 3]
    commits = 121_830.0 * np.exp(0.1 * normals[:, 4])
    return pd.DataFrame(
        {
            "bcr": ai_value * share / (salary * contributors) * np.exp(0.4 * normals[:, 5]),
            "ai_value": ai_value,
            "attribution.algorithms": share,
            "salary": salary,
            "contributors": contributors,
            "commits_per_year": commits,
            "commits_per_contributor_period.pytorch": 4.8 * np.exp(0.5 * normals[:, 6]),
            "lines_per_contributor_period.tensorflow": 900.0 * np.exp(0.8 * normals[:, 7]),
            "cost_method": rng.choice(["contributors", "commits_pytorch", "lines_pytorch"], n_draws),
        }
    )
