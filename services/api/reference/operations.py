"""An OpenAPI document in the order that a person reads it: rooms, operations, objects. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from shlex import quote
from typing import Any, Final, NamedTuple

import orjson
from markupsafe import Markup

from services.api.reference import samples
from services.api.reference.kinds import default, inline, kind, paragraphs, refs

SHOWN_CHARACTERS_MAX: Final = 4_000
"""Of a sample on the page; the whole of it is in the document."""
HOST: Final = "http://127.0.0.1:8000"
"""Where `newswire up` serves."""


class Parameter(NamedTuple):
    """A row of the table of parameters."""

    name: str
    place: str
    kind: Markup
    is_required: bool
    default: str | None
    """As JSON; None: there is none."""
    meaning: Markup


class Answer(NamedTuple):
    """What may come back."""

    status: str
    meaning: Markup
    kinds: Sequence[tuple[str, Markup]]
    """Media types, each with what its body is; empty: there is none."""


class Operation(NamedTuple):
    """A route."""

    anchor: str
    path: str
    summary: Markup
    about: Markup
    parameters: Sequence[Parameter]
    answers: Sequence[Answer]
    curl: str | None
    """None: there is no sample."""
    sample: str | None
    """What the request is answered; None as above."""


class Room(NamedTuple):
    """Operations about one thing."""

    name: str
    operations: Sequence[Operation]


def rooms(document: Mapping[str, Any]) -> list[Room]:
    """The operations by their first tag, in the document's order."""
    found: dict[str, list[Operation]] = {}
    for path, operations in document["paths"].items():
        operation = operations["get"]
        found.setdefault(operation["tags"][0], []).append(_operation(path, operation))
    return [Room(name, operations) for name, operations in found.items()]


def objects(document: Mapping[str, Any]) -> dict[str, Any]:
    """The schemas that answers refer to, by name, in alphabetical order."""
    schemas: dict[str, Any] = document["components"]["schemas"]
    waiting, reached = list(refs(document["paths"])), set[str]()
    while waiting:
        name = waiting.pop()
        if name not in reached:
            reached.add(name)
            waiting += refs(schemas[name])
    return {name: schemas[name] for name in sorted(reached)}


def _operation(path: str, operation: Mapping[str, Any]) -> Operation:
    sample = samples.of(path)
    _, _, more = operation["description"].partition("\n\n")
    return Operation(
        anchor=operation["operationId"],
        path=path,
        summary=inline(operation["summary"]),
        about=paragraphs(more) if more else Markup(),
        parameters=[_parameter(one) for one in operation.get("parameters", ())],
        answers=[_answer(status, one) for status, one in operation["responses"].items()],
        curl=_curl(sample.request) if sample else None,
        sample=_shown(sample.body) if sample else None,
    )


def _parameter(parameter: Mapping[str, Any]) -> Parameter:
    schema = parameter["schema"]
    choices = [one for one in schema.get("anyOf", ()) if one != {"type": "null"}]
    inner = choices[0] if choices else schema
    said = parameter.get("description") or inner.get("description", "")
    return Parameter(
        parameter["name"],
        parameter["in"],
        kind({**schema, "anyOf": choices} if choices else schema),
        parameter.get("required", False),
        default(schema),
        inline(said),
    )


def _answer(status: str, response: Mapping[str, Any]) -> Answer:
    content = response.get("content", {})
    kinds = [(media_type, kind(one.get("schema", {}))) for media_type, one in content.items()]
    return Answer(status, inline(response["description"]), kinds)


def _curl(request: str) -> str:
    return f"curl {quote(HOST + request)}"


def _shown(body: object) -> str:
    text = body if isinstance(body, str) else _indented(body)
    return text if len(text) <= SHOWN_CHARACTERS_MAX else f"{text[:SHOWN_CHARACTERS_MAX]}\n…"


def _indented(body: object) -> str:
    return orjson.dumps(body, option=orjson.OPT_INDENT_2).decode()
