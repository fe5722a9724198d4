"""What the page's script works on: thinned draws of the outcome, their frame, and priors to move, as JSON."""

import base64
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from sim.figures.moving_histogram import Panel
from sim.report.page.answer import chance
from sim.report.page.movable_priors import REACH, MovablePrior, movable_priors
from sim.run_record import Run
from sim.run_tables import errors_of_first
from sim.scenario.titles import spaced, title_of
from sim.summary.trust import MIN_EFFECTIVE
from sim.types import Array

N_EMBEDDED = 4096
"""About so many draws, evenly from all randomisations."""
MOST_HELD = 12
STEPS = 30
"""Positions of a slider on either side of the middle."""
FEWEST = 2 * MIN_EFFECTIVE
"""Fewest draws in a page with sliders for priors: with fewer, any move would be refused."""


@dataclass(frozen=True, eq=False)
class _AlternativeDraws:
    """The outcome's draws (dimension draw) with one alternative held; `key` is ``choice=alternative``."""

    key: str
    choice: str
    title: str
    values: Array


@dataclass(frozen=True, eq=False)
class _PageDraws:
    """Draws of the outcome that a page holds, the same with alternatives held, and priors to move.

    `values` has the dimension draw. The Monte Carlo errors are of their median, as a share of it, and of the
    probability of exceeding the run's median.
    """

    values: Array
    held: tuple[_AlternativeDraws, ...]
    priors: tuple[MovablePrior, ...]
    median_error: float
    chance_error: float


def page_draws(run: Run) -> _PageDraws:
    """Return the first draws of every randomisation, about 4,096 in all."""
    draws = run.variable(run.outcome)
    n_each = min(draws.shape[1], max(1, N_EMBEDDED // draws.shape[0]))
    kept = draws[:, :n_each]
    values = kept.ravel()
    priors = movable_priors(run, n_each) if values.size >= FEWEST and np.ptp(values) > 0 else ()
    errors = errors_of_first(draws, n_each)
    return _PageDraws(values, tuple(_held(run, n_each))[:MOST_HELD], priors, *errors)


def document(run: Run, held: _PageDraws, panel: Panel) -> Mapping[str, object]:
    """Return what the script reads, ready for JSON.

    Parameters
    ----------
    run
        The run.
    held
        Its draws and priors in the page.
    panel
        The frame of the moving distribution.

    Returns
    -------
    Mapping
        Numbers, words and nested tables; arrays are packed as base64.
    """
    return {
        "unit": run.unit,
        "rest": _at_rest(run),
        "probability": run.scenario.report.interval.probability,
        "log": panel.log,
        "low": panel.low,
        "high": panel.high,
        "bins": panel.n_bins,
        "frame": panel.frame,
        "top": panel.top,
        "floor": MIN_EFFECTIVE,
        "values": _packed(held.values, "<f8"),
        "held": {each.key: _packed(each.values, "<f8") for each in held.held},
        "priors": {
            each.name: {
                "form": each.scale.form,
                "ends": [each.scale.low if np.isfinite(each.scale.low) else None,
                         each.scale.high if np.isfinite(each.scale.high) else None],
                "middle": each.middle,
                "spread": each.spread,
                "unit": "" if each.unit == "1" else each.unit,
                "scores": _packed(each.scores, "<f4"),
                "first": each.first,
                "step": each.step,
                "table": _packed(each.log_density, "<f4"),
                "move": REACH / STEPS,
            }
            for each in held.priors
        },
    }  # fmt: skip


def _at_rest(run: Run) -> Mapping[str, object]:
    """Return the answer's own numbers by words, which the readings repeat while nothing has been moved."""
    report, find = run.scenario.report, run.statistics.find
    median, low, high = (find(run.outcome, name).text for name in ("median", "low", "high"))
    rows = [find(run.outcome, "p_above", at=value) for value in report.thresholds]
    return {
        "median": run.with_unit(median),
        "range": f"{low} to {run.with_unit(high)}" if report.interval.kind == "eti" else "",
        "chances": {f"{row.at:g}": chance(row.value, row.mc_error) for row in rows},
    }


def _packed(values: Array, form: Literal["<f4", "<f8"]) -> str:
    """Return numbers as base64, little-endian, in single (``<f4``) or double (``<f8``) precision.

    Examples
    --------
    >>> _packed(np.array([1.0, -2.0]), "<f4")
    'AACAPwAAAMA='
    """
    return base64.b64encode(values.astype(form).tobytes()).decode("ascii")


def _held(run: Run, n_each: int) -> Iterator[_AlternativeDraws]:
    for choice in sorted(run.arrays.by_choice):
        held = run.arrays.by_choice[choice]
        if run.outcome not in held:
            continue
        draws = held[run.outcome]
        title = title_of(run.scenario, choice)
        for place, (alternative, weight) in enumerate(run.scenario.choices[choice].weights.items()):
            if weight > 0:
                words = spaced(alternative)
                yield _AlternativeDraws(
                    f"{choice}={alternative}", title, words, draws[place, :, :n_each].ravel()
                )
