"""All that can be integrated out at once: against closed forms, laws of scipy, and roots found one by one."""

from pathlib import Path

import numpy as np
import pytest
from scipy import stats
from scipy.optimize import brentq

from sim.engine.simulate import simulate
from sim.run_record import Run
from sim.scenario.schema import Scenario
from sim.summary.conditional_outcome import ConditionalOutcome, integrate_out
from sim.summary.estimate import ByRandomisation
from sim.summary.product_outcome import Power, ProductLaw, ProductOutcome, integrate_jointly
from sim.summary.roots import refine_quantile
from tests.builders import load_text, parameter, scenario_text

A = parameter("a", 'distribution = "lognormal"\nmedian = 2\nsigma = 0.6')
B = parameter("b", 'distribution = "lognormal"\nmedian = 3\nsigma = 0.3')
SHARES = parameter("s", 'distribution = "dirichlet"\nmeans = { x = 0.1, y = 0.9 }\nconcentration = 30')
G = parameter("g", 'distribution = "gamma"\nmean = 30\nsd = 5.477225575051661')
"""Shape 30 and scale 1: the sd is the square root of the mean."""
METHOD = "[choices.method]\none = 3\ntwo = 1\n"
NEAR = ByRandomisation(1.0, np.ones(4))


def integrated(scenario: Scenario, results: Run, name: str) -> ConditionalOutcome | None:
    """Integrate the widest factor out of an outcome of a run."""
    return integrate_out(scenario, results.arrays, name, results.variable(name))


def joint_of(scenario: Scenario, results: Run, outcome: str = "total") -> ProductOutcome | None:
    return integrate_jointly(scenario, results.arrays, outcome, results.variable(outcome))


@pytest.mark.parametrize(
    ("factors", "law"),
    [
        # a gamma of shape a + b times an independent beta(a, b) is a gamma of shape a (Lukacs 1955)
        ([Power(stats.gamma(30), 1.0), Power(stats.beta(3, 27), 1.0)], stats.gamma(3)),
        ([Power(stats.beta(3, 27), 1.0), Power(stats.gamma(30), 1.0)], stats.gamma(3)),
        # products of powers of lognormals are lognormal: sigmas add in quadrature
        (
            [Power(stats.lognorm(0.4), 1.0), Power(stats.lognorm(0.3), -1.0), Power(stats.lognorm(1.2), 0.1)],
            stats.lognorm(np.sqrt(0.4**2 + 0.3**2 + 0.12**2)),
        ),
        # a ratio of gammas of shapes 2 and 3 is beta prime
        ([Power(stats.gamma(2), 1.0), Power(stats.gamma(3), -1.0)], stats.betaprime(2, 3)),
    ],
)
def test_a_product_has_the_law_it_should(factors: list[Power], law):
    probabilities = np.array([1e-6, 1e-4, 0.025, 0.5, 0.975, 0.9999])
    assert ProductLaw(factors).cdf(law.ppf(probabilities)) == pytest.approx(probabilities, rel=1e-5, abs=2e-9)


def test_laws_with_edges():
    # P(u v <= s) = s - s ln s for independent uniforms; outside (0, 1) it is 0 or 1
    law = ProductLaw([Power(stats.uniform(), 1.0), Power(stats.uniform(), 1.0)])
    s = np.array([1e-4, 0.1, 0.5, 0.9])
    assert law.cdf(s) == pytest.approx(s - s * np.log(s), rel=1e-6)
    assert law.cdf(np.array([-1.0, 0.0, 2.0, np.inf])).tolist() == [0.0, 0.0, 1.0, 1.0]


@pytest.mark.parametrize(("formula", "sign"), [("a * b", 1.0), ("0 - a * b", -1.0)])
def test_an_outcome_of_factors_alone_is_exact(tmp_path: Path, formula: str, sign: float):
    scenario = load_text(tmp_path, scenario_text(A, B, formula=formula))
    results = simulate(scenario)
    joint = joint_of(scenario, results)
    if sign < 0:
        assert joint is None  # a sum with a constant is no product
        return
    assert joint is not None
    law = stats.lognorm(np.hypot(0.6, 0.3), scale=6.0)
    for probability in (0.025, 0.5, 0.975):
        plain = float(np.quantile(results.variable("total"), probability))
        found = joint.quantile(probability, ByRandomisation(plain, np.full(4, 1.01 * plain)))
        assert found is not None
        assert found.value == pytest.approx(law.ppf(probability), rel=1e-7)
        assert found.error < 1e-12 * found.value
    assert joint.p_above(20.0).value == pytest.approx(law.sf(20.0), rel=1e-6)


