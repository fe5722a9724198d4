"""Summary with Monte Carlo errors, convergence, variance indices, tornado, ranks, PAWN, the paper's table."""

from itertools import combinations, pairwise
from math import factorial

import numpy as np
import pandas as pd
from scipy.optimize import brentq
from scipy.stats import ks_2samp, rankdata, t

from benchmarks.by_hand.model import (
    INPUTS,
    KINDS,
    METHODS,
    N_COORDINATES,
    bcr_of,
    draw_inputs,
    outcomes_of,
    read_periods,
)

THRESHOLDS = (1, 4, 100)
STATISTICS = {
    "mean": lambda x: x.mean(axis=-1),
    "sd": lambda x: x.std(axis=-1),
    "median": lambda x: np.median(x, axis=-1),
    "low": lambda x: np.quantile(x, 0.025, axis=-1),
    "high": lambda x: np.quantile(x, 0.975, axis=-1),
}


def error(each):
    """Monte Carlo error of a statistic from its values by randomisation."""
    return np.std(each, axis=-1, ddof=1) / np.sqrt(np.shape(each)[-1])


def summarise(outcomes, costs, ratios, drawn):
    quantities = {("bcr", ""): outcomes["bcr"], ("cost", ""): outcomes["cost"]}
    quantities |= {("benefit", ""): outcomes["benefit"]}
    quantities |= {("benefit - cost", ""): outcomes["benefit"] - outcomes["cost"]}
    quantities |= {("cost", name): cost for name, cost in zip(METHODS, costs, strict=True)}
    quantities |= {("bcr", name): ratio for name, ratio in zip(METHODS, ratios, strict=True)}
    quantities |= {(name, ""): draws for name, draws in drawn.items()}
    rows = []
    for (name, method), draws in quantities.items():
        for statistic, function in STATISTICS.items():
            rows.append((name, method, statistic, function(draws.ravel()), error(function(draws))))
    bcr = outcomes["bcr"]
    for threshold in THRESHOLDS:
        above = (bcr > threshold).mean(axis=1)
        rows.append(("bcr", "", f"P > {threshold}", above.mean(), error(above)))
    ordered = np.sort(bcr, axis=1)
    share = ordered[:, -ordered.shape[1] // 100 :].sum(axis=1) / ordered.sum(axis=1)
    rows.append(("bcr", "", "share of the top 1 %", share.mean(), error(share)))
    of_means = outcomes["benefit"].mean(axis=1) / outcomes["cost"].mean(axis=1)
    rows.append(("bcr", "", "ratio of means", of_means.mean(), error(of_means)))
    return pd.DataFrame(rows, columns=["quantity", "method", "statistic", "value", "error"])


def convergence(bcr):
    rows = []
    for n_each in 2 ** np.arange(4, 13):
        part = bcr[:, :n_each]
        for statistic in ("median", "mean", "low", "high"):
            function = STATISTICS[statistic]
            rows.append((statistic, part.size, function(part.ravel()), error(function(part))))
    return pd.DataFrame(rows, columns=["statistic", "n_draws", "value", "error"])


def variance_indices(inputs, other, bcr):
    """First and total order by pick and freeze, Shapley effects over all sets, on log and raw scale."""
    outcomes = {}
    for size in range(len(INPUTS) + 1):
        for known in combinations(INPUTS, size):
            mixed = {name: (inputs if name in known else other)[name] for name in INPUTS}
            outcomes[frozenset(known)] = bcr_of(mixed)
    rows = []
    for scale, transform in (("log", np.log), ("raw", lambda x: x)):
        base = transform(bcr) - transform(bcr).mean()
        values = {known: (base * transform(outcome)).mean(axis=1) for known, outcome in outcomes.items()}
        variance = values[frozenset(INPUTS)] - values[frozenset()]
        for kind, players in (("input", [[each] for each in INPUTS]), ("kind", by_kind())):
            for player in players:
                known, rest = frozenset(player), frozenset(INPUTS) - frozenset(player)
                first = (values[known] - values[frozenset()]) / variance
                total = 1 - (values[rest] - values[frozenset()]) / variance
                effect = shapley(values, known, [frozenset(p) for p in players]) / variance
                for index, share in (("first", first), ("total", total), ("shapley", effect)):
                    half = t.ppf(0.975, len(share) - 1) * error(share)
                    rows.append((scale, kind, " ".join(player), index, share.mean(), error(share), half))
    return pd.DataFrame(rows, columns=["scale", "of", "name", "index", "value", "error", "half_width"])


def by_kind():
    kinds = {name: KINDS.get(name, "judgement") for name in INPUTS}
    return [[name for name in INPUTS if kinds[name] == kind] for kind in ("judgement", "data", "choice")]


def shapley(values, player, players):
    others, effect = [each for each in players if each != player], 0.0
    for size in range(len(players)):
        weight = factorial(size) * factorial(len(players) - size - 1) / factorial(len(players))
        for chosen in combinations(others, size):
            before = frozenset().union(*chosen)
            effect = effect + weight * (values[before | player] - values[before])
    return effect


def tornado(survey):
    """One input at its 5 and 95 % level, the others at their medians, averaged over the methods by weight."""
    levels = np.full((6, N_COORDINATES), 0.5)
    levels[:, 5] = (np.arange(6) + 0.5) / 6  # the weights are sixths
    medians = draw_inputs(levels, survey)
    centre = bcr_of(medians).mean()
    rows = []
    for name in INPUTS:
        ends = []
        for level in (0.05, 0.95):
            moved = draw_inputs(np.full((6, N_COORDINATES), level), survey)
            ends.append(bcr_of(medians | {name: moved[name]}).mean())
        rows.append((name, *ends, centre))
    return pd.DataFrame(rows, columns=["name", "at_low", "at_high", "centre"])


def rank_correlations(drawn, bcr):
    names = [name for name in drawn if np.ptp(drawn[name]) > 0]

    def correlations(columns, y):
        matrix = np.corrcoef([rankdata(column) for column in (*columns, y)])
        inverse = np.linalg.pinv(matrix)
        partial = -inverse[:-1, -1] / np.sqrt(np.diag(inverse)[:-1] * inverse[-1, -1])
        return np.stack([matrix[:-1, -1], partial])

    whole = correlations([drawn[name].ravel() for name in names], bcr.ravel())
    each = [correlations([drawn[name][k] for name in names], y) for k, y in enumerate(bcr)]
    errors = error(np.moveaxis(each, 0, -1))
    columns = {
        "spearman": whole[0],
        "spearman_error": errors[0],
        "partial": whole[1],
        "partial_error": errors[1],
    }
    return pd.DataFrame({"name": names, **columns})


def pawn(drawn, bcr):
    rows = []
    y = bcr[:, :256].ravel()
    for name, draws in drawn.items():
        x = draws[:, :256].ravel()
        ends = np.quantile(x, np.linspace(0, 1, 11))
        parts = [y[(x >= a) & (x < b)] for a, b in pairwise(ends)]
        rows.append(
            (name, np.median([ks_2samp(part, y, method="asymp").statistic for part in parts if len(part)]))
        )
    return pd.DataFrame(rows, columns=["name", "pawn"])


def switching_values(drawn, method):
    """Find the value of each column at which the median turns at each threshold, all else as drawn."""
    thinned = {name: draws[:, :512] for name, draws in drawn.items()} | {"cost_method": method[:, :512]}
    rows = []
    for name, draws in drawn.items():

        def median(value, name=name):
            fixed = np.full_like(thinned[name], value)
            return np.median(outcomes_of(thinned | {name: fixed})[0]["bcr"])

        low, high = np.median(draws) * np.array([1e-3, 1e3])
        for threshold in THRESHOLDS:
            if (median(low) - threshold) * (median(high) - threshold) < 0:
                value = brentq(lambda v, f=median, t=threshold: f(v) - t, low, high, rtol=1e-7)
                rows.append((name, threshold, value, (draws <= value).mean()))
            else:
                rows.append((name, threshold, np.nan, np.nan))
    return pd.DataFrame(rows, columns=["name", "threshold", "value", "percentile"])


def paper_table():
    """Recompute the five rows of the paper's Table 1, as published and with every digit."""
    periods, rows = read_periods(), []
    for reading in ("_published", ""):
        periods["counted"] = periods[f"lines_added{reading}"] + periods[f"lines_deleted{reading}"]
        means = periods.groupby("label")[["contributors", "commits", "counted"]].mean().sum()
        for unit in ("commits", "counted"):
            for reference in ("pytorch/pytorch", "tensorflow/tensorflow"):
                sums = periods[periods["repository"] == reference][["contributors", unit]].sum()
                per_unit = 300e3 / (26 * sums[unit] / sums["contributors"])
                rows.append(
                    (reading, unit, reference, per_unit, 26 * means[unit], per_unit * 26 * means[unit])
                )
        persons = means["contributors"]
        rows.append((reading, "contributors", "", 300e3, persons, 300e3 * persons))
    return pd.DataFrame(rows, columns=["reading", "unit", "reference", "per_unit", "units", "per_year"])
