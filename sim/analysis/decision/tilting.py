r"""Tilted priors: a law moved along the scale on which its quantity lives.

The quantile function of the tilted law is that of the law with a shift put behind it,
:math:`F_\delta^{-1} = T_\delta \circ F^{-1}`, with :math:`T_\delta(x)`

- :math:`x e^\delta` for a positive quantity (a shift of the logarithm),
- :math:`1 / (1 + e^{-(\operatorname{logit} x + \delta)})` for a share, of a Dirichlet too, whose other shares
  keep their proportions,
- :math:`x + \delta` for any other.

So the tilted law is known exactly, its median is :math:`T_\delta` of the median, its draws are
:math:`T_\delta` of the draws, and ranks, hence a copula, stay as they are.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.special import expit, logit

from sim.distributions import ContinuousLaw
from sim.results import Results
from sim.scenario.schema import Scenario
from sim.types import Array

Scale = Literal["log", "logit", "value"]


@dataclass(frozen=True)
class TiltedPrior:
    """A prior that can be moved.

    Parameters
    ----------
    name
        Parameter, or component of a Dirichlet.
    scale
        On which it is shifted.
    others
        The other components of a Dirichlet.
    median
        Of the law that was run.
    unit
        Of the parameter.
    law
        The law; ``None`` for a parameter conditioned on observed values, known by its draws.
    """

    name: str
    scale: Scale
    others: tuple[str, ...]
    median: float
    unit: str
    law: ContinuousLaw | None

    def moved(self, value: Array, shift: float | Array) -> Array:
        """Return where a shift takes values.

        Parameters
        ----------
        value
            Any shape.
        shift
            On the scale on which the prior moves.

        Returns
        -------
        ndarray
            Of the shape of `value`.
        """
        with np.errstate(over="ignore"):
            match self.scale:
                case "log":
                    return np.asarray(value * np.exp(shift))
                case "logit":
                    return np.asarray(expit(logit(value) + shift))
                case "value":
                    return np.asarray(value + shift)

    def columns(self, draws: Mapping[str, Array], shift: float | Array) -> dict[str, Array]:
        """Return the draws of the parameter, and of those that share a whole with it, after a shift.

        Parameters
        ----------
        draws
            By column.
        shift
            On the scale on which the prior moves.

        Returns
        -------
        dict
            By column, those that move.
        """
        value = draws[self.name]
        moved = {self.name: self.moved(value, shift)}
        if self.others:
            left = expit(-logit(value))
            still_left = expit(-logit(value) - shift)
            shrunk = np.divide(still_left, left, out=np.ones_like(value), where=left > 0)
            moved |= {name: shrunk * draws[name] for name in self.others}
        return moved

    def percentile(self, value: float, draws: Array) -> float:
        """Return the percentage of the law that was run up to a value.

        Parameters
        ----------
        value
            Of the parameter.
        draws
            Of the parameter, used where it has no law of its own.

        Returns
        -------
        float
            0 to 100.
        """
        if self.law is None:
            return float(100.0 * np.mean(draws <= value))
        return float(100.0 * self.law.cdf(np.array([value]))[0])


def tilted_priors(scenario: Scenario, results: Results) -> Iterator[TiltedPrior]:
    """Yield every column of a parameter that has a continuous law.

    Parameters
    ----------
    scenario
        Loaded scenario.
    results
        What its run left.

    Yields
    ------
    TiltedPrior
        One for each column.
    """
    observed: Mapping[str, object] = scenario.evidence.observations if scenario.evidence else {}
    for name, parameter in scenario.parameters.items():
        laws = parameter.continuous_marginals(name)
        for column, law in laws.items():
            others = tuple(other for other in laws if other != column) if parameter.is_whole else ()
            if name in observed:
                middle = float(np.median(results.variable(name)))
                yield TiltedPrior(column, _scale(law), others, middle, parameter.unit, None)
            else:
                yield TiltedPrior(column, _scale(law), others, _median(law), parameter.unit, law)


def _median(law: ContinuousLaw) -> float:
    return float(law.ppf(np.array([0.5]))[0])


def _scale(law: ContinuousLaw) -> Scale:
    low, high = law.support()
    if low < 0:
        return "value"
    return "logit" if high <= 1 else "log"
