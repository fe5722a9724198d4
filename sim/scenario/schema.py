"""The scenario file: every key, its type and its limits. Frozen; unknown keys are refused."""

from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, FiniteFloat, NonNegativeInt, model_validator

from sim.evidence.switches import AnyMethod, Bots, Duplicates, Lines, Weeks
from sim.scenario.names import Name
from sim.scenario.parameters import Parameter
from sim.scenario.prices import Year

Text = Annotated[str, Field(min_length=1)]
Formula = Annotated[str, Field(min_length=1)]
PositiveError = Annotated[float, Field(gt=0, allow_inf_nan=False)]
Weight = Annotated[float, Field(ge=0, allow_inf_nan=False)]


class Frozen(BaseModel):
    """A table of the file: immutable, no unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Sampling(Frozen):
    """How many draws, and how they are laid out.

    Parameters
    ----------
    n_draws
        Number of draws. Above 4,194,304 they are made block by block and not kept.
    keep_draws
        Draws kept in the results, the first of each randomisation; unless stated all of them, or 65,536 where
        they are made block by block.
    n_randomisations
        Independent parts of the draws, whose spread gives the Monte Carlo error.
    sampler
        ``sobol``, scrambled Sobol' points; ``lhs``, Latin hypercubes; ``random``, independent points.
    dimensions
        Parameters, shares of them and choices that take the best Sobol' coordinates, in this order.
    """

    n_draws: Annotated[int, Field(ge=64, le=2**34)] = 2**16
    keep_draws: Annotated[int, Field(ge=64, le=2**22)] | None = None
    n_randomisations: Annotated[int, Field(ge=4, le=1024)] = 16
    sampler: Literal["sobol", "lhs", "random"] = "sobol"
    dimensions: tuple[str, ...] = ()


class Observed(Frozen):
    """Observed values of a parameter, on which it is conditioned (random-effects meta-analysis).

    Parameters
    ----------
    values
        In the parameter's unit.
    sd
        Standard error of each value, or of all, on the working scale.
    scale
        ``log``: errors and spread are of the logarithm; ``natural``: of the value.
    between
        Scale of the half-normal prior of the spread between sources, on the working scale; 0 for none.
    source
        Where the values stand.
    """

    values: Annotated[tuple[FiniteFloat, ...], Field(min_length=1)]
    sd: PositiveError | tuple[PositiveError, ...]
    scale: Literal["log", "natural"] = "log"
    between: Annotated[float, Field(ge=0, allow_inf_nan=False)] = 0.0
    source: Text

    @property
    def sds(self) -> tuple[float, ...]:
        """Standard error of each value."""
        return self.sd if isinstance(self.sd, tuple) else (self.sd,) * len(self.values)

    @model_validator(mode="after")
    def _fit_together(self) -> Self:
        if len(self.sds) != len(self.values):
            raise ValueError(f"sd has {len(self.sds)} entries for {len(self.values)} values")
        if self.scale == "log" and min(self.values) <= 0:
            raise ValueError(f"values must be above 0 on the log scale; the least is {min(self.values):g}")
        return self


class Evidence(Frozen):
    """The survey, how it is read, how its sampling error is drawn; and observed values of parameters.

    Parameters
    ----------
    periods
        Period file of the survey, relative to this file.
    lines
        ``corrected``, all digits; ``published``, cut at the thousands comma; ``capped``, corrected and held
        at 10,000 for each contributor and period.
    duplicates
        ``listed``, tools as the paper lists them; ``merged``, one for each repository.
    weeks
        ``as-dated``, or ``weekly-bins``: periods that start on a Sunday scaled to two weekly bins.
    bots
        ``kept`` or ``dropped``: automation accounts, by name.
    method
        How the survey's sampling error is drawn: not at all (``point``), by a bootstrap of periods
        (``naive``, ``rescaled``, ``bayesian``, ``calibrated``), by a Bayesian model of all repositories
        (``hierarchical``), or totals by the calibrated bootstrap and ratios by the model (``hybrid``).
    references
        Repositories that price a unit, ``org/project`` by the name that formulas use.
    observations
        Observed values by the name of the parameter they condition.
    accept_diagnostics
        Use a posterior that its diagnostics refuse.
    """

    periods: Path | None = None
    lines: Lines = "capped"
    duplicates: Duplicates = "listed"
    weeks: Weeks = "as-dated"
    bots: Bots = "kept"
    method: AnyMethod = "calibrated"
    references: dict[Name, Text] = {}
    observations: dict[Name, Observed] = {}
    accept_diagnostics: bool = False

    @model_validator(mode="after")
    def _some_evidence(self) -> Self:
        if self.periods is None and not self.observations:
            raise ValueError("periods is missing: state a period file, or observations of parameters")
        return self


class Choice(BaseModel):
    """Structural uncertainty: alternatives with weights, stated as keys of the table.

    Any other key is an alternative; its value is the weight. One alternative is drawn each time.

    Parameters
    ----------
    title
        In words.
    source, url, rationale
        Where the alternatives and their weights come from, and why.
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


class Correlation(Frozen):
    """A rank correlation between two parameters, through a Gaussian copula.

    Parameters
    ----------
    between
        Two parameters, or shares of one such as ``attribution.algorithms``.
    rank
        Spearman's rank correlation.
    source, rationale
        Where it stands, or why.
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
        In words.
    unit
        In pint's notation; the formula must come out in just this unit.
    formula
        Names, numbers, arithmetic, comparisons, ``where`` and functions.
    by
        The choice whose alternatives have a formula each.
    """

    model_config = ConfigDict(frozen=True, extra="allow")
    __pydantic_extra__: dict[str, Formula]

    title: Text | None = None
    unit: Text = "1"
    formula: Formula | None = None
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


class Published(Frozen):
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


class Scenario(Frozen):
    """One validated set of evidence, parameters, choices, outcomes and report.

    ``extends`` and ``remove`` belong to files, not to what they resolve to; :mod:`sim.scenario.load`
    deals with them.

    Parameters
    ----------
    title
        In words, as a table of scenarios would print it.
    name
        Names results and folders; by default the file's own name.
    seed
        Fixes all draws, together with the parameters' names.
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
    outcomes
        Formulas by name.
    report
        What is reported, and how.
    """

    title: Text
    name: Annotated[str, Field(pattern=r"^[\w][\w.-]*$", max_length=80)]
    seed: NonNegativeInt
    price_year: Year | None = None
    sampling: Sampling = Sampling()
    evidence: Evidence | None = None
    parameters: dict[Name, Parameter] = {}
    choices: dict[Name, Choice] = {}
    correlations: tuple[Correlation, ...] = ()
    outcomes: Annotated[dict[Name, Outcome], Field(min_length=1)]
    report: Report
