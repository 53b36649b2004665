"""A JSON Schema in words, for tables of fields and parameters."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final, NamedTuple

import orjson
from markupsafe import Markup, escape

Schema = dict[str, Any]
"""A JSON Schema, decoded."""

_LIMITS: Final = {
    "minLength": "at least {} characters",
    "maxLength": "at most {} characters",
    "minItems": "at least {}",
    "maxItems": "at most {}",
    "minimum": "from {}",
    "maximum": "to {}",
}


class Field(NamedTuple):
    """A row of a table of fields."""

    name: str
    kind: Markup
    is_required: bool
    default: str | None
    """As JSON; None: there is none."""
    meaning: Markup


def fields(schema: Schema) -> list[Field]:
    """The fields of an object."""
    needed = schema.get("required", ())
    return [
        Field(name, kind(inside), name in needed, default(inside), meaning(inside))
        for name, inside in schema.get("properties", {}).items()
    ]


def default(schema: Schema) -> str | None:
    """What holds where nothing is said, as JSON; None: nothing does."""
    return orjson.dumps(schema["default"]).decode() if "default" in schema else None


def meaning(schema: Schema) -> Markup:
    """What is said of a field; empty: nothing."""
    return inline(schema.get("description", ""))


def kind(schema: Schema) -> Markup:
    """What a value may be, with links to the objects."""
    if "anyOf" in schema:
        return Markup(" or ").join(kind(one) for one in schema["anyOf"])
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return Markup('<a href="#object-{0}">{0}</a>').format(name)
    limits = [words.format(f"{schema[key]:,}") for key, words in _LIMITS.items() if key in schema]
    limits = ["not empty" if limit == "at least 1 characters" else limit for limit in limits]
    said = Markup(", ").join([_plain(schema), *limits])
    if "pattern" in schema:
        said += Markup(' <code class="pattern">{}</code>').format(schema["pattern"])
    return said


def refs(schema: object) -> Iterator[str]:
    """The names of objects that a schema refers to, by ``$ref`` in any form."""
    if isinstance(schema, dict):
        if isinstance(found := schema.get("$ref"), str):
            yield found.rpartition("/")[2]
        for value in schema.values():
            yield from refs(value)
    elif isinstance(schema, list):
        for value in schema:
            yield from refs(value)


def inline(text: str) -> Markup:
    """A line of Markdown of which we use one thing: code between backticks."""
    return Markup(re.sub(r"`([^`]+)`", r"<code>\1</code>", str(escape(text))))  # noqa: S704  # escaped


def paragraphs(text: str) -> Markup:
    """Paragraphs and lists of such lines."""
    blocks = [block.strip() for block in text.strip().split("\n\n")]
    return Markup("\n").join(_block(block) for block in blocks)


def _block(block: str) -> Markup:
    if block.startswith("- "):
        items = [inline(line.removeprefix("- ")) for line in block.splitlines()]
        return Markup("<ul>{}</ul>").format(
            Markup("").join(Markup("<li>{}</li>").format(item) for item in items)
        )
    return Markup("<p>{}</p>").format(inline(block))


def _plain(schema: Schema) -> Markup:
    match schema:
        case {"const": value}:
            return Markup("<code>{}</code>").format(value)
        case {"enum": values}:
            return Markup(", ").join(Markup("<code>{}</code>").format(one) for one in values)
        case {"type": "array", "items": items}:
            return Markup("array of ") + kind(items)
        case {"type": "object", "additionalProperties": dict(values)}:
            return Markup("object of ") + kind(values)
        case {"format": form}:
            return Markup("{}").format({"date-time": "instant", "date": "day"}.get(form, form))
        case _:
            return Markup("{}").format(schema.get("type", "anything"))
