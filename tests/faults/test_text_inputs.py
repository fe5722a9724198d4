"""Formulas, units and TOML are data: nothing in them runs, reads or hangs, however they are written."""
# ruff: noqa: E501

import builtins
import json
import os
import socket
import subprocess
from pathlib import Path

import numpy as np
import pytest

from sim.faults import InvalidInput
from sim.formulas import FormulaError, evaluate, parse
from sim.formulas.units import parse_unit
from sim.input_file import TomlError, parse_toml
from sim.scenario.load import MAX_CHAIN, read_layer
from tests.builders import parameter, scenario_text, write_scenario
from tests.faults.conftest import X
from tests.properties.test_malformed import time_limit

SECONDS = 10

ADVERSARIAL = (
    "__import__('os').system('true')", "().__class__.__bases__[0].__subclasses__()", "x.__class__", "x.__dict__",
    "x._private", "_x", "__builtins__", "__builtins__.open", "open('/etc/passwd')", "eval('1')", "exec('1')",
    "compile('1', '', 'eval')", "getattr(x, 'a')", "globals()", "vars()", "input()", "breakpoint()", "print(x)",
    "lambda: 1", "(lambda: x)()", "[x for x in y]", "{x for x in y}", "{x: 1 for x in y}", "(x for x in y)",
    "[*x]", "f'{x}'", "f'{__import__(\"os\")}'", "'a' * 9", "b'a'", "'/etc/passwd'", "(x := 1)", "x if x else 1",
    "x and x", "x or x", "not x", "x is x", "x in x", "x[0]", "x[0:1]", "{}", "{1: 2}", "[]", "()", "x, x", "...",
    "None", "True", "1j", "x @ x", "x // 2", "x % 2", "x & 1", "x | 1", "x ^ 1", "x << 99999999", "~x", "await x",
    "yield x", "*x", "x; x", "x = 1", "import os", "del x", "x < x < x", "exp(x=1)", "exp(*x)", "exp(**x)", "pi()", "where(x, 1, 2)", "exp()(x)", "x.exp(1)", "sum.__call__(x)", "min()", "log(1, 2)",
    "x\x00", "x\x00+ open('a')", "\ufeffx", "x\u200b", "ｘ", "𝐱", "ｅval('1')", "𝒍𝒐𝒈(x)", "_＿import__('os')", "х",
    "x\n+ x", "x\r+ x", "# x", "", " ", "\\", "'", '"', '"""', "(", ")", "x x", "1 2", "0777", "1e999", "9" * 5000,
    "x" * 20_001, "(" * 300 + "x" + ")" * 300, "-" * 5_000 + "x", "not " * 500 + "x", "x if " + "-" * 900 + "x else 1",
    "+".join(["x"] * 9_000), "x" + ".x" * 9_000, "**".join(["x"] * 5_000), "[" * 900, "exp(" * 500 + "x" + ")" * 500,
    "_" * 9_000, "x." + "_" * 100, "x.y[0].z", "x().y", "1 .real", "(1).bit_length()", "x<>x", "x!x", "x$x", "`x`",
)  # fmt: skip

HOSTILE_UNITS = (
    "m**9**9**9", "9**9**9", "m^9^9^9", "9999999999**999999999", "10**10**10 m", "9^99999999", "9⁹⁹⁹⁹⁹⁹⁹⁹⁹", "1/0",
    "m/0", "1e9**1e9", "m**1e308", "kg**(9**9)", "(((((2 m)**99)**99)**99)**99)**99", "m**999999999", "9" * 200,
    "m.__class__", "__import__('os')", "lambda: 1", "open('/etc/passwd')", "m\x00", "(" * 199, "m" * 201, "m if m",
    "", "m//m", "m;m", "m\nm", "nan", "inf", "1e999", "-m", "m*-9**99999",
)  # fmt: skip


@pytest.fixture
def sealed_off(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make every way out an error that no refusal is."""

    def escaped(*_: object, **__: object) -> None:
        raise AssertionError("a formula reached outside")

    for place, name in (
        (builtins, "eval"), (builtins, "exec"), (builtins, "open"), (builtins, "input"),
        (os, "system"), (os, "open"), (socket, "socket"), (subprocess, "Popen"),
    ):  # fmt: skip
        monkeypatch.setattr(place, name, escaped)


@pytest.mark.parametrize("text", ADVERSARIAL, ids=range(len(ADVERSARIAL)))
@pytest.mark.usefixtures("sealed_off")
def test_what_is_no_formula_is_refused(text: str):
    with time_limit(SECONDS), pytest.raises(FormulaError) as refused:
        parse(text)
    assert len(str(refused.value)) < 1000


@pytest.mark.parametrize("text", ["9**9**9", "-9**9999", "1/0", "0.0**-1", "9**9**9**9"])
def test_numbers_too_large_are_refused_at_once(text: str):
    with time_limit(SECONDS), pytest.raises(FormulaError, match="cannot be worked out"):
        evaluate(parse(text), {}, (2,))


@pytest.mark.parametrize(
    "text", ["**".join(["x"] * 150), "exp(exp(exp(exp(x * 99))))", "x ** x ** x * 1e308"]
)
def test_draws_too_large_become_infinite_at_once(text: str):
    """IEEE 754: overflow gives infinity, which the engine refuses (tests/cli/test_wrong_inputs.py)."""
    with time_limit(SECONDS):
        assert np.isinf(evaluate(parse(text), {"x": np.array([9.0])}, (1,))).all()


@pytest.mark.parametrize("text", HOSTILE_UNITS, ids=range(len(HOSTILE_UNITS)))
def test_what_is_no_unit_is_refused(text: str):
    with time_limit(SECONDS), pytest.raises(FormulaError):
        parse_unit(text)


@pytest.mark.parametrize(
    "text", ["1", "USD/person/year", "m**2", "m^2", "kg m**-1 s^(-2)", "m**0.5", "1/year", "(m/s)**2"]
)
def test_units_are_units_still(text: str):
    parse_unit(text)


HOSTILE_TOML = {
    "lists": "a = " + "[" * 10_000 + "]" * 10_000,
    "tables": "a = " + "{a=" * 10_000 + "1" + "}" * 10_000,
    "dotted key": "a" + ".a" * 10_000 + " = 1",
    "dotted table": "[a" + ".a" * 10_000 + "]",
    "array of tables": "[[a" + ".a" * 10_000 + "]]",
    "dotted by hundreds": "\n".join("a" + ".a" * n + ".b = 1" for n in range(100, 200)),
    "digits": "a = " + "9" * 5_000,
    "date": "a = 9999-99-99",
    "surrogate": 'a = "\\ud800"',
    "null": "a = 1\x00",
    "text without end": 'a = """' + "x" * 10**6,
}


