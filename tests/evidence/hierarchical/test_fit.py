"""The fit: an exact posterior, another engine, what is kept, and what is refused."""

from dataclasses import replace
from pathlib import Path

import arviz_stats
import numpy as np
import pymc as pm
import pytest
import xarray as xr
from scipy import stats

from sim.evidence.hierarchical.cache import FitCache, netcdf
from sim.evidence.hierarchical.diagnostics import Diagnostics, UnitReport, convergence, refuse_unless_sound
from sim.evidence.hierarchical.fit import fit_unit, sample_model
from sim.evidence.hierarchical.model_survey import ModelSurvey, cells_of, read_model_survey
from sim.evidence.hierarchical.models import is_rich, marks_model
from sim.evidence.hierarchical.posterior import posterior_columns
from sim.evidence.hierarchical.predictions import stack_chains
from sim.evidence.hierarchical.settings import FitSettings
from sim.evidence.readings import Reading
from sim.faults import InvalidInput
from tests.evidence.hierarchical.builders import Efforts, simulated, streams, survey_of

PERIODS = Path(__file__).parents[3] / "data" / "mloss-2022" / "periods.csv"
REFERENCES = {"pytorch": "pytorch/pytorch", "tensorflow": "tensorflow/tensorflow"}
BILLION = 10**9


def gamma_poisson(counts: list[int]) -> pm.Model:
    with pm.Model() as model:
        pm.Poisson("n", pm.Gamma("rate", alpha=2.0, beta=0.5), observed=counts)
    return model


@pytest.mark.parametrize("sampler", ["nutpie", pytest.param("pymc", marks=pytest.mark.slow)])
def test_conjugate_posterior_is_exact(sampler: str) -> None:
    """Gamma(2, 0.5) prior, Poisson counts: the posterior is Gamma(2 + sum, 0.5 + n).

    Mean, and the probabilities below the exact 5, 50 and 95 % quantiles, within 4 Monte Carlo errors: odds of
    a false alarm 3e-4.
    """
    counts = [3, 0, 7, 4, 2]
    exact = stats.gamma(2 + sum(counts), scale=1 / (0.5 + len(counts)))
    settings = FitSettings(sampler=sampler, draws=1500)  # type: ignore[arg-type]
    rate = sample_model(gamma_poisson(counts), settings, 3)["posterior"]["rate"].to_numpy()
    found = convergence("rate", rate)
    assert abs(rate.mean() - exact.mean()) < 4 * found.monte_carlo_error
    for chance in (0.05, 0.5, 0.95):
        error = np.sqrt(chance * (1 - chance) / min(found.ess_bulk, found.ess_tail))
        assert abs((rate < exact.ppf(chance)).mean() - chance) < 4 * error


def test_draws_depend_on_the_seed_alone() -> None:
    settings = FitSettings(draws=50, tune=50, chains=2)
    model = gamma_poisson([1, 2])
    first, again, other = (
        sample_model(model, each, seed)["posterior"]["rate"].to_numpy()
        for each, seed in ((settings, 0), (replace(settings, cores=1), 0), (settings, 1))
    )
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first, other)


@pytest.fixture(scope="module")
def survey() -> ModelSurvey:
    return simulated(12, 4, 7)


@pytest.fixture(scope="module")
def fitted(survey: ModelSurvey) -> xr.DataTree:
    return fit_unit(survey, "commits", "lognormal", FitSettings(draws=300, tune=300), 4)


@pytest.mark.filterwarnings("ignore:Estimated shape parameter of Pareto")
def test_saved_fit_is_read_by_arviz(fitted: xr.DataTree, survey: ModelSurvey, tmp_path: Path) -> None:
    """Every group is there, with its dimensions; PSIS-LOO runs on what was read back."""
    import arviz_stats

    (tmp_path / "fit.nc").write_bytes(netcdf(fitted))
    read = xr.load_datatree(tmp_path / "fit.nc", engine="h5netcdf")
    groups = {"posterior", "sample_stats", "prior", "prior_predictive", "posterior_predictive"}
    assert groups | {"log_likelihood", "observed_data"} == set(read.children)
    observed = read["observed_data"]["frequencies"].to_numpy()
    assert observed.sum() == survey.contributors.sum()
    for group in ("prior_predictive", "posterior_predictive"):
        drawn = read[group]["frequencies"]
        assert drawn.dims == ("chain", "draw", "active_period", "bin")
        assert (drawn.sum("bin") == observed.sum(axis=1)).all()
    found = arviz_stats.loo(read, pointwise=True, reff=1.0)
    assert found.n_data_points == int(survey.active.sum())


def test_fit_is_kept_and_a_damaged_one_made_anew(fitted: xr.DataTree, tmp_path: Path) -> None:
    made: list[int] = []

    def make() -> xr.DataTree:
        made.append(1)
        return fitted

    cache = FitCache(tmp_path / "kept")
    cache.get("k", make)
    kept = cache.get("k", make)
    assert len(made) == 1
    np.testing.assert_array_equal(
        stack_chains(kept["posterior"].to_dataset(), "level"),
        stack_chains(fitted["posterior"].to_dataset(), "level"),
    )
    path = tmp_path / "kept" / "k.nc"
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(bytes(content))
    cache.get("k", make)
    path.write_bytes(b"")
    cache.get("k", make)
    assert len(made) == 3
    assert [each.name for each in path.parent.iterdir()] == ["k.nc"]


