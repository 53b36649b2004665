"""docs/asyncapi.json and its page out of the types: ``python -m tests.architecture.asyncapi``.

The document is what an application that reads is told; docs/adr/0015 says why it is our own.
"""

from __future__ import annotations

from typing import Any, Final

from shared.docstrings import class_meaning
from shared.envelope import SCHEMA_NUMBER
from shared.events import TYPES_BY_STREAM, StreamName
from shared.streams import Keys
from tests.architecture.asyncapi_page import page
from tests.architecture.schemas import ENVELOPE, ROOT, schemas, text, urn
from tests.architecture.shapes import Schema, definitions, ordered, reached

COMMAND: Final = "python -m tests.architecture.asyncapi"
DOCUMENT: Final = ROOT / "docs" / "asyncapi.json"
PAGE: Final = ROOT / "docs" / "asyncapi.html"

_COMPONENTS: Final = "#/components/schemas/{model}"
_ABOUT: Final = """\
Every decision about every article and rate, as events on Redis streams, in order and without a gap.

An entry of a stream is one CloudEvent: its attributes are plain fields of the entry, the headers \
here; the field `data` is the payload, one JSON object in UTF-8. No field holds an envelope.

The operations are those of an application that reads. Nobody writes to the streams but the \
newswire itself.

- `seq` is dense in its stream, `version` in its subject: one comparison shows that nothing is \
missing.
- Delivery is at least once: an event with the same `source` and `id` is the same event.
- Within a type fields are only added; ignore the fields, and the types, that you do not know.
- Begin at `0`, never at `$`. Nothing is trimmed.
"""
_RESTRICTED: Final = "Only for readers that the operator has chosen."
_STREAMS: Final[dict[StreamName, tuple[str, str]]] = {
    "articles": (
        "What sources and operators said about articles",
        f"Holds what is embargoed, withheld and canceled. {_RESTRICTED}",
    ),
    "rates": ("What sources quoted", _RESTRICTED),
    "wire": (
        "What enrichment decided: the public stream",
        """\
For everybody. No text is on it before its embargo ends. Who shows or passes on articles has to \
take back what is withheld, and to remove every copy of what is canceled.""",
    ),
    "deadletters": ("Events that enrichment set aside", _RESTRICTED),
    "sources": ("How sources are read, and how they are", _RESTRICTED),
}
"""Title, and who may read it."""

_DESK: Final = {
    "description": "The desk, with its braces: they belong to the key, and keep a desk in one slot "
    "of a Redis Cluster.",
    "default": "{newswire}",
    "examples": ["{newswire}", "{sports}"],
}
_READING: Final = (
    "`XREAD` from your own checkpoint (`0` at first), or `XREADGROUP` with a group that was "
    "created at `0`. Of each entry compare `seq` with that of the one before."
)


def document() -> dict[str, Any]:
    """The whole of docs/asyncapi.json."""
    return {
        "asyncapi": "3.0.0",
        "id": "urn:newswire:streams",
        "info": _info(),
        "defaultContentType": "application/json",
        "servers": _servers(),
        "channels": {stream: _channel(stream) for stream in _STREAMS},
        "operations": {f"read-{stream}": _operation(stream) for stream in _STREAMS},
        "components": {
            "securitySchemes": {
                "user": {
                    "type": "userPassword",
                    "description": "A user of Redis with the rights of a reader or of a group "
                    "reader (docs/acl).",
                }
            },
            "correlationIds": {
                "lineage": {
                    "description": "The lineage that the event belongs to, over all its streams.",
                    "location": "$message.header#/correlationid",
                }
            },
            "messages": {
                _key(stream, name): _message(stream, name)
                for stream, types in TYPES_BY_STREAM.items()
                for name in types
            },
            "schemas": _schemas(),
        },
    }


def _info() -> dict[str, Any]:
    return {
        "title": "Newswire streams",
        "version": f"{SCHEMA_NUMBER}.0.0",
        "description": _ABOUT,
        "license": {"name": "Apache-2.0", "url": "https://www.apache.org/licenses/LICENSE-2.0"},
        "tags": [{"name": "cloudevents"}, {"name": "redis-streams"}],
    }


def _servers() -> dict[str, Any]:
    return {
        "desk": {
            "host": "{host}:{port}",
            "protocol": "redis",
            "protocolVersion": "7.0",
            "description": "The Redis (7.0 or later) or Valkey (8 or later) of a desk.",
            "variables": {
                "host": {"default": "127.0.0.1", "description": "Where the operator runs it."},
                "port": {
                    "default": "16379",
                    "description": "16379 where `newswire up` started it.",
                    "examples": ["16379", "6379"],
                },
            },
            "security": [{"$ref": "#/components/securitySchemes/user"}],
            "bindings": {"redis": {}},
        }
    }  # fmt: skip


def _channel(stream: StreamName) -> dict[str, Any]:
    title, audience = _STREAMS[stream]
    return {
        "address": Keys("newswire").stream(stream),
        "title": title,
        "description": audience,
        "servers": [{"$ref": "#/servers/desk"}],
        "parameters": {"newswire": _DESK},
        "messages": {
            name: {"$ref": f"#/components/messages/{_key(stream, name)}"}
            for name in TYPES_BY_STREAM[stream]
        },
        "tags": [{"name": "public" if stream == "wire" else "restricted"}],
        "bindings": {"redis": {}},  # AsyncAPI reserves it, and has nothing to be said in it
    }


def _operation(stream: StreamName) -> dict[str, Any]:
    return {
        "action": "receive",
        "channel": {"$ref": f"#/channels/{stream}"},
        "title": f"Read {stream}",
        "description": _READING,
        "messages": [
            {"$ref": f"#/channels/{stream}/messages/{name}"} for name in TYPES_BY_STREAM[stream]
        ],
        "bindings": {"redis": {}},
    }


def _message(stream: StreamName, name: str) -> dict[str, Any]:
    event_class = TYPES_BY_STREAM[stream][name]
    own = {
        "type": {"type": "string", "const": name},
        "dataschema": {"type": "string", "const": urn(name)},
    }
    return {
        "name": name,
        "title": name,
        "summary": class_meaning(event_class),
        "contentType": "application/json",
        "headers": {
            "type": "object",
            "allOf": [{"$ref": _COMPONENTS.format(model=ENVELOPE)}],
            "properties": own,
        },
        "payload": {"$ref": _COMPONENTS.format(model=event_class.__name__)},
        "correlationId": {"$ref": "#/components/correlationIds/lineage"},
        "bindings": {"redis": {}},
    }


def _schemas() -> dict[str, Schema]:
    """The schemas of the types and of the headers, references among themselves only."""
    among = definitions(_COMPONENTS)
    used: Schema = {
        "properties": {
            one.__name__: {"$ref": _COMPONENTS.format(model=one.__name__)}
            for types in TYPES_BY_STREAM.values()
            for one in types.values()
        }
    }
    headers = {key: value for key, value in schemas()[ENVELOPE].items() if key[0] != "$"}
    fields = {key: value for key, value in headers["properties"].items() if key != "data"}
    headers |= {
        "properties": fields,
        "required": [name for name in headers["required"] if name != "data"],
    }
    found: dict[str, Schema] = ordered({"schemas": {ENVELOPE: headers, **reached(used, among)}})
    return found["schemas"]


def _key(stream: StreamName, name: str) -> str:
    """A type may be other data on another stream, so a message is of a stream."""
    return f"{stream}.{name}"


if __name__ == "__main__":
    DOCUMENT.write_text(text(document()), "utf-8")
    PAGE.write_text(page(document()), "utf-8")