@pytest.mark.parametrize("name", HOSTILE_TOML)
def test_hostile_toml(name: str):
    with time_limit(SECONDS), pytest.raises(TomlError):
        parse_toml(HOSTILE_TOML[name])


def test_a_formula_of_a_hundred_thousand_terms(sim, tmp_path: Path):
    path = write_scenario(tmp_path, scenario_text(X, formula=" + ".join(["x"] * 100_000)))
    found = sim("run", path, "--out", tmp_path / "out")
    assert found.code == 2 and "at most 20,000 are read" in found.err
    assert len(found.err) < 1_000


def chain(folder: Path, n: int) -> Path:
    for place in range(n):
        write_scenario(folder, f'extends = "{place + 1}.toml"\n', f"{place}.toml")
    write_scenario(folder, scenario_text(X, formula="x"), f"{n}.toml")
    return folder / "0.toml"


def test_a_long_chain_of_overlays(tmp_path: Path):
    assert read_layer(chain(tmp_path, MAX_CHAIN - 1)).leaves["seed",] == 7
    with pytest.raises(InvalidInput, match="the chain of files is too long"):
        read_layer(chain(tmp_path, 2_000))


def test_a_file_that_extends_too_many(tmp_path: Path):
    names = [write_scenario(tmp_path, "seed = 1\n", f"{place}.toml").name for place in range(1_100)]
    path = write_scenario(tmp_path, f"extends = {names}\n".replace("'", '"'), "wide.toml")
    with time_limit(60), pytest.raises(InvalidInput, match="the chain of files is too long"):
        read_layer(path)


@pytest.mark.parametrize(
    "setting", ["a" + ".a" * 10_000 + "=1", "a=" + "[" * 10_000, "a=" + "9" * 5_000, "=", "a\x00=1"]
)
def test_hostile_settings(sim, tiny: Path, setting: str):
    with time_limit(60):
        found = sim("check", tiny, "--set", setting)
    assert found.code == 2 and "--set" in found.err and len(found.err) < 20_000


def test_escape_sequences_do_not_reach_the_terminal(sim, tmp_path: Path):
    """A file that is only looked at must not write to the screen: title, keys and values are shown escaped."""
    path = write_scenario(tmp_path, 'title = 1\nseed = "\\u001b[2J"\n"\\u001b]0;x\\u0007" = 1\n')
    found = sim("check", path)
    assert found.code == 2
    assert "\x1b" not in found.err and "\x07" not in found.err
    assert "\\x1b" in found.err


@pytest.mark.slow
def test_ten_thousand_parameters(sim, tmp_path: Path):
    """Two minutes at most on a busy core for what takes about ten seconds (docs/faults.md)."""
    laws = [parameter(f"p{place}", 'distribution = "normal"\nmean = 3\nsd = 1') for place in range(10_000)]
    names = ", ".join(f"p{place}" for place in range(2_000))
    path = write_scenario(tmp_path, scenario_text(*laws, formula=f"sum({names})", n_draws=64))
    overlay = write_scenario(tmp_path, 'extends = "many.toml"\n' + "\n".join(laws), "overlay.toml")
    path.rename(tmp_path / "many.toml")
    with time_limit(120):
        found = sim("check", overlay)
    assert found.code == 0, found.err[:1000]
    assert "10000 parameters" in found.out


@pytest.mark.slow
def test_more_inputs_than_a_variance_is_split_among(sim, tmp_path: Path):
    """A run of 201 parameters works, and says what it left out; what is only about that is refused."""
    laws = [parameter(f"p{place}", 'distribution = "normal"\nmean = 3\nsd = 1') for place in range(201)]
    names = ", ".join(f"p{place}" for place in range(201))
    path = write_scenario(tmp_path, scenario_text(*laws, formula=f"sum({names})", n_draws=64))
    found = sim("run", path, "--out", tmp_path / "out", "--json")
    assert found.code == 0, found.err
    assert any("the variance is not split: 201 parameters" in note for note in json.loads(found.out)["notes"])
    refused = sim("sensitivity", path, "--out", tmp_path / "out")
    assert refused.code == 2 and "too many to split the variance among" in refused.err
