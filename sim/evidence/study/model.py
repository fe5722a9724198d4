r"""Simulator ``model``: surveys drawn from a hierarchical model of contributors and what they do.

For stratum h and period j,

.. math::

    N_{hj} &\sim NB(\text{mean } \mu_h, \text{variance } \mu_h + \varphi_h \mu_h^2),
        \quad \ln \mu_h \sim N(\beta, \sigma), \quad \varphi_h = \varphi_0 e_h, \quad e_h \sim Exp(1) \\
    \eta_{hj} &= g_h + b (\ln N_{hj} - c_h) + \tau u_{hj},
        \quad g_h \sim N(\beta', \sigma'), \quad u_{hj} \sim N(0, 1) \\
    x_{hji} &= \lceil X_{hji} \rceil - 1 + x_0, \quad \ln X_{hji} \sim N(\eta_{hj}, s)

with x the commits (:math:`x_0 = 1`), or the lines (:math:`x_0 = 0`), of contributor i, and
:math:`c_h = \ln E[N_{hj} | N_{hj} > 0]`. A cap holds each contributor's lines at most there. The levels
:math:`\mu_h, \varphi_h, g_h` are drawn anew for every survey (:math:`\mu_h` only where `sizes` is ``drawn``),
and the truth is exact for the levels drawn: u and X are integrated out together, N is summed over,

.. math::

    E[Y_h] = \sum_{n \ge 1} P(N_h = n)\, n\, m(g_h + b (\ln n - c_h)), \quad E[N_h] = \mu_h

where m is the mean of x with spread :math:`\sqrt{s^2 + \tau^2}`
(:func:`sim.evidence.study.expectation.discretised_mean`). Then :math:`C = \sum \mu_h`,
:math:`U = 26 \sum E[Y_h]` and :math:`R_r = E[Y_r] / E[N_r]`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

import numpy as np

from sim.evidence.bins import bins_up_to
from sim.evidence.estimands import COUNTED, estimands
from sim.evidence.hierarchical.grouped import GroupedSurvey, Integers
from sim.evidence.readings import UNITS
from sim.evidence.study.levels import ContributorLevels, MarkLevels, expected_counts
from sim.evidence.study.parameters import MODEL, ModelParameters
from sim.evidence.study.simulated import Simulated, in_layout_of
from sim.types import Array

Sizes = Literal["surveyed", "drawn"]


@dataclass(frozen=True, eq=False)
class Grouped:
    """Contributors by period and bin, (period, bin), and the largest count of each bin, (bin)."""

    table: Integers
    upper: Integers


@dataclass(frozen=True, eq=False)
class ModelSurveys:
    r"""Surveys drawn from the hierarchical model.

    Parameters
    ----------
    real
        The real survey: gives the layout, the cap of lines and, where `sizes` is ``surveyed``, the mean
        contributors.
    references
        Repository by the reference's short name.
    sizes
        ``surveyed``: :math:`\mu_h` is the real mean contributors of the stratum, half a contributor added to
        the sum so that none is zero; the references are as large as they are. ``drawn``: from the model.
    parameters
        Of the model.
    """

    real: GroupedSurvey
    references: Mapping[str, str]
    sizes: Sizes = "surveyed"
    parameters: ModelParameters = field(default=MODEL)

    @cached_property
    def surveyed_means(self) -> Array:
        """(stratum): mean contributors, half a contributor added to the sum."""
        slots = self.real.stratum
        return np.asarray((np.bincount(slots, self.real.sample.contributors) + 0.5) / np.bincount(slots))

    def simulate(self, rng: np.random.Generator) -> Simulated:
        """Return one survey with levels of its own."""
        slots = self.real.stratum
        people = self._contributor_levels(len(self.real.names), rng)
        marks = {
            unit: MarkLevels(
                rng.normal(law.location, law.between, len(self.real.names)), law, self.real.cap(unit)
            )
            for unit, law in self.parameters.marks.items()
        }
        contributors = people.draw(slots, rng)
        owner = np.repeat(np.arange(len(slots)), contributors)
        counts = [contributors.astype(np.float64)]
        grouped: dict[str, Grouped] = {}
        for unit in COUNTED:
            each = marks[unit].draw(contributors, people.log_active_means[slots], slots, rng)
            counts.append(np.bincount(owner, np.minimum(each, self.real.cap(unit)), minlength=len(slots)))
            grouped[unit] = _grouped(each, owner, len(slots))
        survey = in_layout_of(
            self.real,
            np.stack(counts, axis=1),
            {unit: those.table for unit, those in grouped.items()},
            {unit: those.upper for unit, those in grouped.items()},
            dict.fromkeys(UNITS, np.ones(len(slots))),
        )
        return Simulated(survey, self._truths(people, marks))

    def _contributor_levels(self, n_strata: int, rng: np.random.Generator) -> ContributorLevels:
        law = self.parameters.contributors
        means = np.exp(rng.normal(law.location, law.between, n_strata))
        if self.sizes == "surveyed":
            means = self.surveyed_means
        return ContributorLevels(means, law.dispersion * rng.exponential(size=n_strata))

    def _truths(self, people: ContributorLevels, marks: Mapping[str, MarkLevels]) -> dict[str, float]:
        expected = np.stack(
            [people.means, *(expected_counts(people, marks[unit]) for unit in COUNTED)], axis=1
        )
        n_periods = np.bincount(self.real.stratum).astype(np.float64)
        repository = self.real.sample.repository[np.unique(self.real.stratum, return_index=True)[1]]
        sums = {
            name: np.asarray(n_periods[repository == wanted] @ expected[repository == wanted])
            for name, wanted in self.references.items()
        }
        return {name: float(value) for name, value in estimands(expected.sum(axis=0), sums).items()}


def _grouped(each: Array, owner: Integers, n_periods: int) -> Grouped:
    """Count contributors by period and doubling bin."""
    bins = bins_up_to(int(each.max(initial=1.0)))
    upper = np.array([one.high for one in bins], dtype=np.int64)
    places = np.searchsorted(upper, each, side="left")
    flat = np.bincount(owner * len(bins) + places, minlength=n_periods * len(bins))
    return Grouped(flat.reshape(n_periods, len(bins)).astype(np.int64), upper)
