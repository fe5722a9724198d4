"""The parameters that surveys of the model are drawn from: posterior means of a fit to the real survey."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class ContributorLaw:
    """Contributors per period: negative binomial.

    Parameters
    ----------
    location, between
        Mean and standard deviation over repositories of the logarithm of the mean.
    dispersion
        Mean over repositories of phi; the variance is mean + phi mean squared.
    """

    location: float
    between: float
    dispersion: float


@dataclass(frozen=True)
class MarkLaw:
    """Commits or lines per contributor and period: discretised lognormal, ceil(X) - 1 + first.

    Parameters
    ----------
    location, between
        Mean and standard deviation over repositories of the repository's level.
    activity
        b, effect of the log deviation of the period's contributors from the repository's.
    period
        tau, standard deviation over periods of one repository.
    spread
        s, standard deviation over contributors of one period.
    first
        Smallest count there can be.
    """

    location: float
    between: float
    activity: float
    period: float
    spread: float
    first: int


@dataclass(frozen=True)
class ModelParameters:
    """Laws of the contributors and, by unit, of what they do."""

    contributors: ContributorLaw
    marks: Mapping[str, MarkLaw]


MODEL = ModelParameters(
    ContributorLaw(location=1.24, between=1.07, dispersion=0.32),
    {
        "commits": MarkLaw(location=0.64, between=0.65, activity=-0.21, period=0.35, spread=1.32, first=1),
        "lines": MarkLaw(location=5.17, between=0.70, activity=-0.13, period=0.49, spread=2.22, first=0),
    },
)
