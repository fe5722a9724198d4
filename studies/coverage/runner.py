r"""Running trials: surveys simulated, methods applied to them, the estimates kept beside the truth.

The rows of a trial are the totals C and U, and the cost rows :math:`U / R_r`. The cost per year priced by
reference r is :math:`\text{salary} \cdot U / (26 R_r)`; salary and 26 are constants, so the interval of the
cost covers exactly when that of :math:`U / R_r` does. The cost per year by contributors is salary times C.
Of whole histories there are also the ratios :math:`R_r`, and what they and the totals tie together: lines per
commit, of all and of each reference.
"""

from collections.abc import Generator, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial

import numpy as np

from sim.evidence.estimands import COUNTED, check_references, ratio_name, total_names
from sim.evidence.hierarchical.model_survey import ModelSurvey
from sim.evidence.hierarchical.settings import FitSettings
from sim.evidence.methods import METHODS, Method
from sim.faults import Fault, InvalidInput
from sim.parallel import Executor
from sim.types import Array, RngFor
from studies.coverage.simulators import Simulation, SimulatorName
from studies.coverage.study import FIT, Study
from studies.coverage.trials import StudyMethod, Trial, TrialKey, estimate_all

MOST_ATTEMPTS = 1000


@dataclass(frozen=True, eq=False)
class Estimator:
    """Draws of a survey's estimands by any method; methods that need a posterior share one fit.

    Parameters
    ----------
    survey
        The survey; only ``hierarchical`` and ``hybrid`` use its frequencies.
    references
        Repository by the reference's short name.
    n_draws
        Number of draws of a bootstrap method.
    rng_for
        Gives the generator that belongs to a name.
    fit
        How a posterior is sampled.
    methods
        Methods by name.
    """

    survey: ModelSurvey
    references: Mapping[str, str]
    n_draws: int
    rng_for: RngFor
    fit: FitSettings = FIT
    methods: Mapping[str, Method] = field(default_factory=lambda: METHODS)

    def columns(self, method: StudyMethod) -> Mapping[str, Array]:
        """Return draws of every estimand, (draw) by column.

        Raises
        ------
        InvalidInput
            If the method refuses the survey.
        """
        rng_for, chosen = self._streams(method), self.methods[method]
        if chosen.has_posterior:
            return chosen.of_posterior(self.survey.sample, self.references, self.posterior, rng_for)
        check_references(self.survey.sample, self.references)
        chosen.check_periods(self.survey.sample, self.references)
        return chosen.draw(self.survey.sample, self.references, self.n_draws, rng_for).columns

    @cached_property
    def posterior(self) -> Mapping[str, Array]:
        """Posterior draws of every estimand, (draw) by column."""
        from sim.evidence.hierarchical.posterior import posterior_columns

        return posterior_columns(self.survey, self.references, self.fit, self._streams("posterior")).columns

    def _streams(self, prefix: str) -> RngFor:
        return lambda name: self.rng_for(f"{prefix}, {name}")


def run_trials(executor: Executor, study: Study, keys: Sequence[TrialKey]) -> Generator[Trial]:
    """Run trials and give each as soon as its survey is finished; with several workers, in no fixed order.

    Methods that are to see one survey see it together, and share a fit of the model. The numbers do not
    depend on who runs the trials. Closing the iterator drops the surveys not begun.

    Parameters
    ----------
    executor
        Runs the trials.
    study
        What the trials share.
    keys
        Keys of the trials to run.

    Yields
    ------
    Trial
        The trial of each key.
    """
    surveys: dict[tuple[str, int], list[TrialKey]] = {}
    for key in keys:
        surveys.setdefault((key.simulator, key.number), []).append(key)
    finished = executor.map(partial(run_trials_of_survey, study), list(surveys.values()))
    try:
        for trials in finished:
            yield from trials
    finally:
        finished.close()


def run_trials_of_survey(study: Study, keys: Sequence[TrialKey]) -> tuple[Trial, ...]:
    """Simulate a survey, apply methods to it, keep the quantiles.

    The survey depends on the seed, the simulator and the number; what a method draws, also on the method.
    Nothing depends on the trials run before or beside.

    Parameters
    ----------
    study
        What the trials share.
    keys
        Keys of the trials to run, all of one simulator and number.

    Returns
    -------
    tuple of Trial
        The trials, in the order of the keys.
    """
    prefix = f"{keys[0].simulator}, {keys[0].number}"
    simulation, n_without_ratio = _simulate(study, keys[0].simulator, study.rng_for(f"{prefix}, survey"))
    rows_as = _history_rows if keys[0].simulator == "histories" else rows_of
    truths = rows_as(simulation.truths, study.references)
    estimator = Estimator(
        simulation.survey,
        study.references,
        study.n_draws,
        lambda name: study.rng_for(f"{prefix}, {name}"),
        study.fit,
        study.methods,
    )
    trials: list[Trial] = []
    for key in keys:
        try:
            drawn = rows_as(estimator.columns(key.method), study.references)
        except InvalidInput as error:
            trials.append(Trial(key, (), str(error), n_without_ratio))
        else:
            trials.append(Trial(key, estimate_all(truths, drawn), "", n_without_ratio))
    return tuple(trials)


def rows_of[Value: (float, Array)](
    columns: Mapping[str, Value], references: Iterable[str]
) -> dict[str, Value]:
    """Return every row, from draws or from true values of the estimands.

    Parameters
    ----------
    columns
        Draws or a number by column of :func:`sim.evidence.estimands.estimands`, (draw).
    references
        Short names of the references.

    Returns
    -------
    dict
        Rows by name: totals, then cost rows by unit and reference, such as ``commits_cost.pytorch``.
    """
    rows = {name: columns[name] for name in total_names()}
    for unit in COUNTED:
        for reference in sorted(references):
            ratio = columns[ratio_name(unit, reference)]
            rows[f"{unit}_cost.{reference}"] = columns[f"{unit}_per_year"] / ratio
    return rows


def _history_rows[Value: (float, Array)](
    columns: Mapping[str, Value], references: Iterable[str]
) -> dict[str, Value]:
    """Return every row of a study of histories: those of :func:`rows_of`, ratios, and lines per commit.

    By name, ratios as their columns, ``lines_per_commit`` and ``lines_per_commit.google/jax``.
    """
    ratios = {
        ratio_name(unit, each): columns[ratio_name(unit, each)] for unit in COUNTED for each in references
    }
    rows = rows_of(columns, references) | ratios
    rows["lines_per_commit"] = columns["lines_per_year"] / columns["commits_per_year"]
    for each in references:
        commits, lines = (columns[ratio_name(unit, each)] for unit in COUNTED)
        rows[f"lines_per_commit.{each}"] = lines / commits
    return rows


def _simulate(study: Study, simulator: SimulatorName, rng: np.random.Generator) -> tuple[Simulation, int]:
    """Draw surveys until every reference has a ratio; refuse a simulator of which hardly any has."""
    for attempt in range(MOST_ATTEMPTS):
        simulation = study.simulators[simulator].simulate(rng)
        sample = simulation.survey.sample
        sums = (sample.counts[sample.repository == each].sum(axis=0) for each in study.references.values())
        if all((totals > 0).all() for totals in sums):
            return simulation, attempt
    problem = f"{MOST_ATTEMPTS} surveys of simulator {simulator} without a ratio of some reference"
    allowed = "references with contributors, commits and lines in several periods"
    raise InvalidInput([Fault("--reference", ", ".join(study.references), problem, allowed)])
