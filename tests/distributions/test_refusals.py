"""Every faulty statement is refused with one message that starts with the key and holds the value."""

import pytest

from sim.distributions import FAMILIES
from tests.distributions.builders import family, refusal

NORMAL = {"distribution": "normal", "mean": 0, "sd": 1}
BAD = [
    # which keys
    ("lognormal", {"median": 1, "mean": 2}, "lognormal takes one of: median + sigma; log_mean + sigma; "
     "mean + sd; two quantiles (quantiles: p005, p01,"),
    ("lognormal", {"median": 1, "mean": 2}, "given: median, mean"),
    ("lognormal", {}, "given: nothing"),
    ("lognormal", {"median": 1, "sigma": 1, "p95": 3}, "lognormal takes one of"),
    ("uniform", {"low": 1, "p95": 3}, "uniform takes one of: low + high; two quantiles"),
    ("normal", {"p05": 1, "p50": 2, "p95": 3},
     "normal takes one of: mean + sd; median + sd; mean + one quantile; "
     "two quantiles"),
    ("normal", {"mean": 2, "median": 2}, "the same point"),
    ("student-t", {"location": 0, "sd": 1, "df": 3}, "student-t takes one of: location + scale + df"),
    ("beta", {"alpha": 1, "mean": 0.5}, "beta takes one of: alpha + beta; mean + sd; mean + concentration"),
    ("gamma", {"shape": 1, "sd": 1}, "gamma takes one of"),
    ("exponential", {"mean": 1, "rate": 1}, "exponential takes one of: mean; rate; one quantile"),
    ("weibull", {"shape": 1, "sd": 1}, "weibull takes one of: shape + scale; mean + sd; two quantiles"),
    ("pareto", {"shape": 1}, "pareto takes one of: low + shape; low + one quantile; two quantiles"),
    ("poisson", {}, "mean: Field required"),
    ("binomial", {"p": 0.5}, "n: Field required"),
    ("quantiles", {"p05": 0, "p95": 1, "low": -1},
     "quantiles takes three quantiles or more (quantiles: p005, p01,"),
    ("triangular", {"low": 0, "high": 1},
     "triangular takes one of: low + mode + high; low + high + one quantile"),
    ("pert", {"low": 0, "p50": 1, "high": 3}, "pert takes one of: low + mode + high; three quantiles"),
    ("dirichlet", {"means": {"a": 0.5, "b": 0.5}}, "dirichlet takes one of: means + concentration; alphas"),
    ("truncated", {"of": NORMAL}, "truncated takes one of: of + low; of + high; of + low + high; given: of"),
    ("constant", {}, "value: Field required"),
    # in what order
    ("uniform", {"low": 3, "high": 3}, "low = 3 must be below high = 3"),
    ("loguniform", {"low": 4, "high": 3}, "low = 4 must be below high = 3"),
    ("arcsine", {"low": 4, "high": 3}, "low = 4 must be below high = 3"),
    ("lognormal", {"p05": 3, "p95": 2}, "p05 = 3 must be below p95 = 2"),
    ("normal", {"mean": 3, "p95": 2}, "mean = 3 must be below p95 = 2"),
    ("gamma", {"p05": 2, "p95": 2}, "p05 = 2 must be below p95 = 2"),
    ("beta", {"p05": 0.5, "median": 0.4}, "p05 = 0.5 must be below median = 0.4"),
    ("pert", {"p05": 1, "p50": 3, "p95": 2}, "p50 = 3 must be below p95 = 2"),
    ("weibull", {"p05": 2, "p95": 2}, "p05 = 2 must be below p95 = 2"),
    ("pareto", {"low": 5, "p95": 2}, "low = 5 must be below p95 = 2"),
    ("quantiles", {"p05": 1, "p50": 3, "p95": 2}, "p50 = 3 must be below p95 = 2"),
    ("quantiles", {"p05": 1, "p50": 2, "p95": 3, "low": 4, "high": 0}, "low = 4 must be below high = 0"),
    ("triangular", {"low": 0, "mode": 5, "high": 4}, "mode = 5 must be from low = 0 to high = 4"),
    ("triangular", {"low": 5, "high": 4, "p50": 4}, "low = 5 must be below high = 4"),
    ("pert", {"low": 0, "mode": -1, "high": 4}, "mode = -1 must be from low = 0 to high = 4"),
    ("trapezoidal", {"low": 0, "mode_low": 3, "mode_high": 2, "high": 4},
     "mode_low = 3 and mode_high = 2 must be"),
    ("trapezoidal", {"low": 0, "mode_low": 0, "mode_high": 0, "high": 0}, "low = 0 must be below high = 0"),
    ("truncated", {"of": NORMAL, "low": 2, "high": 1}, "low = 2 must be below high = 1"),
    ("curvilinear-trapezoidal", {"low": 2, "high": 1, "inexactness": 1}, "low = 2 must be below high = 1"),
    # within what limits
    ("normal", {"mean": 0, "sd": -1}, "sd: Input should be greater than 0"),
    ("normal", {"mean": 0, "sd": 0}, "sd: Input should be greater than 0"),
    ("weibull", {"median": -3, "p95": 2}, "median = -3 must be inside (0, inf)"),
    ("weibull", {"mean": 1, "sd": 1e-5}, "mean = 1 and sd = 1e-05 belong to no weibull with a shape from"),
    ("pareto", {"low": 0, "shape": 2}, "low: Input should be greater than 0"),
    ("pareto", {"low": 1, "shape": -1}, "shape: Input should be greater than 0"),
    ("poisson", {"mean": 0}, "mean: Input should be greater than 0"),
    ("poisson", {"mean": 2e9}, "mean = 2000000000: a poisson with a variance of 2e+09 has too many values"),
    ("binomial", {"n": 2.5, "p": 0.5}, "n: Input should be a valid integer"),
    ("binomial", {"n": 0, "p": 0.5}, "n: Input should be greater than or equal to 1"),
    ("binomial", {"n": 5, "p": 1.5}, "p: Input should be less than or equal to 1"),
    ("binomial", {"n": 10**11, "p": 0.5},
     "n = 100000000000 and p = 0.5: a binomial with a variance of 2.5e+10 has too many values to list; the "
     "variance may be at most 1e+09. A normal with mean = 50000000000 and sd = 158113.88"),
    ("binomial", {"n": 10**16, "p": 1e-15}, "n = 1e+16 is too large to count to"),
    ("quantiles", {"p05": 1, "p50": 2, "p95": 3, "low": 1}, "p05 = 1 must be inside (1, inf)"),
    ("quantiles", {"p05": 0, "p50": 1, "p95": 100, "curve": "metalog"},
     "curve = 'metalog': none through p05 = 0, p50 = 1, p95 = 100 has a positive density; a 'monotone' one"),
    ("quantiles", {"p05": 0, "p50": 1, "p95": 2, "curve": "linear"}, "should be 'metalog' or 'monotone'"),
    ("normal", {"mean": float("nan"), "sd": 1}, "mean: Input should be a finite number"),
    ("uniform", {"low": 0, "high": float("inf")}, "high: Input should be a finite number"),
    ("normal", {"mean": "3", "sd": 1}, "mean: Input should be a valid number"),
    ("normal", {"mean": True, "sd": 1}, "mean: Input should be a valid number"),
    ("loguniform", {"low": 0, "high": 3}, "low: Input should be greater than 0"),
    ("lognormal", {"median": -3, "p95": 2}, "median = -3 must be inside (0, inf)"),
    ("lognormal", {"median": 1, "sigma": -2}, "sigma: Input should be greater than 0"),
    ("lognormal", {"log_mean": 800, "sigma": 1}, "sigma, log_mean: median = inf follows"),
    ("exponential", {"median": -3}, "median = -3 must be inside (0, inf)"),
    ("student-t", {"mean": 0, "sd": 1, "df": 2}, "df = 2 must be inside (2, inf)"),
    ("beta", {"mean": 1.5, "sd": 0.1}, "mean = 1.5 must be inside (0, 1)"),
    ("beta", {"mean": 0, "concentration": 3}, "mean = 0 must be inside (0, 1)"),
    ("beta", {"p05": 0.2, "p95": 1}, "p95 = 1 must be inside (0, 1)"),
    ("beta", {"p05": 12, "p95": 21, "low": 10, "high": 20}, "p95 = 21 must be inside (10, 20)"),
    ("beta", {"mean": 0.5, "sd": 0.5}, "sd = 0.5 is too large for mean = 0.5: it must be below 0.5"),
    ("triangular", {"low": 0, "high": 1, "p50": 0.9},
     "p50 = 0.9 must be from 0.292893218813 to 0.707106781187"),
    ("triangular", {"low": 0, "high": 1, "p50": 2}, "p50 = 2 must be inside (0, 1)"),
    ("pert", {"p05": 0, "p50": 0.01, "p95": 1}, "p50 = 0.01 must be between"),
    ("gamma", {"p05": 1, "p95": 1.0000001}, "p05 = 1 and p95 = 1.0000001 belong to no gamma"),
    ("gamma", {"p05": 1e-300, "p95": 1}, "p05 = 1e-300 and p95 = 1 belong to no gamma"),
    ("beta", {"p05": 0.5, "p95": 0.5000001}, "p05 = 0.5 and p95 = 0.5000001 belong to no beta"),
    ("normal", {"p05": -1e308, "p95": 1e308}, "p05 = -1e+308 and p95 = 1e+308 give a scale of inf"),
    ("loguniform", {"p40": 1e-200, "p60": 1e200}, "p40 = 1e-200 and p60 = 1e+200 give bounds"),
    ("uniform", {"low": -1e308, "high": 1e308}, "low = -1e+308 and high = 1e+308 are too far apart"),
    ("lognormal", {"mean": 1e-200, "sd": 1e200}, "mean, sd: median = 0 follows"),
    ("gamma", {"mean": 1, "sd": 1e-200}, "mean, sd: shape = inf follows"),
    ("exponential", {"rate": 1e-320}, "rate: mean = inf follows"),
    ("beta", {"mean": 0.5, "sd": 1e-200}, "mean, sd: alpha = inf follows"),
    ("curvilinear-trapezoidal", {"low": 0, "high": 1, "inexactness": 0.5},
     "inexactness = 0.5 must be below 0.5"),
    ("truncated", {"of": {"distribution": "uniform", "low": 0, "high": 1}, "low": 2},
     "low = 2: next to nothing is left of the uniform (support: 0 to 1)"),
    ("truncated", {"of": NORMAL, "low": 1, "high": 1.0000000000001}, "next to nothing is left of the normal"),
    ("truncated", {"of": NORMAL, "low": 50}, "low = 50: next to nothing is left of the normal"),
    ("truncated", {"of": {"distribution": "constant", "value": 1}, "low": 2},
     "low = 2: next to nothing is left of the constant (support: 1 to 1)"),
    # weights and shares
    ("discrete", {"values": [1, 2], "weights": [0, 0]}, "weights are all zero: [0.0, 0.0]"),
    ("discrete", {"values": [1, 2], "weights": [1, -1]},
     "weights.1: Input should be greater than or equal to 0"),
    ("discrete", {"values": [1, 2], "weights": [1]}, "weights has 1 entries and values has 2"),
    ("discrete", {"values": [1, 1], "weights": [1, 2]}, "values has 1 more than once"),
    ("discrete", {"values": [], "weights": []}, "values is empty"),
    ("mixture", {"components": [{"weight": 0, "of": NORMAL}]}, "weights are all zero: [0.0]"),
    ("mixture", {"components": [{"weight": -1, "of": NORMAL}]},
     "weight: Input should be greater than or equal to 0"),
    ("mixture", {"components": []}, "components is empty"),
    ("dirichlet", {"means": {"a": 0.5, "b": 0.6}, "concentration": 3},
     "means add to 1.1: they must add to 1"),
    ("dirichlet", {"means": {"a": 1.0, "b": 0}, "concentration": 3},
     "means.b: Input should be greater than 0"),
    ("dirichlet", {"means": {"a": 1}, "concentration": 3},
     "means = {'a': 1.0} must name at least two shares"),
    ("dirichlet", {"alphas": {}}, "alphas = {} must name at least two shares"),
    ("dirichlet", {"alphas": {"a": 1, "b": -2}}, "alphas.b: Input should be greater than 0"),
    ("dirichlet", {"alphas": {"a": 1, "b c": 2}}, "String should match pattern"),
    ("empirical", {"file": "a.txt", "column": "x"}, "file = 'a.txt' must end in .csv or .parquet"),
    ("empirical", {"file": "a.xlsx", "column": "x"}, "; save the table as CSV UTF-8 (File, Save As)"),
    ("empirical", {"file": "a.csv"}, "column: Field required"),
    ("bootstrap", {"file": "a.csv", "column": "x", "statistic": "median"}, "'mean', 'sd' or 'correlation'"),
    ("bootstrap", {"file": "a.csv", "column": "x", "statistic": "correlation"}, "takes a second column"),
    ("bootstrap", {"file": "a.csv", "column": "x", "statistic": "sd", "weights": "w"}, "weights belong"),
    ("normal", {"mean": 0, "sd": 1, "medain": 2}, "medain: Extra inputs are not permitted"),
]  # fmt: skip


