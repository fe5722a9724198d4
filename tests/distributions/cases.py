"""Statements of continuous families, with mean and standard deviation from textbook formulas."""

from dataclasses import dataclass
from math import acos, asin, cos, exp, expm1, log, pi, sin, sqrt
from typing import Any

from scipy.special import gamma, ndtri

INF = float("inf")
Z95 = float(ndtri(0.95))


@dataclass(frozen=True)
class Case:
    """One statement, and the moments that follow from it by a formula of its own."""

    distribution: str
    keys: dict[str, Any]
    mean: float
    sd: float

    def __str__(self) -> str:
        return f"{self.distribution}: {', '.join(self.keys)}"


def _loguniform(low: float, high: float) -> tuple[float, float]:
    """E X**k = (high**k - low**k) / (k log(high / low))."""
    first = (high - low) / log(high / low)
    second = (high**2 - low**2) / (2 * log(high / low))
    return first, sqrt(second - first**2)


def _triangular(a: float, c: float, b: float) -> tuple[float, float]:
    return (a + b + c) / 3, sqrt((a * a + b * b + c * c - a * b - a * c - b * c) / 18)


def _beta(alpha: float, beta: float, low: float = 0, high: float = 1) -> tuple[float, float]:
    total = alpha + beta
    return (
        low + (high - low) * alpha / total,
        (high - low) * sqrt(alpha * beta / (total * total * (total + 1))),
    )


def _pert(low: float, mode: float, high: float, shape: float = 4) -> tuple[float, float]:
    """Mean by Malcolm et al. (1959); variance (m - low) (high - m) / (shape + 3)."""
    mean = (low + shape * mode + high) / (shape + 2)
    return mean, sqrt((mean - low) * (high - mean) / (shape + 3))


def _lognormal(mu: float, sigma: float) -> tuple[float, float]:
    mean = exp(mu + sigma**2 / 2)
    return mean, mean * sqrt(expm1(sigma**2))


def _trapezoid(a: float, b: float, c: float, d: float) -> tuple[float, float]:
    """Raw moments of a trapezoid: 2 / ((d + c - a - b) (k+1) (k+2)) * (differences of powers over flanks)."""
    height = 2 / (d + c - a - b)

    def raw(k: int) -> float:
        rise = (b ** (k + 2) - a ** (k + 2)) / (b - a)
        fall = (d ** (k + 2) - c ** (k + 2)) / (d - c)
        return height * (fall - rise) / ((k + 1) * (k + 2))

    return raw(1), sqrt(raw(2) - raw(1) ** 2)


def _student_sd(df: float) -> float:
    """Root of E T**2 = df Gamma(3/2) Gamma(df/2 - 1) / (Gamma(1/2) Gamma(df/2)), which is df / (df - 2)."""
    return sqrt(df * gamma(1.5) * gamma(df / 2 - 1) / (gamma(0.5) * gamma(df / 2)))


def _student_4(p: float) -> float:
    """Upper quantile of Student's t with 4 degrees of freedom in closed form: Shaw (2006)."""
    root = sqrt(4 * p * (1 - p))
    return 2 * sqrt(cos(acos(root) / 3) / root - 1)


def _beta_2_2(p: float) -> float:
    """Quantile of beta(2, 2), the middle root of 3 x**2 - 2 x**3 = p."""
    return 0.5 - sin(asin(1 - 2 * p) / 3)


