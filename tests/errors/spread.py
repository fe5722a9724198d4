"""The spread of figures over seeds beside their printed errors, by kind."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from tests.errors.figures import figures_of
from tests.errors.panel import Entry

Array = np.ndarray[tuple[int, ...], np.dtype[np.float64]]
ROUNDING = 1e-10
"""A figure whose spread and error are smaller, as shares of its size, is exact but for rounding."""


@dataclass(frozen=True)
class Plan:
    """How often each scenario of the panel is run.

    Parameters
    ----------
    seeds
        Which seeds.
    n_draws
        Of each run, in its own number of randomisations.
    sampler
        Name of a sampler; the scenario's own where empty.
    """

    seeds: range
    n_draws: int
    sampler: str = ""


@dataclass(frozen=True)
class Spread:
    """One figure of one scenario over seeds.

    Parameters
    ----------
    scenario, kind, key
        Which.
    values, errors
        As printed, (seed); NaN where the figure is marked as not to be trusted, or missing.
    """

    scenario: str
    kind: str
    key: str
    values: Array
    errors: Array

    @property
    def is_marked(self) -> bool:
        """Whether any seed marks it, or does not give it."""
        return not (np.isfinite(self.values).all() and np.isfinite(self.errors).all())

    @property
    def is_exact(self) -> bool:
        """Whether it is the same for every seed but for rounding."""
        size = ROUNDING * np.abs(self.values).max()
        return bool(np.ptp(self.values) <= size and self.errors.max() <= size)

    @property
    def error(self) -> float:
        """Root mean square of the printed errors."""
        return float(np.sqrt(np.mean(self.errors**2)))

    @property
    def ratio(self) -> float:
        """Standard deviation over seeds, over the printed error."""
        spread = float(np.std(self.values, ddof=1))
        return spread / self.error if self.error > 0.0 else np.inf


def spreads(entries: Sequence[Entry], plan: Plan, n_workers: int = 1) -> list[Spread]:
    """Run scenarios over seeds.

    Parameters
    ----------
    entries
        Of the panel.
    plan
        Seeds, draws, sampler.
    n_workers
        Processes.
    """
    with TemporaryDirectory() as folder:
        each = partial(_of_entry, plan=plan, folder=Path(folder))
        if n_workers == 1:
            return [spread for entry in entries for spread in each(entry)]
        with ProcessPoolExecutor(n_workers) as executor:
            return [spread for found in executor.map(each, entries) for spread in found]


def _of_entry(entry: Entry, plan: Plan, folder: Path) -> list[Spread]:
    path = entry.written(folder)
    settings = [f"sampling.n_draws={plan.n_draws}"]
    settings += [f"sampling.sampler={plan.sampler}"] if plan.sampler else []
    found: dict[tuple[str, str], list[tuple[int, float, float]]] = defaultdict(list)
    for place, seed in enumerate(plan.seeds):
        for figure in figures_of(path, [f"seed={seed}", *settings], entry.edit):
            found[figure.kind, figure.key].append((place, figure.value, figure.error))
    return [Spread(entry.name, *key, *_arrays(rows, len(plan.seeds))) for key, rows in found.items()]


def _arrays(rows: list[tuple[int, float, float]], n_seeds: int) -> tuple[Array, Array]:
    both = np.full((2, n_seeds), np.nan)
    for place, value, error in rows:
        both[:, place] = value, error
    return both[0], both[1]


@dataclass(frozen=True)
class Kind:
    """All figures of one kind.

    Parameters
    ----------
    name
        Command and statistic.
    spreads
        Figures that vary and that no seed marks.
    n_marked, n_exact
        Others: not to be trusted or not there for every seed; the same for every seed.
    """

    name: str
    spreads: tuple[Spread, ...]
    n_marked: int
    n_exact: int

    @property
    def rms(self) -> float:
        """Root mean square of the ratios of spread and printed error."""
        return float(np.sqrt(np.mean([spread.ratio**2 for spread in self.spreads])))

    @property
    def median(self) -> float:
        """Median of the ratios."""
        return float(np.median([spread.ratio for spread in self.spreads]))


def kinds_of(found: Sequence[Spread]) -> Iterator[Kind]:
    """Yield the kinds of some figures that have any that vary."""
    by_kind: dict[str, list[Spread]] = defaultdict(list)
    for spread in found:
        by_kind[spread.kind].append(spread)
    for name, each in by_kind.items():
        sound = [spread for spread in each if not spread.is_marked]
        varying = tuple(spread for spread in sound if not spread.is_exact)
        if varying:
            yield Kind(name, varying, len(each) - len(sound), len(sound) - len(varying))
