"""Facts of the house: what was set aside, and how sources are. Part of ``shared.events``."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from shared.news import Address, Display, Instant, Line, Note, SourceId, Value


class Event(Value):
    """A fact."""


# --- stream deadletters -------------------------------------------------------------------------


class DeadLetterParked(Event):
    """A consumer set an event aside: it failed, or an earlier event of its subject did."""

    consumer: str
    stream: str
    position: str
    seq: int
    event_id: str
    event_type: str
    subject: str
    reason: Literal["failed", "behind"]
    error: str
    attempts: int
    code_version: str
    parked_at: Instant


class DeadLetterSettled(Event):
    """A consumer has taken in an event that it had set aside: an operator had it retried."""

    consumer: str
    stream: str
    position: str
    seq: int
    event_id: str
    subject: str
    settled_at: Instant


class DeadLetterDecision(Event):
    """What an operator decided about the events of one subject that a consumer set aside."""

    consumer: str
    subject: str
    reason: Line
    who: Line | None = None
    decided_at: Instant


class DeadLetterRetried(DeadLetterDecision):
    """They are taken up again, in their order; one that fails again is parked again."""


class DeadLetterDropped(DeadLetterDecision):
    """They are given up; later events of the subject are taken in again."""


# --- stream sources: how sources are, and how they are read -------------------------------------


class SourceQuiet(Event):
    """A source offers nothing new for longer than its rhythm lets expect, or cannot be read."""

    source: SourceId
    reason: Literal["silent", "failing"]
    since: Instant
    """When it last offered something new; of a failing one, when it was last read."""
    detail: Line
    """One sentence for a person: what is known, what was expected."""
    observed_at: Instant


class SourceRecovered(Event):
    """A source that was quiet offers something new, or can be read again."""

    source: SourceId
    reason: Literal["silent", "failing"]
    """Why it was quiet."""
    since: Instant
    """Since when it was, as the event said that it is quiet."""
    observed_at: Instant


class SourceChanged(Event):
    """How a source is read was changed: it was added, altered, or taken away."""

    source: SourceId
    change: Literal["added", "altered", "removed"]
    name: Line | None = None
    url: Address | None = None
    trust_rank: int | None = Field(default=None, ge=1, le=9)
    """1 the most trusted; None: not said."""
    display: Display | None = None
    """How much of its texts may be shown; None: all."""
    rights: Note | None = None
    declared_language: Line | None = None
    """BCP 47 tag of what declares none."""
    observed_at: Instant
