"""Evidence methods: how the survey's sampling error is drawn, each in a file of its own."""

from importlib import import_module

from sim.evidence.methods.base import EvidenceDraws, Method

MODULES = ("point", "bootstraps", "calibrated", "by_model")
"""Modules that state some as ``METHODS``, in the order in which users see these: a new one is a word here."""

METHODS: dict[str, Method] = {
    each.name: each for module in MODULES for each in import_module(f"{__name__}.{module}").METHODS
}
"""Every evidence method by its name."""

__all__ = ["METHODS", "EvidenceDraws", "Method"]
