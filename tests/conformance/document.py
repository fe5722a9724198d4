"""The table of the conformance suite: docs/conformance.md."""

import tomllib
from itertools import groupby
from pathlib import Path

from tests.conformance import appraisal, metrology, sensitivity, statistics
from tests.conformance.figure import Figure, Ours, allowed_of_published
from tests.conformance.measure import HERE, measure

FIGURES: list[Figure] = [
    *metrology.FIGURES,
    *statistics.FIGURES,
    *sensitivity.FIGURES,
    *appraisal.FIGURES,
]
PATH = HERE.parents[1] / "docs" / "conformance.md"
HEAD = """# Conformance

Worked examples of public standards and textbooks, each stated as a scenario file in `tests/conformance/`,
run by `make test` and compared with what is published and with what is exact. This page is written by

    python -m tests.conformance

and a test holds it to what the suite finds.

* *Exact* is by closed form, quadrature or enumeration that shares no code with `sim`. Ours may differ from it
  by four Monte Carlo errors, and by one part in the number of draws. With another seed a figure would fail by
  chance with a probability of 0.12 % (Student's t, 15 degrees of freedom).
* *Published* is as printed, followed by ° where it was quoted from memory and not seen in a public page:
  check it before quoting. Ours may differ from it by half a unit of its last digit, by the noise of the Monte
  Carlo run that it came from where it came from one, and by four of our own errors. Where the published
  figure and the exact one differ by more than rounding, that noise is why.
* Not stated here: the phase of JCGM 102, and the delta of Borgonovo (2007), which `sim` does not estimate;
  the exact Sobol' indices of his functions are compared in its stead.
"""
NAMES = {"sd": "standard deviation", "p_above": "P(>{at:g})", "top_share": "share of the top 1 %"}


def document() -> str:
    """Return the page."""
    parts = [HEAD]
    for problem, figures in groupby(FIGURES, key=lambda figure: figure.problem):
        parts.append(_section(problem, list(figures)))
    return "\n".join(parts)


def write() -> Path:
    """Write the page."""
    PATH.write_text(document(), encoding="utf-8")
    return PATH


def _section(problem: str, figures: list[Figure]) -> str:
    head = ("figure", "published", "exact", "ours", "Monte Carlo error", "allowed", "source")
    rows = [head, tuple("---" for _ in head), *(_row(figure) for figure in figures)]
    lines = "\n".join("| " + " | ".join(row) + " |" for row in rows)
    return f"\n## {_title(problem)}\n\n[`{problem}.toml`](../tests/conformance/{problem}.toml)\n\n{lines}\n"


def _row(figure: Figure) -> tuple[str, ...]:
    ours = measure(figure)
    allowed = allowed_of_published(figure, ours) if figure.published else ours.allowed
    return (
        _name(figure),
        figure.published + ("°" if figure.tag == "memory" and figure.published else ""),
        "" if figure.exact is None else _digits(figure.exact, ours),
        _digits(ours.value, ours),
        f"{ours.error:.1g}",
        f"{allowed:.1g}",
        figure.source.replace("|", "\\|"),
    )


def _digits(value: float, ours: Ours) -> str:
    """Return a number to the digit of what is allowed; 4 to 7 significant ones."""
    size = abs(value) or 1.0
    n_digits = next((n for n in range(4, 7) if 10.0 ** (1 - n) * size < ours.allowed), 7)
    return f"{value:#.{n_digits}g}".rstrip(".") if abs(value) > ours.allowed else "0"


def _name(figure: Figure) -> str:
    statistic = NAMES.get(figure.statistic, figure.statistic.replace("_", ", ")).format(at=figure.at)
    if figure.statistic in ("first", "total"):
        return f"{statistic} order of {figure.quantity}, {figure.scale} scale"
    at = f", {100 * figure.at:g} %" if figure.at is not None and figure.statistic != "p_above" else ""
    return statistic + at + (f" of {figure.quantity}" if figure.quantity else "")


def _title(problem: str) -> str:
    table = tomllib.loads((HERE / f"{problem}.toml").read_text(encoding="utf-8"))
    return str(table["title"])
