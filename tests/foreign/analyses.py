"""What plain draws say of an analysis: shares of the variance, rank correlations, the value of information.

Two independent samples of all inputs and the mixtures between them give Sobol' indices by the estimators of
Janon et al. (2014, ESAIM: Probability and Statistics 18:342) for the first and of Jansen (1999, Computer
Physics Communications 117:35) for the total order; their errors are those of 20 parts of the draws.
"""

import math
from collections.abc import Callable, Iterator, Mapping

import numpy as np
import pandas as pd
from scipy import stats

from tests.foreign.laws import Array
from tests.foreign.oracle import ERRORS, ERRORS_OF_16, PlainDraws
from tests.foreign.scenarios import Foreign

N_DRAWS = 200_000
N_PARTS = 20
RESOLUTION = 0.01
"""Indices are told from 4,096 draws at best to this."""
Sample = tuple[Mapping[str, Array], Mapping[str, Array]]


class Analyses:
    """Plain draws for the analyses of a scenario without correlations.

    Parameters
    ----------
    foreign
        The scenario.
    seed
        Of the draws.
    """

    def __init__(self, foreign: Foreign, seed: int) -> None:
        rng = np.random.default_rng(seed)
        self._foreign = foreign
        self._first, self._second = self._sample(rng), self._sample(rng)
        self.outcome = self._evaluate(self._first)

    def disagreements(self, tables: Mapping[str, pd.DataFrame], information: pd.DataFrame) -> Iterator[str]:
        """Yield what disagrees in tables of sensitivity and of the value of information."""
        if not np.isfinite(self.outcome).all() or np.ptp(self.outcome) == 0.0:
            return
        yield from self._information(information)
        if "rank_correlations" in tables:
            yield from self._ranks(tables["rank_correlations"])
        if "sensitivity_indices" in tables and not self._foreign.ties:
            yield from self._indices(tables["sensitivity_indices"])

    def _sample(self, rng: np.random.Generator) -> Sample:
        return self._foreign.columns(rng, N_DRAWS), self._foreign.taken(rng, N_DRAWS)

    def _evaluate(self, sample: Sample) -> Array:
        return self._foreign.outcomes(*sample)[self._foreign.table["report"]["outcome"]]

    def _kept(self, name: str) -> Array:
        """Return the outcome of the second sample with one input as in the first."""
        columns = {
            key: self._first[0][key] if key.split(".")[0] == name else self._second[0][key]
            for key in self._first[0]
        }
        taken = {key: self._first[1][key] if key == name else self._second[1][key] for key in self._first[1]}
        return self._evaluate((columns, taken))

    def _anew(self, name: str) -> Array:
        """Return the outcome of the first sample with one input as in the second."""
        columns = {
            key: self._second[0][key] if key.split(".")[0] == name else self._first[0][key]
            for key in self._first[0]
        }
        taken = {key: self._second[1][key] if key == name else self._first[1][key] for key in self._first[1]}
        return self._evaluate((columns, taken))

    def _indices(self, table: pd.DataFrame) -> Iterator[str]:
        size = float(np.max(np.abs(self.outcome)))
        scales: dict[str, Callable[[Array], Array]] = {"raw": lambda y: y / size, "log": np.log}
        for row in table.to_dict("records"):
            if row["index"] not in ("first", "total") or row["scale"] not in scales or _is_marked(row):
                continue
            with np.errstate(all="ignore"):
                transform = scales[row["scale"]]
                made = self._kept(row["group"]) if row["index"] == "first" else self._anew(row["group"])
                y, other = transform(self.outcome), transform(made)
            if not (np.isfinite(y).all() and np.isfinite(other).all()) or PlainDraws(y).hill() > 0.2:
                continue
            share = _first if row["index"] == "first" else _total
            value, error = _by_parts(share, y, other)
            slack = ERRORS * error + ERRORS_OF_16 * row["error"] + RESOLUTION
            if not abs(row["value"] - value) <= slack:
                words = f"{row['scale']} {row['index']} order of {row['group']}"
                yield f"{words}: {row['value']} ± {row['error']}; plain draws: {value} ± {error}"

    def _ranks(self, table: pd.DataFrame) -> Iterator[str]:
        for row in table.to_dict("records"):
            if row["name"] not in self._first[0] or _is_marked(row):
                continue
            value, error = _by_parts(_spearman, self._first[0][row["name"]], self.outcome)
            slack = ERRORS * error + ERRORS_OF_16 * row["spearman_error"] + RESOLUTION
            if not abs(row["spearman"] - value) <= slack:
                words = f"spearman {row['name']}: {row['spearman']} ± {row['spearman_error']}"
                yield f"{words}; plain draws: {value}"

    def _information(self, table: pd.DataFrame) -> Iterator[str]:
        sides = self._foreign.outcomes(*self._first)
        is_ratio = self._foreign.formulas["result"] == "upside / downside"
        for row in table[table["quantity"] == "EVPI"].to_dict("records"):
            net = self.outcome - row["threshold"]
            if is_ratio:
                net = sides["upside"] - row["threshold"] * sides["downside"]
            if _is_marked(row) or PlainDraws(net).hill() > 0.4:
                continue
            value, error = _by_parts(_evpi, net, net)
            if math.isnan(row["error"]):  # too few draws decide otherwise: a bound is stated
                if not value <= row["upper"] + ERRORS * error + 1e-9 * float(np.mean(np.abs(net))):
                    words = f"EVPI at {row['threshold']}: at most {row['upper']}"
                    yield f"{words}; plain draws: {value} ± {error}"
                continue
            slack = ERRORS * error + ERRORS_OF_16 * row["error"] + 2e-3 * float(np.mean(np.abs(net)))
            if not abs(row["value"] - value) <= slack:
                words = f"EVPI at {row['threshold']}: {row['value']} ± {row['error']}"
                yield f"{words}; plain draws: {value} ± {error}"


def _is_marked(row: Mapping[object, object]) -> bool:
    return bool(row.get("note") or row.get("status")) or math.isnan(float(str(row.get("value", 0.0))))


def _by_parts(statistic: Callable[[Array, Array], float], one: Array, other: Array) -> tuple[float, float]:
    parts = zip(np.split(one, N_PARTS), np.split(other, N_PARTS), strict=True)
    each = np.array([statistic(a, b) for a, b in parts])
    return statistic(one, other), float(each.std(ddof=1)) / math.sqrt(N_PARTS)


def _first(y: Array, kept: Array) -> float:
    y, kept = y - y[0], kept - y[0]  # a spread that is small beside the size keeps its digits
    middle = (y.mean() + kept.mean()) / 2
    return float((np.mean(y * kept) - middle**2) / (np.mean(y**2 + kept**2) / 2 - middle**2))


def _total(y: Array, anew: Array) -> float:
    return float(np.mean((y - anew) ** 2) / 2 / np.var(y))


def _spearman(one: Array, other: Array) -> float:
    ranks = stats.rankdata(one), stats.rankdata(other)
    return float(np.corrcoef(*ranks)[0, 1]) if np.ptp(one) and np.ptp(other) else 0.0


def _evpi(net: Array, _: Array) -> float:
    return float(np.mean(np.maximum(net, 0)) - max(net.mean(), 0.0))
