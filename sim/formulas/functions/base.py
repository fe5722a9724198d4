"""What a function of one number is: its name, its value, and what is known of it beforehand."""

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
