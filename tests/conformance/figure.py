"""One number of a textbook problem: what is published, what is exact, and what counts as agreement."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

Tag = Literal["seen", "memory", ""]

ERRORS = 4.0
"""Monte Carlo errors allowed; of 15 degrees of freedom, with P(|t| > 4) = 1.2e-3 a figure at another seed."""


@dataclass(frozen=True)
class Figure:
    """A number of a problem.

    Parameters
    ----------
    problem
        Name of the scenario file beside this module, without its ending.
    statistic
        As in the summary; ``first``, ``total`` (Sobol' indices) for sensitivity, the input as `quantity`.
    published
        As printed at the source, empty where nothing is; its last digit states its rounding.
    exact
        By closed form, quadrature or enumeration, independent of ``sim``; ``None`` where there is none.
    source
        Where the published figure stands, or whose the closed form is.
    tag
        ``seen``: the published figure was read in a public page; ``memory``: it was not, check it before
        quoting; empty where nothing is published.
    quantity
        Outcome, pair or input; empty for the reported outcome.
    at
        Threshold or probability, where the statistic has one.
    noise
        Allowance for the published figure's own Monte Carlo run, in its unit.
    scale
        Of Sobol' indices: ``raw`` or ``log``.
    """

    problem: str
    statistic: str
    published: str = ""
    exact: float | None = None
    source: str = ""
    tag: Tag = ""
    quantity: str = ""
    at: float | None = None
    noise: float = 0.0
    scale: Literal["raw", "log"] = "raw"

    @property
    def half_unit(self) -> float:
        """Half a unit of the published figure's last digit."""
        exponent = Decimal(self.published).as_tuple().exponent
        assert isinstance(exponent, int)
        return 0.5 * 10.0**exponent


@dataclass(frozen=True)
class Ours:
    """The same number by ``sim``.

    Parameters
    ----------
    value, error
        And its Monte Carlo error.
    n_draws
        Of the run: a standard deviation with the divisor n - 1 of points more even than random ones is too
        large by a part in 2 n, which can exceed its Monte Carlo error.
    """

    value: float
    error: float
    n_draws: int

    @property
    def allowed(self) -> float:
        """Four Monte Carlo errors and what they leave out."""
        return ERRORS * self.error + abs(self.value) / self.n_draws


def allowed_of_published(figure: Figure, ours: Ours) -> float:
    """Return the distance allowed from the published figure."""
    return figure.half_unit + figure.noise + ours.allowed


def agrees(figure: Figure, ours: Ours) -> bool:
    """Tell whether our number is as near to the exact and to the published one as it must be."""
    exact = figure.exact is None or abs(ours.value - figure.exact) <= ours.allowed
    if not figure.published:
        return exact
    return exact and abs(ours.value - float(figure.published)) <= allowed_of_published(figure, ours)
