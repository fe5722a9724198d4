"""Options and fixtures of all tests."""

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--rewrite-golden", action="store_true", help="rewrite the golden summaries")


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[str, Path], None]:
    """Compare a summary with the golden one of that name, or rewrite it under ``--rewrite-golden``."""

    def compare(name: str, summary: Path) -> None:
        kept = Path(__file__).parent / "golden" / f"{name}.csv"
        if request.config.getoption("--rewrite-golden"):
            kept.parent.mkdir(exist_ok=True)
            kept.write_bytes(summary.read_bytes())
        # other builds of numpy and scipy may round the last digits otherwise
        pd.testing.assert_frame_equal(pd.read_csv(summary), pd.read_csv(kept), rtol=1e-9, atol=1e-12)

    return compare
