"""An archive: a whole log as lines of JSON, each under a seal of its own. Pure.

    {"type":"header","format":1,"desk":"newswire","exported_at":"…","heads":{"wire":26,…},"sha256":"…"}
    {"type":"checkpoint","consumer":"enrichment.rates","input":"rates","position":…,"seq":…,…}
    {"type":"event","stream":"wire","position":"1772427601007-0","fields":{"seq":"1",…},"sha256":…}
    {"type":"end","events":{"wire":{"events":26,"sha256":"…"},…},"archive":"…","sha256":"…"}

Checkpoints come first and the streams of outputs before those of inputs: whatever runs beside an
import, or after one that was interrupted, finds a log that it stops at, never one that it decides
anew.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Final, Literal, NamedTuple, assert_never

import orjson
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from services.ingest.drafts import content_of
from services.ingest.sums import STREAMS, Sum, Sums
from shared.envelope import decode
from shared.errors import Rejected
from shared.events import StreamName
from shared.faults import sentence
from shared.hashing import sha256
from shared.log import EVENT_BYTES_MAX, Entry, checked_bytes
from shared.streams import Checkpoint, InputName, Position

FORMAT: Final = 1
LINE_BYTES_MAX: Final = 6 * EVENT_BYTES_MAX + 100_000
"""Of one line: JSON writes some bytes of an event as six."""
CHECKPOINTS_MAX: Final = 1_000

_SEAL: Final = b',"sha256":"'
_SEAL_BYTES: Final = len(_SEAL) + 64 + len(b'"}')


class _Line(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    sha256: str


class Header(_Line):
    """Whose log it is, and how many events each stream has."""

    type: Literal["header"]
    format: Literal[1]
    desk: str
    exported_at: str
    heads: dict[StreamName, Annotated[int, Field(ge=0)]]


class _Checkpoint(_Line):
    type: Literal["checkpoint"]
    consumer: Annotated[str, Field(pattern=r"^[a-z0-9._-]{1,64}$")]
    input: InputName
    position: Annotated[str, Field(pattern=r"^\d+-\d+$")]
    seq: Annotated[int, Field(ge=1)]
    event_id: Annotated[str, Field(pattern=r"^[^ ]*$")]


class _Event(_Line):
    type: Literal["event"]
    stream: StreamName
    position: Annotated[str, Field(pattern=r"^\d+-\d+$")]
    fields: dict[str, str]


class End(_Line):
    """The last line: without it an archive was cut off."""

    type: Literal["end"]
    events: dict[StreamName, Sum]
    archive: str
    """SHA-256 over the bytes of all lines before this one."""


class Standing(NamedTuple):
    """Where a consumer stood in one of its inputs."""

    consumer: str
    input: InputName
    checkpoint: Checkpoint


class Kept(NamedTuple):
    """An event of an archive; ``content_hash`` empty: it was committed, not appended."""

    stream: StreamName
    entry: Entry
    subject: str
    content_hash: str


Item = Header | Standing | Kept | End
_LINES: Final[TypeAdapter[Header | _Checkpoint | _Event | End]] = TypeAdapter(
    Annotated[Header | _Checkpoint | _Event | End, Field(discriminator="type")]
)


@dataclass(slots=True)
class Writer:
    """Makes the lines of an archive, each with its line break; ``end`` is the last."""

    sums: Sums = field(default_factory=Sums)
    _archive: hashlib._Hash = field(default_factory=hashlib.sha256)

    def header(self, desk: str, exported_at: str, heads: Mapping[StreamName, int]) -> bytes:
        """The first line."""
        ordered = {stream: heads[stream] for stream in STREAMS}
        said = {"format": FORMAT, "desk": desk, "exported_at": exported_at, "heads": ordered}
        return self._line({"type": "header", **said})

    def checkpoint(self, standing: Standing) -> bytes:
        """A line of a consumer; all before the first event."""
        at = standing.checkpoint
        where = {"position": at.position, "seq": at.seq, "event_id": at.event_id}
        named = {"consumer": standing.consumer, "input": standing.input}
        return self._line({"type": "checkpoint", **named, **where})

    def event(self, stream: StreamName, entry: Entry) -> bytes:
        """A line of an event; streams in the order of STREAMS, each in its own.

        Raises:
            Rejected: its seq is not the next one, or a field is no text.
        """
        self.sums.take(stream, entry)
        try:
            fields = {name.decode(): value.decode() for name, value in entry.fields.items()}
        except UnicodeDecodeError as error:
            what = f"the entry at {entry.position} of {stream}"
            raise Rejected(f"{what} holds what is no UTF-8 text: {error}") from error
        said = {"stream": stream, "position": entry.position, "fields": fields}
        return self._line({"type": "event", **said})

    def end(self) -> bytes:
        """The last line."""
        sums = {stream: each.model_dump() for stream, each in self.sums.said().items()}
        return self._line({"type": "end", "events": sums, "archive": self._archive.hexdigest()})

    def _line(self, said: Mapping[str, object]) -> bytes:
        body = orjson.dumps(said)
        line = body[:-1] + _SEAL + sha256(body).encode() + b'"}\n'
        self._archive.update(line)
        return line


@dataclass(slots=True)
class Reader:
    """Reads the lines of an archive, in order; each error names its line."""

    sums: Sums = field(default_factory=Sums)
    header: Header | None = None
    end: End | None = None
    number: int = 0
    """Lines read so far."""
    _checkpoints: int = 0
    _place: int = -1
    """Of the stream that is being read, in the order of an archive."""
    _archive: hashlib._Hash = field(default_factory=hashlib.sha256)

    def take(self, line: bytes) -> Item:
        """What a line says.

        Raises:
            Rejected: it was changed, or it does not follow the one before it.
        """
        self.number += 1
        try:
            item = self._item(_unsealed(line))
        except Rejected as error:
            raise Rejected(f"line {self.number}: {error}") from error
        self._archive.update(line)
        return item

    def finish(self) -> End:
        """The last line, once all are read.

        Raises:
            Rejected: there was none; the archive was cut off.
        """
        if self.end is None:
            raise Rejected(
                f"expected an end after line {self.number}, found none: the archive was cut off. "
                "Take another copy of it."
            )
        return self.end

    def _item(self, said: Header | _Checkpoint | _Event | End) -> Item:
        if self.end is not None:
            raise Rejected("expected nothing after the end of the archive")
        if (self.header is None) != isinstance(said, Header):
            raise Rejected("expected a header in the first line, and nowhere else")
        match said:
            case Header():
                self.header = said
                return said
            case _Checkpoint():
                return self._standing(said)
            case _Event():
                return self._kept(said)
            case End():
                self._check_end(said)
                self.end = said
                return said
            case _:
                assert_never(said)

    def _standing(self, said: _Checkpoint) -> Standing:
        self._checkpoints += 1
        if self._place >= 0 or self._checkpoints > CHECKPOINTS_MAX:
            raise Rejected(f"expected at most {CHECKPOINTS_MAX} checkpoints, before all events")
        at = Checkpoint(Position(said.position), said.seq, said.event_id)
        return Standing(said.consumer, said.input, at)

    def _kept(self, said: _Event) -> Kept:
        place = STREAMS.index(said.stream)
        if place < self._place:
            raise Rejected(f"expected the streams in the order {', '.join(STREAMS)}")
        kept = _kept(said)
        self.sums.take(said.stream, kept.entry)
        self._place = place
        return kept

    def _check_end(self, said: End) -> None:
        counted = {stream: each.events for stream, each in said.events.items()}
        heads = self.header.heads if self.header else {}
        if not self.sums.seqs == counted == heads:
            raise Rejected(f"expected the events {heads}, found {self.sums.seqs}")
        if self.sums.said() != said.events or self._archive.hexdigest() != said.archive:
            raise Rejected("the digests are not those of the lines before: the archive was changed")


def _unsealed(line: bytes) -> Header | _Checkpoint | _Event | End:
    body, seal = line[: -_SEAL_BYTES - 1] + b"}", line[-_SEAL_BYTES - 1 :]
    if not line.endswith(b'"}\n') or not seal.startswith(_SEAL):
        raise Rejected("expected a whole line of an archive; it was changed or cut off")
    if sha256(body).encode() != seal[len(_SEAL) : -3]:
        raise Rejected("it was changed: its digest is not that of its text. Take another copy.")
    try:
        return _LINES.validate_json(line)
    except ValidationError as error:
        said = sentence(error)
        raise Rejected(f"{said}; perhaps a later version of newswire wrote it") from error


def _kept(said: _Event) -> Kept:
    names = list(said.fields)
    if names[:2] != ["seq", "version"]:
        raise Rejected(f"expected the fields seq and version first, found {names[:2]}")
    seq, version = _count(said.fields["seq"]), _count(said.fields["version"])
    fields = {name.encode(): value.encode() for name, value in said.fields.items()}
    event_id = said.fields.get("id", "")
    entry = Entry(Position(said.position), seq, event_id, fields)
    checked_bytes(plain_fields(entry))
    content_hash = None
    if said.stream != "wire":
        content_hash = content_of(decode(said.stream, entry).event)
    if version < 1 or seq < 1:
        raise Rejected(f"expected a seq and a version from 1, found {seq} and {version}")
    return Kept(said.stream, entry, said.fields.get("subject", ""), content_hash or "")


def plain_fields(entry: Entry) -> tuple[bytes, ...]:
    """Names and values in turn without the two that the log sets."""
    return tuple(part for pair in list(entry.fields.items())[2:] for part in pair)


def _count(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 17 and str(int(text)) == text):
        raise Rejected(f"expected a number without leading zeros, found {text!r}")
    return int(text)
