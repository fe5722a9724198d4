"""Runs whose draws are made block by block against runs that keep them all."""

from pathlib import Path
from typing import Literal

import numpy as np
import pytest
from scipy.stats import lognorm

from sim.engine.inputs import conditioned_laws
from sim.engine.simulate import simulate
from sim.engine.streamed_run import run_streamed
from sim.evidence.methods import draw_evidence
from sim.faults import InvalidInput
from sim.parallel import Executor, SerialExecutor, executor_for
from sim.results import numbers_digest
from sim.results_file import read, write
from sim.run_record import Run
from sim.scenario.load import load
from sim.scenario.schema import Scenario
from sim.summary.row import Row
from sim.summary.sketch import RELATIVE_WIDTH
from sim.types import silent
from tests.builders import load_text, parameter, scenario_text, simulate_streaming

ROOT = Path(__file__).parents[2]
EXACT = ("mean", "sd", "ratio_of_means", "correlation")


def everything(folder: Path, sampler: str = "sobol", n_draws: int = 2**15, more: str = "") -> Scenario:
    """Return a scenario with every kind of input: laws, shares, rows of a file, a correlation, a choice."""
    (folder / "values.csv").write_text("v,w\n" + "\n".join(f"{n},{n * n % 7}" for n in range(1, 40)))
    rows = 'distribution = "empirical"\nfile = "values.csv"\ncolumn = '
    text = scenario_text(
        parameter("pay", 'distribution = "lognormal"\nmedian = 2\nsigma = 0.3', 'unit = "USD"'),
        parameter("value", 'distribution = "lognormal"\nmedian = 3\nsigma = 0.5', 'unit = "USD"'),
        parameter("shift", 'distribution = "normal"\nmean = 0\nsd = 1', 'unit = "USD"'),
        parameter("share", 'distribution = "dirichlet"\nalphas = { a = 1, b = 2, c = 3 }'),
        parameter("v", f'{rows}"v"'),
        parameter("w", f'{rows}"w"'),
        '[[correlations]]\nbetween = ["pay", "value"]\nrank = 0.5\nrationale = "for a test"\n',
        "[choices.way]\none = 1\ntwo = 2\n",
        '[outcomes.cost]\nby = "way"\none = "pay"\ntwo = "pay * v"\nunit = "USD"\n',
        '[outcomes.benefit]\nformula = "value * share.a * w + shift"\nunit = "USD"\n',
        more,
        formula="benefit / cost",
        sampler=sampler,
        n_draws=n_draws,
    )
    also = 'also = ["cost"]\nthresholds = [0, 1]\nintervals = [{ probability = 0.9, kind = "shortest" }]\n'
    return load_text(folder, text.replace('outcome = "total"\n', f'outcome = "total"\n{also}', 1))


