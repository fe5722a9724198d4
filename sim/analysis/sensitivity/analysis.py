"""Everything that says what drives the reported outcome: Shapley effects of its inputs, and all as tables."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

import numpy as np
import pandas as pd

from sim.analysis.sensitivity.moment_independent_measures import pawn_indices, rank_correlations
from sim.analysis.sensitivity.shapley import NameSet, ValueFunction, shapley_effects, variance_by_kind
from sim.analysis.sensitivity.sobol_indices import (
    Share,
    SobolIndices,
    VarianceScale,
    settled_ranks,
    sobol_indices,
)
from sim.analysis.sensitivity.tornado import tornado
from sim.engine.experiment import Experiment, moment_note
from sim.engine.inputs import groups_of
from sim.scenario.ledger import JUDGEMENT, unsourced_judgements
from sim.scenario.schema import Scenario
from sim.summary.support import Support

MAX_SCATTER = 1024
INDEX_COLUMNS = ("scale", "group", "kind", "index", "value", "error", "low", "high", "settled")
LABELS = ("scale", "group", "kind", "index", "settled")
"""Columns of the tables of shares that are no numbers."""


class Effects:
    """Shapley effects of the inputs, and of the groups of inputs, of a run; made when first asked for."""

    def __init__(self, experiment: Experiment) -> None:
        self.experiment = experiment
        self.value = ValueFunction(experiment)

    @cached_property
    def inputs(self) -> Mapping[VarianceScale, Mapping[str, Share]]:
        """Shapley effects of each input, by scale and name."""
        return self._of({each.name: frozenset([each.name]) for each in self.experiment.inputs})

    @cached_property
    def groups(self) -> Mapping[VarianceScale, Mapping[str, Share]]:
        """Shapley effects of each group of inputs that are tied to each other, by scale and name."""
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

    @property
    def support(self) -> Support | None:
        """What the variance rests on; ``None`` where it cannot be split."""
        if not self.are_known:
            return None
        scale, shares = next(iter(self.inputs.items()))
        judged = [each.name for each in self.experiment.inputs if each.kind == JUDGEMENT]
        return _support(self.experiment.scenario, scale, {name: shares[name].value for name in judged})

    def _of(self, players: Mapping[str, NameSet]) -> dict[VarianceScale, Mapping[str, Share]]:
        seed, sets = self.experiment.scenario.seed, list(players.values())
        return {
            scale: dict(zip(players, shapley_effects(self.value, sets, scale, seed), strict=True))
            for scale in self.value.transforms
        }


def effects_of(experiment: Experiment) -> Effects | None:
    """Return the effects of a run's inputs, or ``None`` where nothing that the outcome reads varies."""
    if not experiment.inputs or float(np.ptp(experiment.outcome)) == 0.0:
        return None
    return Effects(experiment)


def stored_support(scenario: Scenario, tables: Mapping[str, pd.DataFrame]) -> Support | None:
    """Return what the variance rests on, from the tables of a run; ``None`` where they do not say.

    Parameters
    ----------
    scenario
        The scenario of the run.
    tables
        Tables of its sensitivity analysis by name.

    Returns
    -------
    Support or None
        The shares, as from the effects of the run's inputs.
    """
    if "tornado" not in tables:
        return None
    rows = tables["tornado"]
    if rows["share"].isna().all():
        return None
    scale = str(tables["sensitivity_indices"]["scale"].iloc[0])
    rows = rows[rows["kind"] == JUDGEMENT]
    return _support(scenario, scale, dict(zip(rows["group"].map(str), rows["share"].map(float), strict=True)))


def _support(scenario: Scenario, scale: str, judged: Mapping[str, float]) -> Support:
    """Return what the variance rests on, from the Shapley effect of each input of kind judgement."""
    bare = unsourced_judgements(scenario)
    names = sorted(judged, key=lambda name: (-judged[name], name))
    unsourced = [name for name in names if name in bare]
    of_all, of_bare = (float(np.sum([judged[name] for name in each])) for each in (names, unsourced))
    return Support(scale, of_all, of_bare, tuple(unsourced))


def sensitivity_tables(experiment: Experiment) -> dict[str, pd.DataFrame]:
    """Return the tables of :func:`tables_of_effects`, none where nothing that the outcome reads varies."""
    effects = effects_of(experiment)
    return tables_of_effects(effects) if effects else {}


def tables_of_effects(effects: Effects) -> dict[str, pd.DataFrame]:
    """Return every table of sensitivity, by the name of its file, from the effects of a run's inputs.

    These are ``sensitivity_indices`` (Sobol' first and total order and Shapley effects of groups, by scale),
    ``variance_by_kind``, ``tornado`` (by input, with its Shapley effect), ``moment_independent`` (PAWN beside
    total order); and, where the outcome reads numbers that vary and not only choices, ``rank_correlations``
    and ``drivers`` (thinned draws). Where the variance on the ``raw`` scale does not exist, or the draws
    cannot give it, its shares are NaN and ``note`` says why.
    """
    experiment, value, note = effects.experiment, effects.value, effects.note
    indices = sobol_indices(experiment)
    shares = pd.DataFrame(_index_rows(experiment, indices, effects), columns=INDEX_COLUMNS)
    shares_of_inputs = next(iter(effects.inputs.values()))
    swings = _with_shares(tornado(experiment), shares_of_inputs)
    if not effects.are_known:
        swings[["share", "share_error"]] = np.nan
    tables = {
        "sensitivity_indices": _noted(shares, note),
        "variance_by_kind": _noted(variance_by_kind(value, experiment.scenario.seed), note),
        "tornado": swings,
        "moment_independent": _with_ranks(pawn_indices(experiment), indices),
    }
    if experiment.drivers:
        tables |= {"rank_correlations": rank_correlations(experiment), "drivers": _scatter(experiment)}
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


def _with_shares(swings: pd.DataFrame, shares: Mapping[str, Share]) -> pd.DataFrame:
    found = [shares[str(name)] for name in swings["group"]]
    table = swings.assign(share=[each.value for each in found], share_error=[each.error for each in found])
    return table.sort_values("share", ascending=False, ignore_index=True)


def _with_ranks(pawn: pd.DataFrame, indices: Sequence[SobolIndices]) -> pd.DataFrame:
    total = {each.group.name: each.total.value for each in indices if each.scale == indices[0].scale}
    for name, values in (("pawn", pawn["pawn"]), ("total", pawn["group"].map(total))):
        ranks = values.rank(ascending=False, method="min")
        pawn[f"rank_by_{name}"] = ranks.astype("Int64" if ranks.hasnans else "int64")
    return pawn.sort_values("pawn", ascending=False, ignore_index=True)


def _scatter(experiment: Experiment) -> pd.DataFrame:
    """Return thinned draws of the outcome and its drivers, from all randomisations alike."""
    n_each = max(1, MAX_SCATTER // len(experiment.outcome))
    columns = {experiment.scenario.report.outcome: experiment.outcome}
    columns |= {name: draws for name, (draws, _) in experiment.driver_draws.items()}
    return pd.DataFrame({name: draws[:, :n_each].ravel() for name, draws in columns.items()})