def test_folder_that_cannot_be_written(fitted: xr.DataTree, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(InvalidInput, match="cannot be written"):
        FitCache(tmp_path / "file" / "kept").get("k", lambda: fitted)


def test_convergence_of_independent_and_of_parted_chains() -> None:
    """4 x 1,000 independent draws are worth 4,000, within 20 % (some 6 standard deviations over seeds)."""
    draws = np.random.default_rng(2).standard_normal((4, 1000))
    good = convergence("x", draws)
    assert good.r_hat < 1.01
    assert good.ess_bulk == pytest.approx(4000, rel=0.2)
    assert good.monte_carlo_error == pytest.approx(1 / np.sqrt(4000), rel=0.2)
    bad = convergence("y", draws + np.array([[0.0], [0.0], [0.0], [3.0]]))
    report = Diagnostics((good, bad), (UnitReport("lines", "lognormal", 2, 0.0, 0.0, 0, 5),))
    with pytest.raises(InvalidInput, match=r"y: r-hat 1\.\d+[\s\S]*lines: 2 divergent") as error:
        refuse_unless_sound(report, accepted=False)
    assert "--accept-diagnostics" in str(error.value)
    assert "x:" not in str(error.value)
    refuse_unless_sound(report, accepted=True)
    refuse_unless_sound(Diagnostics((good,), ()), accepted=False)


@pytest.mark.parametrize("exponent", [-1000, -600, 0, 600, 1000])
def test_the_error_of_a_mean_is_of_the_size_of_what_is_measured(exponent: int) -> None:
    """A power of two times draws has that power times their error, though squares leave floating point."""
    draws = np.random.default_rng(5).standard_exponential((4, 500))
    scaled = convergence("x", np.ldexp(draws, exponent)).monte_carlo_error
    assert scaled == np.ldexp(convergence("x", draws).monte_carlo_error, exponent)
    assert convergence("x", draws).monte_carlo_error == float(arviz_stats.mcse(draws, method="mean"))


def test_reference_that_is_not_there() -> None:
    survey = survey_of({"alpha": [[(1, 1)]]})
    with pytest.raises(InvalidInput, match=r"'x/alpa' is not in the file[\s\S]*nearest: x/alpha"):
        posterior_columns(survey, {"r": "x/alpa"}, FitSettings(), streams(1))


def test_wrong_settings_are_all_said() -> None:
    with pytest.raises(InvalidInput) as error:
        FitSettings(draws=0, chains=1, target_accept=1.0)
    assert [fault.key for fault in error.value.faults] == ["draws", "chains", "target_accept"]


@pytest.mark.slow
@pytest.mark.parametrize(
    "efforts",
    [
        {"a": [[(3, 40)] * 4, [(2, 9)] * 9], "idle": [[], []], "c": [[(5, 5)] * 2, []]},
        {"a": [[(3, 40)] * 4, [(2, 9)] * 9, [], [(1, 5), (8, 100)], [(30, 3)] * 3]},
        {"a": [[(3, 40), (1, 2), (9, 900)]]},
        {name: [[(4, 100)] * 5] * 5 for name in "abcdefghijkl"},
        {"a": [[(BILLION, BILLION)] * 3, [(BILLION, 3 * BILLION)] * 2], "b": [[(BILLION, BILLION)], []]},
    ],
    ids=["an idle repository", "one repository", "one period", "constant counts", "counts of a billion"],
)
def test_surveys_at_the_edge(efforts: dict[str, Efforts], tmp_path: Path) -> None:
    """Every posterior is finite and holds the survey's own contributors; an unsound one is refused.

    Counts of a billion lie some ten standard deviations from the priors: they mix slowly.
    """
    survey = survey_of(efforts)
    settings = FitSettings(draws=3000, accept_diagnostics=True)
    cache = FitCache(tmp_path)
    found = posterior_columns(survey, {"r": "x/a"}, settings, streams(1), cache)
    again = posterior_columns(survey, {"r": "x/a"}, settings, streams(1), cache)
    assert found.diagnostics == again.diagnostics
    for name, column in found.columns.items():
        assert np.isfinite(column).all()
        assert (column > 0).all()
        np.testing.assert_array_equal(column, again.columns[name])
    low, high = np.quantile(found.columns["contributors"], [0.001, 0.999])
    means = [np.mean([len(period) for period in periods]) for periods in efforts.values()]
    assert low < sum(means) < high
    assert max(each.r_hat for each in found.diagnostics.quantities[:5]) < 1.05
    if found.diagnostics.faults():
        strict = replace(settings, accept_diagnostics=False)
        with pytest.raises(InvalidInput, match="refused by its diagnostics"):
            posterior_columns(survey, {"r": "x/a"}, strict, streams(1), cache)


@pytest.mark.slow
def test_shipped_survey_is_sound() -> None:
    """The default fit passes its own diagnostics; its intervals hold the design's totals.

    The posterior of contributors is close to its sampling law: 95 % design interval 779 ± 2 x 33.
    """
    survey = read_model_survey(PERIODS, Reading())
    found = posterior_columns(survey, REFERENCES, FitSettings(), streams(2022))
    low, high = np.quantile(found.columns["contributors"], [0.025, 0.975])
    assert low < 779.0 < high
    assert found.columns["contributors"].shape == (4000,)


@pytest.mark.parametrize("unit", ["commits", "lines"])
def test_same_density_as_scipy(survey: ModelSurvey, unit: str) -> None:
    """The marks' model written again with SciPy's laws has the same log density at fifty points.

    Levels are given their own normal laws, and the density of what is sampled for them by the derivative.
    """
    cells = cells_of(survey, unit)
    model = marks_model(survey, unit, "lognormal")
    density = model.compile_fn(model.logp(jacobian=False))
    counts, periods = survey.contributors, np.flatnonzero(survey.active)[cells.period]
    known = np.bincount(survey.stratum, counts / (1 + counts / 25)) * is_rich(survey, unit)
    share = known / (known + 4)
    ends = np.maximum((cells.lower + cells.upper) / 2, cells.upper - 1)
    observed = np.bincount(periods, cells.contributors * ends, len(counts)) / np.maximum(counts, 1)
    prior_of_centre = {"commits": (np.log(3), 1.5), "lines": (np.log(100), 2.0)}[unit]
    positive = {
        "spread": stats.halfnorm(0, 1),
        "period_spread": stats.halfnorm(0, 0.5),
        "contributor_spread": stats.lognorm(0.5, scale=1.5),
    }
    rng = np.random.default_rng(4)
    for _ in range(50):
        centre, activity = rng.normal(*prior_of_centre), rng.normal(0, 0.5)
        drawn = {name: float(law.rvs(random_state=rng)) for name, law in positive.items()}
        sd, period_sd, contributor_sd = drawn.values()
        part, period_part = rng.normal(size=len(survey.names)), rng.normal(size=len(counts))
        level = centre + (part - share * centre) * sd ** (1 - share)
        exposure = np.log(survey.exposures[unit] / survey.exposures["contributors"])
        mean = exposure + level[survey.stratum] + activity * survey.deviation
        ratio = counts * (period_sd / contributor_sd) ** 2
        step = period_sd / np.sqrt(1 + ratio)
        of_period = ratio / (1 + ratio) * (observed - mean) + step * period_part
        prior = stats.norm.logpdf(centre, *prior_of_centre) + stats.norm.logpdf(activity, 0, 0.5)
        prior += sum(law.logpdf(drawn[name]) for name, law in positive.items())
        prior += (stats.norm.logpdf(level, centre, sd) + np.log(sd ** (1 - share))).sum()
        prior += (stats.norm.logpdf(of_period, 0, period_sd) + np.log(step)).sum()
        at = (mean + of_period)[periods]
        low, high = ((end - at) / contributor_sd for end in (cells.lower, cells.upper))
        flip = low + high > 0
        low, high = np.where(flip, -high, low), np.where(flip, -low, high)
        above, below = stats.norm.logcdf(high), stats.norm.logcdf(low)
        likelihood = (cells.contributors * (above + np.log1p(-np.exp(below - above)))).sum()
        given = {
            "centre": centre,
            "activity": activity,
            "period_level": period_part,
            "level_part": part,
            "spread_log__": np.log(sd),
            "period_spread_reflected__": -period_sd,
            "contributor_spread_log__": np.log(contributor_sd),
        }
        assert float(density(given)) == pytest.approx(prior + likelihood, rel=1e-9)


@pytest.mark.slow
def test_contributors_of_one_stratum_by_a_grid() -> None:
    """Poisson contributors of one repository: the posterior mean of ln mu by a grid over the exact density.

    With one stratum ln mu has prior N(ln 3, sqrt(1 + spread**2)), spread half-normal: integrated on a grid.
    Bound 4 Monte Carlo errors: odds of a false alarm 6e-5.
    """
    survey = survey_of({"a": [[(1, 1)] * 4, [(1, 1)] * 2, []]})
    tree = fit_unit(survey, "contributors", "poisson", FitSettings(draws=2000), 6)
    found = tree["posterior"]["log_mean"].to_numpy()[..., 0]
    at, spread = np.linspace(-6, 6, 2001), np.linspace(0, 8, 1001)
    prior = stats.norm.pdf(at[:, None], np.log(3), np.sqrt(1 + spread**2)) @ stats.halfnorm.pdf(spread)
    density = prior * np.exp(6 * at - 3 * np.exp(at))
    expected = (at * density).sum() / density.sum()
    assert abs(found.mean() - expected) < 4 * convergence("x", found).monte_carlo_error
