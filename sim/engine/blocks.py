"""Draws made block by block, folded into summaries, and forgotten."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from sim.draws.draw import Draws, Sources
from sim.engine.survey import SurveyPool
from sim.outcomes import with_outcomes
from sim.samplers.base import Design
from sim.scenario.schema import Scenario
from sim.summary.statistic import Key, keyed_draws
from sim.summary.stream_summary import LEAF, DrawCounts, DrawMoments, Plan, side_by_side
from sim.types import Array


@dataclass(frozen=True, eq=False)
class Model:
    """A scenario with all that its draws are made from; can be sent to another process.

    Data files have been read and posteriors sampled, so that a worker needs nothing but this: what parameters
    and choices are drawn from, and what the survey's columns are picked from.

    Parameters
    ----------
    scenario
        The scenario.
    sources
        What its parameters and choices are drawn from.
    survey
        What the survey's columns are picked from.
    """

    scenario: Scenario
    sources: Sources
    survey: SurveyPool

    def draws(self, design: Design) -> Draws:
        """Draw everything that outcomes read; a draw is the same whatever others are made with it."""
        draws = Draws(self.sources.parameters(design), self.sources.choices(design), design.shape)
        return draws.replace(self.survey.pick(design).columns)


TASK = 2**20
"""Draws of a task; the order in which moments are added up depends on it, and the last digit of a mean."""


@dataclass(frozen=True)
class Task:
    """A stretch of draws of one randomisation.

    Parameters
    ----------
    randomisation
        Which randomisation.
    number
        Number of the task within it.
    draws
        Places of the draws; the first is a multiple of ``TASK``.
    """

    randomisation: int
    number: int
    draws: range


@dataclass(frozen=True, eq=False)
class TaskSummary:
    """The summary of a task's draws.

    Parameters
    ----------
    task
        The task.
    part
        Moments of its draws, of one part.
    counted
        Bins and exceedances of its draws.
    """

    task: Task
    part: DrawMoments
    counted: DrawCounts


@dataclass(frozen=True, eq=False)
class TaskSummariser:
    """Makes and folds the draws of a task; can be sent to another process.

    Parameters
    ----------
    model
        What is drawn.
    design
        Layout of all draws.
    plan
        What summaries must hold.
    n_block
        Number of draws made at a time: a multiple of 4,096 that divides 2^20. The summary does not depend on
        it.
    """

    model: Model
    design: Design
    plan: Plan
    n_block: int

    def __post_init__(self) -> None:
        if self.n_block % LEAF or TASK % self.n_block:
            raise ValueError(f"n_block = {self.n_block} must be a multiple of {LEAF} that divides {TASK}")

    def __call__(self, task: Task) -> TaskSummary:
        """Return the summary of a task's draws.

        Raises
        ------
        InvalidInput
            If an outcome is not finite in some draw.
        """
        counted, parts = DrawCounts(self.plan), []
        for draws in self._blocks(task.draws):
            made = self._made(range(task.randomisation, task.randomisation + 1), draws)
            counted.add(made)
            parts.append(self.plan.moments(made))
        return TaskSummary(task, side_by_side(parts).pooled(), counted)

    def _blocks(self, draws: range) -> Iterator[range]:
        for start in draws[:: self.n_block]:
            yield range(start, min(start + self.n_block, draws.stop))

    def _made(self, randomisations: range, draws: range) -> Mapping[Key, Array]:
        scenario, n_draws = self.model.scenario, len(draws)
        drawn = self.model.draws(self.design.of(randomisations, draws))
        keyed = keyed_draws(scenario, with_outcomes(scenario, drawn))
        return {key: np.broadcast_to(keyed[key], (1, n_draws)).ravel() for key in self.plan.keys}


def tasks_of(design: Design) -> Iterator[Task]:
    """Yield the tasks of all draws, randomisation by randomisation."""
    for randomisation in range(design.n_randomisations):
        for number, start in enumerate(range(0, design.n_each, TASK)):
            yield Task(randomisation, number, range(start, min(start + TASK, design.n_each)))
