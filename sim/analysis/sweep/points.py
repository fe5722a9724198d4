"""The points of a sweep: their statistics, worked out wherever an executor does its tasks, and their file."""

from collections.abc import Generator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cache
from math import isnan
from pathlib import Path

import pandas as pd
from pydantic import ConfigDict, TypeAdapter, ValidationError

from sim.analysis.sweep.grid import OPTION, GridPoint, SweepGrid
from sim.engine.variants import Variants
from sim.faults import InvalidInput
from sim.files import keep_line, whole_lines
from sim.parallel import Executor
from sim.scenario.schema import Scenario
from sim.summary.outcome_estimates import statistics_of
from sim.summary.statistic import NAN
from sim.version import __version__

NAME = "points.jsonl"
NAN_KEPT = ConfigDict(ser_json_inf_nan="constants")
"""A statistic that does not exist is NaN, in JSON too."""


@dataclass(frozen=True)
class Value:
    """One statistic of one outcome at one point.

    Parameters
    ----------
    outcome
        Name of the outcome.
    statistic
        The statistic, as in :class:`sim.summary.row.Row`.
    at
        Probability of the interval, or the threshold; else ``None``.
    value
        The estimate.
    mc_error
        Its Monte Carlo error.
    unit
        Unit of both in pint's notation.
    note
        What keeps it from being quoted, as in :class:`sim.summary.row.Row`.
    """

    __pydantic_config__ = NAN_KEPT

    outcome: str
    statistic: str
    at: float | None
    value: float
    mc_error: float
    unit: str
    note: str = ""


@dataclass(frozen=True)
class PointResult:
    """What a point gives.

    Parameters
    ----------
    digest
        Digest of its scenario.
    version
        Version of the program that it is from.
    values
        Every statistic of every outcome.
    """

    __pydantic_config__ = NAN_KEPT

    digest: str
    version: str
    values: tuple[Value, ...]


_ADAPTER = TypeAdapter(PointResult)


def values_of(scenario: Scenario, variants: Variants) -> tuple[Value, ...]:
    """Return the statistics of every outcome as ``sim run`` gives them; probabilities of the reported one.

    Parameters
    ----------
    scenario
        The scenario of the point.
    variants
        Evaluates scenarios, and keeps the draws that points share.

    Returns
    -------
    tuple
        The statistics, outcome by outcome.

    Raises
    ------
    InvalidInput
        If an outcome is not finite in some draw.
    """
    estimated, values = variants.estimated(scenario), []
    for name, outcome in scenario.outcomes.items():
        for wanted in statistics_of(scenario.report, name, outcome.unit):
            found, at = estimated.of(wanted).statistic, None if isnan(wanted.at) else wanted.at
            numbers = (at, found.value, found.error)
            values.append(Value(name, wanted.statistic, *numbers, wanted.unit, found.note))
    return tuple(values)


def run_points(executor: Executor, points: Sequence[GridPoint]) -> Generator[PointResult]:
    """Run points and give each as soon as it is finished; with several workers, in no fixed order.

    All points share the seed, so that the curve over them is smooth. The numbers do not depend on the
    executor. Closing the generator drops the points not begun. Raises InvalidInput if an outcome is not
    finite at a point, which is named.

    Parameters
    ----------
    executor
        Runs the points.
    points
        The points to run.

    Returns
    -------
    Generator of PointResult
        The result of each point.
    """
    return executor.map(_run, points)


@cache
def _variants_of_this_process() -> Variants:
    return Variants()


def _run(point: GridPoint) -> PointResult:
    try:
        return PointResult(point.digest, __version__, values_of(point.scenario, _variants_of_this_process()))
    except InvalidInput as error:
        faults = [replace(each, file=OPTION, key=f"{point.words}: {each.key}") for each in error.faults]
        raise InvalidInput(faults) from None


def read_points(path: Path) -> tuple[dict[str, PointResult], int]:
    """Return the points of this version that a file holds, by digest, and how many lines are no point.

    Where there is no file there are none. What a damaged line held is worked out anew.
    """
    found: dict[str, PointResult] = {}
    n_damaged = 0
    for line in whole_lines(path):
        try:
            point = _ADAPTER.validate_json(line)
        except ValidationError:
            n_damaged += 1
        else:
            if point.version == __version__:
                found[point.digest] = point
    return found, n_damaged


def keep_point(path: Path, point: PointResult) -> None:
    """Append a point to a file, whole or not at all; runs that share a file take turns.

    Parameters
    ----------
    path
        The file.
    point
        What was worked out at the point.

    Raises
    ------
    InvalidInput
        If the file cannot be written.
    """
    keep_line(path, _ADAPTER.dump_json(point))


def sweep_table(grid: SweepGrid, found: Mapping[str, PointResult]) -> pd.DataFrame:
    """Return every statistic of every point, points in the order of the grid.

    Parameters
    ----------
    grid
        The grid, with its points.
    found
        What each point gives, by its digest.

    Returns
    -------
    DataFrame
        A column for the value of each key, by its name; ``outcome``, ``statistic``, ``at``, ``value``,
        ``mc_error``, ``unit``, ``note`` (as in :class:`sim.summary.row.Row`).
    """
    records = []
    for point in grid.points:
        place = {
            axis.key: float(text) if axis.numbers else text
            for axis, text in zip(grid.axes, point.texts, strict=True)
        }
        records += [
            place | asdict(value) | {"at": NAN if value.at is None else value.at}
            for value in found[point.digest].values
        ]
    return pd.DataFrame(records)
