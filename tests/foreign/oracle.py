"""What plain draws say of every figure of a summary: two million of them, which share no code with ``sim``.

A figure agrees where it lies within five combined Monte Carlo errors. The error of ``sim`` is that of 16
randomisations, so five errors are those of Student's t with 15 degrees of freedom at the same odds: 5.7e-7
for one figure. Quantiles are held against the order statistics between which the quantile lies at these odds,
which holds for atoms and gaps as for anything else.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats

from sim.summary.row import Row
from tests.foreign.laws import Array
from tests.foreign.scenarios import Foreign

N_DRAWS = 2_000_000
ERRORS = 5.0
ODDS = 2 * stats.norm.sf(ERRORS)
ERRORS_OF_16 = float(stats.t.isf(ODDS / 2, 15))
HEAVY = 1.1
"""Tail index above which a mean is taken not to exist: 1 and five errors of Hill's estimate."""
TAIL = 4000
LEAST_SHARE = 0.1
"""Of a sum, that a tail without the moment makes up: of index 1, the outermost 4,000 of two million make over
half of it, the outermost 500 over 0.4."""
LEVELS = (0.025, 0.05, 0.25, 0.5, 0.75, 0.95, 0.975)
"""Probabilities at which most quantiles are looked for: their order statistics are found together."""
ROUNDING = 1e-9


@dataclass(frozen=True)
class Disagreement:
    """A printed figure that plain draws do not bear out."""

    row: Row
    low: float
    high: float

    def __str__(self) -> str:
        row = self.row
        what = f"{row.quantity} {row.alternative} {row.statistic} {row.at:g}"
        return f"{what}: {row.value!r} ± {row.mc_error:.2g}; plain draws: {self.low!r} to {self.high!r}"


