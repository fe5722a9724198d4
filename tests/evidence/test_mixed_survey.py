"""Whole histories beside sampled periods in one survey, and the days of it that count.

Expected values are closed forms: a total over independent strata has the sum of their variances, s^2 / n for
a sample and zero for what is observed whole; and hand counts on tables of a few rows.
"""

from datetime import date, timedelta
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from sim.cli.evidence import app
from sim.draws.draw import design_of
from sim.engine.survey import check_data, draw_survey
from sim.evidence.estimands import point_estimates
from sim.evidence.methods import METHODS, draw_evidence
from sim.evidence.mixed_survey import EVERY, Span, read_survey
from sim.evidence.readings import PeriodSample, Reading
from sim.faults import InvalidInput
from sim.report.explain import explanation
from sim.samplers.base import stream
from sim.scenario.data_files import evidence_files, resolved_toml, scenario_digest
from sim.scenario.load import load
from sim.scenario.schema import Scenario
from tests.builders import scenario_text, write_scenario

REPLICATING = ("naive", "rescaled", "bayesian", "calibrated")
RNG_FOR = partial(stream, 5)
DATA = Path(__file__).parents[2] / "data"
SURVEY, HISTORIES = (DATA / name / "periods.csv" for name in ("mloss-2022", "mloss-histories"))
PLAIN = Reading(lines="corrected")
HEAD = "label,repository,start,end,contributors,commits,lines"


def rows(label: str, repository: str, counts: list[int], year: int = 2020, tail: str = "") -> list[str]:
    """Return a fortnight for each count, of so many contributors, ten commits and a thousand lines each."""
    start = [date(year, 1, 5) + timedelta(14 * place) for place in range(len(counts))]
    return [
        f"{label},{repository},{day},{day + timedelta(13)},{count},{10 * count},{1000 * count}{tail}"
        for day, count in zip(start, counts, strict=True)
    ]


