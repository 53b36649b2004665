"""Decisions as they go on the log: wire events and dead letters, outputs of a commit. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from shared.envelope import Attributes, encode
from shared.events import DeadLetterParked, StreamName, WireEvent
from shared.hashing import event_id
from shared.log import CALL_BYTES_MAX, CALL_EVENTS_MAX, Entry, Output, checked_bytes
from shared.streams import source_urn

ERROR_CHARS_MAX: Final = 2_000
"""Of an error's text in a dead letter."""


@dataclass(frozen=True, slots=True)
class Decided:
    """An event for the wire, with its place in the history of its subject."""

    event: WireEvent
    subject: str
    source: str
    """``urn:newswire:source:<id>``."""
    time: datetime
    version: int
    causation_id: str
    content_hash: str


@dataclass(frozen=True, slots=True)
class Failure:
    """Why an event was set aside."""

    consumer: str
    stream: StreamName
    subject: str
    reason: Literal["failed", "behind"]
    error: str
    attempts: int
    code_version: str


def wire_output(decided: Decided, recorded_at: datetime) -> Output:
    """A decision as an output: its id is a function of cause, content and methods."""
    methods = sorted(getattr(decided.event, "methods", {}).items())
    attributes = Attributes(
        id=event_id(
            "wire",
            decided.subject,
            decided.version,
            decided.content_hash,
            decided.causation_id,
            *(f"{step}={version}" for step, version in methods),
        ),
        source=decided.source,
        subject=decided.subject,
        time=decided.time,
        recorded_at=recorded_at,
        correlation_id=decided.subject,
        causation_id=decided.causation_id,
    )
    return Output("wire", decided.version, encode(decided.event, attributes))


def dead_letter(entry: Entry, failure: Failure, parked_at: datetime) -> Output:
    """An event set aside, as an output: one subject per dead letter."""
    letter = f"urn:newswire:deadletter:{failure.consumer}:{entry.seq}"
    event = DeadLetterParked(
        consumer=failure.consumer,
        stream=failure.stream,
        position=entry.position,
        seq=entry.seq,
        event_id=entry.event_id,
        event_type=entry.fields.get(b"type", b"").decode(errors="replace"),
        subject=failure.subject,
        reason=failure.reason,
        error=failure.error[:ERROR_CHARS_MAX],
        attempts=failure.attempts,
        code_version=failure.code_version,
        parked_at=parked_at,
    )
    attributes = Attributes(
        id=event_id("deadletters", letter, 1, entry.event_id),
        source=source_urn("newswire"),
        subject=letter,
        time=parked_at,
        recorded_at=parked_at,
        correlation_id=failure.subject,
        causation_id=entry.event_id or None,
    )
    return Output("deadletters", 1, encode(event, attributes))


def commits(produced: Sequence[Sequence[Output]]) -> Iterator[int]:
    """Where to commit: after how many inputs each, so that no commit exceeds its limits.

    ``produced`` holds the outputs of each input; every number given is larger than the one before,
    the last is the number of inputs.
    """
    events, carried = 0, 0
    for index, outputs in enumerate(produced):
        size = sum(checked_bytes(output.fields) for output in outputs)
        if index and (events + len(outputs) > CALL_EVENTS_MAX or carried + size > CALL_BYTES_MAX):
            yield index
            events, carried = 0, 0
        events, carried = events + len(outputs), carried + size
    if produced:
        yield len(produced)
