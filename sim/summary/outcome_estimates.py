"""Statistics of a scenario's outcomes by randomisation: those of ``sim run``, and what differences need."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from sim.draws.draws import Draws
from sim.scenario.report import Report
from sim.scenario.schema import Scenario
from sim.summary.estimate import ByRandomisation
from sim.summary.joint import Joint, jointly_integrated
from sim.summary.quantiles import own_quantiles
from sim.summary.rows import of_draws, trust_of
from sim.summary.smooth import Smooth
from sim.summary.statistic import NAN, Statistic, probability_of
from sim.types import Array

Estimator = Literal["conditional", "draws"]


@dataclass(frozen=True)
class StatisticEstimate:
    """A statistic and where it comes from.

    Parameters
    ----------
    statistic
        Of all draws, and of each randomisation.
    estimator
        ``conditional``: a parameter was integrated out; ``draws``: of the draws as they are.
    note
        As in :class:`sim.summary.row.Row`.
    """

    statistic: ByRandomisation
    estimator: Estimator
    note: str = ""


class OutcomeEstimates:
    """The statistics of one scenario, each found once.

    Parameters
    ----------
    scenario
        What was run.
    inputs
        What its outcomes are made from.
    outcomes
        Their draws by name, (randomisation, draw).
    """

    def __init__(self, scenario: Scenario, inputs: Draws, outcomes: Mapping[str, Array]) -> None:
        self._scenario, self._inputs, self.outcomes = scenario, inputs, outcomes
        keyed = {(name, ""): draws for name, draws in outcomes.items()}
        self._smooth = Smooth(scenario, inputs, keyed)
        columns = {(name, ""): draws for name, draws in inputs.columns.items()}
        self._trust = trust_of(scenario, {**columns, **keyed})
        self._found: dict[tuple[str, str, str], StatisticEstimate] = {}
        self._refined: dict[tuple[str, str, str], StatisticEstimate] = {}
        self._joint: dict[str, Joint | None] = {}

    def of(self, wanted: Statistic) -> StatisticEstimate:
        """Return a statistic of one outcome, to the last digit as :func:`sim.summary.rows.rows_of` does."""
        key = _key(wanted)
        if key not in self._found:
            smooth = self._smooth.by_randomisation(wanted)
            if smooth is None:
                self._found[key] = self._judged(wanted, self._of_draws(wanted))
            else:
                self._found[key] = self._conditional(wanted, smooth)
        return self._found[key]

    def refined(self, wanted: Statistic) -> StatisticEstimate:
        """Return the same statistic of all draws, and those of each randomisation to full accuracy."""
        key = _key(wanted)
        if key not in self._refined:
            smooth = self._smooth.refined(wanted)
            self._refined[key] = self.plain(wanted) if smooth is None else self._conditional(wanted, smooth)
        return self._refined[key]

    def plain(self, wanted: Statistic) -> StatisticEstimate:
        """Return the same statistic of the draws as they are, and of those of each randomisation."""
        found, probability = self._of_draws(wanted), probability_of(wanted)
        if probability is not None:
            found = own_quantiles(self._smooth.ordered(wanted.of[0]), probability, found)
        return self._judged(wanted, found)

    def joint(self, wanted: Statistic) -> ByRandomisation | None:
        """Return a quantile or probability with all integrated out of its outcome that can be.

        ``None`` where that is nothing, or where the statistic is not a function of the cdf.
        """
        joint = self._joint_of(wanted.quantity)
        probability = probability_of(wanted)
        if joint is None:
            return None
        if wanted.statistic == "p_above":
            return joint.p_above(wanted.at)
        return None if probability is None else joint.quantile(probability, self.of(wanted).statistic)

    def _joint_of(self, outcome: str) -> Joint | None:
        if outcome not in self._joint:
            draws = self.outcomes[outcome]
            self._joint[outcome] = jointly_integrated(self._scenario, self._inputs, outcome, draws)
        return self._joint[outcome]

    def _conditional(self, wanted: Statistic, smooth: ByRandomisation) -> StatisticEstimate:
        judged = self._trust.judged(wanted, smooth, self._smooth.rest(wanted))
        return StatisticEstimate(judged, "conditional", judged.note)

    def _judged(self, wanted: Statistic, found: ByRandomisation) -> StatisticEstimate:
        judged = self._trust.judged(wanted, found)
        return StatisticEstimate(judged, "draws", judged.note)

    def _of_draws(self, wanted: Statistic) -> ByRandomisation:
        return of_draws(wanted, [self.outcomes[wanted.quantity]], self._smooth.ordered(wanted.of[0]))


def _key(wanted: Statistic) -> tuple[str, str, str]:
    return wanted.quantity, wanted.statistic, str(wanted.at)


def statistics_of(report: Report, outcome: str, unit: str) -> tuple[Statistic, ...]:
    """Return the statistics that a comparison looks at, as a scenario reports them.

    Median, ends of the credible interval and mean of every outcome; probabilities of the one reported.

    Parameters
    ----------
    report
        Whose interval and thresholds are used.
    outcome
        Name.
    unit
        Of the outcome.

    Returns
    -------
    tuple
        Median, ends of the interval, mean, and P above of the reported outcome.
    """
    key = (outcome, "")
    stated = report.interval
    ends = tuple(
        Statistic(*key, end, stated.probability, unit, (key,), stated.kind) for end in ("low", "high")
    )
    thresholds = report.thresholds if outcome == report.outcome else ()
    return (
        median_of(outcome, unit),
        *ends,
        Statistic(*key, "mean", NAN, unit, (key,)),
        *(Statistic(*key, "p_above", threshold, "1", (key,)) for threshold in thresholds),
    )


def median_of(outcome: str, unit: str) -> Statistic:
    """Return the median of an outcome as a statistic to look at.

    Parameters
    ----------
    outcome
        Name.
    unit
        Of the outcome.

    Returns
    -------
    Statistic
        The statistic to ask for.
    """
    return Statistic(outcome, "", "median", NAN, unit, ((outcome, ""),))
