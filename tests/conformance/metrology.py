"""Published and exact figures of JCGM 100, 101 and 102, NPL DEM-ES-011 and NIST TN 1900.

Exact figures of JCGM 101, clause 9, that have no closed form here are by quadrature and Fourier inversion,
confirmed by 2e7 plain draws, when this suite was written.
"""

from itertools import pairwise
from math import comb, factorial, log, pi, sqrt

import numpy as np
from scipy import integrate, optimize, stats

from tests.conformance.figure import Figure, Tag

S1 = "JCGM 101:2008"
NIST = "NIST TN 1900"
SEEN: Tag = "seen"
MEMORY: Tag = "memory"


def sum_of_four_rectangular(probability: float) -> float:
    """Quantile of the sum of four rectangular quantities on (-sqrt 3, sqrt 3): Irwin (1927), Hall (1927)."""

    def cdf(x: float) -> float:
        return sum((-1) ** k * comb(4, k) * max(x - k, 0.0) ** 4 for k in range(5)) / factorial(4)

    unit = float(optimize.brentq(lambda x: cdf(x) - probability, 0.0, 4.0, xtol=1e-14))
    return 2.0 * sqrt(3.0) * (unit - 2.0)


def dominated_quantile(probability: float) -> float:
    """Quantile of three rectangular quantities of sd 1 and one of sd 10, by two integrals of a cdf.

    P(wide + rest <= y) = E[F(y - rest)], F linear over (-w, w); `rest` is a sum of three, density below.
    """
    half, wide = sqrt(3.0), 10.0 * sqrt(3.0)

    def density(x: float) -> float:
        u = x / (2.0 * half) + 1.5
        return sum((-1) ** k * comb(3, k) * max(u - k, 0.0) ** 2 for k in range(4)) / 2.0 / (2.0 * half)

    def cdf(y: float) -> float:
        def part(x: float) -> float:
            return density(x) * float(np.clip((y - x + wide) / (2.0 * wide), 0.0, 1.0))

        edges = sorted({-3 * half, -half, half, 3 * half, float(np.clip(y - wide, -3 * half, 3 * half))})
        return sum(integrate.quad(part, a, b)[0] for a, b in pairwise(edges))

    return float(optimize.brentq(lambda y: cdf(y) - probability, 0.0, 25.0, xtol=1e-12))


def _ends(
    problem: str,
    source: str,
    tag: Tag,
    published: tuple[str, str],
    exact: tuple[float, float],
    **more: object,
) -> list[Figure]:
    kinds = ("low", "high") if more.pop("primary", True) else ("low_shortest", "high_shortest")
    return [
        Figure(problem, kind, text, value, source, tag, **more)  # type: ignore[arg-type]
        for kind, text, value in zip(kinds, published, exact, strict=True)
    ]


Z975 = float(stats.norm.ppf(0.975))
R4 = sum_of_four_rectangular(0.975)
DOMINATED = dominated_quantile(0.975)

ADDITIVE = [
    Figure("additive-normal", "mean", "0.00", 0.0, f"{S1}, table 2", SEEN),
    Figure("additive-normal", "sd", "2.00", 2.0, f"{S1}, table 2", SEEN),
    *_ends("additive-normal", f"{S1}, table 2", SEEN, ("-3.92", "3.92"), (-2 * Z975, 2 * Z975)),
    *_ends(
        "additive-normal", f"{S1}, table 2", SEEN, ("-3.92", "3.92"), (-2 * Z975, 2 * Z975), primary=False
    ),
    Figure("additive-rectangular", "mean", "0.00", 0.0, f"{S1}, table 3", SEEN),
    Figure("additive-rectangular", "sd", "2.00", 2.0, f"{S1}, table 3", SEEN),
    *_ends("additive-rectangular", f"{S1}, table 3", SEEN, ("-3.88", "3.88"), (-R4, R4)),
    *_ends("additive-rectangular", f"{S1}, table 3", SEEN, ("-3.88", "3.88"), (-R4, R4), primary=False),
    Figure("additive-dominated", "mean", "0.0", 0.0, f"{S1}, table 4", SEEN),
    Figure("additive-dominated", "sd", "10.1", sqrt(103.0), f"{S1}, table 4", SEEN),
    *_ends("additive-dominated", f"{S1}, table 4", SEEN, ("-17.0", "17.0"), (-DOMINATED, DOMINATED)),
]

MASS = [
    Figure("mass-calibration", "mean", "1.2341", 1.234, f"{S1}, table 5", MEMORY, noise=2e-4),
    Figure("mass-calibration", "sd", "0.0754", 0.075480, f"{S1}, table 5", MEMORY, noise=1e-4),
    *_ends("mass-calibration", f"{S1}, table 5", MEMORY, ("1.0834", "1.3825"), (1.08443, 1.38357),
           primary=False, noise=2e-3, at=0.95),
    *_ends("mass-calibration", f"{S1}, table 5, by quadrature", "", ("", ""), (1.08443, 1.38357)),
]  # fmt: skip


