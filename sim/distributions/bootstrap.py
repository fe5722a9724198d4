"""The bootstrap family: a statistic of a file's rows, drawn with replacement as often as there are rows."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Literal, override

import numpy as np

from sim.distributions.base import family
from sim.distributions.empirical import ColumnName, Empirical, EmpiricalSample
from sim.distributions.law import Source, Uniforms
from sim.distributions.statements import Statement
from sim.faults import Fault, refuse
from sim.types import Array

BootstrapStatistic = Literal["mean", "sd", "correlation"]

MAX_ROWS = 10_000
"""Every draw picks as many rows as there are."""

MAX_ALIKE = 0.02
"""Probability of resamples without a correlation, above which a file has too few different values."""

MAX_ROUNDS = 6
"""Resamples without a correlation are drawn anew; as many remain as MAX_ALIKE to this power."""

ALIKE = 1e-13
"""Sum of squares below which picks are all alike, where the widest deviation of the column is 1."""

N_POINTS = 2**14
"""Resamples of which the law by itself is made, for 5/50/95 % as implied; draws are others."""


@family
class Bootstrap(Empirical):
    """A statistic of one column, or of two, over rows drawn with replacement: Efron's (1979) bootstrap.

    Each draw picks a row n times among the n rows of the file and computes the statistic anew; what stands
    together in a row stays together. Several parameters that name one file share the picks. Picks whose
    values are all alike have no correlation and are drawn anew.

    Parameters
    ----------
    statistic
        ``mean``; ``sd``, with the divisor n - 1; or ``correlation``, Pearson's, of `column` and `against`.
    against
        Name of the second column of a correlation.
    file
        Path of a CSV or Parquet file, relative to the scenario file, or absolute.
    column
        Name of the column with the values: numbers, none of them missing.
    """

    statements: ClassVar[tuple[Statement, ...]] = (
        Statement(("file", "column", "statistic")),
        Statement(("file", "column", "statistic", "against")),
    )
    distribution: Literal["bootstrap"]  # type: ignore[assignment]
    statistic: BootstrapStatistic
    against: ColumnName | None = None

    stands_alone: ClassVar[bool] = True
    can_be_tied: ClassVar[bool] = False
    has_exact_law: ClassVar[bool] = False
    index_refusal: ClassVar[tuple[str, str] | None] = (
        "a statistic of rows takes no index",
        "the factor in a formula",
    )

    def _check_values(self) -> None:
        super()._check_values()
        if self.weights is not None:
            raise ValueError("weights belong to empirical: a bootstrap draws every row alike")
        if (self.statistic == "correlation") != (self.against is not None):
            said = f"against = {self.against!r} beside statistic = {self.statistic!r}"
            raise ValueError(f"{said}: a correlation takes a second column, and nothing else does")

    def make_source(self, is_tied: bool) -> Source:
        """Return the rows.

        Raises
        ------
        InvalidInput
            If the file cannot be used, as :meth:`rows` says.
        """
        del is_tied  # no correlation can tie it
        return self.rows(Path())

    def rows(self, folder: Path) -> "Rows":
        """Read the rows.

        Raises
        ------
        InvalidInput
            If the file cannot be read, as for ``empirical``; or if there are under 2 or over 10,000 rows, or
            so few different values that over 2 % of resamples have no correlation.
        """
        first = self._column(self.column).read(folder)
        second = first if self.against is None else self._column(self.against).read(folder)
        columns = np.stack([first.values, second.values])
        faults = self._faults(str(folder / self.file), columns)
        refuse(faults)
        return Rows(columns, self.statistic, first.digest)

    def read(self, folder: Path) -> EmpiricalSample:
        """Read the rows and return the statistic's law by itself, from resamples laid out by Sobol' points.

        Errors are those of :meth:`rows`.
        """
        from scipy.stats import qmc

        rows = self.rows(folder)
        points = qmc.Sobol(rows.n, scramble=False).random(2 * N_POINTS)
        found = rows.resampled(lambda place: points[N_POINTS:, place])  # from 0 on, the first hold a corner
        values = found[np.isfinite(found)]
        return EmpiricalSample(values, np.full(len(values), 1.0 / len(values)), f"resamples of {rows.digest}")

    def _column(self, column: str) -> Empirical:
        return Empirical(distribution="empirical", file=self.file, column=column)

    def _faults(self, file: str, columns: Array) -> list[Fault]:
        n = columns.shape[1]
        if not 2 <= n <= MAX_ROWS:
            return [Fault(file, "", f"has {n:,} rows", f"2 to {MAX_ROWS:,} rows for a bootstrap")]
        if self.statistic != "correlation":
            return []
        faults = []
        for name, values in zip((self.column, self.against or ""), columns, strict=True):
            alike = float(np.sum((np.unique(values, return_counts=True)[1] / n) ** n))
            if alike > MAX_ALIKE:
                problem = f"too few different values: all alike in a share {alike:.1g} of resamples"
                faults.append(Fault(file, name, problem, f"a share under {MAX_ALIKE:g}"))
        return faults


@dataclass(frozen=True, eq=False)
class Rows(Source):
    """Rows to draw from with replacement.

    Parameters
    ----------
    columns
        Values of the column, and of the column it is set against or of itself again, (2, row).
    statistic
        Statistic that is computed of each resample.
    digest
        sha256 of the file's bytes.

    Examples
    --------
    >>> rows = Rows(np.array([[1.0, 2.0, 6.0], [1.0, 2.0, 6.0]]), "mean", "")
    >>> rows.replicates(lambda place: np.array([0.1, 0.9]))  # three times the first row, three times the last
    array([1., 6.])
    """

    columns: Array
    statistic: BootstrapStatistic
    digest: str

    @property
    def n(self) -> int:
        """Number of rows."""
        return int(self.columns.shape[1])

    @override
    def draw_columns(self, name: str, uniforms: Uniforms, tied: Collection[str]) -> dict[str, Array]:
        """Return the statistic of resamples; parameters that name one file share those of its content.

        Parameters
        ----------
        name
            Name of the parameter, which is that of its one column.
        uniforms
            Gives the uniforms of a name; those asked for belong to the file's content, not to the parameter.
        tied
            Names of columns that carry a correlation; a bootstrap is in none.

        Returns
        -------
        dict of str to Array
            The statistic of each resample under the parameter's name, (randomisation, draw).
        """
        del tied
        return {name: self.replicates(lambda place: uniforms(f"pick {place} of a resample of {self.digest}"))}

    def replicates(self, uniforms: Callable[[int], Array]) -> Array:
        """Return the statistic of resamples, drawn anew where it does not exist.

        `uniforms` gives, for the place of a pick, 0 to n - 1 and on for those drawn anew, one in (0, 1) for
        each resample.
        """
        found = self.resampled(uniforms)
        for place in range(1, MAX_ROUNDS):
            missing = np.isnan(found)
            if not missing.any():
                break
            found = np.where(missing, self.resampled(_from(uniforms, place * self.n)), found)
        return found

    def resampled(self, uniforms: Callable[[int], Array]) -> Array:
        """Return the statistic of resamples, NaN where it does not exist."""
        centre = self.columns.mean(axis=1, keepdims=True)
        size = np.abs(self.columns - centre).max(axis=1, keepdims=True)
        x, y = (self.columns - centre) / np.where(size > 0.0, size, 1.0)
        sums = [np.zeros(1)] * 5
        for place in range(self.n):
            picked = np.minimum((uniforms(place) * self.n).astype(np.int64), self.n - 1)
            a, b = x[picked], y[picked]
            sums = [old + new for old, new in zip(sums, (a, b, a * a, b * b, a * b), strict=True)]
        return self._statistic(sums, float(centre[0, 0]), float(size[0, 0]))

    def _statistic(self, sums: Sequence[Array], centre: float, size: float) -> Array:
        a, b, aa, bb, ab = sums
        n = self.n
        if self.statistic == "mean":
            return np.asarray(centre + size * a / n)
        squares_a, squares_b = _squares(aa, a, n), _squares(bb, b, n)
        if self.statistic == "sd":
            return np.asarray(size * np.sqrt(squares_a / (n - 1)))
        scale = np.sqrt(squares_a * squares_b)
        none = np.full(scale.shape, np.nan)
        found = np.divide(ab - a * b / n, scale, out=none, where=scale > 0.0)
        return np.asarray(np.clip(found, -1.0, 1.0), dtype=np.float64)


def _squares(squares: Array, total: Array, n: int) -> Array:
    """Return the sum of squared deviations; 0 where it is rounding of values all alike."""
    around_mean = squares - total * total / n
    return np.where(around_mean > ALIKE, around_mean, 0.0)


def _from(uniforms: Callable[[int], Array], start: int) -> Callable[[int], Array]:
    return lambda place: uniforms(start + place)
