"""Seconds until the figures of the five-input problem are as accurate as stated.

The measure is seconds of CPU for a relative error of 0.2 % (root mean square over seeds) of the 2.5 and
97.5 % quantiles, and of 0.02 % of the mean. Ours is what a user calls for a loaded scenario: a run, and the
summary of its outcome; its number of draws is the least power of two that is accurate enough over ``SEEDS``.
The others need as many draws as the law of large numbers says (variance of a quantile p (1 - p) / f^2 n, of a
mean sd^2 / n), made in one go for the quantiles and in portions of 2^20 for the mean.
"""

import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from scipy import integrate, optimize, special, stats

from benchmarks import five_inputs
from sim.engine.simulate import simulate
from sim.summary.precision import tracked_rows

SEEDS = range(30)
NUMBERS = [2**place for place in range(9, 18)]
QUANTILES, MEAN = 0.002, 0.0002
PORTION = 2**20
WAYS = {"numpy": five_inputs.by_numpy, "squigglepy": five_inputs.by_squigglepy}


def ours(folder: Path, seed: int, n_draws: int) -> tuple[np.ndarray, float, float]:
    """Return both quantiles, the mean, and seconds of CPU for them."""
    scenario = five_inputs.scenario(folder, seed, n_draws)
    started = time.process_time()
    figures = {row.statistic: row.value for row in tracked_rows(scenario, simulate(scenario).arrays)}
    seconds = time.process_time() - started
    return np.array([figures["low"], figures["high"]]), figures["mean"], seconds


def least(
    folder: Path, error_of: Callable[[np.ndarray, float], np.ndarray], wanted: float
) -> tuple[int, float]:
    """Return the least number of draws that is accurate enough, and the seconds it takes."""
    for n_draws in NUMBERS:
        found = [ours(folder, seed, n_draws) for seed in SEEDS]
        errors = np.array([error_of(quantiles, mean) for quantiles, mean, _ in found])
        if np.sqrt(np.mean(errors**2, axis=0)).max() <= wanted:
            return n_draws, float(np.median([seconds for *_, seconds in found]))
    raise AssertionError(f"not accurate to {wanted} with {NUMBERS[-1]} draws")


def needed() -> tuple[int, int]:
    """Return the plain draws that the quantiles and the mean need, from the exact law."""
    quantiles, mean = five_inputs.exact()
    step = 1e-4
    slopes = [
        (five_inputs.below(q * (1 + step)) - five_inputs.below(q * (1 - step))) / (2 * step)
        for q in quantiles
    ]
    tail = five_inputs.LEVELS[0]
    of_quantiles = max(tail * (1 - tail) / slope**2 for slope in slopes) / QUANTILES**2
    draws = five_inputs.by_numpy(0, PORTION)
    return int(of_quantiles), int(np.var(draws) / mean**2 / MEAN**2)


def seconds_of(
    sample: Callable[[int, int], np.ndarray], n_quantiles: int, n_mean: int
) -> tuple[float, float]:
    """Return the seconds of CPU that another way takes for the quantiles and for the mean."""
    started = time.process_time()
    np.quantile(sample(1, n_quantiles), five_inputs.LEVELS)
    between = time.process_time()
    portions = -(-n_mean // PORTION)
    np.mean([sample(2 + place, PORTION).mean() for place in range(portions)])
    return between - started, time.process_time() - between


def test_the_exact_figures_are_exact():
    """Against nested adaptive quadrature: share inside, units outside, to 1e-6."""
    quantiles, mean = five_inputs.exact()
    middle, spread = five_inputs.normal_part()
    share, units = stats.beta(*five_inputs.SHARE), stats.norm(*five_inputs.UNITS)

    def given(units_value: float, t: float) -> float:
        def density(x: float) -> float:
            return float(special.ndtr((np.log(t * units_value / x) - middle) / spread) * share.pdf(x))

        return integrate.quad(density, 0.0, 1.0, epsabs=1e-12, limit=200)[0] * float(units.pdf(units_value))

    def below(t: float) -> float:
        centre, sd = five_inputs.UNITS
        return integrate.quad(given, centre - 9 * sd, centre + 9 * sd, args=(t,), epsabs=1e-10, limit=200)[0]

    for level, quantile in zip(five_inputs.LEVELS, quantiles, strict=True):
        nested = optimize.brentq(lambda t, level=level: below(t) - level, quantile / 1.01, quantile * 1.01)
        assert nested == pytest.approx(quantile, rel=1e-6)
    # E[1/units] by its series in (sd/mean)^2: 1 + c + 3 c^2 + 15 c^3, over the mean
    c = (five_inputs.UNITS[1] / five_inputs.UNITS[0]) ** 2
    inverse = (1 + c + 3 * c**2 + 15 * c**3) / five_inputs.UNITS[0]
    assert mean == pytest.approx(np.exp(middle + spread**2 / 2) * 0.1 * inverse, rel=1e-6)


@pytest.mark.parametrize("way", WAYS)
def test_the_others_draw_the_same_problem(way: str):
    """Shares below the exact quantiles within five standard errors, from the binomial law."""
    drawn = WAYS[way](1, PORTION)
    for level, quantile in zip(five_inputs.LEVELS, five_inputs.exact()[0], strict=True):
        error = np.sqrt(level * (1 - level) / PORTION)
        assert abs(np.mean(drawn <= quantile) - level) < 5 * error


def test_time_to_accuracy(tmp_path: Path, measured):
    exact_quantiles, exact_mean = five_inputs.exact()
    n_quantiles, for_quantiles = least(tmp_path, lambda q, _: q / exact_quantiles - 1, QUANTILES)
    n_mean, for_mean = least(tmp_path, lambda _, mean: np.array([mean / exact_mean - 1]), MEAN)
    plain_quantiles, plain_mean = needed()
    ratios = []
    for name, sample in WAYS.items():
        quantiles, mean = seconds_of(sample, plain_quantiles, plain_mean)
        what = f"quantiles to 0.2 % ({n_quantiles:,} draws)"
        ratios.append(measured(what, for_quantiles, f"{name}, {plain_quantiles:,}", quantiles, 1 / 10))
        what = f"mean to 0.02 % ({n_mean:,} draws)"
        ratios.append(measured(what, for_mean, f"{name}, {plain_mean:,}", mean, 1 / 200))
    assert all(line.ratio <= line.target for line in ratios)
