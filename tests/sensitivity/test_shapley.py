"""Shapley effects against closed forms, with and without dependence."""

import numpy as np
import pytest

from sim.analysis.sensitivity import shapley
from sim.analysis.sensitivity.shapley import ValueFunction, shapley_effects, variance_by_kind
from sim.analysis.sensitivity.sobol_indices import Share
from sim.engine.experiment import Experiment
from sim.scenario.correlations import blocks
from tests.builders import parameter
from tests.sensitivity.conftest import Make


def normal(name: str, more: str = "") -> str:
    return parameter(name, 'distribution = "normal"\nmean = 0\nsd = 1', more)


TIED = '[[correlations]]\nbetween = ["p", "q"]\nrank = 0.6\n'


def effects(experiment: Experiment) -> dict[str, Share]:
    players = {each.name: frozenset([each.name]) for each in experiment.inputs}
    found = shapley_effects(ValueFunction(experiment), list(players.values()), "raw", 1)
    return dict(zip(players, found, strict=True))


def exact_pair(a: float, b: float, rho: float, rest: float) -> tuple[float, float]:
    """Return the effects of p and q in y = a p + b q + independent rest (Owen and Prieur 2017, section 4)."""
    alone_p, alone_q, both = (a + b * rho) ** 2, (b + a * rho) ** 2, a * a + b * b + 2 * a * b * rho
    total = both + rest
    return 0.5 * (alone_p + both - alone_q) / total, 0.5 * (alone_q + both - alone_p) / total


def test_correlated_normals(experiment: Make):
    made = experiment(
        normal("p"), normal("q"), normal("r"), TIED, formula="2 * p + q + 1.5 * r", n_draws=2**17
    )
    rho = 2 * np.sin(np.pi * 0.6 / 6)  # Kruskal (1958): score correlation of a Gaussian copula
    of_p, of_q = exact_pair(2, 1, rho, 1.5**2)
    found = effects(made)
    for name, exact in (("p", of_p), ("q", of_q), ("r", 1 - of_p - of_q)):
        assert found[name].value == pytest.approx(exact, abs=0.012), name
        assert abs(found[name].value - exact) < 5 * found[name].error


def test_conditional_draws_keep_the_joint_law(experiment: Make):
    """P kept and q drawn anew: correlation with p stays, with the old q it is its square."""
    made = experiment(normal("p"), normal("q"), TIED, formula="p + q", n_draws=2**16)
    mixed = made.mixed(["q"])
    rho = 2 * np.sin(np.pi * 0.6 / 6)
    old, kept, new = made.first.columns["q"], mixed.columns["p"], mixed.columns["q"]
    assert np.array_equal(kept, made.first.columns["p"])
    assert np.corrcoef(kept.ravel(), new.ravel())[0, 1] == pytest.approx(rho, abs=0.01)
    assert np.corrcoef(old.ravel(), new.ravel())[0, 1] == pytest.approx(rho**2, abs=0.015)
    assert new.std() == pytest.approx(1.0, abs=0.01)
    assert len(blocks(made.scenario.correlations)) == 1


def test_interaction_is_shared_equally(experiment: Make):
    """Y = p q of standard normals is all interaction: each has half."""
    found = effects(experiment(normal("p"), normal("q"), formula="p * q", n_draws=2**16))
    assert found["p"].value == pytest.approx(0.5, abs=0.02)
    assert found["p"].value + found["q"].value == pytest.approx(1.0, abs=1e-12)


def test_orders_agree_with_all_sets(experiment: Make, monkeypatch: pytest.MonkeyPatch):
    """Four inputs both ways: every set, and random orders."""
    parts = [normal(name) for name in "pqrs"]
    made = experiment(*parts, formula="p * q + 2 * r + s * r", n_draws=2**15)
    exact = effects(made)
    monkeypatch.setattr(shapley, "MAX_PLAYERS", 2)
    by_orders = effects(made)
    for name in "pqrs":
        assert by_orders[name].value == pytest.approx(exact[name].value, abs=0.05)
    assert sum(share.value for share in by_orders.values()) == pytest.approx(1.0, abs=1e-9)


def test_kinds_add_up(experiment: Make):
    """Y = p + 2 q + 3 r with p data, q judgement, r choice: 1/14, 4/14, 9/14."""
    parts = [
        normal("p", 'kind = "data"\nsource = "made up"'),
        normal("q"),
        normal("r", 'kind = "choice"\nsource = "m"'),
    ]
    made = experiment(*parts, formula="p + 2 * q + 3 * r", n_draws=2**16)
    found = variance_by_kind(ValueFunction(made), 1).set_index("kind")
    for kind, exact in (("data", 1 / 14), ("judgement", 4 / 14), ("choice", 9 / 14)):
        assert list(found.loc[kind, ["first", "total", "shapley"]]) == pytest.approx([exact] * 3, abs=0.01)
    assert found["shapley"].sum() == pytest.approx(1.0, abs=1e-12)
