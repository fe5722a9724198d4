"""Everything that says what drives the reported outcome, as tables."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

import numpy as np
import pandas as pd

from sim.analysis.sensitivity.drivers import drivers
from sim.analysis.sensitivity.moment_independent import Pawn, pawn_indices, rank_correlations
from sim.analysis.sensitivity.shapley import ValueFunction, shapley_effects, variance_by_kind
from sim.analysis.sensitivity.sobol import Scale, Share, SobolIndices, settled_ranks, sobol_indices
from sim.analysis.sensitivity.tornado import LEVELS, tornado
from sim.engine.experiment import Experiment, moment_note
from sim.engine.inputs import groups_of

MAX_SCATTER = 1024
INDEX_COLUMNS = ("scale", "group", "kind", "index", "value", "error", "low", "high", "settled")
LABELS = ("scale", "group", "kind", "index", "settled")
"""Columns of the tables of shares that are no numbers."""


class Effects:
    """Shapley effects of inputs and of groups, worked out when they are first asked for.

    Parameters
    ----------
    experiment
        Of a run, with an input that varies.
    """

    def __init__(self, experiment: Experiment) -> None:
        self.experiment = experiment
        self.value = ValueFunction(experiment)

    @cached_property
    def inputs(self) -> Mapping[Scale, Mapping[str, Share]]:
        """Those of each input, by scale and name."""
        return self._of({each.name: frozenset([each.name]) for each in self.experiment.inputs})

    @cached_property
    def groups(self) -> Mapping[Scale, Mapping[str, Share]]:
        """Those of each group of inputs that are tied to each other, by scale and name."""
        groups = groups_of(self.experiment.inputs)
        return self._of({group.name: frozenset(each.name for each in group.inputs) for group in groups})

    @cached_property
    def note(self) -> str:
        """Why the variance on the raw scale does not exist, or the draws cannot give it; empty otherwise."""
        return moment_note(self.experiment, "sd")

    @property
    def are_known(self) -> bool:
        """Whether the variance of the first scale, which inputs are ranked on, can be split."""
        return not (self.note and set(self.value.transforms) == {"raw"})

    def _of(self, players: Mapping[str, frozenset[str]]) -> dict[Scale, Mapping[str, Share]]:
        seed = self.experiment.scenario.seed
        by_scale: dict[Scale, Mapping[str, Share]] = {}
        for scale in self.value.transforms:
            shares = shapley_effects(self.value, list(players.values()), scale, seed)
            by_scale[scale] = dict(zip(players, shares, strict=True))
        return by_scale


def effects_of(experiment: Experiment) -> Effects | None:
    """Return the effects of a run's inputs, or ``None`` where nothing that the outcome reads varies."""
    if not experiment.inputs or float(np.ptp(experiment.outcome)) == 0.0:
        return None
    return Effects(experiment)


def sensitivity_tables(experiment: Experiment) -> dict[str, pd.DataFrame]:
    """Return the tables of :func:`tables_of_effects`, none where nothing that the outcome reads varies."""
    effects = effects_of(experiment)
    return tables_of_effects(effects) if effects else {}


def tables_of_effects(effects: Effects) -> dict[str, pd.DataFrame]:
    """Return every table of sensitivity, by the name of its file.

    Parameters
    ----------
    effects
        Of the inputs of a run.

    Returns
    -------
    dict
        ``sensitivity_indices`` (Sobol' first and total order and Shapley effects of groups, by scale),
        ``variance_by_kind``, ``tornado`` (by input, with its Shapley effect), ``moment_independent`` (PAWN
        beside total order); and, where the outcome reads numbers that vary and not only choices,
        ``rank_correlations`` and ``drivers`` (thinned draws). Where the variance on the ``raw`` scale does
        not exist, or the draws cannot give it, its shares are NaN and ``note`` says why.
    """
    experiment, value, note = effects.experiment, effects.value, effects.note
    indices = sobol_indices(experiment)
    shares = pd.DataFrame(_index_rows(experiment, indices, effects), columns=INDEX_COLUMNS)
    swings = _swings(experiment, effects)
    if not effects.are_known:
        swings[["share", "share_error"]] = np.nan
    tables = {
        "sensitivity_indices": _noted(shares, note),
        "variance_by_kind": _noted(_by_kind(experiment, value), note),
        "tornado": swings,
        "moment_independent": _pawn(pawn_indices(experiment), indices),
    }
    if drivers(experiment):
        tables |= {"rank_correlations": _ranks(experiment), "drivers": _scatter(experiment)}
    return tables


