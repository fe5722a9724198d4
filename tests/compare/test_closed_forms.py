"""Comparisons whose result is known by hand."""

from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from sim.engine.simulate import simulate
from sim.report.compare_tables import paper_tables
from sim.results_file import write as write_results
from sim.scenario.data_files import resolved_toml
from sim.scenario.load import load
from tests.builders import parameter
from tests.compare.builders import compared, constant, contrast, lognormal, overlay, parts, role, write

LAWS = (lognormal("a", 4.0, 0.5), lognormal("b", 9.0, 0.3), lognormal("c", 2.0, 0.7))


def base(folder: Path, **options: object) -> Path:
    return write(folder, "base", *LAWS, formula="a * b / c", **options)


def test_changes_of_the_mean_log_are_those_of_mu(tmp_path: Path):
    # ln(a b / c) = mu_a + sigma_a z_a + ...: a new median moves the mean log by ln(new / old), exactly and
    # in every draw, whatever else is edited; a new sigma moves it by (new - old) mean(z), which is 0 but for
    # the Monte Carlo error
    other = overlay(
        tmp_path, "other", "parameters.a.median = 6.0\nparameters.b.median = 3.0\nparameters.c.sigma = 0.9\n"
    )
    comparison = compared(base(tmp_path, n_draws=4096), other)
    found = parts(comparison, "mean_log")
    assert found["parameters.a"] == pytest.approx(np.log(6 / 4), rel=1e-12)
    assert found["parameters.b"] == pytest.approx(np.log(3 / 9), rel=1e-12)
    # Sobol' points of 1,024 each: the mean of z is within 0.01 of 0 by far; deterministic given the seed
    assert abs(found["parameters.c"]) < 0.2 * 0.01
    assert sum(found.values()) == pytest.approx(role(comparison, "change", "mean_log"), rel=1e-12)
    errors = comparison.waterfalls.set_index(["entry", "statistic"])["mc_error"]
    assert errors["parameters.a", "mean_log"] < 1e-12


def test_a_scale_moves_every_draw(tmp_path: Path):
    other = overlay(tmp_path, "other", "parameters.a.median = 6.0\n")
    comparison = compared(base(tmp_path), other)
    assert contrast(comparison, "probability", "exceeds") == (1.0, 0.0)
    for measure, statistic in (("draw_ratio", "median"), ("draw_ratio", "low"), ("ratio", "median")):
        value, error = contrast(comparison, measure, statistic)
        assert value == pytest.approx(1.5, rel=1e-12)
        assert error < 1e-12
    baseline = comparison.baseline
    median = baseline.run.statistics.find("total", "median").value
    assert contrast(comparison, "difference", "median")[0] == pytest.approx(median / 2, rel=1e-12)


def test_an_interaction_is_shared_alike(tmp_path: Path):
    # f = a b, a: 2 -> 5, b: 3 -> 7. Orders: a first (5-2)*3 = 9, a last (5-2)*7 = 21, so a has 15;
    # b first 2*(7-3) = 8, b last 5*(7-3) = 20, so b has 14; together 29 = 35 - 6
    one = write(tmp_path, "base", constant("a", 2), constant("b", 3), formula="a * b")
    other = overlay(tmp_path, "other", "parameters.a.value = 5\nparameters.b.value = 7\n")
    comparison = compared(one, other)
    assert parts(comparison, "median") == {
        "parameters.a": pytest.approx(15, rel=1e-14),
        "parameters.b": pytest.approx(14, rel=1e-14),
    }
    assert role(comparison, "baseline", "median") == 6
    assert role(comparison, "scenario", "median") == 35


def test_more_than_eight_edits_add_up(tmp_path: Path):
    # ten factors, each edited: of ln f every part is ln(new / old) in every order, so that random orders have
    # no error; of f itself the parts differ by order, add up exactly, and their order error is stated
    names = "abcdefghij"
    text = "".join(f"parameters.{name}.value = {place + 3}\n" for place, name in enumerate(names))
    one = write(
        tmp_path, "base", *(constant(name, place + 2) for place, name in enumerate(names)),
        formula=" * ".join(names),
    )  # fmt: skip
    comparison = compared(one, overlay(tmp_path, "other", text))
    logs = parts(comparison, "mean_log")
    for place, name in enumerate(names):
        assert logs[f"parameters.{name}"] == pytest.approx(np.log((place + 3) / (place + 2)), rel=1e-9)
    medians = parts(comparison, "median")
    assert sum(medians.values()) == pytest.approx(role(comparison, "change", "median"), rel=1e-12)
    table = comparison.waterfalls
    rows = table[(table["role"] == "part") & (table["statistic"] == "median")]
    assert (rows["order_error"] > 0).all()
    # Exact Shapley values by another formula. Ten parts within four order errors (23 degrees of freedom):
    # false alarm about 6e-4 each; the seed is fixed
    exact = _shapley_of_product([place + 2 for place in range(10)], [place + 3 for place in range(10)])
    errors = dict(zip(rows["entry"], rows["order_error"], strict=True))
    for place, name in enumerate(names):
        entry = f"parameters.{name}"
        assert abs(medians[entry] - exact[place]) < 4 * errors[entry]


def _shapley_of_product(old: list[int], new: list[int]) -> list[float]:
    # Owen's (1972) multilinear extension: the part of i is the integral over t in (0, 1) of
    # (new_i - old_i) prod_{j != i} (old_j + t (new_j - old_j)); ten Gauss-Legendre nodes are exact
    nodes, weights = np.polynomial.legendre.leggauss(10)
    t, w = (nodes + 1) / 2, weights / 2
    at = np.array([[o + each * (n - o) for o, n in zip(old, new, strict=True)] for each in t])
    return [float(w @ ((new[i] - old[i]) * np.delete(at, i, axis=1).prod(axis=1))) for i in range(len(old))]


