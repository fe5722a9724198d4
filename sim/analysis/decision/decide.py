"""Everything a decision hangs on, as tables: what would turn it, and what knowing more is worth."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from sim.analysis.decision.acceptability import (
    acceptability,
    default_pair,
    pair_named,
    threshold_map,
)
from sim.analysis.decision.break_even import BreakEven, break_even_table, break_evens
from sim.analysis.decision.information import information
from sim.analysis.decision.more_periods import more_periods, prospects, sample_information
from sim.analysis.decision.switching_values import Switch, switches, switching_table
from sim.engine.experiment import Experiment
from sim.summary.ratio import thresholds_of
from sim.types import Array, Step, silent


@dataclass(frozen=True, eq=False)
class Decision:
    """What a decision hangs on.

    Parameters
    ----------
    switches
        Values of single columns at which the verdict turns.
    break_evens
        Values of single columns, draw by draw, at which the outcome is the threshold.
    others
        Further tables by the name of their file.
    """

    switches: tuple[Switch, ...]
    break_evens: tuple[BreakEven, ...]
    others: Mapping[str, pd.DataFrame]

    @cached_property
    def tables(self) -> dict[str, pd.DataFrame]:
        """Every table that has rows, by the name of its file."""
        found = {
            "acceptability": self.others["acceptability"],
            "switching_values": switching_table(self.switches),
            "break_even": break_even_table(self.break_evens),
            **self.others,
        }
        return {name: table for name, table in found.items() if len(table)}


def decide(
    experiment: Experiment, pair: Sequence[str] = (), thresholds: Sequence[float] = (), step: Step = silent
) -> Decision:
    """Work out what a decision hangs on.

    Parameters
    ----------
    experiment
        The experiment of a run.
    pair
        Names of the two columns of the threshold map; by default those of largest absolute rank correlation
        with the outcome that are of different groups.
    thresholds
        Thresholds in place of the report's; where there are none either, 1 for a ratio and 0 for another
        outcome. The map is of the one that is exceeded with the probability nearest to one half.
    step
        Called with a short description when a step begins.

    Returns
    -------
    Decision
        Its tables, by the name of their files: ``acceptability``, ``switching_values``, ``break_even``,
        ``threshold_map``, ``information``, ``more_periods``. Without the map where fewer than two groups
        matter, without more periods where no survey varies, without switching and break-even values where
        nothing the outcome reads varies.

    Raises
    ------
    InvalidInput
        If the pair is not of two columns the outcome reads.
    """
    columns = pair_named(experiment, pair) if pair else default_pair(experiment)
    levels = thresholds_of(experiment.scenario, thresholds)
    others = {"acceptability": acceptability(experiment, levels)}
    step("finding switching values")
    turning = switches(experiment, levels)
    step("finding break-even values")
    even = break_evens(experiment, levels)
    if columns is not None:
        step("mapping two quantities")
        others["threshold_map"] = threshold_map(experiment, *columns, _undecided(levels, experiment.outcome))
    step("valuing information")
    known = information(experiment, levels)
    step("looking ahead to more periods")
    ahead = prospects(experiment)
    if ahead:
        others["more_periods"] = more_periods(experiment, ahead)
        known = pd.concat([known, sample_information(experiment, ahead, levels)], ignore_index=True)
    return Decision(turning, even, others | {"information": known})


def _undecided(thresholds: Sequence[float], outcome: Array) -> float:
    """Return the threshold that the outcome exceeds with the probability nearest to one half.

    Examples
    --------
    >>> _undecided((1.0, 3.0), np.array([2.0, 3.0, 4.0, 5.0]))
    3.0
    """
    return min(thresholds, key=lambda threshold: abs(float(np.mean(outcome > threshold)) - 0.5))
