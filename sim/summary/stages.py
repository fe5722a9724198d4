"""Stages of an adaptive run: the figures after some number of draws, beside what was asked of them."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.summary.row import Row

if TYPE_CHECKING:
    import pandas as pd

DOUBLINGS, FALLEN = 4, 0.8
"""An error above this part of that of so many doublings before has stopped falling."""


@dataclass(frozen=True)
class Stage:
    """The figures after some number of draws, beside what was asked.

    Parameters
    ----------
    n_draws
        Number of draws in all.
    rows
        Figures with their errors.
    tolerances
        Tolerance of each figure.
    factor
        Errors that must fit into a tolerance.
    levelled
        Whether the error of a figure that has not settled stopped falling: more draws are of no use.
    """

    n_draws: int
    rows: tuple[Row, ...]
    tolerances: tuple[float, ...]
    factor: float
    levelled: bool = False

    @property
    def ratios(self) -> tuple[float, ...]:
        """Each figure's error, times the factor, over its tolerance; at most 1 when settled."""
        pairs = zip(self.rows, self.tolerances, strict=True)
        return tuple(_ratio(self.factor * row.mc_error, tolerance) for row, tolerance in pairs)

    @property
    def excess(self) -> float:
        """Largest of the ratios."""
        return max(self.ratios)

    @property
    def unsettled(self) -> tuple[Row, ...]:
        """Figures short of their tolerance."""
        return tuple(row for row, ratio in zip(self.rows, self.ratios, strict=True) if ratio > 1.0)


@dataclass(frozen=True)
class Stages:
    """The stages of a run that drew until its figures had settled, or until it had to stop.

    Parameters
    ----------
    all
        The stages, in order.
    limit
        What kept figures from settling, in words; empty where it is the number of draws alone.
    """

    all: tuple[Stage, ...]
    limit: str = ""

    @property
    def last(self) -> Stage:
        """The stage whose draws are those of the run."""
        return self.all[-1]

    @property
    def settled(self) -> bool:
        """Whether every figure reached its tolerance."""
        return self.last.excess <= 1.0

    @property
    def trace(self) -> "pd.DataFrame":
        """Every figure after each stage.

        ``stage`` (from 1), ``n_draws``, ``statistic``, ``at`` (threshold or probability, where it has one),
        ``value``, ``error`` and ``tolerance`` in the outcome's unit (1 for probabilities), and ``settled``:
        whether the error, times the factor of the rule, is at most the tolerance.
        """
        import pandas as pd

        return pd.DataFrame(
            [
                {
                    "stage": number,
                    "n_draws": stage.n_draws,
                    "statistic": row.statistic,
                    "at": row.at,
                    "value": row.value,
                    "error": row.mc_error,
                    "tolerance": tolerance,
                    "settled": ratio <= 1.0,
                }
                for number, stage in enumerate(self.all, start=1)
                for row, tolerance, ratio in zip(stage.rows, stage.tolerances, stage.ratios, strict=True)
            ]
        )

    @property
    def short(self) -> tuple[str, ...]:
        """Figures that did not settle, in words."""
        return tuple(_words(row) for row in self.last.unsettled)


def has_levelled(stages: Sequence[Stage]) -> bool:
    """Return whether, at the last stage, the error of a figure that has not settled stopped falling."""
    if len(stages) <= DOUBLINGS:
        return False
    before, last = stages[-1 - DOUBLINGS], stages[-1]
    return any(
        ratio > 1.0 and row.mc_error > FALLEN * early.mc_error
        for row, ratio, early in zip(last.rows, last.ratios, before.rows, strict=True)
    )


def _ratio(error: float, tolerance: float) -> float:
    if error == 0.0:
        return 0.0
    return error / tolerance if tolerance > 0.0 else math.inf


def _words(row: Row) -> str:
    return f"P(outcome > {row.at:g})" if row.statistic == "p_above" else row.statistic
