"""Whole scenarios: parameters, correlations, choices, formulas, thresholds, words with any markup."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import tomlkit
from hypothesis import strategies as st

from tests.foreign.laws import Array, StatedLaw, laws, numbers, shares, uniform

Drawn = Callable[..., Any]

WORDS = (
    "plain words",
    "[bold]not bold[/bold]",
    "[pilot] and a closing [/tag]",
    "100 % of $x_1 & y^2$ #3 {braces} \\alpha ~",
    "an odd $ alone",
    "<script>alert(1)</script> & co",
    "a | b * c_d_e `f` **g**",
    "Kosten-Nutzen-Verhältnis für Öl",
    "效益成本比",
    "соотношение выгод и затрат",
    "نسبة الفائدة",
    "a very long title " * 9,
    "tab\tand \u201cquotes\u201d \U0001f600",
    "'single' \"double\" \\n",
)
NAMES = (
    "a",
    "cost",
    "x1",
    "rate_of_return",
    "b",
    "N",
    "share",
    "the_longest_name_that_anyone_would_type_",
    "q",
    "e",
)
FUNCTIONS: Mapping[str, Callable[..., Array]] = {
    "where": np.where,
    "exp": np.exp,
    "log": np.log,
    "sqrt": np.sqrt,
    "expm1": np.expm1,
    "log1p": np.log1p,
    "atan": np.arctan,
    "abs": np.abs,
    "min": lambda *parts: np.minimum.reduce(np.broadcast_arrays(*parts)),
    "max": lambda *parts: np.maximum.reduce(np.broadcast_arrays(*parts)),
    "sum": lambda *parts: sum(parts),
}


@dataclass(frozen=True)
class Foreign:
    """A scenario nobody wrote.

    Parameters
    ----------
    table
        The scenario file as nested tables, but for thresholds.
    laws
        Of the parameters, by name.
    ties
        Rank correlations: two names and Spearman's rank.
    choices
        Weights by alternative, by choice.
    formulas
        Of the outcomes, in order: by name, either one formula, or the choice and its formulas.
    levels
        Probabilities at whose quantiles the thresholds are.
    """

    table: Mapping[str, Any]
    laws: Mapping[str, StatedLaw]
    ties: tuple[tuple[str, str, float], ...] = ()
    choices: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    formulas: Mapping[str, Any] = field(default_factory=dict)
    levels: tuple[float, ...] = ()

    def columns(self, rng: np.random.Generator, n: int) -> dict[str, Array]:
        """Return plain draws of every column, (draw); correlated ones share the ranks of a normal law."""
        found: dict[str, Array] = {}
        for name, law in self.laws.items():
            values = law.sampler(rng, n)
            if law.parts:
                found |= {f"{name}.{part}": values[:, place] for place, part in enumerate(law.parts)}
            else:
                found[name] = values
        names = sorted({name for one, other, _ in self.ties for name in (one, other)})
        if names:
            matrix = np.eye(len(names))
            for one, other, rank in self.ties:
                i, j = names.index(one), names.index(other)
                matrix[i, j] = matrix[j, i] = 2 * np.sin(np.pi * rank / 6)
            scores = rng.multivariate_normal(np.zeros(len(names)), matrix, size=n, method="eigh")
            for place, name in enumerate(names):
                tied = np.empty(n)
                tied[np.argsort(scores[:, place])] = np.sort(found[name])
                found[name] = tied
        return found

    def outcomes(self, columns: Mapping[str, Array], taken: Mapping[str, Array]) -> dict[str, Array]:
        """Return outcomes, as Python evaluates them, of columns and places of the alternatives taken."""
        n = len(next(iter(columns.values())))
        values: dict[str, Any] = {name.replace(".", "__"): column for name, column in columns.items()}
        found: dict[str, Array] = {}
        with np.errstate(all="ignore"):
            for name, stated in self.formulas.items():
                if isinstance(stated, str):
                    made = _evaluate(stated, values)
                else:
                    by, formulas = stated
                    parts = [np.broadcast_to(_evaluate(text, values), (n,)) for text in formulas.values()]
                    made = np.choose(taken[by], parts)
                found[name] = values[name] = np.array(np.broadcast_to(made, (n,)), dtype=np.float64)
        return found

    def taken(self, rng: np.random.Generator, n: int) -> dict[str, Array]:
        """Return the place of the alternative taken, as stated, by choice, (draw)."""
        return {
            name: rng.choice(len(weights), size=n, p=np.array([*weights.values()]) / sum(weights.values()))
            for name, weights in self.choices.items()
        }

    def thresholds(self) -> list[float]:
        """Return thresholds of three digits near quantiles of the reported outcome, and 0."""
        rng = np.random.default_rng(5)
        made = self.outcomes(self.columns(rng, 2000), self.taken(rng, 2000))[self.table["report"]["outcome"]]
        made = made[np.isfinite(made)]
        if not made.size:
            return [0.0]
        found = [float(f"{value:.3g}") for value in np.quantile(made, self.levels, method="nearest")]
        return [*dict.fromkeys([*found, 0.0] if self.levels else [])]

    def write(self, folder: Path, name: str = "foreign.toml") -> Path:
        """Write the scenario and the tables it names."""
        document = {**self.table, "report": {**self.table["report"], "thresholds": self.thresholds()}}
        for law in self.laws.values():
            for file, text in law.files.items():
                (folder / file).write_text(text, encoding="utf-8")
        path = folder / name
        path.write_text(tomlkit.dumps(document), encoding="utf-8")
        return path

    def edited(self) -> "Foreign":
        """Return a copy in which the first parameter has another law."""
        name = next(iter(self.laws))
        words = {key: self.table["parameters"][name][key] for key in ("title", "rationale")}
        law = self.laws[name] if self.laws[name].parts else uniform(1.0, 2.0)
        table = {**self.table, "parameters": {**self.table["parameters"], name: {**law.keys, **words}}}
        return replace(self, table=table, laws={**self.laws, name: law})

    def swept(self) -> tuple[str, str]:
        """Return a number of the file by its key path, and two values of it."""
        for name, law in self.laws.items():
            for key, value in law.keys.items():
                if isinstance(value, float):
                    return f"parameters.{name}.{key}", f"{value!r},{value * 1.01!r}"
        return "sampling.n_draws", "4096,8192"


def _evaluate(text: str, values: Mapping[str, Any]) -> Array:
    for name in sorted(values, key=len, reverse=True):
        if "__" in name:
            text = text.replace(name.replace("__", "."), name)
    return eval(text, {"__builtins__": {}, **FUNCTIONS}, dict(values))


@st.composite
def expressions(draw: Drawn, names: list[str], positive: list[str], depth: int) -> str:
    """Return a formula over names; logarithms and roots are of what is positive, mostly."""
    if depth == 0 or draw(st.integers(0, 3)) == 0:
        return draw(st.sampled_from([*names, *names, "1", "2.5", "0.1"]))
    a = draw(expressions(names, positive, depth - 1))
    b = draw(expressions(names, positive, depth - 1))
    safe = draw(st.sampled_from(positive)) if positive else "2"
    forms = [
        f"({a} + {b})",
        f"({a} - {b})",
        f"({a}) * ({b})",
        f"({a}) / ({safe})",
        f"({a}) / ({b})",
        f"max({a}, {b}, 0)",
        f"min({a}, {b})",
        f"where({a} > {b}, {a}, 0)",
        f"where({safe} > 1, {a}, -({b}))",
        f"({a}) ** 2",
        f"({safe}) ** -1.5",
        f"({a}) ** 3",
        f"log({safe})",
        f"sqrt(abs({a}))",
        f"log1p(abs({a}))",
        f"atan({a})",
        f"abs({a})",
        f"exp(-({safe}))",
        f"sum({a}, {b}, {safe})",
        f"1 / (1 + ({a}) ** 2)",
    ]
    return draw(st.sampled_from(forms))


@st.composite
def scenarios(draw: Drawn) -> Foreign:
    """Return a whole scenario."""
    n = draw(st.integers(1, 10))
    names = list(NAMES[:n])
    stated = {name: draw(laws()) for name in names}
    if draw(st.integers(0, 5)) == 0:
        stated["parts"] = draw(shares())
    columns = [c for name, law in stated.items() for c in ([f"{name}.{p}" for p in law.parts] or [name])]
    positive = [c for c in columns if stated[c.split(".")[0]].is_positive]
    ties = draw(_ties([name for name in names if stated[name].keys["distribution"] not in NOT_TIED]))
    choices: dict[str, dict[str, float]] = {}
    formulas: dict[str, Any] = {}
    shape = draw(st.sampled_from(["ratio", "ratio", "sum", "any", "any", "event"]))
    if shape == "ratio":
        formulas["upside"] = draw(expressions(columns, positive, 2))
        formulas["downside"] = draw(expressions(positive or columns, positive, 1))
        formulas["result"] = "upside / downside"
    elif shape == "sum":
        formulas["result"] = " + ".join(f"{draw(numbers(-2, 3))} * {name}" for name in columns)
    elif shape == "event":
        level = float(f"{np.median(stated[names[0]].sampler(np.random.default_rng(3), 99)):.3g}")
        formulas["result"] = f"where({names[0]} > {level}, {draw(expressions(columns, positive, 1))}, 0)"
    else:
        formulas["result"] = draw(expressions(columns, positive, 3))
    if draw(st.integers(0, 2)) == 0:
        weights = {key: float(draw(st.integers(1, 4))) for key in ("first", "second", "third")}
        choices["way"] = weights
        branches = {
            "first": formulas["result"],
            "second": draw(st.sampled_from(["0", "-1", f"-({formulas['result']})"])),
            "third": draw(expressions(columns, positive, 1)),
        }
        formulas["result"] = ("way", branches)
    return Foreign(
        draw(_tables(stated, ties, choices, formulas)), stated, ties, choices, formulas, draw(_levels())
    )


NOT_TIED = ("empirical", "constant", "discrete", "bootstrap", "mixture", "poisson", "binomial")


def _levels() -> st.SearchStrategy[tuple[float, ...]]:
    return st.lists(st.sampled_from([0.02, 0.3, 0.5, 0.8, 0.99]), max_size=3, unique=True).map(tuple)


@st.composite
def _ties(draw: Drawn, names: list[str]) -> tuple[tuple[str, str, float], ...]:
    """Return no correlation, one, or a pair of pairs that can hold together."""
    ranks = st.sampled_from([-0.9, -0.5, 0.3, 0.6, 0.95])
    kept = sorted(names)
    match draw(st.integers(0, 3)):
        case 2 if len(kept) >= 2:
            return ((kept[0], kept[1], draw(ranks)),)
        case 3 if len(kept) >= 4:
            return ((kept[0], kept[3], draw(ranks)), (kept[1], kept[2], draw(ranks)))
    return ()


@st.composite
def _tables(
    draw: Drawn, stated: dict[str, StatedLaw], ties: Any, choices: Any, formulas: dict[str, Any]
) -> dict[str, Any]:
    words = st.sampled_from(WORDS)
    more = draw(
        st.lists(st.sampled_from([(0.5, "eti"), (0.8, "shortest"), (0.5, "hdi")]), unique=True, max_size=2)
    )
    kind = draw(st.sampled_from(["eti", "eti", "eti", "hdi", "shortest"]))
    report: dict[str, Any] = {
        "outcome": "result",
        "interval": {"probability": draw(st.sampled_from([0.9, 0.95])), "kind": kind},
        "note": draw(words),
    }
    if more:
        report["intervals"] = [{"probability": p, "kind": k} for p, k in more]
    if len(formulas) > 1 and draw(st.booleans()):
        report["also"] = ["upside"]
    return {
        "title": draw(words),
        "seed": draw(st.integers(0, 10**6)),
        "sampling": {"n_draws": 4096, "n_randomisations": 16},
        "parameters": {
            name: {**law.keys, "title": draw(words), "rationale": draw(words)} for name, law in stated.items()
        },
        "choices": {name: {"title": draw(words), "rationale": "made up", **w} for name, w in choices.items()},
        "correlations": [{"between": [a, b], "rank": r, "rationale": "made up"} for a, b, r in ties],
        "outcomes": {
            name: {"title": draw(words), **({"formula": f} if isinstance(f, str) else {"by": f[0], **f[1]})}
            for name, f in formulas.items()
        },
        "report": report,
    }
