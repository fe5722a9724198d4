"""The variance split by kind: data, judgement, choice."""

from dataclasses import dataclass

from sim.engine.inputs import Kind
from sim.sensitivity.scale import Scale
from sim.sensitivity.shapley import Names, ValueFunction, shapley_effects
from sim.sensitivity.share import Share, ratio


@dataclass(frozen=True)
class KindShare:
    """What the inputs of one kind add to the variance, on one scale.

    Parameters
    ----------
    kind
        data, judgement or choice.
    scale
        Scale of the outcome.
    first, total
        Share of the variance removed by knowing these inputs alone; left when all others are known.
    shapley
        Shapley effect with the kinds as players; the shares of all kinds add up to one.
    """

    kind: Kind
    scale: Scale
    first: Share
    total: Share
    shapley: Share


def variance_by_kind(value: ValueFunction, seed: int) -> tuple[KindShare, ...]:
    """Split the variance by kind, on each scale of the outcome.

    Parameters
    ----------
    value
        Value function; sets of inputs it has met are not evaluated again.
    seed
        As for :func:`sim.sensitivity.shapley.shapley_effects`.
    """
    kinds: dict[Kind, Names] = {}
    for each in value.experiment.inputs:
        kinds[each.kind] = kinds.get(each.kind, frozenset()) | {each.name}
    found = []
    for scale in value.transforms:
        effects = shapley_effects(value, list(kinds.values()), scale, seed)
        variance = value.variance(scale)
        none = value(frozenset(), scale)
        for (kind, names), effect in zip(kinds.items(), effects, strict=True):
            first = ratio(value(names, scale) - none, variance)
            others = value(value.everything - names, scale)
            total = ratio(value(value.everything, scale) - others, variance)
            found.append(KindShare(kind, scale, first, total, effect))
    return tuple(found)
