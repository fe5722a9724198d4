"""The square root and the absolute value: powers of a positive number."""

import math

from sim.formulas.functions.base import Function

FUNCTIONS = (
    Function("sqrt(a)", math.sqrt, least=0.0, power=0.5),
    Function("abs(a)", abs, rises=False, power=1.0),
)
