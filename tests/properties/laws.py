"""At least one statement of every registered family; a family without one fails a test."""

from pathlib import Path
from typing import Any

from sim.distributions import Dirichlet, Empirical, Law
from tests.distributions.builders import family
from tests.distributions.cases import CASES
from tests.distributions.test_laws import SHAPES

DATA = Path(__file__).parents[1] / "conformance"
LAW_SCHOOL = {"file": str(DATA / "law-school.csv"), "column": "lsat"}
OTHERS: list[tuple[str, dict[str, Any]]] = [
    ("constant", {"value": -2.5}),
    ("discrete", {"values": [3.0, -1.0, 2.0], "weights": [0.2, 0.5, 0.0]}),
    ("poisson", {"mean": 2.5}),
    ("binomial", {"n": 9, "p": 0.3}),
    ("dirichlet", {"alphas": {"a": 0.3, "b": 2.0, "c": 40.0}}),
    ("dirichlet", {"means": {"x": 0.1, "y": 0.9}, "concentration": 5.0}),
    ("empirical", LAW_SCHOOL),
    (
        "mixture",
        {
            "components": [
                {"weight": 3, "of": {"distribution": "constant", "value": 0.5}},
                {"weight": 1, "of": {"distribution": "empirical", **LAW_SCHOOL}},
                {"weight": 2, "of": {"distribution": "normal", "mean": 0, "sd": 1}},
            ]
        },
    ),
    (
        "truncated",
        {
            "of": {
                "distribution": "mixture",
                "components": [
                    {
                        "weight": 1,
                        "of": {"distribution": "discrete", "values": [-1, 0, 2], "weights": [1, 2, 1]},
                    },
                    {"weight": 1, "of": {"distribution": "uniform", "low": -1, "high": 3}},
                ],
            },
            "low": 0,
        },
    ),
    ("bootstrap", {**LAW_SCHOOL, "statistic": "sd"}),
]
STATED = [*((case.distribution, case.keys) for case in [*CASES, *SHAPES]), *OTHERS]


def made(name: str, keys: dict[str, Any]) -> Any:
    """Return the family that a table states."""
    return family(name, **keys)


def laws(name: str, keys: dict[str, Any]) -> list[Law]:
    """Return the laws of one variable that a statement fixes: one, or each share's."""
    model = made(name, keys)
    if isinstance(model, Dirichlet):
        return [model.marginal(part) for part in model.parts]
    if isinstance(model, Empirical):
        return [model.read(Path()).law()]
    law: Law = model.law()
    return [law]
