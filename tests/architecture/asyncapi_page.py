"""An AsyncAPI document as one HTML page: no script, no other file, nothing from a network."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Final, NamedTuple

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from tests.architecture.shapes import Schema, refs

_TEMPLATE: Final = Path(__file__).parent / "asyncapi_page.html.jinja"
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


class Stream(NamedTuple):
    """A channel with its messages."""

    name: str
    channel: dict[str, Any]
    messages: list[dict[str, Any]]


def page(document: dict[str, Any]) -> str:
    """The page of a document; everything that it shows is in the document."""
    loader = FileSystemLoader(_TEMPLATE.parent)
    environment = Environment(
        loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True, keep_trailing_newline=True,
    )  # fmt: skip
    environment.filters["text"] = inline
    environment.filters["paragraphs"] = paragraphs
    components = document["components"]
    payloads = {one["payload"]["$ref"] for one in components["messages"].values()}
    shown = {name.rpartition("/")[2] for name in payloads}
    inner = [name for name in components["schemas"] if name not in shown and name != "envelope"]
    return environment.get_template(_TEMPLATE.name).render(
        document=document,
        streams=[_stream(document, name) for name in document["channels"]],
        envelope=components["schemas"]["envelope"],
        objects={name: components["schemas"][name] for name in inner},
        schemas=components["schemas"],
        fields=fields,
        of=lambda ref: next(refs({"$ref": ref["$ref"]})),
    )


def fields(schema: Schema) -> list[Field]:
    """The fields of an object."""
    needed = schema.get("required", ())
    return [
        Field(
            name,
            kind(inside),
            name in needed,
            _json(inside["default"]) if "default" in inside else None,
            inline(inside.get("description", "")),
        )
        for name, inside in schema["properties"].items()
    ]


def kind(schema: Schema) -> Markup:
    """What a value may be, with links to the objects."""
    if "anyOf" in schema:
        return Markup(" or ").join(kind(one) for one in schema["anyOf"])
    if "$ref" in schema:
        name = next(refs(schema))
        return Markup('<a href="#object-{0}">{0}</a>').format(name)
    limits = [words.format(f"{schema[key]:,}") for key, words in _LIMITS.items() if key in schema]
    limits = ["not empty" if limit == "at least 1 characters" else limit for limit in limits]
    said = Markup(", ").join([_plain(schema), *limits])
    if "pattern" in schema:
        said += Markup(' <code class="pattern">{}</code>').format(schema["pattern"])
    return said


def inline(text: str) -> Markup:
    """A line of Markdown of which we use one thing: code between backticks."""
    return Markup(re.sub(r"`([^`]+)`", r"<code>\1</code>", str(escape(text))))


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


def _json(value: object) -> str:
    words = {None: "null", True: "true", False: "false"}
    if value is None or isinstance(value, bool):
        return words[value]
    return str(value)


def _stream(document: dict[str, Any], name: str) -> Stream:
    channel = document["channels"][name]
    messages = document["components"]["messages"]
    return Stream(
        name, channel, [messages[_last(one["$ref"])] for one in channel["messages"].values()]
    )


def _last(ref: str) -> str:
    return ref.rpartition("/")[2]
