"""Correlations that cannot hold, or only just: perfect ties, and the nearest that can hold."""

from pathlib import Path

import numpy as np
import pytest
from scipy.stats import norm, spearmanr
from typer.testing import CliRunner

from sim.analysis.sensitivity.analysis import sensitivity_tables
from sim.cli.app import app
from sim.draws.draw import draw
from sim.engine.experiment import Experiment
from sim.engine.simulate import simulate
from sim.faults import InvalidInput
from sim.scenario.load import load
from tests.builders import write_scenario

NAMES = "abcde"
NO_COPULA = {  # ranks that data can have, and no Gaussian copula
    "ab": 0.0, "ac": 0.844, "ad": 0.716, "ae": -0.972, "bc": 0.494,
    "bd": 0.528, "be": 0.189, "cd": 0.86, "ce": -0.725, "de": -0.548,
}  # fmt: skip


def scenario(folder: Path, ranks: dict[str, float], laws: dict[str, str], formula: str) -> Path:
    """Write a scenario of some laws and rank correlations; the ranks by pair of letters."""
    parts = ['title = "Tied"\nseed = 11']
    parts += [f'[parameters.{name}]\n{law}\nrationale = "a case"' for name, law in laws.items()]
    parts += [
        f'[[correlations]]\nbetween = ["{pair[0]}", "{pair[1]}"]\nrank = {rank}\nrationale = "a case"'
        for pair, rank in ranks.items()
    ]
    return write_scenario(
        folder, "\n".join([*parts, f'[outcomes.y]\nformula = "{formula}"', '[report]\noutcome = "y"'])
    )


UNIFORM = 'distribution = "uniform"\nlow = 0\nhigh = 1'
SEGMENTS = {
    "a": 'distribution = "normal"\nmean = 100\nsd = 5',
    "b": 'distribution = "normal"\nmean = 80\nsd = 5',
    "c": UNIFORM,
}


def checked(path: Path) -> str:
    """Return what ``sim check`` prints of a scenario that it takes."""
    result = CliRunner().invoke(app, ["check", str(path)])
    assert result.exit_code == 0, result.output
    return result.output


def test_two_names_tied_perfectly_are_one(tmp_path: Path):
    # a - b = 20 in every draw, and a + b normal with mean 180 and sd 10: both by hand
    path = scenario(tmp_path, {"ab": 1.0}, SEGMENTS, "a + b")
    assert "correlations" not in checked(path)
    found = load(path)
    results = simulate(found)
    np.testing.assert_allclose(results.arrays.columns["a"] - results.arrays.columns["b"], 20.0, rtol=1e-12)
    assert results.notes == tuple(note for note in results.notes if "moved" not in note)
    summary = results.statistics
    assert summary.find("y", "sd").value == pytest.approx(10.0, rel=1e-3)
    # sd of a stratified normal is within 1e-3 at 65,536 draws; the ends are 180 -+ 1.96 * 10
    assert summary.find("y", "low").value == pytest.approx(180 - 10 * norm.ppf(0.975), abs=0.05)


def test_a_tie_of_one_and_of_minus_one_reaches_the_third(tmp_path: Path):
    path = scenario(tmp_path, {"ab": 1.0, "bc": -1.0}, SEGMENTS, "a + b + 10 * c")
    assert "a ~ c, which nobody stated, becomes -1.000" in checked(path)
    columns = draw(load(path)).columns
    score = (columns["a"] - 100) / 5
    np.testing.assert_allclose(columns["c"], norm.sf(score), rtol=1e-9)
    np.testing.assert_allclose(columns["a"] - columns["b"], 20.0, rtol=1e-12)


