"""What plain draws say where an input is moved: switching values, swings of a tornado, an edited copy.

A parameter that is held enters Python's own evaluation of the formulas as that number; all else is drawn.
"""

from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd

from sim.analysis.decision.switching_values import Switch
from sim.summary.row import Row
from tests.foreign.laws import Array
from tests.foreign.oracle import ERRORS, ERRORS_OF_16, ROUNDING, Oracle
from tests.foreign.scenarios import Foreign

N_DRAWS = 100_000
N_POINTS = 4_000
NEAR = 1e-6
"""A place of a jump is known to this part of itself."""
EPS = float(np.finfo(float).eps)
"""And to a rounding of the input's own size, where it lies at next to 0."""


class Moved:
    """Plain draws of a scenario of which one input at a time is held.

    Parameters
    ----------
    foreign
        The scenario.
    oracle
        Its plain draws, for the quantiles of the inputs.
    seed
        Of the draws.
    """

    def __init__(self, foreign: Foreign, oracle: Oracle, seed: int) -> None:
        self._foreign, self._oracle = foreign, oracle
        self._rng = np.random.default_rng(seed)
        self._columns = foreign.columns(self._rng, N_DRAWS)
        self._taken = foreign.taken(self._rng, N_DRAWS)

    def switching(self, found: tuple[Switch, ...], n_draws: int) -> Iterator[str]:
        """Yield switching values at which the outcome does not exceed the threshold in half of the draws.

        Within five errors of the value and of the share there must be a share of one half; at an atom, those
        at the threshold are on both sides.
        """
        noise = ERRORS * 0.5 / N_DRAWS**0.5 + 10 / n_draws
        for each in found:
            name, value, error = each.column.name, each.value.value, each.value.error
            if not np.isfinite(value + error) or "." in name:
                continue
            off = (
                ERRORS_OF_16 * error + NEAR * abs(value) + EPS * float(np.median(np.abs(self._columns[name])))
            )
            made = [self._held(name, at) for at in (value - off, value, value + off)]
            if not all(np.isfinite(values).all() for values in made):
                continue
            above = min(float(np.mean(values > each.threshold)) for values in made)
            not_below = max(float(np.mean(values >= each.threshold)) for values in made)
            if not above - noise <= 0.5 <= not_below + noise:
                words = f"switching value of {name} at {each.threshold:g}: {value!r} ± {error:.2g}"
                yield f"{words}, {each.verdict}; share of plain draws above it: {above} to {not_below}"

    def swings(self, table: pd.DataFrame, n_draws: int) -> Iterator[str]:
        """Yield ends of a tornado that the outcome does not take near the medians and the quantile moved."""
        middles = {name: self._about(name, 0.5, n_draws) for name in self._columns}
        for row in table.to_dict("records"):
            if row["group"] not in middles:
                continue
            for level, value in ((0.05, row["at_low"]), (0.95, row["at_high"])):
                box = {**middles, row["group"]: self._about(row["group"], level, n_draws)}
                made = self._within(box)
                if not np.isfinite(made).all():
                    continue
                low, high = float(made.min()), float(made.max())
                slack = (high - low) / 4 + ROUNDING * max(abs(low), abs(high))
                if not low - slack <= value <= high + slack:
                    yield f"tornado of {row['group']} at {level}: {value!r}; the formula: {low!r} to {high!r}"

    def _about(self, name: str, probability: float, n_draws: int) -> tuple[float, float]:
        """Return between which values a quantile of a run's draws lies: a tornado states no error of them."""
        off = ERRORS * (probability * (1 - probability) / n_draws) ** 0.5
        ends = (self._oracle.quantile(name, probability + way * off, n_draws) for way in (-1, 1))
        low, high = ends
        return low[0], high[1]

    def _held(self, name: str, value: float) -> Array:
        held = {**self._columns, name: np.full(N_DRAWS, value)}
        return self._outcome(held, self._taken)

    def _within(self, box: Mapping[str, tuple[float, float]]) -> Array:
        """Return the outcome at the ends of a box and within, averaged over the choices by their weights."""
        shares = self._rng.random((len(box), N_POINTS))
        shares[:, : N_POINTS // 2] = np.round(shares[:, : N_POINTS // 2])
        places = zip(box.items(), shares, strict=True)
        columns = {name: low + share * (high - low) for (name, (low, high)), share in places}
        weights = next(iter(self._foreign.choices.values()), {"": 1.0})
        name = next(iter(self._foreign.choices), "")
        made = [
            self._outcome(columns, {name: np.full(N_POINTS, place)} if name else {})
            for place in range(len(weights))
        ]
        return np.average(made, axis=0, weights=list(weights.values()))

    def _outcome(self, columns: Mapping[str, Array], taken: Mapping[str, Array]) -> Array:
        return self._foreign.outcomes(columns, taken)[self._foreign.table["report"]["outcome"]]


def differences(table: pd.DataFrame, before: Oracle, after: Oracle, n_draws: int) -> Iterator[str]:
    """Yield differences of an edited copy from its original that the plain draws of both do not bear out.

    Parameters
    ----------
    table
        Of contrasts, the original being the baseline.
    before, after
        Plain draws of the original and of the copy.
    n_draws
        Of each run.
    """
    rows = table[(table["measure"] == "difference") & (table["note"] == "")]
    for row in rows[rows["statistic"].isin(["mean", "median", "p_above"])].to_dict("records"):
        wanted = Row(row["outcome"], "", row["statistic"], row["at"], 0.0, 0.0, row["unit"])
        (low, high), (from_low, from_high) = (each.range_of(wanted, n_draws) for each in (after, before))
        slack = ERRORS_OF_16 * row["mc_error"] + ROUNDING * max(map(abs, (low, high, from_low, from_high)))
        if not low - from_high - slack <= row["value"] <= high - from_low + slack:
            what = f"{row['outcome']} {row['statistic']} {row['at']:g} of the copy less that of the original"
            yield (
                f"{what}: {row['value']!r} ± {row['mc_error']:.2g} ({row['estimator']}); "
                f"plain draws: {low - from_high!r} to {high - from_low!r}"
            )
