"""Types that every layer shares are defined in one place."""

import re
from pathlib import Path

import pytest

import sim

PACKAGE = Path(sim.__file__).parent


@pytest.mark.parametrize("name", ["Array", "Indices", "Step"])
def test_shared_types_are_defined_once(name: str):
    stated = re.compile(rf"^{name} = ", re.MULTILINE)
    found = [path.relative_to(PACKAGE) for path in PACKAGE.rglob("*.py") if stated.search(path.read_text())]
    assert found == [Path("types.py")]


def test_no_module_writes_the_step_callback_out():
    written = [path for path in PACKAGE.rglob("*.py") if "Callable[[str], None]" in path.read_text()]
    assert written == [PACKAGE / "types.py"]
