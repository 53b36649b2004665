"""docs/schemas out of the types themselves: ``python -m tests.architecture.schemas``.

One JSON Schema per event type, one for the fields around the data. A type that is not yet in
tests/golden/schemas is put there as it is; what is there is never written again.
"""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any, Final

from shared.envelope import SCHEMA_NUMBER
from shared.events import TYPES_BY_STREAM, AnyEvent
from tests.architecture.shapes import HERE, Schema, definitions, ordered, reached

COMMAND: Final = "python -m tests.architecture.schemas"
DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
ENVELOPE: Final = "envelope"
"""Name of the file for the fields of an entry; event types have a dot in theirs."""

ROOT: Final = Path(__file__).parents[2]
FOLDER: Final = ROOT / "docs" / "schemas"
RELEASED: Final = ROOT / "tests" / "golden" / "schemas"
BINDING: Final = ROOT / "docs" / "cloudevents-redis-streams.md"

_WHOLE: Final = {"type": "string", "pattern": "^[1-9][0-9]{0,15}$"}
_TEXT: Final = {"type": "string", "minLength": 1}
_INSTANT: Final = {"type": "string", "format": "date-time"}
_FORMS: Final[dict[str, Schema]] = {
    "seq": _WHOLE,
    "version": _WHOLE,
    "specversion": {"type": "string", "const": "1.0"},
    "id": _TEXT,
    "source": {**_TEXT, "format": "uri-reference"},
    "type": _TEXT,
    "subject": _TEXT,
    "time": _INSTANT,
    "recordedtime": _INSTANT,
    "datacontenttype": {"type": "string", "const": "application/json"},
    "dataschema": {"type": "string", "format": "uri"},
    "correlationid": _TEXT,
    "causationid": _TEXT,
    "traceparent": {"type": "string", "pattern": "^[0-9a-f]{2}(-[0-9a-f]+){3}"},
    "data": {"type": "string", "contentMediaType": "application/json"},
}  # fmt: skip
"""What the values of an entry look like; everything else about them the binding's table says."""

_ROW: Final = re.compile(r"^\| `(\w+)` \| (yes|no) \| [^|]+ \| ([^|]+) \| `(.+)` \|$", re.MULTILINE)


def urn(name: str) -> str:
    """The ``$id`` of a schema: what the field ``dataschema`` of its events holds."""
    return f"urn:newswire:schema:{name}:{SCHEMA_NUMBER}"


def classes_by_type() -> dict[str, dict[str, type[AnyEvent]]]:
    """By type and stream, what the data are: a type may be another class on another stream."""
    found: dict[str, dict[str, type[AnyEvent]]] = {}
    for stream, types in TYPES_BY_STREAM.items():
        for name, event_class in types.items():
            found.setdefault(name, {})[stream] = event_class
    return found


def type_schema(name: str) -> Schema:
    """The schema of the data of a type, with everything it refers to."""
    among = definitions(HERE)
    streams = classes_by_type()[name]
    names = list(dict.fromkeys(one.__name__ for one in streams.values()))
    if len(names) == 1:
        body = among[names[0]]
    else:
        # Not oneOf: what is on one stream may be the other's with a field more.
        branches: list[Schema] = [
            {"description": f"On the stream `{stream}`.", "$ref": HERE.format(model=one.__name__)}
            for stream, one in streams.items()
        ]
        body = {"description": "The stream decides which of these.", "anyOf": branches}
    head = {"$schema": DIALECT, "$id": urn(name), "title": name}
    whole = {**body, **head}
    needed = reached(body, among)
    return _sorted({**whole, "$defs": needed} if needed else whole)


def envelope_schema() -> Schema:
    """The schema of the fields of an entry; each value is text, as Redis holds it."""
    rows = _ROW.findall(BINDING.read_text("utf-8"))
    assert [name for name, *_ in rows] == list(_FORMS), "the binding's table has other fields"
    return _sorted(
        {
            "$schema": DIALECT,
            "$id": urn(ENVELOPE),
            "title": "The fields of one entry",
            "description": "CloudEvents 1.0 attributes as plain fields of a Redis stream entry. "
            "Unknown fields are to be ignored.",
            "type": "object",
            "required": [name for name, needed, *_ in rows if needed == "yes"],
            "properties": {
                name: {**_FORMS[name], "description": _rule(name, rule)}
                | ({} if name == "data" else {"examples": [example]})
                for name, _, rule, example in rows
            },
        }
    )


def _rule(name: str, rule: str) -> str:
    if name == "data":
        return "one JSON object in UTF-8, of the schema that `dataschema` names"
    return rule.strip()


@cache
def schemas() -> dict[str, Schema]:
    """Every schema by the name of its file, without ``.json``."""
    return {name: type_schema(name) for name in classes_by_type()} | {ENVELOPE: envelope_schema()}


def text(document: Any) -> str:
    """A document as it is committed."""
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _sorted(schema: Schema) -> Schema:
    done: Schema = ordered(schema)
    return done


def _write() -> None:
    FOLDER.mkdir(exist_ok=True)
    RELEASED.mkdir(exist_ok=True)
    found = schemas()
    for file in FOLDER.glob("*.json"):
        if file.stem not in found:
            file.unlink()
    for name, schema in found.items():
        (FOLDER / f"{name}.json").write_text(text(schema), "utf-8")
        released = RELEASED / f"{name}.{SCHEMA_NUMBER}.json"
        if not released.exists():
            released.write_text(text(schema), "utf-8")


if __name__ == "__main__":
    _write()