def write(folder: Path, name: str, *lines: list[str], population: bool = False) -> Path:
    path = folder / name
    head = HEAD + ",population" * population
    path.write_text("\n".join([head, *(line for part in lines for line in part)]) + "\n")
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with a survey of three repositories, one listed twice, and some whole histories."""
    write(
        tmp_path,
        "sampled.csv",
        rows("A", "o/a", [4, 9, 2, 7, 6]),
        rows("B", "o/b", [1, 0, 3, 2, 2]),
        rows("C", "o/c", [5, 8, 8, 6, 3]),
        rows("C again", "o/c", [5, 7, 8, 6, 3]),
    )
    write(
        tmp_path,
        "whole.csv",
        rows("A", "o/a", [3, 5, 7, 9, 11, 13], tail=",6"),
        rows("C", "o/c", [2, 4, 4, 6], tail=",4"),
        rows("D", "o/d", [50, 60], tail=",2"),
        population=True,
    )
    return tmp_path


def read(folder: Path, reading: Reading = PLAIN, span: Span = EVERY) -> PeriodSample:
    """Return the survey with the histories in it."""
    return read_survey(folder / "sampled.csv", reading, folder / "whole.csv", span)


def variances(sample: PeriodSample, method: str, n_draws: int = 40_000) -> np.ndarray:
    drawn = draw_evidence(sample, {}, method, n_draws, RNG_FOR).columns
    return np.array([drawn[name].var() for name in ("contributors", "commits_per_year", "lines_per_year")])


def test_totals_add_the_mean_of_a_history_and_err_by_the_sampled_strata_alone(folder: Path):
    mixed = read(folder)
    # A: mean 8 of its history; C twice: mean 4 each; B: mean 1.6 of its five periods
    assert point_estimates(mixed, {}) == pytest.approx(
        {"contributors": 17.6, "commits_per_year": 17.6 * 260, "lines_per_year": 17.6 * 26_000}
    )
    s2 = np.var([1, 0, 3, 2, 2], ddof=1)
    # the variance of 40,000 replicates is known to 1 %
    assert variances(mixed, "rescaled") == pytest.approx(s2 / 5 * np.array([1, 260**2, 26_000**2]), rel=0.05)
    assert variances(mixed, "naive") == pytest.approx(
        0.8 * s2 / 5 * np.array([1, 260**2, 26_000**2]), rel=0.05
    )


def test_bootstraps_of_the_sampled_strata_are_those_of_the_survey_alone(folder: Path):
    mixed = read(folder)
    alone = read_survey(write(folder, "b.csv", rows("B", "o/b", [1, 0, 3, 2, 2])), PLAIN)
    for method in REPLICATING[:3]:
        together, apart = (METHODS[method].draw(each, {}, 500, RNG_FOR).columns for each in (mixed, alone))
        assert together["contributors"] == pytest.approx(apart["contributors"] + 16.0, rel=1e-12)
        assert together["commits_per_year"] == pytest.approx(apart["commits_per_year"] + 4160, rel=1e-12)


def test_calibrated_totals_have_the_linearised_variance_of_the_sampled_strata(folder: Path):
    # one stratum errs, so the t of the logarithm has a scale of no less than s / (sqrt(n) T), and pooling
    # with the spread of the histories may widen it
    mixed = read(folder)
    drawn = draw_evidence(mixed, {}, "calibrated", 40_000, RNG_FOR).columns["contributors"]
    ends = np.log(np.quantile(drawn, [0.025, 0.975]) / 17.6)
    least = 1.96 * np.std([1, 0, 3, 2, 2], ddof=1) / np.sqrt(5) / 17.6
    alone = read_survey(folder / "sampled.csv", PLAIN)
    all_sampled = draw_evidence(alone, {}, "calibrated", 40_000, RNG_FOR).columns["contributors"]
    before = np.ptp(np.log(np.quantile(all_sampled, [0.025, 0.975])))
    assert least < ends[1] < 4 * least
    assert np.ptp(ends) < before


@pytest.mark.parametrize("method", REPLICATING)
def test_a_census_everywhere_has_no_error(method: str, folder: Path):
    survey = write(folder, "s.csv", rows("A", "o/a", [4, 9]), rows("C", "o/c", [5, 8]))
    mixed = read_survey(survey, PLAIN, folder / "whole.csv")
    drawn = draw_evidence(mixed, {"r": "o/c"}, method, 200, RNG_FOR)
    for name, value in point_estimates(mixed, {"r": "o/c"}).items():
        assert drawn.columns[name] == pytest.approx(np.full(200, value), rel=1e-12)
    assert "2 of 2 strata observed whole: these have no sampling error" in drawn.warnings


@pytest.mark.parametrize("method", REPLICATING)
def test_a_reference_errs_where_it_is_sampled_and_not_where_it_is_known(method: str, tmp_path: Path):
    # lines of both files in which commits and lines do not go with contributors
    uneven = [f"{label},o/{label}" for label in "abc"]
    counts = [(20, 310, 90_000), (35, 290, 20_000), (28, 500, 70_000), (44, 380, 10_000), (31, 610, 50_000)]
    lines = [
        f"{name},2020-0{month}-01,2020-0{month}-14,{n},{m},{x}"
        for name in uneven
        for month, (n, m, x) in enumerate(counts, start=1)
    ]
    survey = write(tmp_path, "s.csv", lines)
    known = [f"{line},5" for line in lines if line.startswith("a,")]
    histories = write(tmp_path, "h.csv", known, population=True)
    mixed = read_survey(survey, PLAIN, histories)
    drawn = draw_evidence(mixed, {"known": "o/a", "sampled": "o/b"}, method, 500, RNG_FOR).columns
    for unit in ("commits", "lines"):
        assert np.ptp(drawn[f"{unit}_per_contributor_period.known"]) == pytest.approx(0, abs=1e-9)
    plain = draw_evidence(read_survey(survey, PLAIN), {"sampled": "o/b"}, method, 500, RNG_FOR).columns
    name = "commits_per_contributor_period.sampled"
    assert drawn[name].std() == pytest.approx(plain[name].std(), rel=0.35)  # pooled variances differ a little


def test_every_label_of_a_repository_has_its_history(folder: Path):
    listed = read(folder)
    assert {each.name: len(each.counts) for each in listed.strata} == {"A": 6, "B": 5, "C": 4, "C again": 4}
    merged = read(folder, Reading(lines="corrected", duplicates="merged"))
    assert {each.name: len(each.counts) for each in merged.strata} == {"o/a": 6, "o/b": 5, "o/c": 4}
    assert [each.unsampled for each in merged.strata] == [0.0, 1.0, 0.0]
    said = " ".join(listed.notes)
    assert "whole.csv stand for 3 of 4 strata, all periods of" in said
    assert "histories that are not in the survey are left out: o/d" in said


def test_weekly_bins_leave_histories_as_they_are(folder: Path):
    # all periods start on a Sunday: those of the survey are scaled (commits by 2/3), the history's are not
    binned = read(folder, Reading(lines="corrected", weeks="weekly-bins"))
    by_name = {each.name: each.counts for each in binned.strata}
    assert by_name["A"][:, 1].tolist() == [30, 50, 70, 90, 110, 130]
    assert by_name["B"][0] == pytest.approx([1 / 1.19, 10 * 2 / 3, 1000 * 2 / 3])


def test_a_span_keeps_whole_what_is_whole_and_a_sample_a_sample(tmp_path: Path):
    path = write(
        tmp_path,
        "p.csv",
        rows("A", "o/a", [3, 5, 7, 9, 11, 13], tail=",6"),
        rows("B", "o/b", [1, 2, 3, 4, 5, 6], tail=",24"),
        rows("C", "o/c", [8, 8], year=2019, tail=",2"),
        population=True,
    )
    # fortnights from 19 January to 15 February 2020: the second and the third
    sample = read_survey(path, PLAIN, span=Span(date(2020, 1, 19), date(2020, 2, 15)))
    assert {each.name: each.counts[:, 0].tolist() for each in sample.strata} == {"A": [5, 7], "B": [2, 3]}
    # of B's 24 fortnights some are outside: that all were inside errs towards wider intervals
    assert [each.unsampled for each in sample.strata] == [0.0, 1 - 2 / 24]
    assert sample.notes[-1].endswith("no period from 2020-01-19 to 2020-02-15 of o/c: they count nothing")


def test_the_last_periods_of_each_repository(tmp_path: Path):
    lines = rows("A", "o/a", [3, 5, 7, 9]), rows("B", "o/b", [1]), rows("C", "o/c", [8, 6, 4], year=2019)
    shuffled = [line for part in lines for line in part][::-1]
    path = write(tmp_path, "p.csv", shuffled)
    last = read_survey(path, PLAIN, span=Span(last_periods=2))
    assert {each.name: each.counts[:, 0].tolist() for each in last.strata} == {
        "A": [7, 9], "B": [1], "C": [6, 4],
    }  # fmt: skip
    before = read_survey(path, PLAIN, span=Span(until=date(2020, 2, 1), last_periods=1))
    assert {each.name: each.counts[:, 0].tolist() for each in before.strata} == {"A": [5], "B": [1], "C": [4]}


def test_a_span_of_histories_leaves_the_sampled_periods_and_serves_whom_it_can(folder: Path):
    # A's fifth and sixth fortnight lie in March 2020, where C's history of four has ended
    mixed = read(folder, span=Span(since=date(2020, 3, 1)))
    assert {each.name: len(each.counts) for each in mixed.strata} == {"A": 2, "B": 5, "C": 5, "C again": 5}
    assert [each.unsampled for each in mixed.strata] == [0.0, 1.0, 1.0, 1.0]
    assert any("of o/c, o/d: " in note and "sampled.csv serves for them" in note for note in mixed.notes)


def test_without_a_span_nothing_is_said_and_nothing_changed():
    plain, spanned = read_survey(SURVEY, Reading()), read_survey(SURVEY, Reading(), span=EVERY)
    assert plain.notes == spanned.notes == ()
    assert (plain.counts == spanned.counts).all()


def test_the_shipped_histories_stand_in_by_hand():
    """Means of the files by pandas, with the survey's own rows for the repositories that have no history."""
    import pandas as pd

    survey, histories = pd.read_csv(SURVEY), pd.read_csv(HISTORIES)
    known = set(histories["repository"])
    means = histories.groupby("repository")[["contributors", "commits"]].mean()
    own = survey[~survey["repository"].isin(known)].groupby("label")[["contributors", "commits"]].mean()
    served = survey[survey["repository"].isin(known)].drop_duplicates("label")["repository"]
    wanted = own.sum() + means.loc[served].sum()
    found = point_estimates(read_survey(SURVEY, Reading(), HISTORIES), {})
    assert found["contributors"] == pytest.approx(wanted["contributors"], rel=1e-12)
    assert found["commits_per_year"] == pytest.approx(26 * wanted["commits"], rel=1e-12)


