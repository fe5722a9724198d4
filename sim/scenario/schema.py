"""The scenario file: every key, its type and its limits. Frozen; unknown keys are refused."""

from collections import Counter
from collections.abc import Mapping
from operator import not_
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, FiniteFloat, NonNegativeInt, model_validator

from sim.citations import Citations
from sim.samplers import SAMPLERS
from sim.scenario.evidence import Evidence
from sim.scenario.fields import FileTable, Name, Parameter, Text, Year
from sim.scenario.streams import Horizon, Stream


class Interval(FileTable):
    """A credible interval: its probability and its kind.

    Parameters
    ----------
    probability
        Probability of the quantity to be inside.
    kind
        ``eti``, equal tails; ``hdi``, highest density; ``shortest``, the shortest of the draws.
    """

    probability: Annotated[float, Field(gt=0, lt=1)] = 0.95
    kind: Literal["eti", "hdi", "shortest"] = "eti"

    @property
    def words(self) -> str:
        """Probability and kind, such as ``95 % credible interval (eti)``."""
        return f"{100 * self.probability:g} % credible interval ({self.kind})"

    @property
    def short_words(self) -> str:
        """The same in short: ``95 % (eti)``."""
        return f"{100 * self.probability:g} % ({self.kind})"


class PublishedValues(FileTable, Citations):
    """Values from elsewhere, marked in figures.

    Parameters
    ----------
    source
        Source of the values.
    values
        Values by outcome, or by outcome and alternative.
    """

    source: Text
    values: dict[Name, FiniteFloat | dict[Name, FiniteFloat]]


class Report(FileTable):
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
    published: PublishedValues | None = None

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
                words = stated.short_words
                raise ValueError(f"intervals states {words}, which makes {count} times; interval is one")
        return self


FormulaText = Annotated[str, Field(min_length=1)]
Weight = Annotated[float, Field(ge=0, allow_inf_nan=False)]
if TYPE_CHECKING:
    SamplerName = str
else:
    SamplerName = Literal[tuple(SAMPLERS)]


class Sampling(FileTable):
    """How many draws, and how they are laid out.

    Parameters
    ----------
    n_draws
        Number of draws. Above 1,048,576 they are made block by block and not kept.
    keep_draws
        Draws kept in the results, the first of each randomisation; unless stated all of them, or 65,536 where
        they are made block by block.
    n_randomisations
        Independent parts of the draws, whose spread gives the Monte Carlo error.
    sampler
        ``sobol``, scrambled Sobol' points of the names listed in ``dimensions`` and Latin hypercubes of the
        others; ``lhs``, Latin hypercubes, of up to 4,194,304 draws; ``random``, independent points.
    dimensions
        Parameters, shares of them and choices that take the best Sobol' coordinates, in this order.
    """

    n_draws: Annotated[int, Field(ge=64, le=2**34)] = 2**16
    keep_draws: Annotated[int, Field(ge=64, le=2**22)] | None = None
    n_randomisations: Annotated[int, Field(ge=4, le=1024)] = 16
    sampler: SamplerName = "sobol"
    dimensions: tuple[str, ...] = ()


class Choice(Citations):
    """Structural uncertainty: alternatives with weights, stated as keys of the table.

    Any other key is an alternative; its value is the weight. One alternative is drawn each time.

    Parameters
    ----------
    title
        Title in words.
    source
        Source of the alternatives and their weights.
    url
        Address of the source.
    rationale
        Why these alternatives, and these weights.
    """

    model_config = ConfigDict(frozen=True, extra="allow")
    __pydantic_extra__: dict[str, Weight]

    title: Text | None = None
    source: Text | None = None
    url: Text | None = None
    rationale: Text | None = None

    @property
    def weights(self) -> dict[str, float]:
        """Weight of each alternative, by name, adding to one."""
        stated = self.__pydantic_extra__
        total = sum(stated.values())
        return {name: stated[name] / total for name in sorted(stated)}

    @model_validator(mode="after")
    def _some_weight(self) -> Self:
        stated = self.__pydantic_extra__
        if len(stated) < 2:
            raise ValueError(f"a choice needs at least two alternatives with weights; given: {stated}")
        if not sum(stated.values()) > 0:
            raise ValueError(f"the weights are all zero: {stated}; at least one must be larger than 0")
        return self


