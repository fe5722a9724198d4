"""What can be compared, and what is said when it cannot."""

import hashlib
from pathlib import Path

import pytest

from sim.analysis.compare.sources import distinct_names
from sim.faults import InvalidInput
from tests.compare.builders import compared, constant, lognormal, overlay, write

LAWS = (lognormal("a", 4.0, 0.5), constant("b", 3.0))


@pytest.fixture
def base(tmp_path: Path) -> Path:
    return write(tmp_path, "base", *LAWS, formula="a * b")


def test_scenarios_take_the_seed_of_the_first(base: Path, tmp_path: Path):
    other = overlay(tmp_path, "other", "seed = 99\n")
    comparison = compared(base, other)
    assert {source.scenario.seed for source in comparison.sources} == {7}
    assert comparison.contrasts["paired"].all()


def test_what_is_not_comparable_is_said(base: Path, tmp_path: Path):
    text = (
        '[sampling]\nn_draws = 512\n[report]\noutcome = "more"\nthresholds = [2]\n'
        'interval = { probability = 0.9, kind = "hdi" }\n[outcomes.more]\nformula = "a"\n'
    )
    comparison = compared(base, overlay(tmp_path, "other", text))
    said = "\n".join(comparison.warnings)
    for words in (
        "the outcome reported is more and total",
        "outcomes of one only, not compared: more",
        "n_draws 512 and 256: unpaired",
        "interval reported is 0.9 hdi and 0.95 eti",
        "thresholds are 2 and none",
    ):
        assert words in said, words
    assert not comparison.contrasts["paired"].any()
    assert "probability" not in set(comparison.contrasts["measure"])


def test_units_that_differ_are_not_compared(base: Path, tmp_path: Path):
    text = 'parameters.a.unit = "USD"\noutcomes.total.unit = "USD"\n'
    with pytest.raises(InvalidInput) as refused:
        compared(base, overlay(tmp_path, "other", text))
    assert "no outcome in common with base" in str(refused.value)


def test_names_are_told_apart():
    assert distinct_names(["a", "a", "a-2", "a"]) == ["a", "a-3", "a-2", "a-4"]


def test_what_was_not_kept_is_said(base: Path, tmp_path: Path):
    comparison = compared(base, overlay(tmp_path, "other", "sampling.keep_draws = 64\n"))
    said = "\n".join(comparison.warnings)
    assert "other: 64 of 256 draws were kept" in said
    assert "keep_draws 64 and None: unpaired" in said


def test_too_many_draws_are_refused(base: Path, tmp_path: Path):
    with pytest.raises(InvalidInput) as refused:
        compared(base, overlay(tmp_path, "other", ""), n_draws=2**23)
    assert "8,388,608 draws are too many" in str(refused.value)


def test_surveys_that_differ_are_said(tmp_path: Path):
    head = "repository,start,end,contributors,commits,lines"
    rows = [
        f"o/{name},2020-01-{day:02},2020-01-{day + 6:02},{day},{day},{day}"
        for name in "ab"
        for day in (1, 8, 15)
    ]
    (tmp_path / "sampled.csv").write_text("\n".join([head, *rows]))
    whole = "\n".join([f"{head},population", *(f"{row},3" for row in rows[:3])])
    (tmp_path / "whole.csv").write_text(whole)
    evidence = '[evidence]\nperiods = "sampled.csv"\nlines = "corrected"\n'
    people = '[outcomes.people]\nunit = "person"\nformula = "contributors"\n'
    base = write(tmp_path, "base", evidence, people, constant("a", 2.0), formula="a")
    other = overlay(tmp_path, "other", '[evidence]\nhistories = "whole.csv"\nsince = 2020-01-08\n')
    comparison = compared(base, other)
    said = "\n".join(comparison.warnings)
    digest = hashlib.sha256(whole.encode()).hexdigest()[:8]
    assert f"other histories: whole.csv {digest} and none" in said
    assert "evidence.since is 2020-01-08 and not set" in said
