"""The page of the scenario file, read off its models."""

from itertools import groupby

from pydantic import BaseModel

from docs.generate.family_examples import EXAMPLES
from docs.generate.key_types import default_words, type_words
from docs.generate.markdown import code, page, table
from sim.distributions import FAMILIES, FamilyBase
from sim.distributions.mixture import Component
from sim.distributions.statements import LEVELS
from sim.evidence.estimands import evidence_units
from sim.formulas import CONSTANTS, FUNCTIONS
from sim.formulas.functions import STREAM_FUNCTIONS
from sim.scenario.evidence import Evidence, ObservedValues
from sim.scenario.fields import Description, PriceIndex
from sim.scenario.json_schema import FILE_KEYS, key_descriptions, table_description
from sim.scenario.schema import (
    Choice,
    Correlation,
    Interval,
    Outcome,
    PublishedValues,
    Report,
    Sampling,
    Scenario,
)
from sim.scenario.streams import Horizon, Stream

TABLES: dict[str, type[BaseModel]] = {
    "[sampling]": Sampling,
    "[evidence]": Evidence,
    "[evidence.observations.NAME]": ObservedValues,
    "[parameters.NAME]": Description,
    "price_index of a parameter": PriceIndex,
    "[choices.NAME]": Choice,
    "[[correlations]]": Correlation,
    "[horizon]": Horizon,
    "[streams.NAME]": Stream,
    "[outcomes.NAME]": Outcome,
    "[report]": Report,
    "interval, intervals of [report]": Interval,
    "[report.published]": PublishedValues,
}
"""The tables of the file, in the order of the page, with their models."""

HEADER = ["key", "value", "default", "meaning"]
Cells = tuple[str, str, str]
WHY = 'rationale = "an example"'
INTRODUCTION = """# The scenario file

A scenario is one TOML file. Unknown keys are refused, with the nearest valid name; `sim check FILE` names
every fault at once, and `sim schema` writes the JSON Schema of all this, for editors that complete and
check TOML. Names of parameters, choices and outcomes start with a letter and go on with letters, digits and
underscores, 80 at most. Paths are relative to the file. An overlay (a file with `extends`) may leave out
whatever it does not change. `--set KEY.PATH=VALUE` overrides one key for one run."""
FAMILIES_TEXT = """## Probability families

`distribution` selects one; its keys stand in the parameter's table. A family is fixed by one of its
*statements*: just these keys, no others. Quantiles may be any of {levels}; they are met exactly, and
`median` is another word for `p50`. `sim check` and `sim explain` echo the 5, 50 and 95 % that follow."""
FORMULAS_TEXT = """## Formulas

Names of parameters (shares of one as `attribution.algorithms`), of the survey's quantities and of other
outcomes; numbers; `+ - * / **`, comparisons, parentheses, and the functions and constants below. Nothing
else parses. Units are checked: what is added or compared must be in the same unit, and a formula must come
out in just the unit its outcome states. The survey named by `evidence.periods` gives these quantities, one
of the last two kinds for each `NAME` of `[evidence.references]`:"""
STREAMS_TEXT = """## Functions of streams

Where there is a `[horizon]`, a stream has one value in each of its years. Formulas of streams read
parameters, other streams, outcomes, `t` (0 in the first year) and `year`; the functions above, and `min`,
`max` and `sum` of several, work year by year. A formula of an outcome is a number: it reads streams through
one of these functions only. Any expression that holds streams may stand for a stream in them, and a number
for one that is the same every year."""
EXAMPLE_OVER_YEARS = """```toml
[horizon]
start = 2025
years = 30
discounting = "start"

[streams.avoided]
unit = "USD/year"
formula = "where(t >= 4, ai_value * 1.02 ** (t - 4), 0)"

[streams.upkeep]
unit = "USD/year"
values = { 2025 = 0, 2029 = 400_000, 2054 = 900_000 }
interpolate = true
source = "the operator's plan"

[streams.floods]
distribution = "lognormal"
median = 1
p95 = 3
by_year = "ar1"
correlation = 0.3
rationale = "wet years come together"

[outcomes.net]
unit = "USD"
formula = "present_value(avoided * floods - upkeep, [[0, 0.035], [31, 0.03]])"
```

A rate is a plain number (unit 1), above -1. Where it differs by year, the flow of year t is divided by
(1 + r_0)**x (1 + r_1) ... (1 + r_t), with x = 0, 1/2 or 1 as `discounting` is `start`, `middle` or `end`."""


