"""The form of a run's file: its draws as groups of variables with units, beside its stamp."""

import hashlib
import platform
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.draws.draw import Draws, design_of
from sim.scenario.data_files import scenario_digest
from sim.scenario.graph import quantities
from sim.scenario.priors import parameter_columns
from sim.scenario.schema import Scenario
from sim.types import Array, Groups, Indices, Variable
from sim.version import __version__

if TYPE_CHECKING:
    import xarray as xr  # imported where a dataset is made: a run needs none

type Attributes = Mapping[str, Any]
"""The stamp of a run by name: seed, digests, versions and notes."""
type Content = tuple[Groups, Attributes]
"""What the file of a run holds."""
DIMENSIONS = ("randomisation", "draw")
BY_CHOICE = "/by_choice/"
FORMAT = "sim results 1"
A_RUN = "a folder that `sim run` wrote"
LIBRARIES = ("numpy", "scipy", "numexpr", "pandas", "xarray", "pydantic", "pint")


def content_of(scenario: Scenario, draws: Draws) -> Content:
    """Return what the file of a run holds: its draws and outcomes, and by whom and what they were made.

    Groups are ``parameters``, ``evidence``, ``choices`` and ``outcomes``, every variable with dimensions
    (randomisation, draw) and its unit; below ``by_choice`` one for each choice with the outcomes it touches,
    (alternative, randomisation, draw). A scenario with years has ``by_year`` besides.

    Parameters
    ----------
    scenario
        The scenario of the run.
    draws
        Its draws with their outcomes and all notes.

    Returns
    -------
    tuple of Groups and Attributes
        The variables and the stamp.
    """
    groups = _groups(scenario, draws)
    return groups, {
        "format": FORMAT,
        "title": scenario.title,
        "scenario": scenario.name,
        "scenario_digest": scenario_digest(scenario),
        "seed": str(scenario.seed),
        "n_draws": design_of(scenario).n_draws,
        "sampler": scenario.sampling.sampler,
        "versions": _versions(),
        "notes": "\n".join(draws.notes),
        "numbers_digest": numbers_digest(groups),
    }


def _groups(scenario: Scenario, draws: Draws) -> Groups:
    labels = _labels(scenario)
    of_parameters = parameter_columns(scenario)
    meanings = {
        name: {"flag_meanings": " ".join(choice.weights)} for name, choice in scenario.choices.items()
    }  # flag variables in the sense of the CF conventions
    return (
        {
            "/": {},
            "/parameters": _group({k: v for k, v in draws.columns.items() if k in of_parameters}, labels),
            "/evidence": _group({k: v for k, v in draws.columns.items() if k not in of_parameters}, labels),
            "/choices": _group(draws.choices, meanings),
            "/outcomes": _group(draws.outcomes, labels),
            "/by_choice": {},
        }
        | {
            f"/by_choice/{choice}": _by_alternative(scenario, choice, arrays, labels)
            for choice, arrays in draws.by_choice.items()
        }
        | _by_year(scenario, draws)
    )


def _by_year(scenario: Scenario, draws: Draws) -> dict[str, dict[str, Variable]]:
    if scenario.horizon is None:
        return {}
    from sim.summary.by_year import GROUP, group_by_year  # a run without a horizon does not wait for it

    return {GROUP: group_by_year(scenario, draws)}


def _labels(scenario: Scenario) -> dict[str, dict[str, str]]:
    """Return the attributes of each variable: unit, and title where the scenario has one."""
    labels = {name: {"unit": unit} for name, unit in quantities(scenario).units.items()}
    titles = {name: parameter.title for name, parameter in scenario.parameters.items()}
    titles |= {name: outcome.title for name, outcome in scenario.outcomes.items()}
    for name, title in titles.items():
        if title and name in labels:
            labels[name]["title"] = title
    return labels


