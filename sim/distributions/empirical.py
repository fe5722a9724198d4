"""The empirical family: values as they stand in a column of a file."""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from io import BytesIO, StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal, override

import numpy as np
from pydantic import Field

from sim.distributions.base import FamilyBase, family
from sim.distributions.law import Inverse, Law, Source, Uniforms
from sim.distributions.statements import Statement
from sim.distributions.steps import step_law
from sim.faults import Fault, InvalidInput, nearest_name, refuse
from sim.input_file import MAX_TABLE_BYTES, csv_text, read_input
from sim.types import Array, Integers

if TYPE_CHECKING:
    import pandas as pd

FileName = Annotated[str, Field(min_length=1)]
ColumnName = Annotated[str, Field(min_length=1)]

SPREADSHEETS = (".xlsx", ".xls", ".xlsm", ".ods")


def require_table(file: str) -> None:
    """Refuse a file that is no CSV or Parquet file by its ending.

    Raises
    ------
    ValueError
        If it is neither; the message says how to make a CSV file of it.
    """
    ending = Path(file).suffix.lower()
    if ending not in (".csv", ".parquet"):
        cure = "; save the table as CSV UTF-8 (File, Save As)" if ending in SPREADSHEETS else ""
        raise ValueError(f"file = {file!r} must end in .csv or .parquet{cure}")


@family
class Empirical(FamilyBase):
    """The values of one column of a CSV or Parquet file (by the file's ending), as likely as their weights.

    Several parameters that name one file are drawn by row: what stands together in the file stays together.

    Parameters
    ----------
    file
        Path of the file, relative to the scenario file, or absolute.
    column
        Name of the column with the values: numbers, none of them missing.
    weights
        Name of a column of weights, not negative and not all zero; without it every row is as likely.
    """

    statements: ClassVar[tuple[Statement, ...]] = (
        Statement(("file", "column")),
        Statement(("file", "column", "weights")),
    )
    distribution: Literal["empirical"]
    file: FileName
    column: ColumnName
    weights: ColumnName | None = None

    def _check_values(self) -> None:
        require_table(self.file)

    @property
    @override
    def shared_file(self) -> str:
        return self.file

    @override
    def data_files(self) -> tuple[str, ...]:
        return (self.file,)

    def law(self) -> Law:
        """Read the values, of a path that is absolute or relative to here, and return their law.

        Raises
        ------
        InvalidInput
            If the file cannot be used, as :meth:`read` says.
        """
        return self.read(Path()).law()

    def make_source(self, is_tied: bool) -> Source:
        """Return the values by row, or their law where a correlation ties them.

        Raises
        ------
        InvalidInput
            If the file cannot be used, as :meth:`read` says.
        """
        sample = self.read(Path())
        return Inverse(sample.law()) if is_tied else sample

    def read(self, folder: Path) -> "EmpiricalSample":
        """Read the values, times the price factor.

        Raises
        ------
        InvalidInput
            If the file is missing or unreadable, a column is missing, empty, not of numbers, or with missing
            or infinite values (by row, the first below the header being 1), or weights are negative or all
            zero; with everything wrong.
        """
        path = folder / self.file
        content = read_input(path, "a CSV or Parquet file", MAX_TABLE_BYTES)
        table = _table(path, content, [name for name in (self.column, self.weights) if name])
        faults = _column_faults(path, table, self.column)
        if self.weights is not None:
            faults += _column_faults(path, table, self.weights) or _weight_faults(path, table, self.weights)
        refuse(faults)
        values = table[self.column].to_numpy(dtype=np.float64)
        weights = (
            np.ones(len(table)) if self.weights is None else table[self.weights].to_numpy(dtype=np.float64)
        )
        relative = weights / weights.max()
        return EmpiricalSample(
            self.price_factor * values, relative / relative.sum(), hashlib.sha256(content).hexdigest()
        )