def run_in_blocks(scenario: Scenario, n_block: int, executor: Executor | None = None) -> Run:
    """Stream a scenario, so many draws at a time."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("sim.engine.streamed_run.LARGEST_BLOCK", n_block)
        patched.setattr("sim.engine.streamed_run.BLOCK_BYTES", 2**40)
        return run_streamed(scenario, conditioned_laws(scenario), executor or SerialExecutor(), silent)


def compare(stored: tuple[Row, ...], streamed: tuple[Row, ...]) -> None:
    """Compare rows: the same ones, exact ones to rounding, those by bins to their bound."""
    assert len(stored) == len(streamed)
    for one, other in zip(stored, streamed, strict=True):
        key = (one.quantity, one.alternative, one.statistic, str(one.at), one.unit)
        assert key == (other.quantity, other.alternative, other.statistic, str(other.at), other.unit)
        if one.statistic in EXACT:
            assert other.value == pytest.approx(one.value, rel=1e-11, abs=1e-13), key
            assert other.mc_error == pytest.approx(one.mc_error, rel=1e-6, abs=1e-13), key
        elif one.statistic == "p_above":
            assert (other.value, other.mc_error) == pytest.approx((one.value, one.mc_error), rel=1e-12), key
        elif one.statistic == "top_share":
            assert other.value == pytest.approx(one.value, rel=RELATIVE_WIDTH, nan_ok=True), key
        elif "shortest" not in one.statistic:
            # near zero a quantile is between draws of either sign, whose gap is what the bound is of
            assert other.value == pytest.approx(one.value, rel=RELATIVE_WIDTH, abs=1e-6), key


@pytest.mark.parametrize("sampler", ["sobol", "lhs", "random"])
def test_streamed_numbers_are_those_of_stored_draws(tmp_path: Path, sampler: str):
    scenario = everything(tmp_path, sampler)
    stored, streamed = simulate(scenario), simulate_streaming(2**10, scenario)
    compare(stored.statistics.rows, streamed.statistics.rows)
    for name in ("total", "cost", "share.b", "w"):
        kept = streamed.variable(name)
        np.testing.assert_array_equal(kept, stored.variable(name)[:, : kept.shape[1]])


@pytest.mark.parametrize("sampler", ["sobol", "random"])
def test_atoms_and_gaps_of_streamed_draws(tmp_path: Path, sampler: str):
    """Half of all draws are 0, the other half about 2: the low end is exact, the median is not unique.

    And the region of 90 % is the atom with the shortest four fifths of the rest, the lognormal, which the law
    gives as 0.4 / 0.5 of it.
    """
    text = scenario_text(
        parameter("a", 'distribution = "lognormal"\nmedian = 2\nsigma = 0.1'),
        parameter("x", 'distribution = "normal"\nmean = 0\nsd = 1'),
        formula="a * where(x > 0, 1, 0)",
        sampler=sampler,
        n_draws=2**16,
    )
    also = 'intervals = [{ probability = 0.9, kind = "hdi" }]\n'
    text = text.replace('outcome = "total"\n', f'outcome = "total"\n{also}', 1)
    scenario = load_text(tmp_path, text)
    found = {row.statistic: row for row in simulate_streaming(2**10, scenario).statistics.rows}
    assert (found["low"].value, found["low"].mc_error, found["low"].note) == (0.0, 0.0, "")
    assert found["median"].status == "not to be trusted"
    assert found["high"].value == pytest.approx(2 * np.exp(0.1 * 1.6449), rel=5e-3)
    first, second = found["low_hdi"].pieces
    assert first == (0.0, 0.0)
    law = lognorm(0.1, scale=2.0)
    starts = np.linspace(1e-6, 0.2 - 1e-6, 10_001)
    shortest = np.min(law.ppf(starts + 0.8) - law.ppf(starts))
    assert second[1] - second[0] == pytest.approx(shortest, rel=0.05)


def test_eight_million_draws_streamed_and_stored():
    # closed form: ln(value / pay) is normal with mean ln 1.5 and variance 0.5^2 + 0.3^2
    text = scenario_text(
        parameter("value", 'distribution = "lognormal"\nmedian = 3\nsigma = 0.5'),
        parameter("pay", 'distribution = "lognormal"\nmedian = 2\nsigma = 0.3'),
        formula="value / pay",
        n_draws=2**23,
        dimensions=["value", "pay"],
    )
    from tempfile import TemporaryDirectory

    with TemporaryDirectory() as folder:
        scenario = load_text(Path(folder), text)
    stored = simulate_streaming(2**24, scenario).statistics.rows
    streamed = simulate(scenario).statistics.rows
    # stored draws give these by conditional Monte Carlo, streamed ones by counting: both meet the closed form
    smooth = {"mean", "median", "low", "high"}
    of_outcomes = {"total", "value - pay"}
    places = [
        place for place, row in enumerate(stored) if row.quantity in of_outcomes and row.statistic in smooth
    ]
    assert len(places) == 2 * len(smooth)
    others = [place for place in range(len(stored)) if place not in places]
    compare(tuple(stored[place] for place in others), tuple(streamed[place] for place in others))
    for rows in (stored, streamed):
        of_total = {row.statistic: row.value for row in rows if row.quantity == "total"}
        for statistic, score in {"low": -1.959964, "median": 0.0, "high": 1.959964}.items():
            exact = 1.5 * np.exp(score * np.sqrt(0.34))
            assert of_total[statistic] == pytest.approx(exact, rel=RELATIVE_WIDTH)
        (mean,) = (row.value for row in rows if (row.quantity, row.statistic) == ("value - pay", "mean"))
        assert mean == pytest.approx(3 * np.exp(0.125) - 2 * np.exp(0.045), rel=1e-5)
    found = {row.statistic: row for row in streamed if row.quantity == "total"}
    assert found["mean"].value == pytest.approx(1.5 * np.exp((0.25 + 0.09) / 2), rel=1e-6)


def test_neither_blocks_nor_workers_change_a_byte(tmp_path: Path):
    scenario = everything(tmp_path, n_draws=2**17)

    def digest(n_block: int, n_workers: int = 1, kind: Literal["processes", "threads"] = "threads") -> str:
        with executor_for(n_workers, kind=kind) as executor:
            found = run_in_blocks(scenario, n_block, executor)
        return numbers_digest(found.groups)

    alone = digest(2**12)
    assert alone == digest(2**15)
    assert alone == digest(2**13, 2, "processes")
    assert alone == digest(2**14, 3)


@pytest.mark.parametrize("sampler", ["lhs", "random"])
def test_randomisations_of_any_length_stream(tmp_path: Path, sampler: str):
    scenario = everything(tmp_path, sampler, n_draws=4 * 5003)  # leaves, blocks and randomisations end apart
    compare(simulate(scenario).statistics.rows, simulate_streaming(2**10, scenario).statistics.rows)
    coarse, fine = (run_in_blocks(scenario, n_block) for n_block in (2**12, 2**15))
    assert numbers_digest(coarse.groups) == numbers_digest(fine.groups)


def test_survey_draws_are_picked_from_replicates(monkeypatch: pytest.MonkeyPatch):
    # with every replicate picked equally often, means of the survey's columns are those of the pool
    monkeypatch.setattr("sim.engine.streamed_run.N_REPLICATES", 2**10)
    made = []

    def kept(*arguments: object):
        made.append(draw_evidence(*arguments))  # type: ignore[arg-type]
        return made[-1]

    monkeypatch.setattr("sim.engine.survey.draw_evidence", kept)
    scenario = load(
        ROOT / "priors" / "default.toml", ["sampling.n_draws=65536", "evidence.method=calibrated"]
    )
    results = simulate_streaming(2**10, scenario)
    (pool,) = made
    rows = {row.quantity: row.value for row in results.statistics.rows if row.statistic == "mean"}
    for name, column in pool.columns.items():
        assert len(column) == 2**10
        assert rows[name] == pytest.approx(column.mean(), rel=1e-12), name
    assert any("1,024 replicates were made once" in note for note in results.notes)


def test_kept_draws_and_their_file(tmp_path: Path):
    whole = everything(tmp_path)
    kept = whole.model_copy(update={"sampling": whole.sampling.model_copy(update={"keep_draws": 400})})
    results, full = simulate(kept), simulate(whole)
    assert repr(results.statistics.rows) == repr(full.statistics.rows)  # the summary is of all draws
    np.testing.assert_array_equal(results.variable("total"), full.variable("total")[:, :100])
    write(results.content, tmp_path / "results.nc")
    again = Run(kept, content=read(tmp_path / "results.nc"))
    assert repr(again.statistics.rows) == repr(results.statistics.rows)
    assert "400 of 32,768 draws are kept" in " ".join(again.notes)


def test_an_outcome_that_is_not_finite_is_refused_from_any_block(tmp_path: Path):
    scenario = everything(tmp_path, more='[outcomes.bad]\nformula = "log(share.b - 0.05)"\n')
    with pytest.raises(InvalidInput, match=r"outcomes\.bad: infinite or not a number"):
        simulate_streaming(2**10, scenario)


def test_a_block_that_fits_no_task_is_refused(tmp_path: Path):
    with pytest.raises(ValueError, match="multiple of 4096"):
        run_in_blocks(everything(tmp_path), 5000)
