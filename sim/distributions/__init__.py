"""Probability families: what an expert states, as frozen values, and the laws that follow from it."""

from typing import Annotated

from pydantic import Field

from sim.distributions.base import FamilyBase
from sim.distributions.bells import Lognormal, Normal, StudentT
from sim.distributions.beta import Beta
from sim.distributions.bootstrap import Bootstrap, Rows
from sim.distributions.composed import Component, Mixture, Truncated, Univariate
from sim.distributions.dirichlet import Dirichlet
from sim.distributions.empirical import Empirical, EmpiricalSample
from sim.distributions.flat import Arcsine, Loguniform, Uniform
from sim.distributions.law import ContinuousLaw, Law, implied
from sim.distributions.peaked import Pert, Triangular
from sim.distributions.positive import Exponential, Gamma
from sim.distributions.steps import Constant, Discrete
from sim.distributions.trapezoids import CurvilinearTrapezoidal, Trapezoidal

FAMILIES: dict[str, type[FamilyBase]] = {
    "constant": Constant,
    "uniform": Uniform,
    "loguniform": Loguniform,
    "normal": Normal,
    "lognormal": Lognormal,
    "student-t": StudentT,
    "beta": Beta,
    "gamma": Gamma,
    "exponential": Exponential,
    "triangular": Triangular,
    "pert": Pert,
    "trapezoidal": Trapezoidal,
    "curvilinear-trapezoidal": CurvilinearTrapezoidal,
    "arcsine": Arcsine,
    "truncated": Truncated,
    "mixture": Mixture,
    "discrete": Discrete,
    "dirichlet": Dirichlet,
    "empirical": Empirical,
    "bootstrap": Bootstrap,
}
"""Every family by the word that selects it."""

Family = Annotated[
    Constant
    | Uniform
    | Loguniform
    | Normal
    | Lognormal
    | StudentT
    | Beta
    | Gamma
    | Exponential
    | Triangular
    | Pert
    | Trapezoidal
    | CurvilinearTrapezoidal
    | Arcsine
    | Truncated
    | Mixture
    | Discrete
    | Dirichlet
    | Empirical
    | Bootstrap,
    Field(discriminator="distribution"),
]
"""Any family, told apart by its ``distribution``."""

__all__ = [
    "FAMILIES",
    "Arcsine",
    "Beta",
    "Bootstrap",
    "Component",
    "Constant",
    "ContinuousLaw",
    "CurvilinearTrapezoidal",
    "Dirichlet",
    "Discrete",
    "Empirical",
    "EmpiricalSample",
    "Exponential",
    "Family",
    "FamilyBase",
    "Gamma",
    "Law",
    "Lognormal",
    "Loguniform",
    "Mixture",
    "Normal",
    "Pert",
    "Rows",
    "StudentT",
    "Trapezoidal",
    "Triangular",
    "Truncated",
    "Uniform",
    "Univariate",
    "implied",
]
