"""Surveys of few repositories and periods: an answer without explosions, or a refusal that says what lacks.

And what a run says of its coverage: the figures of a study that was made of its method, its reading and
surveys of its size (docs/coverage.md), or the command that makes one.
"""

from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest

from sim.engine.coverage import STUDIED_ON_HISTORIES, coverage_notes
from sim.engine.simulate import simulate
from sim.engine.survey import check_data, period_sample
from sim.evidence.period_columns import COLUMNS
from sim.faults import InvalidInput
from sim.scenario.load import load
from tests.builders import write_scenario
from tests.cli.conftest import sim  # noqa: F401 - a fixture

ROOT = Path(__file__).parents[2]
Counts = dict[str, list[tuple[int, int, int]]]
"""By repository: contributors, commits and lines of each period."""

FOUR: Counts = {
    "o/a": [(3, 10, 100), (0, 0, 0), (5, 40, 900), (2, 2, 7)],
    "o/z": [(0, 0, 0)] * 5,
    "o/b": [(1, 1, 1), (9, 200, 3000)],
    "o/c": [(4, 5, 6)] * 3 + [(7, 70, 700)] * 3,
}
TWO: Counts = {"o/a": [(3, 10, 100), (1, 4, 10)], "o/b": [(1, 1, 1), (9, 200, 3000)]}
ALIKE: Counts = {"o/a": [(3, 10, 100), (3, 10, 100)], "o/b": [(2, 4, 30), (2, 4, 30)]}