@dataclass(frozen=True)
class EmpiricalSample(Source):
    """Values of a file's column, in the order of its rows.

    Parameters
    ----------
    values
        Values in the order of the rows, (row,).
    probabilities
        Probability of each row, adding to one, (row,).
    digest
        sha256 of the file's bytes.

    Examples
    --------
    >>> sample = EmpiricalSample(np.array([5.0, 1.0]), np.array([0.25, 0.75]), "")
    >>> u = np.array([0.2, 0.5])
    >>> sample.rows(u), sample.law().ppf(u)
    (array([0, 1]), array([1., 1.]))
    """

    values: Array
    probabilities: Array
    digest: str

    def rows(self, u: Array) -> Integers:
        """Return the row, in the order of the file, that each uniform picks."""
        likely = np.flatnonzero(self.probabilities)
        steps = np.cumsum(self.probabilities[likely])[:-1]
        return likely[np.searchsorted(steps, u, side="left")].astype(np.int64)

    @override
    def draw_columns(self, name: str, uniforms: Uniforms, tied: Collection[str]) -> dict[str, Array]:
        """Return the values of rows; parameters that name one file share the picks of its content.

        Parameters
        ----------
        name
            Name of the parameter, which is that of its one column.
        uniforms
            Gives the uniforms of a name; those asked for belong to the file's content, not to the parameter.
        tied
            Names of columns that carry a correlation; what is drawn by row is in none.

        Returns
        -------
        dict of str to Array
            The value of each picked row under the parameter's name, (randomisation, draw).
        """
        del tied
        return {name: self.values[self.rows(uniforms(f"rows of {self.digest}"))]}

    def law(self) -> Law:
        """Return the law of the values by themselves: a cdf that steps up at each."""
        return step_law(self.values, self.probabilities)


def number_columns(path: Path, names: list[str]) -> dict[str, Array]:
    """Read columns of numbers from a CSV or Parquet file.

    Parameters
    ----------
    path
        The file, CSV or Parquet by its ending.
    names
        Names of the columns to read.

    Returns
    -------
    dict of str to Array
        Values in the order of the rows, (row,), by column.

    Raises
    ------
    InvalidInput
        If the file or a column cannot be used; with everything wrong, as :meth:`Empirical.read` says.
    """
    table = _table(path, read_input(path, "a CSV or Parquet file", MAX_TABLE_BYTES), names)
    faults = [fault for name in names for fault in _column_faults(path, table, name)]
    refuse(faults)
    return {name: table[name].to_numpy(dtype=np.float64) for name in names}


def _table(path: Path, content: bytes, needed: list[str]) -> "pd.DataFrame":
    import pandas as pd

    try:
        if path.suffix.lower() == ".csv":
            return pd.read_csv(StringIO(csv_text(content, needed)))
        _refuse_bomb(content)
        return pd.read_parquet(BytesIO(content))
    except (ValueError, OSError) as error:  # pandas' and pyarrow's own errors are kinds of these
        raise InvalidInput([Fault(str(path), "", f"cannot be read as a table: {error}")]) from error


def _refuse_bomb(content: bytes) -> None:
    """Refuse a Parquet file that unpacks to too much, by its own account of rows and bytes."""
    from pyarrow.parquet import read_metadata

    metadata = read_metadata(BytesIO(content))
    unpacked = sum(metadata.row_group(place).total_byte_size for place in range(metadata.num_row_groups))
    size = max(unpacked, 8 * metadata.num_rows * metadata.num_columns)
    if size > 4 * MAX_TABLE_BYTES:
        raise ValueError(f"it unpacks to {size:,} bytes; at most {4 * MAX_TABLE_BYTES:,} are read")


def _column_faults(path: Path, table: "pd.DataFrame", column: str) -> list[Fault]:
    from pandas.api.types import is_bool_dtype, is_numeric_dtype

    columns = [str(name) for name in table.columns]
    if column not in columns:
        nearest = nearest_name(column, columns)
        return [Fault(str(path), column, "no such column", ", ".join(columns), nearest)]
    values = table[column]
    if not len(values):
        return [Fault(str(path), column, "the column has no values", "at least one row")]
    if not is_numeric_dtype(values) or is_bool_dtype(values):
        return [Fault(str(path), column, _not_a_number(values), "numbers")]
    numbers = values.to_numpy(dtype=np.float64, na_value=np.nan)
    bad = np.flatnonzero(~np.isfinite(numbers))
    where = f"row {bad[0] + 1} holds {numbers[bad[0]]}, one of {bad.size} such rows" if bad.size else ""
    return [Fault(str(path), column, where, "finite numbers")] if bad.size else []


def _not_a_number(values: "pd.Series") -> str:
    import pandas as pd

    numbers = pd.to_numeric(values.astype(str), errors="coerce")
    place = int(np.flatnonzero(numbers.isna().to_numpy())[0]) if numbers.isna().any() else 0
    return f"row {place + 1} holds {values.tolist()[place]!r}, which is not a number"


def _weight_faults(path: Path, table: "pd.DataFrame", column: str) -> list[Fault]:
    weights = table[column].to_numpy(dtype=np.float64)
    negative = np.flatnonzero(weights < 0)
    if negative.size:
        problem = f"row {negative[0] + 1} holds the weight {weights[negative[0]]:.12g}"
        return [Fault(str(path), column, problem, "weights of 0 or more")]
    if not weights.any():
        return [Fault(str(path), column, "the weights are all zero", "at least one above 0")]
    return []
