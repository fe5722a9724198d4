"""Parameters conditioned on observed values: exact laws, whatever the seed, or one clear message."""

from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from sim.engine.inputs import conditioned_laws
from sim.engine.simulate import simulate
from sim.faults import InvalidInput
from sim.replication.lock import make_lock, write_lock
from sim.replication.machine import run_stamp
from sim.replication.verify import verify
from sim.report.summary_lines import quoted_numbers
from sim.scenario.load import load
from sim.scenario.schema import Scenario

TEXT = """
title = "Observed"
seed = 11
[sampling]
n_draws = {n_draws}
[evidence.observations.x]
values = {values}
sd = {sd}
scale = "{scale}"
between = {between}
source = "case"
[parameters.x]
{prior}
rationale = "case"
[outcomes.y]
formula = "x"
[report]
outcome = "y"
"""
NORMAL = 'distribution = "normal"\nmean = 0\nsd = 1'


def scenario(
    folder: Path, prior: str, values: str, sd: str, scale: str = "natural", between: float = 0.0
) -> Scenario:
    file = folder / "observed.toml"
    stated = {"prior": prior, "values": values, "sd": sd, "scale": scale, "between": between}
    file.write_text(TEXT.format(n_draws=8192, **stated), encoding="utf-8")
    return load(file)


def summary(observed: Scenario, seed: int) -> dict[str, tuple[float, float]]:
    seeded = observed.model_copy(update={"seed": seed})
    rows = simulate(seeded).statistics.rows
    return {f"{row.statistic}": (row.value, row.mc_error) for row in rows if row.quantity == "y"}


@pytest.mark.parametrize("seed", [11, 12, 13])
def test_a_conjugate_posterior_is_within_its_stated_errors(tmp_path: Path, seed: int):
    # N(0, 1) and the values 1 +- 0.5 and 2 +- 1: precisions 1, 4 and 1 add to 6, the mean is (4 + 2) / 6 = 1,
    # the sd 1 / sqrt(6); 2.5 and 97.5 % at 1 +- 1.959964 / sqrt(6). Five errors of 15 degrees of freedom:
    # false alarm 2e-4 for each figure, seeds fixed.
    found = summary(scenario(tmp_path, NORMAL, "[1.0, 2.0]", "[0.5, 1.0]"), seed)
    exact = stats.norm(1, 6**-0.5)
    right = {"mean": 1.0, "sd": 6**-0.5, "median": 1.0, "low": exact.ppf(0.025), "high": exact.ppf(0.975)}
    for statistic, value in right.items():
        got, error = found[statistic]
        assert abs(got - value) < 5 * error, statistic
        assert error < 3e-3, statistic


@pytest.mark.parametrize("between", [0.0, 0.8])
def test_a_lock_of_observed_values_holds_under_another_seed(tmp_path: Path, between: float):
    # false alarm odds 1 in 1,000 for each run, by construction of the tolerance; seeds fixed
    prior = 'distribution = "lognormal"\nmedian = 3e11\nsigma = 0.9'
    observed = scenario(tmp_path, prior, "[63e9, 350e9, 690e9, 1262e9]", "0.4", "log", between)
    results = simulate(observed).replace(stamp=run_stamp(0.0))
    numbers = quoted_numbers(observed, results.statistics, 0)
    file = tmp_path / "observed.lock.toml"
    lock = make_lock(results, numbers, tmp_path)
    write_lock(lock, file)
    for seed in (12, 13):
        found = verify(lock, file, lambda _: None, seed)
        assert (found.verdict, found.moved) == ("holds", ())


def test_the_posterior_does_not_depend_on_the_seed(tmp_path: Path):
    observed = scenario(tmp_path, NORMAL, "[1.0, 2.0]", "[0.5, 1.0]", between=0.5)
    laws = [conditioned_laws(observed.model_copy(update={"seed": seed})).posteriors["x"] for seed in (1, 2)]
    u = np.linspace(0.01, 0.99, 9)
    assert np.array_equal(laws[0].ppf(u), laws[1].ppf(u))


def test_what_observed_values_did_is_said(tmp_path: Path):
    # as above: before -1.64 / 0 / 1.64; after 1 and 1 +- 1.644854 / sqrt(6) = 0.328 and 1.67
    (note,) = conditioned_laws(scenario(tmp_path, NORMAL, "[1.0, 2.0]", "[0.5, 1.0]")).notes
    assert note == (
        "x is conditioned on 2 observed values: 5/50/95 % were -1.64 / 0 / 1.64, "
        "are 0.328 / 1 / 1.67; spread between sources 0"
    )


