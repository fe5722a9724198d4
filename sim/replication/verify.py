r"""Running a lock again, and telling which of its numbers moved.

The same seed under the same versions gives the same bits on one machine; other processors round the last
digits otherwise. There, after an upgrade, or under another seed, a number :math:`a` with Monte Carlo error
:math:`e_a` comes back as :math:`b` with :math:`e_b`. Both are standard errors over R randomisations, so that
:math:`(a - b) / \sqrt{e_a^2 + e_b^2}` is about Student's t with R - 1 to 2 (R - 1) degrees of freedom
(Welch 1938, Biometrika 29:350); R - 1 is the cautious end. With m numbers and false alarm odds :math:`\alpha`
over all of them together (Bonferroni), a number holds where

.. math::

    |a - b| \le k \sqrt{e_a^2 + e_b^2} + r, \qquad k = t_{R-1}^{-1}\left(1 - \frac{\alpha}{2 m}\right)

with :math:`r` for rounding: :math:`10^{-9}` of the magnitude of the quantity, or of 1 for a probability or
share.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from scipy.stats import t

from sim.engine.simulate import simulate
from sim.faults import Fault, InvalidInput, refuse
from sim.input_file import TomlError, parse_toml
from sim.replication.lock import DataFile, Lock, LockedNumber
from sim.replication.machine import differences
from sim.scenario.check import faults_in
from sim.scenario.data_files import file_digest, with_absolute_paths
from sim.scenario.overlays import KeyPath, flatten, nest
from sim.scenario.schema import Scenario
from sim.scenario.shipped_files import shipped_survey
from sim.scenario.validation import validate
from sim.summary.row import Row
from sim.types import Step

FALSE_ALARM_ODDS = 1e-3
ROUNDING = 1e-9
SHARES = ("p_above", "top_share")


def multiplier(n_numbers: int, n_randomisations: int) -> float:
    """Return the factor k on the standard error of a difference, beyond which a number has moved.

    Parameters
    ----------
    n_numbers
        Number of numbers compared, m.
    n_randomisations
        Number of randomisations, R, at least 2.

    Returns
    -------
    float
        The factor on the standard error of a difference.

    Examples
    --------
    >>> round(multiplier(1, 16), 3)  # the textbook's 4.073 for 15 degrees of freedom
    4.073
    """
    return float(t.isf(FALSE_ALARM_ODDS / (2 * n_numbers), n_randomisations - 1))


def magnitudes(numbers: Iterable[LockedNumber]) -> dict[tuple[str, str], float]:
    """Return the largest absolute value among the statistics of each quantity and alternative.

    A standard deviation of a constant, or the difference of two large numbers, is rounded on the scale of
    what it was computed from.
    """
    largest: dict[tuple[str, str], float] = {}
    for row in numbers:
        if row.statistic not in SHARES:
            key = (row.quantity, row.alternative)
            largest[key] = max(largest.get(key, 0.0), abs(row.value))
    return largest


def rounding(row: LockedNumber, largest: dict[tuple[str, str], float]) -> float:
    """Return the allowance r for rounding of one number.

    Parameters
    ----------
    row
        A locked number.
    largest
        Largest absolute values, from :func:`magnitudes`.

    Returns
    -------
    float
        The allowance, in the number's unit.
    """
    scale = 1.0 if row.statistic in SHARES else largest[row.quantity, row.alternative]
    return ROUNDING * scale


Verdict = Literal["identical", "holds", "moved"]


@dataclass(frozen=True)
class Discrepancy:
    """A locked number that moved by more than its error allows, or is not among those found any more.

    Parameters
    ----------
    number
        The locked number.
    found
        The number found in its place; ``None`` where there is none any more.
    allowed
        Largest difference that its error allows.
    """

    number: LockedNumber
    found: float | None
    allowed: float

    def __str__(self) -> str:
        if self.found is None:
            return f"{self.number.words}: locked {self.number.value:.10g}, not among the numbers found"
        difference = abs(self.found - self.number.value)
        unit = "" if self.number.unit == "1" else f" {self.number.unit}"
        return (
            f"{self.number.words}: locked {self.number.value:.10g}, found {self.found:.10g}{unit}; "
            f"difference {difference:.4g}, allowed {self.allowed:.4g}"
        )


@dataclass(frozen=True)
class Verification:
    """What running a lock again showed.

    Parameters
    ----------
    verdict
        ``identical``: every draw and every number bit for bit, which is promised on one machine only.
        ``holds``: every number within what its Monte Carlo error allows. ``moved``: some are not.
    n_numbers
        Number of numbers compared.
    multiplier
        Factor k on the standard error of a difference.
    largest
        Largest difference as a fraction of what is allowed.
    moved
        The numbers that moved.
    elsewhere
        What differs here from where the lock was made, in words: versions, system, seed.
    """

    verdict: Verdict
    n_numbers: int
    multiplier: float
    largest: float
    moved: tuple[Discrepancy, ...]
    elsewhere: tuple[str, ...]


def verify(lock: Lock, path: Path, step: Step, seed: int | None = None) -> Verification:
    """Run the scenario of a lock again and compare every number in it.

    Parameters
    ----------
    lock
        The lock, from :func:`sim.replication.lock.read_lock`.
    path
        Place of the lock, to which its data files are relative.
    step
        Called with a short description when a step begins.
    seed
        Seed in place of the lock's: numbers that hold under another seed do not hang on it.

    Returns
    -------
    Verification
        The numbers that hold and those that moved.

    Raises
    ------
    InvalidInput
        If a data file is missing or altered, or the scenario is not valid any more.
    """
    step("reading data files")
    _require_data(lock, path)
    scenario = scenario_of(lock, path)
    if seed is not None:
        scenario = scenario.model_copy(update={"seed": seed})
    run = simulate(scenario, step)
    step("summarising")
    rows = run.statistics.rows
    same_draws = run.attributes["numbers_digest"] == lock.run.numbers_digest
    return compare(lock, rows, same_draws, differences(lock, scenario.seed))


def compare(lock: Lock, rows: Sequence[Row], same_draws: bool, elsewhere: Sequence[str]) -> Verification:
    """Compare the numbers of a lock with those of a new run.

    Parameters
    ----------
    lock
        The lock.
    rows
        Rows of the summary of the run again.
    same_draws
        Whether all draws are those locked.
    elsewhere
        What differs here, in words.

    Returns
    -------
    Verification
        The numbers that hold and those that moved.
    """
    found = {
        (row.quantity, row.alternative, row.statistic, None if math.isnan(row.at) else row.at): row
        for row in rows
    }
    k = multiplier(len(lock.numbers), lock.run.n_randomisations)
    largest = magnitudes(lock.numbers)
    moved, worst, n_equal = [], 0.0, 0
    for number in lock.numbers:
        row = found.get(number.key)
        if row is None:
            moved.append(Discrepancy(number, None, math.nan))
            continue
        allowed = k * math.hypot(number.mc_error, row.mc_error) + rounding(number, largest)
        if row.value == number.value or (math.isnan(row.value) and math.isnan(number.value)):
            n_equal += 1
            continue
        difference = abs(row.value - number.value)
        if not difference <= allowed:
            moved.append(Discrepancy(number, row.value, allowed))
        worst = max(worst, difference / allowed if allowed > 0 else math.inf)
    identical = same_draws and n_equal == len(lock.numbers)
    verdict: Verdict = "moved" if moved else "identical" if identical else "holds"
    return Verification(verdict, len(lock.numbers), k, worst, tuple(moved), tuple(elsewhere))


def scenario_of(lock: Lock, path: Path) -> Scenario:
    """Return the scenario a lock holds, its data files relative to the lock.

    Parameters
    ----------
    lock
        The lock whose scenario it is.
    path
        Place of the lock.

    Returns
    -------
    Scenario
        The scenario, checked.

    Raises
    ------
    InvalidInput
        If the scenario is not valid; with every fault, each named by the lock.
    """

    def locate(key: KeyPath) -> str:
        del key
        return f"{path} (scenario)"

    try:
        table = parse_toml(lock.scenario)
    except TomlError as error:
        raise InvalidInput([Fault(str(path), "scenario", f"not TOML: {error}")]) from None
    leaves = with_absolute_paths(flatten(table), path.resolve().parent)
    for stated in lock.data:
        key = tuple(stated.key.split("."))
        if key in leaves:
            leaves[key] = str(_place_of(stated, path))
    found = validate(nest(leaves), locate)
    faults = list(found.faults)
    if found.scenario is not None:
        faults += faults_in(found.scenario, found.broken, locate)
    if faults or found.scenario is None:
        raise InvalidInput(faults)
    return found.scenario


def _place_of(stated: DataFile, path: Path) -> Path:
    """Return where a data file lies: as the lock says, or with the program where it is the same."""
    file = path.resolve().parent / stated.file
    if not file.is_file():
        for ours in sorted(shipped_survey().parent.glob(f"*/{file.name}")):
            if file_digest(ours) == stated.sha256:
                return ours
    return file


def _require_data(lock: Lock, path: Path) -> None:
    problems = ((stated, _problem(stated, _place_of(stated, path))) for stated in lock.data)
    refuse(
        Fault(str(path), stated.key, problem, f"a file with sha256 {stated.sha256}")
        for stated, problem in problems
        if problem
    )


def _problem(stated: DataFile, file: Path) -> str:
    if not file.is_file():
        return f"no such data file: {stated.file}"
    digest = file_digest(file)
    return "" if digest == stated.sha256 else f"{stated.file} has been altered: its sha256 is {digest}"
