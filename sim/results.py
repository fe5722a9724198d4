"""What one run leaves: inputs, draws, outcomes, attributes."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.draws.draw import Draws
from sim.types import Array

if TYPE_CHECKING:
    import xarray as xr  # imported where a tree is made or read: a run needs none

type Variable = tuple[tuple[str, ...], np.ndarray[Any, Any], dict[str, str]]
"""Dimensions, values and attributes."""
type Groups = Mapping[str, Mapping[str, Variable]]
"""Variables by the path of their group and their name; paths begin with a stroke."""
DIMENSIONS = ("randomisation", "draw")
BY_CHOICE = "/by_choice/"
FORMAT = "sim results 1"
A_RUN = "a folder that `sim run` wrote"


class Results:
    """The draws and outcomes of one run, and the groups of variables under which its file holds them.

    Groups are ``parameters``, ``evidence``, ``choices`` and ``outcomes``, every variable with dimensions
    (randomisation, draw) and its unit; below ``by_choice`` one for each choice with the outcomes it touches,
    (alternative, randomisation, draw). Attributes hold seed, digests, versions and notes.

    Parameters
    ----------
    draws
        Of parameters, survey columns and choices, with their outcomes and all notes of the run.
    scenario_digest
        Of what was run.
    make_groups, make_attributes
        Return the groups, and, given these, the attributes; each is called when it is first asked for.
    further
        Names of groups that not all results have.
    """

    def __init__(
        self,
        draws: Draws,
        scenario_digest: str,
        make_groups: Callable[[], Groups],
        make_attributes: Callable[[Groups], dict[str, Any]],
        further: frozenset[str] = frozenset(),
    ) -> None:
        self.draws, self.scenario_digest = draws, scenario_digest
        self._make_groups, self._make_attributes, self.further = make_groups, make_attributes, further

    def __reduce__(self) -> "tuple[Callable[[xr.DataTree], Results], tuple[xr.DataTree]]":
        return results_of, (self.tree,)

    @cached_property
    def tree(self) -> "xr.DataTree":
        """All of it."""
        import xarray as xr

        tree = xr.DataTree.from_dict({path: xr.Dataset(each) for path, each in self.groups.items()})
        tree.attrs = self.attributes
        return tree

    @cached_property
    def groups(self) -> Groups:
        """All variables, by group."""
        return self._make_groups()

    @cached_property
    def attributes(self) -> dict[str, Any]:
        """Seed, digests, versions and notes, by name."""
        return self._make_attributes(self.groups)

    def has(self, group: str) -> bool:
        """Tell whether there is a group of this name, beside those that all results have."""
        return group in self.further

    def variable(self, name: str) -> Array:
        """Return the draws of a parameter, survey column or outcome, (randomisation, draw)."""
        return self.draws.variable(name)

    def dataset(self, group: str) -> "xr.Dataset":
        """Return one group as a dataset."""
        return self.tree[group].to_dataset()

    @property
    def choices(self) -> tuple[str, ...]:
        """Names of the choices, sorted."""
        return tuple(sorted(self.draws.by_choice))

    @property
    def notes(self) -> tuple[str, ...]:
        """What the user should know before quoting a number."""
        return self.draws.notes


def results_of(tree: "xr.DataTree") -> Results:
    """Return the results that a tree holds, as :class:`Results` describes it."""
    nodes = {node.path: node.to_dataset(inherit=False).variables for node in tree.subtree}
    groups = {
        path: {
            str(name): (tuple(map(str, each.dims)), np.asarray(each.values), dict(each.attrs))
            for name, each in variables.items()
        }
        for path, variables in nodes.items()
    }

    def arrays(path: str) -> dict[str, Any]:
        found = groups.get(path, {})
        return {name: values for name, (dimensions, values, _) in found.items() if name not in dimensions}

    choices = [path for path in groups if path.startswith(BY_CHOICE)]
    outcomes, held = (
        arrays("/outcomes"),
        {path.removeprefix(BY_CHOICE): arrays(path) for path in choices},
    )
    n_randomisations, n_draws = next(iter(outcomes.values()), np.empty((0, 0))).shape
    columns, notes = (
        {**arrays("/parameters"), **arrays("/evidence")},
        _lines(str(tree.attrs.get("notes", ""))),
    )
    attributes = {str(name): value for name, value in tree.attrs.items()}
    return Results(
        Draws(columns, arrays("/choices"), (n_randomisations, n_draws), notes, outcomes, held),
        str(attributes.get("scenario_digest")),
        lambda: groups,
        lambda _: attributes,
        frozenset(map(str, tree.children)),
    )


def _lines(notes: str) -> tuple[str, ...]:
    return tuple(note for note in notes.split("\n") if note)


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
        With the same draws and groups.
    """
    attributes, groups = {**results.attributes, **stamp}, results.groups
    return Results(
        replace(results.draws, notes=_lines(attributes["notes"])),
        str(attributes["scenario_digest"]),
        lambda: groups,
        lambda _: attributes,
        results.further,
    )


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
