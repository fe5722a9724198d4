"""Functions of ``scipy.special``, without the two hundred modules that its package imports beside them.

The functions stand in one compiled module. Its package, when it is imported whole, loads linear algebra and
interfaces to the arrays of other libraries as well, for a quarter of a second; scipy itself loads threads and
a log for its own tests. So these packages are opened for a moment as folders alone. Where scipy keeps its
functions elsewhere, or needs more to load them, the package is imported whole.
"""

import sys
from collections.abc import Sequence
from functools import lru_cache
from importlib import import_module
from importlib.machinery import PathFinder
from types import ModuleType
from typing import Any

COMPILED = "scipy.special._ufuncs"
PACKAGES = ("scipy", "scipy._lib", "scipy.linalg", "scipy.special")


def __getattr__(name: str) -> Any:
    """Return a function of ``scipy.special``.

    Examples
    --------
    >>> from sim.special_functions import ndtr
    >>> float(ndtr(0.0))
    0.5
    """
    if name.startswith("__"):
        raise AttributeError(name)
    compiled = _compiled()
    return getattr(compiled, name) if hasattr(compiled, name) else getattr(_whole(), name)


def _whole() -> ModuleType:
    return import_module("scipy.special")


@lru_cache(maxsize=1)
def _compiled() -> ModuleType:
    folders: dict[str, ModuleType] = {}
    for name in PACKAGES:
        if name not in sys.modules:
            above = sys.modules[name.rpartition(".")[0]].__path__ if "." in name else None
            sys.modules[name] = folders[name] = _folder(name, above)
    try:
        return import_module(COMPILED)
    except ImportError:
        pass  # another scipy: below
    finally:
        for name in folders:
            del sys.modules[name]
    return _whole()


def _folder(name: str, above: Sequence[str] | None) -> ModuleType:
    """Return a package whose modules can be imported, and whose own code is not run."""
    found, package = PathFinder.find_spec(name, above), ModuleType(name)
    package.__path__ = list(found.submodule_search_locations or ()) if found else []
    return package