def scenario_page() -> str:
    """Return the page."""
    survey = evidence_units(["NAME"]).items()
    words = [
        table(["quantity of the survey", "unit"], [[code(name), code(unit)] for name, unit in survey]),
        table(["function", "form"], [[code(name), code(form)] for name, form in FUNCTIONS.items()]),
        table(["constant", "value"], [[code(name), f"{value:.15g}"] for name, value in CONSTANTS.items()]),
    ]
    levels = ", ".join(code(level) for level in LEVELS)
    return page(
        INTRODUCTION,
        "## Top of the file\n\n"
        + table(HEADER, [*_rows(key_cells(Scenario, optional=("name",))), *_file_rows()]),
        *(_table_section(heading, model) for heading, model in TABLES.items()),
        FORMULAS_TEXT,
        *words,
        STREAMS_TEXT,
        table(
            ["function", "form"], [[code(name), code(each.form)] for name, each in STREAM_FUNCTIONS.items()]
        ),
        EXAMPLE_OVER_YEARS,
        FAMILIES_TEXT.format(levels=levels),
        *(_family_section(tag, family) for tag, family in FAMILIES.items()),
    )


def _table_section(heading: str, model: type[BaseModel]) -> str:
    return f"## {code(heading)}\n\n{_paragraphs(model)}\n\n{table(HEADER, _rows(key_cells(model)))}"


def _family_section(tag: str, family: type[FamilyBase]) -> str:
    """Return a family's part: what it is, its statements, its keys, an example."""
    stated = [f"- {_statement(keys)}" for keys in map(str, family.statements)]
    kept = taken_keys(family)
    parts = [
        f"### {code(tag)}",
        _paragraphs(family),
        "Stated by:" if len(stated) == 1 else "Stated by one of:",
        "\n".join(stated),
        table(HEADER, _rows({key: cells for key, cells in key_cells(family).items() if key in kept})),
        *([_components()] if tag == "mixture" else []),
        f'```toml\n[parameters.example]\ndistribution = "{tag}"\n{EXAMPLES[tag]}\n{WHY}\n```',
    ]
    return "\n\n".join(part.strip("\n") for part in parts)


def taken_keys(family: type[FamilyBase]) -> set[str]:
    """Return the keys of a family besides quantiles: those of its statements, and those with a default."""
    stated = {key for statement in family.statements for key in statement.keys} - set(LEVELS)
    fields = family.model_fields.items()
    return stated | {key for key, field in fields if not field.is_required() and field.default is not None}


def _components() -> str:
    return f"Each of `components`:\n\n{table(HEADER, _rows(key_cells(Component)))}"


def _statement(words: str) -> str:
    keys = words.split(" + ")
    return ", ".join(key if key.endswith(("quantile", "quantiles")) else code(key) for key in keys)


def _paragraphs(model: type[BaseModel]) -> str:
    return table_description(model).replace("\n", "\n\n")


def _rows(cells: dict[str, Cells]) -> list[list[str]]:
    """Return rows; keys in a row that share all their cells share theirs."""
    runs = groupby(cells, key=lambda key: cells[key])
    return [[", ".join(map(code, keys)), *shared] for shared, keys in runs]


def key_cells(model: type[BaseModel], optional: tuple[str, ...] = ()) -> dict[str, Cells]:
    """Return value, default and meaning of each key; a KeyError where one has no description."""
    schema = model.model_json_schema()
    node = schema.get("$defs", {}).get(model.__name__, schema)
    described = key_descriptions(model)
    required = set(node.get("required", ())) - set(optional)
    return {
        key: (type_words(part), default_words(part, key in required), described[key])
        for key, part in node["properties"].items()
    }


def _file_rows() -> list[list[str]]:
    return [[code(key), type_words(part), "", part["description"]] for key, part in FILE_KEYS.items()]
