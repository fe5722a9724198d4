"""The exponential and the logarithm, and both to full accuracy about 0 and 1."""

import math

from sim.formulas.functions.base import Function

FUNCTIONS = (
    Function("exp(a)", math.exp, overflows=True),
    Function("log(a)", math.log, least=0.0, is_open=True),
    Function("expm1(a), exp(a) - 1 to full accuracy where a is tiny", math.expm1, overflows=True),
    Function("log1p(a), log(1 + a) likewise", math.log1p, least=-1.0, is_open=True),
)
