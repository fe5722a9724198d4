"""What the page's script works on: thinned draws of the outcome, their frame, and priors to move, as JSON."""

import base64
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from matplotlib.ticker import MaxNLocator

from sim.analysis.reweighting import MIN_EFFECTIVE
from sim.figures.ticks import number
from sim.report.page.answer import chance
from sim.report.page.movable import REACH, MovablePrior, movables
from sim.run_record import Run
from sim.scenario.titles import spaced, title_of
from sim.summary.estimate import estimate
from sim.types import Array

WIDTH, HEIGHT = 520, 276
FRAME = (14.0, 12.0, 506.0, 222.0)
"""Left, top, right, bottom of the axes, in units of the viewBox."""
N_BINS = 60
ROUNDING = 1e-12
"""Spread over size below which draws are all alike but for rounding."""
COVERED = (0.001, 0.999)
MARGIN = 0.08
"""Room at either end, as a share of what is covered."""
HEADROOM = 1.3
MOST_TICKS = 7
TICK_STEPS = ((1, 2, 5), (1, 3), (1,))
N_EMBEDDED = 4096
"""About so many draws, evenly from all randomisations."""
MOST_HELD = 12
STEPS = 30
"""Positions of a slider on either side of the middle."""
FEWEST = 2 * MIN_EFFECTIVE
"""With fewer draws than that in the page, any move would be refused: there are no sliders for priors."""


@dataclass(frozen=True)
class _Tick:
    """A label below the horizontal axis, at a place in units of the viewBox."""

    place: float
    label: str


@dataclass(frozen=True)
class Panel:
    """The frame of the moving distribution.

    Its axis runs from `low` to `high`, which are logarithms where it is logarithmic, in `n_bins` of equal
    width; `top` is the share of draws in a bin that reaches the top of the frame, `outline` the path of the
    resting distribution.
    """

    log: bool
    low: float
    high: float
    n_bins: int
    top: float
    ticks: tuple[_Tick, ...]
    outline: str
    frame: tuple[float, float, float, float] = FRAME
    width: int = WIDTH
    height: int = HEIGHT


def panel_of(values: Array) -> Panel:
    """Return the panel of an outcome's draws, dimension draw."""
    log = bool(values.min() > 0)
    scaled = np.log(values) if log else values
    first, last = (float(end) for end in np.quantile(scaled, COVERED))
    if not last - first > ROUNDING * max(abs(first), abs(last)):
        width = 0.5 if log else 0.5 * max(abs(first), 1.0)
        first, last = first - width, last + width
    low, high = first - MARGIN * (last - first), last + MARGIN * (last - first)
    counts, _ = np.histogram(scaled, N_BINS, (low, high))
    shares = counts / values.size
    top = HEADROOM * float(shares.max())
    return Panel(log, low, high, N_BINS, top, tuple(_ticks(low, high, log)), _outline(shares, top))


def _outline(shares: Array, top: float) -> str:
    """Return the SVG path of a histogram in the frame from the share of draws in each bin, closed below.

    `top` is the share that reaches the top of the frame; higher bins are cut off there.

    Examples
    --------
    >>> _outline(np.array([0.5, 0.25]), 1.0)
    'M14.0,222.0V117.0H260.0V169.5H506.0V222.0Z'
    """
    left, ceiling, right, base = FRAME
    edges = np.linspace(left, right, len(shares) + 1)[1:]
    heights = np.maximum(base - (base - ceiling) * shares / top, ceiling)
    steps = "".join(f"V{height:.1f}H{edge:.1f}" for height, edge in zip(heights, edges, strict=True))
    return f"M{left:.1f},{base:.1f}{steps}V{base:.1f}Z"


def _ticks(low: float, high: float, log: bool) -> Iterator[_Tick]:
    left, _, right, _ = FRAME
    for value in _log_ticks(low, high) if log else _linear_ticks(low, high):
        place = (np.log(value) if log else value) - low
        yield _Tick(round(float(left + (right - left) * place / (high - low)), 1), number(value))


def _log_ticks(low: float, high: float) -> list[float]:
    powers = range(int(np.floor(low / np.log(10))), int(np.ceil(high / np.log(10))) + 1)
    for steps in TICK_STEPS:
        found = [s * 10.0**p for p in powers for s in steps if low <= np.log(s * 10.0**p) <= high]
        if 3 <= len(found) <= MOST_TICKS:
            return found
    if len(found) > MOST_TICKS:
        return found[:: -(-len(found) // MOST_TICKS)]
    return _linear_ticks(float(np.exp(low)), float(np.exp(high)))


def _linear_ticks(low: float, high: float) -> list[float]:
    return [float(tick) for tick in MaxNLocator(6).tick_values(low, high) if low <= tick <= high]


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


def embedded(run: Run) -> _PageDraws:
    """Return the first draws of every randomisation, about 4,096 in all."""
    draws = run.results.variable(run.outcome)
    n_each = min(draws.shape[1], max(1, N_EMBEDDED // draws.shape[0]))
    kept = draws[:, :n_each]
    values = kept.ravel()
    priors = movables(run, n_each) if values.size >= FEWEST and np.ptp(values) > 0 else ()
    middle = float(np.median(draws))
    median = estimate(_median, kept)
    chance = estimate(lambda each: float(np.mean(each > middle)), kept)
    error = median.error / abs(median.value) if median.value else 0.0
    return _PageDraws(values, tuple(_held(run, n_each))[:MOST_HELD], priors, error, chance.error)


def document(run: Run, held: _PageDraws, panel: Panel) -> Mapping[str, object]:
    """Return what the script reads, ready for JSON.

    Parameters
    ----------
    run, held, panel
        The run, its draws and priors in the page, and the frame of the moving distribution.

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


def _median(values: Array) -> float:
    return float(np.median(values))


def _held(run: Run, n_each: int) -> Iterator[_AlternativeDraws]:
    for choice in run.results.choices:
        held = run.results.outcomes.by_choice[choice]
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
