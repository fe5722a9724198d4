"""The forty scenarios of the panel: shipped, conformance, brought by others, and generated."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

ROOT = Path(__file__).parents[2]
SHIPPED = {
    "default": "parameters.salary.median=330000",
    "full-cost": "parameters.ai_value.median=250e9",
    "generous": "",
    "global-wages": "",
    "skeptical": "",
    "contributors-only": "",
    "lines-tensorflow": "",
}
CONFORMANCE = {
    "logarithm": "parameters.x.high=1.1",
    "common-standard": "",
    "comparison-loss-10": "",
    "correlated-sum": "",
    "dirichlet-multinomial": "",
    "election-poll": "",
    "fault-tree": "parameters.x1.sd=1",
    "gauge-block": "",
    "impedance": "",
    "ishigami": "",
    "law-school": "",
    "mass-calibration": "",
    "multiplicative": "",
    "sobol-g": "",
    "stefan-boltzmann": "",
    "viscometer": "",
}
LAWS = {
    "lognormal": 'distribution = "lognormal"\nmedian = {}\nsigma = {}',
    "normal": 'distribution = "normal"\nmean = {}\nsd = {}',
    "gamma": 'distribution = "gamma"\nmean = {}\nsd = {}',
    "exponential": 'distribution = "exponential"\nmean = {}',
    "uniform": 'distribution = "uniform"\nlow = {}\nhigh = {}',
    "triangular": 'distribution = "triangular"\nlow = {}\nmode = {}\nhigh = {}',
    "beta": 'distribution = "beta"\nalpha = {}\nbeta = {}',
    "discrete": 'distribution = "discrete"\nvalues = [{}, {}, {}]\nweights = [2, 3, 1]',
}
REPORT = '[report]\noutcome = "y"\nthresholds = [{}]\n'


@dataclass(frozen=True)
class Entry:
    """A scenario of the panel.

    Parameters
    ----------
    name
        Unique.
    file
        Where it is, if it is a file of the project; else `text` is one.
    text
        A scenario in TOML.
    edit
        A statement ``key=value`` that compare, reweight and sweep lay over it. Only with one are commands
        other than ``sim run`` tried.
    """

    name: str
    file: Path | None = None
    text: str = ""
    edit: str = ""

    def written(self, folder: Path) -> Path:
        """Return its file, written to a folder where it is none of the project's."""
        if self.file is not None:
            return self.file
        path = folder / f"{self.name}.toml"
        path.write_text(self.text, encoding="utf-8")
        return path


def panel() -> list[Entry]:
    """Return all entries."""
    shipped = [Entry(name, ROOT / "priors" / f"{name}.toml", edit=edit) for name, edit in SHIPPED.items()]
    conformance = [
        Entry(name, ROOT / "tests" / "conformance" / f"{name}.toml", edit=edit)
        for name, edit in CONFORMANCE.items()
    ]
    return [*shipped, *conformance, *_cases(), *_generated(8)]


def _text(title: str, laws: dict[str, str], formulas: str, more: str = "") -> str:
    parameters = "\n".join(f'[parameters.{name}]\nrationale = "a case"\n{law}' for name, law in laws.items())
    return f'title = "{title}"\n{parameters}\n{formulas}\n{more}'


def _law(family: str, *numbers: float) -> str:
    return LAWS[family].format(*(f"{number:.12g}" for number in numbers))


def _outcome(formula: str) -> str:
    return f'[outcomes.y]\nformula = "{formula}"\n'


