"""At least one statement of every registered family; a family without one fails a test."""

from pathlib import Path
from typing import Any

from sim.distributions import FAMILIES, ContinuousFamily, Dirichlet, Empirical, Law
from tests.distributions.builders import family
from tests.distributions.cases import CASES
from tests.distributions.test_laws import SHAPES

DATA = Path(__file__).parents[1] / "conformance"
LAW_SCHOOL = {"file": str(DATA / "law-school.csv"), "column": "lsat"}
OTHERS: list[tuple[str, dict[str, Any]]] = [
    ("constant", {"value": -2.5}),
    ("discrete", {"values": [3.0, -1.0, 2.0], "weights": [0.2, 0.5, 0.0]}),
    ("dirichlet", {"alphas": {"a": 0.3, "b": 2.0, "c": 40.0}}),
    ("dirichlet", {"means": {"x": 0.1, "y": 0.9}, "concentration": 5.0}),
    ("empirical", LAW_SCHOOL),
    ("bootstrap", {**LAW_SCHOOL, "statistic": "sd"}),
]
STATED = [*((case.distribution, case.keys) for case in [*CASES, *SHAPES]), *OTHERS]
CONTINUOUS = {name for name, model in FAMILIES.items() if issubclass(model, ContinuousFamily)}


def made(name: str, keys: dict[str, Any]) -> Any:
    """Return the family that a table states."""
    return family(name, **keys)


def laws(name: str, keys: dict[str, Any]) -> list[Law]:
    """Return the laws of one variable that a statement fixes: one, or each share's."""
    model = made(name, keys)
    if isinstance(model, Dirichlet):
        return [model.marginal(component) for component in model.components]
    if isinstance(model, Empirical):
        return [model.read(Path()).law()]
    law: Law = model.law()
    return [law]
