r"""What the survey is about, defined once.

For stratum h with :math:`n_h` sampled periods j, contributors :math:`N_{hj}` and a unit :math:`Y_{hj}`
(commits, lines), at 26 periods a year:

.. math::

    C = \sum_h \bar N_h, \qquad U = 26 \sum_h \bar Y_h, \qquad R_r = \sum_j Y_{rj} \Big/ \sum_j N_{rj}

C persons at a time, U units per year, R units per contributor and period in reference repository r. An empty
period is a zero.
"""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from sim.evidence.readings import UNITS, PeriodSample, Stratum
from sim.faults import Fault, nearest_name, refuse
from sim.types import Array

COLUMNS = {
    "contributors": "person",
    "commits_per_year": "commit/year",
    "lines_per_year": "line/year",
    "periods_per_year": "period/year",
}
REFERENCE_COLUMNS = {
    "commits_per_contributor_period": "commit/person/period",
    "lines_per_contributor_period": "line/person/period",
}

PERIODS_PER_YEAR = 26
COUNTED = UNITS[1:]
TOTALS = ""
"""Stands for the totals, and for all repositories that are no reference."""


def evidence_units(references: Iterable[str]) -> dict[str, str]:
    """Return the unit of each column, in pint's notation, for references by their short names.

    Examples
    --------
    >>> evidence_units(["pytorch"])["commits_per_contributor_period.pytorch"]
    'commit/person/period'
    """
    by_reference = {
        f"{name}.{reference}": unit for name, unit in REFERENCE_COLUMNS.items() for reference in references
    }
    return COLUMNS | by_reference


def ratio_name(unit: str, reference: str) -> str:
    """Return the column of a unit per contributor and period in a reference repository.

    Parameters
    ----------
    unit
        ``commits`` or ``lines``.
    reference
        Short name of the reference.

    Returns
    -------
    str
        Name of the column.

    Examples
    --------
    >>> ratio_name("commits", "pytorch")
    'commits_per_contributor_period.pytorch'
    """
    return f"{unit}_per_contributor_period.{reference}"


def total_names() -> tuple[str, ...]:
    """Return the columns of the totals, in the order of ``UNITS``."""
    return ("contributors", *(f"{unit}_per_year" for unit in COUNTED))


def estimands(totals: Array, reference_sums: Mapping[str, Array]) -> dict[str, Array]:
    """Return every estimand as a function of the means and sums it is made of.

    Parameters
    ----------
    totals
        Sum over the strata of the mean over periods, (..., unit).
    reference_sums
        Sums over each reference's periods, (..., unit) by reference; a common factor cancels.

    Returns
    -------
    dict
        Estimands by column, (...): persons; units per year; units per person and period.
    """
    scale = np.array([1.0] + [float(PERIODS_PER_YEAR)] * len(COUNTED))
    columns = {name: totals[..., i] * scale[i] for i, name in enumerate(total_names())}
    for reference, sums in reference_sums.items():
        for i, unit in enumerate(COUNTED, start=1):
            columns[ratio_name(unit, reference)] = sums[..., i] / sums[..., 0]
    return columns


def point_estimates(sample: PeriodSample, references: Mapping[str, str]) -> dict[str, float]:
    """Return each estimand's point estimate, by column.

    Parameters
    ----------
    sample
        The survey in one reading.
    references
        Repository, ``org/project``, by the reference's short name.

    Returns
    -------
    dict
        Estimates by column: persons; units per year; units per person and period.

    Raises
    ------
    InvalidInput
        If a reference is not in the file, or has no contributor, commit or line in any of its periods.
    """
    check_references(sample, references)
    sums = {name: reference_sums(sample.strata_of(repository)) for name, repository in references.items()}
    return {name: float(value) for name, value in estimands(sample_totals(sample), sums).items()}


def sample_totals(sample: PeriodSample) -> Array:
    """Return the sum over strata of the mean over periods, (unit)."""
    means = np.stack([stratum.counts.mean(axis=0) for stratum in sample.strata])
    return np.asarray(means.sum(axis=0), dtype=np.float64)


def reference_sums(strata: tuple[Stratum, ...]) -> Array:
    """Return the sum over all periods of a reference's strata, (unit)."""
    sums = np.stack([stratum.counts.sum(axis=0) for stratum in strata])
    return np.asarray(sums.sum(axis=0), dtype=np.float64)


def check_references(sample: PeriodSample, references: Mapping[str, str]) -> None:
    """Refuse references that have no ratio.

    Parameters
    ----------
    sample
        The survey in one reading.
    references
        Repository, ``org/project``, by the reference's short name.

    Raises
    ------
    InvalidInput
        If any reference has no ratio; with every such reference.
    """
    faults: list[Fault] = []
    for name, repository in references.items():
        key = f"references.{name}"
        strata = sample.strata_of(repository)
        if not strata:
            known = [str(other) for other in np.unique(sample.repository)]
            problem = f"repository {repository!r} is not in the file"
            nearest = nearest_name(repository, known)
            allowed = "a repository of the file, as org/project"
            faults.append(Fault(sample.source, key, problem, allowed, nearest))
            continue
        sums = reference_sums(strata)
        allowed = "a repository with contributors, commits and lines"
        faults += [
            Fault(sample.source, key, f"{repository} has no {unit} in any period: it has no ratio", allowed)
            for unit, count in zip(UNITS, sums, strict=True)
            if not count > 0
        ]
    refuse(faults)


def parse_references(stated: Sequence[str]) -> dict[str, str]:
    """Return repositories by short name, as stated by ``name=org/project``.

    Raises
    ------
    InvalidInput
        If a statement has another form; with every such statement.

    Examples
    --------
    >>> parse_references(["torch=pytorch/pytorch"])
    {'torch': 'pytorch/pytorch'}
    """
    pairs = [text.partition("=") for text in stated]
    faults = [
        Fault("--reference", text, "no short name and repository", "name=org/project")
        for text, (name, _, repository) in zip(stated, pairs, strict=True)
        if not name or "/" not in repository
    ]
    refuse(faults)
    return {name: repository for name, _, repository in pairs}
