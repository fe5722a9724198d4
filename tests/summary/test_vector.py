"""Several outcomes reported at once, and several intervals."""

from pathlib import Path

import numpy as np
import pytest

from sim.engine.simulate import simulate
from sim.faults import InvalidInput
from sim.report.summary_lines import table_lines
from sim.scenario.data_files import resolved_toml
from sim.scenario.load import load
from sim.summary.statistic import top_share
from tests.builders import load_text, parameter, scenario_text, write_scenario

NORMAL = parameter("a", 'distribution = "normal"\nmean = 0\nsd = 1')
OTHER = '[outcomes.other]\nformula = "1 - a"\n[outcomes.third]\nformula = "a ** 2"\n'
REPORT = (
    '[report]\noutcome = "total"\nalso = ["other", "third"]\n'
    'intervals = [{ probability = 0.9, kind = "shortest" }, { probability = 0.5 }]\n'
)


def text(report: str = REPORT) -> str:
    return scenario_text(NORMAL, OTHER, formula="a", n_draws=2**12).replace(
        '[report]\noutcome = "total"\n', report
    )


def test_further_intervals_and_correlations(tmp_path: Path):
    """Against NumPy on the draws themselves; total and other are tied by -1, total and its square by 0."""
    scenario = load_text(tmp_path, text())
    results = simulate(scenario)
    summary = results.statistics
    assert summary.find("total ~ other", "correlation").value == pytest.approx(-1.0, abs=1e-12)
    squares = np.corrcoef(results.variable("total").ravel(), results.variable("third").ravel())[0, 1]
    assert summary.find("total ~ third", "correlation").value == pytest.approx(squares, abs=1e-12)
    assert abs(squares) < 0.02
    for name in ("total", "other", "third"):
        draws = np.sort(results.variable(name).ravel())
        low, high = (summary.find(name, f"{end}_eti", at=0.5).value for end in ("low", "high"))
        assert (low, high) == pytest.approx(np.quantile(draws, [0.25, 0.75]), abs=1e-12)
        low, high = (summary.find(name, f"{end}_shortest", at=0.9).value for end in ("low", "high"))
        span = round(0.9 * len(draws))
        assert high - low == pytest.approx(np.min(draws[span:] - draws[:-span]), abs=1e-12)


def test_the_terminal_shows_them(tmp_path: Path):
    scenario = load_text(tmp_path, text())
    summary = simulate(scenario).statistics
    lines = {line.what: line for line in table_lines(scenario, summary, 0)}
    assert {"total, median", "other, median", "third, median", "  90 % (shortest)", "  50 % (eti)"} <= set(
        lines
    )
    assert lines["correlation total ~ other"].estimate.startswith("-1.0")
    assert lines["  50 % (eti)"].interval.count(" to ") == 1


def test_unset_keys_are_left_out_of_the_resolved_form(tmp_path: Path):
    plain = resolved_toml(load_text(tmp_path, scenario_text(NORMAL, formula="a")), tmp_path)
    assert "also" not in plain
    assert "intervals" not in plain
    scenario = load_text(tmp_path, text())
    again = load(write_scenario(tmp_path, resolved_toml(scenario, tmp_path), "again.toml"))
    assert again.report == scenario.report


@pytest.mark.parametrize(
    "wrong, said",
    [
        ('also = ["othr"]', "there is no outcome 'othr'"),
        ('also = ["other", "other"]', "also names 'other', which makes 2 times"),
        ('also = ["total"]', "also names 'total', which makes 2 times"),
        ("also = []", "report.also"),
        ("intervals = []", "report.intervals"),
        ('intervals = [{ probability = 0.95, kind = "eti" }]', "intervals states 95 % (eti), which makes 2"),
        ("intervals = [{ probability = 95 }]", "report.intervals.0.probability"),
        ('intervals = [{ knd = "eti" }]', "nearest: kind"),
        ("intervals = 3", "report.intervals"),
    ],
)
def test_what_cannot_be_reported(tmp_path: Path, wrong: str, said: str):
    with pytest.raises(InvalidInput) as caught:
        load_text(tmp_path, text(f'[report]\noutcome = "total"\n{wrong}\n'))
    assert said in str(caught.value)


def test_parts_of_a_sum_that_cancel_have_no_shares(tmp_path: Path):
    assert np.isnan(top_share(np.array([-1.0, 1.0, 2.0]), 0.5))
    assert np.isnan(top_share(np.zeros(3), 0.5))
    scenario = load_text(tmp_path, text())
    lines = table_lines(scenario, simulate(scenario).statistics, 0)
    assert next(line for line in lines if line.what == "total, mean").beside == ""


def test_what_has_no_room_in_the_terminal_is_counted(tmp_path: Path):
    scenario = load_text(tmp_path, text())
    summary = simulate(scenario).statistics
    whole = table_lines(scenario, summary, 0)
    n_besides = 5  # title, run, heads of columns, inputs without a source, files
    n_notes = 20 - n_besides - (len(whole) - 2)  # two rows more than there is room for
    lines = table_lines(scenario, summary, n_notes)
    assert lines[:-1] == whole[:-3]
    assert lines[-1].what == "and 3 more in summary.csv"
    assert len(lines) == 20 - n_besides - n_notes
