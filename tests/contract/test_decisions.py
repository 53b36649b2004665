"""Decisions of operators on every log: recorded once, in order, with who and why."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from services.ingest.appending import append
from services.ingest.decisions import Decisions
from services.ingest.domain import PublishOutcome, Refused
from services.ingest.publish import Publisher
from shared.events import (
    AnyEvent,
    ArticleReceived,
    ArticleWithheld,
    DeadLetterRetried,
    RelationRevoked,
    SourceBlocked,
    SourceUnblocked,
    StreamName,
)
from shared.log import Appended, Log, Stale, Unchanged
from shared.news import ArticleId
from tests.builders import entry, events, page, words
from tests.wire_builders import at

SOURCE = "steppe-courier"


def decisions(log: Log) -> Decisions:
    """A door for operators."""
    return Decisions(log, lambda: at(12))


def said(hour: int, reason: str = "Because.") -> dict[str, Any]:
    """What every decision says."""
    return {"reason": reason, "by": "operator", "who": "aigul", "observed_at": at(hour)}


async def said_on(log: Log, stream: StreamName) -> list[AnyEvent]:
    """All that a stream holds."""
    return [recorded.event for recorded in await events(log, stream)]


async def published(log: Log) -> list[ArticleId]:
    """Two articles of one source on the log."""
    seen = page(at(6), entry("Climate", words(0, 50)), entry("Weather", words(90, 140)))
    await Publisher(log, lambda: at(12)).publish(seen)
    found = await said_on(log, "articles")
    return [event.article.article_id for event in found if isinstance(event, ArticleReceived)]


async def test_a_block_stands_on_the_articles_and_on_the_rates_of_its_source(log: Log) -> None:
    block = SourceBlocked(source=SOURCE, **said(8))

    assert isinstance(await decisions(log).record(block), Appended)
    assert isinstance(await decisions(log).record(block), Unchanged)
    assert await said_on(log, "articles") == [block]
    assert await said_on(log, "rates") == [block]


async def test_block_unblock_and_block_again_are_three_events_however_often_they_come(
    log: Log,
) -> None:
    history = [
        SourceBlocked(source=SOURCE, **said(8)),
        SourceUnblocked(source=SOURCE, **said(9)),
        SourceBlocked(source=SOURCE, **said(10)),
    ]

    for each in (*history, *history):
        await decisions(log).record(each)

    assert await said_on(log, "articles") == history


@pytest.mark.parametrize("stream", ["articles", "rates"])
async def test_a_block_that_only_one_stream_has_is_appended_to_the_other(
    log: Log, stream: StreamName
) -> None:
    """The call before it was cut off between the two."""
    block = SourceBlocked(source=SOURCE, **said(8))
    await append(log, stream, [block], 0, at(9))

    assert isinstance(await decisions(log).record(block), Appended)
    assert await said_on(log, "articles") == await said_on(log, "rates") == [block]


async def test_a_source_that_is_not_blocked_cannot_be_unblocked(log: Log) -> None:
    outcome = await decisions(log).record(SourceUnblocked(source=SOURCE, **said(8)))

    assert isinstance(outcome, Stale)
    assert outcome.reason == "steppe-courier is not blocked"
    assert await said_on(log, "articles") == []


async def test_a_relation_is_revoked_once_whichever_article_is_named_first(log: Log) -> None:
    a, b = await published(log)
    revoked = RelationRevoked(article_id=a, other_article_id=b, **said(8))

    outcomes: list[PublishOutcome] = [await decisions(log).record(revoked) for _ in range(2)]

    assert [type(outcome) for outcome in outcomes] == [Appended, Unchanged]
    assert (await said_on(log, "articles"))[2:] == [revoked]


async def test_a_relation_with_an_unknown_article_is_refused(log: Log) -> None:
    a, _ = await published(log)
    revoked = RelationRevoked(article_id=a, other_article_id=ArticleId("nobody"), **said(8))

    outcome = await decisions(log).record(revoked)

    assert isinstance(outcome, Refused)
    assert outcome.problem.detail == "there is no article nobody to decide about"


async def test_an_article_says_whose_it_is_also_after_a_decision(log: Log) -> None:
    a, _ = await published(log)
    door = decisions(log)

    assert await door.source_of(a) == SOURCE
    await door.record(ArticleWithheld(article_id=a, source=SOURCE, **said(8)))
    assert await door.source_of(a) == SOURCE
    assert await door.source_of("nobody") is None


async def test_dead_letters_can_be_retried_twice(log: Log) -> None:
    def retried(at_: datetime) -> DeadLetterRetried:
        return DeadLetterRetried(
            consumer="enrichment.articles", subject="urn:newswire:article:a", reason="Mended.",
            who="aigul", decided_at=at_,
        )  # fmt: skip

    outcomes = [await decisions(log).record(retried(at(hour))) for hour in (8, 8, 9)]

    assert [type(outcome) for outcome in outcomes] == [Appended, Unchanged, Appended]


async def test_a_block_makes_no_article_of_its_source_stale(log: Log) -> None:
    await decisions(log).record(SourceBlocked(source=SOURCE, **said(8)))
    seen = page(at(7), entry("Climate", words(0, 50)), entry("Weather", words(90, 140)))

    outcomes = await Publisher(log, lambda: at(12)).publish(seen)

    assert [type(outcome) for outcome in outcomes] == [Appended, Appended]


@pytest.mark.parametrize("seq", [1, 2, 7])
async def test_the_checkpoint_of_an_event_is_found_by_its_seq(log: Log, seq: int) -> None:
    for number in range(7):
        await published_number(log, number)
    recorded = await events(log)

    found = await log.seek("articles", seq)

    assert (found.seq, found.event_id) == (seq, recorded[seq - 1].id)
    assert found.position == recorded[seq - 1].position
    assert [e.seq for e in await log.follow("articles", found, count=99)] == list(range(seq + 1, 8))


async def published_number(log: Log, number: int) -> None:
    """One more article."""
    await Publisher(log, lambda: at(12)).publish(
        page(at(6, number), entry(f"Climate {number}", words(100 * number, 100 * number + 50)))
    )