@pytest.mark.parametrize(
    ("edit", "statistic"),
    [
        ("parameters.b.median = 9.9\n", "median"),
        ("parameters.b.median = 9.9\n", "mean"),
        ("parameters.b.sigma = 0.33\n", "mean"),
        ("parameters.b.sigma = 0.33\n", "median"),
        ("parameters.c.sigma = 0.77\n", "median"),
    ],
)
def test_one_seed_gives_a_fifth_of_the_error(tmp_path: Path, edit: str, statistic: str):
    # One of three lognormals is edited by a tenth. The error of the difference, paired, against that of runs
    # on seeds of their own. A factor moves every statistic by it, so that the paired error is a tenth of one
    # run's, 0.1 / sqrt(1 + 1.1^2) = 0.067 of the unpaired, but for the noise of the second run's error (3
    # degrees of freedom). Deterministic given the seeds.
    # The paired error of a median falls as its noise is shared: c is integrated out of both, edited or not.
    one = base(tmp_path, n_draws=2**14)
    together = overlay(tmp_path, "together", edit)
    apart = overlay(tmp_path, "apart", edit + "seed = 8\n")
    paired = contrast(compared(one, together), "difference", statistic)[1]
    results = compared(one, _ran(apart, tmp_path))
    assert not results.contrasts["paired"].any()
    unpaired = contrast(results, "difference", statistic)[1]
    assert 0 < paired < 0.2 * unpaired, (paired, unpaired)


def _ran(path: Path, folder: Path) -> Path:
    scenario = load(path)
    kept = folder / "kept"
    kept.mkdir()
    (kept / "scenario.toml").write_text(resolved_toml(scenario, kept), encoding="utf-8")
    write_results(simulate(scenario).content, kept / "results.nc")
    return kept


def test_the_baseline_can_be_any(tmp_path: Path):
    other = overlay(tmp_path, "other", "parameters.a.median = 6.0\n")
    comparison = compared(base(tmp_path), other, baseline=1)
    assert comparison.baseline.name == "other"
    assert contrast(comparison, "ratio", "median")[0] == pytest.approx(4 / 6, rel=1e-12)
    assert parts(comparison, "mean_log")["parameters.a"] == pytest.approx(np.log(4 / 6), rel=1e-12)


def test_common_draws_of_other_laws_are_said_with_both_probabilities(tmp_path: Path):
    # ln of lognormals of medians 4 and 5 and sigma 0.5: one quantile exceeds the same one of the other
    # always, and independent draws with probability Phi(ln(5/4) / (0.5 sqrt 2)). All pairs of 1,024 Sobol
    # points, four times.
    one = write(tmp_path, "base", lognormal("a", 4.0, 0.5), formula="a", n_draws=4096)
    other = overlay(tmp_path, "other", "parameters.a.median = 5.0\n")
    comparison = compared(one, other)
    assert contrast(comparison, "probability", "exceeds") == (1.0, 0.0)
    apart, error = contrast(comparison, "probability", "exceeds_independent")
    assert abs(apart - stats.norm.cdf(np.log(5 / 4) / (0.5 * np.sqrt(2)))) < 1e-3
    assert error < 1e-3
    said = [note for table in paper_tables(comparison) for note in table.notes if "had they no draws" in note]
    assert said == [
        "Draws of names that both share are common to both, and P(exceeds) is of such pairs. other and base "
        "state a differently: had they no draws in common, P(total exceeds) would be "
        f"{apart:.4f} ± {error:.0e}, not 1.000."
    ]


def test_a_title_is_no_other_law(tmp_path: Path):
    one = write(tmp_path, "base", lognormal("a", 4.0, 0.5), lognormal("b", 4.0, 0.5), formula="a + b")
    other = overlay(
        tmp_path, "other", 'parameters.a.title = "Another"\noutcomes.total.formula = "a + 2 * b"\n'
    )
    notes = [note for table in paper_tables(compared(one, other)) for note in table.notes]
    assert not any("had they no draws" in note for note in notes)


def test_two_dams_of_one_paper(tmp_path: Path):
    # Benefits and costs of two dams, triangular, all of one name, beside plain draws of numpy's own
    # triangular law
    laws = {
        "one": {"b1": (8, 12, 14.9), "b2": (6.5, 9.8, 14.6), "c1": (13.2, 14.2, 19.1)},
        "two": {"b1": (8.7, 12.2, 13.6), "b2": (5.9, 8.7, 15), "c1": (12.8, 15.8, 20.1)},
    }
    rng = np.random.default_rng(26)
    plain, paths = {}, []
    for name, stated in laws.items():
        parts = [
            parameter(key, f'distribution = "triangular"\nlow = {low}\nmode = {mode}\nhigh = {high}')
            for key, (low, mode, high) in stated.items()
        ]
        paths.append(write(tmp_path, name, *parts, formula="(b1 + b2) / c1", n_draws=4096))
        b1, b2, c1 = (rng.triangular(*law, 500_000) for law in stated.values())
        plain[name] = (b1 + b2) / c1
    comparison = compared(*paths)
    exact = np.mean(plain["two"] > plain["one"])  # standard error 7e-4
    assert contrast(comparison, "probability", "exceeds_independent")[0] == pytest.approx(exact, abs=5e-3)
    paired = contrast(comparison, "probability", "exceeds")[0]
    same = {name: comparison.sources[place].run.variable("total") for place, name in enumerate(laws)}
    assert paired == np.mean(same["two"] > same["one"])
    assert paired < exact - 0.1