def _cases() -> Iterator[Entry]:
    """Yield kinds of problems that others brought, restated."""
    exponential = _law("exponential", 1)
    yield Entry(
        "maximum-of-three",
        text=_text(
            "Maximum of three",
            dict.fromkeys("abc", exponential),
            _outcome("max(a, b, c)"),
            REPORT.format("1, 2"),
        ),
        edit="parameters.a.mean=1.2",
    )
    laws = {"b": _law("lognormal", 100, 1.0), "c": _law("lognormal", 10, 0.5)}
    shortest = 'intervals = [{ probability = 0.9, kind = "shortest" }, { probability = 0.5, kind = "hdi" }]\n'
    yield Entry(
        "ratio-of-lognormals",
        text=_text("A ratio", laws, _outcome("b / c"), REPORT.format("5, 10") + shortest),
        edit="parameters.c.median=12",
    )
    laws = {"pay": _law("gamma", 3, 1), "hours": _law("triangular", 1, 2, 5), "share": _law("beta", 2, 5)}
    costs = '[choices.way]\nmine = 2\ntheirs = 1\n[outcomes.cost]\nby = "way"\n'
    costs += 'mine = "pay * hours"\ntheirs = "4 + hours"\n'
    yield Entry(
        "choice-of-costs",
        text=_text("A choice", laws, costs + _outcome("12 * share / cost"), REPORT.format("0.5")),
        edit="parameters.pay.mean=3.5",
    )
    laws = {"a": _law("normal", 100, 5), "b": _law("normal", 80, 8), "c": _law("uniform", 0.5, 1)}
    tied = '[[correlations]]\nbetween = ["a", "b"]\nrank = 0.7\nrationale = "a case"\n'
    yield Entry(
        "correlated-difference",
        text=_text("Two tied", laws, _outcome("(a - b) * c"), tied + REPORT.format("15")),
        edit="parameters.b.mean=85",
    )
    laws = {
        "hazard": _law("uniform", 0, 1),
        "loss": _law("lognormal", 2, 0.6),
        "fee": _law("uniform", 0.1, 0.3),
    }
    yield Entry(
        "loss-by-where",
        text=_text("A loss", laws, _outcome("where(hazard < 0.3, loss, 0) - fee"), REPORT.format("0")),
        edit="parameters.loss.median=2.2",
    )
    one = 'intervals = [{ probability = 0.9, kind = "shortest" }, { probability = 0.9, kind = "hdi" }]\n'
    for name, law in (("one-normal", _law("normal", 1, 2)), ("one-gamma", _law("gamma", 4, 3))):
        yield Entry(name, text=_text("One law", {"x": law}, _outcome("x"), REPORT.format("2") + one))
    power = _outcome("exp(x) + x ** 2")
    yield Entry(
        "one-power", text=_text("One law", {"x": _law("normal", 0, 0.7)}, power, REPORT.format("2") + one)
    )
    many = {f"x{number:02}": _law("lognormal", 1, 0.1 + 0.02 * number) for number in range(12)}
    yield Entry(
        "twelve-factors",
        text=_text("Twelve", many, _outcome(" * ".join(many) + " + x00"), REPORT.format("2")),
        edit="parameters.x11.median=1.1",
    )


def _generated(count: int) -> Iterator[Entry]:
    """Yield scenarios of random laws and formulas, the same ones whenever they are made."""
    rng = np.random.default_rng(20221128)
    for number in range(count):
        laws = {name: _random_law(rng) for name in "abcde"[: rng.integers(2, 6)]}
        formula = "a"
        for name in list(laws)[1:]:
            form = rng.choice(
                ["{} + {}", "{} * {}", "max({}, {})", "{} / (1 + exp({} - 1))", "{} - 0.5 * {}"]
            )
            formula = form.format(f"({formula})", name)
        report = REPORT.format("0.5, 1.5") + 'interval = { probability = 0.9, kind = "eti" }\n'
        laws["a"] = _law("lognormal", *np.round(rng.uniform(0.3, 0.9, 2), 2))
        text = _text(f"Generated {number}", laws, _outcome(formula), report)
        yield Entry(f"generated-{number}", text=text, edit="parameters.a.median=0.7")


def _random_law(rng: np.random.Generator) -> str:
    family = str(rng.choice(list(LAWS)))
    low, middle, high = np.sort(np.round(rng.uniform(0.2, 3.0, 3), 2))
    numbers = {"uniform": (low, high), "beta": (high, middle), "exponential": (middle,)}
    three = family in ("triangular", "discrete")
    return _law(family, *((low, middle, high) if three else numbers.get(family, (middle, low))))
