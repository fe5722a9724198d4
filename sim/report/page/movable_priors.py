r"""Parameters whose prior the page can move, and what it needs to weigh draws for that.

A prior with density f is moved by :math:`\delta` along its scale :math:`y = g(x)`
(:class:`Scale`), in units of its own spread s there. With
:math:`z = (g(x) - g(m)) / s`, m the median, and h the density of z, a draw stands for one of the moved prior
with the weight

.. math:: w_i = h(z_i - \delta) / h(z_i).

The page holds :math:`z_i` and a table of :math:`\ln h` on an even grid, both in single precision, and reads
the table by linear interpolation: for a normal law of z the error of :math:`\ln h` is at most
:math:`\Delta^2/8`, with some 10 spreads over 4,096 places below :math:`10^{-6}`. Independent parameters
multiply.
"""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np

from sim.distributions import ContinuousLaw
from sim.run_record import Run
from sim.scenario.correlations import blocks
from sim.scenario.graph import names_below
from sim.scenario.titles import title_of
from sim.types import Array

ScaleForm = Literal["log", "mirrored log", "logit", "value"]
REACH = 1.5
"""Furthest shift, in spreads: further, a single normal prior leaves under a tenth of the draws."""
N_TABLE = 4096
MOST = 12
"""Most sliders on a page."""
NORMAL_84 = 0.8413447460685429
"""Probability below one standard deviation of a normal law."""

TO: dict[ScaleForm, Callable[[Array, float, float], Array]] = {
    "log": lambda x, a, _: np.log(x - a),
    "mirrored log": lambda x, _, b: -np.log(b - x),
    "logit": lambda x, a, b: np.log((x - a) / (b - x)),
    "value": lambda x, _a, _b: x,
}
BACK: dict[ScaleForm, Callable[[Array, float, float], Array]] = {
    "log": lambda y, a, _: a + np.exp(y),
    "mirrored log": lambda y, _, b: b - np.exp(-y),
    "logit": lambda y, a, b: a + (b - a) / (1.0 + np.exp(-y)),
    "value": lambda y, _a, _b: y,
}
LOG_SLOPE: dict[ScaleForm, Callable[[Array], Array]] = {
    "log": lambda y: y,
    "mirrored log": lambda y: -y,
    "logit": lambda y: -np.logaddexp(0.0, y) - np.logaddexp(0.0, -y),
    "value": np.zeros_like,
}


@dataclass(frozen=True)
class Scale:
    r"""The one-to-one map :math:`y = g(x)` from a support to the real line, by which a law is shifted.

    With a lower end a (`low`) and an upper end b (`high`) of the support, the form is

    - ``log``, where only a is finite: :math:`y = \ln(x - a)`;
    - ``mirrored log``, where only b is: :math:`y = -\ln(b - x)`;
    - ``logit``, where both are: :math:`y = \ln((x - a) / (b - x))`;
    - ``value``, where neither is: :math:`y = x`.

    For positive laws, shares on (0, 1) and laws of the whole line these are the scales of
    :mod:`sim.analysis.decision.tipping_points`.

    Parameters
    ----------
    form
        Form of the map, one of those above.
    low
        Lower end a of the support; may be infinite.
    high
        Upper end b of the support; may be infinite.
    """

    form: ScaleForm
    low: float
    high: float

    def to(self, x: Array) -> Array:
        """Return g(x): values of the quantity on the real line."""
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.asarray(TO[self.form](x, self.low, self.high))

    def back(self, y: Array) -> Array:
        """Return the x with g(x) = y: values of the quantity from the real line."""
        return np.asarray(BACK[self.form](y, self.low, self.high))

    def log_slope(self, y: Array) -> Array:
        r"""Return :math:`\ln |dx / dy|`, up to a constant."""
        return np.asarray(LOG_SLOPE[self.form](y))


