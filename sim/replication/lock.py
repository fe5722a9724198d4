"""A lock: everything needed to run a scenario again elsewhere and tell whether its numbers hold."""

import os
from collections.abc import Sequence
from pathlib import Path

from sim.replication.data_files import data_files
from sim.results import Results
from sim.scenario.frozen import Frozen
from sim.scenario.resolved import file_digest, resolved_toml
from sim.scenario.schema import Scenario

FORMAT = "sim lock 1"


class DataFile(Frozen):
    """A data file of the scenario.

    Parameters
    ----------
    key
        Key of the scenario that names it.
    file
        Relative to the folder of the lock.
    sha256
        Digest of its bytes.
    """

    key: str
    file: str
    sha256: str


class Run(Frozen):
    """The run that was locked."""

    scenario_digest: str
    numbers_digest: str
    seed: int
    n_draws: int
    n_randomisations: int
    sampler: str
    runtime_seconds: float | None = None
    peak_memory_bytes: int | None = None


class Machine(Frozen):
    """Where it ran, in general terms."""

    system: str = "unknown"
    architecture: str = "unknown"
    cores: int | None = None
    memory_bytes: int | None = None


class Quoted(Frozen):
    """One number of the summary, as it may be quoted.

    Parameters
    ----------
    quantity, alternative, statistic, at, value, mc_error, unit
        As in :class:`sim.summary.rows.Row`; `at` is left out where the statistic has none.
    printed
        As the terminal prints it, cut to its Monte Carlo error.
    place
        Line and column of the terminal summary; left out where it does not stand there.
    """

    quantity: str
    alternative: str = ""
    statistic: str
    at: float | None = None
    value: float
    mc_error: float
    unit: str
    printed: str
    place: str | None = None

    @property
    def key(self) -> tuple[str, str, str, float | None]:
        """What the number is about."""
        return self.quantity, self.alternative, self.statistic, self.at

    @property
    def words(self) -> str:
        """What the number is about, in words.

        Examples
        --------
        >>> numbers = {"value": 1, "mc_error": 0, "unit": "1", "printed": "1"}
        >>> row = Quoted(quantity="bcr", statistic="p_above", at=4, **numbers)
        >>> row.words
        'bcr, p_above 4'
        """
        of = f"{self.quantity} ({self.alternative})" if self.alternative else self.quantity
        return f"{of}, {self.statistic}" + ("" if self.at is None else f" {self.at:g}")


class Lock(Frozen):
    """What the lock file holds, in its order."""

    format: str
    title: str
    run: Run
    machine: Machine
    versions: dict[str, str]
    data: tuple[DataFile, ...]
    numbers: tuple[Quoted, ...]
    scenario: str


def make_lock(scenario: Scenario, results: Results, numbers: Sequence[Quoted], folder: Path) -> Lock:
    """Return the lock of a run.

    Parameters
    ----------
    scenario, results
        The run.
    numbers
        What may be quoted from it.
    folder
        Where the lock will stand: data files are named relative to it.
    """
    attributes = results.tree.attrs
    told = {
        str(name).removeprefix("machine_"): str(value)
        for name, value in attributes.items()
        if str(name).startswith("machine_")
    }
    spent = {
        name: str(attributes[name]) for name in ("runtime_seconds", "peak_memory_bytes") if name in attributes
    }
    words = str(attributes["versions"]).split()
    return Lock(
        format=FORMAT,
        title=scenario.title,
        run=Run.model_validate(
            {
                "scenario_digest": str(attributes["scenario_digest"]),
                "numbers_digest": str(attributes["numbers_digest"]),
                "seed": scenario.seed,
                "n_draws": int(attributes["n_draws"]),
                "n_randomisations": scenario.sampling.n_randomisations,
                "sampler": scenario.sampling.sampler,
                **spent,
            }
        ),
        machine=Machine.model_validate(told),
        versions=dict(zip(words[::2], words[1::2], strict=True)),
        data=tuple(
            DataFile(key=key, file=_relative(file, folder), sha256=file_digest(file))
            for key, file in data_files(scenario).items()
        ),
        numbers=tuple(numbers),
        scenario=resolved_toml(scenario, folder.resolve()),
    )


def _relative(file: Path, folder: Path) -> str:
    return Path(os.path.relpath(file, folder.resolve())).as_posix()
