"""What one place does is done in no other: printers, wordings, the order of a graph, types of arrays."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PLACES = {
    r"\.to_csv\(": {"sim/files.py"},
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
"""Files by what stands in them alone: frames as CSV, tables on a terminal, the formula graph, DOIs."""


@pytest.mark.parametrize("pattern", PLACES)
def test_it_stands_in_one_place(pattern: str):
    found = {
        path.relative_to(ROOT).as_posix()
        for package in ("sim", "studies")
        for path in (ROOT / package).rglob("*.py")
        if re.search(pattern, path.read_text(encoding="utf-8"))
    }
    assert found == PLACES[pattern]
