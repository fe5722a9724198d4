"""What a figure says about the run it is drawn from, besides its table."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from textwrap import fill, wrap

import pandas as pd

from sim.figures.axes import LINEAR, LOG
from sim.figures.fold import ELLIPSIS
from sim.figures.ticks import number, raise_power
from sim.scenario.schema import Interval, Scenario
from sim.scenario.titles import SURVEY, column_words, raised, title_of
from sim.summary.row import statistic_text

TIED = " ~ "
WIDTH, MOST_LINES = 20, 4
"""Most characters in a line of a label, and most lines."""
DIMENSIONLESS = "1"


@dataclass(frozen=True)
class Subject:
    """Names, units, interval and marks of one figure.

    Parameters
    ----------
    outcome
        Title of what is on the main axis.
    unit
        Its unit in pint's notation (``1``: dimensionless).
    probability
        Probability of the credible interval.
    kind
        Kind of the credible interval: ``eti``, ``hdi`` or ``shortest``.
    n_draws
        Number of draws.
    seed
        Seed of the run.
    median
        Median of the outcome.
    low
        Lower end of its credible interval.
    high
        Upper end of its credible interval.
    pieces
        Ends of the pieces of an interval that is not one; empty for one that is.
    errors
        Monte Carlo errors of `median`, `low` and `high`, by name.
    thresholds
        Values marked on the axis of the outcome.
    published
        A value of the outcome from elsewhere, or ``None``.
    source
        Where that and other published values stand.
    observed
        Values on which a parameter was conditioned, in its unit.
    names
        Label by name of a parameter, group or survey column.
    units
        Unit by name of a parameter, group or survey column.
    beside
        Further tables that the figure needs, by name.
    """

    outcome: str
    unit: str = DIMENSIONLESS
    probability: float = 0.95
    kind: str = "eti"
    n_draws: int = 0
    seed: int = 0
    median: float = float("nan")
    low: float = float("nan")
    high: float = float("nan")
    pieces: Sequence[tuple[float, float]] = ()
    errors: Mapping[str, float] = field(default_factory=dict)
    thresholds: Sequence[float] = ()
    published: float | None = None
    source: str = ""
    observed: Sequence[float] = ()
    names: Mapping[str, str] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)
    beside: Mapping[str, pd.DataFrame] = field(default_factory=dict)

    @property
    def interval(self) -> str:
        """Words for the interval, such as ``95 % credible interval (eti)``."""
        return Interval(probability=self.probability, kind=self.kind).words

    @property
    def axis(self) -> str:
        """Label of the outcome's axis, with its unit."""
        return with_unit(self.outcome, self.unit)

    @property
    def heading(self) -> str:
        """The outcome with its unit in brackets, which begins a caption."""
        return f"{self.outcome} ({unit_words(self.unit)})"

    def statistic(self, name: str) -> str:
        """Return ``median``, ``low`` or ``high``, cut to its Monte Carlo error."""
        values = {"median": self.median, "low": self.low, "high": self.high}
        error = self.errors.get(name, 0.0)
        return raise_power(statistic_text(name, values[name], error)) if error else number(values[name])

    def label(self, name: str) -> str:
        """Return the label of a parameter, of parameters tied to each other, or of the survey.

        Examples
        --------
        >>> Subject("BCR", names={"ai_value": "AI value"}).label("ai_value ~ cost_method")
        'AI value ~ Cost method'
        """
        if name == SURVEY:
            return raised(SURVEY)
        return TIED.join(self.names.get(part, raised(column_words(part))) for part in name.split(TIED))

    def folded_labels(self, names: Sequence[str]) -> list[str]:
        """Return labels in lines, broken between words; what takes more than four ends in an ellipsis."""
        return [
            fill(self.label(name), WIDTH, break_long_words=False, max_lines=MOST_LINES, placeholder=ELLIPSIS)
            for name in names
        ]

    def on_scale(self, scale: str) -> str:
        """Return what a variance on a scale is the variance of.

        Examples
        --------
        >>> Subject("Benefit-cost ratio").on_scale("log"), Subject("Benefit-cost ratio").on_scale("raw")
        ('log(Benefit-cost ratio)', 'Benefit-cost ratio')
        """
        return f"log({self.outcome})" if scale == "log" else self.outcome

    def share_label(self, scale: str, width: int) -> str:
        """Return the label of an axis of shares of the variance.

        Parameters
        ----------
        scale
            Scale of the variance, ``log`` or ``raw``.
        width
            Most characters in a line.

        Returns
        -------
        str
            The label in lines, which break between words; a long title gives way to the word outcome.
        """
        words = f"Share of variance of {self.on_scale(scale)}"
        lines = wrap(words, width, break_long_words=False, break_on_hyphens=False)
        if len(lines) > MOST_LINES or max(map(len, lines)) > 2 * width:
            words = f"Share of variance of {'log(outcome)' if scale == 'log' else 'the outcome'}"
            lines = wrap(words, width)
        return "\n".join(lines)

    def caption(self, *sentences: str) -> str:
        """Return sentences as one paragraph, empty ones left out, with draws and seed at its end."""
        run = f"{self.n_draws:,} draws, seed {self.seed}."
        return " ".join(sentence for sentence in (*sentences, run) if sentence)

    def mark_sentences(self) -> Iterator[str]:
        """Yield what dotted lines are, if there are any, and what the dashed line is."""
        numbers = [number(value) for value in self.thresholds if value != self.published]
        if numbers:
            listed = " and ".join([", ".join(numbers[:-1]), numbers[-1]] if numbers[1:] else numbers)
            yield f"Dotted lines: thresholds {listed}."
        if self.published is not None:
            yield f"Dashed line: published value {number(self.published)} ({self.source})."


def with_unit(title: str, unit: str) -> str:
    """Return the label of an axis.

    Parameters
    ----------
    title
        Title of what is on the axis.
    unit
        Its unit in pint's notation (``1``: dimensionless).

    Returns
    -------
    str
        The label; the unit, if there is one, has a line of its own.
    """
    return title if unit == DIMENSIONLESS else f"{title},\n{unit}"


def titles_of(scenario: Scenario) -> dict[str, str]:
    """Return the titles of parameters, their components and choices; names in words where there are none."""
    columns = [
        column for name, parameter in scenario.parameters.items() for column in parameter.columns(name)
    ]
    named = (*scenario.parameters, *columns, *scenario.streams, *scenario.choices)
    return {name: raised(title_of(scenario, name)) for name in named}


def outcome_title(scenario: Scenario, name: str) -> str:
    """Return an outcome's title with its unit, on one line.

    Parameters
    ----------
    scenario
        The scenario that has the outcome.
    name
        Name of the outcome, which in words stands for a title where there is none.

    Returns
    -------
    str
        Title and unit, such as ``Cost in a year, USD/year``.
    """
    outcome = scenario.outcomes[name]
    return title_of(scenario, name) + ("" if outcome.unit == DIMENSIONLESS else f", {outcome.unit}")


def unit_words(unit: str) -> str:
    """Return a unit, or ``dimensionless``."""
    return unit if unit != DIMENSIONLESS else "dimensionless"


def scale_words(within: float) -> str:
    """Return the words for the scale of an axis that is linear within a width."""
    named = {LOG: "a log axis", LINEAR: "a linear axis"}
    return named.get(within) or f"a symmetric log axis, linear within ±{number(float(f'{within:.1g}'))}"