def written(folder: Path, counts: Counts, method: str = "calibrated", references: str = 'r = "o/a"') -> Path:
    """Write a survey and a scenario of its estimands; return the scenario."""
    lines = [",".join(COLUMNS)]
    for repository, periods in counts.items():
        for place, (people, commits, changed) in enumerate(periods):
            start = date(2015, 1, 1) + timedelta(days=31 * place)
            end = start + timedelta(days=14)
            cells = (repository, repository, start, end, people, commits, *[changed, 0] * 3, *[0] * 8)
            lines.append(",".join(str(cell) for cell in cells))
    (folder / "periods.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    text = f"""
title = "Few periods"
seed = 4
[sampling]
n_draws = 16384
[evidence]
periods = "periods.csv"
method = "{method}"
references = {{ {references} }}
[outcomes.people]
unit = "person"
formula = "contributors"
[outcomes.commits]
unit = "commit/year"
formula = "commits_per_year"
[report]
outcome = "people"
also = ["commits"]
"""
    return write_scenario(folder, text)


@pytest.mark.parametrize(
    ("counts", "estimate", "error", "least", "most"),
    [
        # 2.5 + 0 + 5 + 5.5 persons; sum of s_h^2 / n_h: 13/3/4 + 16 + 2.7/6. On its own variances, with 1.2
        # degrees of
        # freedom, t is 8: a factor of 14 either way, where these have 5.5 and stay within 3
        (FOUR, 13.0, np.sqrt(13 / 12 + 16 + 2.7 / 6), 4.0, 40.0),
        # 2 + 5; 1 + 16. Two pairs are two degrees of freedom, t = 4.3
        (TWO, 7.0, np.sqrt(17.0), 0.2, 250.0),
    ],
    ids=["four", "two"],
)
def test_a_thin_survey_has_an_interval_about_its_estimate(
    tmp_path: Path, counts: Counts, estimate: float, error: float, least: float, most: float
):
    scenario = load(written(tmp_path, counts))
    results = simulate(scenario)
    draws = results.variable("people")
    low, median, high = np.quantile(draws, [0.025, 0.5, 0.975])
    assert median == pytest.approx(estimate, rel=0.05)
    assert least < low < estimate - error < estimate + error < high < most
    # the law's mean is at most exp(ln(30)^2 / 2 z^2) = 4.5 times its median
    assert estimate < draws.mean() < 5 * estimate
    assert draws.min() > 0


def test_variances_that_know_nothing_say_how_many_periods_they_need(tmp_path: Path):
    notes = simulate(load(written(tmp_path, TWO))).notes
    held = [note for note in notes if "factor of 30 either way" in note]
    assert any(note.startswith("commits_per_year, lines_per_year") for note in held)
    assert all(
        "periods of every repository are needed" in note or "not empty are needed" in note for note in held
    )


@pytest.mark.parametrize("method", ["calibrated", "hybrid"])
@pytest.mark.parametrize(
    ("counts", "problem", "wanted"),
    [
        ({"o/a": [(3, 10, 100), (1, 4, 10)]}, "two periods of one repository", "at least 3 periods of it"),
        (
            {"o/a": [(3, 10, 100), (1, 4, 10)], "o/b": [(0, 0, 0), (0, 0, 0)]},
            "two periods of one repository",
            "or 2 of another repository too",
        ),
        (
            {"o/a": [(3, 10, 100), (0, 0, 0)], "o/b": [(1, 1, 5), (0, 0, 0)]},
            "nothing shows how a ratio varies",
            "at least 2 such periods of one repository",
        ),
        ({"o/a": [(3, 10, 100), (1, 4, 10)], "o/b": [(1, 1, 5)]}, "has one period", "two periods or more"),
    ],
)
def test_too_few_periods_are_refused_with_what_would_do(
    tmp_path: Path, counts: Counts, problem: str, wanted: str, method: str
):
    """By the check as by the run."""
    scenario = load(written(tmp_path, counts, method))
    with pytest.raises(InvalidInput) as caught:
        check_data(scenario)
    (fault,) = caught.value.faults
    assert fault.file.endswith("periods.csv")
    assert problem in fault.problem
    assert wanted in fault.allowed
    if method == "calibrated":
        with pytest.raises(InvalidInput) as raised:
            simulate(scenario)
        assert raised.value.faults == caught.value.faults


@pytest.mark.parametrize(
    "counts",
    [
        {"o/a": [(3, 10, 100), (1, 4, 10), (2, 9, 40)]},
        {"o/a": [(3, 10, 100), (0, 0, 0)], "o/b": [(1, 1, 5), (9, 200, 3000)]},
        {"o/a": [(3, 10, 100), (1, 4, 10)], "o/b": [(1, 1, 5), (2, 8, 9)], "o/c": [(0, 0, 0), (1, 2, 3)]},
        {"o/a": [(1, 1, 1), (30, 400, 90000)], "o/b": [(0, 0, 0), (1, 1, 1)], "o/c": [(0, 0, 0), (2, 2, 2)]},
    ],
)
def test_one_to_three_repositories(tmp_path: Path, counts: Counts):
    """Positive, centred on the point estimate, no mean above 4.5 times it (see the law's bound above)."""
    scenario = load(written(tmp_path, counts))
    found = simulate(scenario).variable("people")
    estimate = sum(np.mean([people for people, *_ in periods]) for periods in counts.values())
    assert np.median(found) == pytest.approx(estimate, rel=0.1)
    assert found.min() > 0
    assert estimate < found.mean() < 5 * estimate


def test_periods_that_never_differ_are_not_taken_for_certainty_in_silence(tmp_path: Path):
    results = simulate(load(written(tmp_path, ALIKE)))
    assert np.ptp(results.variable("people")) == 0
    assert any("no period of any repository differs" in note for note in results.notes)


def notes_of(path: Path, *changes: str) -> str:
    evidence = load(path, list(changes)).evidence
    assert evidence is not None and evidence.periods is not None
    return "\n".join(coverage_notes(evidence, period_sample(evidence)))


def test_a_coverage_is_claimed_for_what_was_studied():
    """The figures are those of docs/coverage.md (see tests/studies/test_documented.py)."""
    default = ROOT / "priors" / "default.toml"
    whole, simulated = notes_of(default).splitlines()
    assert "(pivotal, lines capped) hold 94 to 96 % for totals, 95 % for units per contributor" in whole
    assert "(87 % for the one of 40 held least)" in whole
    assert "(pivotal, lines capped) cover 92 to 94 % for totals, 86 to 96 % for costs" in simulated
    calibrated = notes_of(default, "evidence.method=calibrated")
    assert "(calibrated, lines capped) hold 94 to 97 % for totals, 91 to 94 %" in calibrated
    assert "(calibrated, lines capped) cover 93 to 95 % for totals, 76 to 93 % for costs" in calibrated
    corrected = notes_of(default, "evidence.lines=corrected", "evidence.method=calibrated")
    assert "(calibrated, lines corrected) cover 87 to 93 % for totals, 68 to 89 % for costs" in corrected
    assert notes_of(default, "evidence.method=point") == ""


@pytest.mark.parametrize(
    ("change", "option"),
    [
        ("evidence.weeks=weekly-bins", "--weeks weekly-bins"),
        ("evidence.bots=dropped", "--bots dropped"),
        ("evidence.duplicates=merged", "--duplicates merged"),
        ("evidence.method=bayesian", ""),
    ],
)
def test_other_readings_are_not_studied(change: str, option: str):
    said = notes_of(ROOT / "priors" / "default.toml", change, "evidence.lines=published")
    assert said.startswith(
        "coverage of intervals from this survey is not studied: `sim evidence coverage --survey "
    )
    assert "cover " not in said.replace("coverage ", "")
    assert "--lines published" in said and option in said
    assert "--reference pytorch=pytorch/pytorch" in said


def test_another_reference_is_not_studied():
    """The name is not enough: pytorch here is another repository; tensorflow's rows hold 76 and 93 %.

    Whole histories were studied with any large repository as the reference; the published reading was not.
    """
    default, large = ROOT / "priors" / "default.toml", "scikit-learn/scikit-learn"
    published = ("evidence.lines=published", "evidence.method=calibrated")
    said = notes_of(default, f"evidence.references.pytorch={large}", *published)
    assert "cover 92 to 95 % for totals, 76 to 92 % for costs" in said
    assert "coverage of intervals priced by pytorch is not studied: `sim evidence coverage" in said
    assert "not studied" not in notes_of(default, f"evidence.references.pytorch={large}")
    small = notes_of(default, "evidence.references.pytorch=tensorflow/lucid")
    assert "coverage of intervals priced by pytorch is not studied: `sim evidence coverage" in small


def test_a_hybrid_says_what_it_held_on_whole_histories():
    """The figures are those of docs/coverage.md, which tests/studies/test_documented.py holds."""
    (study,) = (each for each in STUDIED_ON_HISTORIES if each.method == "hybrid")
    said = notes_of(ROOT / "priors" / "default.toml", "evidence.method=hybrid")
    assert study.words() in said
    assert max(mean for mean, _ in study.ratios) < 90


def test_an_own_survey_is_studied_by_the_command_its_note_names(tmp_path: Path, sim):  # noqa: F811
    """The note's command runs as it stands; no frequencies lie beside the periods."""
    path = written(tmp_path, FOUR)
    said = notes_of(path, "evidence.lines=corrected")
    command = said.split("`")[1].split()
    assert command[:4] == ["sim", "evidence", "coverage", "--survey"]
    assert command[4].endswith("periods.csv")
    ended = sim(
        *command[1:], "--simulations", 2, "--draws", 100, "--workers", 1, "--out", tmp_path, "--format", "csv"
    )
    assert ended.code == 0
    rows = ended.out.splitlines()[1:]
    assert len(rows) == 2 * 5 * 3  # simulators; C, U commits, U lines and two cost rows by r; probabilities
    assert any("commits_cost.r" in row for row in rows)
