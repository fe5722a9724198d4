"""Reports print what a run has computed: no module of them takes a statistic of draws, or makes a run."""

import ast
from collections.abc import Iterator
from pathlib import Path

import sim.report

STATISTICS = {
    "average", "bincount", "corrcoef", "cov", "estimate", "evaluate", "histogram", "mean", "median",
    "nanmean", "nanmedian", "nanquantile", "percentile", "quantile", "run", "simulate", "std", "summarise",
    "var",
}  # fmt: skip


def taken(tree: ast.Module) -> Iterator[str]:
    """Yield the statistics that code computes: calls by these names, of NumPy, pandas or of sim."""
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Attribute(attr=name) | ast.Name(id=name)) if name in STATISTICS:
                yield ast.unparse(node.func)


def test_reports_compute_no_statistic():
    folder = Path(sim.report.__file__).parent
    found = {
        f"{path.relative_to(folder)}: {name}"
        for path in sorted(folder.rglob("*.py"))
        for name in taken(ast.parse(path.read_text(encoding="utf-8")))
    }
    assert not found


def test_a_statistic_would_be_found():
    code = "np.quantile(draws, 0.5); draws.mean(axis=0); estimate(f, draws); run.title"
    assert [*taken(ast.parse(code))] == ["np.quantile", "draws.mean", "estimate"]
