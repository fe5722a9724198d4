"""The candidate models compared: leaving one period out, and surveys drawn anew against the real one."""

import warnings
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
import xarray as xr

from sim.evidence.hierarchical.diagnostics import LARGEST_PARETO_K
from sim.evidence.hierarchical.fit import fit_unit
from sim.evidence.hierarchical.model_survey import ModelSurvey
from sim.evidence.hierarchical.settings import CANDIDATES, FitSettings
from sim.evidence.readings import UNITS
from sim.types import Array, Integers, RngFor

SHARE_EMPTY, MAXIMUM, TOP_SHARE, SPREAD = "share_empty", "maximum", "top_share", "spread"
TOP = 0.01

LOW, HIGH = 0.025, 0.975


def contributors_statistics(survey: ModelSurvey, contributors: Integers) -> dict[str, Array]:
    """Return statistics of contributors by period, (draw) by name.

    Share of empty periods; largest number; share of all contributors in the 1 % of periods with most;
    coefficient of variation between a stratum's periods, mean over strata that have any and two periods.

    Parameters
    ----------
    survey
        The survey, for its strata.
    contributors
        Contributors of each period, (draw, period).

    Returns
    -------
    dict
        Statistics by name, (draw).
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


def effort_statistics(survey: ModelSurvey, frequencies: Integers, upper: Integers) -> dict[str, Array]:
    """Return statistics of contributors by bin, (draw) by name; a count stands at the middle of its bin.

    Upper end of the highest bin that holds anyone; share of all commits or lines by the 1 % of contributors
    with most; standard deviation between a stratum's periods of their contributors' mean place among the
    bins, in doublings, mean over strata with two active periods.

    Parameters
    ----------
    survey
        The survey, for its strata.
    frequencies
        Contributors by bin of each active period, (draw, active_period, bin).
    upper
        Largest count in each bin, (bin).

    Returns
    -------
    dict
        Statistics by name, (draw).
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


@dataclass(frozen=True, eq=False)
class ModelChecks:
    """How the candidates of each unit compare.

    Parameters
    ----------
    leave_one_out
        A row for each unit and model: ``unit``, ``model``, ``elpd``, ``se``; ``difference`` to the unit's
        best and its standard error ``difference_se``; ``high_pareto_k``, periods whose k is above 0.7.
    predictive
        A row for each unit, model and statistic: ``unit``, ``model``, ``statistic``; ``observed``; ``low``,
        ``median``, ``high``, the 95 % interval (eti) of surveys drawn anew; ``p_below``, the share of them
        below the observed, half of those equal to it.
    """

    leave_one_out: pd.DataFrame
    predictive: pd.DataFrame


def compare_models(survey: ModelSurvey, settings: FitSettings, rng_for: RngFor) -> ModelChecks:
    """Fit every candidate of every unit and compare them.

    Parameters
    ----------
    survey
        The survey in one reading, with one contribution or more.
    settings
        How to sample; the models in it are not looked at.
    rng_for
        Gives the generator that belongs to a name.

    Returns
    -------
    ModelChecks
        Tables of all candidates of all units.
    """
    orders: list[pd.DataFrame] = []
    checks: list[pd.DataFrame] = []
    for unit in UNITS:
        fits = _candidates(survey, unit, settings, rng_for)
        orders.append(leave_one_out(unit, fits))
        checks += [_predictive_checks(survey, tree) for tree in fits.values()]
    return ModelChecks(pd.concat(orders, ignore_index=True), pd.concat(checks, ignore_index=True))


def _candidates(
    survey: ModelSurvey, unit: str, settings: FitSettings, rng_for: RngFor
) -> dict[str, xr.DataTree]:
    fits: dict[str, xr.DataTree] = {}
    for model in CANDIDATES[unit]:
        seed = int(rng_for(f"candidate, {unit}, {model}").integers(2**31))
        fits[model] = fit_unit(survey, unit, model, settings, seed)
    return fits


def leave_one_out(unit: str, fits: Mapping[str, xr.DataTree]) -> pd.DataFrame:
    """Return the table of PSIS-LOO over periods, best model first; see :class:`ModelChecks`.

    Parameters
    ----------
    unit
        One of ``UNITS``.
    fits
        Fitted trees by model.

    Returns
    -------
    DataFrame
        One row for each model, best first; columns as in :class:`ModelChecks`.

    References
    ----------
    Vehtari, Gelman and Gabry (2017), Statistics and Computing 27:1413.
    """
    import arviz_stats

    with warnings.catch_warnings():
        # its words on high Pareto k: they are counted in the table instead
        warnings.filterwarnings("ignore", message="Estimated shape parameter of Pareto", category=UserWarning)
        found = {name: arviz_stats.loo(tree, pointwise=True, reff=1.0) for name, tree in fits.items()}
        table = arviz_stats.compare(found, round_to="none")
    return pd.DataFrame(
        {
            "unit": unit,
            "model": table.index.astype(str),
            "elpd": table["elpd"].to_numpy(),
            "se": table["se"].to_numpy(),
            "difference": table["elpd_diff"].to_numpy(),
            "difference_se": table["dse"].to_numpy(),
            "high_pareto_k": [int((found[name].pareto_k > LARGEST_PARETO_K).sum()) for name in table.index],
        }
    )


def _predictive_checks(survey: ModelSurvey, tree: xr.DataTree) -> pd.DataFrame:
    """Return the table of posterior predictive checks of one fitted unit; see :class:`ModelChecks`."""
    unit = str(tree.attrs["unit"])
    name = "contributors" if unit == "contributors" else "frequencies"
    observed = tree["observed_data"][name].to_numpy()[np.newaxis]
    drawn = tree["posterior_predictive"][name].to_numpy()
    drawn = drawn.reshape(-1, *drawn.shape[2:])
    if unit == "contributors":
        there, anew = (contributors_statistics(survey, each) for each in (observed, drawn))
    else:
        upper = tree["observed_data"]["bin"].to_numpy()
        there, anew = (effort_statistics(survey, each, upper) for each in (observed, drawn))
    rows = [
        (unit, str(tree.attrs["model"]), key, float(there[key][0]), *_summary(anew[key], there[key][0]))
        for key in there
    ]
    columns = ["unit", "model", "statistic", "observed", "low", "median", "high", "p_below"]
    return pd.DataFrame(rows, columns=columns)


def _summary(drawn: Array, observed: float) -> tuple[float, ...]:
    low, median, high = np.quantile(drawn, [LOW, 0.5, HIGH])
    below = (drawn < observed).mean() + 0.5 * (drawn == observed).mean()
    return float(low), float(median), float(high), float(below)
