"""Weights and statistics of weighted draws against plain repetition and closed forms."""

import numpy as np
import pytest
from scipy import stats

from sim.analysis.reweighting.reweight import (
    require_reliable,
    smooth_weights,
    weighted_interval,
    weighted_quantile,
)
from sim.faults import InvalidInput

RNG = np.random.default_rng(5)


@pytest.mark.parametrize("kind", ["eti", "shortest"])
def test_integer_weights_are_repetitions(kind):
    # a draw of weight 3 is three draws: numpy on the repeated sample
    draws, counts = RNG.gamma(3.0, size=400), RNG.integers(0, 4, size=400)
    repeated, weights = np.repeat(draws, counts), counts.astype(float)
    for level in (0.025, 0.5, 0.9):
        expected = np.quantile(repeated, level, method="inverted_cdf")
        assert weighted_quantile(draws, weights, level) == expected
    low, high = weighted_interval(draws, weights, 0.8, kind)
    inside = np.mean((repeated >= low) & (repeated <= high))
    assert inside >= 0.8 - 1e-12
    if kind == "shortest":
        ordered = np.sort(repeated)
        n_inside = int(np.ceil(0.8 * len(ordered) - 1e-9))
        assert high - low == pytest.approx(
            np.min(ordered[n_inside - 1 :] - ordered[: -n_inside + 1]), rel=1e-12
        )


@pytest.mark.parametrize("shape", [0.3, 0.6, 0.9])
def test_pareto_k_is_the_shape_of_the_weights_tail(shape):
    # weights that are Pareto by construction; the estimate's standard error is about (1 + k) / sqrt(tail)
    # (maximum likelihood, Smith 1987), tail = 3 sqrt(65,536) = 768; four of them, once in 15,000
    logs = np.log(stats.genpareto(shape).ppf(RNG.random((16, 4096))) + 1.0)
    assert smooth_weights(logs).pareto_k == pytest.approx(shape, abs=4 * (1 + shape) / np.sqrt(768))


def test_weights_add_to_one_and_keep_their_order():
    logs = RNG.normal(size=(4, 500))
    found = smooth_weights(logs)
    assert found.values.sum() == pytest.approx(1.0, rel=1e-12)
    assert np.all(np.diff(found.values.ravel()[np.argsort(logs, axis=None)]) >= 0)


def test_draws_without_weight_keep_none():
    logs = RNG.normal(size=(4, 500))
    logs[0, :100] = -np.inf
    found = smooth_weights(logs)
    assert np.all(found.values[0, :100] == 0)
    assert found.values.sum() == pytest.approx(1.0, rel=1e-12)


def test_no_weight_at_all_is_refused_with_the_command():
    found = smooth_weights(np.full((4, 500), -np.inf))
    with pytest.raises(InvalidInput, match="0 effective of 2,000") as caught:
        require_reliable(found, {}, "sim run a.toml --set x=1")
    assert all("sim run a.toml --set x=1" in fault.allowed for fault in caught.value.faults)


def test_a_randomisation_without_weight_is_refused():
    logs = np.zeros((4, 500))
    logs[2] = -np.inf
    with pytest.raises(InvalidInput, match="1,500 effective"):
        require_reliable(smooth_weights(logs), {}, "sim run a.toml")
