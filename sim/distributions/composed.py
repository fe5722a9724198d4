"""Families made of other families: truncated and mixture. They may be nested."""

import math
from typing import Annotated, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field

from sim.distributions.base import ContinuousFamily, NotNegative, Number, require_less
from sim.distributions.bells import Lognormal, Normal, StudentT
from sim.distributions.beta import Beta
from sim.distributions.flat import Arcsine, Loguniform, Uniform
from sim.distributions.law import ContinuousLaw
from sim.distributions.peaked import Pert, Triangular
from sim.distributions.positive import Exponential, Gamma
from sim.distributions.statements import Statement
from sim.distributions.steps import require_some_weight
from sim.distributions.trapezoids import CurvilinearTrapezoidal, Trapezoidal

type Continuous = Annotated[
    Uniform
    | Loguniform
    | Normal
    | Lognormal
    | StudentT
    | Beta
    | Gamma
    | Exponential
    | Triangular
    | Pert
    | Trapezoidal
    | CurvilinearTrapezoidal
    | Arcsine
    | Truncated
    | Mixture,
    Field(discriminator="distribution"),
]
"""Any family with a density."""


class Truncated(ContinuousFamily):
    """A continuous family given that the value is not below `low`, not above `high`, or neither.

    Parameters
    ----------
    of
        Table of a continuous family: ``distribution`` and its keys.
    low, high
        Bounds: what lies outside is left out, and the rest makes up the whole.

    Examples
    --------
    >>> half = Truncated(distribution="truncated", of={"distribution": "normal", "mean": 0, "sd": 1}, low=0)
    >>> round(half.law().mean(), 12), round(math.sqrt(2 / math.pi), 12)
    (0.797884560803, 0.797884560803)
    """

    statements: ClassVar[tuple[Statement, ...]] = (
        Statement(("of", "low")),
        Statement(("of", "high")),
        Statement(("of", "low", "high")),
    )
    distribution: Literal["truncated"]
    of: Continuous
    low: Number | None = None
    high: Number | None = None

    def _check_values(self) -> None:
        low, high = self.bounds()
        require_less(low, high)
        self.law()

    def bounds(self) -> tuple[float, float]:
        """Return the bounds, infinite where not stated."""
        return (-math.inf if self.low is None else self.low), (math.inf if self.high is None else self.high)

    def law(self) -> ContinuousLaw:
        """Return the law."""
        from sim.distributions.cutting import cut

        whole = self.of.law()
        piece = cut(whole, *self.bounds())
        if piece is None:
            stated = " and ".join(
                f"{key} = {getattr(self, key):.12g}" for key in self._given() if key != "of"
            )
            support = " to ".join(f"{end:.12g}" for end in whole.support())
            raise ValueError(
                f"{stated}: next to nothing is left of the {self.of.distribution} (support: {support})"
            )
        return piece.law


class Component(BaseModel):
    """One family of a mixture, with its weight.

    Parameters
    ----------
    weight
        How likely the component is, relative to the others.
    of
        Table of a continuous family: ``distribution`` and its keys.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    weight: NotNegative
    of: Continuous


class Mixture(ContinuousFamily):
    """One of several continuous families, by chance: experts who disagree, say. Weights need not add to one.

    Parameters
    ----------
    components
        Tables with ``weight`` and ``of``.

    Examples
    --------
    >>> part = {"weight": 1, "of": {"distribution": "uniform", "low": 0, "high": 1}}
    >>> other = {"weight": 3, "of": {"distribution": "uniform", "low": 9, "high": 10}}
    >>> float(Mixture(distribution="mixture", components=[part, other]).law().mean())  # (0.5 + 3 * 9.5) / 4
    7.25
    """

    statements: ClassVar[tuple[Statement, ...]] = (Statement(("components",)),)
    distribution: Literal["mixture"]
    components: Annotated[tuple[Component, ...], Field(json_schema_extra={"minItems": 1})]

    def _check_values(self) -> None:
        if not self.components:
            raise ValueError("components is empty: at least one must be given")
        require_some_weight(tuple(component.weight for component in self.components))

    def law(self) -> ContinuousLaw:
        """Return the law; components of no weight are left out."""
        from sim.distributions.cutting import Piece, mixed

        return mixed([Piece(part.of.law(), part.weight) for part in self.components if part.weight > 0])


Truncated.model_rebuild()
Component.model_rebuild()
Mixture.model_rebuild()
