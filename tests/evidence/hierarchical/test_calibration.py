"""Simulation-based calibration (Talts et al. 2018, arXiv:1804.06788) of each unit's model.

Parameters are drawn from the model's own prior, a small survey is simulated from them by code of its own, and
the model is fitted to it: the rank of each true value among the posterior draws must be uniform. Each model
has 200 simulations and a chi-square test over ten bins of ranks for each of its shared parameters, at 1e-4:
a right model fails one of the thirteen tests about once in 770 runs with another seed.
"""

import numpy as np
import pytest
from scipy import stats

from sim.evidence.hierarchical.fit import sample_model, sample_prior
from sim.evidence.hierarchical.model_survey import ModelSurvey
from sim.evidence.hierarchical.models import contributors_model, marks_model, structure
from sim.evidence.hierarchical.settings import FitSettings
from sim.evidence.readings import PeriodSample

N_SIMULATIONS, N_BINS, N_RANKED = 200, 10, 99
N_STRATA, N_PERIODS = 10, 5
ALPHA = 1e-4
SETTINGS = FitSettings(draws=495, tune=400, chains=2, cores=1, target_accept=0.9, accept_diagnostics=True)
OFFSETS = {"commits": 0, "lines": 1}
UPPER = np.concatenate([[0], 2 ** np.arange(62)])

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore")]


def survey_with(contributors: np.ndarray, frequencies: dict[str, np.ndarray]) -> ModelSurvey:
    names = np.repeat([f"s{h:02d}" for h in range(N_STRATA)], N_PERIODS)
    ones = np.ones(names.size)
    counts = np.stack([contributors, contributors, contributors], axis=1).astype(float)
    start = np.tile(np.arange(N_PERIODS), N_STRATA).astype("datetime64[D]")
    sample = PeriodSample("simulated", names, names, start, counts)
    exposures = dict.fromkeys(("contributors", "commits", "lines"), ones)
    return ModelSurvey(sample, frequencies, dict.fromkeys(("commits", "lines"), UPPER), exposures)


def everyone_in_the_second_bin(contributors: np.ndarray) -> dict[str, np.ndarray]:
    table = np.zeros((contributors.size, UPPER.size), dtype=np.int64)
    table[:, 1] = contributors
    return {"commits": table, "lines": table}


def simulated_contributors(true: dict[str, np.ndarray], rng: np.random.Generator) -> ModelSurvey:
    mean = np.repeat(np.exp(true["log_mean"]), N_PERIODS)
    dispersion = np.repeat(true["dispersion"], N_PERIODS)
    # a negative binomial is a Poisson law whose mean is a gamma variable
    contributors = rng.poisson(mean * rng.gamma(1 / dispersion) * dispersion)
    return survey_with(contributors, everyone_in_the_second_bin(contributors))


def simulated_marks(unit: str, true: dict[str, np.ndarray], rng: np.random.Generator) -> ModelSurvey:
    contributors = 1 + rng.poisson(4, N_STRATA * N_PERIODS)
    stratum = np.repeat(np.arange(N_STRATA), N_PERIODS)
    mean_active = contributors.reshape(N_STRATA, N_PERIODS).mean(axis=1)
    deviation = np.log(contributors / mean_active[stratum])
    centre = true["level"][stratum] + true["activity"] * deviation
    centre = centre + true["period_spread"] * rng.standard_normal(centre.size)
    period = np.repeat(np.arange(centre.size), contributors)
    logs = rng.normal(centre[period], true["contributor_spread"])
    counts = np.ceil(np.exp(np.minimum(logs, 42.0))).astype(np.int64) - OFFSETS[unit]
    table = np.zeros((centre.size, UPPER.size), dtype=np.int64)
    np.add.at(table, (period, np.searchsorted(UPPER, counts)), 1)
    other = everyone_in_the_second_bin(contributors)
    return survey_with(contributors, {**other, unit: table})


def fitted(unit: str, survey: ModelSurvey):
    if unit == "contributors":
        return contributors_model(survey, "negative-binomial")
    return marks_model(survey, unit, "lognormal")


@pytest.mark.parametrize(
    ("unit", "names"),
    [
        ("contributors", ["centre", "spread", "dispersion_scale"]),
        ("commits", ["centre", "spread", "activity", "period_spread", "contributor_spread"]),
        ("lines", ["centre", "spread", "activity", "period_spread", "contributor_spread"]),
    ],
)
def test_ranks_are_uniform(unit: str, names: list[str]):
    rng = np.random.default_rng(2018)
    contributors = 1 + rng.poisson(4, N_STRATA * N_PERIODS)
    any_survey = survey_with(contributors, everyone_in_the_second_bin(contributors))
    prior = sample_prior(fitted(unit, any_survey), N_SIMULATIONS, seed=5)
    ranks: dict[str, list[int]] = {name: [] for name in names}
    for simulation in range(N_SIMULATIONS):
        true = {str(name): values.to_numpy()[0, simulation] for name, values in prior.data_vars.items()}
        if unit == "contributors":
            survey = simulated_contributors(true, rng)
        else:
            survey = simulated_marks(unit, true, rng)
        shared = structure(survey, unit, "negative-binomial" if unit == "contributors" else "lognormal")
        posterior = sample_model(fitted(unit, survey), SETTINGS, simulation, shared)["posterior"]
        for name in names:
            draws = posterior[name].to_numpy().ravel()[:: 2 * SETTINGS.draws // N_RANKED][:N_RANKED]
            ranks[name].append(int((draws < true[name]).sum()))
    for name, found in ranks.items():
        counts = np.bincount(np.array(found) * N_BINS // (N_RANKED + 1), minlength=N_BINS)
        assert stats.chisquare(counts).pvalue > ALPHA, (unit, name, counts.tolist())
