"""How a desk is, as the OpenAPI document describes it; and what of it anybody may see.

Anybody sees numbers, times, ids and words of closed lists. Sentences, which may name hosts, paths
and addresses, and what was set aside, are told where NEWSWIRE_STATUS is ``full``.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from services.api.operators.facts import Facts, SourceHealth
from shared.settings import StatusLevel

SOURCES_MAX: Final = 500
"""Sources of one answer, the worst first; all are counted."""


class Said(BaseModel):
    """Part of an answer."""

    model_config = ConfigDict(frozen=True, from_attributes=True)


class ServiceBody(Said):
    """A service as it reports itself."""

    service: str
    ready: bool
    version: str | None
    started_at: AwareDatetime | None
    reported_at: AwareDatetime | None = Field(description="Null: it has not reported.")
    says: str | None = Field(description="Null unless `detail` is `full`.")


class StreamBody(Said):
    """The end of a stream."""

    stream: str
    seq: int
    recorded_at: AwareDatetime | None


class ConsumerBody(Said):
    """A consumer against its stream."""

    consumer: str
    stream: str
    seq: int
    head: int
    lag_events: int
    lag_s: float = Field(description="Age of the oldest event that it has not taken in.")
    dead_letters: int = Field(description="Events that it has set aside.")
    is_faulty: bool
    fault: str | None = Field(description="Null unless `detail` is `full`.")


class SourceBody(Said):
    """A source as it is read."""

    source: str
    health: SourceHealth
    polled_at: AwareDatetime | None
    ok_at: AwareDatetime | None
    new_at: AwareDatetime | None
    next_at: AwareDatetime | None
    failures: int
    problem: str | None = Field(description="Null unless `detail` is `full`.")


class LetterBody(Said):
    """An event that was set aside."""

    consumer: str
    subject: str
    seq: int
    event_type: str
    reason: str
    error: str
    is_retried: bool


class RejectBody(Said):
    """What ingest did not take."""

    at: AwareDatetime
    source: str = Field(description="Empty: it cannot be told.")
    reason: str
    times: int
    where: str | None = Field(description="Null unless `detail` is `full`.")
    expected: str | None = Field(description="Without the document's own words.")


class StatusBody(Said):
    """How a desk is."""

    at: AwareDatetime
    detail: Literal["public", "full"] = Field(description="`NEWSWIRE_STATUS`.")
    is_well: bool = Field(description="False: an operator should look.")
    is_log_seen: bool = Field(description="False: Redis does not answer; lists are empty.")
    faults: list[str] = Field(description="Empty unless `detail` is `full`.")
    views_seq: int | None
    services: list[ServiceBody]
    streams: list[StreamBody]
    consumers: list[ConsumerBody]
    sources_by_health: dict[SourceHealth, int]
    sources: list[SourceBody] = Field(description=f"The worst first, at most {SOURCES_MAX}.")
    dead_letters: list[LetterBody] = Field(description="Empty unless `detail` is `full`.")
    rejects: list[RejectBody] = Field(description="The latest first, at most 200.")


def body(facts: Facts, level: StatusLevel) -> StatusBody:
    """What may be told of a desk."""
    is_full = level == "full"
    return StatusBody(
        at=facts.at,
        detail="full" if is_full else "public",
        is_well=facts.is_well,
        is_log_seen=facts.is_log_seen,
        faults=list(facts.faults) if is_full else [],
        views_seq=facts.views_seq,
        services=_services(facts, is_full=is_full),
        streams=[StreamBody.model_validate(one) for one in facts.streams],
        consumers=_consumers(facts, is_full=is_full),
        sources_by_health=facts.sources_by_health,
        sources=_sources(facts, is_full=is_full),
        dead_letters=[LetterBody.model_validate(one) for one in facts.letters] if is_full else [],
        rejects=_rejects(facts, is_full=is_full),
    )


def _instant(iso: str) -> datetime | None:
    return datetime.fromisoformat(iso) if iso else None


def _services(facts: Facts, *, is_full: bool) -> list[ServiceBody]:
    return [
        ServiceBody(
            service=one.service, ready=one.ready, version=one.version or None,
            started_at=_instant(one.started_at), reported_at=_instant(one.reported_at),
            says=one.detail if is_full else None,
        )
        for one in facts.services
    ]  # fmt: skip


def _consumers(facts: Facts, *, is_full: bool) -> list[ConsumerBody]:
    return [
        ConsumerBody(
            consumer=one.consumer, stream=one.stream, seq=one.seq, head=one.head,
            lag_events=one.lag_events, lag_s=one.lag_s, dead_letters=one.parked,
            is_faulty=one.fault is not None, fault=one.fault if is_full else None,
        )
        for one in facts.consumers
    ]  # fmt: skip


def _sources(facts: Facts, *, is_full: bool) -> list[SourceBody]:
    told = [SourceBody.model_validate(one) for one in facts.sources[:SOURCES_MAX]]
    return told if is_full else [one.model_copy(update={"problem": None}) for one in told]


def _rejects(facts: Facts, *, is_full: bool) -> list[RejectBody]:
    told = [RejectBody.model_validate(one) for one in facts.rejects]
    hidden = {"where": None, "expected": None}
    return told if is_full else [one.model_copy(update=hidden) for one in told]
