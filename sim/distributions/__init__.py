"""Probability families: what an expert states, as frozen values, and the laws that follow from it."""

from importlib import import_module

from sim.distributions.base import FAMILIES, FamilyBase
from sim.distributions.law import ContinuousLaw, Law, implied_quantiles

MODULES = (
    "steps",
    "location_scale",
    "beta_gamma",
    "pareto_weibull",
    "peaked",
    "metrology",
    "quantile_curve",
    "composed",
    "discrete",
    "counts",
    "dirichlet",
    "empirical",
    "bootstrap",
)
"""Modules that register families, in the order in which users see these: a new one is a word here."""

for _module in MODULES:
    import_module(f"{__name__}.{_module}")

_BY_CLASS = {family.__name__: family for family in FAMILIES.values()}


def __getattr__(name: str) -> type[FamilyBase]:
    """Return a family by its class, as in ``from sim.distributions import Lognormal``."""
    if name in _BY_CLASS:
        return _BY_CLASS[name]
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


__all__ = ["FAMILIES", "ContinuousLaw", "FamilyBase", "Law", "implied_quantiles"]