def _by_alternative(
    scenario: Scenario, choice: str, arrays: Mapping[str, Array], labels: Mapping[str, Mapping[str, str]]
) -> dict[str, Variable]:
    """Return the outcomes with a choice held, and the names of its alternatives along that dimension."""
    names = np.array([*scenario.choices[choice].weights], dtype=object)
    return {
        **_group(arrays, labels, (choice, *DIMENSIONS)),
        choice: ((choice,), names, {}),
    }


def _group(
    arrays: Mapping[str, Array | Indices],
    attributes: Mapping[str, Mapping[str, str]],
    dimensions: tuple[str, ...] = DIMENSIONS,
) -> dict[str, Variable]:
    """Return arrays as the variables of a group, with their attributes."""
    return {name: (dimensions, array, dict(attributes.get(name, {}))) for name, array in arrays.items()}


@cache
def _versions() -> str:
    libraries = [f"{name} {version(name)}" for name in LIBRARIES]
    return " ".join([f"sim {__version__}", f"python {platform.python_version()}", *libraries])


def draws_of(content: Content) -> Draws:
    """Return the draws that the file of a run holds, with their outcomes and notes."""
    groups, attributes = content

    def arrays(path: str) -> dict[str, Any]:
        found = groups.get(path, {})
        return {name: values for name, (dimensions, values, _) in found.items() if name not in dimensions}

    outcomes = arrays("/outcomes")
    n_randomisations, n_draws = next(iter(outcomes.values()), np.empty((0, 0))).shape
    return Draws(
        {**arrays("/parameters"), **arrays("/evidence")},
        arrays("/choices"),
        (n_randomisations, n_draws),
        lines_of(str(attributes.get("notes", ""))),
        outcomes,
        {path.removeprefix(BY_CHOICE): arrays(path) for path in groups if path.startswith(BY_CHOICE)},
    )


def lines_of(notes: str) -> tuple[str, ...]:
    """Return the lines of notes that are not empty."""
    return tuple(note for note in notes.split("\n") if note)


def first_draws(groups: Groups, n_draws: int) -> Groups:
    """Return groups with the first draws of each randomisation.

    Parameters
    ----------
    groups
        Variables with all draws.
    n_draws
        Draws of each randomisation that are kept.

    Returns
    -------
    Groups
        Variables without draws are as they were.
    """
    return {
        path: {
            name: (dimensions, values[..., :n_draws] if dimensions[-1:] == ("draw",) else values, attributes)
            for name, (dimensions, values, attributes) in variables.items()
        }
        for path, variables in groups.items()
    }


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


def joint_draws(groups: Groups, alternatives: Mapping[str, Sequence[str]]) -> "xr.Dataset":
    """Return copies of all draws as one dataset, with units and titles.

    Parameters
    ----------
    groups
        Variables of a run's file.
    alternatives
        Names of the alternatives by choice, which stand in place of their numbers.

    Returns
    -------
    xarray.Dataset
        Parameters, survey columns, outcomes and choices, each (randomisation, draw).
    """
    chosen = {
        name: (DIMENSIONS, np.array(alternatives[name])[places])
        for name, (_, places, _) in groups["/choices"].items()
    }
    return _quantities(groups).assign(chosen).copy(deep=True)


def for_arviz(groups: Groups) -> "xr.DataTree":
    """Return the draws as ArviZ expects them: one ``posterior`` group with dimensions (chain, draw).

    Each randomisation stands for a chain. Parameters, survey columns and outcomes keep their names.
    """
    import xarray as xr

    merged = _quantities(groups).rename({DIMENSIONS[0]: "chain"})
    n_chains, n_draws = merged.sizes["chain"], merged.sizes["draw"]
    posterior = merged.assign_coords(chain=np.arange(n_chains), draw=np.arange(n_draws))
    return xr.DataTree.from_dict({"posterior": posterior})


def _quantities(groups: Groups) -> "xr.Dataset":
    import xarray as xr

    parts = [xr.Dataset(groups[path]) for path in ("/parameters", "/evidence", "/outcomes")]
    return xr.merge(parts, compat="identical", join="exact")
