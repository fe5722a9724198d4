"""Tables from elsewhere: encodings, marks, line ends, sizes, cells that mean something to other programs."""

import io
import json
import pickle
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from sim.analysis.sweep.points import read_points
from sim.distributions import Empirical
from sim.distributions import empirical as empirical_family
from sim.evidence.frequencies import read_cells
from sim.evidence.periods import read_periods
from sim.faults import InvalidInput
from sim.figures.catalogue import Columns
from sim.stored_tables import read_table
from studies.coverage.trials import read_trials
from tests.cli.test_wrong_inputs import PERIODS
from tests.properties.test_malformed import time_limit

SECONDS = 20
GOOD = "\n".join(PERIODS) + "\n"
WIDE = b",".join(b"c%d" % place for place in range(10**6)) + b"\n" + b"1," * (10**6 - 1) + b"1\n"


def empirical(path: Path) -> object:
    law = Empirical(distribution="empirical", file=path.name, column="x")
    return law.read(path.parent)


READERS: dict[str, Callable[[Path], object]] = {
    "periods": read_periods,
    "cells": lambda path: read_cells(path, ("x",)),
    "empirical": empirical,
    "plot": lambda path: read_table(path, Columns({"x": "number"})),
}

# what none of the readers may take, and none may hang or break on
WRONG = {
    "empty": b"",
    "nothing but a mark": b"\xef\xbb\xbf",
    "nothing but line ends": b"\n\r\n\r\n",
    "a million columns": WIDE,
    "UTF-16": GOOD.encode("utf-16"),
    "Latin-1 in the middle": b"x\n1\n" + "größer".encode("latin-1") + b"\n",
    "null bytes": b"x\n1\n\0\0\0\n",
    "binary": bytes(range(256)) * 100,
    "a pickle": pickle.dumps({"x": [1, 2, 3]}),
    "an array of objects": b"\x93NUMPY\x01\x00v\x00{'descr': '|O', 'fortran_order': False, 'shape': (1,)}\n.",
    "a quote without end": b'x\n"1\n2\n' + b"3," * 10_000,
    "a formula of a spreadsheet": b"x\n=1+2\n@SUM(A1)\n+3+4\n-cmd|' /C calc'!A0\n",
    "one long line": b"x" * 10**7,
    "ragged": b"x\n1,2,3\n4\n",
}


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("name", WRONG)
def test_wrong_tables(tmp_path: Path, reader: str, name: str):
    if reader == "cells" and name in ("null bytes", "a formula of a spreadsheet", "one long line"):
        pytest.skip(
            "any text is a cell; what must be a number is looked at by sim.evidence.frequencies.numbers"
        )
    path = tmp_path / "a.csv"
    path.write_bytes(WRONG[name])
    with time_limit(SECONDS), pytest.raises(InvalidInput) as refused:
        READERS[reader](path)
    assert "a.csv" in str(refused.value)
    assert len(str(refused.value)) < 50_000


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"], ids=["no mark", "byte order mark"])
@pytest.mark.parametrize("end", [b"\n", b"\r\n"], ids=["LF", "CRLF"])
@pytest.mark.parametrize("last", [True, False], ids=["last line ended", "not ended"])
def test_marks_and_line_ends_do_not_matter(tmp_path: Path, mark: bytes, end: bytes, last: bool):
    """The same numbers as from the plain file."""
    plain = tmp_path / "plain.csv"
    plain.write_text(GOOD, encoding="utf-8")
    written = tmp_path / "a.csv"
    written.write_bytes(mark + end.join(line.encode() for line in PERIODS) + end * last)
    assert (
        read_periods(written)
        .frame.reset_index(drop=True)
        .equals(read_periods(plain).frame.reset_index(drop=True))
    )
    column = tmp_path / "x.csv"
    column.write_bytes(mark + end.join([b"x", b"1.5", b"2.5"]) + end * last)
    sample = Empirical(distribution="empirical", file="x.csv", column="x").read(tmp_path)
    assert sample.values.tolist() == [1.5, 2.5]
    assert read_table(column, Columns({"x": "number"}))["x"].tolist() == [1.5, 2.5]


def test_a_label_may_look_like_a_formula(tmp_path: Path):
    """It is a text like any other; nothing here works it out."""
    path = tmp_path / "a.csv"
    path.write_text(GOOD.replace("\nA,", "\n=1+2,"), encoding="utf-8")
    assert set(read_periods(path).frame["label"]) == {"=1+2"}


def test_parquet_that_unpacks_to_too_much(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Run-length encoding of one value: 32 MB in a hundredth of that, under a limit of 16 MB."""
    monkeypatch.setattr(empirical_family, "MAX_TABLE_BYTES", 2**22)
    path = tmp_path / "a.parquet"
    ones = pa.table({name: pa.array(np.ones(2**19)) for name in "xabcdefg"})
    with pq.ParquetWriter(path, ones.schema, compression="zstd", use_dictionary=True) as writer:
        writer.write_table(ones)
    assert path.stat().st_size < 2**18
    with time_limit(SECONDS), pytest.raises(InvalidInput, match="unpacks to"):
        empirical(path)


def test_parquet_damaged_anywhere(tmp_path: Path):
    whole = io.BytesIO()
    pd.DataFrame({"x": np.arange(100.0), "y": list("ab") * 50}).to_parquet(whole)
    rng = np.random.default_rng([6, 4])
    path = tmp_path / "a.parquet"
    n_refused = 0
    for _ in range(200):
        content = bytearray(whole.getvalue())
        for place in rng.integers(len(content), size=4):
            content[place] ^= int(rng.integers(1, 256))
        path.write_bytes(content[: rng.integers(1, len(content))] if rng.random() < 0.3 else content)
        try:
            empirical(path)
        except InvalidInput:
            n_refused += 1
    assert n_refused > 50


@pytest.mark.parametrize(
    "line", [b"hello", b"[" * 10_000, b"\xff\xfe", b"{}", b"null", b'{"version": 1e999}', b"9" * 10**6]
)
def test_kept_lines_of_any_kind(tmp_path: Path, line: bytes):
    path = tmp_path / "kept.jsonl"
    path.write_bytes(line + b"\n")
    assert read_points(path)[1] == 1
    with pytest.raises(InvalidInput, match=r"kept\.jsonl: line 1"):
        read_trials(path)


@pytest.mark.parametrize(
    "content", ["", "{", "[" * 100_000, "null", "{}", '{"rows": 3}', json.dumps({"rows": [{}]}), "9" * 5000]
)
def test_a_summary_of_any_kind(sim, finished: Path, content: str):
    (finished / "summary.json").write_text(content, encoding="utf-8")
    found = sim("plot", finished, "--figure", "all")
    assert found.code == 2 and "summary.json" in found.err, found.err


def test_tables_of_a_run_of_any_kind(sim, finished: Path):
    for name, content in WRONG.items():
        for table in (finished / "tables").glob("*.csv"):
            table.write_bytes(content)
        with time_limit(60):
            found = sim("plot", finished, "--figure", "all")
        assert found.code in (0, 2) and "Traceback" not in found.err, name
