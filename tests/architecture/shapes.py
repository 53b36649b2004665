"""The types of events and of what is in them as JSON Schemas, by the name of their class.

pydantic gives form, limits and defaults; meanings come from the docstrings.
"""

from __future__ import annotations

from functools import cache
from typing import Any, Final

from pydantic.json_schema import GenerateJsonSchema, models_json_schema

from services.api.reference.kinds import Schema, refs
from shared import events, news
from shared.docstrings import class_meaning, in_json, meaning_of
from shared.events import TYPES_BY_STREAM, AnyEvent
from tests.architecture.docstrings import MEANING_BY_ALIAS, said_of

HERE: Final = "#/$defs/{model}"
"""References inside one JSON Schema file."""

_ORDER: Final = (
    "$schema",
    "$id",
    "title",
    "description",
    "$ref",
    "type",
    "format",
    "const",
    "enum",
)
"""What a person looks for comes first, the longest things last."""
_LAST: Final = ("default", "examples", "required", "properties", "$defs")


class _Untitled(GenerateJsonSchema):
    """Without a title for each field: it would be the field's name again."""

    def field_title_should_be_set(self, schema: object) -> bool:  # noqa: ARG002 - pydantic's
        return False


def classes() -> list[type[AnyEvent]]:
    """Every class of event once, in the order of the streams."""
    return list(dict.fromkeys(one for types in TYPES_BY_STREAM.values() for one in types.values()))


@cache
def definitions(ref_template: str) -> dict[str, Schema]:
    """The schema of every class of event and of every object inside them, by class name."""
    # As they are read: what has a default may be missing in an older event.
    asked = [(one, "validation") for one in classes()]
    _, found = models_json_schema(
        asked,  # type: ignore[arg-type]  # mypy takes the literal for a str
        ref_template=ref_template,
        schema_generator=_Untitled,
    )
    return {name: _explained(name, schema) for name, schema in found["$defs"].items()}


def reached(schema: Schema, among: dict[str, Schema]) -> dict[str, Schema]:
    """Those definitions that a schema needs, in alphabetical order."""
    found: dict[str, Schema] = {}
    waiting = list(refs(schema))
    while waiting:
        name = waiting.pop()
        if name not in found:
            found[name] = among[name]
            waiting += refs(among[name])
    return dict(sorted(found.items()))


def ordered(schema: Any) -> Any:
    """The same schema with its keywords in an order that reads well."""
    if isinstance(schema, list):
        return [ordered(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    named = {"properties", "$defs", "schemas"} & schema.keys()
    inside = {
        key: {name: ordered(one) for name, one in value.items()} if key in named else ordered(value)
        for key, value in schema.items()
    }
    return dict(sorted(inside.items(), key=lambda item: _rank(item[0])))


def _rank(key: str) -> int:
    if key in _ORDER:
        return _ORDER.index(key)
    return len(_ORDER) + (1 + _LAST.index(key) if key in _LAST else 0)


def _explained(name: str, schema: Schema) -> Schema:
    shape = getattr(events, name, None) or getattr(news, name)
    said = said_of(shape)
    fields = {
        field: _with_meaning(found, meaning_of(said[field], MEANING_BY_ALIAS))
        for field, found in schema["properties"].items()
    }
    return {**schema, "description": class_meaning(shape), "properties": fields}


def _with_meaning(schema: Schema, meaning: str) -> Schema:
    return {"description": in_json(meaning), **schema} if meaning else schema
