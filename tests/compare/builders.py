"""Small scenarios with closed forms, compared in memory."""

from pathlib import Path

from sim.analysis.compare.comparison import Comparison, compare
from sim.analysis.compare.sources import read_sources
from tests.builders import parameter, scenario_text, write_scenario


def lognormal(name: str, median: float, sigma: float) -> str:
    return parameter(name, f'distribution = "lognormal"\nmedian = {median}\nsigma = {sigma}')


def constant(name: str, value: float) -> str:
    return parameter(name, f'distribution = "constant"\nvalue = {value}')


def write(folder: Path, name: str, *parts: str, formula: str, **options: object) -> Path:
    text = scenario_text(*parts, formula=formula, **options)  # type: ignore[arg-type]
    return write_scenario(folder, text, f"{name}.toml")


def overlay(folder: Path, name: str, text: str, extends: str = "base.toml") -> Path:
    return write_scenario(folder, f'extends = "{extends}"\ntitle = "{name}"\n{text}', f"{name}.toml")


def compared(
    *paths: Path,
    baseline: int = 0,
    settings: tuple[str, ...] = (),
    seed: int | None = None,
    n_draws: int | None = None,
) -> Comparison:
    stated = [*settings, *([] if n_draws is None else [f"sampling.n_draws={n_draws}"])]
    sources = read_sources(paths, lambda _: None, stated, seed)
    return compare(sources, baseline, lambda _: None)


def parts(comparison: Comparison, statistic: str, outcome: str = "total") -> dict[str, float]:
    """Return the parts of the change by entry."""
    table = comparison.waterfalls
    rows = table[
        (table["role"] == "part") & (table["statistic"] == statistic) & (table["outcome"] == outcome)
    ]
    return dict(zip(rows["entry"], rows["value"], strict=True))


def role(comparison: Comparison, which: str, statistic: str, outcome: str = "total") -> float:
    table = comparison.waterfalls
    rows = table[(table["role"] == which) & (table["statistic"] == statistic) & (table["outcome"] == outcome)]
    return float(rows["value"].iloc[0])


def contrast(
    comparison: Comparison, measure: str, statistic: str, outcome: str = "total"
) -> tuple[float, float]:
    """Return a contrast and its Monte Carlo error."""
    table = comparison.contrasts
    rows = table[
        (table["measure"] == measure) & (table["statistic"] == statistic) & (table["outcome"] == outcome)
    ]
    return float(rows["value"].iloc[0]), float(rows["mc_error"].iloc[0])
