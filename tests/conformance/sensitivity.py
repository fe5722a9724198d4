"""Sobol' indices of the functions that sensitivity analysis is taught with, in closed form."""

from collections.abc import Iterator
from itertools import product
from math import exp, expm1, log, pi, prod, sqrt

from tests.conformance.figure import Figure

A, B = 7.0, 0.1


def _ishigami() -> Iterator[Figure]:
    """Of sin x1 + a sin^2 x2 + b x3^4 sin x1 on (-pi, pi): Ishigami and Homma (1990)."""
    alone = (1 + B * pi**4 / 5) ** 2 / 2
    second = A**2 / 8
    joint = B**2 * pi**8 * (1 / 18 - 1 / 50)
    variance = alone + second + joint
    where = "Homma and Saltelli (1996)"
    yield Figure("ishigami", "mean", "3.5", A / 2, where, "memory")
    yield Figure("ishigami", "sd", "", sqrt(variance), where)
    printed = {"x1": ("0.3139", "0.5576"), "x2": ("0.4424", "0.4424"), "x3": ("0", "0.2437")}
    first = {"x1": alone, "x2": second, "x3": 0.0}
    total = {"x1": alone + joint, "x2": second, "x3": joint}
    for name, (one, all_of_it) in printed.items():
        yield Figure("ishigami", "first", one, first[name] / variance, where, "memory", name)
        yield Figure("ishigami", "total", all_of_it, total[name] / variance, where, "memory", name)


def _g_function() -> Iterator[Figure]:
    """Product of (|4 x_i - 2| + a_i) / (1 + a_i): Sobol' (1993), V_i = 1 / (3 (1 + a_i)^2)."""
    parts = [1 / (3 * (1 + a) ** 2) for a in (0, 1, 4.5, 9, 99, 99, 99, 99)]
    variance = prod(1 + v for v in parts) - 1
    where = "Saltelli and Sobol' (1995)"
    printed = [
        ("0.716", "0.787"),
        ("0.179", "0.242"),
        ("0.024", "0.034"),
        ("0.007", "0.010"),
        ("0.0001", "0.0001"),
    ]
    yield Figure("sobol-g", "mean", "1", 1.0, where, "memory")
    yield Figure("sobol-g", "sd", "", sqrt(variance), where)
    for place, (one, all_of_it) in enumerate(printed):
        v, name = parts[place], f"x{place + 1}"
        total = v * prod(1 + w for other, w in enumerate(parts) if other != place) / variance
        yield Figure("sobol-g", "first", one, v / variance, where, "memory", name)
        yield Figure("sobol-g", "total", all_of_it, total, where, "memory", name)


TERMS = (
    (1, 3, 5),
    (1, 3, 6),
    (1, 4, 5),
    (1, 4, 6),
    (2, 3, 4),
    (2, 3, 5),
    (2, 4, 5),
    (2, 5, 6),
    (2, 4, 7),
    (2, 6, 7),
)
MEANS = (2.0, 3.0, 0.001, 0.002, 0.004, 0.005, 0.003)
SQUARE = exp((log(2.0) / 1.6448536269514722) ** 2)
"""E[x^2] / E[x]^2 of a lognormal with an error factor (95 % over 50 %) of 2."""


def _expected_product(terms: tuple[tuple[int, ...], ...], without: int = 0) -> float:
    """E of the square of a sum of products, by enumeration; `without` an input divides each product by it."""
    total = 0.0
    for one, other in product(terms, repeat=2):
        factors = [*one, *other]
        moments = (MEANS[i - 1] ** factors.count(i) * (SQUARE if factors.count(i) == 2 else 1.0)
                   for i in set(factors) if i != without)  # fmt: skip
        total += prod(moments)
    return total


def _fault_tree() -> Iterator[Figure]:
    """Multilinear y: E[y | x_i] is linear in x_i, and Var(y | all but x_i) = Var(x_i) (dy/dx_i)^2."""
    mean = sum(prod(MEANS[i - 1] for i in term) for term in TERMS)
    variance = _expected_product(TERMS) - mean**2
    where = "exact moments of Iman's (1987) model, as in Borgonovo (2007)"
    yield Figure("fault-tree", "mean", "", mean, where)
    for i, m in enumerate(MEANS, start=1):
        spread = (SQUARE - 1) * m**2
        own = tuple(term for term in TERMS if i in term)
        slope = sum(prod(MEANS[j - 1] for j in term if j != i) for term in own)
        yield Figure("fault-tree", "first", "", spread * slope**2 / variance, where, "", f"x{i}")
        total = spread * _expected_product(own, without=i) / variance
        yield Figure("fault-tree", "total", "", total, where, "", f"x{i}")


def _multiplicative() -> Iterator[Figure]:
    """Product of lognormal factors: additive on the log scale; on the raw one E f^2 / (E f)^2 = exp(s^2)."""
    scaled = {"a": 0.3, "b": 0.6, "c": 0.9}
    factors = {name: exp(s**2) for name, s in scaled.items()}
    everything = prod(factors.values())
    where = "Borgonovo et al. (2014), J. R. Stat. Soc. B 76:925"
    yield Figure("multiplicative", "mean", "", exp(sum(s**2 for s in scaled.values()) / 2), where)
    for name, s in scaled.items():
        share = s**2 / sum(t**2 for t in scaled.values())
        yield Figure("multiplicative", "first", "", share, where, "", name, scale="log")
        yield Figure("multiplicative", "total", "", share, where, "", name, scale="log")
        yield Figure("multiplicative", "first", "", expm1(s**2) / (everything - 1), where, "", name)
        total = 1 - (everything / factors[name] - 1) / (everything - 1)
        yield Figure("multiplicative", "total", "", total, where, "", name)


FIGURES = [*_ishigami(), *_g_function(), *_fault_tree(), *_multiplicative()]
