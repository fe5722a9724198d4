r"""What a scenario draws, by name: parameters, streams with one draw a year, columns of the survey.

A stream's draws are columns, one a year, each with uniforms of its own name: a longer horizon leaves those of
earlier years alone. With normal scores :math:`z_t` of the uniforms and a correlation :math:`\rho`, those of
``ar1`` are

.. math:: s_0 = z_0, \qquad s_t = \rho s_{t-1} + \sqrt{1 - \rho^2}\, z_t,

so that each year follows the law, and the scores of years k apart have the correlation :math:`\rho^k`.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, cast, override

import numpy as np

from sim.distributions.base import FamilyBase
from sim.distributions.law import Law, Source, Uniforms
from sim.evidence.estimands import evidence_units
from sim.scenario.fields import Description, Parameter
from sim.scenario.schema import Scenario
from sim.scenario.stream_tables import n_years
from sim.scenario.streams import Stream
from sim.special_functions import ndtr, ndtri
from sim.types import Array

ByYear = Literal["independent", "ar1", "random-walk"]


def priors(scenario: Scenario) -> Mapping[str, Parameter]:
    """Return all that has a law, by name: parameters, then streams with one draw a year."""
    yearly = {name: stream for name, stream in scenario.streams.items() if stream.law is not None}
    if not yearly or scenario.horizon is None:
        return scenario.parameters
    start = scenario.horizon.start
    years = tuple(map(str, range(start, start + n_years(scenario))))
    laws = {
        name: _prior(stream.law, stream, years) for name, stream in yearly.items() if stream.law is not None
    }
    return {**scenario.parameters, **laws}


def _prior(law: Parameter, stream: Stream, years: tuple[str, ...]) -> Parameter:
    made = YearlyPrior.model_construct(
        **law.model_dump(include={"distribution", *Description.model_fields}),
        law_of_a_year=law,
        by_year=stream.by_year or "independent",
        correlation=stream.correlation or 0.0,
        years=years,
    )
    return cast("Parameter", made)


def yearly_columns(scenario: Scenario) -> Mapping[str, tuple[str, ...]]:
    """Return the columns of each stream with one draw a year, in the order of years."""
    return {name: prior.columns(name) for name, prior in priors(scenario).items() if name in scenario.streams}


def parameter_columns(scenario: Scenario) -> frozenset[str]:
    """Return the names of the columns that parameters fill, and streams with one draw a year."""
    return frozenset(each for name, prior in priors(scenario).items() for each in prior.columns(name))


def summary_columns(scenario: Scenario, columns: Iterable[str]) -> list[str]:
    """Return the columns that a summary has rows of: all but those of streams by year.

    Parameters
    ----------
    scenario
        The scenario whose columns they are.
    columns
        Names of columns.

    Returns
    -------
    list of str
        Names, in their order.
    """
    by_year = {each for names in yearly_columns(scenario).values() for each in names}
    return [name for name in columns if name not in by_year]


def survey_units(scenario: Scenario) -> dict[str, str]:
    """Return the units of the survey's columns by name; none where the scenario has no survey."""
    evidence = scenario.evidence
    return (
        evidence_units(evidence.references) if evidence is not None and evidence.periods is not None else {}
    )


class YearlyPrior(Description, FamilyBase):
    """The law of a stream with one draw a year, as a parameter with a column for each year.

    Parameters
    ----------
    law_of_a_year
        Family with the law of one year.
    by_year
        How the draws of the years go together, as in :class:`sim.scenario.streams.Stream`.
    correlation
        Correlation of one year with the next, for ``ar1``.
    years
        Years of the calendar, as text.
    """

    law_of_a_year: Parameter
    by_year: ByYear
    correlation: float
    years: tuple[str, ...]

    @property
    def parts(self) -> tuple[str, ...]:
        """The years."""
        return self.years

    @property
    @override
    def varies(self) -> bool:  # type: ignore[override]
        """Whether draws can differ."""
        return self.law_of_a_year.varies

    @override
    def marginals(self, name: str) -> dict[str, Law]:
        """Return the law that draws of each year are made from."""
        law = self.law_of_a_year.law()
        return dict.fromkeys(self.columns(name), law)

    @override
    def make_source(self, is_tied: bool) -> Source:
        """Return what the draws of all years are made from, its data file read."""
        del is_tied
        return YearlySource(self.law_of_a_year.law(), self.by_year, self.correlation, self.years)


@dataclass(frozen=True)
class YearlySource(Source):
    """What a stream with one draw a year is drawn from.

    Parameters
    ----------
    law
        Law of one year.
    by_year
        How the draws of the years go together, as in :class:`sim.scenario.streams.Stream`.
    correlation
        Correlation of one year with the next, for ``ar1``.
    years
        Years of the calendar, as text.
    """

    law: Law
    by_year: ByYear
    correlation: float
    years: tuple[str, ...]

    @override
    def draw_columns(self, name: str, uniforms: Uniforms, tied: Collection[str]) -> dict[str, Array]:
        """Return the draws of each year, by the names of their columns.

        Parameters
        ----------
        name
            Name of the stream, with which its columns' names begin.
        uniforms
            Gives the uniforms of a column's name, (randomisation, draw).
        tied
            Names of columns that carry a correlation; those of streams are not among them.

        Returns
        -------
        dict of str to Array
            Draws of each year by its column's name, (randomisation, draw).
        """
        del tied
        names = [f"{name}.{year}" for year in self.years]
        each = {
            "independent": self._independent,
            "ar1": self._autoregressive,
            "random-walk": self._walk,
        }[self.by_year]
        return dict(zip(names, each(map(uniforms, names)), strict=True))

    def _independent(self, uniforms: Iterator[Array]) -> Iterator[Array]:
        return map(self.law.ppf, uniforms)

    def _autoregressive(self, uniforms: Iterator[Array]) -> Iterator[Array]:
        rest = np.sqrt(1.0 - self.correlation**2)
        score = ndtri(next(uniforms))
        yield self.law.ppf(ndtr(score))
        for each in uniforms:
            score = self.correlation * score + rest * ndtri(each)
            yield self.law.ppf(ndtr(score))

    def _walk(self, uniforms: Iterator[Array]) -> Iterator[Array]:
        place: Array | float = 0.0
        for each in uniforms:
            place = place + self.law.ppf(each)
            yield place
