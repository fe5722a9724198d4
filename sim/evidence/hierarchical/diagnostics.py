"""Whether a posterior can be trusted: the numbers, and a refusal where they say no."""

import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import xarray as xr

from sim.faults import Fault, InvalidInput
from sim.types import Array

LARGEST_R_HAT = 1.01
SMALLEST_ESS = 400.0
TAIL_PROBABILITIES = (0.05, 0.95)
LARGEST_PARETO_K = 0.7


@dataclass(frozen=True)
class Convergence:
    """How well one quantity was sampled.

    Parameters
    ----------
    name
        Name of the estimand, or ``unit.parameter``.
    r_hat
        Rank-normalised split r-hat.
    ess_bulk
        Effective draws for the middle.
    ess_tail
        Effective draws for the tails: the lesser of those for the 5 % and the 95 % quantile.
    monte_carlo_error
        Monte Carlo error of the mean, in the quantity's unit.

    References
    ----------
    Vehtari, Gelman, Simpson, Carpenter and Bürkner (2021), Bayesian Analysis 16:667.
    """

    name: str
    r_hat: float
    ess_bulk: float
    ess_tail: float
    monte_carlo_error: float


@dataclass(frozen=True)
class UnitReport:
    """What one unit's sampling and its leaving-one-out say.

    Parameters
    ----------
    unit
        The unit that was fitted, one of ``UNITS``.
    model
        Name of the model that was fitted.
    n_divergent
        Number of divergent transitions.
    elpd
        Expected log predictive density by PSIS-LOO, over periods.
    elpd_se
        Standard error of `elpd`.
    n_high_pareto_k
        Periods with a Pareto k above 0.7; where many are, `elpd` is not to be trusted. The posterior is not
        affected.
    n_periods
        All periods.
    """

    unit: str
    model: str
    n_divergent: int
    elpd: float
    elpd_se: float
    n_high_pareto_k: int
    n_periods: int


@dataclass(frozen=True)
class Diagnostics:
    """The diagnostics of a posterior.

    Parameters
    ----------
    quantities
        Estimands, then parameters shared by all strata.
    units
        One report for each unit fitted.
    """

    quantities: tuple[Convergence, ...]
    units: tuple[UnitReport, ...]

    @classmethod
    def from_json(cls, found: Mapping[str, Any]) -> Self:
        """Return the diagnostics whose ``dataclasses.asdict`` was kept as JSON.

        Raises
        ------
        KeyError, TypeError
            If a part is missing, or there are others.
        """
        return cls(
            tuple(Convergence(**each) for each in found["quantities"]),
            tuple(UnitReport(**each) for each in found["units"]),
        )

    def faults(self) -> tuple[Fault, ...]:
        """Return what a posterior fails by, nothing where it passes."""
        return tuple([*self._unconverged(), *self._divergent()])

    def _unconverged(self) -> Iterator[Fault]:
        hint = "try more --draws"
        for each in self.quantities:
            if not each.r_hat < LARGEST_R_HAT:
                problem = f"r-hat {each.r_hat:.4f}: the chains have not mixed"
                yield Fault("posterior", each.name, problem, f"below {LARGEST_R_HAT}; {hint} and --tune")
            for kind, size in (("bulk", each.ess_bulk), ("tail", each.ess_tail)):
                if not size > SMALLEST_ESS:
                    problem = f"{size:.0f} effective draws ({kind})"
                    yield Fault("posterior", each.name, problem, f"above {SMALLEST_ESS:.0f}; {hint}")

    def _divergent(self) -> Iterator[Fault]:
        for each in self.units:
            if each.n_divergent:
                problem = f"{each.n_divergent} divergent transitions"
                yield Fault("posterior", each.unit, problem, "none; try a larger --target-accept, as 0.98")


def refuse_unless_sound(diagnostics: Diagnostics, accepted: bool) -> None:
    """Refuse a posterior that its diagnostics do not support.

    Parameters
    ----------
    diagnostics
        The diagnostics of the posterior.
    accepted
        Whether the user takes the posterior all the same.

    Raises
    ------
    InvalidInput
        If the posterior fails and is not accepted; with every number that fails and what to try.
    """
    faults = diagnostics.faults()
    if faults and not accepted:
        way_out = Fault(
            "posterior", "", "refused by its diagnostics", "--accept-diagnostics to use it anyway"
        )
        raise InvalidInput([*faults, way_out])


def convergence(name: str, draws: Array) -> Convergence:
    """Return how well a quantity was sampled.

    Parameters
    ----------
    name
        Name of the quantity.
    draws
        Draws, (chain, draw). A quantity that does not vary is sampled perfectly.

    Returns
    -------
    Convergence
        r-hat, effective draws, and Monte Carlo error.
    """
    import arviz_stats

    if np.ptp(draws) == 0:
        return Convergence(name, 1.0, float(draws.size), float(draws.size), 0.0)
    tails = [
        arviz_stats.ess(draws, method="quantile", prob=probability) for probability in TAIL_PROBABILITIES
    ]
    # by a power of two, which moves no digit: the squares of any draws can be computed with
    scale = np.exp2(np.frexp(np.abs(draws).max())[1] - 1)
    error = float(scale * arviz_stats.mcse(draws / scale, method="mean"))
    return Convergence(
        name,
        float(arviz_stats.rhat(draws)),
        float(arviz_stats.ess(draws, method="bulk")),
        float(min(tails)),
        error,
    )


def _unit_report(tree: xr.DataTree) -> UnitReport:
    """Return the divergences and the PSIS-LOO of a fitted unit."""
    import arviz_stats

    likelihood = next(iter(tree["log_likelihood"].data_vars.values()))
    n_periods = likelihood.size // (likelihood.sizes["chain"] * likelihood.sizes["draw"])
    n_divergent = int(tree["sample_stats"]["diverging"].sum())
    unit, model = str(tree.attrs["unit"]), str(tree.attrs["model"])
    if n_periods == 0:
        return UnitReport(unit, model, n_divergent, 0.0, 0.0, 0, 0)
    with warnings.catch_warnings():
        # its words on high Pareto k, which are counted here instead, and on a sum over one period
        warnings.filterwarnings("ignore", message="Estimated shape parameter of Pareto", category=UserWarning)
        warnings.filterwarnings("ignore", message="The point-wise LOO is the same", category=UserWarning)
        found = arviz_stats.loo(tree, pointwise=True, reff=1.0)
    n_high = int((found.pareto_k > LARGEST_PARETO_K).sum())
    return UnitReport(unit, model, n_divergent, float(found.elpd), float(found.se), n_high, n_periods)


def diagnose(columns: Mapping[str, Array], n_chains: int, fits: Mapping[str, xr.DataTree]) -> Diagnostics:
    """Return the diagnostics of estimands and of the parameters they rest on.

    Parameters
    ----------
    columns
        Draws by estimand, (draw), chain after chain.
    n_chains
        Number of chains.
    fits
        Fitted trees by unit.

    Returns
    -------
    Diagnostics
        The diagnostics of estimands, then of shared parameters, then of units.
    """
    quantities = [convergence(name, column.reshape(n_chains, -1)) for name, column in columns.items()]
    for unit, tree in fits.items():
        for name, values in tree["posterior"].data_vars.items():
            if values.dims == ("chain", "draw"):
                quantities.append(convergence(f"{unit}.{name}", values.to_numpy()))
    return Diagnostics(tuple(quantities), tuple(_unit_report(tree) for tree in fits.values()))
