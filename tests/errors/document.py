"""The page of printed errors: docs/errors.md."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from tests.errors.panel import ROOT
from tests.errors.spread import Kind, Plan, Spread, kinds_of

PATH = ROOT / "docs" / "errors.md"
LOWEST, HIGHEST = 0.7, 1.4
CUBE_ROOT = (
    "too large: such ends settle with the cube root of the draws, and the error allows for the slower rate"
)
COUNTED = "too large: a count of stratified draws is off by less than the one draw that the error allows"
REASONS = {
    "run: end (hdi)": CUBE_ROOT,
    "run: end (shortest)": CUBE_ROOT,
    "run: p_above in one dimension": COUNTED,
}
"""By kind, why its printed errors are off; only for kinds outside the bounds."""
HEAD = """# Printed errors

Every figure that `sim` prints with a Monte Carlo error says how far it would move with another seed. This
page holds that against what other seeds give: {n_scenarios} scenarios (shipped, conformance, problems that
others brought, generated ones), {n_seeds} seeds each, {n_draws:,} draws in 16 randomisations or the
scenario's own number. It is written by

    python -m tests.errors

which takes some twenty minutes; `--seeds`, `--scenarios` and `--workers` make it shorter.

For each figure of a scenario: the standard deviation of its values over seeds, divided by the root mean
square of its printed errors. A right error gives 1, within a tenth (standard deviation of the ratio for 60
seeds). The table gives root mean square and median over the figures of a kind. Wanted is a root mean square
from {lowest} to {highest}; a kind outside is marked, with the reason. Not in the ratio are figures that
some seed marks as not to be trusted or does not give (*marked*), and those that are the same for every seed
but for rounding (*exact*).

"""
SAMPLERS = """
## The default sampler beside plain random draws

The same scenarios with `sampling.sampler = "random"`, {n_seeds} seeds. For each figure, the root mean
square over seeds of the printed error of the default sampler over that of plain random draws: median over
the figures of a kind, the figure at nine tenths, and the worst. With {n_seeds} seeds such a ratio has a
standard deviation of {noise:.2f} if both are equally good, and the worst of many is accordingly larger.
Wanted is a median of at most 1.1.

"""


def document(found: Sequence[Spread], plan: Plan, random: Sequence[Spread]) -> str:
    """Return the page.

    Parameters
    ----------
    found
        Figures over seeds.
    plan
        How they were made.
    random
        The same by plain random draws, over the first seeds.
    """
    head = HEAD.format(
        n_scenarios=len({spread.scenario for spread in found}),
        n_seeds=len(plan.seeds),
        n_draws=plan.n_draws,
        lowest=LOWEST,
        highest=HIGHEST,
    )
    n_seeds = len(random[0].values)
    samplers = SAMPLERS.format(n_seeds=n_seeds, noise=np.sqrt(1 / (15 * n_seeds)))
    default = [replace(each, values=each.values[:n_seeds], errors=each.errors[:n_seeds]) for each in found]
    return head + _table(_kind_rows(found)) + samplers + _table(_sampler_rows(default, random))


def is_right(kind: Kind) -> bool:
    """Tell whether the printed errors of a kind are within the bounds."""
    return LOWEST <= kind.rms <= HIGHEST


def beside_random(default: Sequence[Spread], random: Sequence[Spread]) -> dict[str, list[float]]:
    """Return by kind the ratios of the errors of the default sampler to those of plain random draws."""
    errors = {(s.scenario, s.kind, s.key): s.error for s in random if not (s.is_marked or s.is_exact)}
    ratios: dict[str, list[float]] = {}
    for spread in default:
        error = errors.get((spread.scenario, spread.kind, spread.key), 0.0)
        if error > 0.0 and not spread.is_marked:
            ratios.setdefault(spread.kind, []).append(spread.error / error)
    return ratios


def _kind_rows(found: Sequence[Spread]) -> Iterator[tuple[str, ...]]:
    yield ("figure", "scenarios", "figures", "rms ratio", "median", "marked", "exact", "")
    for kind in sorted(kinds_of(found), key=lambda kind: kind.name):
        scenarios = len({spread.scenario for spread in kind.spreads})
        numbers = (f"{kind.rms:.2f}", f"{kind.median:.2f}")
        reason = "" if is_right(kind) else REASONS.get(kind.name, "outside")
        counts = (str(kind.n_marked), str(kind.n_exact))
        yield (kind.name, str(scenarios), str(len(kind.spreads)), *numbers, *counts, reason)


def _sampler_rows(default: Sequence[Spread], random: Sequence[Spread]) -> Iterator[tuple[str, ...]]:
    yield ("figure", "figures", "median", "nine tenths", "worst")
    for kind, ratios in sorted(beside_random(default, random).items()):
        numbers = (np.median(ratios), np.quantile(ratios, 0.9), max(ratios))
        yield (kind, str(len(ratios)), *(f"{number:.2f}" for number in numbers))


def _table(rows: Iterator[tuple[str, ...]]) -> str:
    head = next(rows)
    lines = [head, ("---", *("---:" for _ in head[1:])), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines) + "\n"
