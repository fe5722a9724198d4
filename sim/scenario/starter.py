"""A starter overlay: a file that changes nothing yet, with an example of every change its base allows."""

import json
import textwrap
from collections.abc import Iterator, Mapping
from itertools import combinations
from pathlib import Path

from sim.distributions import implied_quantiles
from sim.distributions.triangular_pert import peak_table
from sim.scenario.check import correlatable
from sim.scenario.evidence import Evidence
from sim.scenario.fields import Description, is_money
from sim.scenario.graph import quantities
from sim.scenario.schema import Outcome, Scenario

OUTSIDE_THE_LAW = {"distribution", "file", *Description.model_fields}

BLANK = Path(__file__).with_name("blank.toml")

HEAD = """## {name}: say here what it changes, and why.
##
## It extends {extends}: whatever is not stated here is as there. The examples below are valid as they
## stand and hold the base's own values; take away '# ' to use one. State each table once.
##   sim check {name}.toml      what is wrong with it, and what its parameters imply
##   sim explain {name}.toml    the whole model in words
##   sim run {name}.toml        what it gives

title = {title}
extends = {extends_text}
"""


def starter_text(base: Scenario, name: str, extends: str) -> str:
    """Return a commented overlay; it is valid, and runs as its base does.

    Prose stands behind ``##``, examples behind ``#``; each block, uncommented alone, is valid too (that of
    a price index together with the ``price_year`` at the top).

    Parameters
    ----------
    base
        The scenario that the overlay extends, loaded.
    name
        Name of the new scenario.
    extends
        Path of the base from the overlay's folder.

    Returns
    -------
    str
        Text of a scenario file.
    """
    head = HEAD.format(
        name=name,
        extends=extends,
        title=_toml_text(f"{name}, on: {base.title}"),
        extends_text=_toml_text(extends),
    )
    return "\n".join([head, *(f"{block}\n" for block in _blocks(base))])


def blank_text(name: str) -> str:
    """Return a whole commented scenario of a made-up appraisal, which runs as it stands."""
    return BLANK.read_text(encoding="utf-8").replace("NAME", name)


def _block(words: str, *lines: str) -> str:
    wrapped = textwrap.wrap(words, 107, break_long_words=False, break_on_hyphens=False)
    return "\n".join([*(f"## {line}" for line in wrapped), *(f"# {line}" for line in lines)])


def _blocks(base: Scenario) -> Iterator[str]:
    yield _block(
        "Another seed gives other draws; on the base's, both are compared draw by draw.",
        f"seed = {base.seed}",
    )
    yield from _removal(base)
    money = [name for name, parameter in base.parameters.items() if is_money(parameter.unit)]
    if money:
        year = base.price_year or 2022
        yield _block("Year of whose money all amounts are.", f"price_year = {year}")
    yield _block(
        "How many draws, and from which sampler: sobol, lhs or random.",
        "[sampling]",
        *_entries({"n_draws": base.sampling.n_draws, "sampler": base.sampling.sampler}),
    )
    yield from _survey(base)
    yield from _parameters(base)
    if money:
        yield from _price(base, money[0])
    yield from _structure(base)
    yield from _report(base)


def _removal(base: Scenario) -> Iterator[str]:
    """Offer something to remove that no formula reads."""
    keys = sorted(base.report.model_fields_set - {"outcome"})
    if keys:
        yield _block(
            "Take out parts of the base; no formula may still read them.", f'remove = ["report.{keys[0]}"]'
        )


def _survey(base: Scenario) -> Iterator[str]:
    evidence = base.evidence
    if evidence is not None and evidence.periods is not None:
        yield _block(
            "How the survey is read, and how its sampling error is drawn.",
            "[evidence]",
            *(
                f'{key} = "{getattr(evidence, key)}"{" " * 4}# {_allowed(key)}'
                for key in ("lines", "duplicates", "weeks", "bots", "method")
            ),
        )


def _allowed(key: str) -> str:
    """Return the words a switch of the survey takes."""
    from typing import get_args

    return ", ".join(_leaves(get_args(Evidence.model_fields[key].annotation)))


def _leaves(words: tuple[object, ...]) -> list[str]:
    from typing import get_args

    return [leaf for word in words for leaf in (_leaves(get_args(word)) if get_args(word) else [str(word)])]


def _parameters(base: Scenario) -> Iterator[str]:
    for name, parameter in base.parameters.items():
        stated = parameter.model_dump(mode="json", exclude_none=True, exclude_unset=True)
        law = {key: value for key, value in stated.items() if key not in OUTSIDE_THE_LAW}
        words = f"{parameter.title or name}; unit {parameter.unit}; {parameter.distribution}"
        lines = [*_entries(law), *_entries({"kind": parameter.kind})]
        yield _block(words, f"[parameters.{name}]", *lines)
    continuous = _continuous(base)
    if continuous:
        yield _other_law(base, continuous[0])
        yield _observed(base, continuous[0])


def _continuous(base: Scenario) -> list[str]:
    observed = base.evidence.observations if base.evidence else {}
    return [
        name for name, parameter in base.parameters.items() if parameter.has_density and name not in observed
    ]


