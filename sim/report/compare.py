"""The folder of a comparison: tables, figures, resolved scenarios, everything as JSON."""

import math
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd

from sim.analysis.compare.comparison import Comparison, Densities
from sim.figures.densities import densities_figure, ratio_figure
from sim.figures.intervals import scenario_forest_figure
from sim.figures.look import Look
from sim.figures.style import save
from sim.figures.subject import outcome_title
from sim.figures.waterfall import waterfall_figure
from sim.files import complete_or_absent, write_csv, write_json
from sim.report.compare_tables import paper_tables
from sim.scenario.data_files import resolved_toml
from sim.tables.formats import write_table
from sim.tables.table import Table
from sim.types import Step


def write_comparison(
    comparison: Comparison,
    densities: tuple[Densities, Densities],
    out: Path,
    command: Sequence[str],
    step: Step,
) -> tuple[Path, tuple[Table, ...]]:
    """Write everything a comparison leaves behind; the folder appears complete or not at all.

    Parameters
    ----------
    comparison
        The comparison, from :func:`sim.analysis.compare.comparison.compare`.
    densities
        Densities of the reported outcome, from :meth:`~sim.analysis.compare.comparison.Comparison.densities`
        and ``contrast_densities`` of the comparison.
    out
        Parent of the folder.
    command
        Command line, which is kept in the provenance.
    step
        Called with a short description when a step begins.

    Returns
    -------
    folder
        The folder, ``<out>/compare-<first eight digits of the digest>``.
    tables
        Tables of the comparison, as a paper prints them.

    Raises
    ------
    InvalidInput
        If the folder cannot be written.
    """
    folder = out / f"compare-{comparison.digest[:8]}"
    tables = paper_tables(comparison)
    with complete_or_absent(folder) as part:
        step("writing tables")
        for name in ("tables", "scenarios", "figures"):
            (part / name).mkdir()
        for table in tables:
            write_table(table, part / "tables")
        write_csv(part / "tables" / "outcomes.csv", comparison.outcomes)
        for source in comparison.sources:
            text = resolved_toml(source.scenario, (folder / "scenarios").resolve())
            (part / "scenarios" / f"{source.name}.toml").write_text(text, encoding="utf-8")
        write_json(part / "comparison.json", as_document(comparison))
        provenance = {
            "command": " ".join(command),
            "created": datetime.now(UTC).isoformat(timespec="seconds"),
            "given": {source.name: source.given for source in comparison.sources},
            "versions": str(comparison.baseline.run.attributes["versions"]),
        }
        write_json(part / "provenance.json", provenance)
        step("drawing figures")
        _draw(comparison, *densities, part / "figures", part / "tables")
    return folder, tables


def as_document(comparison: Comparison) -> dict[str, object]:
    """Return all of a comparison as one JSON document; numbers that do not exist are left out."""
    return {
        "baseline": comparison.baseline.name,
        "scenarios": [
            {
                "name": source.name,
                "title": source.scenario.title,
                "seed": source.scenario.seed,
                "n_draws": int(source.run.attributes["n_draws"]),
                "scenario_digest": str(source.run.attributes["scenario_digest"]),
                "numbers_digest": str(source.run.attributes["numbers_digest"]),
            }
            for source in comparison.sources
        ],
        "warnings": list(comparison.warnings),
        "outcomes": _records(comparison.outcomes),
        "contrasts": _records(comparison.contrasts),
        "waterfalls": _records(comparison.waterfalls),
    }


def _records(table: pd.DataFrame) -> list[dict[str, object]]:
    return [
        {
            str(key): value
            for key, value in record.items()
            if not (isinstance(value, float) and math.isnan(value))
        }
        for record in table.to_dict(orient="records")
    ]


def _draw(
    comparison: Comparison, densities: Densities, ratios: Densities, figures: Path, tables: Path
) -> None:
    """Draw every figure as PDF and PNG, and write the tables behind them as CSV."""
    outcome = comparison.baseline.scenario.report.outcome
    forest = _forest_table(comparison)
    for name, table in (("densities", densities.table), ("ratio_of_draws", ratios.table), ("forest", forest)):
        write_csv(tables / f"{name}.csv", table)
    if len(densities.table):
        save(densities_figure(comparison, densities), figures, "densities")
    if len(ratios.table):
        save(ratio_figure(comparison, ratios), figures, "ratio_of_draws")
    scenario = comparison.baseline.scenario
    label = f"{outcome_title(scenario, outcome)}\nmedian and {scenario.report.interval.words}"
    save(scenario_forest_figure(forest, label, Look()), figures, "forest")
    for other in comparison.others:
        waterfall = waterfall_figure(comparison, other.name)
        if waterfall is not None:
            save(waterfall, figures, f"waterfall_{other.name}")


def _forest_table(comparison: Comparison) -> pd.DataFrame:
    """Return the interval of the reported outcome under each scenario, largest median first."""
    rows = comparison.outcomes[comparison.outcomes["outcome"] == comparison.baseline.scenario.report.outcome]
    wide = rows[rows["statistic"].isin(["low", "median", "high"])].pivot_table(
        index="scenario", columns="statistic", values="value", sort=False
    )
    table = wide.rename_axis(None, axis="columns").rename_axis("label").reset_index()
    table = table.sort_values("median", ascending=False, kind="stable", ignore_index=True)
    return table[["label", "low", "median", "high"]].assign(
        baseline=table["label"] == comparison.baseline.name
    )
