"""Prints an environment in which numpy and OpenBLAS compute as on another, older processor.

``env $(python -m tests.processors) pytest ...`` runs tests whose numbers must not depend on the processor.
"""

import platform
from collections.abc import Iterator

from numpy._core import _multiarray_umath

LEAST_CORES = {"aarch64": "ARMV8", "arm64": "ARMV8", "AMD64": "Nehalem", "x86_64": "Nehalem"}
"""Kernels of OpenBLAS for the least processor, by machine."""


def settings() -> Iterator[str]:
    """Yield variables of the environment as ``env`` takes them.

    All features of the processor that numpy has a choice about are switched off; it warns of others. On a
    machine of a kind not listed above OpenBLAS is left as it is.
    """
    names = _multiarray_umath.__cpu_dispatch__
    used = [name for name in names if _multiarray_umath.__cpu_features__.get(name)]
    if used:
        yield f"NPY_DISABLE_CPU_FEATURES={','.join(used)}"
    if platform.machine() in LEAST_CORES:
        yield f"OPENBLAS_CORETYPE={LEAST_CORES[platform.machine()]}"


if __name__ == "__main__":
    print(" ".join(settings()))
