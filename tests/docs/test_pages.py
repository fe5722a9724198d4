"""Every fenced block of every page runs, and prints what the page shows.

A page is one session: its blocks run from top to bottom in one folder. Blocks marked slow are left to
``make test-slow``, which runs the whole page.
"""

from pathlib import Path

import pytest

from sim.faults import InvalidInput
from tests.docs.blocks import ROOT, Block, blocks_of, pages
from tests.docs.matching import matches
from tests.docs.running import run
from tests.docs.session import session

PAGES = {str(page.relative_to(ROOT)): page for page in pages()}
SLOW = [name for name, page in PAGES.items() if any(block.slow for block in blocks_of(page))]


@pytest.fixture(autouse=True)
def _plots_closed():
    yield
    from matplotlib import pyplot as plt

    plt.close("all")


@pytest.mark.parametrize("name", PAGES)
def test_the_blocks_of_a_page_run(name: str, tmp_path: Path):
    with session(tmp_path) as opened:
        for block in blocks_of(PAGES[name]):
            if not block.slow:
                run(block, opened)


@pytest.mark.slow
@pytest.mark.parametrize("name", SLOW)
def test_a_page_runs_whole(name: str, tmp_path: Path):
    with session(tmp_path) as opened:
        for block in blocks_of(PAGES[name]):
            run(block, opened)


@pytest.mark.parametrize(
    ("shown", "printed", "held"),
    [
        ("a  b\n", "a b  \n\n", True),
        ("a ... c", "a 1 2 c", True),
        ("a ... c", "a 1 2 d", False),
        ("a\n...\nd", "a\nb\nc\nd", True),
        ("a\n...\nd", "a\nd", True),
        ("a\n...", "a\nb\nc", True),
        ("a", "a\nb", False),
        ("bcr 1.5", "bcr 125", False),
    ],
)
def test_what_a_page_shows_of_an_output(shown: str, printed: str, held: bool):
    assert matches(shown, printed) is held


def test_faults_of_a_page_are_seen(tmp_path: Path):
    """The tests above can fail: each of these blocks is wrong in one way."""
    wrong = {
        "toml": "[parameters.salary]\nmedan = 1\n",
        "python": "assert 1 + 1 == 3",
        "console": "$ sim check priors/default.toml\nnothing of the kind\n",
        "sh": "sim check priors/nowhere.toml",
        "": "sim run",
        "text": "made up",
    }
    page = PAGES["README.md"]
    with session(tmp_path) as opened:
        for language, text in wrong.items():
            with pytest.raises((AssertionError, InvalidInput)):
                run(Block(page, 1, language, text, {}), opened)
        with pytest.raises(AssertionError, match="Expected"):
            run(Block(page, 1, "python", ">>> 1 + 1\n3\n", {}), opened)
