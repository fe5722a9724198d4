"""An appraisal that has nothing to do with software, as a dict, and a run of it."""

from typing import Any

import pytest

import sim
from tests.cli.conftest import sim as command  # noqa: F401 - a fixture


def appraisal() -> dict[str, Any]:
    """Return street trees: two costs, a benefit by two methods, an event, a correlated pair."""
    made_up = {"unit": "EUR/year", "kind": "judgement", "rationale": "made up for a test"}
    return {
        "title": "Street trees, 2026",
        "seed": 5,
        "sampling": {"n_draws": 1024, "n_randomisations": 8},
        "parameters": {
            "planting": {"distribution": "lognormal", "median": 100.0, "p95": 150, **made_up},
            "care": {"distribution": "uniform", "low": 20, "high": 60, **made_up},
            "shade": {"distribution": "lognormal", "p05": 100, "p95": 900, **made_up},
        },
        "choices": {"method": {"hedonic": 2, "stated": 1, "rationale": "made up for a test"}},
        "correlations": [{"between": ["planting", "care"], "rank": 0.5, "rationale": "made up for a test"}],
        "outcomes": {
            "benefit": {"unit": "EUR/year", "by": "method", "hedonic": "shade", "stated": "2 * shade"},
            "cost": {"title": "Cost of the trees", "unit": "EUR/year", "formula": "planting + care"},
            "ratio": {"title": "Benefit-cost ratio", "formula": "benefit / cost"},
        },
        "report": {"outcome": "ratio", "thresholds": [1]},
    }


@pytest.fixture(scope="session")
def trees() -> sim.Run:
    """Return a run in memory."""
    return sim.run(appraisal())


@pytest.fixture(scope="session")
def written(tmp_path_factory: pytest.TempPathFactory) -> sim.Run:
    """Return the same run as it stands in its folder."""
    return sim.run(appraisal(), out=tmp_path_factory.mktemp("run"))
