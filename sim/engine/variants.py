"""Outcomes of many scenarios that differ in a few entries: draws of what they share are made once."""

import json
from collections import OrderedDict
from collections.abc import Callable, Collection, Iterable
from dataclasses import replace
from threading import Lock

from pydantic import BaseModel

from sim.draws.draw import Draws, design_of, draw, layout_notes
from sim.engine.assembly import join_draws, run_of
from sim.engine.inputs import ConditionedLaws, conditioned_laws
from sim.engine.survey import draw_survey
from sim.faults import Fault, InvalidInput
from sim.outcomes import evaluate_outcomes, with_outcomes
from sim.run_record import Run
from sim.scenario.correlations import blocks
from sim.scenario.priors import priors
from sim.scenario.schema import Scenario
from sim.scenario.stream_tables import n_years
from sim.scenario.streams import Horizon
from sim.summary.outcome_estimates import OutcomeEstimates
from sim.types import Array, Indices

MOST_DRAWS = 2**22
"""Draws that fit in memory beside those of other scenarios."""
MOST_KEPT = 64
"""Sets of columns held in memory; the one not used for longest gives way."""


class Variants:
    """Evaluates scenarios one after the other.

    The draws of a name depend on the seed, the name and the layout, so that each parameter (with those tied
    to it by a correlation), each choice and the survey can be drawn by itself. What comes out is what
    :func:`sim.engine.simulate.simulate` gives, to the last digit.
    """

    def __init__(self) -> None:
        self._store: OrderedDict[str, Draws] = OrderedDict()
        self._lock = Lock()

    def estimated(self, scenario: Scenario) -> OutcomeEstimates:
        """Return the outcomes of a scenario, with their statistics.

        Raises
        ------
        InvalidInput
            If data cannot be used, or an outcome is not finite in some draw.
        """
        _, drawn, surveyed = self._drawn(scenario)
        draws = drawn.replace(surveyed.columns)
        outcomes = evaluate_outcomes(scenario, draws)
        return OutcomeEstimates(scenario, replace(draws, outcomes=outcomes))

    def run(self, scenario: Scenario) -> Run:
        """Return the run of a scenario, notes and all.

        Raises
        ------
        InvalidInput
            If data cannot be used, or an outcome is not finite in some draw.
        """
        draws = join_draws(scenario, *self._drawn(scenario))
        return run_of(scenario, with_outcomes(scenario, draws))

    def _drawn(self, scenario: Scenario) -> tuple[ConditionedLaws, Draws, Draws]:
        """Return what the outcomes of a scenario are made from: parameters and choices, and the survey."""
        columns: dict[str, Array] = {}
        conditioned: dict[str, str] = {}
        for names in _tied_parameters(scenario):
            alone = _only(scenario, names, ())
            drawn = self._kept(alone, _parameters)
            columns |= drawn.columns
            conditioned |= zip((name for name, _ in _observations(alone)), drawn.notes, strict=True)
        choices: dict[str, Indices] = {}
        for name in scenario.choices:
            choices |= self._kept(_only(scenario, (), (name,)), draw).choices
        surveyed = self._kept(_survey_only(scenario), _survey)
        design = design_of(scenario)
        laws = priors(scenario)
        ordered = {each: columns[each] for name, prior in laws.items() for each in prior.columns(name)}
        drawn = Draws(ordered, choices, design.shape, layout_notes(scenario))
        notes = tuple(conditioned[name] for name, _ in _observations(scenario))
        return ConditionedLaws({}, notes), drawn, surveyed

    def _kept(self, alone: Scenario, make: Callable[[Scenario], Draws]) -> Draws:
        """Return what is kept of a scenario, else make it; the threads of a worker may share the store."""
        key = _key(alone)
        with self._lock:
            if key in self._store:
                self._store.move_to_end(key)
                return self._store[key]
        made = make(alone)
        with self._lock:
            self._store[key] = made
            if len(self._store) > MOST_KEPT:
                self._store.popitem(last=False)
        return made


def check_size(scenario: Scenario) -> None:
    """Refuse a scenario with more draws than are held in memory.

    Raises
    ------
    InvalidInput
        If it asks for more than ``MOST_DRAWS``.
    """
    n_draws = design_of(scenario).n_draws
    if n_draws > MOST_DRAWS:
        problem = f"{n_draws:,} draws are too many to hold several scenarios in memory"
        raise InvalidInput([Fault(scenario.name, "sampling.n_draws", problem, f"at most {MOST_DRAWS:,}")])


def _parameters(alone: Scenario) -> Draws:
    """Return parameters drawn by themselves, with a note for each that is conditioned on observed values."""
    conditioned = conditioned_laws(alone)
    return replace(draw(alone, conditioned.posteriors), notes=conditioned.notes)


def _survey(alone: Scenario) -> Draws:
    return draw_survey(alone, design_of(alone))


def _tied_parameters(scenario: Scenario) -> list[tuple[str, ...]]:
    """Return what correlations tie together, block by block, then all other parameters and streams drawn."""
    together = [tuple(name.split(".")[0] for name in block.names) for block in blocks(scenario.correlations)]
    tied = {name for names in together for name in names}
    return [*together, *((name,) for name in priors(scenario) if name not in tied)]


def _only(scenario: Scenario, parameters: Collection[str], choices: Collection[str]) -> Scenario:
    """Return the scenario with some parameters and choices, what ties them and what is observed of them."""
    evidence = scenario.evidence
    observed = {name: seen for name, seen in _observations(scenario) if name in parameters}
    if evidence is not None:
        update = {"observations": observed, "periods": None, "histories": None, "references": {}}
        evidence = evidence.model_copy(update=update) if observed else None
    tied = tuple(
        each
        for each in scenario.correlations
        if {name.split(".")[0] for name in each.between} <= {*parameters}
    )
    return scenario.model_copy(
        update={
            "evidence": evidence,
            "parameters": {
                name: scenario.parameters[name] for name in parameters if name not in scenario.streams
            },
            "streams": {name: scenario.streams[name] for name in parameters if name in scenario.streams},
            "horizon": _horizon(scenario, parameters),
            "choices": {name: scenario.choices[name] for name in choices},
            "correlations": tied,
            "outcomes": {},
        }
    )


def _horizon(scenario: Scenario, names: Collection[str]) -> Horizon | None:
    """Return the horizon, its number of years written out, where streams are among some names."""
    if scenario.horizon is None or not scenario.streams.keys() & set(names):
        return None
    return scenario.horizon.model_copy(update={"years": n_years(scenario)})


def _observations(scenario: Scenario) -> Iterable[tuple[str, BaseModel]]:
    return scenario.evidence.observations.items() if scenario.evidence else ()


def _survey_only(scenario: Scenario) -> Scenario:
    alone = _only(scenario, (), ())
    if scenario.evidence is None:
        return alone
    return alone.model_copy(update={"evidence": scenario.evidence.model_copy(update={"observations": {}})})


def _key(alone: Scenario) -> str:
    drawn = {"evidence", "parameters", "choices", "correlations", "horizon", "streams"}
    fields = {"seed", "sampling"} | drawn
    return json.dumps(alone.model_dump(mode="json", include=fields), sort_keys=True)
