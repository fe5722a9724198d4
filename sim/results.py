"""What one run leaves: inputs, draws, outcomes, attributes."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.draws.draw import Draws
from sim.outcomes import Outcomes
from sim.types import Array

if TYPE_CHECKING:
    import xarray as xr  # imported where a tree is made or read: a run needs none

type Variable = tuple[tuple[str, ...], np.ndarray[Any, Any], dict[str, str]]
"""Dimensions, values and attributes."""
type Groups = Mapping[str, Mapping[str, Variable]]
"""Variables by the path of their group and their name; paths begin with a stroke."""
DIMENSIONS = ("randomisation", "draw")
FORMAT = "sim results 1"
A_RUN = "a folder that `sim run` wrote"


@dataclass(frozen=True, eq=False)
class Parts:
    """What a run has just made, of which groups of variables are made when they are asked for.

    Parameters
    ----------
    draws, outcomes
        Of parameters, survey columns and choices, with all notes of the run; the outcomes of these draws.
    scenario_digest
        Of what was run.
    make_groups, make_attributes
        Return the groups that :class:`Results` describes, and, given these, the attributes.
    """

    draws: Draws
    outcomes: Outcomes
    scenario_digest: str
    make_groups: Callable[[], Groups]
    make_attributes: Callable[[Groups], dict[str, Any]]


class Results:
    """The draws of one run, by group, made from a tree or from the parts of one.

    A tree has groups ``parameters``, ``evidence``, ``choices`` and ``outcomes``, every variable with
    dimensions (randomisation, draw) and its unit; below ``by_choice`` a group for each choice with the
    outcomes it touches, (alternative, randomisation, draw). Attributes hold seed, digests, versions and
    notes.
    """

    def __init__(self, source: "xr.DataTree | Parts") -> None:
        self._source = source

    def __reduce__(self) -> "tuple[type[Results], tuple[xr.DataTree]]":
        return Results, (self.tree,)

    @cached_property
    def tree(self) -> "xr.DataTree":
        """All of it."""
        if not isinstance(self._source, Parts):
            return self._source
        import xarray as xr

        tree = xr.DataTree.from_dict({path: xr.Dataset(each) for path, each in self.groups.items()})
        tree.attrs = self.attributes
        return tree

    @cached_property
    def groups(self) -> Groups:
        """All variables, by group."""
        if isinstance(self._source, Parts):
            return self._source.make_groups()
        nodes = {node.path: node.to_dataset(inherit=False).variables for node in self._source.subtree}
        return {
            path: {
                str(name): (tuple(map(str, each.dims)), np.asarray(each.values), dict(each.attrs))
                for name, each in variables.items()
            }
            for path, variables in nodes.items()
        }

    @cached_property
    def attributes(self) -> dict[str, Any]:
        """Seed, digests, versions and notes, by name."""
        if isinstance(self._source, Parts):
            return self._source.make_attributes(self.groups)
        return {str(name): value for name, value in self._source.attrs.items()}

    @property
    def scenario_digest(self) -> str:
        """Digest of the scenario that was run."""
        parts = self._source
        return parts.scenario_digest if isinstance(parts, Parts) else str(parts.attrs.get("scenario_digest"))

    def has(self, group: str) -> bool:
        """Tell whether there is a group of this name, beside those that all results have."""
        return not isinstance(self._source, Parts) and group in self._source.children

    def variable(self, name: str) -> Array:
        """Return the draws of a parameter, survey column or outcome, (randomisation, draw)."""
        return {**self.draws.columns, **self.outcomes.drawn}[name]

    def dataset(self, group: str) -> "xr.Dataset":
        """Return one group as a dataset."""
        return self.tree[group].to_dataset()

    @cached_property
    def draws(self) -> Draws:
        """Draws of parameters, survey columns and choices."""
        if isinstance(self._source, Parts):
            return self._source.draws
        parameters, survey, choices = (self.dataset(group) for group in ("parameters", "evidence", "choices"))
        n_randomisations, n_draws = next(iter(self.outcomes.drawn.values())).shape
        columns = {**_arrays(parameters), **_arrays(survey)}
        return Draws(columns, _arrays(choices), (n_randomisations, n_draws), self.notes)

    @cached_property
    def outcomes(self) -> Outcomes:
        """The outcomes, as drawn and with each choice held at each of its alternatives."""
        if isinstance(self._source, Parts):
            return self._source.outcomes
        by_choice = {choice: _arrays(self.dataset(f"by_choice/{choice}")) for choice in self.choices}
        return Outcomes(_arrays(self.dataset("outcomes")), by_choice)

    @property
    def choices(self) -> tuple[str, ...]:
        """Names of the choices, sorted."""
        if isinstance(self._source, Parts):
            return tuple(sorted(self._source.outcomes.by_choice))
        return tuple(sorted(str(name) for name in self.tree["by_choice"].children))

    @property
    def notes(self) -> tuple[str, ...]:
        """What the user should know before quoting a number."""
        if isinstance(self._source, Parts):
            return self._source.draws.notes
        return _lines(self._source.attrs["notes"])


def _lines(notes: str) -> tuple[str, ...]:
    return tuple(note for note in notes.split("\n") if note)


def _arrays(dataset: "xr.Dataset") -> dict[str, Any]:
    return {str(name): np.asarray(variable.values) for name, variable in dataset.data_vars.items()}


def numbers_digest(groups: Groups) -> str:
    """Return a sha256 over every array by group and name: equal if and only if all numbers are.

    One scenario has one digest on one machine; other processors round the last digits otherwise.
    """
    digest = hashlib.sha256()
    for path, variables in sorted(groups.items()):
        for name, (_, values, _) in sorted(variables.items()):
            digest.update(f"{path}/{name}{values.shape}".encode())
            digest.update("\n".join(values).encode() if values.dtype.kind in "UTO" else values.tobytes())
    return digest.hexdigest()


def with_stamp(results: Results, stamp: Mapping[str, str]) -> Results:
    """Return the same results with further attributes, such as time and command.

    Parameters
    ----------
    results, stamp
        Left as they are; attributes by name, in place of any of the same name.

    Returns
    -------
    Results
        With the attributes on the root of their tree.
    """
    attributes = {**results.attributes, **stamp}
    parts = results._source
    if isinstance(parts, Parts):
        groups, draws = results.groups, replace(parts.draws, notes=_lines(attributes["notes"]))
        made = replace(
            parts, draws=draws, make_groups=lambda: groups, make_attributes=lambda _: {**attributes}
        )
        return Results(made)
    tree = parts.copy()
    tree.attrs = attributes
    return Results(tree)


def joint_draws(results: Results, alternatives: Mapping[str, Sequence[str]]) -> "xr.Dataset":
    """Return copies of all draws as one dataset, with units and titles.

    Parameters
    ----------
    results, alternatives
        Of a run; names by choice, which stand in place of their numbers.

    Returns
    -------
    xarray.Dataset
        Parameters, survey columns, outcomes and choices, each (randomisation, draw).
    """
    import xarray as xr

    parts = [results.dataset(name) for name in ("parameters", "evidence", "outcomes")]
    chosen = {
        str(name): (DIMENSIONS, np.array(alternatives[str(name)])[variable.values])
        for name, variable in results.dataset("choices").data_vars.items()
    }
    return xr.merge([*parts, xr.Dataset(chosen)], compat="identical", join="exact").copy(deep=True)


def for_arviz(results: Results) -> "xr.DataTree":
    """Return the draws as ArviZ expects them: one ``posterior`` group with dimensions (chain, draw).

    Each randomisation stands for a chain. Parameters, survey columns and outcomes keep their names.
    """
    import xarray as xr

    parts = [results.dataset(name) for name in ("parameters", "evidence", "outcomes")]
    merged = xr.merge(parts, compat="identical", join="exact").rename({DIMENSIONS[0]: "chain"})
    n_chains, n_draws = merged.sizes["chain"], merged.sizes["draw"]
    posterior = merged.assign_coords(chain=np.arange(n_chains), draw=np.arange(n_draws))
    return xr.DataTree.from_dict({"posterior": posterior})
