"""Searches on the floats, jumps of order statistics, and quantiles of laws made at random."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from sim.samplers.base import Design, stream
from sim.summary.intervals import cuts, highest_density
from sim.summary.order import OrderedDraws, SortedDraws
from sim.summary.quantiles import quantile_of
from sim.summary.roots import floats, least_root, places

finite = st.floats(allow_nan=False, allow_infinity=False)


@settings(derandomize=True)
@given(st.lists(finite, min_size=2, max_size=20))
def test_floats_have_an_order_of_their_own(values: list[float]):
    ordered = np.sort(np.array(values))
    assert np.all(places(ordered)[1:] >= places(ordered)[:-1])
    np.testing.assert_array_equal(floats(places(ordered)), ordered)


@settings(derandomize=True)
@given(finite, finite, finite)
def test_a_jump_is_found_to_the_last_bit(one: float, other: float, third: float):
    low, at, high = sorted((one, other, third))
    if low < at:
        found = least_root(lambda t: np.where(t >= at, 0.5, -0.25), np.array([low]), np.array([high]))
        assert found[0] == at


@pytest.mark.parametrize("scale", [1e-300, 1e-15, 1.0, 1e300])
def test_a_smooth_root_is_found_at_any_scale(scale: float):
    # the quantiles of a lognormal, all of them in one search
    law, levels = stats.lognorm(0.7), np.array([0.001, 0.025, 0.5, 0.975])
    with np.errstate(over="ignore"):
        found = least_root(lambda t: law.cdf(t / scale) - levels, np.full(4, -1e308), np.full(4, 1e308))
    assert found == pytest.approx(scale * law.ppf(levels), rel=1e-12, abs=0)


@pytest.mark.parametrize(
    "law", [stats.norm(), stats.lognorm(3.0), stats.cauchy(), stats.pareto(0.5), stats.expon()]
)
def test_continuous_laws_do_not_jump(law):
    # 8,000 spacings at odds of 1e-9 each; quantiles are numpy's then
    draws = np.sort(law.rvs(8_000, random_state=stream(5, law.dist.name)))
    assert not SortedDraws(draws).jumps(np.arange(7_999)).any()
    levels = np.array([0.0, 0.001, 0.025, 0.5, 0.831, 0.975, 1.0])
    assert [SortedDraws(draws).quantile(level) for level in levels] == pytest.approx(
        np.quantile(draws, levels), rel=1e-13
    )


def test_between_values_that_are_taken_there_is_nothing():
    draws = np.repeat([0.0, 1.0, 1e9], [40, 30, 30])
    assert {SortedDraws(draws).quantile(level) for level in np.linspace(0, 1, 201)} == {0.0, 1.0, 1e9}
    assert SortedDraws(draws).gap((0.3, 0.5)) == (0.0, 1.0)
    assert SortedDraws(draws).gap((0.45, 0.65)) is None


def mixture(rng: np.random.Generator) -> tuple[np.ndarray, list]:
    """Return weights and components, a number standing for an atom."""
    n = int(rng.integers(1, 5))
    weights = rng.dirichlet(np.ones(n))
    places_, widths = rng.choice([-3.0, 0.0, 1.0, 100.0], n), rng.choice([0.1, 1.0, 5.0], n)
    kinds = rng.integers(0, 3, n)
    made = [
        (place, stats.norm(place, width), stats.lognorm(width / 2, scale=abs(place) + 0.1))[kind]
        for place, width, kind in zip(places_, widths, kinds, strict=True)
    ]
    return weights, made


def cdf(weights: np.ndarray, made: list, t: float) -> float:
    parts = [float(t >= each) if isinstance(each, float) else float(each.cdf(t)) for each in made]
    return float(np.dot(weights, parts))


@pytest.mark.parametrize("sampler", ["sobol", "lhs", "random"])
def test_quantiles_of_laws_with_atoms_and_gaps(sampler):
    """Of 40 laws: within six stated errors of a value with the right probability, or a note.

    An error of 16 randomisations is t with 15 degrees of freedom: beyond 6 in 2.4e-5 of all cases, of which
    there are 200 with each sampler.
    """
    rng = stream(8, "mixtures", sampler)
    for seed in range(40):
        weights, made = mixture(rng)
        design = Design(seed, sampler, 2**12)
        which = np.minimum(np.searchsorted(np.cumsum(weights), design.uniforms("c")), len(made) - 1)
        uniforms = design.uniforms("x")
        columns = [each if isinstance(each, float) else each.ppf(uniforms) for each in made]
        ordered = OrderedDraws(np.choose(which, columns))
        for level in (0.025, 0.25, 0.5, 0.95, 0.975):
            found = quantile_of(ordered, level)
            slack = 6 * found.error + 1e-9 * abs(found.value)
            below, above = found.value - slack, found.value + slack
            assert found.note or cdf(weights, made, below - 1e-12) <= level <= cdf(
                weights, made, above + 1e-12
            )


@pytest.mark.parametrize(
    "law", [stats.norm(), stats.lognorm(3.0), stats.cauchy(), stats.uniform(), stats.expon()]
)
@pytest.mark.parametrize("n", [400, 4_096, 65_536])
def test_one_peak_is_not_taken_for_several(law, n: int):
    # a fall of six standard errors between two of a hundred cells: never by chance
    assert not len(cuts(np.sort(law.rvs(n, random_state=stream(6, law.dist.name)))))


@pytest.mark.parametrize("sampler", ["sobol", "random"])
def test_pieces_of_two_normals(sampler):
    """Ends where the density of 0.7 N(0, 1) + 0.3 N(6, 1/2) is 0.0585, which holds 80 %, by root finding.

    Five stated errors of the hull's ends; the inner ends are known as well.
    """
    design = Design(3, sampler, 2**15)
    normal = stats.norm.ppf(design.uniforms("x"))
    draws = np.where(design.uniforms("c") < 0.7, normal, 6 + normal / 2)
    ends = highest_density(OrderedDraws(draws), 0.8)
    assert ends is not None
    low, high = ends
    exact = np.array([-1.3203, 1.3203, 5.4011, 6.5989])
    assert abs(low.value - exact[0]) < 5 * low.error
    assert abs(high.value - exact[3]) < 5 * high.error
    numbers = low.note.partition(": ")[2].replace(";", " to").split(" to ")
    assert [float(number) for number in numbers] == pytest.approx(exact, abs=0.1)
