"""Small surveys, made up."""

import hashlib
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np

from sim.evidence.frequencies import bins_up_to, place_of
from sim.evidence.hierarchical.model_survey import ModelSurvey
from sim.evidence.period_columns import COLUMNS
from sim.evidence.readings import PeriodSample

Efforts = list[list[tuple[int, int]]]
"""Commits and lines of each contributor, by period."""


def streams(seed: int) -> Callable[[str], np.random.Generator]:
    def rng_for(name: str) -> np.random.Generator:
        return np.random.default_rng([seed, *hashlib.sha256(name.encode()).digest()])

    return rng_for


def survey_of(efforts: Mapping[str, Efforts], cap: float = np.inf) -> ModelSurvey:
    """Make a survey whose repositories are ``x/<stratum>``."""
    periods = [(name, each) for name, several in efforts.items() for each in several]
    names = [name for name, _ in periods]
    counts = [(len(each), sum(c for c, _ in each), sum(min(n, cap) for _, n in each)) for _, each in periods]
    sample = PeriodSample(
        "made up",
        np.array(names),
        np.array([f"x/{name}" for name in names]),
        np.arange(len(names)).astype("datetime64[D]"),
        np.array(counts, dtype=np.float64),
    )
    largest = max((count for _, each in periods for pair in each for count in pair), default=0)
    bins = bins_up_to(largest)
    frequencies = {}
    for unit, column in (("commits", 0), ("lines", 1)):
        table = np.zeros((len(periods), len(bins)), dtype=np.int64)
        for row, (_, each) in enumerate(periods):
            for pair in each:
                table[row, place_of(pair[column])] += 1
        frequencies[unit] = table
    upper = np.array([each.high for each in bins])
    ones = np.ones(len(names))
    return ModelSurvey(
        sample,
        frequencies,
        {"commits": upper, "lines": upper},
        {"contributors": ones, "commits": ones, "lines": ones},
        {"lines": cap},
    )


def simulated(n_strata: int, n_periods: int, seed: int) -> ModelSurvey:
    """Draw a survey from the model, with parameters like those of the shipped one."""
    rng = np.random.default_rng(seed)
    efforts: dict[str, Efforts] = {}
    for h in range(n_strata):
        mean, g, m = np.exp(rng.normal(1.5, 0.7)), rng.normal(0.7, 0.6), rng.normal(5.0, 0.7)
        dispersion = 0.3 * rng.exponential()
        periods: Efforts = []
        for _ in range(n_periods):
            n = rng.poisson(mean * rng.gamma(1 / dispersion) * dispersion)
            at_commits, at_lines = rng.normal(g, 0.35), rng.normal(m, 0.5)
            commits = np.ceil(np.exp(rng.normal(at_commits, 1.3, n))).astype(int)
            lines = np.ceil(np.exp(rng.normal(at_lines, 2.2, n))).astype(int) - 1
            periods.append(list(zip(commits.tolist(), lines.tolist(), strict=True)))
        efforts[f"s{h:02d}"] = periods
    return survey_of(efforts, 10_000.0)


def write_survey(folder: Path, rows: list[dict[str, object]], frequencies: list[str]) -> Path:
    """Write a period file, cells not given being zero, and the lines of a frequency file."""
    text = [",".join(COLUMNS)]
    text += [",".join(str(row.get(name, 0)) for name in COLUMNS) for row in rows]
    path = folder / "periods.csv"
    path.write_text("\n".join(text) + "\n", encoding="utf-8")
    (folder / "frequencies.csv").write_text("\n".join(frequencies) + "\n", encoding="utf-8")
    return path