@pytest.mark.parametrize("unit", [1e-200, 1e-12, 1e12, 1e200])
def test_units_do_not_matter(tmp_path: Path, unit: float):
    # a uniform prior between 0 and 4, one value 1 +- 1: a normal law cut at both ends (scipy's truncnorm)
    prior = f'distribution = "uniform"\nlow = 0\nhigh = {4 * unit}'
    law = conditioned_laws(scenario(tmp_path, prior, f"[{unit}]", f"{unit}")).posteriors["x"]
    exact = stats.truncnorm(-1, 3, 1, 1)
    u = np.array([1e-6, 0.05, 0.5, 0.95, 1 - 1e-6])
    np.testing.assert_allclose(law.ppf(u) / unit, exact.ppf(u), rtol=1e-8)
    assert (law.mean() / unit, law.std() / unit) == pytest.approx((exact.mean(), exact.std()), rel=1e-9)


def test_a_log_scale_needs_a_prior_without_values_below_zero(tmp_path: Path):
    with pytest.raises(InvalidInput, match=r"(?s)can be below 0 \(down to -inf\).*truncated, low 0"):
        scenario(tmp_path, NORMAL, "[1.0]", "0.1", "log")
    cut = 'distribution = "truncated"\nof = {distribution = "normal", mean = 0, sd = 1}\nlow = 0'
    law = conditioned_laws(scenario(tmp_path, cut, "[1.0]", "0.1", "log")).posteriors["x"]
    # density in proportion to exp(-x^2 / 2) times a lognormal factor around 1; by plain sums
    x = np.linspace(0.3, 2.5, 200_001)
    weight = np.exp(-(x**2) / 2 - (np.log(x) / 0.1) ** 2 / 2)
    assert law.mean() == pytest.approx(weight @ x / weight.sum(), rel=1e-8)


def test_values_out_of_all_reach_are_refused(tmp_path: Path):
    uniform = 'distribution = "uniform"\nlow = 0\nhigh = 1'
    with pytest.raises(InvalidInput, match="too far apart for errors so small"):
        scenario(tmp_path, uniform, "[1e160]", "1.0")
    # but a contradiction of any lesser size has an answer: all at the end that is nearer
    law = conditioned_laws(scenario(tmp_path, uniform, "[1e6]", "1.0")).posteriors["x"]
    # 1 - x is exponential with mean 1e-6, to a part in a million
    assert law.ppf(np.array([0.5]))[0] == pytest.approx(1 - np.log(2) * 1e-6, abs=1e-11)


@pytest.mark.parametrize("between", [0.0, 1.0])
def test_a_value_gives_a_quantity_without_a_mean_a_mean(tmp_path: Path, between: float):
    # Cauchy prior, one value 1 +- 1: mean and sd by plain sums over x (and over the spread, which leaves a
    # likelihood that falls exponentially). Five errors: false alarm 2e-4 for each figure, seed fixed.
    cauchy = 'distribution = "student-t"\nlocation = 0\nscale = 1\ndf = 1'
    observed = scenario(tmp_path, cauchy, "[1.0]", "1.0", between=between)
    x = np.linspace(-80.0, 80.0, 160_001)
    tau = np.linspace(0.0, 30.0 * between, 601) if between else np.zeros(1)
    error = np.hypot(1.0, tau)
    shape = np.exp(-(tau**2) / 2)
    shape[0] /= 2
    likelihood = sum(s / e * np.exp(-(((x - 1) / e) ** 2) / 2) for s, e in zip(shape, error, strict=True))
    weight = likelihood / (1 + x**2)
    weight /= weight.sum()
    mean = float(weight @ x)
    rows = {row.statistic: row for row in simulate(observed).statistics.rows if row.quantity == "y"}
    assert (rows["mean"].note, rows["sd"].note) == ("", "")
    assert abs(rows["mean"].value - mean) < 5 * rows["mean"].mc_error
    sd = float(np.sqrt(weight @ (x - mean) ** 2))
    assert abs(rows["sd"].value - sd) < 5 * rows["sd"].mc_error
