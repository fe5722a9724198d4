"""Trials: what a method made of one simulated survey, beside the truth; kept in a file as they finish."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from pydantic import TypeAdapter, ValidationError

from sim.faults import Fault, refuse
from sim.files import keep_line, whole_lines
from sim.types import Array
from studies.coverage.simulators import SimulatorName

StudyMethod = Literal[
    "point", "naive", "rescaled", "bayesian", "calibrated", "pivotal", "hierarchical", "hybrid"
]
FILE_NAME = "trials.jsonl"
NOMINAL = (0.5, 0.9, 0.95)
"""Probabilities of the equal-tailed intervals studied."""
QUANTILES = (0.025, 0.05, 0.25, 0.5, 0.75, 0.95, 0.975)
DIGITS = 7
"""Digits of a quantile that is kept."""


@dataclass(frozen=True, order=True)
class TrialKey:
    """What a trial's numbers depend on.

    Parameters
    ----------
    setup
        Digest of the data and of every setting of the study.
    seed
        Seed of the study.
    number
        Number of the simulated survey, from 0; all methods see the same survey.
    simulator
        Name of the simulator.
    method
        Name of the method.
    """

    setup: str
    seed: int
    number: int
    simulator: SimulatorName
    method: StudyMethod


@dataclass(frozen=True)
class RowEstimate:
    """One row of one trial.

    Parameters
    ----------
    row
        Name of the row.
    truth
        True value.
    quantiles
        Quantiles of the draws, at ``QUANTILES``.
    """

    row: str
    truth: float
    quantiles: tuple[float, ...]

    def interval(self, probability: float) -> tuple[float, float]:
        """Return the equal-tailed interval of one of ``NOMINAL``."""
        low = QUANTILES.index(round((1 - probability) / 2, 4))
        return self.quantiles[low], self.quantiles[-1 - low]

    @property
    def median(self) -> float:
        """The median of the draws."""
        return self.quantiles[len(self.quantiles) // 2]


@dataclass(frozen=True)
class Trial:
    """What a trial found.

    Parameters
    ----------
    key
        What the trial's numbers depend on.
    rows
        Estimates of each row of the table; none where the method refused the survey.
    refused
        Why the method refused the survey; empty where it did not.
    n_without_ratio
        Number of surveys drawn before this one in which a reference had no ratio, and set aside.
    """

    key: TrialKey
    rows: tuple[RowEstimate, ...]
    refused: str = ""
    n_without_ratio: int = 0


_ADAPTER = TypeAdapter(Trial)


def estimate(row: str, truth: float, draws: Array) -> RowEstimate:
    """Return the quantiles of draws beside the truth.

    Parameters
    ----------
    row
        Name of the row.
    truth
        True value.
    draws
        Draws of the row, (draw).

    Returns
    -------
    RowEstimate
        The estimate, with the quantiles at ``QUANTILES``.

    Raises
    ------
    ValueError
        If a draw is not finite.

    Examples
    --------
    >>> estimate("contributors", 0.4, np.linspace(0.0, 1.0, 1001)).interval(0.5)
    (0.25, 0.75)
    """
    if not np.isfinite(draws).all():
        raise ValueError(f"{row}: {np.count_nonzero(~np.isfinite(draws))} draws are not finite")
    return estimate_all({row: truth}, {row: draws})[0]


def estimate_all(truths: Mapping[str, float], draws: Mapping[str, Array]) -> tuple[RowEstimate, ...]:
    """Return the quantiles of the draws of every row beside the truth.

    Parameters
    ----------
    truths
        True values by name of the row.
    draws
        Draws by name of the row, (draw).

    Returns
    -------
    tuple of RowEstimate
        Estimates, in the order of the truths.

    Raises
    ------
    ValueError
        If a draw is not finite.
    """
    table = np.stack([draws[name] for name in truths])
    finite = np.isfinite(table)
    if not finite.all():
        place = int(np.flatnonzero(~finite.all(axis=1))[0])
        raise ValueError(f"{[*truths][place]}: {np.count_nonzero(~finite[place])} draws are not finite")
    found = np.quantile(table, QUANTILES, axis=1).T
    return tuple(
        RowEstimate(name, float(truth), tuple(float(f"{each:.{DIGITS}g}") for each in row))
        for (name, truth), row in zip(truths.items(), found, strict=True)
    )


def read_trials(path: Path) -> dict[TrialKey, Trial]:
    """Return the trials kept in a file, one line of JSON each, by key; none where there is no file.

    A last line without an end is what a killed run left half written, and is not a trial.

    Raises
    ------
    InvalidInput
        If a line is no trial; with every such line.
    """
    trials: dict[TrialKey, Trial] = {}
    faults: list[Fault] = []
    for number, line in enumerate(whole_lines(path), start=1):
        try:
            trial = _ADAPTER.validate_json(line)
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(str(part) for part in first["loc"])
            problem = f"not a trial: {where + ': ' if where else ''}{first['msg']}"
            faults.append(Fault(str(path), f"line {number}", problem, "a line that this command wrote"))
        else:
            trials[trial.key] = trial
    refuse(faults)
    return trials


def keep(path: Path, trial: Trial) -> None:
    """Append a trial to a file, whole or not at all; runs that share a file take turns.

    Parameters
    ----------
    path
        The file, made if need be.
    trial
        The trial, kept as one line of JSON.

    Raises
    ------
    InvalidInput
        If the file cannot be written.
    """
    keep_line(path, _ADAPTER.dump_json(trial))
