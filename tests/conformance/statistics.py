"""Figures of textbook statistics: lognormals, the Dirichlet, the bootstrap."""

from math import exp, expm1, sqrt

import numpy as np
from scipy import stats

from tests.conformance.figure import Figure

# y = a^2 b / c of lognormals with medians 2, 3, 5 and sigmas 0.3, 0.6, 0.2 is lognormal
SIGMA = sqrt(0.6**2 + 0.6**2 + 0.2**2)
PRODUCT = stats.lognorm(SIGMA, scale=12 / 5)
JKB = "Johnson, Kotz and Balakrishnan (1994), chapter 14"

LOGNORMAL = [
    Figure("lognormal-product", "mean", "", 2.4 * exp(SIGMA**2 / 2), JKB),
    Figure("lognormal-product", "sd", "", 2.4 * exp(SIGMA**2 / 2) * sqrt(expm1(SIGMA**2)), JKB),
    Figure("lognormal-product", "median", "", 2.4, JKB),
    Figure("lognormal-product", "low", "", float(PRODUCT.ppf(0.025)), JKB),
    Figure("lognormal-product", "high", "", float(PRODUCT.ppf(0.975)), JKB),
    Figure("lognormal-product", "p_above", "", float(PRODUCT.sf(5.0)), JKB, at=5.0),
    Figure("lognormal-product", "top_share", "", float(stats.norm.cdf(SIGMA - stats.norm.ppf(0.99))),
           "Lorenz curve of a lognormal"),
]  # fmt: skip

# posterior Dirichlet(728, 584, 138) of Gelman et al.: sum 1,450
LEAD = (728 - 584) / 1450
LEAD_VARIANCE = ((728 + 584) / 1450 - LEAD**2) / 1451
SHARE = stats.beta(728, 722)
# P(a > b) of a Dirichlet: a / (a + b) is beta(728, 584)
AHEAD = float(stats.beta(728, 584).sf(0.5))
BDA = "Gelman et al. (2013), 3.4"

DIRICHLET = [
    Figure("election-poll", "mean", "", LEAD, "moments of a Dirichlet"),
    Figure("election-poll", "sd", "", sqrt(LEAD_VARIANCE), "moments of a Dirichlet"),
    Figure("election-poll", "p_above", "1.000", AHEAD, BDA, "memory", at=0.0),
    Figure("election-poll", "low", "", float(SHARE.ppf(0.025)), "marginal beta(728, 722)", "", "bush"),
    Figure("election-poll", "high", "", float(SHARE.ppf(0.975)), "marginal beta(728, 722)", "", "bush"),
    Figure("dirichlet-multinomial", "mean", "",
           float(stats.dirichlet_multinomial.pmf([3, 1, 2], [2.0, 1.0, 0.5], 6)),
           "scipy.stats.dirichlet_multinomial"),
]  # fmt: skip

# 1.2e7 resamples by NumPy's own generator when this suite was written, their standard errors 4e-5 and 3e-5; a
# bootstrap of B resamples finds the standard deviation with a standard error of about 0.1125 / sqrt(B)
EFRON = "Efron (1979), Ann. Stat. 7:1, 1,000 resamples"
TIBSHIRANI = "Efron and Tibshirani (1993), table 6.1, 3,200 resamples"
LSAT = np.array([576, 635, 558, 578, 666, 580, 555, 661, 651, 605, 653, 575, 545, 572, 594])

BOOTSTRAP = [
    Figure("law-school", "mean", "", 0.770686, "1.2e7 resamples by NumPy"),
    Figure("law-school", "sd", "0.127", 0.133504, EFRON, "memory", noise=4 * 0.1125 / sqrt(1000)),
    Figure("law-school", "sd", "0.132", 0.133504, TIBSHIRANI, "memory", noise=4 * 0.1125 / sqrt(3200)),
    Figure("law-school", "mean", "", float(LSAT.mean()), "mean of the column", "", "lsat"),
    Figure("law-school", "sd", "", float(LSAT.std() / sqrt(15)), "sqrt(sum of squares) / 15", "", "lsat"),
]

FIGURES = [*LOGNORMAL, *DIRICHLET, *BOOTSTRAP]