def test_negative_products_exceed_what_is_below_them(tmp_path: Path):
    scenario = load_text(tmp_path, scenario_text(A, B, formula="a * b * (-1)"))
    joint = joint_of(scenario, simulate(scenario))
    assert joint is not None
    law = stats.lognorm(np.hypot(0.6, 0.3), scale=6.0)
    assert joint.p_above(-4.0).value == pytest.approx(law.cdf(4.0), rel=1e-6)
    assert joint.p_above(0.0).value == 0.0


def test_where_nothing_is_left_the_outcome_is_zero():
    # half the draws of the rest are 0, a quarter each 1 and -1, and P(s <= 1) = 1/2 for a median of 1
    law = ProductLaw([Power(stats.lognorm(0.5), 1.0)])
    joint = ProductOutcome(("a",), law, (np.array([[0.0, 1.0, 0.0, -1.0]]),), (1.0,))
    assert [float(joint.p_above(t).each[0]) for t in (1.0, 0.0, -1.0)] == pytest.approx(
        [0.125, 0.25, 0.875], abs=1e-8
    )


def test_a_share_is_integrated_out_where_it_enters_alone(tmp_path: Path):
    scenario = load_text(tmp_path, scenario_text(G, SHARES, formula="g * s.x"))
    joint = joint_of(scenario, simulate(scenario))
    assert joint is not None
    assert set(joint.names) == {"g", "s.x"}
    # gamma(30) beta(3, 27) = gamma(3), as above
    assert joint.p_above(5.0).value == pytest.approx(stats.gamma(3).sf(5.0), rel=1e-6)
    both = load_text(tmp_path, scenario_text(G, SHARES, formula="g * s.x * s.y"))
    joint = joint_of(both, simulate(both))
    assert joint is not None
    assert joint.names == ("g",)


def test_choices_are_averaged_by_weight(tmp_path: Path):
    text = scenario_text(
        A, METHOD, '[outcomes.y]\nby = "method"\none = "a"\ntwo = "4 * a"\n', formula="2 * y"
    )
    scenario = load_text(tmp_path, text)
    joint = joint_of(scenario, simulate(scenario))
    assert joint is not None
    assert joint.names == ("a", "method")
    law = stats.lognorm(0.6, scale=4.0)
    exact = 0.75 * law.sf(9.0) + 0.25 * law.sf(9.0 / 4.0)
    found = joint.p_above(9.0)
    assert found.value == pytest.approx(exact, rel=1e-6)
    assert found.error < 1e-12

    def excess(t: float) -> float:
        return float(0.75 * law.cdf(t) + 0.25 * law.cdf(t / 4.0)) - 0.9

    quantile = joint.quantile(0.9, ByRandomisation(15.0, np.full(4, 16.0)))
    assert quantile is not None
    assert quantile.value == pytest.approx(float(brentq(excess, 1.0, 100.0, xtol=1e-12)), rel=1e-7)


def test_what_has_no_factor_is_not_integrated(tmp_path: Path):
    tied = '[[correlations]]\nbetween = ["a", "b"]\nrank = 0.6\n'
    for parts, formula in (((A, B), "a + b"), ((A, B, tied), "a * b"), ((A,), "2")):
        scenario = load_text(tmp_path, scenario_text(*parts, formula=formula))
        assert joint_of(scenario, simulate(scenario)) is None


def test_quantiles_of_randomisations_are_roots_of_their_own(tmp_path: Path):
    # to first order each lies beside its root by the square of its distance from the pooled; refined, on it
    scenario = load_text(tmp_path, scenario_text(A, B, formula="a * b", n_draws=256))
    results = simulate(scenario)
    found = integrated(scenario, results, "total")
    assert found is not None
    first = found.quantile(0.5, results.variable("total"))
    exact = [
        brentq(lambda t, r=r: float(found.cdf_of_each(t)[r]) - 0.5, 3.0, 12.0, xtol=1e-13) for r in range(4)
    ]
    off = np.abs(np.array(exact) - first.value)
    assert off.max() > 1e-4
    assert (np.abs(first.each - exact) < 0.05 * off.max()).all()
    assert refine_quantile(found, 0.5, first).each == pytest.approx(exact, rel=1e-11)
    assert refine_quantile(found, 0.5, first).value == first.value


def test_a_jump_is_left_to_what_was_found():
    class Step:
        def cdf_of_each(self, t: object) -> np.ndarray:
            return np.where(np.broadcast_to(np.asarray(t), (4, 1))[:, 0] < 1.0, 0.2, 0.8)

    assert refine_quantile(Step(), 0.5, NEAR) is NEAR
