"""Sobol' indices against closed forms and against SALib."""

import numpy as np
import pytest
from SALib.analyze import sobol as salib_analyze
from SALib.sample import sobol as salib_sample
from scipy import stats

from sim.analysis.sensitivity.sobol_indices import SobolIndices, ratio, settled_ranks, sobol_indices
from sim.engine.experiment import MOST_DRAWS
from tests.builders import parameter
from tests.sensitivity.conftest import Make

SIGMAS = {"a": 0.3, "b": 0.6, "c": 0.45}
LOGNORMALS = [
    parameter(name, f'distribution = "lognormal"\nmedian = 1\nsigma = {sigma}')
    for name, sigma in SIGMAS.items()
]
PRODUCT = "a * b / c ** 2"
SCALED = np.array([0.3, 0.6, 0.9])  # exponent times sigma


def by_name(found: tuple[SobolIndices, ...], scale: str) -> dict[str, SobolIndices]:
    return {each.group.name: each for each in found if each.scale == scale}


def test_log_scale_of_a_product_of_lognormals_is_additive(experiment: Make):
    found = by_name(sobol_indices(experiment(*LOGNORMALS, formula=PRODUCT)), "log")
    exact = SCALED**2 / np.sum(SCALED**2)  # log y = log a + log b - 2 log c
    for name, share in zip("abc", exact, strict=True):
        assert found[name].first.value == pytest.approx(share, abs=5e-3)
        assert found[name].total.value == pytest.approx(share, abs=5e-3)


def test_raw_scale_of_a_product_of_lognormals(experiment: Make):
    """For independent factors, E[y^2]/E[y]^2 is the product of exp(s^2); Var E[y|x] has only x's factor."""
    found = by_name(sobol_indices(experiment(*LOGNORMALS, formula=PRODUCT, n_draws=2**17)), "raw")
    factors = np.exp(SCALED**2)
    for place, name in enumerate("abc"):
        first = (factors[place] - 1) / (np.prod(factors) - 1)
        total = 1 - (np.prod(np.delete(factors, place)) - 1) / (np.prod(factors) - 1)
        # five standard errors: one false alarm in 1.7 million for a normal error
        assert abs(found[name].first.value - first) < 5 * found[name].first.error
        assert abs(found[name].total.value - total) < 5 * found[name].total.error
        assert found[name].first.error < 0.05


def test_sobol_g_function(experiment: Make):
    """Sobol' (1993): V_i = 1 / (3 (1 + a_i)^2), total variance prod(1 + V_i) - 1."""
    a = {"x": 0.0, "y": 1.0, "z": 4.5}
    uniform = [parameter(name, 'distribution = "uniform"\nlow = 0\nhigh = 1') for name in a]
    formula = " * ".join(f"(max(4 * {n} - 2, 2 - 4 * {n}) + {v}) / (1 + {v})" for n, v in a.items())
    found = by_name(sobol_indices(experiment(*uniform, formula=formula, n_draws=2**16)), "raw")
    partial = {name: 1 / (3 * (1 + value) ** 2) for name, value in a.items()}
    variance = np.prod([1 + v for v in partial.values()]) - 1
    for name, v in partial.items():
        others = np.prod([1 + w for other, w in partial.items() if other != name]) - 1
        assert found[name].first.value == pytest.approx(v / variance, abs=0.01)
        assert found[name].total.value == pytest.approx(1 - others / variance, abs=0.01)


def test_agrees_with_salib_on_its_own_sample(experiment: Make):
    found = by_name(sobol_indices(experiment(*LOGNORMALS, formula=PRODUCT)), "log")
    problem = {"num_vars": 3, "names": list("abc"), "bounds": [[0, 1]] * 3}
    unit = salib_sample.sample(problem, 2**12, calc_second_order=False, seed=1)
    logs = stats.norm.ppf(unit) * np.array(list(SIGMAS.values())) @ np.array([1, 1, -2])
    theirs = salib_analyze.analyze(problem, logs, calc_second_order=False, seed=1)
    for place, name in enumerate("abc"):
        assert found[name].first.value == pytest.approx(theirs["S1"][place], abs=2 * theirs["S1_conf"][place])
        assert found[name].total.value == pytest.approx(theirs["ST"][place], abs=2 * theirs["ST_conf"][place])


