"""Probability families: what an expert states, as frozen values, and the laws that follow from it."""

from sim.distributions.base import FamilyBase
from sim.distributions.law import ContinuousLaw, Law, implied_quantiles
from sim.distributions.selection import FAMILIES


def __getattr__(name: str) -> type[FamilyBase]:
    """Return a family by its class, as in ``from sim.distributions import Lognormal``."""
    found = () if name.startswith("_") else FAMILIES.values()
    for family in found:
        if family.__name__ == name:
            return family
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


__all__ = ["FAMILIES", "ContinuousLaw", "FamilyBase", "Law", "implied_quantiles"]
