"""Families of location and scale, of a quantity or its logarithm: uniform, normal, Student's t."""

import math
from typing import ClassVar, Literal, override

from sim.distributions.base import FiniteNumber, PositiveNumber, family, require_computable
from sim.distributions.closed_laws import LognormalLaw, NormalLaw
from sim.distributions.law import ContinuousLaw, Orders, bounded
from sim.distributions.quantile_family import BoundedFamily, QuantileFamily
from sim.distributions.quantile_fit import line
from sim.distributions.statements import Point, Statement, require_ascending, require_between
from sim.distributions.wrappers import ScipyLaw
from sim.special_functions import ndtri, stdtrit


@family
class Uniform(BoundedFamily):
    """Every value between `low` and `high` alike: density ``1 / (high - low)``.

    Parameters
    ----------
    low
        Least value.
    high
        Largest value.

    Examples
    --------
    >>> Uniform(distribution="uniform", p25=1, p75=2).bounds()
    (0.5, 2.5)
    """

    distribution: Literal["uniform"]

    def _bounds_from_quantiles(self) -> tuple[float, float]:
        lower, upper = self.points()
        low, width = line(lower, upper, lower.level, upper.level)
        return low, low + width

    @override
    def stated_law(self) -> ContinuousLaw:
        from scipy.stats import uniform

        low, high = self.bounds()
        return ScipyLaw(uniform(low, high - low), bounded(low, high))


@family
class Loguniform(BoundedFamily):
    """Every order of magnitude alike: the logarithm is uniform, from that of `low` to that of `high`.

    Parameters
    ----------
    low
        Least value, above 0.
    high
        Largest value.

    Examples
    --------
    >>> low, high = Loguniform(distribution="loguniform", p25=10, p75=1000).bounds()
    >>> round(low, 12), round(high, 8)
    (1.0, 10000.0)
    """

    distribution: Literal["loguniform"]
    low: PositiveNumber | None = None
    high: PositiveNumber | None = None

    def _bounds_from_quantiles(self) -> tuple[float, float]:
        lower, upper = self.points_between(0, math.inf)
        log_lower, log_upper = (Point(p.key, p.level, math.log(p.value)) for p in (lower, upper))
        log_low, width = line(log_lower, log_upper, lower.level, upper.level)
        if log_low < -700 or log_low + width > 700:
            raise ValueError(
                f"{lower} and {upper} give bounds that are too small or too large to compute with"
            )
        return math.exp(log_low), math.exp(log_low + width)

    @override
    def stated_law(self) -> ContinuousLaw:
        from scipy.stats import loguniform

        return ScipyLaw(loguniform(*self.bounds()), Orders())


@family
class Normal(QuantileFamily):
    """The bell curve, by its mean and standard deviation.

    Parameters
    ----------
    mean
        Mean, which is the median too.
    sd
        Standard deviation.

    Examples
    --------
    >>> mean, sd = Normal(distribution="normal", p05=-1, p95=1).mean_and_sd()
    >>> round(mean, 12), round(sd, 6)  # 1 / 1.644854
    (0.0, 0.607957)
    """

    statements: ClassVar[tuple[Statement, ...]] = (
        Statement(("mean", "sd")),
        Statement(("median", "sd")),
        Statement(("mean",), n_quantiles=1),
        Statement(n_quantiles=2),
    )
    distribution: Literal["normal"]
    mean: FiniteNumber | None = None
    sd: PositiveNumber | None = None

    def _check_values(self) -> None:
        self.mean_and_sd()

    def mean_and_sd(self) -> tuple[float, float]:
        """Return mean and standard deviation."""
        stated = () if self.mean is None else (Point("mean", 0.5, self.mean),)
        points = sorted((*stated, *self.points()), key=lambda point: point.level)
        if self.sd is not None:
            return points[0].value, self.sd
        require_ascending(points)
        lower, upper = points
        return line(lower, upper, float(ndtri(lower.level)), float(ndtri(upper.level)))

    @override
    def stated_law(self) -> ContinuousLaw:
        return NormalLaw(*self.mean_and_sd())


