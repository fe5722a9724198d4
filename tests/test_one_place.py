"""What one place does is done in no other: printers, wordings, the order of a graph, types of arrays."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PLACES = {
    r"\bwrite_run\(": {"sim/recipe.py", "sim/report/folder.py"},
    r"\.to_csv\(": {"sim/files.py"},
    r"csv\.writer\(": {"sim/evidence/survey_tables.py"},
    r"\.to_(?:html|latex|markdown)\(": set(),
    r"rich\.table": {"sim/tables/terminal.py"},
    r"(?m)TopologicalSorter|\.reads\.union\(|\+= .*\.reads\b"
    r"|^def (?:formula_of|definitions|quantities|(?:names|inputs)_below|dependencies)\(": {
        "sim/scenario/graph.py"
    },
    r"% credible interval \(\{self": {"sim/scenario/schema.py"},
    r"P\(\{.* > \{.*:g\}\)": {"sim/scenario/titles.py"},
    r"np\.dtype\[np\.(?:float64|int64|bool_)\]|NDArray": {"sim/types.py"},
    r"Callable\[\[str\], None\]": {"sim/types.py"},
    r"10\\\.\\d": {"sim/citations.py"},
}
"""Files by what stands in them alone: printers of frames and tables, the formula graph, wordings, DOIs."""


@pytest.mark.parametrize("pattern", PLACES)
def test_it_stands_in_one_place(pattern: str):
    found = {
        path.relative_to(ROOT).as_posix()
        for package in ("sim", "studies")
        for path in (ROOT / package).rglob("*.py")
        if re.search(pattern, path.read_text(encoding="utf-8"))
    }
    assert found == PLACES[pattern]


CARRIED = {
    r"\bDraws\b": {"Run", "Experiment", "OutcomeEstimates"},
    r"\bRun\b": {"ScenarioSource", "_SourceScenario"},
    r"\bTable\b": {"RunComparison"},
    r"\b(?:Mapping|dict)\[str, (?:Mapping\[str, )?(?:Array|Indices)\b": {"Draws", "OutcomeOrders", "Trust"},
    r"\bGroups\b|\bContent\b|\bDataTree\b": {"Run"},
}
"""Classes above the evidence made of draws, a run, a printed table, arrays by name, or a file's groups.

Draws are carried by `Draws` and a finished run by `Run`. An experiment has two samples, estimates are of one;
what is compared is a run with its name. `OutcomeOrders` and `Trust` hold values while they judge them.
"""
BELOW = ("sim/evidence/", "sim/distributions/", "sim/formulas/", "sim/stream_values.py", "studies/")
OF_THE_SURVEY = {"SurveyPool", "LargerSurvey"}
"""Columns that draws are picked from, and estimates of a survey that was never made."""


def stated_types(node: ast.ClassDef) -> Iterator[str]:
    """Yield the types of a class's fields, and of what it is made with."""
    for statement in node.body:
        if isinstance(statement, ast.AnnAssign):
            yield ast.unparse(statement.annotation)
        elif isinstance(statement, ast.FunctionDef) and statement.name == "__init__":
            stated = [*statement.args.args, *statement.args.kwonlyargs]
            yield from (ast.unparse(each.annotation) for each in stated if each.annotation)


@pytest.mark.parametrize("pattern", CARRIED)
def test_four_types_carry_everything(pattern: str):
    found = set()
    for path in (ROOT / "sim").rglob("*.py"):
        if path.relative_to(ROOT).as_posix().startswith(BELOW):
            continue
        classes = (
            each
            for each in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
            if isinstance(each, ast.ClassDef)
        )
        found |= {
            each.name for each in classes if any(re.search(pattern, stated) for stated in stated_types(each))
        }
    assert found - OF_THE_SURVEY == CARRIED[pattern]
