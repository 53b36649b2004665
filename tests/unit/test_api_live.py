"""The live stream: never ahead of the views, nothing lost or doubled, and told to start anew."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest

from services.api import clients, cursors, feed, gate, selection
from services.api.cursors import Since
from services.api.live import CATCH_UP_COUNT
from services.projection import projector as projection
from shared.errors import Unavailable
from shared.events import ArticleCanceled, ArticleReinstated, ArticleTakenBack
from shared.log import Entry
from shared.streams import Checkpoint
from tests.live_room import Listener, Room, room
from tests.wire_builders import almaty, carried, notice, quoted

SHORT_S = 0.05


@pytest.fixture
async def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Room]:
    """A wire of five articles that the views hold; its follower runs."""
    monkeypatch.setattr(feed, "AWAY_S", 0.01)
    monkeypatch.setattr(gate, "WAIT_S_MAX", 0.05)
    async with room(tmp_path) as made:
        await made.carry(*(carried(article_id=f"old-{number}") for number in range(1, 6)))
        yield made


async def live(desk: Room, *, wanted: selection.Selection | None = None) -> Listener:
    """A client that hears what comes from here on."""
    listener = desk.listen(wanted)
    while not listener.last_id:
        await listener.read()
    return listener


async def test_a_client_hears_what_comes_from_here_on(desk: Room) -> None:
    listener = await live(desk)
    await desk.carry(carried(article_id="new", headline="Tenge firms"), quoted())

    article, rate = await listener.hear(2)

    assert (article.event, article.seq, rate.event, rate.seq) == (
        "article.published", 6, "rate.quoted", 7,
    )  # fmt: skip
    assert article.data["data"]["article"]["headline"] == "Tenge firms"
    assert cursors.read(rate.cursor) == await desk.cursor(7)
    await listener.close()


async def test_an_event_is_never_ahead_of_the_views(desk: Room) -> None:
    listener = await live(desk)
    await desk.say(carried(article_id="new"))
    missed = desk.listen(begin=await desk.cursor(4))

    assert await listener.is_silent(SHORT_S)
    assert [one.seq for one in await missed.hear(1)] == [5]
    assert await missed.is_silent(SHORT_S)

    await desk.project()
    assert [one.seq for one in await listener.hear(1)] == [6]
    assert [one.seq for one in await missed.hear(1)] == [6]
    await listener.close()
    await missed.close()


async def test_views_that_are_rebuilt_are_waited_for_and_nothing_is_reset(desk: Room) -> None:
    listener = await live(desk)
    with closing(projection._publish_empty(desk.folder)):
        resumed = desk.listen(begin=await desk.cursor(2))
        await desk.say(quoted())
        assert await listener.is_silent(SHORT_S)
        assert await resumed.is_silent(SHORT_S)

    await desk.project()

    assert [one.seq for one in await listener.hear(1)] == [6]
    assert [one.seq for one in await resumed.hear(4)] == [3, 4, 5, 6]
    await listener.close()
    await resumed.close()


@pytest.mark.parametrize("begin", range(6))
async def test_who_comes_back_misses_nothing_and_sees_nothing_twice(desk: Room, begin: int) -> None:
    since = await desk.cursor(begin)
    listener = desk.listen(begin=since)
    heard = await listener.hear(5 - begin)
    await desk.carry(quoted(), carried(article_id="new"))

    heard += await listener.hear(2)

    assert [one.seq for one in heard] == list(range(begin + 1, 8))
    assert await listener.is_silent(SHORT_S)
    await listener.close()


async def test_a_long_absence_is_caught_up_while_more_comes_in(desk: Room) -> None:
    listener = desk.listen(begin=Since(0))
    count = 5 * CATCH_UP_COUNT
    for number in range(count):
        await desk.carry(carried(article_id=f"new-{number}"))
        if number % 10 == 0:
            await listener.read()

    assert [one.seq for one in await listener.hear(count + 5)] == list(range(1, count + 6))
    await listener.close()


async def test_a_cursor_ahead_of_this_process_is_not_sent_back(desk: Room) -> None:
    """Another api process was faster: what its client has is not said again."""
    ahead = desk.listen(begin=await desk.cursor(5))
    await ahead.read()
    await desk.say(quoted(value="1"), quoted(value="2", as_of="2026-03-03"))
    far = desk.listen(begin=await desk.cursor(6))
    await far.read()
    await desk.project()

    assert [one.seq for one in await ahead.hear(2)] == [6, 7]
    assert [one.seq for one in await far.hear(1)] == [7]
    await ahead.close()
    await far.close()


async def test_a_filter_holds_for_what_was_missed_and_for_what_comes(desk: Room) -> None:
    await desk.carry(carried(article_id="almaty", tags=(almaty(),)))
    wanted = selection.selection([], ["geonames:1526384"], [])
    listener = desk.listen(wanted, Since(0))
    heard = await listener.hear(1)
    await desk.carry(carried(article_id="astana"), carried(article_id="b", tags=(almaty(),)))

    heard += await listener.hear(1)

    assert [one.seq for one in heard] == [6, 8]
    await listener.close()


async def test_a_text_that_was_killed_since_is_not_sent_again(desk: Room) -> None:
    await desk.carry(notice(ArticleCanceled, "old-2"), notice(ArticleTakenBack, "old-3"))
    listener = desk.listen(begin=Since(0))

    heard = await listener.hear(7)

    redacted = {one.seq: one.data["data"].get("redacted") for one in heard}
    assert redacted == {1: None, 2: "canceled", 3: "withheld", 4: None, 5: None, 6: None, 7: None}
    assert "old-2." not in str(heard[1].data["data"])
    await desk.carry(carried(ArticleReinstated, "old-3", headline="Without names"))
    again = desk.listen(begin=Since(0))
    back = await again.hear(8)
    assert back[2].data["data"]["redacted"] == "withheld"
    assert back[7].data["data"]["article"]["headline"] == "Without names"
    await listener.close()
    await again.close()


@pytest.mark.parametrize(
    ("begin", "reason"),
    [
        (cursors.event(3, "an event of another log"), "diverged"),
        (cursors.event(6, "beyond the head"), "diverged"),
    ],
)
async def test_a_cursor_of_another_log_is_told_to_start_anew_and_goes_on_live(
    desk: Room, begin: Since, reason: str
) -> None:
    listener = desk.listen(begin=begin)

    (reset,) = await listener.hear(1)
    await desk.carry(quoted())

    assert (reset.event, reset.data["reason"]) == ("reset", reason)
    assert reset.data["cursor"] == reset.cursor == listener.last_id
    assert cursors.read(reset.cursor) == await desk.cursor(5)
    assert "Read /v1/articles and /v1/rates/latest afresh" in reset.data["detail"]
    assert [one.seq for one in await listener.hear(1)] == [6]
    await listener.close()


async def test_a_cursor_that_was_trimmed_away_is_told_so(desk: Room) -> None:
    begin = await desk.cursor(1)
    desk.live.recent.clear()
    desk.log.trim("wire", 4)
    listener = desk.listen(begin=begin)

    (reset,) = await listener.hear(1)

    assert reset.data["reason"] == "trimmed"
    await listener.close()


async def test_a_log_that_is_restored_resets_whoever_listens(desk: Room) -> None:
    listener = await live(desk)
    desk.log.truncate("wire", 3)
    await desk.say(quoted(), quoted(as_of="2026-03-03"), quoted(as_of="2026-03-04"))

    (reset,) = await listener.hear(1)

    assert (reset.event, reset.data["reason"]) == ("reset", "diverged")
    assert cursors.read(reset.cursor) == await desk.cursor(6)
    await listener.close()


async def test_silence_while_catching_up_is_a_heartbeat(
    desk: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clients, "HEARTBEAT_S", 0.02)
    begin = await desk.cursor(5)
    await desk.say(quoted())  # and the views do not come
    listener = desk.listen(begin=begin)

    while listener.raw.count(b": heartbeat\n") < 2:
        await listener.read()

    assert listener.last_id == cursors.text(begin)
    await listener.close()


class Away:
    """A log that does not answer while it is away."""

    def __init__(self, desk: Room) -> None:
        self._follow, self._seek = desk.log.follow, desk.log.seek
        self.is_away = True

    async def follow(
        self, stream: str, after: Checkpoint, *, count: int, block_ms: int = 0
    ) -> list[Entry]:
        if self.is_away:
            raise Unavailable("Redis does not answer")
        return await self._follow(stream, after, count=count, block_ms=min(block_ms, 10))  # type: ignore[arg-type]

    async def seek(self, stream: str, seq: int) -> Checkpoint:
        if self.is_away:
            raise Unavailable("Redis does not answer")
        return await self._seek(stream, seq)  # type: ignore[arg-type]


async def test_a_log_that_is_away_is_waited_for_and_nothing_is_lost(
    desk: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    listener = await live(desk)
    away = Away(desk)
    monkeypatch.setattr(desk.log, "follow", away.follow)
    monkeypatch.setattr(desk.log, "seek", away.seek)
    desk.live.recent.clear()
    resumed = desk.listen(begin=cursors.event(3, (await away._seek("wire", 3)).event_id))
    await desk.say(quoted())
    assert await resumed.is_silent(SHORT_S)

    away.is_away = False
    await desk.project()

    assert [one.seq for one in await listener.hear(1)] == [6]
    assert [one.seq for one in await resumed.hear(3)] == [4, 5, 6]
    await listener.close()
    await resumed.close()


async def test_a_client_that_leaves_is_forgotten_and_one_too_many_is_not_served(desk: Room) -> None:
    desk.live.clients_max = 1
    listener = await live(desk)
    assert desk.live.is_full

    with pytest.raises(StopAsyncIteration):
        await desk.listen().read()
    await listener.close()

    assert not desk.live.is_full


async def test_a_client_that_is_too_slow_is_ended_and_comes_back(
    desk: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clients, "QUEUE_EVENTS_MAX", 3)
    slow = await live(desk)
    assert await slow.is_silent(SHORT_S)
    await desk.carry(*(quoted(as_of=f"2026-03-0{day}") for day in range(1, 7)))
    await slow.read_to_the_end()

    again = desk.listen(begin=cursors.read_since(slow.last_id))

    assert slow.client.is_closed
    assert [one.seq for one in await again.hear(6)] == [6, 7, 8, 9, 10, 11]
    await again.close()


async def test_nothing_looks_at_the_views_while_nothing_waits(
    desk: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    listener = await live(desk)
    looks = 0
    look = desk.live.gate.views.look

    def counted(ids: list[str]) -> object:
        nonlocal looks
        looks += 1
        return look(ids)

    monkeypatch.setattr(type(desk.live.gate.views), "look", lambda _, ids: counted(ids))
    assert await listener.is_silent(2 * SHORT_S)

    assert looks == 0
    await listener.close()
