"""Fits kept on disk by the digest of all that they depend on, and a posterior kept beside its survey.

``posterior.csv`` holds the draws, one column for each estimand and one row for each joint draw, chain after
chain, in full precision; ``posterior.json`` says what they are the posterior of, how well they were sampled,
with which versions, and the draws' digest. A run reads them where survey, references, models, seeds and
sampling are those of the run, and the draws as many or more; it fits anew, or from its cache, otherwise.
"""

import hashlib
import io
import json
import os
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from importlib.metadata import version
from pathlib import Path

import numpy as np
import pandas as pd
import xarray as xr

from sim.evidence.hierarchical.diagnostics import Diagnostics
from sim.evidence.hierarchical.model_survey import ModelSurvey
from sim.evidence.hierarchical.settings import FitSettings
from sim.evidence.readings import UNITS
from sim.evidence.survey_format import POSTERIOR_DRAWS
from sim.faults import Fault, InvalidInput
from sim.files import WRITABLE_FOLDER, broken_seal, frame_csv, seal, write_json, write_together, write_whole
from sim.types import Array, RngFor
from sim.version import __version__

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
        How the posterior is sampled.
    rng_for
        Gives the generator that belongs to a name.

    Returns
    -------
    tuple
        Values that print themselves in full.
    """
    seeds = tuple(unit_seed(unit, rng_for) for unit in UNITS)
    known = sorted(references.items())
    return survey_digest(survey), known, sampling_parts(settings), settings.model, seeds


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
        How the posterior is sampled.
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
        A seed below 2**31.
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
        Folder of the fits, made when the first fit is kept.
    """

    folder: Path

    def get(self, key: str, make: Callable[[], xr.DataTree]) -> xr.DataTree:
        """Return the fit kept under a key, or make it and keep it.

        It is written under another name and then renamed, so no half-written file is ever read. A file that
        cannot be read back whole is made anew and replaced.

        Parameters
        ----------
        key
            Key of the fit, from :func:`key_of`.
        make
            Makes the fit anew; called where nothing sound is kept.

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
        allowed = f"{WRITABLE_FOLDER}, see {VARIABLE}"
        write_together(self.folder, (), allowed)  # before the fit, which may take minutes
        made = make()
        write_together(self.folder, [(path.name, seal(netcdf(made)))], allowed)
        return made


def default_cache() -> FitCache:
    """Return the cache in ``SIM_CACHE_DIR``, or in ``.cache/sim`` under the current folder."""
    return FitCache(Path(os.environ.get(VARIABLE) or DEFAULT))


def netcdf(tree: xr.DataTree) -> bytes:
    """Return a fit as compressed NetCDF, made in memory: on a full disk HDF5 may end the process."""
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


ABOUT = "posterior.json"


@dataclass(frozen=True, eq=False)
class Posterior:
    """Posterior draws of every estimand.

    Parameters
    ----------
    columns
        Draws by column of :mod:`sim.evidence.estimands`, (draw), chain after chain; a draw is one joint draw
        of all.
    diagnostics
        How well the draws were sampled.
    """

    columns: Mapping[str, Array]
    diagnostics: Diagnostics


def keep_beside(posterior: Posterior, digest: str, n_draws: int, folder: Path) -> tuple[Path, Path]:
    """Write a posterior into the folder of its survey.

    Parameters
    ----------
    posterior
        The posterior to keep.
    digest
        Digest of what it depends on (:func:`posterior_digest`).
    n_draws
        Draws of each chain.
    folder
        Folder of the period file.

    Returns
    -------
    tuple
        The files written.

    Raises
    ------
    InvalidInput
        If the folder cannot be written.
    """
    text = frame_csv(pd.DataFrame(dict(posterior.columns))).encode()
    versions = {"sim": __version__} | {name: version(name) for name in PACKAGES}
    about = {
        "posterior_of": digest,
        "draws_of_each_chain": n_draws,
        "draws_sha256": hashlib.sha256(text).hexdigest(),
        "versions": versions,
        "diagnostics": asdict(posterior.diagnostics),
    }
    write_whole(folder / POSTERIOR_DRAWS, text)
    write_json(folder / ABOUT, about)
    return folder / POSTERIOR_DRAWS, folder / ABOUT


def posterior_beside(periods: Path, digest: str, n_draws: int) -> Posterior | None:
    """Return the posterior kept beside a period file, or ``None`` where there is none of this kind.

    Parameters
    ----------
    periods
        The period file.
    digest
        Digest of what the posterior must depend on (:func:`posterior_digest`).
    n_draws
        Fewest draws that each chain must have.

    Returns
    -------
    Posterior or None
        Its draws and diagnostics; ``None`` where another posterior or none is kept.

    Raises
    ------
    InvalidInput
        If the draws are not those that were kept.
    """
    about_file, draws_file = periods.parent / ABOUT, periods.parent / POSTERIOR_DRAWS
    if not (about_file.is_file() and draws_file.is_file()):
        return None
    try:
        about = json.loads(about_file.read_bytes())
        if about["posterior_of"] != digest or about["draws_of_each_chain"] < n_draws:
            return None
        content = draws_file.read_bytes()
        if hashlib.sha256(content).hexdigest() != about["draws_sha256"]:
            raise ValueError(f"{POSTERIOR_DRAWS} does not have the digest stated here")
        diagnostics = Diagnostics.from_json(about["diagnostics"])
        table = pd.read_csv(io.BytesIO(content))
    except (OSError, ValueError, KeyError, TypeError) as error:
        problem = f"the posterior kept beside the survey is damaged: {error}"
        allowed = "both files as `sim evidence fit --keep-beside` wrote them, or neither"
        raise InvalidInput([Fault(str(about_file), "", problem, allowed)]) from None
    columns = {str(name): np.asarray(table[name], dtype=np.float64) for name in table}
    return Posterior(columns, diagnostics)
