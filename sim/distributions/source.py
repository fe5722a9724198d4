"""What draws of a parameter are made from: a source turns uniform numbers into columns."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Protocol

from sim.distributions.law import Law
from sim.types import Array

Uniforms = Callable[[str], Array]
"""From a name to its uniforms in (0, 1), (randomisation, draw): the same for a name whoever asks."""


class Source(Protocol):
    """What the columns of one parameter are drawn from; can be sent to another process."""

    def draw_columns(self, name: str, uniforms: Uniforms, tied: Collection[str]) -> dict[str, Array]:
        """Return draws of each column of a parameter.

        Parameters
        ----------
        name
            Of the parameter.
        uniforms
            Of any name.
        tied
            Names of columns whose uniforms carry a correlation.

        Returns
        -------
        dict of str to Array
            Draws by the column's name, (randomisation, draw).
        """
        ...


@dataclass(frozen=True)
class Inverse:
    """A law drawn by its inverse cdf, at the uniforms of the parameter's name.

    Parameters
    ----------
    law
        The law.
    """

    law: Law

    def draw_columns(self, name: str, uniforms: Uniforms, tied: Collection[str]) -> dict[str, Array]:
        """Return draws of the one column.

        Parameters
        ----------
        name
            Of the parameter, which is its one column.
        uniforms
            Of any name.
        tied
            Unused: the uniforms of a tied name carry its correlation.

        Returns
        -------
        dict of str to Array
            The one column by its name, (randomisation, draw).
        """
        del tied
        return {name: self.law.ppf(uniforms(name))}