class PlainDraws:
    """Draws of one quantity, in order as far as is asked: to sort two million takes longer than to draw them.

    Parameters
    ----------
    values
        The draws, (draw).
    n_draws
        Of the run whose quantiles are looked for.
    """

    def __init__(self, values: Array, n_draws: int = 0) -> None:
        self.values, n = values.copy(), len(values)
        self._ranks = {0, TAIL, n // 2, n - TAIL - 1, n - 1}
        if n_draws:
            self._ranks.update(rank for p in LEVELS for rank in _around(p, n, n_draws))
        self._is_in_order = False

    def __len__(self) -> int:
        return len(self.values)

    def at(self, *ranks: int) -> list[float]:
        """Return order statistics, 0 being the least's rank."""
        if not self._is_in_order or not self._ranks.issuperset(ranks):
            self._ranks.update(ranks)
            self.values.partition(sorted(self._ranks))
            self.values[: TAIL + 1].sort()
            self.values[-TAIL - 1 :].sort()
            self._is_in_order = True
        return [float(self.values[rank]) for rank in ranks]

    def hill(self, n_tail: int = TAIL, power: int = 0) -> float:
        """Return Hill's (1975) estimate of the heavier of two tails: 1 over the index.

        Where a power is given, of those tails alone that make up a tenth or more of the sum of distances
        from the median to that power.
        """
        (centre,) = self.at(len(self) // 2)
        found = 0.0
        for tail in (self.values[-n_tail:] - centre, centre - self.values[:n_tail][::-1]):
            if tail[0] > 0 and np.isfinite(tail).all() and tail[0] < tail[-1]:
                if power and self._share(tail, centre, power) < LEAST_SHARE:
                    continue
                found = max(found, float(np.mean(np.log(tail / tail[0]))))
        return found

    def _share(self, tail: Array, centre: float, power: int) -> float:
        """Return what a tail adds to the sum of distances from a centre, to some power."""
        with np.errstate(all="ignore"):
            off = np.abs(self.values - centre)
            scale = float(off.max())
            return float(np.sum((tail / scale) ** power) / np.sum((off / scale) ** power))


class Oracle:
    """Plain draws of a scenario's quantities.

    Parameters
    ----------
    foreign
        The scenario.
    seed
        Of the draws.
    n_draws
        Their number.
    """

    def __init__(self, foreign: Foreign, seed: int, n_draws: int = N_DRAWS) -> None:
        rng = np.random.default_rng(seed)
        self._foreign = foreign
        self._columns = foreign.columns(rng, n_draws)
        self._taken = foreign.taken(rng, n_draws)
        self._outcomes = foreign.outcomes(self._columns, self._taken)
        self._plain: dict[tuple[str, str], PlainDraws] = {}

    @property
    def is_finite(self) -> bool:
        """Whether every outcome is finite in every draw."""
        return all(bool(np.isfinite(values).all()) for values in self._outcomes.values())

    def disagreements(self, rows: Sequence[Row], n_draws: int) -> Iterator[Disagreement]:
        """Yield the figures of a summary that disagree, of those that are not marked.

        Parameters
        ----------
        rows
            Of the summary.
        n_draws
            Of the run.
        """
        for row in rows:
            values = self.draws_of(row)
            if row.status or values is None or (row.statistic in INTERVALS and self._kind(row) != "eti"):
                continue
            if math.isnan(row.value):
                if row.statistic in EXISTING:
                    yield Disagreement(row, math.nan, math.nan)
                continue
            low, high = self._range(row, values, n_draws)
            slack = ERRORS_OF_16 * (0.0 if math.isnan(row.mc_error) else row.mc_error)
            slack += ROUNDING * max(abs(row.value), abs(low) if math.isfinite(low) else 0.0)
            if row.statistic == "sd":
                slack += ROUNDING * max(map(abs, values.at(0, len(values) - 1)))
            if not low - slack <= row.value <= high + slack:
                yield Disagreement(row, low, high)
        yield from self._intervals(rows, n_draws)

    def _kind(self, row: Row) -> str:
        _, _, kind = row.statistic.partition("_")
        return kind or self._foreign.table["report"]["interval"]["kind"]

    def draws_of(self, row: Row) -> PlainDraws | None:
        """Return the draws of a row's quantity; ``None`` for what no plain draws are kept of."""
        key = (row.quantity, row.alternative)
        if key not in self._plain:
            found = self._find(*key)
            if found is None:
                return None
            self._plain[key] = PlainDraws(found, self._foreign.table["sampling"]["n_draws"])
        return self._plain[key]

    def _find(self, quantity: str, alternative: str) -> Array | None:
        if alternative:
            choice, _, held = alternative.partition("=")
            if choice not in self._foreign.choices:
                return None
            place = list(self._foreign.choices[choice]).index(held)
            taken = {**self._taken, choice: np.full_like(self._taken[choice], place)}
            return self._foreign.outcomes(self._columns, taken).get(quantity)
        if " - " in quantity:
            one, other = quantity.split(" - ")
            sides = {**self._columns, **self._outcomes}
            return sides[one] - sides[other] if one in sides and other in sides else None
        return self._outcomes.get(quantity, self._columns.get(quantity))

    def range_of(self, row: Row, n_draws: int) -> tuple[float, float]:
        """Return the ends between which a figure of a run of `n_draws` lies, by plain draws."""
        values = self.draws_of(row)
        return (-math.inf, math.inf) if values is None else self._range(row, values, n_draws)

    def quantile(self, name: str, probability: float, n_draws: int) -> tuple[float, float]:
        """Return the ends between which a quantile of a parameter or outcome lies, by plain draws."""
        return self.range_of(Row(name, "", "quantile", probability, 0.0, 0.0, "1"), n_draws)

    def _range(self, row: Row, values: PlainDraws, n_draws: int) -> tuple[float, float]:
        """Return the ends between which a figure lies, by plain draws."""
        statistic = row.statistic.removesuffix("_eti")
        levels = {"median": 0.5, "quantile": row.at, "low": (1 - row.at) / 2, "high": (1 + row.at) / 2}
        if statistic in levels:
            return _quantile(values, levels[statistic], n_draws)
        match statistic:
            case "mean":
                return _mean(values, n_draws)
            case "sd":
                return _sd(values, n_draws)
            case "p_above":
                return _share(values, row.at, n_draws)
        return -math.inf, math.inf

    def _intervals(self, rows: Sequence[Row], n_draws: int) -> Iterator[Disagreement]:
        """Yield ends of shortest and highest-density intervals that hold another share of plain draws."""
        by_key: dict[tuple[str, str, str, float], Row] = {}
        for row in rows:
            end, _, _ = row.statistic.partition("_")
            if end in ("low", "high") and self._kind(row) != "eti":
                by_key[row.quantity, row.alternative, row.statistic, row.at] = row
        for (quantity, alternative, statistic, at), low in by_key.items():
            if not statistic.startswith("low") or low.status:
                continue
            high = by_key[quantity, alternative, statistic.replace("low", "high"), at]
            values = self.draws_of(low)
            if values is None:
                continue
            slack = [ERRORS_OF_16 * row.mc_error + ROUNDING * abs(row.value) for row in (low, high)]
            within = _inside(values, low.value - slack[0], high.value + slack[1])
            noise = ERRORS * math.sqrt(at * (1 - at) / n_draws) + 20 / n_draws
            if within < at - noise:
                yield Disagreement(low, at, within)


INTERVALS = ("low", "high", "low_hdi", "high_hdi", "low_shortest", "high_shortest", "low_eti", "high_eti")


EXISTING = ("mean", "sd", "median", "quantile", "low", "high", "p_above")
"""Statistics that are numbers of every quantity, or marked."""


def must_be_marked(row: Row, values: PlainDraws) -> bool:
    """Tell whether plain draws show that a mean or a standard deviation does not exist.

    A tail is as heavy further out; where a rare event lies beyond a gap, only the place of the gap is, and
    where a bound cuts it off, as in min(x, a ** 3), the outermost draws are at the bound. And a tail without
    the moment is most of its sum: a light one that adds nothing may look heavy near 0, as the ninth power of
    a normal does.
    """
    limit = {"mean": HEAVY, "sd": 0.75}.get(row.statistic)
    power = 2 if row.statistic == "sd" else 1
    if limit is None or not all(values.hill(n, power) > limit for n in (TAIL, TAIL // 8)):
        return False
    outermost = TAIL // 64
    return values.hill(outermost) > limit * (1.0 - 3.0 / math.sqrt(outermost))


def unmarked(oracle: Oracle, rows: Sequence[Row]) -> list[str]:
    """Return the rows that ought to say that their moment does not exist, and do not."""
    found = []
    for row in rows:
        values = oracle.draws_of(row)
        if values is not None and not row.status and must_be_marked(row, values):
            found.append(f"{row.quantity} {row.statistic}: {row.value:g}, tail {values.hill():.2f}")
    return found


def _mean(plain: PlainDraws, n_draws: int) -> tuple[float, float]:
    """Return the ends of a mean; what lies beyond the outermost draws of a run it may have no draw of."""
    if plain.hill() > 0.45:  # no error of a mean to speak of
        return -math.inf, math.inf
    scale, scaled = _scaled(plain)
    middle, error = float(scaled.mean()), float(scaled.std()) / math.sqrt(len(scaled))
    n_out = max(1, 4 * len(scaled) // n_draws)
    above = float(np.sum(scaled[-n_out:] - scaled[-n_out])) / len(scaled)
    below = float(np.sum(scaled[n_out - 1] - scaled[:n_out])) / len(scaled)
    return scale * (middle - ERRORS * error - above), scale * (middle + ERRORS * error + below)


def _sd(plain: PlainDraws, n_draws: int) -> tuple[float, float]:
    """Return the ends of a standard deviation; a run may have none of the outermost draws."""
    if plain.hill() > 0.2:
        return -math.inf, math.inf
    scale, scaled = _scaled(plain)
    if scaled[0] == scaled[-1]:
        return 0.0, 0.0
    n_out = max(1, 4 * len(scaled) // n_draws)
    without = float(np.clip(scaled, scaled[n_out], scaled[-n_out - 1]).std())
    squares = (scaled - scaled.mean()) ** 2
    variance = float(squares.mean())
    kurtosis = float((squares**2).mean()) / variance**2
    error = math.sqrt(max(kurtosis - 1.0, 0.0) / len(scaled)) / 2
    sd = math.sqrt(variance)
    return scale * min(sd, without) * (1.0 - ERRORS * error), scale * sd * (1.0 + ERRORS * error)


def _scaled(plain: PlainDraws) -> tuple[float, Array]:
    """Return a scale and the draws over it, so that no square overflows or vanishes; tails are in order."""
    scale = max(map(abs, plain.at(0, len(plain) - 1))) or 1.0
    return scale, plain.values / scale


def _quantile(plain: PlainDraws, p: float, n_draws: int) -> tuple[float, float]:
    """Return the order statistics around a quantile."""
    low, high = plain.at(*_around(p, len(plain), n_draws))
    return low, high


def _around(p: float, n: int, n_draws: int) -> tuple[int, int]:
    """Return the ranks around a quantile, each five errors off.

    A run of few draws tells the place of an end to a few of its own draws at best.
    """
    off = ERRORS * math.sqrt(p * (1 - p) * n) + 4 * n / n_draws
    return max(0, math.floor(p * n - off)), min(n - 1, math.ceil(p * n + off))


def _share(plain: PlainDraws, threshold: float, n_draws: int) -> tuple[float, float]:
    n = len(plain)
    p = int(np.count_nonzero(plain.values > threshold)) / n
    off = ERRORS * math.sqrt(max(p * (1 - p), 1 / n) / n) + 10 / n_draws
    return p - off, p + off


def _inside(plain: PlainDraws, low: float, high: float) -> float:
    return float(np.mean((plain.values >= low) & (plain.values <= high)))