def _noted(table: pd.DataFrame, note: str) -> pd.DataFrame:
    """Return shares, those on the raw scale with a note in place of numbers where there is one."""
    is_doubtful = (table["scale"] == "raw") & bool(note)
    numbers = [name for name in table.columns if name not in LABELS]
    found = table.assign(note=np.where(is_doubtful, note, ""))
    found.loc[is_doubtful, numbers] = np.nan
    if "settled" in found:
        found.loc[is_doubtful, "settled"] = True
    return found


def _index_rows(
    experiment: Experiment, indices: Sequence[SobolIndices], effects: Effects
) -> Iterator[tuple[str | float | bool, ...]]:
    kinds = {group.name: group.kind for group in groups_of(experiment.inputs)}
    for scale, shapley in effects.groups.items():
        here = [each for each in indices if each.scale == scale]
        columns = {
            "first": {each.group.name: each.first for each in here},
            "total": {each.group.name: each.total for each in here},
            "shapley": shapley,
        }
        for index, shares in columns.items():
            settled = settled_ranks(shares)
            for name in sorted(shares, key=lambda name: -shares[name].value):
                share = shares[name]
                row = (share.value, share.error, *share.interval, settled[name])
                yield (scale, name, kinds[name], index, *row)


def _by_kind(experiment: Experiment, value: ValueFunction) -> pd.DataFrame:
    rows = []
    for each in variance_by_kind(value, experiment.scenario.seed):
        row: dict[str, str | float] = {"scale": each.scale, "kind": each.kind}
        for name, share in (("first", each.first), ("total", each.total), ("shapley", each.shapley)):
            row |= {name: share.value, f"{name}_error": share.error}
        rows.append(row)
    return pd.DataFrame(rows)


def _ranks(experiment: Experiment) -> pd.DataFrame:
    rows = [
        {
            "name": each.driver.name,
            "group": each.driver.group.name,
            "kind": each.driver.group.kind,
            "spearman": each.spearman.value,
            "spearman_error": each.spearman.error,
            "partial": each.partial.value,
            "partial_error": each.partial.error,
        }
        for each in rank_correlations(experiment)
    ]
    return pd.DataFrame(rows)


def _swings(experiment: Experiment, effects: Effects) -> pd.DataFrame:
    found = tornado(experiment)
    shares = next(iter(effects.inputs.values()))
    rows = [
        {
            "group": swing.input.name,
            "kind": swing.input.kind,
            "level_low": LEVELS[0],
            "level_high": LEVELS[1],
            "at_low": swing.at_low,
            "at_high": swing.at_high,
            "centre": found.centre,
            "direction": swing.direction,
            "share": shares[swing.input.name].value,
            "share_error": shares[swing.input.name].error,
        }
        for swing in found.swings
    ]
    return pd.DataFrame(rows).sort_values("share", ascending=False, ignore_index=True)


def _pawn(found: Sequence[Pawn], indices: Sequence[SobolIndices]) -> pd.DataFrame:
    scale = indices[0].scale
    total = {each.group.name: each.total.value for each in indices if each.scale == scale}
    table = pd.DataFrame(
        [
            {
                "group": each.group.name,
                "kind": each.group.kind,
                "pawn": each.index.value,
                "pawn_error": each.index.error,
                "total": total[each.group.name],
            }
            for each in found
        ]
    )
    table["rank_by_pawn"] = table["pawn"].rank(ascending=False, method="min").astype("Int64")
    table["rank_by_total"] = table["total"].rank(ascending=False, method="min").astype("Int64")
    return table.drop(columns="total").sort_values("pawn", ascending=False, ignore_index=True)


def _scatter(experiment: Experiment) -> pd.DataFrame:
    """Return thinned draws of the outcome and its drivers, from all randomisations alike."""
    n_each = max(1, MAX_SCATTER // len(experiment.outcome))
    columns = {experiment.scenario.report.outcome: experiment.outcome}
    columns |= {driver.name: driver.draws for driver in drivers(experiment)}
    return pd.DataFrame({name: draws[:, :n_each].ravel() for name, draws in columns.items()})
