"""Events to stream fields and back: CloudEvents 1.0 names as plain fields, JSON in ``data``.

docs/cloudevents-redis-streams.md specifies the binding; tests/golden has its golden vectors.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Generic, Literal, NamedTuple, TypeVar, overload

import orjson
from pydantic import ValidationError

from shared.errors import Rejected
from shared.events import (
    TYPE_BY_CLASS,
    TYPES_BY_STREAM,
    AnyEvent,
    ArticleEvent,
    ArticleReceived,
    DeadLetterEvent,
    RateEvent,
    StreamName,
    WireEvent,
)
from shared.faults import sentence
from shared.hashing import sha256
from shared.instants import rfc3339
from shared.log import Entry, Fields
from shared.news import Article
from shared.streams import Position

E_co = TypeVar("E_co", bound=AnyEvent, covariant=True)

SCHEMA_NUMBER: Final = 1
"""Number of the additive schema of every type; raised when a type gains a field."""


UNSEEN_FIELDS: Final = frozenset(
    {
        "observed_at",  # when we looked
        "document",  # which bytes and which parser
        "occurrences",  # how often it was printed
        "revision",  # counts events, is none
        "content_hash",
        "text_hash",
        "listed_on",  # a page lists an article again every day without changing it (ADR 0005)
        "position",
        "trust_rank",  # the operator's opinion of the source
    }
)
"""What does not make an article another one; every other field does."""

_Reader = Callable[[bytes], AnyEvent]
_TYPES: Final[dict[StreamName, dict[bytes, tuple[str, _Reader]]]] = {
    stream: {
        name.encode(): (name, event_class.__pydantic_validator__.validate_json)
        for name, event_class in types.items()
    }
    for stream, types in TYPES_BY_STREAM.items()
}
"""How the data of a type are read, by the type's name as it lies on the log."""


class Recorded(NamedTuple, Generic[E_co]):
    """An event with where and when it stands on the log."""

    stream: StreamName
    position: Position
    seq: int
    version: int
    id: str
    source: str
    type: str
    subject: str
    time: datetime
    recorded_at: datetime
    correlation_id: str
    causation_id: str | None
    traceparent: str | None
    event: E_co


@dataclass(frozen=True, slots=True)
class Attributes:
    """What the envelope says about an event, beside its data."""

    id: str
    source: str
    """``urn:newswire:source:<id>``."""
    subject: str
    time: datetime
    """Event time: what the source says, else when we saw it."""
    recorded_at: datetime
    """The appending process's clock."""
    correlation_id: str
    """The lineage: an article's or a rate's subject."""
    causation_id: str | None = None
    """Id of the event that caused this one."""
    traceparent: str | None = None
    """W3C trace context."""


def to_json(event: AnyEvent) -> bytes:
    """The event's data: UTF-8 JSON, fields in the order of the type, absent values as null."""
    return event.__pydantic_serializer__.to_json(event)


def content_hash(event: AnyEvent, *, leaving_out: frozenset[str]) -> str:
    """Hash over an event's data without some fields, wherever they stand; keys sorted.

    What is absent (null, an empty list) does not count, so that a field added to a type later
    leaves the hashes of what does not use it as they were.
    """
    data = _without(orjson.loads(to_json(event)), leaving_out)
    return sha256(orjson.dumps(data, option=orjson.OPT_SORT_KEYS))


def article_hash(article: Article) -> str:
    """Decides *unchanged* for an article: every field a consumer sees."""
    return content_hash(ArticleReceived(article=article), leaving_out=UNSEEN_FIELDS)


def _without(data: object, names: frozenset[str]) -> object:
    if isinstance(data, dict):
        return {
            key: _without(value, names)
            for key, value in data.items()
            if key not in names and value is not None and value != []
        }
    if isinstance(data, list):
        return [_without(value, names) for value in data]
    return data


def encode(event: AnyEvent, attributes: Attributes) -> Fields:
    """The stream fields of an event in the binding's order; the log adds seq and version."""
    name = TYPE_BY_CLASS[type(event)]
    a = attributes
    fields = [
        b"specversion", b"1.0",
        b"id", a.id.encode(),
        b"source", a.source.encode(),
        b"type", name.encode(),
        b"subject", a.subject.encode(),
        b"time", rfc3339(a.time).encode(),
        b"recordedtime", rfc3339(a.recorded_at).encode(),
        b"datacontenttype", b"application/json",
        b"dataschema", f"urn:newswire:schema:{name}:{SCHEMA_NUMBER}".encode(),
        b"correlationid", a.correlation_id.encode(),
    ]  # fmt: skip
    if a.causation_id is not None:
        fields += [b"causationid", a.causation_id.encode()]
    if a.traceparent is not None:
        fields += [b"traceparent", a.traceparent.encode()]
    return (*fields, b"data", to_json(event))


@overload
def decode(stream: Literal["articles"], entry: Entry) -> Recorded[ArticleEvent]: ...
@overload
def decode(stream: Literal["rates"], entry: Entry) -> Recorded[RateEvent]: ...
@overload
def decode(stream: Literal["wire"], entry: Entry) -> Recorded[WireEvent]: ...
@overload
def decode(stream: Literal["deadletters"], entry: Entry) -> Recorded[DeadLetterEvent]: ...
@overload
def decode(stream: StreamName, entry: Entry) -> Recorded[AnyEvent]: ...
def decode(stream: StreamName, entry: Entry) -> Recorded[AnyEvent]:
    """The event that an entry holds.

    Raises:
        Rejected: it is not of this contract: a field is missing, the type is not one of the
            stream's, or the data do not fit the type.
    """
    if not entry.seq or not entry.event_id:
        missing = b"id" if entry.seq else b"seq"
        raise Rejected(f"the entry at {entry.position} has no field {missing!r}")
    f = entry.fields
    try:
        found = _TYPES[stream].get(f[b"type"])
        if found is None:
            raise Rejected(f"{f[b'type'].decode()} is not a type of the stream {stream}")
        name, read_data = found
        time = datetime.fromisoformat(f[b"time"].decode())
        recorded_at = datetime.fromisoformat(f[b"recordedtime"].decode())
        if time.tzinfo is None or recorded_at.tzinfo is None:
            raise Rejected(
                f"the entry at {entry.position} does not fit its type: an instant has no offset"
            )
        causation, traceparent = f.get(b"causationid"), f.get(b"traceparent")
        # By position: fourteen keywords cost a tenth of the whole decoding.
        return Recorded(
            stream,
            entry.position,
            entry.seq,
            int(f[b"version"]),
            entry.event_id,
            f[b"source"].decode(),
            name,
            f[b"subject"].decode(),
            time,
            recorded_at,
            f[b"correlationid"].decode(),
            causation.decode() if causation is not None else None,
            traceparent.decode() if traceparent is not None else None,
            read_data(f[b"data"]),
        )
    except KeyError as error:
        raise Rejected(f"the entry at {entry.position} has no field {error}") from error
    except ValidationError as error:
        said = sentence(error, at="data")
        raise Rejected(f"the entry at {entry.position} does not fit its type: {said}") from error
    except ValueError as error:
        raise Rejected(f"the entry at {entry.position} does not fit its type: {error}") from error
