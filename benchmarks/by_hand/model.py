"""The model: draws of the inputs, the survey's replicates, the outcomes."""

from pathlib import Path

import numpy as np
import pandas as pd
from scipy.stats import beta, lognorm, norm, qmc

DATA = Path(__file__).parents[2] / "data" / "mloss-2022"
SEED, N_RANDOMISATIONS, N_EACH = 2022, 16, 4096
INPUTS = ("salary", "ai_value", "attribution", "survey", "cost_method")
N_COORDINATES = 6
KINDS = {"survey": "data", "cost_method": "choice"}  # the others are judgements
METHODS = ("contributors", "commits_pytorch", "commits_tensorflow", "lines_pytorch", "lines_tensorflow")
WEIGHTS = np.array([2, 1, 1, 1, 1]) / 6
PERIODS_PER_YEAR = 26
TOTALS = ("contributors", "commits_per_year", "lines_per_year")


def uniforms():
    """Scramble Sobol' points for two independent samples, each (randomisation, draw, coordinate)."""
    points = [
        qmc.Sobol(2 * N_COORDINATES, rng=np.random.default_rng([SEED, place])).random(N_EACH)
        for place in range(N_RANDOMISATIONS)
    ]
    clipped = np.clip(points, 2.0**-53, 1 - 2.0**-53)
    return clipped[..., :N_COORDINATES], clipped[..., N_COORDINATES:]


def read_periods():
    periods = pd.read_csv(DATA / "periods.csv", parse_dates=["start", "end"])
    periods["lines"] = periods["lines_added_capped"] + periods["lines_deleted_capped"]
    return periods


def read_survey():
    """Posterior ratios; bootstrapped totals in the order of the posterior's, so that they stay joint."""
    posterior = pd.read_csv(DATA / "posterior.csv")
    rng = np.random.default_rng(SEED)
    totals = np.zeros((len(posterior), 3))
    for _, stratum in read_periods().groupby("label"):
        counts = stratum[["contributors", "commits", "lines"]].to_numpy(dtype=float)
        n = len(counts)
        picked = counts[rng.integers(n, size=(len(posterior), n - 1))]  # n - 1 of n: Rao and Wu's rescaling
        totals += picked.mean(axis=1)
    totals[:, 1:] *= PERIODS_PER_YEAR
    for name, total in zip(TOTALS, totals.T, strict=True):
        posterior[name] = np.sort(total)[posterior[name].rank(method="first").to_numpy(dtype=int) - 1]
    return posterior


def draw_inputs(u, survey):
    """Parameters, survey columns and the method picked, by input and name, each (randomisation, draw)."""
    sigma = {"salary": np.log(365 / 300) / norm.ppf(0.95), "ai_value": np.log(1300 / 300) / norm.ppf(0.95)}
    algorithms = beta.ppf(u[..., 2], 3, 27)
    people = (1 - algorithms) * beta.ppf(u[..., 3], 21, 6)
    rows = (u[..., 4] * len(survey)).astype(int)
    return {
        "salary": {"salary": lognorm.ppf(u[..., 0], sigma["salary"], scale=300e3)},
        "ai_value": {"ai_value": lognorm.ppf(u[..., 1], sigma["ai_value"], scale=300e9)},
        "attribution": {
            "attribution.algorithms": algorithms,
            "attribution.people": people,
            "attribution.technology": 1 - algorithms - people,
        },
        "survey": {name: survey[name].to_numpy()[rows] for name in survey},
        "cost_method": {"cost_method": np.searchsorted(np.cumsum(WEIGHTS)[:-1], u[..., 5], side="right")},
    }


def columns_of(inputs):
    """Every column of the inputs by name."""
    return {name: column for columns in inputs.values() for name, column in columns.items()}


def costs_of(drawn):
    """Cost under every method, (method, randomisation, draw)."""
    costs = [drawn["salary"] * drawn["contributors"]]
    for unit in ("commits", "lines"):
        for reference in ("pytorch", "tensorflow"):
            rate = PERIODS_PER_YEAR * drawn[f"{unit}_per_contributor_period.{reference}"]
            costs.append(drawn["salary"] / rate * drawn[f"{unit}_per_year"])
    return np.stack(costs)


def outcomes_of(drawn):
    costs = costs_of(drawn)
    cost = np.take_along_axis(costs, drawn["cost_method"][np.newaxis], axis=0)[0]
    benefit = drawn["ai_value"] * drawn["attribution.algorithms"]
    outcomes = {"cost": cost, "benefit": benefit, "bcr": benefit / cost}
    return outcomes, costs, benefit / costs


def bcr_of(inputs):
    return outcomes_of(columns_of(inputs))[0]["bcr"]
