"""Options and fixtures of all tests."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

OF_ITS_ERROR = 1e-2
"""How far a golden value may move, over its Monte Carlo error."""
OF_ERRORS = 1e-3
"""How far a golden Monte Carlo error may move, over itself."""
ROUNDING = 1e-9
"""How far either may move by the order of floating-point operations alone, over the value."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--rewrite-golden", action="store_true", help="rewrite the golden summaries")


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[str, Path], None]:
    """Compare a summary with the golden one of that name, or rewrite it under ``--rewrite-golden``.

    Processors, and builds of numpy and scipy, round the last digits otherwise. Errors are differences of
    numbers that are nearly alike, in which more digits are lost.
    """

    def compare(name: str, summary: Path) -> None:
        kept = Path(__file__).parent / "golden" / f"{name}.csv"
        if request.config.getoption("--rewrite-golden"):
            kept.parent.mkdir(exist_ok=True)
            kept.write_bytes(summary.read_bytes())
        found, wanted = pd.read_csv(summary), pd.read_csv(kept)
        numbers = ["value", "mc_error"]
        pd.testing.assert_frame_equal(found.drop(columns=numbers), wanted.drop(columns=numbers))
        value, error = (wanted[column].to_numpy(dtype=np.float64) for column in numbers)
        rounding = ROUNDING * np.abs(np.nan_to_num(value)) + 1e-12
        _assert_near(found, "value", value, OF_ITS_ERROR * np.nan_to_num(error) + rounding)
        _assert_near(found, "mc_error", error, OF_ERRORS * np.nan_to_num(error) + rounding)

    return compare


def _assert_near(found: pd.DataFrame, column: str, wanted: np.ndarray, allowed: np.ndarray) -> None:
    values = found[column].to_numpy(dtype=np.float64)
    near = (np.abs(values - wanted) <= allowed) | (np.isnan(values) & np.isnan(wanted)) | (values == wanted)
    moved = found.assign(golden=wanted, allowed=allowed)[~near]
    assert moved.empty, f"{column} moved:\n{moved.to_string()}"