EVIDENCE = '[evidence]\nperiods = "sampled.csv"\nlines = "corrected"\nreferences = { b = "o/b" }\n'


def scenario(folder: Path, more: str = "", settings: tuple[str, ...] = ()) -> Scenario:
    part = EVIDENCE.replace("references", f"{more}\nreferences")
    return load(write_scenario(folder, scenario_text(part)), settings)


def test_a_scenario_states_both_and_draws_them(folder: Path):
    mixed = scenario(folder, 'histories = "whole.csv"\nsince = 2020-01-19\nmethod = "rescaled"')
    draws = draw_survey(mixed, design_of(mixed))
    # A's history from its second fortnight on has a mean of 9, C's of 14/3
    assert draws.columns["contributors"].mean() == pytest.approx(9 + 2 * 14 / 3 + 1.6, rel=0.02)
    words = "\n".join(line for lines in explanation(mixed).values() for line in lines)
    assert "histories stand in where they are known" in words
    assert "of histories count the periods from 2020-01-19" in words


def test_digest_lock_and_resolved_form_know_the_histories(folder: Path):
    mixed = scenario(folder, 'histories = "whole.csv"\nuntil = 2021-01-01\nlast_periods = 3')
    assert evidence_files(mixed.evidence) == {
        "periods": folder / "sampled.csv",
        "histories": folder / "whole.csv",
    }
    again = load(write_scenario(folder, resolved_toml(mixed, folder), "test.resolved.toml"), ["name=test"])
    assert again.evidence == mixed.evidence
    before = scenario_digest(mixed)
    assert before != scenario_digest(scenario(folder))
    whole = folder / "whole.csv"
    whole.write_text(whole.read_text().replace(",50,", ",51,"))
    assert scenario_digest(mixed) != before


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ("since = 2021-01-01\nuntil = 2020-01-01", ["until 2020-01-01 lies before since 2021-01-01"]),
        ("since = 2021", ["evidence.since: 2021 is no day", "a date, as 2021-02-19"]),
        ('since = "May"', ["evidence.since"]),
        ("last_periods = 0", ["evidence.last_periods", "at least 1"]),
        ("last_periods = 2.5", ["evidence.last_periods"]),
        ("since = 2031-01-01", ["sampled.csv: evidence.since: no period from 2031-01-01", "2020-01-05 to"]),
        (
            "since = 2020-01-06\nuntil = 2020-01-07",
            ["evidence.since, evidence.until: no period from 2020-01-06 to 2020-01-07"],
        ),
        ('histories = "nowhere.csv"', ["nowhere.csv", "no such file"]),
        ('histories = "other.csv"', ["other.csv: evidence.histories: none of its 1 repositories is one of"]),
        ('histories = "whole.csv"\nmethod = "hierarchical"', ["method 'hierarchical'", "calibrated"]),
        (
            'until = 2021-01-01\nmethod = "hybrid"',
            ["method 'hybrid'", "naive, rescaled"],
        ),
        ('historys = "whole.csv"', ["historys", "histories"]),
    ],
)
def test_what_cannot_be(folder: Path, more: str, words: list[str]):
    write(folder, "other.csv", rows("Z", "o/z", [1, 2]))
    with pytest.raises(InvalidInput) as caught:
        check_data(scenario(folder, more))
    said = "\n".join(map(str, caught.value.faults))
    assert all(each in said for each in words), said
    assert len(caught.value.faults) == 1


def test_histories_need_periods(folder: Path):
    observed = '[evidence.observations.x]\nvalues = [1.0]\nsd = 0.1\nsource = "made"\n'
    text = scenario_text('[evidence]\nhistories = "whole.csv"\n', observed)
    with pytest.raises(InvalidInput, match="need periods, which are missing"):
        load(write_scenario(folder, text))


def test_models_refuse_populations(folder: Path):
    survey = 'periods = "whole.csv"\nlines = "corrected"\nmethod = "hierarchical"\n'
    path = write_scenario(folder, scenario_text(f"[evidence]\n{survey}"))
    with pytest.raises(InvalidInput, match="3 of 3 strata have a population") as caught:
        check_data(load(path))
    assert "a bootstrap such as calibrated" in str(caught.value)
    arguments = ["fit", "--data", str(HISTORIES), "--reference", "jax=google/jax"]
    refused = CliRunner().invoke(app, arguments)
    assert isinstance(refused.exception, InvalidInput)
    assert "123 of 123 strata have a population" in str(refused.exception)
