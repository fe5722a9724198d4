"""The Dirichlet family: shares that add to one."""

import json
import math
from collections.abc import Collection, Mapping, Sequence
from typing import Annotated, ClassVar, Literal, Self, override

import numpy as np
from pydantic import Field, StringConstraints

from sim.distributions.base import FamilyBase, PositiveNumber, family, log
from sim.distributions.closed_laws import LEAST_BETA, BetaLaw
from sim.distributions.law import ContinuousLaw, Law, Source, Uniforms
from sim.distributions.statements import Statement
from sim.special_functions import betaincinv
from sim.types import Array

ComponentName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9_]*$")]
Shares = Annotated[dict[ComponentName, PositiveNumber], Field(json_schema_extra={"minProperties": 2})]


@family
class Dirichlet(FamilyBase):
    r"""Named shares that add to one, by their means and one concentration, or by their alphas.

    ``alpha = mean * concentration``. Each share alone is beta(alpha, concentration - alpha); its variance is
    ``mean * (1 - mean) / (concentration + 1)``, and the covariance of two shares is
    ``-mean_i * mean_j / (concentration + 1)``.

    Parameters
    ----------
    means
        Mean of each share by its name; they add to 1.
    concentration
        Sum of the alphas: as many observations as the statement weighs.
    alphas
        Alpha of each share by its name, in place of means and concentration.

    Examples
    --------
    >>> means = {"people": 0.7, "algorithms": 0.3}
    >>> shares = Dirichlet(distribution="dirichlet", means=means, concentration=10)
    >>> shares.parts
    ('algorithms', 'people')
    >>> drawn = shares.draw({"algorithms": np.array([0.5]), "people": np.array([0.5])})
    >>> float(drawn["algorithms"][0] + drawn["people"][0])
    1.0
    """

    statements: ClassVar[tuple[Statement, ...]] = (
        Statement(("means", "concentration")),
        Statement(("alphas",)),
    )
    distribution: Literal["dirichlet"]
    means: Shares | None = None
    concentration: PositiveNumber | None = None
    alphas: Shares | None = None

    label: ClassVar[str] = "Dirichlet"
    stands_alone: ClassVar[bool] = True
    is_whole: ClassVar[bool] = True
    index_refusal: ClassVar[tuple[str, str] | None] = ("shares add to one in any year's prices", "no index")

    def _check_values(self) -> None:
        stated = self.means or self.alphas or {}
        if len(stated) < 2:
            key = "alphas" if self.means is None else "means"
            raise ValueError(f"{key} = {stated} must name at least two shares")
        total = 1.0 if self.means is None else math.fsum(self.means.values())
        if abs(total - 1) > 1e-9:
            raise ValueError(f"means add to {total:.12g}: they must add to 1")

    @property
    @override
    def parts(self) -> tuple[str, ...]:
        return tuple(sorted(self._alphas()))

    def marginal(self, name: str) -> ContinuousLaw:
        """Return the law of one share by itself, a beta law.

        Raises
        ------
        KeyError
            If there is no share of this name.
        """
        alphas = self._alphas()
        return BetaLaw(alphas.pop(name), math.fsum(alphas.values()))

    @override
    def marginals(self, name: str) -> dict[str, Law]:
        return dict(self.continuous_marginals(name))

    @override
    def continuous_marginals(self, name: str) -> dict[str, ContinuousLaw]:
        return {f"{name}.{part}": self.marginal(part) for part in self.parts}

    def make_source(self, is_tied: bool) -> Source:
        """Return the shares themselves, free of what else a parameter states."""
        del is_tied  # told when they are drawn
        return Dirichlet.model_construct(distribution=self.distribution, alphas=self._alphas())

    def draw_columns(self, name: str, uniforms: Uniforms, tied: Collection[str]) -> dict[str, Array]:
        """Return draws of all shares; one that is correlated with another parameter is broken off first.

        Parameters
        ----------
        name
            Name of the parameter, with which its columns' names begin.
        uniforms
            Gives the uniforms of a column's name, (randomisation, draw).
        tied
            Names of columns whose uniforms carry a correlation; of this parameter's, one at most.

        Returns
        -------
        dict of str to Array
            Draws of each share by its column's name, (randomisation, draw).
        """
        names = dict(zip(self.parts, self.columns(name), strict=True))
        first = next((part for part, column in names.items() if column in tied), None)
        drawn = self.draw({part: uniforms(column) for part, column in names.items()}, first)
        return {names[part]: share for part, share in drawn.items()}

    @override
    def log_ratio(self, other: Self, columns: Sequence[Array]) -> Array:
        r"""Return :math:`\sum_i (a'_i - a_i) \ln x_i`.

        Parameters
        ----------
        other
            Another Dirichlet law of the same shares, with the alphas :math:`a'`.
        columns
            Draws of each share, in the order of `parts`.

        Returns
        -------
        Array
            One logarithm for each draw, up to a constant, in the shape of a column.
        """
        before, after = self._alphas(), other._alphas()
        powers = [after[part] - before[part] for part in self.parts]
        parts = [power * log(share) for power, share in zip(powers, columns, strict=True) if power]
        return np.asarray(np.sum(parts, axis=0))

    @override
    def with_mean(self, part: str, mean: float) -> str:
        """Return the statement with another mean of one share; the others share the rest as before.

        Parameters
        ----------
        part
            Name of the share.
        mean
            Mean that the share gets; the others keep their proportions.

        Returns
        -------
        str
            The inline table of TOML, by means and concentration.
        """
        alphas = self._alphas()
        concentration = self.concentration or math.fsum(alphas.values())
        means = self.means or {share: alpha / concentration for share, alpha in alphas.items()}
        rest = math.fsum(other for share, other in means.items() if share != part)
        scaled = {share: other * (1 - mean) / rest for share, other in means.items() if share != part}
        table = ", ".join(f"{share} = {value!r}" for share, value in {**scaled, part: mean}.items())
        law = f"means = {{ {table} }}, concentration = {float(concentration)!r}"
        return f"{{ distribution = {json.dumps(self.distribution)}, {law} }}"

    def draw(self, uniforms: Mapping[str, Array], first: str | None = None) -> dict[str, Array]:
        r"""Return draws of all shares.

        The stick is broken in the order of the names, `first` moved to the front: each share is what is left,
        times the inverse cdf of :math:`\mathrm{beta}(\alpha_i, \sum_{j > i} \alpha_j)` at its own uniform. So
        the share broken off first is exactly the inverse cdf of its marginal law at its own uniform, and a
        correlation imposed on that uniform is one with that share.

        Parameters
        ----------
        uniforms
            Uniforms in (0, 1) by name of share, all of one shape. Those of the share that comes last in the
            order are not used: that share is what is left.
        first
            The share to break off first; by default the first by name.

        Returns
        -------
        dict
            Shares by name, in order of name, each of the shape of the uniforms; they add to one.

        Raises
        ------
        KeyError
            If there is no share called `first`, or a share has no uniforms.
        """
        alphas = self._alphas()
        if first is not None and first not in alphas:
            raise KeyError(first)
        *broken, last = sorted(alphas, key=lambda name: (name != first, name))
        left = np.ones(np.shape(uniforms[last]))
        shares: dict[str, Array] = {}
        for name in broken:
            alpha = alphas.pop(name)
            share = left * betaincinv(
                alpha, math.fsum(alphas.values()), np.maximum(uniforms[name], LEAST_BETA)
            )
            shares[name], left = share, left - share
        shares[last] = left
        return {name: shares[name] for name in self.parts}

    def _alphas(self) -> dict[str, float]:
        if self.alphas is not None:
            return dict(self.alphas)
        return {name: mean * (self.concentration or math.nan) for name, mean in (self.means or {}).items()}
