"""What ingest and a process that parses for it say to each other: frames of bytes, and values.

The process may have been taken over by the document that it read: what it says is checked like
any other input, by size, shape and the hash of the document, and never unpickled. Pure.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from hashlib import sha256
from typing import Final, Literal

from pydantic import TypeAdapter, ValidationError
from pydantic_core import CoreSchema, SchemaValidator

from services.ingest.parse.document import Arrival, Parsed
from services.ingest.parse.kinds import Kind

REPLY_BYTES_MAX: Final = 16_000_000
"""Three times the largest document: its words once as text, once as markup, and escaped."""

REPLY_VALUES_MAX: Final = 1_000_000
"""Counted by commas, those of the texts too: each garbage value would cost 80 bytes to refuse."""

OUT_OF_MEMORY: Final = 81
"""The exit code of a process that ran into its limit of memory."""

REQUEST_HEAD: Final = struct.Struct("!II")
"""Bytes of the order, bytes of the document; both follow."""

REPLY_HEAD: Final = struct.Struct("!cI")
"""What follows and how many bytes of it."""

Tag = Literal[b"R", b"P", b"L", b"F"]
"""Ready to read; parsed; parsed, and it was the last; failed."""


class Unintelligible(ValueError):
    """What came is nothing that a process of ours says."""


@dataclass(frozen=True, slots=True)
class Order:
    """How a document is to be read."""

    kind: Kind
    arrival: Arrival


@dataclass(frozen=True, slots=True)
class Ready:
    """What a process says of itself before its first document."""

    has_no_network: bool
    """It has no network to open anything in; else it may only open no descriptor."""


def _impatient(node: object) -> object:
    """The schema that gives up at a list's first wrong value: a million of errors cost 430 MB."""
    if isinstance(node, dict):
        found = {name: _impatient(value) for name, value in node.items()}
        return found | {"fail_fast": True} if node.get("type") in {"list", "tuple"} else found
    return [_impatient(one) for one in node] if isinstance(node, list) else node


def _strict_reader(adapter: TypeAdapter[Parsed]) -> SchemaValidator:
    schema: CoreSchema = _impatient(adapter.core_schema)  # type: ignore[assignment]  # same shape
    return SchemaValidator(schema)


_ORDER: Final = TypeAdapter(Order)
_READY: Final = TypeAdapter(Ready)
_PARSED: Final = TypeAdapter(Parsed)
_PARSED_READER: Final = _strict_reader(_PARSED)


def request(order: Order, data: bytes) -> bytes:
    """The frame that has a document read."""
    said = _ORDER.dump_json(order)
    return REQUEST_HEAD.pack(len(said), len(data)) + said + data


def order_of(said: bytes) -> Order:
    """The order of a request."""
    return _ORDER.validate_json(said)


def reply(tag: Tag, said: bytes) -> bytes:
    """A frame of the process that parses."""
    return REPLY_HEAD.pack(tag, len(said)) + said


def reply_head(head: bytes) -> tuple[bytes, int]:
    """What follows and how many bytes of it.

    Raises:
        Unintelligible: more than a reply may have.
    """
    tag, size = REPLY_HEAD.unpack(head)
    if size > REPLY_BYTES_MAX:
        raise Unintelligible
    return tag, size


def ready(said: Ready) -> bytes:
    """What a process is, as bytes."""
    return _READY.dump_json(said)


def ready_of(said: bytes) -> Ready:
    """What a process says it is.

    Raises:
        Unintelligible: it says something else.
    """
    try:
        return _READY.validate_json(said)
    except ValidationError as error:
        raise Unintelligible from error


def parsed_bytes(parsed: Parsed) -> bytes:
    """What a document holds, as bytes."""
    return _PARSED.dump_json(parsed)


def parsed_of(said: bytes, data: bytes) -> Parsed:
    """What a process says that this document holds.

    Raises:
        Unintelligible: it is no such value, or one of another document.
    """
    if said.count(b",") > REPLY_VALUES_MAX:
        raise Unintelligible
    try:
        parsed: Parsed = _PARSED_READER.validate_json(said)
    except ValidationError as error:
        raise Unintelligible from error
    if parsed.sha256 != sha256(data).hexdigest():
        raise Unintelligible
    return parsed
