"""What ingest and a process that parses for it say to each other: frames of bytes, and values.

The process may have been taken over by the document that it read: what it says is checked like
any other input, by size, shape and the hash of the document, and never unpickled. What the log
would refuse of it is refused here, where it costs this document alone. Pure.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Final, Literal

from pydantic import TypeAdapter, ValidationError
from pydantic_core import CoreSchema, SchemaValidator

from services.ingest import observe
from services.ingest.identity import article_id
from services.ingest.observe import Sighting, Source
from services.ingest.parse.document import Arrival, ArticleEntry, Parsed
from services.ingest.parse.feeds.urls import absolute
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
_ANY_SOURCE: Final = Source("a")
_ANY_INSTANT: Final = datetime(2000, 1, 1, tzinfo=UTC)
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
        Unintelligible: it is no such value, one of another document, or nothing for the log.
    """
    if said.count(b",") > REPLY_VALUES_MAX:
        raise Unintelligible
    try:
        parsed: Parsed = _PARSED_READER.validate_json(said)
    except ValidationError as error:
        raise Unintelligible from error
    if parsed.sha256 != sha256(data).hexdigest() or not _is_recordable(parsed):
        raise Unintelligible
    return parsed


def _is_recordable(parsed: Parsed) -> bool:
    """Whether the log takes the entries: by the limits of its types, with addresses of the web."""
    sighting = Sighting(parsed, _ANY_SOURCE, _ANY_INSTANT)
    try:
        for entry in parsed.articles:
            if not all(absolute(url, None) == url for url in _addresses(entry)):
                return False
            its_id = observe.own_id(_ANY_SOURCE.id, entry) or article_id(_ANY_SOURCE.id, "slug:a")
            observe.article(sighting, entry, its_id)
        for rate in parsed.rates:
            observe.rate(sighting, rate)
    except ValidationError:
        return False
    return True


def _addresses(entry: ArticleEntry) -> Iterator[str]:
    media = (one.url for one in entry.media)
    associations = (one.url for one in entry.associations)
    said = (entry.url, entry.canonical_url, *media, *associations)
    return (url for url in said if url is not None)