@family
class Lognormal(QuantileFamily):
    """A positive quantity whose logarithm is normal, with standard deviation `sigma`.

    With a `mean` and an `sd`, ``sigma**2 = log(1 + (sd / mean)**2)`` and
    ``median = mean * exp(-sigma**2 / 2)``.

    Parameters
    ----------
    sigma
        Standard deviation of the natural logarithm.
    log_mean
        Mean of the natural logarithm: the logarithm of the median.
    mean
        Mean of the quantity itself, not of its logarithm.
    sd
        Standard deviation of the quantity itself, not of its logarithm.

    Examples
    --------
    >>> median, sigma = Lognormal(distribution="lognormal", median=300_000, p95=365_000).median_and_sigma()
    >>> round(median, 6), round(sigma, 6)  # log(365/300) / 1.644854
    (300000.0, 0.119229)
    """

    statements: ClassVar[tuple[Statement, ...]] = (
        Statement(("median", "sigma")),
        Statement(("log_mean", "sigma")),
        Statement(("mean", "sd")),
        Statement(n_quantiles=2),
    )
    distribution: Literal["lognormal"]
    sigma: PositiveNumber | None = None
    log_mean: FiniteNumber | None = None
    mean: PositiveNumber | None = None
    sd: PositiveNumber | None = None

    def _check_values(self) -> None:
        median, sigma = self.median_and_sigma()
        require_computable(self._given(), median=median, sigma=sigma)

    def median_and_sigma(self) -> tuple[float, float]:
        """Return the median and the standard deviation of the logarithm."""
        if self.mean is not None and self.sd is not None:
            spread = self.sd / self.mean
            sigma = math.sqrt(math.log1p(spread * spread))
            return self.mean * math.exp(-sigma * sigma / 2), sigma
        points = self.points_between(0, math.inf)
        if self.sigma is None:
            lower, upper = (Point(point.key, point.level, math.log(point.value)) for point in points)
            log_median, sigma = line(lower, upper, float(ndtri(lower.level)), float(ndtri(upper.level)))
            return _exp(log_median), sigma
        return (points[0].value if points else _exp(self.log_mean or 0.0)), self.sigma

    @override
    def stated_law(self) -> ContinuousLaw:
        median, sigma = self.median_and_sigma()
        return LognormalLaw(sigma, median)


@family
class StudentT(QuantileFamily):
    """A bell with heavier tails, the fewer its degrees of freedom `df`.

    The standard deviation is ``scale * sqrt(df / (df - 2))``, and exists for `df` above 2 only.

    Parameters
    ----------
    location
        Centre.
    scale
        Factor on a standard Student's t.
    mean
        Mean, for `df` above 2.
    sd
        Standard deviation, for `df` above 2.
    df
        Degrees of freedom.

    Examples
    --------
    >>> StudentT(distribution="student-t", mean=0, sd=2, df=4).location_and_scale()  # 2 * sqrt(2/4)
    (0.0, 1.4142135623730951)
    """

    statements: ClassVar[tuple[Statement, ...]] = (
        Statement(("location", "scale", "df")),
        Statement(("mean", "sd", "df")),
        Statement(("df",), n_quantiles=2),
    )
    label: ClassVar[str] = "Student's t"
    distribution: Literal["student-t"]
    location: FiniteNumber | None = None
    scale: PositiveNumber | None = None
    mean: FiniteNumber | None = None
    sd: PositiveNumber | None = None
    df: PositiveNumber

    def _check_values(self) -> None:
        self.location_and_scale()

    def location_and_scale(self) -> tuple[float, float]:
        """Return the location and the scale."""
        if self.location is not None and self.scale is not None:
            return self.location, self.scale
        if self.mean is not None and self.sd is not None:
            require_between([Point("df", math.nan, self.df)], 2, math.inf)
            return self.mean, self.sd * math.sqrt((self.df - 2) / self.df)
        lower, upper = self.points()
        z_lower, z_upper = (float(stdtrit(self.df, point.level)) for point in (lower, upper))
        return line(lower, upper, z_lower, z_upper)

    @override
    def stated_law(self) -> ContinuousLaw:
        from scipy.stats import t

        known = Orders(tail=self.df, zero=1.0, above=0.0, below=0.0)
        return ScipyLaw(t(self.df, *self.location_and_scale()), known, least=1e-100)


def _exp(x: float) -> float:
    """Return the exponential, infinite where it cannot be represented."""
    return math.exp(x) if x < 709 else math.inf
