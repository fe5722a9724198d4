"""A posterior kept beside the survey it is of, so that runs need neither its fit nor PyMC.

``posterior.csv`` holds the draws, one column for each estimand and one row for each joint draw, chain after
chain, in full precision; ``posterior.json`` says what they are the posterior of, how well they were sampled,
with which versions, and the draws' digest. A run reads them where survey, references, models, seeds and
sampling are those of the run, and the draws as many or more; it fits anew otherwise.
"""

import hashlib
import io
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path

import numpy as np
import pandas as pd

import sim
from sim.evidence.hierarchical.cache import PACKAGES
from sim.evidence.hierarchical.diagnostics import Diagnostics
from sim.faults import Fault, InvalidInput
from sim.files import write_json, write_whole
from sim.types import Array

DRAWS, ABOUT = "posterior.csv", "posterior.json"


@dataclass(frozen=True, eq=False)
class Posterior:
    """Posterior draws of every estimand.

    Parameters
    ----------
    columns
        (draw) by column of :mod:`sim.evidence.estimands`, chain after chain; a draw is one joint draw of all.
    diagnostics
        How well they were sampled.
    """

    columns: Mapping[str, Array]
    diagnostics: Diagnostics


def keep_beside(posterior: Posterior, digest: str, n_draws: int, folder: Path) -> tuple[Path, Path]:
    """Write a posterior into the folder of its survey.

    Parameters
    ----------
    posterior
        What to keep.
    digest
        Of what it depends on (:func:`sim.evidence.hierarchical.cache.posterior_digest`).
    n_draws
        Of each chain.
    folder
        Where the period file lies.

    Returns
    -------
    tuple
        The files written: draws, and what is said of them.

    Raises
    ------
    InvalidInput
        If the folder cannot be written.
    """
    text = pd.DataFrame(dict(posterior.columns)).to_csv(index=False, lineterminator="\n").encode()
    versions = {"sim": sim.__version__} | {name: version(name) for name in PACKAGES}
    about = {
        "posterior_of": digest,
        "draws_of_each_chain": n_draws,
        "draws_sha256": hashlib.sha256(text).hexdigest(),
        "versions": versions,
        "diagnostics": asdict(posterior.diagnostics),
    }
    write_whole(folder / DRAWS, text)
    write_json(folder / ABOUT, about)
    return folder / DRAWS, folder / ABOUT


def posterior_beside(periods: Path, digest: str, n_draws: int) -> Posterior | None:
    """Return the posterior kept beside a period file, or ``None`` where there is none of this kind.

    Parameters
    ----------
    periods
        The period file.
    digest
        Of what the posterior must depend on.
    n_draws
        Fewest of each chain.

    Returns
    -------
    Posterior or None
        Its draws and diagnostics, or nothing where another posterior or none is kept.

    Raises
    ------
    InvalidInput
        If the draws are not those that were kept.
    """
    about_file, draws_file = periods.parent / ABOUT, periods.parent / DRAWS
    if not (about_file.is_file() and draws_file.is_file()):
        return None
    try:
        about = json.loads(about_file.read_bytes())
        if about["posterior_of"] != digest or about["draws_of_each_chain"] < n_draws:
            return None
        content = draws_file.read_bytes()
        if hashlib.sha256(content).hexdigest() != about["draws_sha256"]:
            raise ValueError(f"{DRAWS} does not have the digest stated here")
        diagnostics = Diagnostics.from_json(about["diagnostics"])
        table = pd.read_csv(io.BytesIO(content))
    except (OSError, ValueError, KeyError, TypeError) as error:
        problem = f"the posterior kept beside the survey is damaged: {error}"
        allowed = "both files as `sim evidence fit --keep-beside` wrote them, or neither"
        raise InvalidInput([Fault(str(about_file), "", problem, allowed)]) from None
    columns = {str(name): np.asarray(table[name], dtype=np.float64) for name in table}
    return Posterior(columns, diagnostics)