class Correlation(FileTable, Citations):
    """A rank correlation between two parameters, through a Gaussian copula.

    Parameters
    ----------
    between
        Two parameters, or shares of one such as ``attribution.algorithms``.
    rank
        Spearman's rank correlation.
    source
        Source of the correlation.
    rationale
        Why the parameters are correlated.
    """

    between: tuple[str, str]
    rank: Annotated[float, Field(ge=-1, le=1)]
    source: Text | None = None
    rationale: Text | None = None


class Outcome(BaseModel):
    """A quantity computed per draw: one formula, or one for each alternative of a choice.

    With ``by``, any other key is an alternative of that choice, and its value the formula under it.

    Parameters
    ----------
    title
        Title in words.
    unit
        Unit in pint's notation; the formula must come out in just this unit.
    formula
        Names, numbers, arithmetic, comparisons, ``where`` and functions.
    by
        The choice whose alternatives have a formula each.
    """

    model_config = ConfigDict(frozen=True, extra="allow")
    __pydantic_extra__: dict[str, FormulaText]

    title: Text | None = None
    unit: Text = "1"
    formula: FormulaText | None = None
    by: Name | None = None

    @property
    def formulas(self) -> Mapping[str, str]:
        """Formula text by the key that states it: ``formula``, or the alternatives."""
        return {"formula": self.formula} if self.formula else dict(self.__pydantic_extra__)

    @model_validator(mode="after")
    def _one_form(self) -> Self:
        if (self.formula is None) == (self.by is None):
            raise ValueError("an outcome states either formula, or by with a formula for each alternative")
        if self.formula is not None and self.__pydantic_extra__:
            extra = ", ".join(self.__pydantic_extra__)
            raise ValueError(f"unknown key {extra}; allowed beside formula: title, unit")
        return self


class Scenario(FileTable):
    """One validated set of evidence, parameters, choices, outcomes and report.

    ``extends`` and ``remove`` belong to files, not to what they resolve to; :mod:`sim.scenario.load`
    deals with them.

    Parameters
    ----------
    title
        Title in words, as a table of scenarios would print it.
    name
        Names results and folders; by default the file's own name.
    seed
        Fixes all draws, together with the parameters' names; recorded with the results, stated or not.
    price_year
        Year of whose money all amounts are; a parameter in another year's states its own, and an index.
    sampling
        How many draws, and how they are laid out.
    evidence
        The survey, and observed values of parameters.
    parameters
        Uncertain inputs by name.
    choices
        Structural uncertainty by name.
    correlations
        Rank correlations between parameters.
    horizon
        The years over which streams go.
    streams
        What has one value a year, by name; only with a horizon.
    outcomes
        Formulas by name.
    report
        What is reported, and how.
    """

    title: Text
    name: Annotated[str, Field(pattern=r"^[\w][\w.-]*$", max_length=80)]
    seed: NonNegativeInt = 1
    price_year: Year | None = None
    sampling: Sampling = Sampling()
    evidence: Evidence | None = None
    parameters: dict[Name, Parameter] = Field({})
    choices: dict[Name, Choice] = Field({})
    correlations: tuple[Correlation, ...] = ()
    horizon: Horizon | None = None
    streams: dict[Name, Stream] = Field({}, exclude_if=not_)
    outcomes: Annotated[dict[Name, Outcome], Field(min_length=1)]
    report: Report

    @property
    def alternatives(self) -> dict[str, tuple[str, ...]]:
        """Names of the alternatives of each choice, in the order of their numbers among the draws."""
        return {name: tuple(choice.weights) for name, choice in self.choices.items()}

    @property
    def table(self) -> dict[str, Any]:
        """The scenario as the nested tables of a file, defaults filled in."""
        return self.model_dump(mode="json", exclude_none=True)

    def __reduce__(self) -> tuple[Any, ...]:
        """Go to another process as JSON: the classes of its parameters are made when `sim` is imported."""
        return _restored, (self.model_dump_json(),)


def _restored(text: str) -> Scenario:
    return Scenario.model_validate_json(text)
