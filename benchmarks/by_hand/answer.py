"""The rows that ``sim run priors/default.toml`` prints, with NumPy, scipy.special and pandas; no files.

Each of 65,536 draws, in 16 sets for the errors, has a resample of the survey of its own. Left out are Sobol'
points, the calibration of the bootstrap, conditional Monte Carlo, digits cut to the error, units and faults.
"""

from itertools import combinations
from math import factorial
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.special import betaincinv, ndtri

PERIODS = Path(__file__).parents[2] / "data" / "mloss-2022" / "periods.csv"
SEED, SHAPE, PERIODS_PER_YEAR = 2022, (16, 4096), 26
REFERENCES = {"pytorch": "pytorch/pytorch", "tensorflow": "tensorflow/tensorflow"}
METHODS = ("contributors", "commits_pytorch", "commits_tensorflow", "lines_pytorch", "lines_tensorflow")
EDGES = np.cumsum([2, 1, 1, 1]) / 6
KINDS = {"judgement": ("salary", "ai_value", "algorithms"), "data": ("survey",), "choice": ("method",)}
UNSOURCED = 0.0
"""Every judgement of this scenario has a source."""


def draw_survey(rng):
    """Resample the periods of every repository; means add up to totals, two repositories price a unit."""
    periods = pd.read_csv(PERIODS)
    periods["lines"] = periods["lines_added_capped"] + periods["lines_deleted_capped"]
    totals, sums = np.zeros((np.prod(SHAPE), 3)), {}
    for (_, repository), stratum in periods.groupby(["label", "repository"]):
        counts, n = stratum[["contributors", "commits", "lines"]].to_numpy(dtype=float), len(stratum)
        picked = rng.integers(n, size=(len(totals), n - 1), dtype=np.uint8)
        resampled = sum(counts[place] for place in picked.T)
        totals += resampled / (n - 1)
        sums[repository] = resampled
    contributors, commits, lines = totals.T.reshape(3, *SHAPE)
    survey = {"contributors": contributors}
    for name, repository in REFERENCES.items():
        persons, its_commits, its_lines = sums[repository].T.reshape(3, *SHAPE)
        survey[f"commits_{name}"] = commits * persons_per_unit(persons, its_commits)
        survey[f"lines_{name}"] = lines * persons_per_unit(persons, its_lines)
    return survey


def persons_per_unit(persons, units):
    """Return a ratio of counts; of all resamples together where one has only periods without a count."""
    whole = np.full(SHAPE, persons.sum() / units.sum())
    return np.divide(persons, units, out=whole, where=units > 0)


def draw(rng, survey):
    pay, value, share, method = rng.random((4, *SHAPE))
    level = ndtri(0.95)
    return {
        "salary": 300e3 * np.exp(np.log(365 / 300) / level * ndtri(pay)),
        "ai_value": 300e9 * np.exp(np.log(1300 / 300) / level * ndtri(value)),
        "algorithms": betaincinv(3, 27, share),
        "survey": survey,
        "method": np.searchsorted(EDGES, method, side="right"),
    }


def outcomes(inputs):
    costs = np.stack([inputs["salary"] * inputs["survey"][name] for name in METHODS])
    cost = np.take_along_axis(costs, inputs["method"][np.newaxis], axis=0)[0]
    benefit = inputs["ai_value"] * inputs["algorithms"]
    return benefit, cost, costs


def judged_share(inputs, other):
    """Return the Shapley effect of the judgements on the variance of log(bcr), by pick and freeze."""

    def value(known):
        names = {name for kind in known for name in KINDS[kind]}
        benefit, cost, _ = outcomes({name: (inputs if name in names else other)[name] for name in inputs})
        return np.mean(centred * np.log(benefit / cost))

    benefit, cost, _ = outcomes(inputs)
    centred = np.log(benefit / cost) - np.mean(np.log(benefit / cost))
    values = {
        frozenset(known): value(known)
        for size in range(len(KINDS) + 1)
        for known in combinations(KINDS, size)
    }
    effect, n = 0.0, len(KINDS)
    for known, without in values.items():
        if "judgement" not in known:
            weight = factorial(len(known)) * factorial(n - len(known) - 1) / factorial(n)
            effect += weight * (values[known | {"judgement"}] - without)
    return effect / (values[frozenset(KINDS)] - values[frozenset()])


def error(each):
    return np.std(each, ddof=1) / np.sqrt(len(each))


def with_interval(name, draws, beside=""):
    levels = [0.5, 0.025, 0.975]
    (median, low, high), each = np.quantile(draws, levels), np.quantile(draws, levels, axis=1)
    errors = ", ".join(f"{error(one):.1g}" for one in each)
    return name, f"{median:.4g}", f"{low:.3g} to {high:.4g}", errors, beside


def number(name, value, each, beside=""):
    return name, f"{value:.4g}", "", f"{error(each):.1g}", beside


def main():
    rng = np.random.default_rng(SEED)
    inputs, other = (draw(rng, survey) for survey in two_samples(rng))
    benefit, cost, costs = outcomes(inputs)
    bcr, net = benefit / cost, benefit - cost
    ordered = np.sort(bcr, axis=None)
    top = ordered[-bcr.size // 100 :].sum() / ordered.sum()
    of_means = benefit.mean(axis=1) / cost.mean(axis=1)
    rests = (
        f"variance of log(bcr): {judged_share(inputs, other):.0%} judgement, {UNSOURCED:.0%} without a source"
    )
    rows = [
        with_interval("bcr, median", bcr, rests),
        number("bcr, mean", bcr.mean(), bcr.mean(axis=1), f"{top:.0%} from the top 1 % of draws"),
        number("bcr, ratio of means", of_means.mean(), of_means),
        with_interval("benefit - cost, median, USD/year", net, f"mean {net.mean():.4g}"),
        *(number(f"P(bcr > {at})", (bcr > at).mean(), (bcr > at).mean(axis=1)) for at in (1, 4, 100)),
        with_interval("cost, median, USD/year", cost),
        *(
            with_interval(f"  {name}", each, f"bcr {np.median(benefit / each):.4g}")
            for name, each in zip(METHODS, costs, strict=True)
        ),
    ]
    heads = ["", "estimate", "95 % credible interval", "Monte Carlo error", " "]
    print(pd.DataFrame(rows, columns=heads).to_string(index=False))


def two_samples(rng):
    survey = draw_survey(rng)
    order = rng.permuted(np.broadcast_to(np.arange(SHAPE[1]), SHAPE), axis=1)
    yield survey
    yield {name: np.take_along_axis(each, order, axis=1) for name, each in survey.items()}


if __name__ == "__main__":
    main()
