"""What to expect of the draws: coverage by method, and cautions in plain words."""

from collections.abc import Mapping

from sim.evidence.estimands import ratio_name, total_names
from sim.evidence.readings import PeriodSample
from sim.evidence.variance import VarianceSplit

COVERAGE_NOTE = (
    "coverage of 95 % intervals in 500 simulated surveys (hierarchical and hybrid: 150) of 139 strata with "
    "five periods each, lines capped, the lower of two simulators, 1 to 2 points either way (2 to 4) "
    "(docs/coverage.md); the ratios stand for the cost per year by that ratio"
)
FEW_PERIODS = 10
FEW_DEGREES_OF_FREEDOM = 8.0
MOST_OF_THE_VARIANCE = 0.5

_STUDIED = (
    *total_names(),
    ratio_name("commits", "pytorch"),
    ratio_name("commits", "tensorflow"),
    ratio_name("lines", "pytorch"),
    ratio_name("lines", "tensorflow"),
)
_PERCENT = {
    "naive": (90, 89, 91, 76, 69, 80, 82),
    "rescaled": (93, 93, 94, 80, 74, 84, 85),
    "bayesian": (93, 92, 94, 80, 76, 82, 85),
    "calibrated": (93, 93, 95, 91, 81, 95, 95),
    "hierarchical": (95, 71, 87, 97, 95, 91, 91),
    "hybrid": (93, 92, 93, 95, 95, 92, 91),
}
STUDIED_METHODS = tuple(_PERCENT)


def expected_coverage(method: str) -> Mapping[str, int]:
    """Return the coverage, in per cent, that a nominal 95 % interval of the draws was found to have.

    Parameters
    ----------
    method
        One of ``STUDIED_METHODS``; the mapping of any other is empty (``point`` has no interval).

    Returns
    -------
    Mapping
        Per cent by column; see :data:`COVERAGE_NOTE`.

    Examples
    --------
    >>> expected_coverage("calibrated")["lines_per_contributor_period.pytorch"]
    95
    """
    return dict(zip(_STUDIED, _PERCENT.get(method, ()), strict=False))


def cautions(sample: PeriodSample, splits: Mapping[str, VarianceSplit]) -> list[str]:
    """Return what a reader must know of a survey this small.

    Parameters
    ----------
    sample
        The survey in one reading.
    splits
        Variance of each column, from :func:`sim.evidence.variance.variance_splits`.
    """
    said: list[str] = []
    few = [len(stratum.counts) for stratum in sample.strata if len(stratum.counts) < FEW_PERIODS]
    if few:
        fewest = f"{min(few)} periods" if min(few) == max(few) else f"{min(few)} to {max(few)} periods"
        said.append(
            f"{len(few)} of {len(sample.strata)} strata have only {fewest}: intervals of anything divided by "
            "one reference tend to be too narrow"
        )
    freedom = {name: split.degrees_of_freedom for name, split in splits.items()}
    thin = [f"{name} {nu:.1f}" for name, nu in freedom.items() if nu < FEW_DEGREES_OF_FREEDOM]
    if thin:
        said.append(f"few degrees of freedom (under {FEW_DEGREES_OF_FREEDOM:.0f}): {', '.join(thin)}")
    carried: dict[str, list[str]] = {}
    for name, split in splits.items():
        repository, share = split.largest
        if share > MOST_OF_THE_VARIANCE:
            carried.setdefault(repository, []).append(f"{name} {share:.0%}")
    said += [
        f"{repository} carries over half of the sampling variance of {', '.join(columns)}"
        for repository, columns in carried.items()
    ]
    return said
