"""Families made of other families: truncated and mixture. They may be nested."""

import math
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal, override

from pydantic import BaseModel, ConfigDict, Field

from sim.distributions.base import FamilyBase, FiniteNumber, NonnegativeNumber, family, require_less
from sim.distributions.law import Law
from sim.distributions.selection import FAMILIES, ModelByDistribution
from sim.distributions.statements import Statement
from sim.distributions.steps import require_some_weight

if TYPE_CHECKING:
    UnivariateFamily = FamilyBase
    """Any family that can stand inside another."""
else:
    _INNER = ModelByDistribution(
        lambda: [name for name, each in FAMILIES.items() if not each.stands_alone], FAMILIES.__getitem__
    )
    type UnivariateFamily = Annotated[FamilyBase, _INNER]


@family
class Truncated(FamilyBase):
    """A family given that the value is not below `low`, not above `high`, or neither.

    Parameters
    ----------
    of
        Table of a family of one variable, not from a file: ``distribution`` and its keys.
    low
        Least value that is kept; the rest of the law makes up the whole.
    high
        Largest value that is kept; the rest of the law makes up the whole.

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
    of: UnivariateFamily
    low: FiniteNumber | None = None
    high: FiniteNumber | None = None

    def _check_values(self) -> None:
        low, high = self.bounds()
        require_less(low, high)
        if self.of.data_files():
            raise ValueError("of holds values of a file: leave the rows beyond the bounds out of that file")
        self.stated_law()

    @property
    def has_density(self) -> bool:
        """Whether the family that is cut has a density everywhere."""
        return self.of.has_density

    def bounds(self) -> tuple[float, float]:
        """Return the bounds, infinite where not stated."""
        return (-math.inf if self.low is None else self.low), (math.inf if self.high is None else self.high)

    @override
    def stated_law(self) -> Law:
        from sim.distributions.truncation import cut

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
        Table of a family of one variable: ``distribution`` and its keys.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    weight: NonnegativeNumber
    of: UnivariateFamily


@family
class Mixture(FamilyBase):
    """One of several families, by chance: experts who disagree, or an effect that may be nothing at all.

    Parameters
    ----------
    components
        Tables with ``weight`` and ``of``; weights need not add to one.

    Examples
    --------
    >>> part = {"weight": 1, "of": {"distribution": "uniform", "low": 0, "high": 1}}
    >>> other = {"weight": 3, "of": {"distribution": "uniform", "low": 9, "high": 10}}
    >>> float(Mixture(distribution="mixture", components=[part, other]).law().mean())  # (0.5 + 3 * 9.5) / 4
    7.25
    >>> nothing = {"weight": 1, "of": {"distribution": "constant", "value": 0}}
    >>> law = Mixture(distribution="mixture", components=[nothing, part]).law()
    >>> [float(law.ppf(u)) for u in (0.2, 0.5, 0.75)]  # half of the mass is at 0
    [0.0, 0.0, 0.5]
    """

    statements: ClassVar[tuple[Statement, ...]] = (Statement(("components",)),)
    distribution: Literal["mixture"]
    components: Annotated[tuple[Component, ...], Field(json_schema_extra={"minItems": 1})]

    def _check_values(self) -> None:
        if not self.components:
            raise ValueError("components is empty: at least one must be given")
        require_some_weight(tuple(component.weight for component in self.components))

    @property
    def has_density(self) -> bool:
        """Whether all components that have weight have a density everywhere."""
        return all(part.of.has_density for part in self.components if part.weight > 0)

    def stated_law(self) -> Law:
        """Return the law; components of no weight are left out.

        Raises
        ------
        InvalidInput
            If the file of an empirical component cannot be used.
        """
        from sim.distributions.truncation import Piece, mixture_of

        return mixture_of([Piece(part.of.law(), part.weight) for part in self.components if part.weight > 0])

    def data_files(self) -> tuple[str, ...]:
        """Return the data files of its components."""
        return tuple(file for part in self.components for file in part.of.data_files())
