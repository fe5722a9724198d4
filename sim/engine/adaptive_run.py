r"""Runs that draw until the figures of the reported outcome are as precise as asked.

The blocks of JCGM 101:2008, 7.9.4 are the independent randomisations of a run: a figure's value is of all
draws, its error s the standard deviation over blocks divided by the square root of their number. The standard
adds blocks of one size until 2 s is at most the tolerance of every figure. Here the blocks are as many as the
scenario states (16 unless it does) and their size doubles, because a larger block of Sobol' points gains more
than more blocks, and because the spread of a few blocks is erratic. The smallest block has 100/(1 - p) draws,
as in the standard, and all of them together at least 10^4.

Stein's two-stage rule (Stein 1945; Wuebbeler et al. 2010) looks only once. With the error s from the h blocks
of a first stage of n_1 draws, draws are added until there are

.. math:: n = n_1 \max_i (t_{0.975,\,h-1}\, s_i / \delta_i)^2

in all. For plain random numbers the error of a mean is then within its tolerance with a probability of at
least 0.95, whatever the variance, and of the other figures for large n; Sobol' points and a Latin hypercube
gain more with n than the rule counts on.

A survey's posterior has finitely many draws, and so there is a part of the errors that no further draws of
the run lessen. Where the error of a figure that has not settled did not fall to four fifths while the draws
grew sixteenfold, that part is what is left, and drawing ends. In Stein's second stage an error of more than
twice what the rule foresees is taken as measured.

A stage is an ordinary run: the last one's numbers are those of a run asked for that many draws outright. The
draws of plain random numbers include those of the stages before; Sobol' points and a Latin hypercube are laid
out anew for each number of draws, and so are the survey's replicates.

References
----------
JCGM 101:2008. Stein C. (1945) Ann. Math. Stat. 16:243. Wuebbeler G., Harris P.M., Cox M.G., Elster C. (2010)
Metrologia 47:317.
"""

import math
from dataclasses import dataclass, replace
from typing import Literal

from sim.engine.simulate import STREAMED_ABOVE, simulate
from sim.engine.survey import has_posterior, posterior_limit
from sim.faults import Fault, InvalidInput
from sim.parallel import Executor
from sim.run_record import Run
from sim.samplers import SAMPLERS, unlimited
from sim.samplers.base import fitting_n_draws
from sim.scenario.schema import Scenario
from sim.special_functions import stdtrit
from sim.summary.precision import Precision, tracked_rows
from sim.summary.row import Row
from sim.summary.stages import Stage, Stages, has_levelled
from sim.types import Step

StoppingRule = Literal["jcgm", "stein"]
STOPPING: dict[str, StoppingRule] = {"jcgm": "jcgm", "stein": "stein"}
FEWEST = 10_000
LEVEL = 0.975
FORESEEN = 2.0
"""An error this many times what Stein's rule foresees is not one that falls with the number of draws."""


@dataclass(frozen=True)
class Goal:
    """When to stop drawing.

    Parameters
    ----------
    precision
        What every figure must reach.
    stopping
        Rule by which drawing stops: ``jcgm``: look after each doubling; ``stein``: after a first stage, once.
    max_draws
        Most draws that are made.
    """

    precision: Precision
    stopping: StoppingRule = "jcgm"
    max_draws: int = 2**22


def run_adaptive(scenario: Scenario, goal: Goal, step: Step, executor: Executor | None = None) -> Run:
    """Run a scenario with more and more draws until its figures are as precise as asked.

    Parameters
    ----------
    scenario
        Loaded scenario; its own number of draws does not matter.
    goal
        When to stop.
    step
        Called with a short description when a step begins.
    executor
        Does the blocks of streamed stages.

    Returns
    -------
    Run
        The run of the last stage, its scenario with the number of draws that were made, and all stages.

    Raises
    ------
    InvalidInput
        If the most draws allowed are fewer than a first stage needs; if data cannot be used, or an outcome is
        not finite in some draw.
    """
    layouts = _Layouts(scenario, goal.max_draws)
    stages: list[Stage] = []
    n_draws = layouts.first()
    while True:
        step(f"drawing until the figures settle: {n_draws:,} draws")
        sampling = scenario.sampling.model_copy(update={"n_draws": n_draws})
        staged = scenario.model_copy(update={"sampling": sampling})
        run = simulate(staged, executor=executor)
        stages.append(_stage(run, goal, stages))
        more = layouts.more(n_draws, stages, goal.stopping)
        if more is None:
            break
        n_draws = more
    found = Stages(tuple(stages), posterior_limit(scenario) if stages[-1].levelled else "")
    return _marked(run, found, goal)


