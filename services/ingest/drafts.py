"""Facts as drafts for the log, and which of them may go in one call. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final

from services.ingest.domain import (
    Decision,
    Observation,
    Recordable,
    SourceDecision,
    decision_hash,
    letters_hash,
    rate_hash,
)
from shared.envelope import Attributes, encode
from shared.events import (
    AnyEvent,
    ArticleEvent,
    ArticleReceived,
    ArticleRevised,
    RateAccepted,
    RateEvent,
    RateObserved,
    RelationRevoked,
    SourceBlocked,
    SourceEvent,
    SourceUnblocked,
    StreamName,
)
from shared.hashing import event_id
from shared.house_events import (
    DeadLetterDropped,
    DeadLetterRetried,
    SourceChanged,
    SourceQuiet,
    SourceRecovered,
)
from shared.log import Draft
from shared.news import Rate
from shared.story_events import StorySplit
from shared.streams import (
    OPERATOR,
    acceptance_subject,
    article_subject,
    dead_letters_subject,
    rate_subject,
    relation_subject,
    series_name,
    source_subject,
    source_urn,
    story_subject,
)

InputEvent = ArticleEvent | RateEvent | DeadLetterRetried | DeadLetterDropped | SourceEvent
"""What ingest appends: what sources offer, how they are, and what operators decide."""

RUN_MAX: Final = 200
"""Events of one run: larger calls are no faster."""


def draft(stream: StreamName, event: InputEvent, expected: int, recorded_at: datetime) -> Draft:
    """An event as a draft; its id says subject, version and content, on any machine alike."""
    subject, content, source, time = _facts(event)
    attributes = Attributes(
        id=event_id(stream, subject, expected + 1, content),
        source=source_urn(source),
        subject=subject,
        time=time,
        recorded_at=recorded_at,
        correlation_id=subject,
    )
    return Draft(subject, content, expected, encode(event, attributes))


def content_of(event: AnyEvent) -> str | None:
    """The content hash that ``append`` knows an event's subject by; None: it was committed."""
    return _facts(event)[1] if isinstance(event, InputEvent) else None


def _facts(event: InputEvent) -> tuple[str, str, str, datetime]:
    """Subject, content hash, source and event time of an event."""
    match event:
        case ArticleReceived(article=article):
            at = article.published_at or article.observed_at
            return article_subject(article.article_id), article.content_hash, article.source, at
        case ArticleRevised(article=article):
            at = article.updated_at or article.observed_at
            return article_subject(article.article_id), article.content_hash, article.source, at
        case RateObserved(rate=rate):
            return _rate_subject(rate), rate_hash(rate), rate.source, rate.observed_at
        case DeadLetterRetried() | DeadLetterDropped():
            subject = dead_letters_subject(event.consumer, event.subject)
            return subject, letters_hash(event), OPERATOR, event.decided_at
        case RelationRevoked() | StorySplit() | RateAccepted():
            return decided_subject(event), decision_hash(event), OPERATOR, event.observed_at
        case _:
            return decided_subject(event), decision_hash(event), event.source, event.observed_at


def decided_subject(
    decision: Decision | SourceDecision | RelationRevoked | StorySplit | RateAccepted | SourceEvent,
) -> str:
    """The subject that a decision is about, or what is said of a source."""
    match decision:
        case (
            SourceBlocked()
            | SourceUnblocked()
            | SourceQuiet()
            | SourceRecovered()
            | SourceChanged()
        ):
            return source_subject(decision.source)
        case RelationRevoked():
            return relation_subject(decision.article_id, decision.other_article_id)
        case StorySplit():
            return story_subject(decision.story_id)
        case RateAccepted():
            return acceptance_subject(series_of(decision), decision.as_of)
        case _:
            return article_subject(decision.article_id)


def series_of(rate: Rate | RateAccepted) -> str:
    """The series of a quotation, or of a decision about one."""
    return series_name(rate.source, rate.kind, rate.base, rate.quote)


def accepted_rate_subject(decision: RateAccepted) -> str:
    """The subject of the rate that is accepted."""
    return rate_subject(series_of(decision), decision.as_of)


def _rate_subject(rate: Rate) -> str:
    return rate_subject(series_of(rate), rate.as_of)


def runs(recorded: Sequence[Recordable]) -> Iterator[Sequence[Recordable]]:
    """Recorded events in runs that may go in one call: of one kind, no subject twice.

    A, B and A of one subject in one call would lose the last A as unchanged.
    """
    begin, kind, subjects = 0, "", set[str]()
    for index, each in enumerate(recorded):
        its_kind, subject = _kind(each)
        is_other = its_kind != kind or its_kind == "decision" or subject in subjects
        if index > begin and (is_other or index - begin >= RUN_MAX):
            yield recorded[begin:index]
            begin, subjects = index, set()
        kind = its_kind
        subjects.add(subject)
    if begin < len(recorded):
        yield recorded[begin:]


def _kind(each: Recordable) -> tuple[str, str]:
    match each:
        case Observation(article=article):
            return "article", article.article_id
        case Rate():
            return "rate", _rate_subject(each)
        case _:
            return "decision", decided_subject(each)
