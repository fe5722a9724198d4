"""What pairing is worth: the error of a difference on one seed against that of runs on seeds of their own.

One entry of the default scenario is edited at a time. ``make bench`` prints the ratio of the two errors for
each statistic. The difference of means has at most a fifth of the unpaired error, and so has that of the mean
logarithm. A quantile gains less unless the edit is a mere factor: which draws lie between its old and its new
place is chance, whatever the pairing, and that noise falls with the square root of the shift only. The
draw-by-draw ratio and the waterfall of the mean logarithm do not have that weakness.
"""

from pathlib import Path

import numpy as np
import pytest

from sim.compare.outcomes import NAN, Statistic, statistics_of
from sim.engine.variants import Variants
from sim.results import Array
from sim.scenario.load import load
from sim.summary.estimate import estimate

DEFAULT = Path(__file__).parents[1] / "priors" / "default.toml"
EDITS = {
    "salary, median to 330,000": "parameters.salary.median=330000",
    "salary, p95 to 400,000": "parameters.salary.p95=400000",
    "AI value, median to 330 billion": "parameters.ai_value.median=330e9",
    "AI value, p95 to 1.6 trillion": "parameters.ai_value.p95=1.6e12",
    "attribution, concentration to 40": "parameters.attribution.concentration=40",
}
AT_MOST_A_FIFTH = ("mean", "mean_log")
OTHER_SEEDS = (7, 8, 9, 10)


@pytest.mark.parametrize("name", EDITS)
def test_error_of_a_difference(name: str) -> None:
    variants = Variants()
    base = load(DEFAULT)
    statistics = (
        *statistics_of(base.report, "bcr"),
        Statistic("mean_log", NAN, lambda draws: float(np.mean(np.log(draws)))),
    )
    before = variants.outcomes(base)["bcr"]
    after = variants.outcomes(load(DEFAULT, [EDITS[name]]))["bcr"]
    others = [variants.outcomes(load(DEFAULT, [EDITS[name], f"seed={seed}"]))["bcr"] for seed in OTHER_SEEDS]
    print(f"\n{name}: paired error over unpaired")
    for statistic in statistics:
        ratio = _ratio(statistic, before, after, others)
        at = "" if np.isnan(statistic.at) else f" {statistic.at:g}"
        print(f"  {statistic.name + at:12} {ratio:.3f}")
        if statistic.name in AT_MOST_A_FIFTH:
            assert ratio <= 0.2


def _ratio(statistic: Statistic, before: Array, after: Array, others: list[Array]) -> float:
    """Return the paired error over the unpaired one, the latter's square averaged over other seeds."""
    f = statistic.function
    paired = estimate(lambda one, other: f(one) - f(other), after, before).error
    own = np.mean([estimate(f, other).error ** 2 for other in others])
    return float(paired / np.sqrt(estimate(f, before).error ** 2 + own))
