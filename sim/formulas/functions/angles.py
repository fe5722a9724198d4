"""Functions of angles in radians, and the arctangent."""

import math

from sim.formulas.functions.base import Function

FUNCTIONS = (
    Function("sin(a), a in radians", math.sin, bounds=(-1.0, 1.0), rises=False),
    Function("cos(a), a in radians", math.cos, bounds=(-1.0, 1.0), rises=False),
    Function("atan(a), in radians", math.atan, "arctan", bounds=(-math.pi / 2, math.pi / 2)),
)
