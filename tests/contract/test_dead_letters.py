"""Dead letters of enrichment on every log: retried, dropped, settled, each exactly once."""

from __future__ import annotations

import pytest

from shared.envelope import decode
from shared.errors import Unavailable
from shared.house_events import (
    DeadLetterDropped,
    DeadLetterParked,
    DeadLetterRetried,
    DeadLetterSettled,
)
from shared.log import Log
from shared.streams import ENRICHMENT_ARTICLES, ENRICHMENT_RATES
from shared.testing.memory_log import MemoryLog
from tests.drafts import seqs
from tests.wire_builders import (
    Clock,
    Crash,
    FailingLog,
    Newsroom,
    article_desk,
    at,
    blocked,
    drive,
    dropped,
    entries,
    exhaust,
    ids,
    observed,
    rate_desk,
    received,
    retried,
    revised,
    said,
    unblocked,
    wire,
    withheld,
)

BAD = "urn:newswire:article:bad"
MENDED = "nothing fails"


async def told(log: Log) -> list[tuple[str, int, int]]:
    """The stream of dead letters in short: what happened, to which event, which version."""
    found = []
    for entry in await entries(log, "deadletters"):
        recorded = decode("deadletters", entry)
        event = recorded.event
        word = recorded.type.rpartition(".")[2]
        if isinstance(event, DeadLetterParked):
            word = event.reason
        assert isinstance(event, DeadLetterParked | DeadLetterSettled | DeadLetterRetried
                          | DeadLetterDropped)  # fmt: skip
        found.append((word, getattr(event, "seq", 0), recorded.version))
    return found


async def with_letters(log: Log) -> Newsroom:
    """A log on which one article failed, and two later events of it wait behind it."""
    room = Newsroom(log)
    await room.say(
        received("a"),
        received("bad", headline="poison"),
        revised("bad", 2),
        received("b"),
        revised("bad", 3, "correction"),
    )
    await drive(article_desk(log, Clock()), log)
    return room


async def test_a_retry_takes_the_letters_in_their_order_and_frees_the_subject(log: Log) -> None:
    room = await with_letters(log)
    worker = article_desk(log, Clock(at(9)), MENDED)
    await room.decide(retried(BAD))
    await drive(worker, log)
    await worker.tick()
    await room.say(revised("bad", 4))
    await drive(worker, log)

    assert await told(log) == [
        ("failed", 2, 1),
        ("behind", 3, 1),
        ("behind", 5, 1),
        ("retried", 0, 1),
        ("settled", 2, 2),
        ("settled", 3, 2),
        ("settled", 5, 2),
    ]
    assert (await said(log))[2:] == [
        ("bad", 1, "published"),
        ("bad", 2, "updated"),
        ("bad", 3, "corrected"),
        ("bad", 4, "updated"),
    ]
    assert worker.parked == set()


async def test_a_settled_letter_names_its_event_and_stands_with_its_effect(log: Log) -> None:
    room = await with_letters(log)
    worker = article_desk(log, Clock(at(9)), MENDED)
    await room.decide(retried(BAD))
    await drive(worker, log)
    before = await worker.resume()
    after = await worker.tick()
    settled = decode("deadletters", (await entries(log, "deadletters"))[4])
    source = (await entries(log, "articles"))[1]

    assert before == after == await log.checkpoint(ENRICHMENT_ARTICLES, "articles")
    assert settled.subject == "urn:newswire:deadletter:enrichment.articles:2"
    assert settled.event == DeadLetterSettled(
        consumer="enrichment.articles",
        stream="articles",
        position=source.position,
        seq=2,
        event_id=source.event_id,
        subject=BAD,
        settled_at=at(9),
    )
    assert (settled.causation_id, settled.correlation_id) == (source.event_id, BAD)


async def test_the_memory_after_a_retry_is_that_of_a_restart(log: Log) -> None:
    room = await with_letters(log)
    worker = article_desk(log, Clock(), MENDED)
    await room.say(blocked(), revised("a", 2), received("c", embargoed_until=at(20)))
    await room.decide(retried(BAD))
    await drive(worker, log)
    await worker.tick()
    fresh = article_desk(log, Clock(), MENDED)
    await fresh.resume()

    assert fresh.desk.memory == worker.desk.memory  # type: ignore[attr-defined]
    assert fresh.letters == worker.letters
    assert worker.is_folded


async def test_what_is_retried_while_its_source_is_blocked_is_said_when_it_is_let_in(
    log: Log,
) -> None:
    """Whether or not a worker was started in between, and wherever the block stands."""
    room = await with_letters(log)
    await room.say(blocked())
    await room.decide(retried(BAD))
    first = article_desk(log, Clock(), MENDED)
    await drive(first, log)
    await first.tick()
    quiet = await said(log)
    await room.say(unblocked())
    for _ in range(2):
        worker = article_desk(log, Clock(), MENDED)
        await drive(worker, log)
        await worker.tick()

    assert quiet == [("a", 1, "published"), ("b", 1, "published")]
    assert (await said(log))[2:] == [("bad", 1, "published")]
    assert (await wire(log))[2].event.article.revision == 3


