"""Which model a table of a file is read by: the one that its ``distribution`` selects."""

from collections.abc import Callable, Iterable
from typing import Any

from pydantic import BaseModel, GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

KEY = "distribution"


class ModelByDistribution:
    """Marks a type as any of some models, told apart by ``distribution``.

    What pydantic makes of a union, but for one thing: it builds all models of a union, a tenth of the time
    of a short command; here each is built when the first table is read that selects it.

    Parameters
    ----------
    names
        Gives the words that may stand as ``distribution``; called once all are known.
    model_of
        Gives the model that one of them selects.
    """

    def __init__(
        self, names: Callable[[], Iterable[str]], model_of: Callable[[str], type[BaseModel]]
    ) -> None:
        self._names = names
        self._model_of = model_of
        self._is_described = False

    def __get_pydantic_core_schema__(self, _source: Any, _handler: GetCoreSchemaHandler) -> CoreSchema:
        """Return how pydantic validates such a table."""
        return core_schema.tagged_union_schema(
            {
                name: core_schema.no_info_plain_validator_function(self._reader(name))
                for name in self._names()
            },
            discriminator=KEY,
        )

    def _reader(self, name: str) -> Callable[[object], BaseModel]:
        return lambda table: self._model_of(name).model_validate(table)

    def __get_pydantic_json_schema__(
        self, _schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """Return what an editor is told: one of the models, each described once however they nest."""
        models = {name: self._model_of(name).__pydantic_core_schema__ for name in self._names()}
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
