"""The documentation builds without a warning, references to objects included."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.docs.blocks import ROOT

NO_NETWORK = {"http_proxy": "http://127.0.0.1:9", "https_proxy": "http://127.0.0.1:9"}
"""A proxy that nobody is behind."""


@pytest.mark.slow
def test_the_documentation_builds_without_a_warning_or_the_network(tmp_path: Path):
    """As ``make html`` does, which the CI calls, but from scratch."""
    flags = ["--fail-on-warning", "--keep-going", "--nitpicky", "--quiet", "--fresh-env"]
    build = [sys.executable, "-m", "sphinx", *flags, "docs", str(tmp_path)]
    ran = subprocess.run(
        build, check=False, cwd=ROOT, capture_output=True, text=True, env=os.environ | NO_NETWORK
    )
    assert ran.returncode == 0, ran.stderr
    made = {path.relative_to(tmp_path).with_suffix("").as_posix() for path in tmp_path.rglob("*.html")}
    docs = ROOT / "docs"
    written = {path.relative_to(docs).with_suffix("").as_posix() for path in docs.rglob("*.md")}
    assert written <= made
    assert "reference/api/sim.engine" in made
    page = (tmp_path / "reference" / "api" / "sim.samplers.base.html").read_text(encoding="utf-8")
    assert "Return the generator that belongs to a seed and a name." in page
