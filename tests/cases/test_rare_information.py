"""The worth of information that hardly ever turns a decision: too few draws do, and a bound is said."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from sim.analysis.decision.information import information
from sim.analysis.decision.net_benefit import (
    MeanSides,
    ThresholdDecision,
    worth_of_all,
    worth_of_learning,
)
from sim.cli.analyses import _information
from sim.digits import at_most
from tests.builders import parameter
from tests.decision.experiments import experiment_of
from tests.decision.test_information import unit_normal_loss, value_of


def normal(name: str, mean: float, sd: float) -> str:
    return parameter(name, f'distribution = "normal"\nmean = {mean}\nsd = {sd}')


def text_of(table: pd.DataFrame) -> list[str]:
    return [cell for row in _information(table).rows for cell in row]


def test_none_of_the_draws_decides_otherwise(tmp_path: Path):
    # total = a + b, N(10, 1) and N(0, 1): worth of everything 10 - ... = sd phi(z) - m Phi(-z) with z = 10 /
    # sqrt 2, 1e-12, and of one 1e-23: no draw is below 0, yet neither is worth nothing
    experiment = experiment_of(tmp_path, normal("a", 10, 1), normal("b", 0, 1), formula="a + b")
    table = information(experiment, (0.0,))
    for quantity, group, sd in (("EVPI", "all", np.sqrt(2)), ("EVPPI", "a", 1.0), ("EVPPI", "b", 1.0)):
        found = value_of(table, quantity, group, 0.0)
        assert np.isnan(found["error"])
        # Scarf's bound of the mean and the variance: (sqrt(sd^2 + 100) - 10) / 2, here 0.05 for sd 1
        assert unit_normal_loss(10, sd) < found["upper"] < 1.2 * (np.sqrt(sd**2 + 100) - 10) / 2
        assert found["decision"] == "fund"
    words = text_of(table)
    assert "0 ± 0" not in words and "nan" not in " ".join(words)
    assert words.count("too few draws decide otherwise") == len(table)


def test_a_few_of_the_draws_decide_otherwise(tmp_path: Path):
    # z = 3.2: 7e-4 of the values of a turn the decision, of 256 drawn for it some or none
    experiment = experiment_of(tmp_path, normal("a", 3.2, 1), normal("b", 0, 0.01), formula="a + b")
    table = information(experiment, (0.0,))
    found = value_of(table, "EVPPI", "a", 0.0)
    assert found["upper"] > unit_normal_loss(3.2, 1.0)
    # knowing everything is decided otherwise by eleven of 16,384 draws
    everything = value_of(table, "EVPI", "all", 0.0)
    assert everything["value"] == pytest.approx(unit_normal_loss(3.2, 1.0), rel=0.3)
    assert np.isnan(everything["upper"])


def test_the_mirror_image_for_the_decision_not_to_fund(tmp_path: Path):
    experiment = experiment_of(tmp_path, normal("a", -10, 1), normal("b", 0, 1), formula="a + b")
    found = value_of(information(experiment, (0.0,)), "EVPPI", "a", 0.0)
    assert (found["decision"], np.isnan(found["error"])) == ("do not fund", True)
    assert unit_normal_loss(10, 1) < found["upper"] < 0.06


def test_what_is_known_to_be_worth_nothing_is_nothing(tmp_path: Path):
    # the outcome reads `idle` times 0, and both alternatives of the choice leave it far above 0: exactly
    # nothing
    parts = (
        normal("a", 110, 20), normal("c", 100, 15), normal("idle", 0, 1), "[choices.m]\nu = 1\nv = 3\n",
        '[outcomes.extra]\nby = "m"\nu = "1"\nv = "2"\n',
        '[outcomes.benefit]\nformula = "a + 0 * idle + 0 * extra"\n',
    )  # fmt: skip
    experiment = experiment_of(tmp_path, *parts, formula="benefit / c")
    table = information(experiment, (1.0,))
    for group in ("idle", "m"):
        found = value_of(table, "EVPPI", group, 1.0)
        assert (found["value"], found["error"]) == (0.0, 0.0)
        assert np.isnan(found["upper"])
    # two normal effects: net benefit N(10, 20^2 + 15^2), and the unit normal loss of it (Raiffa and Schlaifer
    # 1961); 2 % as for the linear test of tests/decision
    for quantity, group, sd in (("EVPI", "all", 25.0), ("EVPPI", "a", 20.0), ("EVPPI", "c", 15.0)):
        found = value_of(table, quantity, group, 1.0)
        assert found["value"] == pytest.approx(unit_normal_loss(10.0, sd), rel=0.02)
        assert np.isnan(found["upper"])


def unpaid(cost: stats.rv_continuous, benefit: float) -> float:
    """E max(cost - benefit, 0) of a lognormal cost (Black and Scholes 1973, without interest)."""
    sigma = cost.kwds["s"]
    d = (np.log(cost.kwds["scale"] / benefit) + sigma**2) / sigma
    return float(cost.mean() * stats.norm.cdf(d) - benefit * stats.norm.cdf(d - sigma))


@pytest.mark.parametrize("sigma", [0.3, 0.7])
@pytest.mark.parametrize("z", [2.5, 3.2, 4.0])
def test_bounds_hold_over_seeds(sigma: float, z: float):
    # A lognormal cost that exceeds the benefit with probability Phi(-z), 16 randomisations of 64 plain draws,
    # 400 seeds. Where too few draws decide otherwise the bound holds: it is of 97.5 % in the probability
    # alone, and of two errors in mean and variance, so that at most 2.5 % of all seeds may fall short.
    cost = stats.lognorm(s=sigma, scale=10.0)
    benefit = 10.0 * np.exp(z * sigma)
    exact = unpaid(cost, benefit)
    rng = np.random.default_rng(9)
    short = few = 0
    for _ in range(400):
        costs = cost.rvs((16, 64), random_state=rng)
        choice = ThresholdDecision(1.0, np.mean(benefit - costs, axis=1))
        found = worth_of_all(choice, benefit - costs)
        # learnt is the cost itself, but for independent errors of the inner samples
        learnt = costs + 0.05 * rng.standard_normal((2, *costs.shape))
        sides = MeanSides(np.full_like(learnt, benefit), learnt, np.full(costs.shape, 1 / 64))
        one = worth_of_learning(choice, sides, np.inf)
        few += not np.isnan(found.upper)
        short += (found.upper < exact) + (one.upper < exact)
    assert few > 200
    assert short <= 0.025 * 400


def test_a_bound_is_rounded_up():
    assert [at_most(x) for x in (34_120.0, 0.00101, 9.99e9, 1.0)] == [
        "at most 35 K", "at most 0.0011", "at most 10 B", "at most 1",
    ]  # fmt: skip


def test_a_loss_is_no_more_than_what_is_paid(tmp_path: Path):
    # Benefit over cost, lognormals of medians 100 and 1, sigma 1.5 and 0.2: funding loses E max(cost -
    # benefit, 0), the closed form of a lognormal cost averaged over 20,000 quantiles of the benefit. The
    # variance of the benefit says next to nothing of it; that of the cost, which is all that funding can
    # lose, does.
    parts = (
        parameter("a", 'distribution = "lognormal"\nmedian = 100\nsigma = 1.5'),
        parameter("c", 'distribution = "lognormal"\nmedian = 1\nsigma = 0.2'),
        '[outcomes.benefit]\nformula = "a"\n',
        '[outcomes.cost]\nformula = "c"\n',
    )
    experiment = experiment_of(tmp_path, *parts, formula="benefit / cost", n_draws=4096)
    everything = value_of(information(experiment, (1.0,)), "EVPI", "all", 1.0)
    cost, benefit = stats.lognorm(s=0.2, scale=1.0), stats.lognorm(s=1.5, scale=100.0)
    lost = [unpaid(cost, float(b)) for b in benefit.ppf((np.arange(20_000) + 0.5) / 20_000)]
    assert np.mean(lost) < everything["upper"] < 100 * np.mean(lost)
    assert everything["upper"] < 0.1 * cost.mean()
