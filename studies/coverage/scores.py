r"""Coverage and width of intervals over trials.

Of n trials, x held the truth. The coverage is :math:`\hat p = x / n`; its error is Wilson's (1927) half width
at z standard errors, divided by z,

.. math::

    se = \frac{1}{1 + z^2/n} \sqrt{\hat p (1 - \hat p) / n + z^2 / 4 n^2},

which unlike :math:`\sqrt{\hat p (1 - \hat p)/n}` is not zero where all trials held it.
"""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from statistics import NormalDist, fmean, median

from studies.coverage.simulators import SimulatorName
from studies.coverage.trials import NOMINAL, RowEstimate, StudyMethod, Trial

Z = NormalDist().inv_cdf(0.975)


@dataclass(frozen=True)
class Coverage:
    """How the intervals of one probability did in one row.

    Parameters
    ----------
    simulator
        Name of the simulator.
    method
        Name of the method.
    row
        Name of the row.
    nominal
        Probability of the equal-tailed interval.
    n_trials
        Number of trials.
    n_held
        Trials whose interval held the truth.
    width
        Median over trials of the interval's length divided by the truth.
    n_low
        Trials whose interval lay below the truth.
    n_high
        Trials whose interval lay above the truth.
    bias
        Mean of the logarithm of the draws' median over the truth.
    rms
        Root of the mean square of that logarithm.
    spread
        Median over trials of the interval's upper over its lower end.
    """

    simulator: SimulatorName
    method: StudyMethod
    row: str
    nominal: float
    n_trials: int
    n_held: int
    width: float
    n_low: int = 0
    n_high: int = 0
    bias: float = 0.0
    rms: float = 0.0
    spread: float = 1.0

    @property
    def share(self) -> float:
        """Share of the trials whose interval held the truth."""
        return self.n_held / self.n_trials

    @property
    def error(self) -> float:
        """Standard error of the share."""
        return binomial_error(self.n_held, self.n_trials)


@dataclass(frozen=True)
class Scores:
    """The table of a study.

    Parameters
    ----------
    coverages
        Coverages of each simulator, method, row and probability.
    n_refused
        Number of trials that the method refused, by simulator and method; they are in no coverage.
    n_without_ratio
        Number of surveys set aside because a reference had no ratio, by simulator.
    """

    coverages: tuple[Coverage, ...]
    n_refused: dict[tuple[SimulatorName, StudyMethod], int]
    n_without_ratio: dict[SimulatorName, int]


def binomial_error(n_held: int, n_trials: int) -> float:
    """Return Wilson's standard error of a share.

    Parameters
    ----------
    n_held
        Trials whose interval held the truth.
    n_trials
        Number of all trials.

    Returns
    -------
    float
        The error, above zero, even where all held it.

    Examples
    --------
    >>> round(binomial_error(95, 100), 4), round(binomial_error(100, 100), 4)
    (0.023, 0.0094)
    """
    share = n_held / n_trials
    spread = math.sqrt(share * (1 - share) / n_trials + Z**2 / (4 * n_trials**2))
    return spread / (1 + Z**2 / n_trials)


def score(trials: Iterable[Trial]) -> Scores:
    """Return the table of finished trials, simulators and methods in the order met."""
    groups: dict[tuple[SimulatorName, StudyMethod], list[Trial]] = {}
    n_without_ratio: dict[tuple[SimulatorName, int], int] = {}
    for trial in sorted(trials, key=lambda trial: trial.key.number):
        groups.setdefault((trial.key.simulator, trial.key.method), []).append(trial)
        n_without_ratio[trial.key.simulator, trial.key.number] = trial.n_without_ratio  # of a survey: once
    return Scores(
        tuple(
            one
            for (simulator, method), group in groups.items()
            for one in _coverages(simulator, method, group)
        ),
        {key: sum(bool(trial.refused) for trial in group) for key, group in groups.items()},
        {
            simulator: sum(count for (name, _), count in n_without_ratio.items() if name == simulator)
            for simulator, _ in n_without_ratio
        },
    )


def _coverages(simulator: SimulatorName, method: StudyMethod, group: list[Trial]) -> Iterator[Coverage]:
    by_row: dict[str, list[RowEstimate]] = {}
    for trial in group:
        for one in trial.rows:
            by_row.setdefault(one.row, []).append(one)
    for row, estimates in by_row.items():
        errors = [_log_ratio(one.median, one.truth) for one in estimates]
        bias, rms = fmean(errors), math.sqrt(fmean(error**2 for error in errors))
        for nominal in NOMINAL:
            intervals = [(*one.interval(nominal), one.truth) for one in estimates]
            yield Coverage(
                simulator,
                method,
                row,
                nominal,
                n_trials=len(estimates),
                n_held=sum(low <= truth <= high for low, high, truth in intervals),
                width=median(_relative_width(*interval) for interval in intervals),
                n_low=sum(high < truth for _, high, truth in intervals),
                n_high=sum(low > truth for low, _, truth in intervals),
                bias=bias,
                rms=rms,
                spread=math.exp(median(_log_ratio(high, low) for low, high, _ in intervals)),
            )


def _log_ratio(above: float, below: float) -> float:
    """Return the logarithm of a ratio; of nothing to something, infinite."""
    if above == below:
        return 0.0
    return math.log(above / below) if above > 0 and below > 0 else math.inf


def _relative_width(low: float, high: float, truth: float) -> float:
    """Return the length of an interval over the truth; where the truth is zero, zero or infinite."""
    return (high - low) / truth if truth else math.inf if high > low else 0.0
