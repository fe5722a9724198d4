"""Sobol' indices of the default scenario: ours with intervals, against SALib's analysis at one base sample.

Ours is timed with everything it needs beyond the run: the second sample, all mixtures, and the intervals from
randomisations. SALib is timed for its analysis alone (100 bootstrap resamples, its default), on outcomes of
the same mixtures handed to it. The accuracy of both is the width of the 95 % intervals they give.

Run with ``make bench``.
"""

import time
from pathlib import Path

import numpy as np
from SALib.analyze import sobol as salib

from sim.analysis.sensitivity.sobol_indices import sobol_indices
from sim.engine.experiment import Experiment
from sim.engine.simulate import simulate
from sim.scenario.load import load

DEFAULT = Path(__file__).parents[1] / "priors" / "default.toml"


def salib_order(experiment: Experiment) -> np.ndarray:
    """Return log outcomes as SALib wants them: for each draw A, then A with one input from B each, then B."""
    everything = [each.name for each in experiment.inputs]
    mixtures = [[], *([name] for name in everything), everything]
    return np.column_stack(
        [np.log(experiment.evaluate(experiment.mixed(m))).ravel() for m in mixtures]
    ).ravel()


def test_sobol_indices(benchmark, measured):
    scenario = load(DEFAULT)
    results = simulate(scenario)
    found = benchmark.pedantic(lambda: sobol_indices(Experiment(scenario, results.arrays)), rounds=3)
    ours = {each.group.name: each for each in found if each.scale == "log"}
    experiment = Experiment(scenario, results.arrays)
    names = [each.name for each in experiment.inputs]
    outcomes = salib_order(experiment)
    problem = {"num_vars": len(names), "names": names, "bounds": [[0, 1]] * len(names)}
    start = time.perf_counter()
    theirs = salib.analyze(problem, outcomes, calc_second_order=False, seed=1)
    seconds = time.perf_counter() - start
    what = "Sobol' indices of the default scenario, with intervals"
    measured(what, benchmark.stats["mean"], "SALib's analysis alone", seconds, 1.0)
    for order, key, attribute in (("first", "S1", "first"), ("total", "ST", "total")):
        for place, name in enumerate(names):
            share = getattr(ours[name], attribute)
            half = (share.interval[1] - share.interval[0]) / 2
            print(
                f"{order} order, {name}: {share.value:.4f} ± {half:.4f}, "
                f"SALib {theirs[key][place]:.4f} ± {theirs[f'{key}_conf'][place]:.4f}"
            )
    benchmark.extra_info["ratio"] = benchmark.stats["mean"] / seconds