def test_choice_and_interaction(experiment: Make):
    """Y = x or 2 x, each with probability 1/2, E x = 1, Var x = 1: E[y | choice] is 1 or 2, E[y | x] = 1.5 x.

    Var y = E[y^2] - 1.5^2 = 2.5 * 2 - 2.25 = 2.75; first order 0.25 and 2.25, interaction 0.25.
    """
    parts = [
        parameter("x", 'distribution = "normal"\nmean = 1\nsd = 1'),
        "[choices.way]\nonce = 1\ntwice = 1\n[outcomes.y]\nby = 'way'\nonce = 'x'\ntwice = '2 * x'\n",
    ]
    found = by_name(sobol_indices(experiment(*parts, formula="y", n_draws=2**16)), "raw")
    assert found["way"].group.kind == "choice"
    assert found["way"].first.value == pytest.approx(0.25 / 2.75, abs=5e-3)
    assert found["way"].total.value == pytest.approx(0.5 / 2.75, abs=5e-3)
    assert found["x"].first.value == pytest.approx(2.25 / 2.75, abs=5e-3)
    assert found["x"].total.value == pytest.approx(2.5 / 2.75, abs=5e-3)


def test_an_input_that_does_nothing_has_no_share(experiment: Make):
    idle = parameter("idle", 'distribution = "uniform"\nlow = 0\nhigh = 1')
    found = by_name(sobol_indices(experiment(*LOGNORMALS, idle, formula=PRODUCT)), "log")
    assert found["idle"].first.value == 0.0
    assert found["idle"].total.value == 0.0


def test_constants_are_no_inputs(experiment: Make):
    fixed = parameter("fixed", 'distribution = "constant"\nvalue = 3')
    found = sobol_indices(experiment(LOGNORMALS[0], fixed, formula="a * fixed"))
    assert {each.group.name for each in found} == {"a"}
    assert by_name(found, "log")["a"].total.value == pytest.approx(1.0, abs=1e-12)


def test_intervals_cover(experiment: Make):
    """60 runs of 4 randomisations, 95 % intervals of a's first order on the raw scale.

    At least 50 must hold the truth: with a coverage of 95 %, P(fewer than 50 of 60) = 2e-4. The
    intervals must not be hugely too wide either: their mean width is under 8 standard deviations.
    """
    factors = np.exp(np.array([0.3, 0.6]) ** 2)
    truth = (factors[0] - 1) / (np.prod(factors) - 1)
    shares = []
    for seed in range(60):
        made = experiment(*LOGNORMALS[:2], formula="a * b", seed=seed, n_draws=2**10)
        shares.append(by_name(sobol_indices(made), "raw")["a"].first)
    held = sum(low <= truth <= high for low, high in (share.interval for share in shares))
    assert held >= 50
    widths = [high - low for low, high in (share.interval for share in shares)]
    assert np.mean(widths) < 8 * np.std([share.value for share in shares])


def test_of_a_large_run_the_first_draws_of_each_randomisation_are_looked_at(experiment: Make):
    """ln(a b) with a, b standard deviations 1 and 2: shares 1/5 and 4/5."""
    parts = [
        parameter(name, f'distribution = "lognormal"\nmedian = 1\nsigma = {sigma}')
        for name, sigma in (("a", 1), ("b", 2))
    ]
    large = experiment(*parts, formula="a * b", n_draws=2**20)
    assert large.first.shape == large.second.shape == (4, MOST_DRAWS // 4)
    found = by_name(sobol_indices(large), "log")
    assert found["a"].first.value == pytest.approx(0.2, abs=1e-3)
    assert found["b"].first.value == pytest.approx(0.8, abs=1e-3)


def test_ranks_within_noise_are_unsettled():
    even, noise = np.ones(16), np.linspace(-1, 1, 16)
    shares = {
        "large": ratio(0.6 * even, even),
        "near": ratio(0.30 * even + 0.1 * noise, even),
        "equal": ratio(0.299 * even - 0.1 * noise, even),
    }
    assert settled_ranks(shares) == {"large": True, "near": False, "equal": False}


def test_same_seed_same_indices(experiment: Make):
    one, other = (sobol_indices(experiment(*LOGNORMALS, formula=PRODUCT)) for _ in range(2))
    assert [each.total.value for each in one] == [each.total.value for each in other]
