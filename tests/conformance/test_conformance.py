"""Worked examples of standards and textbooks come out as published."""

import re
import tomllib

import jsonschema
import pytest

from sim.scenario.json_schema import json_schema
from tests.conformance.document import FIGURES, PATH, document
from tests.conformance.figure import Figure, agrees
from tests.conformance.measure import HERE, measure, problems

SCHEMA = json_schema()
NUMBER = re.compile(r"-?\d[\d.,]*(?:e[-+]\d+)?")


@pytest.mark.parametrize("problem", problems())
def test_every_figure_of_a_problem_agrees(problem: str):
    figures = [figure for figure in FIGURES if figure.problem == problem]
    assert figures, "a problem without figures"
    for figure in figures:
        ours = measure(figure)
        assert agrees(figure, ours), (figure, ours)


def test_every_figure_has_its_scenario():
    assert {figure.problem for figure in FIGURES} == set(problems())


@pytest.mark.parametrize("problem", problems())
def test_every_problem_passes_the_json_schema(problem: str):
    jsonschema.validate(tomllib.loads((HERE / f"{problem}.toml").read_text(encoding="utf-8")), SCHEMA)


def test_a_figure_that_is_off_by_a_little_is_refused():
    """The suite can fail: five errors away from the exact, or a unit and a half from the printed digit."""
    figure = next(f for f in FIGURES if f.problem == "gauge-block" and f.statistic == "sd")
    ours = measure(figure)
    assert agrees(figure, ours)
    assert not agrees(Figure("gauge-block", "sd", exact=ours.value + 1.25 * ours.allowed), ours)
    assert not agrees(Figure("gauge-block", "sd", published="37"), ours)


def test_the_table_is_current():
    """``python -m tests.conformance`` writes it; other builds of NumPy may differ in a last digit."""
    kept, found = PATH.read_text(encoding="utf-8"), document()
    assert NUMBER.sub("#", kept) == NUMBER.sub("#", found)
    for one, other in zip(_numbers(kept), _numbers(found), strict=True):
        assert one == pytest.approx(other, rel=0.02, abs=1e-6)


def _numbers(text: str) -> list[float]:
    return [
        float(number.replace(",", "").rstrip(".")) for number in NUMBER.findall(text) if number.count(".") < 2
    ]
