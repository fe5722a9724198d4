"""Figures of discounting: worked appraisals, published factors, rates of return."""

from math import sqrt

from scipy.optimize import brentq

from tests.conformance.figure import Figure

A94 = "OMB Circular A-94 (1992), appendix B"
COSTS = [10, 20, 30, 30, 20, 10, 5, 5, 5, 5]
BENEFITS = [0, 0, 5, 10, 30, 40, 40, 40, 40, 25]


def worth(flows: list[float], rate: float, delay: float = 1.0) -> float:
    """Return the present value of sums of years one after the other, term by term."""
    return sum(flow / (1 + rate) ** (t + delay) for t, flow in enumerate(flows))


def annuity(rate: float, years: int) -> float:
    """Return the present value of 1 at the end of each year by the sum of the geometric series."""
    return (1 - (1 + rate) ** -years) / rate


COST, BENEFIT = worth(COSTS, 0.07), worth(BENEFITS, 0.07)
NET = [benefit - cost for cost, benefit in zip(COSTS, BENEFITS, strict=True)]
TERMS, ROOT = "the ten terms by themselves", "scipy.optimize.brentq of the ten terms"

CIRCULAR = [
    Figure("circular-a94", "median", "106.40", COST, A94, "memory", "costs"),
    Figure("circular-a94", "median", "142.41", BENEFIT, A94, "memory", "benefits"),
    Figure("circular-a94", "median", "36.01", BENEFIT - COST, A94, "memory"),
    Figure("circular-a94", "median", "", BENEFIT / COST, TERMS, "", "bcr"),
    Figure(
        "circular-a94", "median", "", float(brentq(lambda r: worth(NET, r), 0, 1)), ROOT, "", "rate_of_return"
    ),
    Figure("circular-a94-middle", "median", "110.06", COST * sqrt(1.07), A94, "memory", "costs"),
    Figure("circular-a94-middle", "median", "147.31", BENEFIT * sqrt(1.07), A94, "memory", "benefits"),
    Figure("circular-a94-middle", "median", "37.25", (BENEFIT - COST) * sqrt(1.07), A94, "memory"),
]

SYSTEM = "Friedman and Wyatt (2006), self-test 11.3"
SPENT = worth([100_000, 40_000, 10_000, 10_000, 10_000], 0.05)
GAINED = worth([0, 30_000, 40_000, 50_000, 60_000], 0.05)

INFORMATION = [
    Figure("information-system", "median", "156220", SPENT, SYSTEM, "seen", "costs"),
    Figure("information-system", "median", "149911", GAINED, SYSTEM, "seen", "benefits"),
    Figure("information-system", "median", "1.04", SPENT / GAINED, SYSTEM, "seen"),
]

FACTORS = "Orange County, NC, Board of County Commissioners (1 December 1998), agenda item 10b, table 10"

ANNUITIES = [
    Figure("annuity-factors", "median", "9.89864", annuity(0.05, 14), FACTORS, "seen", "five"),
    Figure("annuity-factors", "median", "8.61852", annuity(0.055, 12), FACTORS, "seen", "five_and_a_half"),
    Figure("annuity-factors", "median", "7.36009", annuity(0.06, 10), FACTORS, "seen", "six"),
    Figure("annuity-factors", "median", "8.74547", annuity(0.07, 14), FACTORS, "seen", "seven"),
    Figure("annuity-factors", "median", "8.74547", annuity(0.07, 14), FACTORS, "seen", "seven_by_stream"),
]

FLOWS = [-250_000, 100_000, 150_000, 200_000, 250_000, 300_000]
NPF = "numpy-financial, documentation of version 1.0, numpy_financial.irr"
RETURN = float(brentq(lambda r: worth(FLOWS, r, 0.0), 0, 2, xtol=1e-15))

RETURNS = [
    Figure("rate-of-return", "median", "0.5672303344358536", RETURN, NPF, "seen"),
    Figure("rate-of-return", "median", "", 3.0, "cumulated: -250, -150, 0, 200 thousand", "", "years_to_pay"),
]

FIGURES = [*CIRCULAR, *INFORMATION, *ANNUITIES, *RETURNS]
