"""Functions of one number that formulas may call, each stated whole in a file of its kind."""

from importlib import import_module

from sim.formulas.functions.base import Function

MODULES = ("exponentials", "roots", "angles")
"""Modules that each state ``FUNCTIONS``, in the order in which users see these: a new one is a word here."""

OF_ONE: dict[str, Function] = {
    each.name: each for module in MODULES for each in import_module(f"{__name__}.{module}").FUNCTIONS
}
"""Every function of one number by its name."""

__all__ = ["OF_ONE", "Function"]
