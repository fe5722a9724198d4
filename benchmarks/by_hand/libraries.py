"""``python -m benchmarks.by_hand.libraries``: import the libraries that no check does without."""

from importlib import import_module

for name in ("numpy", "pydantic", "typer"):
    import_module(name)
import_module("pydantic").TypeAdapter(int)  # loads what makes models
