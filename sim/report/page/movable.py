r"""Parameters whose prior the page can move, and what it needs to weigh draws for that.

A prior with density f is moved by :math:`\delta` along its scale :math:`y = g(x)`
(:class:`sim.report.page.scale.Scale`), in units of its own spread s there. With
:math:`z = (g(x) - g(m)) / s`, m the median, and h the density of z, a draw stands for one of the moved prior
with the weight

.. math:: w_i = h(z_i - \delta) / h(z_i).

The page holds :math:`z_i` and a table of :math:`\ln h` on an even grid, both in single precision, and reads
the table by linear interpolation: for a normal law of z the error of :math:`\ln h` is at most
:math:`\Delta^2/8`, with some 10 spreads over 4,096 places below :math:`10^{-6}`. Independent parameters
multiply.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from sim.distributions import ContinuousLaw
from sim.report.page.scale import Scale, scale_of
from sim.run_record import Run
from sim.scenario.correlations import blocks
from sim.scenario.graph import names_below
from sim.scenario.titles import title_of
from sim.types import Array

REACH = 1.5
"""Furthest shift, in spreads: further, a single normal prior leaves under a tenth of the draws."""
N_TABLE = 4096
MOST = 12
"""Most sliders on a page."""
NORMAL_84 = 0.8413447460685429
"""Probability below one standard deviation of a normal law."""


@dataclass(frozen=True, eq=False)
class Movable:
    """A parameter with a slider.

    Parameters
    ----------
    name, title, unit
        Of the parameter, or of one share of a whole.
    scale
        Along which its prior is moved.
    middle, spread
        Median and half the distance between the 16 and 84 % quantiles, both on that scale.
    scores
        z of each draw that the page holds.
    first, step
        Of the grid.
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


def movables(run: Run, n_each: int) -> tuple[Movable, ...]:
    """Return the parameters that the page can move, the weightiest first where the run has a tornado.

    They are continuous, independent of all others, read by the outcome, and not conditioned on observed
    values. Of a Dirichlet, the first share that is read stands for the whole; the others keep their
    proportions among themselves, which are independent of it.

    Parameters
    ----------
    run
        The run.
    n_each
        Draws of each randomisation that the page holds.

    Returns
    -------
    tuple of Movable
        At most ``MOST``.
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


def _movable(run: Run, n_each: int, words: tuple[str, str, str], law: ContinuousLaw) -> Movable | None:
    """Return a parameter ready to be moved; nothing where its density is not finite wherever it is needed."""
    name, title, unit = words
    scale = scale_of(law.support())
    low, middle, high = scale.to(law.ppf(np.array([1.0 - NORMAL_84, 0.5, NORMAL_84])))
    spread = (high - low) / 2.0
    draws = run.results.variable(name)[:, :n_each].ravel()
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
    return Movable(
        name, title, unit, scale, float(middle), float(spread), scores, float(grid[0]), float(step), table
    )
