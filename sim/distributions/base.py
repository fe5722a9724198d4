"""What all families share: frozen models that refuse unknown keys, and what the program asks of a family."""

import math
from abc import abstractmethod
from collections.abc import Mapping, Sequence
from typing import Annotated, ClassVar, Self, cast, get_args

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, model_validator

from sim.distributions.law import ContinuousLaw, Inverse, Law, Source
from sim.distributions.selection import FAMILIES
from sim.distributions.statements import LEVELS, Statement
from sim.distributions.wrappers import times
from sim.types import Array

FiniteNumber = Annotated[float, Field(strict=True, allow_inf_nan=False)]
PositiveNumber = Annotated[float, Field(strict=True, allow_inf_nan=False, gt=0)]
NonnegativeNumber = Annotated[float, Field(strict=True, allow_inf_nan=False, ge=0)]


class FamilyBase(BaseModel):
    """A probability family with its stated numbers, as one table of a scenario file.

    Subclasses list in `statements` which combinations of keys fix their law; everything else is refused
    when the model is made, with a message that starts with the key at fault. The rest of the program asks a
    family through the methods below and never which family it is.

    Parameters
    ----------
    distribution
        The family.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)
    statements: ClassVar[tuple[Statement, ...]] = ()
    label: ClassVar[str] = ""
    """Name in words, where that is not its `distribution` with spaces for hyphens."""
    in_label: ClassVar[tuple[str, ...]] = ("distribution",)
    """Keys that the label says."""
    plain_key: ClassVar[str] = ""
    """Key whose value says it all in words: ``constant 3``."""
    stands_alone: ClassVar[bool] = False
    """Whether it cannot stand inside another family."""
    varies: ClassVar[bool] = True
    """Whether draws can differ."""
    can_be_tied: ClassVar[bool] = True
    """Whether a correlation can tie it to another parameter."""
    has_exact_law: ClassVar[bool] = True
    """Whether its draws follow exactly the law that :meth:`law` returns."""
    is_whole: ClassVar[bool] = False
    """Whether its columns are shares that add to one."""
    index_refusal: ClassVar[tuple[str, str] | None] = None
    """Why it takes no price index, and what to write in its place."""

    distribution: str

    @model_validator(mode="after")
    def _fixes_a_law(self) -> Self:
        if self.statements:
            _require_statement(self.distribution, self.statements, self._given())
        self._check_values()
        return self

    def _given(self) -> tuple[str, ...]:
        """Return the keys given among those that statements are made of, in the order of the fields."""
        known = {key for statement in self.statements for key in statement.keys}
        if any(statement.n_quantiles for statement in self.statements):
            known |= set(LEVELS)
        fields = type(self).model_fields
        return tuple(key for key in fields if key in known and getattr(self, key) is not None)

    def _check_values(self) -> None:
        """Raise ValueError where the stated numbers allow no law; there is nothing to check by default."""

    @classmethod
    def label_of(cls, stated: Mapping[str, object]) -> str:
        """Return in words which law a table states, without its numbers."""
        return cls.label or str(stated.get("distribution", "no distribution")).replace("-", " ")

    @property
    def law_name(self) -> str:
        """Word for the law in tables: the family, or what it made of the stated numbers."""
        return self.distribution

    @property
    def price_factor(self) -> float:
        """Factor on every stated value: 1, or the price index of a parameter."""
        return 1.0

    @property
    def parts(self) -> tuple[str, ...]:
        """Names of its columns, sorted; empty for a family of one column."""
        return ()

    def columns(self, name: str) -> tuple[str, ...]:
        """Return the names of the columns that a parameter of this name fills."""
        return tuple(f"{name}.{part}" for part in self.parts) or (name,)

    def stated_law(self) -> Law:
        """Return the law of one variable that the stated numbers fix.

        Raises
        ------
        TypeError
            If the family is not of one variable.
        """
        raise TypeError(f"{self.distribution} has no law of one variable")

    def law(self) -> Law:
        """Return the law of one variable: that of the stated numbers, times the price factor.

        Raises
        ------
        TypeError
            If the family is not of one variable.
        InvalidInput
            If a data file that it names cannot be used.
        """
        return times(self.stated_law(), self.price_factor, self.has_density)

    def marginals(self, name: str) -> dict[str, Law]:
        """Return the law of each column by itself, by the column's name; errors are those of :meth:`law`."""
        return {name: self.law()}

    def continuous_marginals(self, name: str) -> dict[str, ContinuousLaw]:
        """Return the laws of :meth:`marginals` that have a density."""
        return {name: self.continuous_law()} if self.has_density else {}

    def masses(self) -> dict[float, float]:
        """Return the probability of each value of a family of separate values; of any other, nothing."""
        return {}

    @property
    def shared_file(self) -> str:
        """File of which it draws whole rows, together with all parameters that name it; empty for none."""
        return ""

    def data_files(self) -> tuple[str, ...]:
        """Return the data files that it reads."""
        return ()

    def make_source(self, is_tied: bool) -> Source:
        """Return what draws of a parameter are made from, its data files read.

        Raises
        ------
        InvalidInput
            If a data file cannot be used.
        """
        del is_tied  # to a law it is all one
        return Inverse(self.law())

    def log_ratio(self, other: Self, columns: Sequence[Array]) -> Array:
        """Return the logarithm of another law's density over this one's at draws, up to a constant.

        Parameters
        ----------
        other
            A law of the same family; where this one has a density, a law of any family that has one.
        columns
            Draws of each column, in the order of `parts`.

        Returns
        -------
        Array
            One logarithm for each draw, in the shape of a column.
        """
        (draws,) = columns
        return log(other.continuous_law().pdf(draws)) - log(self.continuous_law().pdf(draws))

    def with_mean(self, part: str, mean: float) -> str:
        """Return the inline table of TOML that states this law with another mean of one column.

        Parameters
        ----------
        part
            Name of the column, one of `parts`.
        mean
            Mean that the column gets.

        Returns
        -------
        str
            The table as a scenario file holds it.

        Raises
        ------
        TypeError
            If the family is of one variable.
        """
        raise TypeError(f"{self.distribution} has no column {part} whose mean could become {mean}")

    @property
    def has_density(self) -> bool:
        """Whether the law has a density everywhere: no single value is likely."""
        return False

    def continuous_law(self) -> ContinuousLaw:
        """Return the law of a family that has a density.

        Raises
        ------
        TypeError
            If the family has none.
        """
        if not self.has_density:
            raise TypeError(f"this {self.distribution} has no density")
        return cast(ContinuousLaw, self.law())


