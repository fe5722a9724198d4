"""What is made of runs, from Python: comparisons, what drives and what turns them, sweeps, figures."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal

import pandas as pd

from sim.analysis.compare.comparison import Comparison
from sim.analysis.compare.comparison import compare as compare_sources
from sim.analysis.compare.sources import ScenarioSource, distinct_names, place_of
from sim.analysis.decision.acceptability import finite_thresholds
from sim.analysis.decision.decide import decide as decide_on
from sim.analysis.sweep.grid import OPTION, read_axes, read_grid
from sim.analysis.sweep.points import run_points, sweep_table
from sim.engine.experiment import Experiment
from sim.engine.variants import check_size
from sim.faults import Fault, Faults, InvalidInput, refuse
from sim.interface import RunLike, ScenarioLike, load, overrides_of, run_of, whole_number_of
from sim.parallel import executor_for
from sim.run_record import Run
from sim.run_tables import sensitivity_of
from sim.scenario.load import NOTHING
from sim.stored_tables import RunTables
from sim.types import silent

if TYPE_CHECKING:
    import matplotlib.figure


def compare(
    *scenarios: RunLike,
    baseline: str | None = None,
    overrides: Mapping[str, Any] = NOTHING,
    draws: int | None = None,
    **keys: object,
) -> Comparison:
    """Compare scenarios or runs with one of them, on one seed.

    Parameters
    ----------
    *scenarios
        Two runs or scenarios, or more, each a run, the folder of one, or what :func:`load` takes; those that
        are no runs take the seed of the first.
    baseline
        Name of the one that the others are compared with; the first unless stated.
    overrides
        Values laid over every scenario, as for :func:`load`.
    draws
        Number of draws of every scenario, as for :func:`load`.
    **keys
        Further keys of every scenario file, as for :func:`load`.

    Returns
    -------
    Comparison
        The comparison: tables ``outcomes``, ``contrasts`` and ``waterfalls``, and ``warnings``.

    Raises
    ------
    InvalidInput
        If a scenario is not valid, with the faults of all; if there are fewer than two, no outcome is shared,
        or what is laid over would change a finished run.
    """
    if len(scenarios) < 2:
        problem = f"a comparison needs two scenarios or more; given: {len(scenarios)}"
        raise InvalidInput([Fault("compare", "", problem, "two or more scenarios or runs")])
    laid_over = overrides_of(overrides, draws, keys)
    runs: list[Run] = []
    faults = Faults()
    for each in scenarios:
        shared = {"seed": runs[0].scenario.seed} if runs and not isinstance(each, Run) else {}
        with faults.kept():
            runs.append(run_of(each, shared | laid_over, laid_over))
            check_size(runs[-1].scenario)
    refuse(dict.fromkeys(faults))
    names = distinct_names([each.scenario.name for each in runs])
    sources = [ScenarioSource(name, name, each) for name, each in zip(names, runs, strict=True)]
    return compare_sources(sources, 0 if baseline is None else place_of(str(baseline), sources), silent)


def sensitivity(
    scenario: RunLike, overrides: Mapping[str, Any] = NOTHING, *, draws: int | None = None, **keys: object
) -> Mapping[str, pd.DataFrame]:
    """Split the variance of the reported outcome, and rank what drives it, several ways.

    Parameters
    ----------
    scenario
        A run, the folder of one, or what :func:`load` takes.
    overrides
        Values laid over a scenario, as for :func:`load`.
    draws
        Number of draws of a scenario, as for :func:`load`.
    **keys
        Further keys of a scenario file, as for :func:`load`.

    Returns
    -------
    Mapping of str to DataFrame
        Tables by name, as in ``run.tables``: ``sensitivity_indices``, ``variance_by_kind``, ``tornado``,
        ``moment_independent``, ``rank_correlations``, ``drivers``.

    Raises
    ------
    InvalidInput
        If the run cannot be made, as :func:`~sim.interface.run` says; if there are more inputs than a
        variance is split among.
    """
    made = run_of(scenario, overrides_of(overrides, draws, keys))
    return RunTables(made.scenario, sensitivity_of(made.scenario, made.arrays))


def decide(
    scenario: RunLike,
    overrides: Mapping[str, Any] = NOTHING,
    *,
    thresholds: Sequence[float] = (),
    pair: Sequence[str] = (),
    draws: int | None = None,
    **keys: object,
) -> Mapping[str, pd.DataFrame]:
    """Find what would turn a decision, and what knowing more is worth.

    Parameters
    ----------
    scenario
        A run, the folder of one, or what :func:`load` takes.
    overrides
        Values laid over a scenario, as for :func:`load`.
    thresholds
        Thresholds in place of the report's.
    pair
        Names of the two quantities of the two-way map.
    draws
        Number of draws of a scenario, as for :func:`load`.
    **keys
        Further keys of a scenario file, as for :func:`load`.

    Returns
    -------
    Mapping of str to DataFrame
        Tables by name, where there is something to say: ``acceptability``, ``switching_values``,
        ``break_even``, ``threshold_map``, ``information``, ``more_periods``.

    Raises
    ------
    InvalidInput
        If the run cannot be made, as :func:`~sim.interface.run` says; if a threshold is no finite number, or
        the pair is not of what the outcome reads.
    """
    made = run_of(scenario, overrides_of(overrides, draws, keys))
    experiment = Experiment(made.scenario, made.arrays)
    found = decide_on(experiment, tuple(pair), finite_thresholds(thresholds))
    return RunTables(made.scenario, found.tables)


def sweep(
    scenario: ScenarioLike,
    over: Mapping[str, str | Sequence[object]],
    overrides: Mapping[str, Any] = NOTHING,
    *,
    draws: int | None = None,
    workers: int = 1,
    **keys: object,
) -> pd.DataFrame:
    """Run a scenario over a grid of one or two keys, all on one seed.

    Parameters
    ----------
    scenario
        A path, the name of a shipped scenario, a dict, or a loaded scenario.
    over
        Values by key: ``{"salary.median": [200_000, 300_000]}``, or a range as the command line states it,
        ``"2e5:4e5:9"``.
    overrides
        Values laid over the scenario at every point, as for :func:`load`.
    draws
        Number of draws of every point, as for :func:`load`.
    workers
        Number of processes that run the points.
    **keys
        Further keys of the scenario file, as for :func:`load`.

    Returns
    -------
    DataFrame
        A column for each key, then ``outcome``, ``statistic``, ``at``, ``value``, ``mc_error``, ``unit``,
        ``note``.

    Raises
    ------
    InvalidInput
        If a point cannot be run, as :func:`~sim.interface.run` says; for no key or more than two, or a value
        that is none of the key.
    """
    loaded = load(scenario, overrides, draws=draws, **keys)
    if not isinstance(over, Mapping):
        raise InvalidInput([Fault(OPTION, "", f"{over!r} is no dict", "values by key")])
    grid = read_grid(loaded, (), read_axes([_axis(key, values) for key, values in over.items()]))
    distinct = list({point.digest: point for point in grid.points}.values())
    with executor_for(whole_number_of(workers)) as executor:
        found = {each.digest: each for each in run_points(executor, distinct)}
    return sweep_table(grid, found)


def _axis(key: str, values: object) -> str:
    """Return an axis as the command line states it."""
    if isinstance(values, Iterable) and not isinstance(values, str):
        return f"{key}={','.join(map(str, values))}"
    if isinstance(values, str):
        return f"{key}={values}"
    raise InvalidInput([Fault(OPTION, key, f"{values!r} is not a list of values", "two values or more")])


def plot(
    scenario: RunLike,
    figure: str,
    *,
    width: str | float = "single",
    style: Literal["paper", "slides"] = "paper",
) -> "matplotlib.figure.Figure":
    """Draw a figure of a run.

    Parameters
    ----------
    scenario
        A run, the folder of one, or what :func:`load` takes.
    figure
        Name of the figure, as ``sim plot --figure`` takes it: ``distribution``, ``tornado``, ``sobol``, ...
    width
        ``single`` (8.8 cm), ``double`` (17.8 cm), or a number of cm.
    style
        ``paper`` or ``slides``.

    Returns
    -------
    matplotlib.figure.Figure
        The figure, to be shown, changed, or saved with ``savefig``.

    Raises
    ------
    InvalidInput
        If no figure has that name, the run has nothing for it, or there is no such width or style.
    """
    from sim.figures.look import read_look
    from sim.report.plot import figure_of

    look = read_look("png", str(width), str(style))
    made = run_of(scenario, {})
    return figure_of(made, str(figure), look, lambda: decide(made))
