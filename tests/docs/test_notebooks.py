"""The notebooks run from top to bottom and give the words and numbers that stand in them."""

import json
from pathlib import Path
from typing import Any

import pytest

from docs.generate.notebooks import executed, notebooks


def words(notebook: dict[str, Any]) -> list[str]:
    """Return what each output says; pictures are left out."""
    return [
        "".join(output.get("text") or output["data"]["text/plain"])
        for cell in notebook["cells"]
        for output in cell.get("outputs", [])
    ]


def test_there_are_notebooks():
    assert {path.stem for path in notebooks()} == {"paper-bcr", "own-appraisal"}


@pytest.mark.parametrize("path", notebooks(), ids=lambda path: path.stem)
def test_a_notebook_gives_what_it_shows(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """``python -m docs.generate`` renews what stands in them."""
    monkeypatch.chdir(tmp_path)
    shown = words(json.loads(path.read_text(encoding="utf-8")))
    assert words(executed(path)) == shown
    assert len(shown) >= 7
    assert not list(tmp_path.iterdir())