async def test_a_retry_that_fails_parks_the_letter_again_and_leaves_the_rest(log: Log) -> None:
    room = await with_letters(log)
    worker = article_desk(log, Clock(at(9)))
    await room.decide(retried(BAD))
    await drive(worker, log)
    for _ in range(3):
        await worker.tick()
    again = decode("deadletters", (await entries(log, "deadletters"))[-1]).event

    assert (await told(log))[3:] == [("retried", 0, 1), ("failed", 2, 2)]
    assert isinstance(again, DeadLetterParked)
    assert (again.attempts, again.error) == (3, "ZeroDivisionError: the headline is poison")
    assert (again.parked_at, again.event_type) == (at(9), "newswire.article.received")
    assert [letter.parked.seq for letter in worker.letters.all()] == [2, 3, 5]
    assert await said(log) == [("a", 1, "published"), ("b", 1, "published")]


async def test_retries_that_fail_stop_no_worker(log: Log) -> None:
    room = await with_letters(log)
    worker = article_desk(log, Clock())
    await drive(worker, log)
    for hour in range(8, 23):
        await room.decide(retried(BAD, hour=hour))
        await worker.tick()

    assert worker.failures_in_a_row == 0
    assert len([one for one in await told(log) if one[0] == "failed"]) == 16


async def test_a_letter_that_fails_in_the_middle_is_where_the_next_retry_goes_on(log: Log) -> None:
    room = Newsroom(log)
    await room.say(
        received("bad", headline="poison"),
        revised("bad", 2, headline="worse"),
        revised("bad", 3),
    )
    await drive(article_desk(log, Clock()), log)
    await room.decide(retried(BAD))
    half = article_desk(log, Clock(), poison="worse")
    await drive(half, log)
    await half.tick()
    between = await said(log)
    await room.decide(retried(BAD, hour=9))
    mended = article_desk(log, Clock(), MENDED)
    await drive(mended, log)
    await mended.tick()

    assert between == [("bad", 1, "published")]
    assert await said(log) == [
        ("bad", 1, "published"),
        ("bad", 2, "updated"),
        ("bad", 3, "updated"),
    ]
    assert (await told(log))[3:] == [
        ("retried", 0, 1),
        ("settled", 1, 2),
        ("failed", 2, 2),
        ("retried", 0, 2),
        ("settled", 2, 3),
        ("settled", 3, 2),
    ]


async def test_what_comes_while_letters_are_open_is_retried_behind_them(log: Log) -> None:
    room = await with_letters(log)
    worker = article_desk(log, Clock(), MENDED)
    await room.decide(retried(BAD))
    await room.say(withheld("bad"))
    await drive(worker, log)
    await worker.tick()

    assert [one for one in await said(log) if one[0] == "bad"] == [
        ("bad", 1, "published"),
        ("bad", 2, "updated"),
        ("bad", 3, "corrected"),
        ("bad", 4, "withheld"),
    ]


async def test_what_was_dropped_is_never_taken_in_and_its_subject_goes_on(log: Log) -> None:
    room = await with_letters(log)
    worker = article_desk(log, Clock(), MENDED)
    await drive(worker, log)
    await room.decide(dropped(BAD))
    await worker.tick()
    await room.say(revised("bad", 4))
    await drive(worker, log)
    fresh = article_desk(log, Clock(), MENDED)
    await fresh.resume()
    await room.decide(retried(BAD))
    await fresh.tick()

    assert (await said(log))[2:] == [("bad", 1, "published")]
    assert (await wire(log))[2].event.article.revision == 4
    assert fresh.desk.memory == worker.desk.memory  # type: ignore[attr-defined]
    assert fresh.parked == worker.parked == set()


async def test_an_embargo_that_failed_at_its_hour_is_retried(log: Log) -> None:
    clock, room = Clock(at(12)), Newsroom(log)
    worker = article_desk(log, clock)
    await room.say(received("bad", headline="poison", embargoed_until=at(13)), received("a"))
    await drive(worker, log)
    clock.instant = at(14)
    await worker.tick()
    await room.decide(retried(BAD))
    mended = article_desk(log, clock, MENDED)
    await mended.resume()
    for _ in range(2):
        await mended.tick()

    assert await said(log) == [("a", 1, "published"), ("bad", 1, "published")]
    assert await told(log) == [("failed", 1, 1), ("retried", 0, 1), ("settled", 1, 2)]


