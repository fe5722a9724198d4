"""The five-input problem of the benchmarks: its scenario, its exact figures, and others' ways to solve it.

BCR = value * share / (pay / (26 * rate) * units), with pay lognormal (5 and 95 %: 200 k, 400 k), value
lognormal (1e11, 1e12), share beta(2, 18), units normal(123.9e3, 8e3) and rate lognormal (3.5, 6).
"""

from pathlib import Path

import numpy as np
from scipy import optimize, special, stats

from sim.scenario.schema import Scenario
from tests.builders import load_text, parameter, scenario_text

LEVELS = np.array([0.025, 0.975])
Q95 = float(special.ndtri(0.95))
LOGNORMALS = {"value": (1e11, 1e12), "pay": (2e5, 4e5), "rate": (3.5, 6.0)}
UNITS = (123.9e3, 8e3)
SHARE = (2.0, 18.0)


def scenario(folder: Path, seed: int, n_draws: int) -> Scenario:
    """Return the problem as a scenario."""
    parts = [
        parameter(name, f'distribution = "lognormal"\np05 = {low}\np95 = {high}')
        for name, (low, high) in LOGNORMALS.items()
    ]
    parts += [
        parameter("share", f'distribution = "beta"\nalpha = {SHARE[0]}\nbeta = {SHARE[1]}'),
        parameter("units", f'distribution = "normal"\nmean = {UNITS[0]}\nsd = {UNITS[1]}'),
    ]
    formula = "value * share / (pay / (26 * rate) * units)"
    text = scenario_text(*parts, formula=formula, seed=seed, n_draws=n_draws)
    names = 'dimensions = ["share", "value", "pay", "rate", "units"]'
    return load_text(folder, text.replace('sampler = "sobol"', f'sampler = "sobol"\n{names}'))


def exact() -> tuple[np.ndarray, float]:
    """Return the quantiles at ``LEVELS`` and the mean."""
    quantiles = [
        np.exp(optimize.brentq(lambda log, level=level: below(np.exp(log)) - level, -5.0, 15.0, xtol=1e-12))
        for level in LEVELS
    ]
    middle, spread = normal_part()
    units, weights = _units()
    share = SHARE[0] / sum(SHARE)
    return np.array(quantiles), float(np.exp(middle + spread**2 / 2) * share * (weights @ (1 / units)))


def below(t: float) -> float:
    """Return the probability of at most `t`.

    Given share and units the logarithm is normal. Its distribution function is averaged over ln(share), by
    the trapezoidal rule on a density that vanishes at both ends, and over units, by Gauss and Hermite.
    """
    middle, spread = normal_part()
    logs = np.linspace(-40.0, 0.0, 8001)[:-1]
    density = stats.beta(*SHARE).pdf(np.exp(logs)) * np.exp(logs)
    units, weights = _units()
    centres = middle + logs[:, np.newaxis] - np.log(units)
    return float(density @ special.ndtr((np.log(t) - centres) / spread) @ weights / density.sum())


def _units() -> tuple[np.ndarray, np.ndarray]:
    nodes, weights = special.roots_hermitenorm(24)
    return UNITS[0] + UNITS[1] * nodes, weights / weights.sum()


def normal_part() -> tuple[float, float]:
    """Return mean and standard deviation of the logarithm of value * 26 * rate / pay."""
    logs = {name: np.log(np.array(ends)) for name, ends in LOGNORMALS.items()}
    means = {name: float(ends.mean()) for name, ends in logs.items()}
    variance = sum((float(ends[1] - ends[0]) / (2 * Q95)) ** 2 for ends in logs.values())
    return means["value"] + means["rate"] + np.log(26.0) - means["pay"], float(np.sqrt(variance))


def by_numpy(seed: int, n_draws: int) -> np.ndarray:
    """Return draws as one would write them by hand with numpy's default generator."""
    rng = np.random.default_rng(seed)

    def lognormal(name: str) -> np.ndarray:
        low, high = np.log(LOGNORMALS[name])
        return rng.lognormal((low + high) / 2, (high - low) / (2 * Q95), n_draws)

    share, units = rng.beta(*SHARE, n_draws), rng.normal(*UNITS, n_draws)
    return lognormal("value") * share / (lognormal("pay") / (26 * lognormal("rate")) * units)


def by_squigglepy(seed: int, n_draws: int) -> np.ndarray:
    """Return the same as one would write them with squigglepy (dependency group `bench`)."""
    import squigglepy as sq

    sq.set_seed(seed)
    laws = {name: sq.lognorm(*ends) for name, ends in LOGNORMALS.items()}
    bcr = laws["value"] * sq.beta(*SHARE) / (
        laws["pay"] / (26 * laws["rate"]) * sq.norm(mean=UNITS[0], sd=UNITS[1])
    )  # fmt: skip
    return np.asarray(sq.sample(bcr, n=n_draws))
