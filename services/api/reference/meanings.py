"""What a field of an answer means, put into the OpenAPI document from the docstring below it."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from typing import Final

from pydantic import BaseModel

from services.api.reference.kinds import Schema
from shared import news
from shared.docstrings import class_meaning, fields_of, in_json, meaning_of, names_of

_OURS: Final = ("services.api", "shared.")


def explain(schemas: Mapping[str, Schema]) -> None:
    """Fill in what schemas of an OpenAPI document do not say; by the names of their classes."""
    shapes = {shape.__name__: shape for shape in _shapes(BaseModel)}
    for name, schema in schemas.items():
        if shape := shapes.get(name):
            schema.setdefault("description", class_meaning(shape))
            _explain_fields(schema.get("properties", {}), shape)


def _explain_fields(properties: Mapping[str, Schema], shape: type[BaseModel]) -> None:
    names = {field.alias or name: name for name, field in shape.model_fields.items()}
    for base in shape.__mro__:
        if not base.__module__.startswith(_OURS):
            continue
        module = sys.modules[base.__module__]
        said = fields_of(module).get(base.__name__, {})
        named = {**names_of(news), **names_of(module)}
        for shown, schema in properties.items():
            own = said.get(names.get(shown, shown))
            if own and "description" not in schema and (meaning := meaning_of(own, named)):
                schema["description"] = in_json(meaning)


def _shapes(base: type[BaseModel]) -> Iterator[type[BaseModel]]:
    """The models of this service, and those of the wire that they are made of."""
    for shape in base.__subclasses__():
        if shape.__module__.startswith(_OURS):
            yield shape
        yield from _shapes(shape)
