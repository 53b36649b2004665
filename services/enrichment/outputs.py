"""Decisions as they go on the log: wire events and dead letters, outputs of a commit. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from shared.envelope import Attributes, encode
from shared.events import StreamName, WireEvent
from shared.hashing import event_id
from shared.house_events import DeadLetterParked, DeadLetterSettled
from shared.letters import Letter
from shared.log import CALL_BYTES_MAX, CALL_EVENTS_MAX, Entry, Output, checked_bytes
from shared.streams import OPERATOR, source_urn

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


def dead_letter(entry: Entry, failure: Failure, version: int, parked_at: datetime) -> Output:
    """An event set aside, as an output: one subject per dead letter, ``version`` is its next."""
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
    return _of_letter(event, version, parked_at)


def failed_again(letter: Letter, failure: Failure, parked_at: datetime) -> Output:
    """A dead letter that was retried in vain, as an output."""
    said = {
        "reason": failure.reason,
        "error": failure.error[:ERROR_CHARS_MAX],
        "attempts": failure.attempts,
        "code_version": failure.code_version,
        "parked_at": parked_at,
    }
    event = letter.parked.model_copy(update=said)
    return _of_letter(event, letter.version + 1, parked_at)


def settled(letter: Letter, settled_at: datetime) -> Output:
    """A dead letter whose event is taken in by the same commit, as an output."""
    parked = letter.parked
    event = DeadLetterSettled(
        consumer=parked.consumer,
        stream=parked.stream,
        position=parked.position,
        seq=parked.seq,
        event_id=parked.event_id,
        subject=parked.subject,
        settled_at=settled_at,
    )
    return _of_letter(event, letter.version + 1, settled_at)


def letter_subject(consumer: str, seq: int) -> str:
    """What the events of one dead letter are about; ``seq`` is of the event set aside."""
    return f"urn:newswire:deadletter:{consumer}:{seq}"


def _of_letter(event: DeadLetterParked | DeadLetterSettled, version: int, at: datetime) -> Output:
    subject = letter_subject(event.consumer, event.seq)
    attributes = Attributes(
        id=event_id("deadletters", subject, version, event.event_id),
        source=source_urn(OPERATOR),
        subject=subject,
        time=at,
        recorded_at=at,
        correlation_id=event.subject,
        causation_id=event.event_id or None,
    )
    return Output("deadletters", version, encode(event, attributes))


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
