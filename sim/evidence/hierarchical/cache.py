"""Fits kept on disk by the digest of all that they depend on."""

import hashlib
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path

import xarray as xr

from sim import __version__
from sim.evidence.hierarchical.model_survey import ModelSurvey
from sim.evidence.hierarchical.settings import FitSettings
from sim.evidence.readings import UNITS
from sim.faults import Fault, InvalidInput
from sim.files import broken_seal, sealed
from sim.temporary import temporary_folder
from sim.types import RngFor

LARGEST_SEED = 2**31

VARIABLE = "SIM_CACHE_DIR"
DEFAULT = Path(".cache") / "sim"
PACKAGES = ("pymc", "pytensor", "nutpie", "numpy", "scipy", "xarray")
COMPRESSED = {"compression": "gzip", "compression_opts": 1}


def posterior_parts(
    survey: ModelSurvey, references: Mapping[str, str], settings: FitSettings, rng_for: RngFor
) -> tuple[object, ...]:
    """Return survey, references, sampling, models and seeds: all that decides a posterior's draws.

    Parameters
    ----------
    survey
        The survey in one reading.
    references
        Repository, ``org/project``, by the reference's short name.
    settings
        How it is sampled.
    rng_for
        Gives the generator that belongs to a name.

    Returns
    -------
    tuple
        Values that print themselves in full.
    """
    seeds = tuple(unit_seed(unit, rng_for) for unit in UNITS)
    return (
        survey_digest(survey),
        sorted(references.items()),
        sampling_parts(settings),
        settings.model,
        seeds,
    )


def posterior_digest(
    survey: ModelSurvey, references: Mapping[str, str], settings: FitSettings, rng_for: RngFor
) -> str:
    """Return the SHA-256 of what a posterior depends on, the number of its draws aside, hexadecimal.

    Parameters
    ----------
    survey
        The survey in one reading.
    references
        Repository, ``org/project``, by the reference's short name.
    settings
        How it is sampled.
    rng_for
        Gives the generator that belongs to a name.

    Returns
    -------
    str
        64 hexadecimal digits.
    """
    parts = posterior_parts(survey, references, replace(settings, draws=FitSettings.draws), rng_for)
    return hashlib.sha256(repr(parts).encode()).hexdigest()


def unit_seed(unit: str, rng_for: RngFor) -> int:
    """Return the seed of a unit's chains.

    Parameters
    ----------
    unit
        One of ``UNITS``.
    rng_for
        Gives the generator that belongs to a name.

    Returns
    -------
    int
        Below 2**31.
    """
    return int(rng_for(f"posterior, {unit}").integers(LARGEST_SEED))


def sampling_parts(settings: FitSettings) -> tuple[object, ...]:
    """Return the settings on which draws depend."""
    return (settings.draws, settings.tune, settings.chains, settings.sampler, settings.target_accept)


@dataclass(frozen=True)
class FitCache:
    """A folder of fits.

    Parameters
    ----------
    folder
        Made when the first fit is kept.
    """

    folder: Path

    def get(self, key: str, make: Callable[[], xr.DataTree]) -> xr.DataTree:
        """Return the fit kept under a key, or make it and keep it.

        It is written under another name and then renamed, so no half-written file is ever read. A file that
        cannot be read back whole is made anew and replaced.

        Parameters
        ----------
        key
            From :func:`key_of`.
        make
            Fits anew; called where nothing sound is kept.

        Returns
        -------
        DataTree
            The fit.

        Raises
        ------
        InvalidInput
            If the folder cannot be written.
        """
        path = self.folder / f"{key}.nc"
        kept = _read(path)
        if kept is not None:
            return kept
        with self._writable():  # before the fit, which may take minutes
            pass
        made = make()
        with self._writable() as part:
            (part / path.name).write_bytes(sealed(_netcdf(made)))
            (part / path.name).replace(path)
        return made

    @contextmanager
    def _writable(self) -> Iterator[Path]:
        """Give a temporary folder inside this one."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with temporary_folder(self.folder, ".fit-") as part:
                yield part
        except OSError as error:
            problem = f"cannot be written: {error.strerror or error}"
            fault = Fault(str(self.folder), "", problem, f"a folder that can be written, see {VARIABLE}")
            raise InvalidInput([fault]) from error


def default_cache() -> FitCache:
    """Return the cache in ``SIM_CACHE_DIR``, or in ``.cache/sim`` under the current folder."""
    return FitCache(Path(os.environ.get(VARIABLE) or DEFAULT))


def write_tree(tree: xr.DataTree, path: Path) -> None:
    """Write a fit as compressed NetCDF, readable by ArviZ.

    Parameters
    ----------
    tree
        A fit.
    path
        The file, replaced if it is there.
    """
    path.write_bytes(_netcdf(tree))


def _netcdf(tree: xr.DataTree) -> bytes:
    """Return a tree as NetCDF, made in memory: HDF5 may bring the process down when the disk is full."""
    encoding = {
        group.path: {
            str(name): COMPRESSED for name, values in group.data_vars.items() if values.dtype != object
        }
        for group in tree.subtree
    }
    return bytes(tree.to_netcdf(engine="h5netcdf", encoding=encoding))


def survey_digest(survey: ModelSurvey) -> str:
    """Return the SHA-256 of all that a model sees of a survey, hexadecimal."""
    digest = hashlib.sha256()
    arrays = [survey.names, survey.stratum, survey.sample.repository, survey.sample.counts]
    arrays += [survey.exposures[unit] for unit in UNITS]
    for unit in sorted(survey.frequencies):
        arrays += [survey.frequencies[unit], survey.upper[unit]]
        digest.update(repr((unit, survey.cap(unit))).encode())
    for array in arrays:
        digest.update(repr((array.shape, array.dtype.str)).encode())
        digest.update(array.tobytes())
    return digest.hexdigest()


def key_of(*parts: object) -> str:
    """Return the SHA-256 of parts, which must print themselves in full, and of the versions in use."""
    versions = (__version__, *(version(name) for name in PACKAGES))
    return hashlib.sha256(repr((parts, versions)).encode()).hexdigest()


def _read(path: Path) -> xr.DataTree | None:
    """Return a kept tree, or nothing where there is none or its seal is broken."""
    try:
        if not path.is_file() or broken_seal(path):
            return None
    except OSError:
        return None
    with xr.open_datatree(path, engine="h5netcdf", driver_kwds={"locking": False}) as tree:
        return tree.load()
