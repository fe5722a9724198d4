"""Properties of every family, driven by the registry of families and by the statements each says it takes."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from sim.distributions import FAMILIES
from sim.distributions.quantile_family import QuantileFamily
from sim.distributions.statements import LEVELS, Statement
from tests.distributions.builders import family
from tests.distributions.cases import CASES, Case
from tests.properties.laws import STATED, laws, made

few = settings(derandomize=True, max_examples=7, deadline=None)
stated = pytest.mark.parametrize("name, keys", STATED, ids=[f"{n}: {', '.join(k)}" for n, k in STATED])
uniforms = st.lists(st.floats(1e-12, 1 - 1e-12), min_size=2, max_size=30)
KEYS = [key for key in LEVELS if key != "median"]
spread_levels = st.tuples(
    *(st.sampled_from(KEYS[part]) for part in (slice(0, 6), slice(13, 19), slice(7, 12)))
)


def test_every_registered_family_is_stated_here():
    assert {name for name, _ in STATED} == set(FAMILIES)
    quantile = {name for name, model in FAMILIES.items() if issubclass(model, QuantileFamily)}
    assert quantile <= {case.distribution for case in CASES}


@stated
@few
@given(u=uniforms)
def test_the_inverse_cdf_never_falls(name, keys, u):
    for law in laws(name, keys):
        x = law.ppf(np.sort(u))
        assert np.all(np.diff(x) >= -16 * np.spacing(np.abs(x[1:])))  # but for the last digits


@stated
def test_one_value_and_no_value_keep_their_shape(name, keys):
    for law in laws(name, keys):
        assert np.shape(law.ppf(np.array(0.3))) == ()
        assert np.shape(law.ppf(np.empty((0, 2)))) == (0, 2)


@stated
@few
@given(u=uniforms)
def test_cdf_and_inverse_undo_each_other(name, keys, u):
    """Exactly for laws with a density; a law of steps gives the least value whose cdf reaches u."""
    at = np.array(u)
    for law in laws(name, keys):
        x = law.ppf(at)
        low, high = law.support()
        assert np.all((low <= x) & (x <= high))
        if made(name, keys).has_density or name == "dirichlet":
            # the last digits of x may move the cdf by more than those of u
            size = np.maximum(np.abs(x), max(abs(end) for end in (low, high, 0.0) if np.isfinite(end)))
            step = 4 * np.spacing(size)
            nearest = np.maximum(law.cdf(x + step) - law.cdf(x - step), 1e-15)
            assert np.all(np.abs(law.cdf(x) - at) <= 1e-8 * np.minimum(at, 1 - at) + nearest)
        else:
            assert np.all(law.cdf(x) >= at - 1e-12)
            assert np.all(law.cdf(np.nextafter(x, -np.inf)) < at + 1e-12)


def _value(key: str, model, law) -> float | None:
    """Return what a statement's key must be for a law, from the law itself or from how it was stated."""
    found = {"mean": law.mean, "sd": law.std}.get(key)
    if found is not None:
        return float(found()) if np.isfinite(found()) else None
    if key in ("low", "high") and getattr(model, key, None) is None:
        end = law.support()[key == "high"]
        return float(end) if np.isfinite(end) else None
    return getattr(model, key, None)


def _restated(case: Case, statement: Statement, levels: tuple[str, ...]) -> dict[str, float] | None:
    model = made(case.distribution, case.keys)
    law = model.law()
    keys = {}
    for key in statement.keys:
        value = float(law.ppf(np.array(0.5))) if key == "median" else _value(key, model, law)
        if value is None:
            return None
        keys[key] = value
    at = sorted(levels[: statement.n_quantiles], key=LEVELS.__getitem__)
    keys |= dict(zip(at, law.ppf(np.array([LEVELS[level] for level in at])).tolist(), strict=True))
    optional = {key: case.keys[key] for key in ("low", "high", "shape", "df") if key in case.keys}
    in_quantiles = issubclass(FAMILIES[case.distribution], QuantileFamily)
    return keys | {
        key: optional[key] for key in optional if key not in keys and _optional(key, case, in_quantiles)
    }


def _optional(key: str, case: Case, in_quantiles: bool) -> bool:
    """Tell whether a key may stand beside any statement of its family."""
    statements = FAMILIES[case.distribution].statements
    return in_quantiles and not any(key in statement.keys for statement in statements)


def _probability_below_mode(law) -> float:
    """Cdf of a triangle at its mode, (mode - low) / (high - low); the mode is 3 mean - low - high."""
    low, high = law.support()
    return (3 * law.mean() - 2 * low - high) / (high - low)


STATEMENTS = [(case, statement) for case in CASES for statement in FAMILIES[case.distribution].statements]


@pytest.mark.parametrize("case, statement", STATEMENTS, ids=[f"{c} as {s}" for c, s in STATEMENTS])
@settings(derandomize=True, max_examples=3, deadline=None)
@given(levels=spread_levels)
def test_what_is_stated_is_met_whichever_way_it_is_stated(case, statement, levels):
    """Every law is stated anew in every way its family takes, from its own quantiles and moments."""
    keys = _restated(case, statement, levels)
    if keys is None:
        return  # this law has no such moment or key
    law = made(case.distribution, case.keys).law()
    assume("mean" not in statement.keys or not statement.n_quantiles or "p50" not in keys)
    at = [key for key in keys if key in LEVELS]
    values = np.array([keys[key] for key in at])
    assume(len(set(values)) == len(values))
    try:
        again = family(case.distribution, **keys).law()
    except ValidationError as error:
        # quantiles on one side of a triangle's mode belong to more than one triangle
        assert case.distribution == "triangular" and statement.n_quantiles == 3, error
        rise = np.sort([LEVELS[key] for key in at])
        assert not rise[0] < _probability_below_mode(law) < rise[2], error
        return
    size = float(law.ppf(np.array(0.95)) - law.ppf(np.array(0.05)))
    met = again.ppf(np.array([LEVELS[key] for key in at]))
    assert np.all(np.abs(met - values) <= 1e-8 * np.maximum(np.abs(values), size))
    for moment in {"mean", "sd"} & set(statement.keys):
        found = {"mean": again.mean, "sd": again.std}[moment]()
        assert found == pytest.approx(keys[moment], rel=1e-8, abs=1e-8 * size)
    if {"low", "high"} & set(statement.keys):
        assert again.support() == pytest.approx(law.support(), abs=1e-9 * size)
