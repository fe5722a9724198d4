"""Printed output against what a page shows of it."""

import re

ANY = "..."


def matches(shown: str, printed: str) -> bool:
    """Whether a page's lines stand for the output: ``...`` elides text in a line, alone in a line any lines.

    Runs of blanks count as one; blanks at the end of a line and empty lines at either end do not count.
    """
    lines = [" ".join(line.split()) for line in shown.strip("\n").splitlines()]
    pattern = "".join("(?:.*\n)*?" if line == ANY else f"{_line(line)}\n" for line in lines)
    got = "".join(f"{' '.join(line.split())}\n" for line in printed.strip("\n").splitlines())
    return re.fullmatch(pattern, got) is not None


def _line(line: str) -> str:
    return ".*?".join(re.escape(part) for part in line.split(ANY))
