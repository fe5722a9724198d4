"""The statistics by which a model is checked against the survey: those that its estimands rest on."""

import numpy as np

from sim.evidence.hierarchical.grouped import GroupedSurvey, Integers
from sim.types import Array

SHARE_EMPTY, MAXIMUM, TOP_SHARE, SPREAD = "share_empty", "maximum", "top_share", "spread"
TOP = 0.01


def contributors_statistics(survey: GroupedSurvey, contributors: Integers) -> dict[str, Array]:
    """Return statistics of contributors by period, (draw) by name.

    Share of empty periods; largest number; share of all contributors in the 1 % of periods with most;
    coefficient of variation between a stratum's periods, mean over strata that have any and two periods.

    Parameters
    ----------
    survey
        Gives the strata.
    contributors
        (draw, period).
    """
    counts = contributors.astype(np.float64)
    n_top = max(1, round(TOP * counts.shape[1]))
    top = np.sort(counts, axis=1)[:, -n_top:].sum(axis=1)
    return {
        SHARE_EMPTY: (counts == 0).mean(axis=1),
        MAXIMUM: counts.max(axis=1),
        TOP_SHARE: top / np.maximum(counts.sum(axis=1), 1.0),
        SPREAD: _mean_variation(counts, survey.stratum, relative=True),
    }


def effort_statistics(survey: GroupedSurvey, frequencies: Integers, upper: Integers) -> dict[str, Array]:
    """Return statistics of contributors by bin, (draw) by name; a count stands at the middle of its bin.

    Upper end of the highest bin that holds anyone; share of all commits or lines by the 1 % of contributors
    with most; standard deviation between a stratum's periods of their contributors' mean place among the
    bins, in doublings, mean over strata with two active periods.

    Parameters
    ----------
    survey
        Gives the strata.
    frequencies
        (draw, active_period, bin).
    upper
        (bin): largest count in each.
    """
    totals = frequencies.sum(axis=1)
    middle = 0.5 * (upper + np.concatenate([[0], upper[:-1] + 1]))
    n_top = max(1, round(TOP * int(totals[0].sum())))
    from_top = np.minimum(np.cumsum(totals[:, ::-1], axis=1), n_top)
    in_top = np.diff(from_top, axis=1, prepend=0)[:, ::-1]
    places = np.arange(len(upper))
    n_there = np.maximum(frequencies.sum(axis=2), 1)
    mean_place = (frequencies @ places) / n_there
    return {
        MAXIMUM: upper[np.where(totals > 0, places, 0).max(axis=1)].astype(np.float64),
        TOP_SHARE: (in_top @ middle) / np.maximum(totals @ middle, 1e-300),
        SPREAD: _mean_variation(mean_place, survey.stratum[survey.active], relative=False),
    }


def _mean_variation(values: Array, stratum: Integers, relative: bool) -> Array:
    """Return the standard deviation within strata, by their mean if relative; its mean over them, (draw)."""
    names, place = np.unique(stratum, return_inverse=True)
    member = (place[:, np.newaxis] == np.arange(len(names))).astype(np.float64)
    n = member.sum(axis=0)
    mean = (values @ member) / n
    squares = ((values - mean[:, place]) ** 2) @ member
    sd = np.sqrt(squares / np.maximum(n - 1, 1))
    usable = np.broadcast_to(n > 1, sd.shape)
    if relative:
        usable = usable & (mean > 0)
        sd = sd / np.where(mean > 0, mean, 1.0)
    return np.asarray(np.where(usable, sd, 0.0).sum(axis=1) / np.maximum(usable.sum(axis=1), 1))