@pytest.mark.parametrize("name, keys, message", BAD, ids=[f"{name} {keys}" for name, keys, _ in BAD])
def test_refused_with_a_message(name, keys, message):
    assert message in refusal(name, **keys)


def test_a_fault_inside_a_list_is_the_only_fault():
    said = refusal("mixture", components=[{"weight": 1, "of": {**NORMAL, "sd": -1}}])
    assert said == "mixture.components.0.of.normal.sd: Input should be greater than 0"


def test_every_family_is_refused_something():
    assert {name for name, *_ in BAD} == set(FAMILIES)


def test_families_are_frozen_and_known_by_their_word():
    normal = family("normal", mean=0, sd=1)
    with pytest.raises(ValueError, match="frozen"):
        normal.mean = 3
    for name, model in FAMILIES.items():
        assert model.model_fields["distribution"].annotation.__args__ == (name,)


def test_dump_makes_the_same_family():
    """A resolved scenario is written from the dump, with what was not stated left out, and read again."""
    nested = family("mixture", components=[
        {"weight": 1, "of": {"distribution": "beta", "p05": 0.1, "p95": 0.3}},
        {"weight": 2, "of": {"distribution": "truncated", "of": NORMAL, "low": 0}},
    ])  # fmt: skip
    dumped = nested.model_dump(mode="json", exclude_none=True)
    assert dumped["components"][1] == {
        "weight": 2.0,
        "of": {"distribution": "truncated", "of": NORMAL, "low": 0.0},
    }
    assert family(**dumped) == nested
