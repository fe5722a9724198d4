"""Entries that cannot stand alone, and what counts as an edit."""

from pathlib import Path

import pytest

from sim.analysis.compare.differences import Edits
from sim.scenario.load import load
from tests.builders import parameter
from tests.compare.builders import compared, constant, lognormal, overlay, parts, role, write


def test_a_formula_that_reads_an_added_parameter_belongs_with_it(tmp_path: Path):
    one = write(tmp_path, "base", constant("a", 2), constant("b", 3), formula="a * b")
    added = constant("factor", 10)
    text = f'{added}\n[parameters.a]\nvalue = 4\n[outcomes.total]\nformula = "a * b * factor"\n'
    comparison = compared(one, overlay(tmp_path, "other", text))
    group = "parameters.factor + outcomes.total"
    # a: 2 -> 4 and a factor of 10 on 6: a has (6 + 60) / 2, the factor (54 + 108) / 2
    assert parts(comparison, "median") == {
        group: pytest.approx(81, rel=1e-14),
        "parameters.a": pytest.approx(33, rel=1e-14),
    }


def test_a_parameter_taken_out_belongs_with_what_no_longer_reads_it(tmp_path: Path):
    one = write(tmp_path, "base", constant("a", 2), constant("b", 3), formula="a * b")
    text = 'remove = ["parameters.b"]\n[outcomes.total]\nformula = "a"\n[parameters.a]\nvalue = 5\n'
    comparison = compared(one, overlay(tmp_path, "other", text))
    assert set(parts(comparison, "median")) == {"parameters.b + outcomes.total", "parameters.a"}
    assert role(comparison, "change", "median") == -1


def test_entries_that_give_no_finite_number_alone_belong_together(tmp_path: Path):
    # a law below zero under a logarithm: only the new formula can take the new law
    one = write(tmp_path, "base", lognormal("a", 4.0, 0.5), formula="log(a)")
    law = parameter("a", 'distribution = "normal"\nmean = 0\nsd = 1')
    comparison = compared(one, overlay(tmp_path, "other", f'{law}[outcomes.total]\nformula = "a"\n'))
    assert set(parts(comparison, "median")) == {"parameters.a + outcomes.total"}


def test_units_that_change_together_belong_together(tmp_path: Path):
    def unit(name: str) -> str:
        return parameter("a", 'distribution = "constant"\nvalue = 2', f'unit = "{name}"')

    one = write(tmp_path, "base", unit("USD"), formula="2 * a")
    one.write_text(
        one.read_text(encoding="utf-8").replace("[outcomes.total]", '[outcomes.total]\nunit = "USD"')
    )
    text = (
        unit("kUSD").replace("kUSD", "USD/year")
        + '[outcomes.total]\nunit = "USD/year"\n[outcomes.same]\nformula = "1"\n'
    )
    same = one.read_text(encoding="utf-8") + '\n[outcomes.same]\nformula = "1"\n'
    one.write_text(same, encoding="utf-8")
    edits = Edits(load(one), load(overlay(tmp_path, "other", text)))
    assert edits.entries == (("parameters", "a"), ("outcomes", "total"))
    assert edits.n_faults([("parameters", "a")]) > 0
    assert edits.n_faults(edits.entries) == 0


def test_words_and_reports_are_no_edits(tmp_path: Path):
    one = write(tmp_path, "base", constant("a", 2), formula="a")
    text = (
        'seed = 9\n[report]\nthresholds = [1]\n[parameters.a]\ntitle = "A"\nkind = "data"\nsource = "here"\n'
        '[outcomes.total]\ntitle = "T"\n[sampling]\nn_draws = 512\n'
    )
    assert Edits(load(one), load(overlay(tmp_path, "other", text))).entries == ()


def test_tied_parameters_and_choices_are_drawn_as_a_run_draws_them(tmp_path: Path):
    # with all edits made the scenario in between is the other one: its median is that of its own run
    head = lognormal("a", 4.0, 0.5) + lognormal("b", 9.0, 0.3)
    one = write(tmp_path, "base", head, formula="a * b")
    text = (
        '[[correlations]]\nbetween = ["a", "b"]\nrank = 0.6\nrationale = "x"\n'
        '[choices.way]\nrationale = "x"\none = 1\ntwo = 3\n'
        '[outcomes.total]\nby = "way"\none = "a * b"\ntwo = "a + b"\n'
    )
    comparison = compared(one, overlay(tmp_path, "other", text))
    found = parts(comparison, "median")
    assert set(found) == {"correlations", "choices.way + outcomes.total"}
    assert comparison.warnings == ()  # which would say that the medians differ
    assert sum(found.values()) == pytest.approx(role(comparison, "change", "median"), rel=1e-12)