def _loss(
    problem: str, tag: Tag, printed: tuple[str, ...], exact: tuple[float, ...], equal: tuple[float, ...] = ()
) -> list[Figure]:
    """Mean, sd and ends of the shortest interval in millionths, then of the equal-tailed one."""
    where = f"{S1}, tables 6 to 8"
    names = ("mean", "sd", "low", "high")
    noises = (1.0, 1.0, 8.0, 8.0)  # of ends where the optimum is flat
    found = [
        Figure(problem, name, text, value, where, tag if place < 2 else MEMORY, noise=noise)
        for place, (name, text, value, noise) in enumerate(zip(names, printed, exact, noises, strict=True))
    ]
    ends = zip(("low_eti", "high_eti"), equal, strict=False)
    return found + [Figure(problem, name, "", value, "by quadrature", "", at=0.95) for name, value in ends]


def rayleigh_high() -> float:
    """Upper end of the shortest interval of x1^2 + x2^2 around 0: exponential of mean 50, from 0 on."""
    return -50.0 * log(0.05)


LOSS = [
    *_loss("comparison-loss", SEEN, ("50", "50", "0", "150"), (50, 50, 0, rayleigh_high()),
           (-50 * log(0.975), -50 * log(0.025))),
    *_loss("comparison-loss-10", MEMORY, ("150", "112", "0", "367"), (150, sqrt(12_500), 0, 366.01),
           (8.55, 427.12)),
    *_loss("comparison-loss-50", MEMORY, ("2551", "502", "1590", "3543"),
           (2550, sqrt(252_500), 1593.57, 3548.57), (1638.48, 3603.36)),
    *_loss("comparison-loss-0-correlated", SEEN, ("50", "67", "0", "185"), (50, 50 * sqrt(1.81), 0, 185.06)),
    *_loss("comparison-loss-10-correlated", MEMORY, ("150", "121", "13", "398"),
           (150, sqrt(14_525), 12.64, 397.46), (29.08, 478.31)),
    *_loss("comparison-loss-50-correlated", MEMORY, ("2551", "504", "1628", "3555"),
           (2550, sqrt(254_525), 1624.40, 3554.67), (1696.86, 3659.80)),
]  # fmt: skip

GAUGE = [
    Figure("gauge-block", "mean", "838", 838.0, f"{S1}, table 11", SEEN),
    Figure("gauge-block", "sd", "36", 35.80808, f"{S1}, table 11", SEEN),
    *_ends("gauge-block", f"{S1}, table 11", SEEN, ("745", "932"), (744.348, 931.652), at=0.99, noise=0.5),
    *_ends("gauge-block", f"{S1}, table 11", SEEN, ("745", "932"), (744.348, 931.652), at=0.99, noise=2.0,
           primary=False),
]  # fmt: skip

RESISTORS = "JCGM 100:2008, 5.2.2, example"
H2 = "JCGM 100:2008, table H.4"
IMPEDANCE = [
    Figure("impedance", "mean", "127.732", None, H2, SEEN),
    Figure("impedance", "sd", "0.071", None, H2, SEEN),
    Figure("impedance", "mean", "219.847", None, H2, SEEN, "reactance"),
    # 0.2956 from the unrounded observations: the standard worked with rounded intermediate figures
    Figure("impedance", "sd", "0.295", None, H2, SEEN, "reactance", noise=5e-4),
    Figure("impedance", "mean", "254.260", None, H2, SEEN, "impedance"),
    Figure("impedance", "sd", "0.236", None, H2, SEEN, "impedance"),
    Figure("impedance", "correlation", "-0.588", None, H2, MEMORY, "resistance ~ reactance"),
    Figure("impedance", "correlation", "-0.485", None, H2, MEMORY, "resistance ~ impedance"),
    Figure("impedance", "correlation", "0.993", None, H2, MEMORY, "reactance ~ impedance"),
    Figure("common-standard", "sd", "1.0", 1.0, RESISTORS, MEMORY),
    Figure("common-standard", "sd", "0.32", sqrt(0.1), RESISTORS, MEMORY, "independent"),
    Figure("correlated-sum", "sd", "", sqrt(12.0), "4 + 4 + 4 * 0.5 * 2: JCGM 100:2008, (16)"),
    Figure("correlated-sum", "sd", "", sqrt(3.0), "4 + 1 - 2 * 0.5 * 2: JCGM 100:2008, (16)", "", "z"),
    Figure("correlated-sum", "correlation", "", 0.5, "(4 + 1 - 2) / sqrt(12 * 3)", "", "y ~ z"),
]


