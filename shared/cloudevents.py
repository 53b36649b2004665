"""An event of the log as a structured CloudEvent: one line of JSON. Pure.

docs/cloudevents-redis-streams.md section 9 specifies the form.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from typing import Any, Final

import orjson

from shared.errors import Rejected
from shared.faults import came
from shared.log import Entry
from shared.streams import Position

_UNSEEN: Final = re.compile(r"[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")
_IN_ANOTHER_FORM: Final = frozenset({b"seq", b"version", b"data"})


def structured(entry: Entry, data: bytes, leaving_out: AbstractSet[bytes] = frozenset()) -> bytes:
    """The event with these data, a line of JSON already, and without some of its fields."""
    members = {
        name.decode("utf-8", "replace"): value.decode("utf-8", "replace")
        for name, value in entry.fields.items()
        if name not in _IN_ANOTHER_FORM and name not in leaving_out
    }
    members["sequence"] = f"{entry.seq:020}"
    members["version"] = entry.fields.get(b"version", b"").decode("utf-8", "replace")
    return orjson.dumps(members)[:-1] + b',"data":' + data + b"}"


def data_of(entry: Entry) -> tuple[bytes, Any] | None:
    """The event's data on one line, digit for digit, and read; None: they are no JSON."""
    raw = entry.fields.get(b"data", b"")
    try:
        parsed = orjson.loads(raw)
    except ValueError:
        return None
    return (orjson.dumps(parsed), parsed) if b"\n" in raw or b"\r" in raw else (raw, parsed)


def json_line(entry: Entry) -> str:
    """An event as structured CloudEvents JSON (docs/cloudevents-redis-streams.md, section 9).

    What is not seen, or turns the reading, is written as an escape of JSON.
    """
    found = data_of(entry)
    unread = entry.fields.get(b"data", b"").decode(errors="replace")
    data = found[0] if found else orjson.dumps(unread)
    text = structured(entry, data).decode()
    return _UNSEEN.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def plain(event: Mapping[str, Any], position: Position, seq: int) -> Entry:
    """The entry that a structured event was, at a place of its own.

    Raises:
        Rejected: a member is missing or of the wrong kind; ``decode`` says the rest.
    """
    members = {name: value for name, value in event.items() if name not in {"sequence", "data"}}
    for name, value in members.items():
        if not isinstance(value, str):
            raise Rejected(f"{name}: expected text, came {came(value)}")
    if "data" not in event or "id" not in members:
        raise Rejected("expected an event with id and data: a line of `newswire tail --json`")
    fields = {name.encode(): value.encode() for name, value in members.items()}
    numbers = {b"seq": str(seq).encode(), b"version": fields.pop(b"version", b"1")}
    data = orjson.dumps(event["data"])
    return Entry(position, seq, members["id"], {**numbers, **fields, b"data": data})