async def test_a_letter_that_was_settled_can_be_parked_again_at_its_hour(log: Log) -> None:
    clock, room = Clock(at(12)), Newsroom(log)
    await room.say(
        received("bad", headline="poison"),
        revised("bad", 2, headline="poison", embargoed_until=at(13)),
    )
    await drive(article_desk(log, clock), log)
    await room.decide(retried(BAD))
    mended = article_desk(log, clock, MENDED)
    await drive(mended, log)
    await mended.tick()
    clock.instant = at(14)
    for poison in ("poison", MENDED):
        worker = article_desk(log, clock, poison)
        await worker.resume()
        await worker.tick()
        await room.decide(retried(BAD, hour=9))
        await worker.tick()

    assert (await told(log))[2:7] == [
        ("retried", 0, 1),
        ("settled", 1, 2),
        ("settled", 2, 2),
        ("failed", 2, 3),
        ("retried", 0, 2),
    ]
    assert await said(log) == [("bad", 1, "published"), ("bad", 2, "updated")]


async def test_an_embargo_that_is_not_over_is_settled_and_waits(log: Log) -> None:
    clock, room = Clock(at(12)), Newsroom(log)
    await room.put("articles", received("bad"), data=b"{}")
    await room.say(revised("bad", 2, embargoed_until=at(13)))
    worker = article_desk(log, clock)
    await drive(worker, log)
    await room.decide(dropped(BAD))
    await room.say(revised("bad", 3, embargoed_until=at(13)))
    await drive(worker, log)
    await room.decide(retried(BAD))
    for hour in (12, 14, 15):
        clock.instant = at(hour)
        await worker.tick()

    assert await said(log) == [("bad", 1, "published")]


async def test_rates_are_retried_like_articles(log: Log) -> None:
    room = Newsroom(log)
    await room.put("rates", observed("1"), data=b"{}")
    await room.say(observed("2"))
    worker = rate_desk(log, Clock())
    await drive(worker, log)
    subject = decode("deadletters", (await entries(log, "deadletters"))[0]).event.subject
    await room.decide(retried(subject, ENRICHMENT_RATES))
    await worker.tick()
    failed = await told(log)
    await room.decide(dropped(subject, ENRICHMENT_RATES))
    await worker.tick()
    await room.say(observed("3"))
    await drive(worker, log)

    assert failed == [("failed", 1, 1), ("behind", 2, 1), ("retried", 0, 1), ("failed", 1, 2)]
    assert [one.event.rate.value for one in await wire(log)] == ["3"]


# --- faults -------------------------------------------------------------------------------------


async def expected() -> tuple[object, object]:
    """The wire and the letters where nothing fails."""
    log = MemoryLog()
    await decided(log)
    worker = article_desk(log, Clock(), MENDED)
    await drive(worker, log)
    await worker.tick()
    return await ids(log), await ids(log, "deadletters")


async def decided(log: Log) -> None:
    room = await with_letters(log)
    await room.decide(retried(BAD))


_names = iter(range(10_000))


async def _new_log(backend: str) -> Log:
    if backend == "memory":
        return MemoryLog()
    from shared.redis_log import RedisLog

    return RedisLog(backend, f"letters-{next(_names)}")


@pytest.mark.parametrize("is_done", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("error", [Crash(), Unavailable("no answer")], ids=["crash", "lost"])
async def test_a_retry_that_ends_at_any_call_is_continued_and_nothing_is_doubled(
    backend: str, error: BaseException, *, is_done: bool
) -> None:
    wanted = await expected()

    async def run(number: int) -> bool:
        log = await _new_log(backend)
        await decided(log)
        failing = FailingLog(log, number, is_done, error)
        worker = article_desk(failing, Clock(), MENDED)
        try:
            await worker.resume()
            await worker.tick()
        except Crash:
            worker = article_desk(log, Clock(), MENDED)
        except Unavailable:
            pass  # the same process goes on
        is_reached, failing.fails_at = failing.calls >= number, 0
        await worker.resume()
        await worker.tick()
        assert (await ids(log), await ids(log, "deadletters")) == wanted
        assert worker.parked == set()
        await log.close()
        return is_reached

    assert await exhaust(run) > 8


async def test_two_workers_that_retry_at_once_do_what_one_does(log: Log) -> None:
    await decided(log)
    one, two = (article_desk(log, Clock(), MENDED) for _ in range(2))
    for worker in (one, two, one, two):
        await worker.resume()
        await worker.tick()

    assert (await ids(log), await ids(log, "deadletters")) == await expected()
    assert one.desk.memory == two.desk.memory  # type: ignore[attr-defined]


async def test_a_retry_that_is_overtaken_folds_afresh_and_says_nothing_twice(log: Log) -> None:
    await decided(log)
    slow, fast = (article_desk(log, Clock(), MENDED) for _ in range(2))
    await slow.resume()
    await fast.resume()
    await slow._follow_letters()
    await fast.tick()
    stale = slow.letters.to_be_retried()
    assert not await slow._retry_letters()
    assert not slow.is_folded
    await slow.tick()

    assert stale == [BAD]
    assert (await ids(log), await ids(log, "deadletters")) == await expected()


async def test_letters_of_a_dense_stream_stay_dense(log: Log) -> None:
    await decided(log)
    worker = article_desk(log, Clock(), MENDED)
    await drive(worker, log)
    await worker.tick()

    assert seqs(await entries(log, "deadletters")) == list(range(1, 8))
