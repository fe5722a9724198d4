"""Joint draws of everything that outcomes read."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

import numpy as np

from sim.types import Array, Indices

NO_CHOICES: Mapping[str, Indices] = MappingProxyType({})


@dataclass(frozen=True, eq=False)
class Draws:
    """Joint draws of parameters, the survey's columns and choices.

    Parameters
    ----------
    columns
        Parameters (a Dirichlet's components as ``name.component``) and columns of the survey by name, each
        (randomisation, draw).
    choices
        Place of the alternative taken among the sorted alternatives, by choice, each (randomisation, draw),
        or of shape () where it is held.
    shape
        (randomisation, draw).
    notes
        What the user should know: draws that were added, correlations that were moved, cautions.
    """

    columns: Mapping[str, Array]
    choices: Mapping[str, Indices]
    shape: tuple[int, int]
    notes: tuple[str, ...] = ()

    def replace(self, columns: Mapping[str, Array], choices: Mapping[str, Indices] = NO_CHOICES) -> "Draws":
        """Return the same draws with some columns and choices replaced, or added.

        Parameters
        ----------
        columns, choices
            By name, of the same shape.

        Returns
        -------
        Draws
            With all other columns and choices as they are here.
        """
        return replace(self, columns={**self.columns, **columns}, choices={**self.choices, **choices})

    def only(self, columns: Iterable[str], choices: Iterable[str] = ()) -> "Draws":
        """Return the draws of some columns and choices, in the order asked for.

        Parameters
        ----------
        columns, choices
            Their names.

        Returns
        -------
        Draws
            Without all other columns and choices.
        """
        return replace(
            self,
            columns={name: self.columns[name] for name in columns},
            choices={name: self.choices[name] for name in choices},
        )

    def thinned(self, n_draws: int) -> "Draws":
        """Return the first `n_draws` of each randomisation."""
        return self.mapped(lambda array: array[:, :n_draws])

    def mapped(self, change: Callable[[Any], Any]) -> "Draws":
        """Return the draws with every array changed in one way, such as picked from or laid out anew."""
        n_rows, n_columns = change(np.broadcast_to(np.int64(0), self.shape)).shape
        return replace(
            self,
            columns={name: change(array) for name, array in self.columns.items()},
            choices={name: change(array) for name, array in self.choices.items()},
            shape=(n_rows, n_columns),
        )
