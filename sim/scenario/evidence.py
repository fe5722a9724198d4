"""The table ``[evidence]`` of a scenario file: the survey, and observed values of parameters."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, Self

from pydantic import BeforeValidator, Field, FiniteFloat, model_validator

from sim.citations import Citations
from sim.evidence.methods import METHODS
from sim.evidence.mixed_survey import EVERY, Span
from sim.evidence.readings import Reading
from sim.evidence.survey_format import Bots, Duplicates, LineReading, Weeks
from sim.scenario.fields import FileTable, Name, Text

if TYPE_CHECKING:
    from sim.evidence.observations import Observations

    MethodName = str
else:
    MethodName = Literal[tuple(METHODS)]


def _no_number(day: object) -> object:
    """Refuse a number, which would count as seconds since 1970."""
    if isinstance(day, int | float):
        raise ValueError(f"{day} is no day; allowed: a date, as 2021-02-19")
    return day


Day = Annotated[date, BeforeValidator(_no_number)]

PositiveError = Annotated[float, Field(gt=0, allow_inf_nan=False)]


class ObservedValues(FileTable, Citations):
    """Observed values of a parameter, on which it is conditioned (random-effects meta-analysis).

    The parameter then follows the posterior itself, in closed form or by quadrature, whatever the seed. Its
    distribution must have a density, and none below 0 on the log scale.

    Parameters
    ----------
    values
        The observed values, in the parameter's unit.
    sd
        Standard error of each value, or of all, on the working scale.
    scale
        ``log``: errors and spread are of the logarithm; ``natural``: of the value.
    between
        Scale of the half-normal prior of the spread between sources, on the working scale; 0 for none.
    source
        Source of the values.
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

    def observations(self) -> "Observations":
        """Return what conditions the parameter."""
        from sim.evidence.observations import Observations

        return Observations(self.values, self.sds, self.scale, self.between)

    @model_validator(mode="after")
    def _fit_together(self) -> Self:
        if len(self.sds) != len(self.values):
            raise ValueError(f"sd has {len(self.sds)} entries for {len(self.values)} values")
        if self.scale == "log" and min(self.values) <= 0:
            raise ValueError(f"values must be above 0 on the log scale; the least is {min(self.values):g}")
        return self


class Evidence(FileTable):
    """The survey, how it is read, how its sampling error is drawn; and observed values of parameters.

    Parameters
    ----------
    periods
        Period file of the survey, relative to this file.
    histories
        A second period file, whose periods stand in for those of the repositories that both have: whole
        histories where they are known, sampled periods where not. What is observed whole (its ``population``
        is the number of its periods) has no sampling error.
    since
        First day: only periods that start on it or later count, of `histories` where they are given (the
        repositories that have no such history keep all their periods), else of `periods`.
    until
        Last day: only periods that end on it or earlier count, of the same file.
    last_periods
        Number of periods of each repository that count, the last ones, of the same file.
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
        (``naive``, ``rescaled``, ``bayesian``, ``calibrated``, and ``pivotal``, whose ratios err as those of
        whole git histories were seen to), by a Bayesian model of all repositories
        (``hierarchical``), or totals by the calibrated bootstrap and ratios by the model (``hybrid``; on
        whole histories its 95 % intervals of ratios held 82 % for commits, 81 % for capped lines).
    references
        Repositories that price a unit, ``org/project`` by the name that formulas use.
    observations
        Observed values by the name of the parameter they condition.
    posterior_draws
        Fewest draws of each of the posterior's four chains, 1,000 unless stated; they limit how small the
        Monte Carlo errors of a run become, whatever its own number of draws.
    accept_diagnostics
        Whether to use a posterior that its diagnostics refuse.
    """

    periods: Path | None = None
    histories: Path | None = None
    since: Day | None = None
    until: Day | None = None
    last_periods: Annotated[int, Field(ge=1)] | None = None
    lines: LineReading = "capped"
    duplicates: Duplicates = "listed"
    weeks: Weeks = "as-dated"
    bots: Bots = "kept"
    method: MethodName = "pivotal"
    references: dict[Name, Text] = Field({})
    observations: dict[Name, ObservedValues] = Field({})
    posterior_draws: Annotated[int, Field(ge=100, le=100_000)] | None = None
    accept_diagnostics: bool = False

    @property
    def reading(self) -> Reading:
        """How the survey is read."""
        return Reading(self.lines, self.duplicates, self.weeks, self.bots)

    @property
    def span(self) -> Span:
        """The periods that count."""
        return Span(self.since, self.until, self.last_periods)

    @property
    def is_sample(self) -> bool:
        """Whether the survey is all of one period file, which models take for a sample."""
        return self.histories is None and self.span == EVERY

    @model_validator(mode="after")
    def _some_evidence(self) -> Self:
        if self.periods is None and not self.observations:
            raise ValueError("periods is missing: state a period file, or observations of parameters")
        if self.periods is None and not self.is_sample:
            raise ValueError("histories, since, until and last_periods need periods, which are missing")
        if self.since and self.until and self.until < self.since:
            raise ValueError(f"until {self.until} lies before since {self.since}")
        if not self.is_sample and METHODS[self.method].has_posterior:
            raise ValueError(
                f"method {self.method!r} takes all of one file for a sample, so histories, since, until and "
                f"last_periods are not read by it; allowed with them: {', '.join(replicating_methods())}"
            )
        return self


def replicating_methods() -> tuple[str, ...]:
    """Return the methods that read no posterior: those that a survey with whole histories may use."""
    return tuple(name for name, method in METHODS.items() if not method.has_posterior)