def _quantiles(base: Scenario, name: str) -> tuple[float, float, float]:
    low, middle, high = implied_quantiles(base.parameters[name].law())
    return float(f"{low:.3g}"), float(f"{middle:.4g}"), float(f"{high:.3g}")


def _other_law(base: Scenario, name: str) -> str:
    low, mode, high = _quantiles(base, name)
    return _block(
        f"Another law for {name}, between its present 5 and 95 %. Title and unit stay; source and reasons "
        "spoke of the old law and are stated anew.",
        f"[parameters.{name}]",
        *_entries({**peak_table(low, mode, high), "kind": "judgement"}),
        *_reasons(),
    )


def _reasons() -> list[str]:
    return [
        'source = "who says so, where, and when"',
        'rationale = "why these figures, and what they leave out"',
    ]


def _observed(base: Scenario, name: str) -> str:
    low, _, high = _quantiles(base, name)
    scale = "log" if low > 0 and base.parameters[name].law().support()[0] >= 0 else "natural"
    sd = 0.3 if scale == "log" else float(f"{(high - low) / 10:.2g}")
    return _block(
        f"{name} conditioned on values observed elsewhere, in {base.parameters[name].unit}; sd and between "
        f"are on the {scale} scale.",
        f"[evidence.observations.{name}]",
        *_entries({"values": [low, high], "sd": sd, "between": sd, "scale": scale}),
        'source = "where each value stands"',
    )


def _price(base: Scenario, name: str) -> Iterator[str]:
    year = (base.price_year or 2022) - 1
    yield _block(
        f"{name} as stated is in the money of another year (needs price_year at the top); the factor "
        "multiplies it.",
        f"[parameters.{name}]",
        f"price_year = {year}",
        'price_index = { factor = 1.05, source = "which index, from where" }',
    )


def _structure(base: Scenario) -> Iterator[str]:
    yield from _new_parameter(base)
    for name, choice in base.choices.items():
        yield _block(
            f"Weights of {name}, in any scale; 0 leaves an alternative out.",
            f"[choices.{name}]",
            *_entries(choice.model_extra or {}),
        )
    for name, outcome in base.outcomes.items():
        yield _block(
            f"{outcome.title or name}; unit {outcome.unit}.",
            f"[outcomes.{name}]",
            *_entries(outcome.formulas),
        )
    for one, other in combinations(correlatable(base), 2):
        if one.split(".")[0] != other.split(".")[0]:
            yield _block(
                "A rank correlation of two parameters; takes the place of any the base states.",
                "[[correlations]]",
                *_entries({"between": [one, other], "rank": 0.3}),
                'rationale = "why they move together"',
            )
            break


def _new_parameter(base: Scenario) -> Iterator[str]:
    """Offer a factor on the first outcome below the one reported."""
    below = [name for name in base.outcomes if name != base.report.outcome]
    name = (below or list(base.outcomes))[0]
    outcome: Outcome = base.outcomes[name]
    key, formula = next(iter(outcome.formulas.items()))
    readable = ", ".join(sorted(quantities(base).units.keys() - base.outcomes.keys()))
    taken = {*quantities(base).units, *quantities(base).wholes, *base.choices, "where"}
    factor = next(
        word for word in ("adjustment", *(f"adjustment_{n}" for n in range(2, 999))) if word not in taken
    )
    yield _block(
        f"A new parameter, and a formula that reads it. Formulas may read other outcomes and: {readable}.",
        f"[parameters.{factor}]",
        'title = "what it measures"',
        *_entries({"unit": "1", **peak_table(1.0, 1.2, 1.5, smooth=True)}),
        'kind = "judgement"',
        *_reasons(),
        f"[outcomes.{name}]",
        f"{key} = {_toml_text(f'({formula}) * {factor}')}",
    )


def _report(base: Scenario) -> Iterator[str]:
    stated = {"thresholds": base.report.thresholds or (1.0,), "interval": base.report.interval.model_dump()}
    yield _block("Thresholds and interval of what is reported.", "[report]", *_entries(stated))


def _entries(table: Mapping[str, object]) -> list[str]:
    return [f"{key} = {_toml_text(value)}" for key, value in table.items()]


def _toml_text(value: object) -> str:
    """Return a value as TOML: numbers short, tables inline.

    Examples
    --------
    >>> _toml_text(300_000.0), _toml_text(1.3e12), _toml_text(0.42)
    ('300_000', '1.3e12', '0.42')
    >>> _toml_text({"low": 1, "names": ["a", "b"]})
    '{ low = 1, names = ["a", "b"] }'
    """
    match value:
        case bool():
            return str(value).lower()
        case int() | float():
            return _number(float(value))
        case Mapping():
            return f"{{ {', '.join(f'{key} = {_toml_text(part)}' for key, part in value.items())} }}"
        case list() | tuple():
            return f"[{', '.join(_toml_text(part) for part in value)}]"
        case _:
            return json.dumps(str(value), ensure_ascii=False)


def _number(value: float) -> str:
    if value.is_integer() and abs(value) < 1e9:
        return f"{int(value):_}"
    texts = (f"{value:.{digits}g}" for digits in range(1, 17))
    return next((text for text in texts if float(text) == value), repr(value)).replace("e+", "e")
