"""Functions of ``scipy.special``, without the two hundred modules that its package imports beside them.

The functions stand in one compiled module. Its package, when it is imported whole, loads linear algebra and
interfaces to the arrays of other libraries as well, for a quarter of a second. So both packages are opened
for a moment as folders alone. Where scipy keeps its functions elsewhere, the package is imported whole.
"""

import sys
from collections.abc import Iterable
from functools import lru_cache
from importlib import import_module
from importlib.machinery import PathFinder
from types import ModuleType
from typing import Any

COMPILED = "scipy.special._ufuncs"
PACKAGES = ("scipy.linalg", "scipy.special")


def __getattr__(name: str) -> Any:
    """Return a function of ``scipy.special``.

    Examples
    --------
    >>> from sim.special import ndtr
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
    path = import_module("scipy").__path__
    folders = {name: _folder(name, path) for name in PACKAGES if name not in sys.modules}
    sys.modules.update(folders)
    try:
        return import_module(COMPILED)
    except ImportError:
        pass  # another scipy: below
    finally:
        for name in folders:
            del sys.modules[name]
    return _whole()


def _folder(name: str, path: Iterable[str]) -> ModuleType:
    """Return a package whose modules can be imported, and whose own code is not run."""
    found, package = PathFinder.find_spec(name, [*path]), ModuleType(name)
    package.__path__ = list(found.submodule_search_locations or ()) if found else []
    return package
