"""Streams: what has one value a year, evaluated in blocks of draws, and what formulas make of it."""

import ast
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

import numpy as np

from sim.faults import Fault, InvalidInput
from sim.formulas.evaluation import evaluate_broadcast
from sim.formulas.stream_calls import SCHEDULE
from sim.formulas.tree import names_in
from sim.formulas.years import Years, by_year
from sim.scenario.graph import Definition, definitions, inputs_below
from sim.scenario.priors import yearly_columns
from sim.scenario.schema import Scenario
from sim.scenario.stream_tables import n_years, table_of
from sim.scenario.streams import MOST_YEARS
from sim.types import Array, Flags

BLOCK_BYTES = 2**24
"""What the streams of a block of draws may take."""
FEWEST = 256
"""Draws of a block, at least."""
RATE = "above -1 wherever the parameters can go"
ONE_RATE = "a stream that changes sign once; present_value(stream, rate) answers for any"


def evaluate_calls(
    scenario: Scenario,
    wanted: Iterable[str],
    values: Mapping[str, Array],
    shape: tuple[int, int],
    *,
    anywhere: bool = False,
    cut: int | None = None,
) -> dict[str, Array]:
    """Evaluate calls of functions of streams, draw by draw; what they are does not depend on the blocks.

    Parameters
    ----------
    scenario
        A checked scenario.
    wanted
        Texts of the calls.
    values
        Draws of columns, and of outcomes that streams read, by name, each broadcastable to `shape`.
    shape
        Shape of the draws, (randomisation, draw).
    anywhere
        Whether a call may have no value in some draws, where it is nan.
    cut
        Number of years after which streams are cut off; none are unless stated.

    Returns
    -------
    dict
        Values by text of the call, (randomisation, draw).

    Raises
    ------
    InvalidInput
        If a call has no value in some draws, with the reason and their share; or the number of years is no
        whole number from 1 on.
    """
    model, names = _StreamModel(scenario, cut), tuple(wanted)
    needed = model.columns(names, values, shape)
    found = {name: np.empty(shape[0] * shape[1]) for name in names}
    for draws in _blocks(shape[0] * shape[1], model.n_block):
        columns = {name: column[draws] for name, column in needed.items()}
        block = _StreamBlock(model, columns, draws.stop - draws.start)
        for name in names:
            found[name][draws] = block[name]
    if model.problems and not anywhere:
        raise InvalidInput([*model.faults(shape[0] * shape[1])])
    return {name: array.reshape(shape) for name, array in found.items()}


def evaluate_streams(
    scenario: Scenario, values: Mapping[str, Array], shape: tuple[int, int]
) -> dict[str, Array]:
    """Evaluate all streams whose columns and outcomes are known, all draws at once.

    Parameters
    ----------
    scenario
        A checked scenario.
    values
        Draws of columns, and of outcomes that streams read, by name, each broadcastable to `shape`.
    shape
        Shape of the draws, (randomisation, draw), of a few thousand draws.

    Returns
    -------
    dict
        Values by name, (year, randomisation, draw), in the order of the scenario.
    """
    model = _StreamModel(scenario)
    names = [name for name in scenario.streams if model.inputs([name]) <= values.keys()]
    block = _StreamBlock(model, model.columns(names, values, shape), shape[0] * shape[1])
    whole = (model.n_years, shape[0] * shape[1])
    return {name: np.broadcast_to(block[name], whole).reshape(-1, *shape) for name in names}


def _blocks(n_draws: int, n_block: int) -> Iterator[slice]:
    for start in range(0, n_draws, n_block):
        yield slice(start, min(start + n_block, n_draws))


