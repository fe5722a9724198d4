"""Functions of one number that formulas may call, each stated whole in one line."""

import math
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Function:
    """A function of one number, as formulas write it.

    Parameters
    ----------
    form
        How it is written, with what to know: ``exp(a)``.
    value
        Its value; OverflowError where that is too large, ValueError where there is none.
    in_numexpr
        Its name in numexpr, where that is another.
    bounds
        Between which its values lie.
    rises
        Whether it never falls.
    least
        Below which it is not defined; a function that rises and is not bounded above there falls to minus
        infinity.
    is_open
        Whether it is not defined at `least` either.
    overflows
        Whether it is too large for double precision at numbers that are not.
    power
        k where it is :math:`a^k` for every positive a; its argument then may have a unit.
    """

    form: str
    value: Callable[[float], float]
    in_numexpr: str = ""
    bounds: tuple[float, float] = (-math.inf, math.inf)
    rises: bool = True
    least: float = -math.inf
    is_open: bool = False
    overflows: bool = False
    power: float | None = None

    @property
    def name(self) -> str:
        """Its name."""
        return self.form.partition("(")[0]

    def __call__(self, a: float) -> float:
        """Return its value, infinite where that is too large; below `least` that at `least`."""
        try:
            return self.value(max(a, self.least))
        except OverflowError:
            return math.inf
        except ValueError:
            return -math.inf


FUNCTIONS = (
    Function("exp(a)", math.exp, overflows=True),
    Function("log(a)", math.log, least=0.0, is_open=True),
    Function("expm1(a), exp(a) - 1 to full accuracy where a is tiny", math.expm1, overflows=True),
    Function("log1p(a), log(1 + a) likewise", math.log1p, least=-1.0, is_open=True),
    Function("sqrt(a)", math.sqrt, least=0.0, power=0.5),
    Function("abs(a)", abs, rises=False, power=1.0),
    Function("sin(a), a in radians", math.sin, bounds=(-1.0, 1.0), rises=False),
    Function("cos(a), a in radians", math.cos, bounds=(-1.0, 1.0), rises=False),
    Function("atan(a), in radians", math.atan, "arctan", bounds=(-math.pi / 2, math.pi / 2)),
)
"""In the order in which users see them: a new one is a line here."""

OF_ONE: dict[str, Function] = {each.name: each for each in FUNCTIONS}
"""Every function of one number by its name."""