def rice(moment: str) -> float:
    """Mean or standard deviation of the magnitude: Rice (1945), parts of sd 0.01 around (0.001, 0)."""
    law = stats.rice(0.1, scale=0.01)
    return float(law.mean() if moment == "mean" else law.std())


def correlated_mean(re: float) -> float:
    """Mean of |z| in polar coordinates, where it is smooth; parts of sd 0.01 at (re, 0) correlated by 0.9."""
    angle, radius = np.linspace(0.0, 2.0 * pi, 1025)[:-1], np.linspace(0.0, 0.16, 4001)[:, np.newaxis]
    point = np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=-1)
    density = stats.multivariate_normal([re, 0.0], 1e-4 * np.array([[1.0, 0.9], [0.9, 1.0]])).pdf(point)
    return float(np.trapezoid(radius[:, 0] ** 2 * density.mean(axis=1), radius[:, 0]) * 2.0 * pi)


def correlated_sd(re: float) -> float:
    """From the mean, and E|z|^2 = re^2 + 2e-4."""
    return sqrt(re**2 + 2e-4 - correlated_mean(re) ** 2)


S2 = "JCGM 102:2011, table 7"
MAGNITUDE = [
    Figure("magnitude", "mean", "0.013", rice("mean"), "JCGM 102:2011, table 6", SEEN),
    Figure("magnitude", "sd", "0.007", rice("sd"), "JCGM 102:2011, table 6", SEEN),
    Figure("magnitude-correlated", "mean", "0.012", correlated_mean(0.001), S2, SEEN),
    Figure("magnitude-correlated", "sd", "0.008", correlated_sd(0.001), S2, SEEN),
    Figure("magnitude-correlated-10", "mean", "0.015", correlated_mean(0.010), S2, SEEN),
    Figure("magnitude-correlated-10", "sd", "0.008", correlated_sd(0.010), S2, SEEN),
]

# y = ln x on (ln 0.1, ln 1.1) with density exp(y): the mean by parts, the shortest interval at the upper end
LOG_MEAN = 1.1 * log(1.1) - 0.1 * log(0.1) - 1.0
LOG_SQUARE = sum(s * x * (log(x) ** 2 - 2 * log(x) + 2) for s, x in ((1, 1.1), (-1, 0.1)))
LOGARITHM = [
    Figure("logarithm", "mean", "-0.665", LOG_MEAN, "NPL DEM-ES-011, table 9.2", SEEN),
    Figure("logarithm", "sd", "0.606", sqrt(LOG_SQUARE - LOG_MEAN**2), "NPL DEM-ES-011, table 9.2", SEEN),
    *_ends("logarithm", "NPL DEM-ES-011, table 9.2", SEEN, ("-1.895", "0.095"), (log(0.15), log(1.1)),
           noise=3e-3),
]  # fmt: skip

T21 = 0.872 * float(stats.t(21).ppf(0.975))
MANUAL = "NIST Uncertainty Machine, manual"
TECHNICAL_NOTE = [
    Figure("surface-temperature", "mean", "25.59", 25.59, f"{NIST}, E2", MEMORY),
    *_ends("surface-temperature", f"{NIST}, E2", MEMORY, ("23.8", "27.4"), (25.59 - T21, 25.59 + T21)),
    Figure("viscometer", "mean", "5.82", None, f"{NIST}, E3", SEEN, noise=4 * 1.11e-3),
    Figure("viscometer", "sd", "1.11", None, f"{NIST}, E3", SEEN, noise=4e-3),
    Figure("viscometer", "low", "4.05", None, f"{NIST}, E3", SEEN, noise=0.01),
    Figure("viscometer", "high", "8.39", None, f"{NIST}, E3", SEEN, noise=0.02),
    Figure("viscometer", "ratio_of_means", "5.69", None, f"{NIST}, E3, linear", SEEN),
    Figure("thermal-expansion", "mean", "17.266", None, f"{NIST}, E13, linear", SEEN),
    Figure("thermal-expansion", "sd", "1.76", None, f"{NIST}, E13, linear", SEEN),
    Figure("stefan-boltzmann", "mean", "5.67037", None, MANUAL, SEEN),
    Figure("stefan-boltzmann", "sd", "0.0000205", None, MANUAL, SEEN),
    *(
        Figure("stefan-boltzmann", name, text, None, MANUAL, SEEN, at=at)
        for name, text, at in (
            ("low", "5.67032", 0.99),
            ("high", "5.67043", 0.99),
            ("low_eti", "5.67035", 0.68),
            ("high_eti", "5.67039", 0.68),
        )
    ),
]

FIGURES = [*ADDITIVE, *MASS, *LOSS, *GAUGE, *IMPEDANCE, *MAGNITUDE, *LOGARITHM, *TECHNICAL_NOTE]
