"""The default sampler is never worse than plain random draws, whatever names a scenario happens to have.

A maximum of three independent exponentials has the closed form P(y <= t) = (1 - exp(-t))^3. What the three
do together decides its lower end, so that directions of Sobol' points drawn for each name, as they once
were, could make its error several times that of plain random draws: 0.017 in place of 0.0037 for these
names and seed.
"""

from pathlib import Path

import numpy as np
import pytest

from sim.engine.simulate import simulate
from sim.scenario.load import load
from sim.summary.row import Summary
from tests.builders import write_scenario

LAW = 'distribution = "exponential"\nmean = 1\nrationale = "a case"\n'
MAXIMUM = "\n".join(
    [
        'title = "Maximum of three"\nseed = 11',
        *(f"[parameters.{name}]\n{LAW}" for name in "abc"),
        '[outcomes.y]\nformula = "max(a, b, c)"',
        '[report]\noutcome = "y"',
    ]
)
ENDS = {
    "low": -np.log(1 - 0.025 ** (1 / 3)),
    "median": -np.log(1 - 0.5 ** (1 / 3)),
    "mean": 1 + 1 / 2 + 1 / 3,
}


def found(path: Path, sampler: str, seed: int, n_draws: int, dimensions: str = "[]") -> Summary:
    """Return the summary of a run with some sampler."""
    settings = [f"sampling.sampler={sampler}", f"seed={seed}", f"sampling.n_draws={n_draws}"]
    scenario = load(path, [*settings, f"sampling.dimensions={dimensions}"])
    return simulate(scenario).statistics


def test_maximum_of_three_is_as_good_as_by_random_draws(tmp_path: Path):
    path = write_scenario(tmp_path, MAXIMUM)
    default, random = (found(path, sampler, 11, 65_536) for sampler in ("sobol", "random"))
    for statistic, exact in ENDS.items():
        row = default.find("y", statistic)
        # an error from 16 randomisations: Student's t with 15 degrees of freedom, false alarm 1e-4
        assert abs(row.value - exact) < 5.3 * row.mc_error
        # a ratio of two such errors exceeds 2 once in 200 (F, 15 and 15 degrees of freedom)
        assert row.mc_error < 2 * random.find("y", statistic).mc_error


@pytest.mark.parametrize("statistic", sorted(ENDS))
def test_no_triple_of_names_is_much_worse_than_random_draws(tmp_path: Path, statistic: str):
    # Mean square of printed errors over 12 seeds and as many triples of names: 180 degrees of freedom each,
    # so that the root of their ratio has a standard deviation of 0.075; limit 1.35 false alarm 3e-5, while
    # a single triple (15 degrees of freedom) exceeds twice the root of random's with 1e-5 each.
    squares = {"sobol": np.empty(12), "random": np.empty(12)}
    for sampler, errors in squares.items():
        for seed in range(12):
            path = write_scenario(tmp_path, _renamed(seed))
            errors[seed] = found(path, sampler, seed, 4096).find("y", statistic).mc_error ** 2
    assert squares["sobol"].mean() < 1.35**2 * squares["random"].mean()
    assert squares["sobol"].max() < 4 * squares["random"].mean()


def test_listed_names_do_better(tmp_path: Path):
    path = write_scenario(tmp_path, MAXIMUM)
    listed = found(path, "sobol", 11, 65_536, '["a", "b", "c"]').find("y", "low")
    random = found(path, "random", 11, 65_536).find("y", "low")
    assert abs(listed.value - ENDS["low"]) < 5.3 * listed.mc_error  # Student's t, 15 degrees: 1e-4
    assert listed.mc_error < random.mc_error / 2  # measured: a sixth


def _renamed(number: int) -> str:
    text = MAXIMUM
    for name in "abc":
        text = text.replace(f"[parameters.{name}]", f"[parameters.{name}{number}]")
    return text.replace("max(a, b, c)", f"max(a{number}, b{number}, c{number})")