def test_what_is_tied_perfectly_has_half_of_the_shapley_effect_each(tmp_path: Path):
    # y = a + b + c of sd 5, 5 and 1/sqrt(12), a and b one: (5 + 5)^2 against 1/12, and by symmetry half each
    path = scenario(tmp_path, {"ab": 1.0}, SEGMENTS, "a + b + c")
    found = load(path, ["sampling.n_draws=4096"])
    tables = sensitivity_tables(Experiment(found, simulate(found).arrays))
    shares = tables["tornado"].set_index("group")["share"]
    exact = 50 / (100 + 1 / 12)
    assert shares["a"] == pytest.approx(exact, abs=2e-3)
    assert shares["b"] == pytest.approx(exact, abs=2e-3)


def test_ranks_of_data_that_no_gaussian_copula_has_are_met_to_their_digits(tmp_path: Path):
    path = scenario(tmp_path, NO_COPULA, dict.fromkeys(NAMES, UNIFORM), "a + b + c + d + e")
    # the score correlations' least eigenvalue is -0.0006: no stated digit need change, so nothing is said
    assert "correlations" not in checked(path)
    found = draw(load(path))
    assert not any("correlations" in note for note in found.notes)
    for pair, rank in NO_COPULA.items():
        achieved = spearmanr(*(found.columns[name].ravel() for name in pair)).statistic
        assert achieved == pytest.approx(rank, abs=0.0005 + 5 / 256)  # sd of Spearman's at most 1 / sqrt(n)


def test_a_rank_that_must_move_a_little_is_moved_with_a_note_from_check_and_run(tmp_path: Path):
    # With score correlations r = 2 sin(pi rank / 6): rank 0.9 twice allows a ~ c down to
    # 6/pi asin((2 r^2 - 1) / 2) = 0.631, by the determinant of three
    r = 2 * np.sin(np.pi * 0.9 / 6)
    least = 6 / np.pi * np.arcsin((2 * r**2 - 1) / 2)
    assert least == pytest.approx(0.6310, abs=1e-4)
    path = scenario(tmp_path, {"ab": 0.9, "bc": 0.9, "ac": 0.6}, SEGMENTS, "a + b + c")
    said = checked(path)
    notes = [note for note in draw(load(path)).notes if "hold together" in note]
    assert len(notes) == 3
    assert "a ~ c is moved from rank 0.600 to 0.6" in notes[1]
    for note in notes:
        assert note in said


def test_a_pair_nobody_stated_is_no_farther_from_zero_than_it_must_be(tmp_path: Path):
    path = scenario(tmp_path, {"ab": 0.9, "bc": 0.9}, SEGMENTS, "a + b + c")
    assert draw(load(path)).notes == (  # 0.631: as in the test before
        "so that the correlations hold together, a ~ c, which nobody stated, becomes 0.631",
    )


def test_a_rank_far_from_what_can_be_is_refused_with_the_range(tmp_path: Path):
    path = scenario(tmp_path, {"ab": 0.9, "bc": 0.9, "ac": -0.9}, SEGMENTS, "a + b + c")
    result = CliRunner().invoke(app, ["check", str(path)])
    with pytest.raises(InvalidInput) as caught:
        load(path)
    (fault,) = caught.value.faults
    assert fault.key == "correlations.0.rank"
    # by symmetry each moves to the rank of score correlation 1/2: 6/pi asin(1/4) = 0.4826
    assert "a ~ b 0.483, a ~ c -0.483, b ~ c 0.483" in fault.problem
    # beside b ~ c 0.9 and a ~ c -0.9 the pair a ~ b can have -1 to -0.631; -0.63 is within its digits
    assert fault.allowed == "for a ~ b -1 to -0.63, beside the others as stated"
    assert result.exit_code != 0


@pytest.mark.parametrize("ranks", [{"ab": 1.0, "bc": 1.0, "ac": -1.0}, {"ab": 1.0, "ac": 0.5, "bc": 0.3}])
def test_perfect_ties_that_contradict_are_refused(tmp_path: Path, ranks: dict[str, float]):
    with pytest.raises(InvalidInput, match="cannot hold together"):
        load(scenario(tmp_path, ranks, SEGMENTS, "a + b + c"))
