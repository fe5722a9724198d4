"""The scales on which a variance is split."""

from collections.abc import Callable
from typing import Literal

import numpy as np

from sim.engine.experiment import Experiment
from sim.types import Array

Scale = Literal["log", "raw"]
Transform = Callable[[Array], Array]


def scales(outcome: Array) -> dict[Scale, Transform]:
    """Return the scales an outcome has: raw, and log first where all its draws are positive.

    On the raw scale values are divided by a power of two near the largest, so that squares do not overflow.

    Examples
    --------
    >>> list(scales(np.array([1.0, 2.0]))), list(scales(np.array([-1.0, 2.0])))
    (['log', 'raw'], ['raw'])
    """
    size = int(np.frexp(np.max(np.abs(outcome)))[1])
    raw: dict[Scale, Transform] = {"raw": lambda values: np.ldexp(values, -size)}
    if float(np.min(outcome)) > 0:
        return {"log": np.log, **raw}
    return raw


def scales_of(experiment: Experiment) -> dict[Scale, Transform]:
    """Return the scales of an experiment's outcome: log only where it stays positive when inputs are mixed.

    An outcome such as a difference may be positive in all draws of a run and not in those of a mixture.
    Looked at are both samples, and each input alone and all but it drawn anew.
    """
    everything = [each.name for each in experiment.inputs]
    alone = [[name] for name in everything]
    fresh = [everything, *alone, *([other for other in everything if other != name] for name in everything)]
    found = scales(experiment.outcome)
    for names in fresh:
        if len(found) == 1:
            break
        found = scales(experiment.evaluate(experiment.mixed(names)))
    return found
