"""Values for tests, sensible by default: ``article(headline="Tenge firms", revision=2)``.

Every builder takes the fields of its type as keywords and checks them as the type does. What only a
service can compute (an article's content hash) is given by the caller or stands for itself.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final, TypeVar

from shared.envelope import Recorded
from shared.events import (
    TYPE_BY_CLASS,
    TYPES_BY_STREAM,
    AnyEvent,
    DeadLetterEvent,
    RateAccepted,
    RateDisputed,
    RateObserved,
    RateQuoted,
    RateReconfirmed,
    RateRestated,
    RelationRevoked,
    SourceBlocked,
    SourceUnblocked,
)
from shared.hashing import event_id, sha256, text_hash
from shared.house_events import (
    DeadLetterDropped,
    DeadLetterParked,
    DeadLetterRetried,
    DeadLetterSettled,
)
from shared.news import Article, ArticleId, Document, Rate
from shared.story_events import StoryEvent, StorySplit
from shared.streams import (
    OPERATOR,
    Position,
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

E = TypeVar("E", bound=AnyEvent)

ARTICLE_ID: Final = ArticleId("d6d10251-02d6-5210-ac83-a518dfdd0da2")
SOURCE: Final = "steppe-courier"
OBSERVED_AT: Final = datetime(2026, 3, 2, 6, 10, tzinfo=UTC)
HEADLINE: Final = "Tenge Firms in Late Trading"
BODY: Final = (
    "ALMATY, Kazakhstan – The tenge gained 0.4 percent against the dollar on Monday.",
    "Dealers said that exporters had sold dollars ahead of tax payments.",
)


def document(**changes: object) -> Document:
    """A plain-text front page, read by version 1 of its parser."""
    given = {
        "sha256": "5f2b1c0d" * 8,
        "media_type": "text/plain",
        "parser": "front-page",
        "parser_version": 1,
    }
    return Document.model_validate({**given, **changes})


def article(**changes: object) -> Article:
    """An article of two paragraphs, first on its page.

    ``text_hash`` is that of its words. ``content_hash``, unless given, is one over all its fields:
    two articles that differ in anything have two.
    """
    given = {
        "article_id": ARTICLE_ID,
        "source": SOURCE,
        "headline": HEADLINE,
        "body": BODY,
        "position": 1,
        "observed_at": OBSERVED_AT,
        "revision": 1,
        "document": document(),
        "content_hash": "",
        "text_hash": "",
    }
    plain = Article.model_validate({**given, **changes})
    text = plain.text_hash or text_hash(plain.headline, plain.body)
    content = plain.content_hash or sha256(plain.model_dump_json().encode())
    return plain.model_copy(update={"text_hash": text, "content_hash": content})


def rate(**changes: object) -> Rate:
    """KZT/USD from a ticker, as of a day."""
    given = {
        "source": SOURCE,
        "kind": "ticker",
        "base": "KZT",
        "quote": "USD",
        "value": "0.00198",
        "as_of": "2026-03-02",
        "as_of_precision": "date",
        "observed_at": OBSERVED_AT,
        "document": document(),
    }
    return Rate.model_validate({**given, **changes})


def recorded(
    event: E, *, seq: int = 1, version: int = 1, recorded_at: datetime = OBSERVED_AT
) -> Recorded[E]:
    """An event as it stands on the log: at position ``seq-0``, with the id that the log gives."""
    name = TYPE_BY_CLASS[type(event)]  # type: ignore[index]  # a type variable is not narrowed
    stream = next(stream for stream, types in TYPES_BY_STREAM.items() if name in types)
    subject, source, time = _facts(event)
    return Recorded(
        stream=stream,
        position=Position(f"{seq}-0"),
        seq=seq,
        version=version,
        id=event_id(stream, subject, version, name),
        source=source_urn(source),
        type=name,
        subject=subject,
        time=time,
        recorded_at=recorded_at,
        correlation_id=subject,
        causation_id=None,
        traceparent=None,
        event=event,
    )


def _facts(event: AnyEvent) -> tuple[str, str, datetime]:
    """Subject, source and time of an event."""
    match event:
        case RateObserved(rate=rate) | RateQuoted(rate=rate) | RateReconfirmed(rate=rate):
            return _rate_facts(rate)
        case RateRestated(rate=rate) | RateDisputed(rate=rate):
            return _rate_facts(rate)
        case DeadLetterParked() | DeadLetterSettled() | DeadLetterRetried() | DeadLetterDropped():
            return _letter_facts(event)
        case _ if (article := getattr(event, "article", None)) is not None:
            return article_subject(article.article_id), article.source, article.observed_at
        case _:
            return _decision_facts(event)


def _rate_facts(rate: Rate) -> tuple[str, str, datetime]:
    series = series_name(rate.source, rate.kind, rate.base, rate.quote)
    return rate_subject(series, rate.as_of), rate.source, rate.observed_at


def _letter_facts(event: DeadLetterEvent) -> tuple[str, str, datetime]:
    match event:
        case DeadLetterParked():
            return event.subject, event.consumer, event.parked_at
        case DeadLetterSettled():
            return event.subject, event.consumer, event.settled_at
        case _:
            subject = dead_letters_subject(event.consumer, event.subject)
            return subject, OPERATOR, event.decided_at


def _decision_facts(event: Any) -> tuple[str, str, datetime]:
    match event:
        case SourceBlocked() | SourceUnblocked():
            subject, source = source_subject(event.source), event.source
        case RelationRevoked():
            subject = relation_subject(event.article_id, event.other_article_id)
            source = OPERATOR
        case StorySplit() | StoryEvent():
            subject, source = story_subject(event.story_id), OPERATOR
        case RateAccepted():
            series = series_name(event.source, event.kind, event.base, event.quote)
            subject, source = acceptance_subject(series, event.as_of), OPERATOR
        case _:
            subject, source = article_subject(event.article_id), event.source
    return subject, source, event.observed_at