def family[F: FamilyBase](model: type[F]) -> type[F]:
    """Register a family by the word that its ``distribution`` must be."""
    (word,) = get_args(model.model_fields["distribution"].annotation)
    FAMILIES.register(word, model)
    return model


class ContinuousFamily(FamilyBase):
    """A family of one variable with a density."""

    @property
    def has_density(self) -> bool:
        """Whether the law has a density everywhere; it has."""
        return True

    @abstractmethod
    def stated_law(self) -> ContinuousLaw:
        """Return the law that the stated numbers fix."""


def log(values: Array) -> Array:
    """Return logarithms, minus infinity of 0."""
    with np.errstate(divide="ignore"):
        return np.asarray(np.log(values))


def _require_statement(family: str, statements: Sequence[Statement], given: Sequence[str]) -> None:
    """Refuse keys that do not fix a law, with what was given and every statement that the family takes."""
    if {"median", "p50"} <= set(given):
        raise ValueError("p50 and median are one and the same quantile: state only one of them")
    if any(statement.fits(given) for statement in statements):
        return
    takes = f"takes {'one of: ' if len(statements) > 1 else ''}{'; '.join(map(str, statements))}"
    levels = [key for key in LEVELS if key != "p50"]
    note = f" (quantiles: {', '.join(levels)})" if any(s.n_quantiles for s in statements) else ""
    raise ValueError(f"{family} {takes}{note}; given: {', '.join(given) or 'nothing'}")


def require_less(low: float, high: float) -> None:
    """Refuse a pair of bounds that is not in order, or has no width in floating point.

    Parameters
    ----------
    low
        Lower bound.
    high
        Upper bound.

    Raises
    ------
    ValueError
        If the bounds are in the wrong order or too close; the message names both.
    """
    if not low < high:
        raise ValueError(f"low = {low:.12g} must be below high = {high:.12g}")
    if not high - low < math.inf and math.isfinite(low) and math.isfinite(high):
        raise ValueError(f"low = {low:.12g} and high = {high:.12g} are too far apart to compute with")


def require_computable(given: tuple[str, ...], **numbers: float) -> None:
    """Refuse keys from which follow numbers that must be positive but are beyond floating point.

    Parameters
    ----------
    given
        Keys that are stated.
    **numbers
        Numbers that follow from the keys, by name.

    Raises
    ------
    ValueError
        If a number is not positive or infinite; the message names the keys and the first such number.
    """
    for name, number in numbers.items():
        if not 0 < number < math.inf:
            raise ValueError(
                f"{', '.join(given)}: {name} = {number:g} follows, which cannot be computed with"
            )
