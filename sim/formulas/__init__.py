"""Formulas over named quantities: parsed to a whitelisted tree, checked for units, evaluated by numexpr."""

from sim.formulas.evaluation import evaluate
from sim.formulas.tree import CONSTANTS, FUNCTIONS, Formula, FormulaError, parse

__all__ = ["CONSTANTS", "FUNCTIONS", "Formula", "FormulaError", "evaluate", "parse"]
