"""The whole of it: ``python -m benchmarks.by_hand FOLDER``."""

import json
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import xarray as xr

from benchmarks.by_hand import analysis, figures
from benchmarks.by_hand.model import (
    METHODS,
    SEED,
    columns_of,
    draw_inputs,
    outcomes_of,
    read_survey,
    uniforms,
)


def main(out):
    (out / "tables").mkdir(parents=True, exist_ok=True)
    (out / "figures").mkdir(exist_ok=True)
    survey = read_survey()
    inputs, other = (draw_inputs(u, survey) for u in uniforms())
    drawn = columns_of(inputs)
    outcomes, costs, ratios = outcomes_of(drawn)
    bcr, method = outcomes["bcr"], drawn.pop("cost_method")
    summary = analysis.summarise(outcomes, costs, ratios, drawn)
    read = [name for name in drawn if name not in ("attribution.people", "attribution.technology")]
    density, edges = np.histogram(np.log(bcr), bins=200, density=True)
    tables = {
        "convergence": analysis.convergence(bcr),
        "sensitivity_indices": analysis.variance_indices(inputs, other, bcr),
        "tornado": analysis.tornado(survey),
        "rank_correlations": analysis.rank_correlations({name: drawn[name] for name in read}, bcr),
        "moment_independent": analysis.pawn({name: drawn[name] for name in read}, bcr),
        "switching_values": analysis.switching_values({name: drawn[name] for name in read}, method),
        "drivers": pd.DataFrame(
            {"bcr": bcr[:, :64].ravel(), **{name: drawn[name][:, :64].ravel() for name in read}}
        ),
        "bcr_distribution": pd.DataFrame({"low": edges[:-1], "high": edges[1:], "density": density}),
        "table1": analysis.paper_table(),
        "results": summary[~summary["quantity"].isin(drawn)],
        "assumptions": summary[summary["quantity"].isin(drawn)],
    }
    write_tables(tables, summary, out)
    write_netcdf(drawn, method, outcomes, costs, ratios, out / "results.nc")
    write_figures(bcr, summary, tables, out)


def write_tables(tables, summary, out):
    summary.to_csv(out / "summary.csv", index=False)
    (out / "summary.json").write_text(json.dumps(summary.to_dict("records"), indent=1))
    for name, table in tables.items():
        table.to_csv(out / "tables" / f"{name}.csv", index=False)
    for name in ("results", "assumptions", "sensitivity_indices", "switching_values", "table1"):
        styled = tables[name].style.format(precision=4, escape="latex").hide(axis="index")
        text = styled.to_latex(hrules=True, caption=name.replace("_", " "), label=f"tab:{name}")
        (out / "tables" / f"{name}.tex").write_text(text)
    names = (summary["quantity"] + summary["method"] + summary["statistic"]).str.replace(
        r"[^a-zA-Z]", "", regex=True
    )
    macros = [f"\\newcommand{{\\sim{n}}}{{{v:.3g}}}" for n, v in zip(names, summary["value"], strict=True)]
    (out / "tables" / "numbers.tex").write_text("\n".join(macros))


def write_netcdf(drawn, method, outcomes, costs, ratios, path):
    dims = ("randomisation", "draw")
    groups = {
        "/inputs": xr.Dataset({name: (dims, draws) for name, draws in drawn.items()}),
        "/choices": xr.Dataset({"cost_method": (dims, method)}),
        "/outcomes": xr.Dataset({name: (dims, draws) for name, draws in outcomes.items()}),
        "/by_choice": xr.Dataset(
            {"cost": (("cost_method", *dims), costs), "bcr": (("cost_method", *dims), ratios)},
            coords={"cost_method": list(METHODS)},
        ),
    }
    tree = xr.DataTree.from_dict(groups)
    tree.attrs = {"seed": SEED, "n_draws": method.size}
    encoding = {
        name: {str(each): {"zlib": True, "complevel": 1} for each in dataset.data_vars}
        for name, dataset in groups.items()
    }
    tree.to_netcdf(path, engine="h5netcdf", encoding=encoding)


def write_figures(bcr, summary, tables, out):
    drawn = figures.of_run(bcr, summary, tables)
    for name, draw in drawn.items():
        figures.save(draw(8.8), out / "figures", name)
    pictures = [
        figures.as_svg(drawn[name](16.0)) for name in ("bcr_distribution", "tornado", "cost_by_cost_method")
    ]
    body = "".join(f"<figure><svg{picture}</figure>" for picture in pictures)
    body += "".join(
        f"<h2>{name}</h2>{table.to_html(index=False)}" for name, table in tables.items() if len(table) < 300
    )
    (out / "report.html").write_text(
        f"<!doctype html><title>Benefit-cost ratio</title>{body}", encoding="utf-8"
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