class _StreamModel:
    """What the streams of a scenario are made of, and in how many draws a call has had no value."""

    def __init__(self, scenario: Scenario, cut: int | None = None) -> None:
        assert scenario.horizon is not None
        self.scenario, self.horizon = scenario, scenario.horizon
        self.defined = {each.name: each for each in definitions(scenario) if each.sort != "outcome"}
        self.n_years = min(n_years(scenario), cut or MOST_YEARS)
        self.problems: Counter[tuple[str, str, str]] = Counter()
        self.tables: dict[str, Array] = {}
        self.drawn = yearly_columns(scenario)

    @property
    def n_block(self) -> int:
        """Draws of a block."""
        fitting = max(FEWEST, BLOCK_BYTES // (8 * self.n_years * max(1, len(self.defined))))
        return 1 << (fitting.bit_length() - 1)

    def inputs(self, names: Iterable[str]) -> frozenset[str]:
        """Return the columns and outcomes that calls rest on."""
        return inputs_below(self.scenario, names) | ({self.horizon.parameter} - {""})

    def columns(
        self, names: Iterable[str], values: Mapping[str, Array], shape: tuple[int, int]
    ) -> dict[str, Array]:
        """Return what calls and streams rest on, each flat.

        Parameters
        ----------
        names
            Names of the calls and streams.
        values
            Draws by name, each broadcastable to `shape`.
        shape
            Shape of the draws, (randomisation, draw).

        Returns
        -------
        dict
            Draws by name, (draw,).
        """
        return {name: np.broadcast_to(values[name], shape).reshape(-1) for name in self.inputs(names)}

    def table(self, name: str) -> Array:
        """Return the values of a stream that is no formula, (year, 1)."""
        if name not in self.tables:
            values = table_of(self.scenario, name, n_years(self.scenario))
            self.tables[name] = values[: self.n_years, np.newaxis]
        return self.tables[name]

    def faults(self, n_draws: int) -> Iterator[Fault]:
        """Yield what calls have no value for, with the number of such draws."""
        readers = definitions(self.scenario)
        for (text, problem, allowed), count in self.problems.items():
            reader = next(each for each in readers if text in each.reads)
            while reader.sort == "call":
                reader = next(each for each in readers if reader.name in each.reads)
            key = f"{reader.sort}s.{reader.name}"
            share = 100.0 * count / n_draws
            words = f"{text}: {problem} in {count:,} of {n_draws:,} draws ({share:.3g} %)"
            yield Fault(self.scenario.name, key, words, allowed)


class _StreamBlock:
    """Streams and calls at some draws, each evaluated when it is first read; columns are each (draw,)."""

    def __init__(self, model: _StreamModel, columns: Mapping[str, Array], n_draws: int) -> None:
        self._model, self._values, self._n_draws = model, dict(columns), n_draws
        parameter = model.horizon.parameter
        lasting = columns[parameter] if parameter else None
        self._years = Years(model.horizon.start, model.n_years, model.horizon.delay, lasting)
        self._values |= {"t": self._years.t, "year": self._years.t + model.horizon.start}

    def __getitem__(self, name: str) -> Array:
        if name not in self._values:
            self._values[name] = self._made(self._model.defined[name])
        return self._values[name]

    def _made(self, defined: Definition) -> Array:
        if defined.sort == "call":
            return self._called(defined)
        if not defined.bodies:
            columns = self._model.drawn.get(defined.name, ())[: self._years.n]
            drawn = [self[column] for column in columns]
            return self._years.within(np.stack(drawn) if drawn else self._model.table(defined.name))
        (body,) = defined.bodies.values()
        return self._years.within(self._evaluated(body))

    def _evaluated(self, body: ast.expr) -> Array:
        return np.atleast_1d(evaluate_broadcast(body, {name: self[name] for name in names_in(body)}))

    def _called(self, defined: Definition) -> Array:
        call = defined.call
        assert call is not None
        if call.function == SCHEDULE:
            return call.values(self._years.n)[:, np.newaxis]
        parts = [self._evaluated(body) for body in defined.bodies.values()]
        for part, role in zip(parts, call.stated.roles, strict=True):
            if role in ("rate", "one rate"):
                bad = (by_year(part, self._years.n) <= -1.0).any(axis=0)
                self._note(call.text, "the rate is -1 or less", RATE, bad)
        found = call.stated.value(self._years, *parts)
        if call.function != "irr":
            return found
        self._note(call.text, "there is no such rate", ONE_RATE, np.isnan(found))
        self._note(call.text, "there are several such rates", ONE_RATE, np.isinf(found))
        return np.where(np.isinf(found), np.nan, found)

    def _note(self, text: str, problem: str, allowed: str, bad: Flags) -> None:
        """Count the draws in which a call has no value."""
        n_bad = int(np.count_nonzero(np.broadcast_to(bad, self._n_draws)))
        if n_bad:
            self._model.problems[text, problem, allowed] += n_bad
