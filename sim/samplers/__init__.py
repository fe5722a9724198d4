"""Samplers: ways to lay out uniforms, each in a file of its own."""

from importlib import import_module

from sim.samplers.base import Sampler

MODULES = ("sobol", "latin_hypercube")
"""Modules that state some as ``SAMPLERS``, in the order users see these: a new one is a word here."""

SAMPLERS: dict[str, Sampler] = {
    each.name: each for module in MODULES for each in import_module(f"{__name__}.{module}").SAMPLERS
}
"""Every sampler by its name."""


def unlimited() -> str:
    """Return the samplers that lay out any number of draws, in words."""
    return " or ".join(name for name, each in SAMPLERS.items() if each.most_draws is None)


__all__ = ["SAMPLERS", "Sampler", "unlimited"]
