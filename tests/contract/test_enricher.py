"""The two desks as consumers, on every log: exactly once, in order, whatever fails where."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

import pytest

from services.enrichment import worker as worker_module
from services.enrichment.desks import ArticleDesk
from services.enrichment.worker import Enricher
from shared.envelope import decode
from shared.errors import Unavailable
from shared.events import ArticleEvent, RateObserved
from shared.hashing import event_id
from shared.house_events import DeadLetterParked
from shared.log import Log
from shared.poison import RunOfFailuresError
from shared.streams import ENRICHMENT_ARTICLES, ENRICHMENT_RATES
from shared.testing.memory_log import MemoryLog
from tests.drafts import draft, seqs
from tests.wire_builders import (
    Clock,
    Crash,
    FailingLog,
    Newsroom,
    article_desk,
    at,
    drive,
    entries,
    exhaust,
    ids,
    observed,
    rate_desk,
    received,
    released,
    revised,
    revoked,
    said,
    wire,
    withdrawn,
    withheld,
)

COPY = {"headline": "Same", "body": ("Same.",)}
HISTORY: Sequence[ArticleEvent | RateObserved] = (
    received("a", **COPY),
    received("b", source="other", **COPY),
    received("c", headline="Almaty"),
    revised("a", 2, "correction"),
    withheld("c"),
    revised("c", 2),
    received("d", embargoed_until=at(11)),
    released("c"),
    withdrawn("a"),
    revised("b", 2, pubstatus="withheld"),
    revised("a", 3),
    withdrawn("a"),
)
WIRE = [
    ("a", 1, "published"),
    ("b", 1, "published"),
    ("c", 1, "published"),
    ("a", 2, "corrected"),
    ("b", 2, "changed"),
    ("c", 2, "withheld"),
    ("d", 1, "published"),
    ("c", 3, "released"),
    ("a", 3, "canceled"),
    ("b", 3, "withheld"),
    ("a", 4, "published"),
    ("a", 5, "canceled"),
]
RATES = (
    observed("500.00", "2026-03-01"),
    observed("500.00", "2026-03-02"),
    observed("501.00", "2026-03-02"),
    observed("502.00", "2026-03-03"),
)
Desk = Callable[[Log, Clock], Enricher]
DESKS = pytest.mark.parametrize(
    ("desk", "history"), [(article_desk, HISTORY), (rate_desk, RATES)], ids=["articles", "rates"]
)


async def expected(desk: Desk, history: Sequence[ArticleEvent | RateObserved]) -> object:
    """What the wire says where nothing fails."""
    log = MemoryLog()
    await Newsroom(log).say(*history)
    await drive(desk(log, Clock()), log)
    return await ids(log)


async def dead_letters(log: Log) -> list[DeadLetterParked]:
    found = [decode("deadletters", entry).event for entry in await entries(log, "deadletters")]
    return [event for event in found if isinstance(event, DeadLetterParked)]


# --- what goes on the wire ----------------------------------------------------------------------


async def test_a_history_of_articles_goes_on_the_wire(log: Log) -> None:
    await Newsroom(log).say(*HISTORY)
    await drive(article_desk(log, Clock()), log)

    assert await said(log) == WIRE
    found = seqs(await entries(log, "wire"))
    assert found == list(range(1, 1 + len(found)))
    assert (await log.checkpoint(ENRICHMENT_ARTICLES, "articles")).seq == 12


async def test_a_history_of_rates_goes_on_the_wire(log: Log) -> None:
    await Newsroom(log).say(*RATES)
    await drive(rate_desk(log, Clock()), log)

    assert await said(log) == [
        ("2026-03-01", 1, "quoted"),
        ("2026-03-02", 1, "reconfirmed"),
        ("2026-03-02", 2, "restated"),
        ("2026-03-03", 1, "quoted"),
    ]
    assert (await log.checkpoint(ENRICHMENT_RATES, "rates")).seq == 4


async def test_a_wire_event_names_the_event_that_caused_it(log: Log) -> None:
    await Newsroom(log).say(received("a"))
    await drive(article_desk(log, Clock(at(9))), log)
    (event,) = await wire(log)
    subject = "urn:newswire:article:a"

    assert event.subject == event.correlation_id == subject
    assert event.causation_id == event_id("articles", subject, 1)
    assert event.source == "urn:newswire:source:steppe-courier"
    assert (event.time, event.recorded_at) == (at(6), at(9))


@DESKS
async def test_the_same_history_gives_the_same_bytes_on_another_machine(
    log: Log, desk: Desk, history: Sequence[ArticleEvent | RateObserved]
) -> None:
    other = MemoryLog()
    for one, count in ((log, 200), (other, 1)):
        await Newsroom(one).say(*history)
        await drive(desk(one, Clock()), one, count=count)

    assert [e.fields for e in await entries(log, "wire")] == [
        e.fields for e in await entries(other, "wire")
    ]


async def test_the_two_desks_leave_each_other_alone(log: Log) -> None:
    await Newsroom(log).say(*HISTORY, *RATES)
    for _ in range(2):
        await drive(rate_desk(log, Clock()), log, count=2)
        await drive(article_desk(log, Clock()), log, count=2)

    found = await ids(log)
    rates = [one for one in found if ":rate:" in one[0]]
    articles = [one for one in found if ":rate:" not in one[0]]
    assert rates == await expected(rate_desk, RATES)
    assert articles == await expected(article_desk, HISTORY)


# --- faults -------------------------------------------------------------------------------------


@pytest.mark.parametrize("is_done", [False, True], ids=["lost call", "lost reply"])
@DESKS
async def test_a_call_that_gets_no_answer_anywhere_changes_nothing_on_the_wire(
    backend: str, desk: Desk, history: Sequence[ArticleEvent | RateObserved], *, is_done: bool
) -> None:
    wanted = await expected(desk, history)

    async def run(number: int) -> bool:
        log = await _new_log(backend, f"{desk.__name__}-{is_done}-{number}")
        failing = FailingLog(log, number, is_done)
        await Newsroom(log).say(*history)
        await drive(desk(failing, Clock()), failing, count=2)
        assert await ids(log) == wanted
        await log.close()
        return failing.calls >= number

    assert await exhaust(run) > 5


@pytest.mark.parametrize("is_done", [False, True], ids=["before", "after"])
@DESKS
async def test_a_process_that_ends_at_any_call_is_continued_by_the_next(
    backend: str, desk: Desk, history: Sequence[ArticleEvent | RateObserved], *, is_done: bool
) -> None:
    wanted = await expected(desk, history)

    async def run(number: int) -> bool:
        log = await _new_log(backend, f"crash-{desk.__name__}-{is_done}-{number}")
        failing = FailingLog(log, number, is_done, Crash())
        await Newsroom(log).say(*history)
        try:
            await drive(desk(failing, Clock()), failing, count=2)
        except Crash:
            await drive(desk(log, Clock()), log, count=3)
        assert await ids(log) == wanted
        await log.close()
        return failing.calls >= number

    assert await exhaust(run) > 5


_names = iter(range(10_000))


async def _new_log(backend: str, name: str) -> Log:
    if backend == "memory":
        return MemoryLog()
    from shared.redis_log import RedisLog

    return RedisLog(backend, f"enricher-{next(_names)}-{name.replace('_', '-').lower()}")


async def test_an_answer_that_is_lost_folds_the_memory_afresh(log: Log) -> None:
    failing = FailingLog(log, 2, is_done=False, methods=frozenset({"entry", "commit"}))
    room, worker = Newsroom(log), article_desk(failing, Clock())
    await room.say(received("a"), withheld("a"))
    await drive(worker, log)
    await room.say(received("b", **COPY), released("a"))
    batch = await log.follow("articles", worker.checkpoint, count=9)
    with pytest.raises(Unavailable):
        await worker.handle(batch)  # the text of the release cannot be read

    assert not worker.is_folded
    await worker.resume()
    assert worker.is_folded
    await drive(worker, log)
    assert await said(log) == [
        ("a", 1, "published"),
        ("a", 2, "withheld"),
        ("b", 1, "published"),
        ("a", 3, "released"),
    ]


# --- two at once --------------------------------------------------------------------------------


async def test_a_second_worker_is_overtaken_and_goes_on_from_there(log: Log) -> None:
    room = Newsroom(log)
    one, two = article_desk(log, Clock()), article_desk(log, Clock())
    await room.say(*HISTORY[:6])
    first = await log.follow("articles", await one.resume(), count=6)
    await two.resume()
    ends = [await one.handle(first), await two.handle(first[:3])]
    await room.say(*HISTORY[6:])
    await drive(two, log)
    late = await one.handle(await log.follow("articles", one.checkpoint, count=3))

    assert [end.seq for end in ends] == [6, 6]
    assert late.seq == 12
    assert one.desk.memory == two.desk.memory  # type: ignore[attr-defined]
    assert await ids(log) == await expected(article_desk, HISTORY)


@DESKS
async def test_two_workers_at_once_say_what_one_says(
    log: Log, desk: Desk, history: Sequence[ArticleEvent | RateObserved]
) -> None:
    await Newsroom(log).say(*history)
    await asyncio.gather(*(drive(desk(log, Clock()), log, count=n) for n in (1, 2, 3)))

    assert await ids(log) == await expected(desk, history)


# --- embargoes ----------------------------------------------------------------------------------


async def test_an_embargo_ends_at_its_hour_at_an_unchanged_checkpoint(log: Log) -> None:
    clock = Clock(at(12))
    worker = article_desk(log, clock)
    await Newsroom(log).say(received("a"), received("b", embargoed_until=at(13)))
    await drive(worker, log)
    early = await worker.tick()
    clock.instant = at(13)
    late = await worker.tick()
    await worker.tick()
    (_, event) = await wire(log)

    assert early == late == await log.checkpoint(ENRICHMENT_ARTICLES, "articles")
    assert await said(log) == [("a", 1, "published"), ("b", 1, "published")]
    assert event.causation_id == event_id("articles", "urn:newswire:article:b", 1)
    assert event.time == at(13)


async def test_an_embargo_ends_once_although_the_worker_is_another(log: Log) -> None:
    clock = Clock(at(12))
    await Newsroom(log).say(received("b", embargoed_until=at(13)))
    await drive(article_desk(log, clock), log)
    clock.instant = at(14)
    for _ in range(2):
        worker = article_desk(log, clock)
        await worker.resume()
        await worker.tick()

    assert await said(log) == [("b", 1, "published")]


@pytest.mark.parametrize("is_done", [False, True], ids=["lost call", "lost reply"])
async def test_an_embargo_ends_once_although_an_answer_is_lost(log: Log, *, is_done: bool) -> None:
    clock = Clock(at(12))
    failing = FailingLog(log, 3, is_done, methods=frozenset({"commit"}))
    worker = article_desk(failing, clock)
    await Newsroom(log).say(
        received("a", embargoed_until=at(13)), received("b", embargoed_until=at(13))
    )
    await drive(worker, log)
    clock.instant = at(14)
    with pytest.raises(Unavailable):
        await worker.tick()
    await worker.resume()
    await worker.tick()

    assert await said(log) == [("a", 1, "published"), ("b", 1, "published")]


async def test_an_embargo_ends_once_although_two_workers_tick(log: Log) -> None:
    clock = Clock(at(12))
    await Newsroom(log).say(received("b", embargoed_until=at(13)))
    one, two = article_desk(log, clock), article_desk(log, clock)
    await drive(one, log)
    await two.resume()
    clock.instant = at(14)
    await one.tick()
    await two.tick()

    assert await said(log) == [("b", 1, "published")]


async def test_a_worker_that_missed_a_tick_is_overtaken(log: Log) -> None:
    clock, room = Clock(at(12)), Newsroom(log)
    await room.say(received("b", embargoed_until=at(13)))
    one, two = article_desk(log, clock), article_desk(log, clock)
    await drive(one, log)
    await two.resume()
    clock.instant = at(14)
    await one.tick()
    await room.say(revised("b", 2))
    await two.handle(await log.follow("articles", two.checkpoint, count=1))
    await drive(two, log)

    assert await said(log) == [("b", 1, "published"), ("b", 2, "updated")]


async def test_copies_whose_embargo_ends_together_are_related(log: Log) -> None:
    clock = Clock(at(12))
    worker = article_desk(log, clock)
    until = {"embargoed_until": at(13), **COPY}
    await Newsroom(log).say(received("a", **until), received("b", **until))
    await drive(worker, log)
    clock.instant = at(13)
    await worker.tick()
    relations = [[r.article_id for r in one.event.relations] for one in await wire(log)]

    assert relations == [[], ["a"]]


async def test_an_article_that_fails_at_its_hour_delays_only_itself(log: Log) -> None:
    clock = Clock(at(12))
    worker = article_desk(log, clock)
    await Newsroom(log).say(
        received("bad", headline="poison", embargoed_until=at(13)),
        received("good", embargoed_until=at(13)),
    )
    await drive(worker, log)
    clock.instant = at(14)
    for _ in range(3):
        await worker.tick()

    assert await said(log) == [("good", 1, "published")]
    assert [letter.subject for letter in await dead_letters(log)] == ["urn:newswire:article:bad"]


async def test_an_embargo_does_not_end_past_an_event_that_was_set_aside(log: Log) -> None:
    clock, room = Clock(at(12)), Newsroom(log)
    worker = article_desk(log, clock)
    await room.say(received("bad", embargoed_until=at(13)))
    await room.put("articles", withdrawn("bad"), data=b"{}")
    await drive(worker, log)
    clock.instant = at(14)
    for one in (worker, worker, article_desk(log, clock)):
        await one.resume()
        await one.tick()

    assert await said(log) == []
    assert [letter.seq for letter in await dead_letters(log)] == [2]


# --- blocked sources ----------------------------------------------------------------------------

MEANWHILE: Sequence[ArticleEvent] = (
    revised("a", 2),
    received("b"),
    received("gone"),
    withdrawn("gone"),
    received("other", source="other"),
)
BLOCKED = [("a", 1, "published"), ("other", 1, "published")]
LET_IN = [*BLOCKED, ("a", 2, "updated"), ("b", 1, "published")]


async def while_blocked(log: Log) -> Newsroom:
    """One article on the wire, its source blocked, and what came meanwhile."""
    room = Newsroom(log)
    await room.say(received("a"))
    await room.block()
    await room.say(*MEANWHILE)
    return room


async def test_nothing_of_a_blocked_source_enters_the_wire_until_it_is_let_in(log: Log) -> None:
    room = await while_blocked(log)
    worker = article_desk(log, Clock())
    await drive(worker, log, count=2)
    await worker.tick()
    before = await said(log)
    await room.unblock()
    await drive(worker, log)
    for _ in range(2):
        await worker.tick()

    assert before == BLOCKED
    assert await said(log) == LET_IN


async def test_a_source_is_let_in_once_although_each_tick_is_of_another_worker(log: Log) -> None:
    room = await while_blocked(log)
    await drive(article_desk(log, Clock()), log)
    await room.unblock()
    for _ in range(3):
        worker = article_desk(log, Clock())
        await drive(worker, log)
        await worker.tick()

    assert await said(log) == LET_IN


@pytest.mark.parametrize("is_done", [False, True], ids=["lost call", "lost reply"])
async def test_a_source_is_let_in_once_whichever_answer_is_lost(
    backend: str, *, is_done: bool
) -> None:
    async def run(number: int) -> bool:
        log = await _new_log(backend, "block")
        room = await while_blocked(log)
        await room.unblock()
        failing = FailingLog(log, number, is_done)
        worker = article_desk(failing, Clock())
        try:
            await drive(worker, failing)
            await worker.tick()
        except Unavailable:
            await worker.resume()
        is_reached, failing.fails_at = failing.calls >= number, 0
        await drive(worker, failing)
        await worker.tick()
        assert await said(log) == LET_IN
        await log.close()
        return is_reached

    assert await exhaust(run) > 5


async def test_a_source_is_let_in_once_although_two_workers_tick(log: Log) -> None:
    room = await while_blocked(log)
    await room.unblock()
    one, two = article_desk(log, Clock()), article_desk(log, Clock())
    await drive(one, log)
    await two.resume()
    await one.tick()
    await two.tick()

    assert await said(log) == LET_IN
    assert one.desk.memory == two.desk.memory  # type: ignore[attr-defined]


async def test_a_blocked_source_that_waits_moves_no_checkpoint(log: Log) -> None:
    """Else every tick of a long block would write."""
    room = Newsroom(log)
    await room.block()
    await room.say(received("a"), observed("1"))
    await room.unblock()
    await room.block()
    workers = [article_desk(log, Clock()), rate_desk(log, Clock())]
    for worker in workers:
        await drive(worker, log)
        await worker.tick()

    assert await said(log) == []
    assert [(await log.checkpoint(one.name, "hour")).seq for one in workers] == [0, 0]


async def test_rates_of_a_blocked_source_wait_and_are_said_as_they_stand(log: Log) -> None:
    room, worker = Newsroom(log), rate_desk(log, Clock())
    await room.say(observed("1", "2026-03-01"))
    await room.block()
    await room.say(observed("2", "2026-03-02"), observed("3", "2026-03-02"), observed("4"))
    await drive(worker, log)
    await worker.tick()
    before = await said(log)
    await room.unblock()
    for _ in range(2):
        worker = rate_desk(log, Clock())
        await drive(worker, log)
        await worker.tick()

    assert before == [("2026-03-01", 1, "quoted")]
    assert [(one.event.rate.as_of, one.event.rate.value) for one in await wire(log)] == [
        ("2026-03-01", "1"),
        ("2026-03-02", "4"),
    ]


async def test_more_than_a_tick_may_say_is_said_by_the_next(
    log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker_module, "TICK_EVENTS_MAX", 2)
    room, worker = Newsroom(log), article_desk(log, Clock())
    await room.block()
    await room.say(*(received(f"a{n}") for n in range(5)))
    await room.unblock()
    await drive(worker, log)
    counts = []
    for _ in range(4):
        await worker.tick()
        counts.append(len(await said(log)))

    assert counts == [2, 4, 5, 5]


async def test_a_revoked_relation_is_told_on_the_wire_once(log: Log) -> None:
    room = Newsroom(log)
    await room.say(received("a", **COPY), received("b", source="other", **COPY), revoked("b", "a"))
    for _ in range(2):
        await drive(article_desk(log, Clock(at(9))), log)
    await room.say(revised("b", 2, "refile", source="other", **COPY))
    await drive(article_desk(log, Clock()), log)
    changed = (await wire(log))[2]

    assert await said(log) == [
        ("a", 1, "published"),
        ("b", 1, "published"),
        ("b", 2, "changed"),
        ("b", 3, "refiled"),
    ]
    assert changed.causation_id == (await entries(log, "articles"))[2].event_id
    assert (changed.subject, changed.source) == (
        "urn:newswire:article:b",
        "urn:newswire:source:other",
    )
    assert (await wire(log))[3].event.relations == ()


# --- poison -------------------------------------------------------------------------------------

BAD = "urn:newswire:article:bad"


async def test_a_poison_event_is_set_aside_and_later_ones_of_its_subject_behind(log: Log) -> None:
    await Newsroom(log).say(
        received("a"),
        received("bad", headline="poison"),
        revised("bad", 2),
        received("b"),
        withdrawn("bad"),
    )
    await drive(article_desk(log, Clock(at(9))), log)
    letters = await dead_letters(log)

    assert await said(log) == [("a", 1, "published"), ("b", 1, "published")]
    assert [(one.subject, one.seq, one.reason, one.attempts) for one in letters] == [
        (BAD, 2, "failed", 3),
        (BAD, 3, "behind", 0),
        (BAD, 5, "behind", 0),
    ]
    assert letters[0] == DeadLetterParked(
        consumer="enrichment.articles",
        stream="articles",
        position=(await entries(log, "articles"))[1].position,
        seq=2,
        event_id=event_id("articles", BAD, 1),
        event_type="newswire.article.received",
        subject=BAD,
        reason="failed",
        error="ZeroDivisionError: the headline is poison",
        attempts=3,
        code_version="1.0",
        parked_at=at(9),
    )
    assert (await log.checkpoint(ENRICHMENT_ARTICLES, "articles")).seq == 5


async def test_a_subject_waits_also_after_a_restart(log: Log) -> None:
    room = Newsroom(log)
    await room.say(received("bad", headline="poison"), received("a"))
    await drive(article_desk(log, Clock()), log)
    await room.say(revised("bad", 2), revised("a", 2))
    mended = article_desk(log, Clock(), poison="nothing fails")
    await drive(mended, log)

    assert [(one.seq, one.reason) for one in await dead_letters(log)] == [
        (1, "failed"),
        (3, "behind"),
    ]
    assert await said(log) == [("a", 1, "published"), ("a", 2, "updated")]
    assert "bad" not in mended.desk.memory.inputs  # type: ignore[attr-defined]


async def test_dead_letters_of_another_consumer_hold_nothing_back(log: Log) -> None:
    await Newsroom(log).say(received("bad", headline="poison"))
    await drive(article_desk(log, Clock()), log)
    rates = rate_desk(log, Clock())
    await rates.resume()

    assert rates.parked == set()


async def test_an_entry_that_cannot_be_read_is_set_aside_at_once(log: Log) -> None:
    room = Newsroom(log)
    await room.put("articles", received("bad"), data=b"{}")
    await log.append("articles", [draft("none", "one")])
    await room.say(received("a"))
    await drive(article_desk(log, Clock()), log)
    letters = await dead_letters(log)

    assert await said(log) == [("a", 1, "published")]
    assert [(one.subject, one.reason) for one in letters] == [(BAD, "failed"), ("", "failed")]
    assert letters[0].error.startswith("Rejected: the entry at ")
    assert letters[1].error.startswith("Rejected: the entry at ")


async def test_a_dead_letter_says_how_often_the_event_was_tried(log: Log) -> None:
    await Newsroom(log).put("articles", received("bad"), data=b"{}")
    await drive(article_desk(log, Clock()), log)

    assert [one.attempts for one in await dead_letters(log)] == [1]


async def test_ten_failures_in_a_row_stop_the_worker_and_the_tenth_is_still_to_come(
    log: Log,
) -> None:
    worker = article_desk(log, Clock())
    poison = [received(f"bad{n}", headline="poison") for n in range(10)]
    await Newsroom(log).say(received("a"), *poison, received("b"))
    with pytest.raises(RunOfFailuresError, match="10 events failed one after the other"):
        await drive(worker, log)

    assert await said(log) == [("a", 1, "published")]
    assert [letter.seq for letter in await dead_letters(log)] == list(range(2, 11))
    assert (await log.checkpoint(ENRICHMENT_ARTICLES, "articles")).seq == 10
    assert not worker.is_folded


async def test_a_worker_that_is_started_again_does_not_go_on_emptying_the_stream(log: Log) -> None:
    await Newsroom(log).say(*(received(f"bad{n}", headline="poison") for n in range(30)))
    for _ in range(3):
        with pytest.raises(RunOfFailuresError):
            await drive(article_desk(log, Clock()), log)

    assert len(await dead_letters(log)) == 9


async def test_one_success_between_them_breaks_a_run_of_failures(log: Log) -> None:
    poison = [received(f"bad{n}", headline="poison") for n in range(18)]
    await Newsroom(log).say(*poison[:9], received("a"), *poison[9:])
    await drive(article_desk(log, Clock()), log)

    assert await said(log) == [("a", 1, "published")]
    assert len(await dead_letters(log)) == 18


async def test_failures_of_a_batch_that_is_tried_again_count_once(log: Log) -> None:
    failing = FailingLog(log, 1, is_done=False, methods=frozenset({"commit"}))
    poison = [received(f"bad{n}", headline="poison") for n in range(9)]
    await Newsroom(log).say(*poison, received("a"))
    await drive(article_desk(failing, Clock()), failing)

    assert len(await dead_letters(log)) == 9


# --- sizes --------------------------------------------------------------------------------------


async def test_a_batch_that_is_too_large_for_one_commit_is_committed_in_steps(log: Log) -> None:
    counting = FailingLog(log, 0, is_done=False, methods=frozenset({"commit"}))
    large = [received(f"a{n}", body=("x" * 700_000,)) for n in range(5)]
    await Newsroom(log).say(*large)
    await drive(article_desk(counting, Clock()), log)

    assert counting.calls == 3
    assert await said(log) == [(f"a{n}", 1, "published") for n in range(5)]


async def test_a_step_that_is_overtaken_ends_the_batch(log: Log) -> None:
    large = [received(f"a{n}", body=("x" * 700_000,)) for n in range(4)]
    await Newsroom(log).say(*large)
    failing = FailingLog(log, 2, is_done=True, methods=frozenset({"commit"}))
    await drive(article_desk(failing, Clock()), log)

    assert await said(log) == [(f"a{n}", 1, "published") for n in range(4)]


async def test_an_article_that_is_too_large_for_the_wire_delays_only_itself(log: Log) -> None:
    await Newsroom(log).say(received("bad", body=("x" * 998_500,)), received("a"))
    await drive(article_desk(log, Clock()), log)

    assert await said(log) == [("a", 1, "published")]
    assert [one.subject for one in await dead_letters(log)] == [BAD]


def test_a_desk_has_the_name_and_the_stream_of_its_consumer() -> None:
    log = MemoryLog()
    articles, rates = article_desk(log, Clock()), rate_desk(log, Clock())

    assert (articles.name, articles.stream) == ("enrichment.articles", "articles")
    assert (rates.name, rates.stream) == ("enrichment.rates", "rates")
    assert isinstance(articles.desk, ArticleDesk)
