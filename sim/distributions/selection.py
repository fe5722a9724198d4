"""Which family, and which model, a table of a file stands for: what its ``distribution`` selects.

A scenario names a few families of many: the module of one is imported, and a model built, when it is first
asked for.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

if TYPE_CHECKING:
    from sim.distributions.base import FamilyBase

KEY = "distribution"
MODULES = {
    "steps": ("constant",),
    "location_scale": ("uniform", "loguniform", "normal", "lognormal", "student-t"),
    "beta_gamma": ("beta", "gamma", "exponential"),
    "pareto_weibull": ("weibull", "pareto"),
    "triangular_pert": ("triangular", "pert"),
    "metrology": ("trapezoidal", "curvilinear-trapezoidal", "arcsine"),
    "quantile_curve": ("quantiles",),
    "mixture": ("truncated", "mixture"),
    "discrete": ("discrete",),
    "counts": ("poisson", "binomial"),
    "dirichlet": ("dirichlet",),
    "empirical": ("empirical",),
    "bootstrap": ("bootstrap",),
}
"""Modules that register families, and their words, in the order in which users see these."""


class FamilyRegistry(Mapping[str, "type[FamilyBase]"]):
    """Every family by the word that selects it."""

    def __init__(self) -> None:
        self._modules = {word: module for module, words in MODULES.items() for word in words}
        self._registered: dict[str, type[FamilyBase]] = {}

    def register(self, word: str, family: "type[FamilyBase]") -> None:
        """Let a word select a family.

        Parameters
        ----------
        word
            What the family's ``distribution`` must be, one of those in :data:`MODULES`.
        family
            The class of the family.
        """
        self._registered[word] = family

    def __getitem__(self, word: str) -> "type[FamilyBase]":
        module = self._modules[word]
        if word not in self._registered:
            import_module(f"sim.distributions.{module}")
        return self._registered[word]

    def __contains__(self, word: object) -> bool:
        return word in self._modules

    def __iter__(self) -> Iterator[str]:
        return iter(self._modules)

    def __len__(self) -> int:
        return len(self._modules)


FAMILIES = FamilyRegistry()


class ModelByDistribution:
    """Marks a type as any of some models, told apart by ``distribution``.

    What pydantic makes of a union, but for one thing: it builds all models of a union, a tenth of the time
    of a short command; here each is built when the first table is read that selects it.

    Parameters
    ----------
    words
        Gives the words that may stand as ``distribution``, once all are known.
    model_of
        Gives the model that a word selects.
    """

    def __init__(
        self, words: Callable[[], Iterable[str]], model_of: Callable[[str], type[BaseModel]]
    ) -> None:
        self.words = words
        self.model_of = model_of
        self._is_described = False

    def __get_pydantic_core_schema__(self, _source: Any, _handler: GetCoreSchemaHandler) -> CoreSchema:
        """Return how pydantic validates such a table."""
        return core_schema.tagged_union_schema(
            {name: core_schema.no_info_plain_validator_function(self._reader(name)) for name in self.words()},
            discriminator=KEY,
        )

    def _reader(self, name: str) -> Callable[[object], BaseModel]:
        return lambda table: self.model_of(name).model_validate(table)

    def __get_pydantic_json_schema__(
        self, _schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """Return what an editor is told: one of the models, each described once however they nest."""
        models = {name: self.model_of(name).__pydantic_core_schema__ for name in self.words()}
        union = core_schema.tagged_union_schema(
            {name: core_schema.definition_reference_schema(each["ref"]) for name, each in models.items()},
            discriminator=KEY,
        )
        if self._is_described:  # on the way: a model that holds another
            return handler(union)
        self._is_described = True
        try:
            return handler(core_schema.definitions_schema(union, [*models.values()]))
        finally:
            self._is_described = False
