"""One input at a time: how far each alone moves the outcome, with all others at their medians."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import Literal

import numpy as np

from sim.analysis.sensitivity.drivers import drivers
from sim.draws.draws import Draws
from sim.engine.experiment import Experiment
from sim.engine.inputs import Input
from sim.summary.order import SortedDraws, quantile
from sim.types import Array

Direction = Literal["rising", "falling", "mixed"]
LEVELS = (0.05, 0.95)
MAX_DRAWS = 4096


@dataclass(frozen=True)
class Swing:
    """What one input alone does to the reported outcome.

    Parameters
    ----------
    input
        What moves.
    at_low, at_high
        The outcome with the input at its 5 and 95 % quantile, or, for an input of several columns that
        move together and for a choice, the lower and the higher end of what it does: 5 and 95 % quantile
        of the outcome as the input's draws move it, lowest and highest alternative.
    direction
        Whether the outcome rises or falls with the input; ``mixed`` for several columns and choices.
    """

    input: Input
    at_low: float
    at_high: float
    direction: Direction


@dataclass(frozen=True)
class Tornado:
    """All swings about one centre: the outcome with every column at its median."""

    centre: float
    swings: tuple[Swing, ...]


def tornado(experiment: Experiment) -> Tornado:
    """Move each input alone between its 5 and 95 % quantiles.

    Columns that stand are at their medians. Where choices are open, the outcome is its mean over their
    alternatives by weight, so that no alternative need be called the base.
    """
    bench = _Bench(experiment)
    swings = tuple(_swing(experiment, bench, each) for each in experiment.inputs)
    return Tornado(float(bench.outcome({}, 1)[0]), swings)


class _Bench:
    """The outcome with columns at medians but for some, averaged over open choices."""

    def __init__(self, experiment: Experiment) -> None:
        self.experiment = experiment
        self.medians = {name: float(np.median(draws)) for name, draws in experiment.first.columns.items()}
        self.weights = {
            name: list(choice.weights.values()) for name, choice in experiment.scenario.choices.items()
        }

    def outcome(self, columns: dict[str, Array], n: int, held: tuple[str, int] | None = None) -> Array:
        """Return the outcome for `n` values of some columns, (n,)."""
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
        averaged: Array = values @ np.array([weight for _, weight in combinations])
        return averaged

    def _combinations(self, held: tuple[str, int] | None) -> Iterator[tuple[tuple[int, ...], float]]:
        options = [
            [(held[1], 1.0)] if held and held[0] == name else list(enumerate(weights))
            for name, weights in self.weights.items()
        ]
        for combination in product(*options):
            weight = float(np.prod([weight for _, weight in combination]))
            if weight > 0:
                yield tuple(place for place, _ in combination), weight


def _swing(experiment: Experiment, bench: _Bench, each: Input) -> Swing:
    if not each.columns:
        weights = bench.weights[each.name]
        values = [
            float(bench.outcome({}, 1, (each.name, place))[0]) for place, w in enumerate(weights) if w > 0
        ]
        return Swing(each, min(values), max(values), "mixed")
    read = [driver.name for driver in drivers(experiment) if driver.name in each.columns]
    if len(read) == 1:
        ends = _ends(experiment.first.columns[read[0]])
        low, high = map(float, bench.outcome({read[0]: ends}, 2))
        return Swing(each, low, high, "rising" if low < high else "falling" if high < low else "mixed")
    moved = {name: _thinned(experiment.first.columns[name]) for name in read}
    if not moved:
        centre = float(bench.outcome({}, 1)[0])
        return Swing(each, centre, centre, "mixed")
    low, high = map(float, _ends(bench.outcome(moved, len(next(iter(moved.values()))))))
    return Swing(each, low, high, "mixed")


def _ends(draws: Array) -> Array:
    """Return the quantiles between which an input is moved: values that it takes."""
    ordered = SortedDraws(np.sort(draws, axis=None))
    return np.array([quantile(ordered, level) for level in LEVELS])


def _thinned(draws: Array) -> Array:
    return draws[:, : max(1, MAX_DRAWS // len(draws))].ravel()
