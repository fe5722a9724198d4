"""One input at a time: how far each alone moves the outcome, with all others at their medians."""

from collections.abc import Iterator, Mapping
from itertools import product

import numpy as np
import pandas as pd

from sim.draws.draw import Draws
from sim.engine.experiment import Experiment
from sim.engine.inputs import Input
from sim.summary.order import SortedDraws
from sim.types import Array

LEVELS = (0.05, 0.95)
MAX_DRAWS = 4096


def tornado(experiment: Experiment) -> pd.DataFrame:
    """Move each input alone between its 5 and 95 % quantiles, all others at their medians.

    Where choices are open, the outcome is its mean over their alternatives by weight, so that no alternative
    need be called the base.

    Returns
    -------
    DataFrame
        A row for each input: ``group`` (its name), ``kind``, ``level_low``, ``level_high``; ``at_low`` and
        ``at_high``, the outcome with the input at these quantiles, or, for an input of several columns that
        move together and for a choice, the lower and the higher end of what it does (5 and 95 % quantile of
        the outcome as the input's draws move it, lowest and highest alternative); ``centre``, the outcome
        with every column at its median; ``direction``, whether the outcome is ``rising`` or ``falling`` with
        the input, ``mixed`` for several columns and choices.
    """
    bench = _Bench(experiment)
    centre = float(bench.outcome({}, 1)[0])
    rows = [
        (each.name, each.kind, *LEVELS, *ends, centre, direction)
        for each in experiment.inputs
        for *ends, direction in (_swing(experiment, bench, each, centre),)
    ]
    columns = ["group", "kind", "level_low", "level_high", "at_low", "at_high", "centre", "direction"]
    return pd.DataFrame(rows, columns=columns)


class _Bench:
    """The outcome with columns at medians but for some, averaged over open choices."""

    def __init__(self, experiment: Experiment) -> None:
        self.experiment = experiment
        self.medians = {name: float(np.median(draws)) for name, draws in experiment.first.columns.items()}
        self.weights = {
            name: list(choice.weights.values()) for name, choice in experiment.scenario.choices.items()
        }

    def outcome(self, columns: Mapping[str, Array], n: int, held: tuple[str, int] | None = None) -> Array:
        """Return the outcome for values of some columns, all else at medians.

        Parameters
        ----------
        columns
            Values of the columns that move, (n,) by name.
        n
            Number of values.
        held
            A choice that is held, with the place of its alternative; none by default.

        Returns
        -------
        ndarray
            The outcome, averaged over open choices, (n,).
        """
        combinations = list(self._combinations(held))
        shape = (n, len(combinations))
        spread = {name: np.broadcast_to(columns[name][:, np.newaxis], shape) for name in columns}
        still = {name: np.full(shape, median) for name, median in self.medians.items()}
        places = np.array([places for places, _ in combinations], dtype=np.int64).reshape(
            len(combinations), -1
        )
        choices = {
            name: np.ascontiguousarray(np.broadcast_to(places[:, i], shape))
            for i, name in enumerate(self.weights)
        }
        values = self.experiment.evaluate(Draws({**still, **spread}, choices, shape))
        means: Array = values @ np.array([weight for _, weight in combinations])
        return means

    def _combinations(self, held: tuple[str, int] | None) -> Iterator[tuple[tuple[int, ...], float]]:
        options = [
            [(held[1], 1.0)] if held and held[0] == name else list(enumerate(weights))
            for name, weights in self.weights.items()
        ]
        for combination in product(*options):
            weight = float(np.prod([weight for _, weight in combination]))
            if weight > 0:
                yield tuple(place for place, _ in combination), weight


def _swing(experiment: Experiment, bench: _Bench, each: Input, centre: float) -> tuple[float, float, str]:
    """Return the outcome at either end, and its direction."""
    if not each.columns:
        weights = bench.weights[each.name]
        values = [
            float(bench.outcome({}, 1, (each.name, place))[0]) for place, w in enumerate(weights) if w > 0
        ]
        return min(values), max(values), "mixed"
    moved = {name: experiment.first.columns[name] for name in experiment.drivers if name in each.columns}
    if not moved:
        return centre, centre, "mixed"
    if len(moved) == 1:
        ((name, draws),) = moved.items()
        low, high = map(float, bench.outcome({name: _ends(draws)}, 2))
        return low, high, "rising" if low < high else "falling" if high < low else "mixed"
    n_each = max(1, MAX_DRAWS // len(experiment.outcome))
    thinned = {name: draws[:, :n_each].ravel() for name, draws in moved.items()}
    low, high = map(float, _ends(bench.outcome(thinned, len(next(iter(thinned.values()))))))
    return low, high, "mixed"


def _ends(draws: Array) -> Array:
    """Return the quantiles between which an input is moved: values that it takes."""
    ordered = SortedDraws(np.sort(draws, axis=None))
    return np.array([ordered.quantile(level) for level in LEVELS])
