"""The table ``[report]`` of a scenario file: what is reported, and how."""

from collections import Counter
from typing import Annotated, Literal, Self

from pydantic import Field, FiniteFloat, model_validator

from sim.citations import Cited
from sim.scenario.fields import Frozen, Name, Text


class Interval(Frozen):
    """A credible interval: its probability and its kind.

    Parameters
    ----------
    probability
        Of the quantity to be inside.
    kind
        ``eti``, equal tails; ``hdi``, highest density; ``shortest``, the shortest of the draws.
    """

    probability: Annotated[float, Field(gt=0, lt=1)] = 0.95
    kind: Literal["eti", "hdi", "shortest"] = "eti"

    @property
    def words(self) -> str:
        """Probability and kind, such as ``95 % credible interval (eti)``."""
        return f"{100 * self.probability:g} % credible interval ({self.kind})"


class Published(Frozen, Cited):
    """Values from elsewhere, marked in figures.

    Parameters
    ----------
    source
        Where they stand.
    values
        By outcome, or by outcome and alternative.
    """

    source: Text
    values: dict[Name, FiniteFloat | dict[Name, FiniteFloat]]


class Report(Frozen):
    """What is reported, and how.

    Parameters
    ----------
    outcome
        The one that figures, sensitivity and decision analysis are about.
    also
        Outcomes reported beside it, with the correlation of each pair; a vector outcome is all of them.
    interval
        The credible interval of every quantity.
    intervals
        Further ones, of the outcomes reported.
    thresholds
        Values whose probability to be exceeded is reported, and which decisions are about.
    note
        Printed under every result.
    published
        Values from elsewhere, marked in figures.
    """

    outcome: Name
    also: Annotated[tuple[Name, ...], Field(min_length=1)] | None = None
    interval: Interval = Interval()
    intervals: Annotated[tuple[Interval, ...], Field(min_length=1)] | None = None
    thresholds: tuple[FiniteFloat, ...] = ()
    note: Text | None = None
    published: Published | None = None

    @property
    def outcomes(self) -> tuple[str, ...]:
        """Names of the outcomes reported, the main one first."""
        return (self.outcome, *(self.also or ()))

    @model_validator(mode="after")
    def _once_each(self) -> Self:
        for name, count in Counter(self.outcomes).items():
            if count > 1:
                raise ValueError(f"also names {name!r}, which makes {count} times; report each outcome once")
        for stated, count in Counter((self.interval, *(self.intervals or ()))).items():
            if count > 1:
                words = f"{100 * stated.probability:g} % ({stated.kind})"
                raise ValueError(f"intervals states {words}, which makes {count} times; interval is one")
        return self
