"""Text as LaTeX and Markdown: nothing of it is read as a command, whatever it is."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.tables.formats import markdown
from sim.tables.latex import escape, folded, number, unit
from tests.tables.builders import HOSTILE

# The ten characters that TeX gives a meaning (Knuth, The TeXbook, chapter 7), as LaTeX prints them.
SPECIAL = {
    "\\": r"\textbackslash{}", "{": r"\textbraceleft{}", "}": r"\textbraceright{}", "$": r"\$", "&": r"\&",
    "#": r"\#", "%": r"\%", "_": r"\_", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
}  # fmt: skip
COMMAND = re.compile(r"\\(?:[A-Za-z]+|[^A-Za-z])")


@pytest.mark.parametrize(("character", "printed"), SPECIAL.items())
def test_special_characters_print_themselves(character: str, printed: str) -> None:
    assert escape(f"a{character}b") == f"a{printed}b"


@given(st.text())
def test_any_text_is_ascii_balanced_and_free_of_active_characters(text: str) -> None:
    for set_as in (escape, number, folded):
        latex = set_as(text)
        assert latex.isascii()
        assert "\n" not in latex
        bare = COMMAND.sub("", latex)
        assert not set(bare) & set('$&#%_^\\"`|<>')
        # BibTeX counts braces whatever stands before them: \{ would unbalance it
        assert latex.count("{") == latex.count("}")
        assert not re.search(r"\\[{}]", latex)
        depth = 0
        for character in latex:
            depth += {"{": 1, "}": -1}.get(character, 0)
            assert depth >= 0


def test_non_ascii_text_keeps_its_meaning() -> None:
    assert escape("Łódź é µ € – Ω ½") == (
        r"\L{}{\'o}d{\'z} {\'e} \textmu{} \texteuro{} -- \ensuremath{\Omega} \ensuremath{\frac{1}{2}}"
    )
    assert escape("中🙂") == "[U+4E2D][U+1F642]"
    assert escape("a--b ,, ''") == "a-{}-b ,{}, '{}'"


def test_numbers_and_units() -> None:
    assert number("-25.8 B to 3 K") == r"\ensuremath{-}25.8\,B to 3\,K"
    assert number("10-20-70 and 2018-2020") == "10-20-70 and 2018-2020"
    # pint writes powers as ** in its plain form and accepts ^ as well
    assert unit("USD^2/year**2") == r"USD\textsuperscript{2}/\allowbreak{}year\textsuperscript{2}"
    assert unit("1") == "1"


def test_markdown_shows_every_character() -> None:
    shown = markdown(HOSTILE)
    # CommonMark 2.4: a backslash before ASCII punctuation makes it literal
    assert not re.search(r"(?<!\\)(?:\\\\)*[|`*_<>\[\]$&~]", shown)
    assert re.sub(r"\\([\\`*_\[\]<>|~$&])", r"\1", shown) == HOSTILE