class _Layouts:
    """The numbers of draws that stages may have, of a scenario's sampler, randomisations and interval."""

    def __init__(self, scenario: Scenario, most: int) -> None:
        sampling = scenario.sampling
        self._sampler, self._n_blocks, self._most = sampling.sampler, sampling.n_randomisations, most
        smallest = math.ceil(100.0 / (1.0 - scenario.report.interval.probability))
        self._first = self._fitting(max(smallest * self._n_blocks, FEWEST))

    def first(self) -> int:
        """Return the draws of the first stage; refuse too few, or more than the sampler lays out."""
        most = SAMPLERS[self._sampler].most_draws
        if most is not None and self._most > most:
            allowed = f"up to {most:,} with sampler {self._sampler}; for more, --sampler {unlimited()}"
            raise InvalidInput([Fault("--max-draws", "", f"{self._most:,} draws", allowed)])
        if self._first > self._most:
            words = f"{self._most:,} are fewer than the first stage needs"
            raise InvalidInput([Fault("--max-draws", "", words, f"at least {self._first:,}")])
        return self._first

    def more(self, n_draws: int, stages: list[Stage], stopping: StoppingRule) -> int | None:
        """Return the draws of the next stage over all randomisations, or ``None`` after the last.

        ``jcgm`` doubles the draws; ``stein`` adds once what the first stage foresees.

        Parameters
        ----------
        n_draws
            Draws of the last stage over all randomisations.
        stages
            The stages so far.
        stopping
            Rule by which drawing stops.

        Returns
        -------
        int or None
            The draws; ``None`` after the last stage.
        """
        excess = stages[-1].excess
        if excess <= 1.0 or stages[-1].levelled or (stopping == "stein" and len(stages) == 2):
            return None
        needed = 2.0 * n_draws if stopping == "jcgm" else min(n_draws * excess**2, 2.0 * self._most)
        more = self._fitting(math.ceil(needed))
        if more > self._most:
            more = SAMPLERS[self._sampler].at_most(self._most // self._n_blocks) * self._n_blocks
        return more if more > n_draws else None

    def _fitting(self, n_draws: int) -> int:
        return fitting_n_draws(self._sampler, n_draws, self._n_blocks)


def _stage(run: Run, goal: Goal, before: list[Stage]) -> Stage:
    scenario = run.scenario
    rows = tracked_rows(scenario, run.arrays, run.rows)
    n_draws = scenario.sampling.n_draws
    if goal.stopping == "stein" and before:
        return _second(rows, n_draws, before[0], has_posterior(scenario))
    draws = run.variable(scenario.report.outcome)
    one_sign = bool(draws.min() > 0.0 or draws.max() < 0.0)
    factor = (
        float(stdtrit(scenario.sampling.n_randomisations - 1, LEVEL)) if goal.stopping == "stein" else 2.0
    )
    stage = Stage(n_draws, rows, tuple(goal.precision.tolerances(rows, one_sign)), factor)
    # streamed stages estimate quantiles in another way, with errors of their own
    alike = [each for each in before if (each.n_draws > STREAMED_ABOVE) == (n_draws > STREAMED_ABOVE)]
    return replace(stage, levelled=has_posterior(scenario) and has_levelled([*alike, stage]))


def _second(rows: tuple[Row, ...], n_draws: int, first: Stage, limited: bool) -> Stage:
    """Return Stein's second stage: errors are those of the first, scaled to as many draws.

    Where something else than the draws limits them, those measured are kept that did not fall as foreseen.
    """
    scale = math.sqrt(first.n_draws / n_draws)
    foreseen = [scale * early.mc_error for early in first.rows]
    kept = [limited and row.mc_error > FORESEEN * error for row, error in zip(rows, foreseen, strict=True)]
    scaled = tuple(
        row if is_kept else replace(row, mc_error=error)
        for row, error, is_kept in zip(rows, foreseen, kept, strict=True)
    )
    stage = Stage(n_draws, scaled, first.tolerances, first.factor)
    levelled = any(is_kept and ratio > 1.0 for is_kept, ratio in zip(kept, stage.ratios, strict=True))
    return replace(stage, levelled=levelled)


def _marked(run: Run, stages: Stages, goal: Goal) -> Run:
    """Return the run with its stages, what was asked and whether it was reached; a note where it was not."""
    precision = goal.precision
    asked = (
        f"{precision.n_digits} significant digits"
        if precision.n_digits is not None
        else f"relative error {precision.rel_error:g}"
    )
    stamp = {
        "adaptive_asked": asked,
        "adaptive_stopping": goal.stopping,
        "adaptive_stages": " ".join(str(stage.n_draws) for stage in stages.all),
        "adaptive_settled": "yes" if stages.settled else "no",
    }
    if not stages.settled:
        within = f"with {stages.last.n_draws:,}" if stages.limit else f"within {goal.max_draws:,}"
        note = (
            f"not settled to {asked} {within} draws: {', '.join(stages.short)}; "
            f"{stages.limit or 'every figure shows only the digits its Monte Carlo error supports'}"
        )
        stamp["notes"] = "\n".join([note, *run.notes])
    return run.replace(stamp=stamp, stages=stages)