CASES = [
    Case("uniform", {"low": -1, "high": 5}, 2, 6 / sqrt(12)),
    Case("uniform", {"p10": 1, "p90": 9}, 5, 10 / sqrt(12)),
    Case("loguniform", {"low": 0.5, "high": 800}, *_loguniform(0.5, 800)),
    Case("loguniform", {"p25": 10, "p75": 1000}, *_loguniform(1, 10_000)),
    Case("arcsine", {"low": 2, "high": 6}, 4, 2 / sqrt(2)),
    Case("arcsine", {"p25": 2, "p50": 4}, 4, (2 / sqrt(0.5)) / sqrt(2)),  # x = 4 - half * cos(pi u)
    Case("normal", {"mean": -3, "sd": 2}, -3, 2),
    Case("normal", {"median": -3, "sd": 2}, -3, 2),
    Case("normal", {"mean": 10, "p95": 14}, 10, 4 / Z95),
    Case("normal", {"mean": 10, "p05": 6}, 10, 4 / Z95),
    Case("normal", {"median": 10, "p05": 6}, 10, 4 / Z95),
    Case("normal", {"p05": 0, "p95": 8}, 4, 4 / Z95),
    Case("lognormal", {"median": 3, "sigma": 0.7}, *_lognormal(log(3), 0.7)),
    Case("lognormal", {"log_mean": -2, "sigma": 0.7}, *_lognormal(-2, 0.7)),
    Case("lognormal", {"mean": 30, "sd": 60}, 30, 60),
    Case("lognormal", {"median": 3e5, "p95": 3.65e5}, *_lognormal(log(3e5), log(3.65 / 3) / Z95)),
    Case("lognormal", {"p05": 1, "p95": 100}, *_lognormal(log(10), log(10) / Z95)),
    Case("student-t", {"location": 1, "scale": 2, "df": 5}, 1, 2 * _student_sd(5)),
    Case("student-t", {"mean": 1, "sd": 2, "df": 3}, 1, 2),
    Case("student-t", {"location": 1, "scale": 2, "df": 1.5}, 1, INF),
    Case("student-t", {"p05": 1 - _student_4(0.95), "p90": 1 + _student_4(0.9), "df": 4}, 1, sqrt(2)),
    Case("beta", {"alpha": 2, "beta": 5}, *_beta(2, 5)),
    Case("beta", {"alpha": 0.4, "beta": 0.3, "low": -2, "high": 8}, *_beta(0.4, 0.3, -2, 8)),
    Case("beta", {"mean": 0.3, "sd": 0.1}, 0.3, 0.1),
    Case("beta", {"mean": 13, "sd": 1.5, "low": 10, "high": 20}, 13, 1.5),
    Case("beta", {"mean": 0.1, "concentration": 30}, *_beta(3, 27)),
    # beta(2, 1) has cdf x**2, beta(1, 3) has 1 - (1 - x)**3
    Case("beta", {"p25": 0.5, "p90": sqrt(0.9)}, *_beta(2, 1)),
    Case("beta", {"p10": 5 - 5 * 0.9 ** (1 / 3), "p75": 5 - 5 * 0.25 ** (1 / 3), "low": 0, "high": 5},
         *_beta(1, 3, 0, 5)),
    Case("gamma", {"shape": 3, "scale": 4}, 12, 4 * sqrt(3)),
    Case("gamma", {"shape": 3, "rate": 4}, 3 / 4, sqrt(3) / 4),
    Case("gamma", {"mean": 3, "sd": 4}, 3, 4),
    Case("gamma", {"p05": -7 * log(0.95), "median": 7 * log(2)}, 7, 7),  # shape 1 is exponential
    Case("gamma", {"p25": ndtri(0.625) ** 2, "p95": ndtri(0.975) ** 2}, 1, sqrt(2)),  # a squared normal
    Case("exponential", {"mean": 3}, 3, 3),
    Case("exponential", {"rate": 4}, 0.25, 0.25),
    Case("exponential", {"p75": 4}, 4 / log(4), 4 / log(4)),
    Case("weibull", {"shape": 2, "scale": 3}, 3 * sqrt(pi) / 2, 3 * sqrt(1 - pi / 4)),  # a Rayleigh
    Case("weibull", {"shape": 0.5, "scale": 3}, 6, 3 * sqrt(24 - 4)),  # scale * gamma(1 + 2 k)
    Case("weibull", {"mean": 5, "sd": 2}, 5, 2),
    Case("weibull", {"p25": -7 * log(0.75), "p95": 7 * log(20)}, 7, 7),  # shape 1 is exponential
    Case("pareto", {"low": 2, "shape": 5}, 2.5, 2.5 / sqrt(15)),
    Case("pareto", {"low": 2, "shape": 1.5}, 6, INF),
    Case("pareto", {"low": 2, "p95": 2 * 20**0.2}, 2.5, 2.5 / sqrt(15)),
    Case("pareto", {"p50": 2 * 2**0.2, "p90": 2 * 10**0.2}, 2.5, 2.5 / sqrt(15)),
    # three quantiles of a logistic with scale 2 make it; of a normal the monotone curve makes it
    Case("quantiles", {"p10": 5 - 2 * log(9), "p50": 5, "p90": 5 + 2 * log(9)}, 5, 2 * pi / sqrt(3)),
    Case("quantiles", {"p05": 1 - 2 * Z95, "p50": 1, "p95": 1 + 2 * Z95, "curve": "monotone"}, 1, 2),
    Case("quantiles", {"p05": exp(-0.5 * Z95), "p50": 1, "p95": exp(0.5 * Z95), "low": 0,
                       "curve": "monotone"}, *_lognormal(0, 0.5)),
    # above -4 a log-logistic of exponent 8: mean (pi / 8) / sin(pi / 8), second moment (pi / 4) / sin(pi / 4)
    Case("quantiles", {"p10": 9**-0.125 - 4, "p50": -3, "p90": 9**0.125 - 4, "low": -4},
         (pi / 8) / sin(pi / 8) - 4, sqrt((pi / 4) / sin(pi / 4) - ((pi / 8) / sin(pi / 8)) ** 2)),
    Case("quantiles", {"p10": -4 - 9**0.125, "p50": -5, "p90": -4 - 9**-0.125, "high": -4},
         -4 - (pi / 8) / sin(pi / 8), sqrt((pi / 4) / sin(pi / 4) - ((pi / 8) / sin(pi / 8)) ** 2)),
    # log odds that are logistic with scale 1 are those of a uniform
    Case("quantiles", {"p05": 2.3, "p50": 5, "p90": 7.4, "low": 2, "high": 8}, 5, 6 / sqrt(12)),
    Case("triangular", {"low": 1, "mode": 2, "high": 7}, *_triangular(1, 2, 7)),
    Case("triangular", {"low": 0, "mode": 0, "high": 1}, *_triangular(0, 0, 1)),
    # cdf x**2 / 20 up to 4 of (0, 4, 5): 0.2 at 2; beyond, 1 - (5 - x)**2 / 5: 0.95 at 4.5, 0.8 at the mode
    Case("triangular", {"low": 0, "high": 5, "p20": 2}, *_triangular(0, 4, 5)),
    Case("triangular", {"low": 0, "high": 5, "p95": 4.5}, *_triangular(0, 4, 5)),
    Case("triangular", {"p20": 2, "p80": 4, "p95": 4.5}, *_triangular(0, 4, 5)),
    Case("pert", {"low": 0, "mode": 3, "high": 12}, *_pert(0, 3, 12)),
    Case("pert", {"low": 0, "mode": 3, "high": 12, "shape": 9}, *_pert(0, 3, 12, 9)),
    # shape 2 with the mode half way is beta(2, 2)
    Case("pert", {"p10": _beta_2_2(0.1), "p50": 0.5, "p75": _beta_2_2(0.75), "shape": 2}, *_beta(2, 2)),
    Case("trapezoidal", {"low": 0, "mode_low": 1, "mode_high": 3, "high": 7}, *_trapezoid(0, 1, 3, 7)),
    Case("curvilinear-trapezoidal", {"low": 0, "high": 6, "inexactness": 1}, 3, sqrt(36 / 12 + 1 / 9)),
]  # fmt: skip
