"""Values from a file: rows kept together, and every fault of the file named."""

import hashlib
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sim.faults import InvalidInput
from tests.distributions.builders import family

TABLE = pd.DataFrame({"pay": [300.0, 100.0, 200.0, 100.0], "years": [3, 1, 2, 9], "weight": [0, 1, 2, 1]})


@pytest.fixture(params=["csv", "parquet"])
def name(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    path = tmp_path / f"pay.{request.param}"
    TABLE.to_csv(path, index=False) if request.param == "csv" else TABLE.to_parquet(path)
    return path.name


def read(folder: Path, file: str, column: str, weights: str | None = None):
    return family("empirical", file=file, column=column, weights=weights).read(folder)


def problem(folder: Path, text: str, column: str = "x", weights: str | None = None) -> str:
    (folder / "bad.csv").write_text(text)
    with pytest.raises(InvalidInput) as caught:
        read(folder, "bad.csv", column, weights)
    return str(caught.value)


def test_values_in_the_order_of_the_file(tmp_path: Path, name: str):
    sample = read(tmp_path, name, "pay")
    assert np.array_equal(sample.values, TABLE["pay"])
    assert np.array_equal(sample.probabilities, np.full(4, 0.25))
    assert sample.digest == hashlib.sha256((tmp_path / name).read_bytes()).hexdigest()


def test_parameters_on_one_file_keep_its_rows_together(tmp_path: Path, name: str):
    u = np.random.default_rng(1).random((2, 500))
    pay, years = read(tmp_path, name, "pay"), read(tmp_path, name, "years")
    rows = pay.rows(u)
    assert np.array_equal(rows, years.rows(u))
    assert rows.shape == u.shape
    pairs = set(zip(pay.values[rows].flat, years.values[rows].flat, strict=True))
    assert pairs == {(300, 3), (100, 1), (200, 2), (100, 9)}
    assert np.array_equal(rows, np.floor(4 * u))  # equal weights: a quarter each, in file order


def test_weighted_rows(tmp_path: Path, name: str):
    sample = read(tmp_path, name, "pay", "weight")
    assert np.array_equal(
        sample.rows(np.array([1e-300, 0.25, 0.26, 0.75, 0.76, 1 - 2**-53])), [1, 1, 2, 2, 3, 3]
    )
    law = sample.law()  # 100 twice with 1/4 each, 200 with 1/2, 300 never
    assert np.array_equal(law.ppf(np.array([0.1, 0.5, 0.51, 0.99])), [100, 100, 200, 200])
    assert (law.mean(), law.std(), law.support()) == (150, 50, (100, 200))


def test_missing_file(tmp_path: Path):
    with pytest.raises(InvalidInput, match=r"nowhere\.csv: no such file"):
        read(tmp_path, "nowhere.csv", "x")


@pytest.mark.parametrize("name", ["empty.csv", "not.parquet"])
def test_unreadable_files(tmp_path: Path, name: str):
    (tmp_path / name).write_text("")
    with pytest.raises(InvalidInput, match="cannot be read as a table"):
        read(tmp_path, name, "x")


@pytest.mark.parametrize("content", [b"x\n\xff\xfe\n", b'x,y\n1,"2\n'])
def test_broken_text(tmp_path: Path, content: bytes):
    (tmp_path / "bad.csv").write_bytes(content)
    with pytest.raises(InvalidInput, match=r"cannot be read as a table|not a number|no such column"):
        read(tmp_path, "bad.csv", "x")


def test_faults_of_columns(tmp_path: Path):
    missing = problem(tmp_path, "salary,y\n1,2\n", "salry")
    assert "salry: no such column" in missing
    assert "allowed: salary, y" in missing
    assert "nearest: salary" in missing
    assert "row 2 holds 'two', which is not a number" in problem(tmp_path, "x\n1\ntwo\n3\n")
    assert "row 1 holds True, which is not a number" in problem(tmp_path, "x\nTrue\nFalse\n")
    assert "row 2 holds nan, one of 2 such rows" in problem(tmp_path, "x,y\n1,1\n,1\n,1\n")
    assert "row 1 holds inf, one of 1" in problem(tmp_path, "x\ninf\n2\n")
    assert "the column has no values" in problem(tmp_path, "x\n")


def test_faults_of_weights(tmp_path: Path):
    assert "w: row 2 holds the weight -1" in problem(tmp_path, "x,w\n1,1\n2,-1\n", weights="w")
    assert "w: the weights are all zero" in problem(tmp_path, "x,w\n1,0\n2,0\n", weights="w")
    assert "v: no such column" in problem(tmp_path, "x,w\n1,0\n2,0\n", weights="v")


def test_all_faults_at_once(tmp_path: Path):
    text = problem(tmp_path, "x,w\none,1\n2,-1\n", weights="w")
    assert "row 1 holds 'one'" in text
    assert "row 2 holds the weight -1" in text


def test_a_law_is_of_a_file_that_is_there():
    with pytest.raises(InvalidInput, match=r"a\.csv: no such file"):
        family("empirical", file="a.csv", column="x").law()
