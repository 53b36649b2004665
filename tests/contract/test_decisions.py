"""Decisions of operators on every log: recorded once, in order, with who and why."""

from __future__ import annotations

from typing import Any

import pytest

from services.ingest.appending import append
from services.ingest.decisions import Decisions
from services.ingest.domain import Decision, PublishOutcome, Refused
from services.ingest.publish import Publisher
from shared.events import (
    AnyEvent,
    ArticleReceived,
    ArticleReleased,
    ArticleWithdrawn,
    ArticleWithheld,
    RateAccepted,
    RelationRevoked,
    SourceBlocked,
    SourceUnblocked,
    StreamName,
)
from shared.house_events import DeadLetterDropped, DeadLetterRetried
from shared.log import Appended, Log, Stale, Unchanged
from shared.news import ArticleId
from shared.testing.builders import rate
from tests.builders import entry, events, page, words
from tests.letters import set_aside
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


@pytest.mark.parametrize("kind", [ArticleWithdrawn, ArticleWithheld])
async def test_a_decision_that_stands_is_recorded_again_for_another_reason_or_by_another(
    log: Log, kind: type[Decision]
) -> None:
    a, _ = await published(log)
    first = kind(article_id=a, source=SOURCE, **said(8))
    decided = (
        first,
        first.model_copy(update={"observed_at": at(9)}),
        first.model_copy(update={"observed_at": at(9), "reason": "The court says so."}),
        first.model_copy(update={"observed_at": at(10), "who": "bolat"}),
    )

    outcomes = [await decisions(log).record(one) for one in decided]

    assert [type(outcome) for outcome in outcomes] == [Appended, Unchanged, Appended, Appended]
    assert (await said_on(log, "articles"))[2:] == [decided[0], decided[2], decided[3]]


async def test_a_relation_is_revoked_again_for_another_reason(log: Log) -> None:
    a, b = await published(log)
    reasons = ("Because.", "The court says so.")

    outcomes = [
        await decisions(log).record(
            RelationRevoked(article_id=a, other_article_id=b, **said(8, reason))
        )
        for reason in reasons
    ]

    assert [type(outcome) for outcome in outcomes] == [Appended, Appended]


async def test_a_block_that_stands_stands_for_its_first_reason(log: Log) -> None:
    blocks = [SourceBlocked(source=SOURCE, **said(8, reason)) for reason in ("Because.", "Anew.")]

    outcomes = [await decisions(log).record(block) for block in blocks]

    assert [type(outcome) for outcome in outcomes] == [Appended, Unchanged]
    assert await said_on(log, "articles") == [blocks[0]]


SUBJECT = "urn:newswire:article:a"


def retried(hour: int) -> DeadLetterRetried:
    """A decision about what enrichment has set aside."""
    return DeadLetterRetried(
        consumer="enrichment.articles", subject=SUBJECT, reason="Mended.", who="aigul",
        decided_at=at(hour),
    )  # fmt: skip


async def test_dead_letters_that_failed_again_can_be_retried_again(log: Log) -> None:
    door = decisions(log)
    await set_aside(log, SUBJECT)
    outcomes: list[PublishOutcome] = [await door.record(retried(hour)) for hour in (8, 8, 9)]
    await set_aside(log, SUBJECT, times=2)
    outcomes.append(await door.record(retried(10)))

    assert [type(outcome) for outcome in outcomes] == [Appended, Unchanged, Stale, Appended]


async def test_where_nothing_is_set_aside_nothing_is_retried_or_dropped(log: Log) -> None:
    door = decisions(log)
    dropped = DeadLetterDropped(**dict(retried(9)))
    none = [await door.record(retried(8)), await door.record(dropped)]
    await set_aside(log, SUBJECT)
    first = await door.record(dropped)
    again = await door.record(DeadLetterDropped(**{**dict(dropped), "decided_at": at(10)}))

    assert [type(one) for one in (*none, first, again)] == [Stale, Stale, Appended, Stale]
    assert isinstance(again, Stale)
    assert again.reason == f"enrichment.articles has set aside nothing of {SUBJECT}"


async def test_what_the_projection_has_set_aside_is_retried_without_a_look(log: Log) -> None:
    """It is in the view file, which ingest does not read."""
    retry = DeadLetterRetried(**{**dict(retried(8)), "consumer": "projection"})

    assert isinstance(await decisions(log).record(retry), Appended)


async def test_what_is_not_held_is_not_released(log: Log) -> None:
    (article_id, _), door = await published(log), decisions(log)
    about: dict[str, Any] = {"article_id": article_id, "source": SOURCE}
    told = [
        ArticleReleased(**about, **said(7)),
        ArticleWithheld(**about, **said(8)),
        ArticleWithheld(**about, **said(9, "Another reason.")),
        ArticleReleased(**about, **said(10)),
        ArticleReleased(**about, **said(11, "Another reason.")),
    ]
    outcomes = [await door.record(each) for each in told]

    assert [type(one) for one in outcomes] == [Stale, Appended, Appended, Appended, Stale]


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


# --- rates that are doubted ---------------------------------------------------------------------

DAY = "2026-03-02"


def acceptance(value: str = "874.60", hour: int = 8, **changes: object) -> RateAccepted:
    """An operator takes the rate of ``doubted`` for right."""
    named = {"source": SOURCE, "kind": "official", "base": "USD", "quote": "KGS", "as_of": DAY}
    return RateAccepted.model_validate({**named, "value": value, **said(hour), **changes})


async def doubted(log: Log, value: str = "874.6") -> None:
    """A rate on the log; whether anybody doubts it ingest does not know."""
    seen = rate(kind="official", base="USD", quote="KGS", value=value, as_of=DAY)
    await Publisher(log, lambda: at(12)).publish_rates([seen])


async def test_a_rate_is_accepted_once_on_a_subject_of_its_own(log: Log) -> None:
    await doubted(log)
    outcomes: list[PublishOutcome] = [await decisions(log).record(acceptance()) for _ in range(2)]

    assert [type(outcome) for outcome in outcomes] == [Appended, Unchanged]
    _, recorded = await events(log, "rates")
    assert recorded.event == acceptance()
    assert recorded.subject == "urn:newswire:acceptance:steppe-courier:official:USD-KGS:2026-03-02"
    assert recorded.source == "urn:newswire:source:newswire"


async def test_a_rate_stays_known_by_its_quotation_after_it_was_accepted(log: Log) -> None:
    await doubted(log)
    await decisions(log).record(acceptance())
    seen = rate(kind="official", base="USD", quote="KGS", value="874.6", as_of=DAY)

    (again,) = await Publisher(log, lambda: at(12)).publish_rates([seen])

    assert isinstance(again, Unchanged)


async def test_a_value_that_the_source_does_not_quote_is_not_accepted(log: Log) -> None:
    await doubted(log)
    outcome = await decisions(log).record(acceptance("87.46"))

    assert isinstance(outcome, Stale)
    assert outcome.reason == "steppe-courier quotes 874.6 for it, not 87.46"


@pytest.mark.parametrize(
    "other", [{"as_of": "2026-03-03"}, {"kind": "ticker"}, {"source": "a"}, {"quote": "KZT"}]
)
async def test_a_rate_that_is_not_known_is_not_accepted(log: Log, other: dict[str, str]) -> None:
    await doubted(log)
    outcome = await decisions(log).record(acceptance(**other))

    assert isinstance(outcome, Refused)
    assert "there is no rate of" in outcome.problem.detail