def _scale_of(support: tuple[float, float]) -> Scale:
    """Return the scale of a support.

    Examples
    --------
    >>> [_scale_of(ends).form for ends in ((0.0, math.inf), (0.0, 1.0), (-math.inf, math.inf))]
    ['log', 'logit', 'value']
    """
    low, high = support
    forms: dict[tuple[bool, bool], ScaleForm] = {
        (True, False): "log",
        (False, True): "mirrored log",
        (True, True): "logit",
        (False, False): "value",
    }
    return Scale(forms[math.isfinite(low), math.isfinite(high)], low, high)


@dataclass(frozen=True, eq=False)
class MovablePrior:
    """A parameter, or one share of a whole, with a slider.

    Parameters
    ----------
    name
        Name of the parameter or share.
    title
        Its title in words.
    unit
        Its unit in pint's notation.
    scale
        Scale along which its prior is moved.
    middle
        Median on that scale.
    spread
        Half the distance between the 16 and 84 % quantiles on that scale.
    scores
        Standard score z of each draw that the page holds, (draw).
    first
        Least z of the grid.
    step
        Distance of the grid's places.
    log_density
        Logarithm of the density of z on the grid, up to a constant.
    """

    name: str
    title: str
    unit: str
    scale: Scale
    middle: float
    spread: float
    scores: Array
    first: float
    step: float
    log_density: Array


def movable_priors(run: Run, n_each: int) -> tuple[MovablePrior, ...]:
    """Return the parameters that the page can move, the weightiest first where the run has a tornado.

    They are continuous, independent of all others, read by the outcome, and not conditioned on observed
    values. Of a Dirichlet, the first share that is read stands for the whole; the others keep their
    proportions among themselves, which are independent of it.

    Parameters
    ----------
    run
        The run.
    n_each
        Number of draws of each randomisation that the page holds.

    Returns
    -------
    tuple of MovablePrior
        The parameters, at most ``MOST``.
    """
    found = [
        movable
        for name, title, unit, law in _laws(run)
        if (movable := _movable(run, n_each, (name, title, unit), law))
    ]
    shares = run.tables.get("tornado")
    if shares is not None and {"group", "share"} <= set(shares.columns):
        rank = {str(group): place for place, group in enumerate(shares["group"])}
        found.sort(key=lambda each: rank.get(each.name.split(".")[0], len(rank)))
    return tuple(found[:MOST])


def _laws(run: Run) -> Iterator[tuple[str, str, str, ContinuousLaw]]:
    scenario = run.scenario
    tied = {name.split(".")[0] for block in blocks(scenario.correlations) for name in block.names}
    observed = set(scenario.evidence.observations) if scenario.evidence else set()
    read = names_below(scenario, scenario.report.outcome)
    for name, parameter in scenario.parameters.items():
        if name in tied | observed:
            continue
        laws = parameter.continuous_marginals(name)
        column = next((column for column in laws if column in read), None)
        if column is not None:
            yield column, title_of(scenario, column), parameter.unit, laws[column]


def _movable(run: Run, n_each: int, words: tuple[str, str, str], law: ContinuousLaw) -> MovablePrior | None:
    """Return a parameter ready to be moved; nothing where its density is not finite wherever it is needed."""
    name, title, unit = words
    scale = _scale_of(law.support())
    low, middle, high = scale.to(law.ppf(np.array([1.0 - NORMAL_84, 0.5, NORMAL_84])))
    spread = (high - low) / 2.0
    draws = run.variable(name)[:, :n_each].ravel()
    if not (np.isfinite([low, middle, high]).all() and spread > 0):
        return None
    scores = (scale.to(draws) - middle) / spread
    if not np.isfinite(scores).all():
        return None
    grid, step = np.linspace(scores.min() - REACH, scores.max() + REACH, N_TABLE, retstep=True)
    places = middle + spread * grid
    with np.errstate(divide="ignore", over="ignore", invalid="ignore"):
        table = np.log(law.pdf(scale.back(places))) + scale.log_slope(places)
    if not np.isfinite(table).all():
        return None
    table -= table.max()
    return MovablePrior(
        name, title, unit, scale, float(middle), float(spread), scores, float(grid[0]), float(step), table
    )
