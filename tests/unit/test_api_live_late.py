"""The live stream tells what the projection took up late: once, with its text, wherever one is."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest

from services.api import cursors, feed, gate, live, selection
from services.api.cursors import Since
from services.projection import projector as projection
from services.projection.rebuild import rebuild
from shared import views
from shared.errors import PositionVanished
from shared.events import ArticleCanceled, StreamName
from shared.streams import PROJECTION, Checkpoint
from tests.live_room import Heard, Listener, Room, room
from tests.wire_builders import almaty, carried, notice, quiet, quoted, retried

SHORT_S = 0.05
REFUSE = """
CREATE TRIGGER refuse BEFORE INSERT ON article WHEN NEW.article_id LIKE 'bad%'
BEGIN SELECT RAISE(ABORT, 'the disk is full'); END
"""


class Desk:
    """A room whose views refuse articles that are called bad, until they are retried."""

    def __init__(self, made: Room) -> None:
        self.room, self._retries = made, 0

    async def retry(self, *article_ids: str) -> None:
        """Mend what was set aside of some articles."""
        self._execute("DROP TRIGGER refuse")
        for one in article_ids:
            self._retries += 1
            decision = retried(f"urn:newswire:article:{one}", PROJECTION, hour=self._retries % 24)
            await self.room.news.decide(decision)
            await self.room.projector.tick()
        self.refuse()

    def refuse(self) -> None:
        self._execute(REFUSE)

    def _execute(self, statement: str) -> None:
        with closing(views.open_writer(views.live_file(self.room.folder))) as connection:
            connection.execute(statement)


@pytest.fixture
async def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Desk]:
    """Event 2 of five is set aside; the follower looks at the views often."""
    monkeypatch.setattr(feed, "AWAY_S", 0.01)
    monkeypatch.setattr(gate, "WAIT_S_MAX", 0.05)
    monkeypatch.setattr(live, "BLOCK_MS", 10)
    async with room(tmp_path) as made:
        opened = Desk(made)
        opened.refuse()
        await made.carry(
            carried(article_id="a"), carried(article_id="bad", headline="Tenge firms"), quoted(),
            carried(article_id="b"), carried(article_id="c"),
        )  # fmt: skip
        yield opened


def headline(one: Heard) -> str | None:
    """Of the article that an event carries; None: it was left out."""
    said: str | None = one.data["data"].get("article", {}).get("headline")
    return said


def after(one: Heard) -> Since:
    since = cursors.read_since(one.cursor)
    assert isinstance(since, Since)
    return since


async def standing(desk: Desk, wanted: selection.Selection | None = None) -> Listener:
    """A client that has heard nothing and stands at the end."""
    listener = desk.room.listen(wanted)
    while not listener.last_id:
        await listener.read()
    return listener


async def test_who_listens_hears_it_at_once_and_goes_on(desk: Desk) -> None:
    listener = await standing(desk)
    await desk.retry("bad")

    (late,) = await listener.hear(1)
    await desk.room.carry(quoted(value="2", as_of="2026-03-03"))
    (following,) = await listener.hear(1)

    assert (late.event, late.seq, headline(late)) == ("article.published", 2, "Tenge firms")
    assert (after(late).seq, after(late).late) == (5, 1)
    assert (following.seq, after(following).seq) == (6, 6)
    await listener.close()


async def test_who_was_away_hears_it_once_before_what_followed(desk: Desk) -> None:
    begin = await desk.room.cursor(5)
    await desk.retry("bad")
    await desk.room.carry(quoted(value="2", as_of="2026-03-03"))
    listener = desk.room.listen(begin=begin)

    late, following = await listener.hear(2)

    assert [late.seq, following.seq] == [2, 6]
    for heard, rest in ((late, [6]), (following, [])):
        again = desk.room.listen(begin=after(heard))
        assert [one.seq for one in await again.hear(len(rest))] == rest
        assert await again.is_silent(SHORT_S)
        await again.close()
    await listener.close()


async def test_who_comes_from_before_it_finds_it_at_its_place(desk: Desk) -> None:
    await desk.retry("bad")
    listener = desk.room.listen(begin=await desk.room.cursor(1))

    heard = await listener.hear(4)

    assert [one.seq for one in heard] == [2, 3, 4, 5]
    assert headline(heard[0]) == "Tenge firms"
    assert await listener.is_silent(SHORT_S)
    await listener.close()


async def test_a_cursor_of_a_list_has_heard_of_it(desk: Desk) -> None:
    await desk.retry("bad")
    with desk.room.reader.snapshot() as snapshot:
        here = snapshot.here
    listener = desk.room.listen(begin=here)

    assert await listener.is_silent(SHORT_S)
    await listener.close()


async def test_a_wait_is_ended_by_it(desk: Desk) -> None:
    moved = desk.room.live.moved
    await desk.retry("bad")

    async with asyncio.timeout(5):
        await moved.wait()


async def test_a_filter_holds_for_it(desk: Desk) -> None:
    await desk.room.carry(carried(article_id="bad-almaty", tags=(almaty(),)))
    wanted = selection.selection([], ["geonames:1526384"], [])
    listener = await standing(desk, wanted)
    away = desk.room.listen(wanted, await desk.room.cursor(6))
    await desk.retry("bad", "bad-almaty")

    assert [one.seq for one in await listener.hear(1)] == [6]
    assert [one.seq for one in await away.hear(1)] == [6]
    assert await listener.is_silent(SHORT_S)
    await listener.close()
    await away.close()


async def test_what_was_killed_since_comes_without_its_text(desk: Desk) -> None:
    await desk.room.carry(notice(ArticleCanceled, "bad"))
    listener = await standing(desk)
    await desk.retry("bad")

    heard = await listener.hear(2)

    assert [(one.seq, headline(one)) for one in heard] == [(2, None), (6, None)]
    assert heard[0].data["data"]["redacted"] == "canceled"
    await listener.close()


async def test_what_the_log_holds_no_more_is_left_out_and_the_stream_goes_on(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    await desk.room.carry(carried(article_id="bad-2"))
    listener = await standing(desk)
    seek = desk.room.log.seek

    async def trimmed(stream: StreamName, seq: int) -> Checkpoint:
        if seq == 2:
            raise PositionVanished("the log begins later")
        return await seek(stream, seq)

    monkeypatch.setattr(desk.room.log, "seek", trimmed)
    await desk.retry("bad", "bad-2")

    assert [one.seq for one in await listener.hear(1)] == [6]
    await listener.close()


async def test_a_rebuild_that_takes_it_up_is_heard_too(desk: Desk) -> None:
    listener = await standing(desk)
    await rebuild(desk.room.folder, desk.room.log, "1.0", quiet(), lambda *_: None)

    assert [one.seq for one in await listener.hear(1)] == [2]
    await desk.room.carry(quoted(value="2", as_of="2026-03-03"))
    assert [one.seq for one in await listener.hear(1)] == [6]
    await listener.close()


async def test_views_that_begin_anew_without_numbers_hold_nobody_up(desk: Desk) -> None:
    await desk.retry("bad")
    projection._publish_empty(desk.room.folder).close()
    await desk.room.project()
    listener = await standing(desk)
    await desk.room.carry(quoted(value="2", as_of="2026-03-03"))

    assert [one.seq for one in await listener.hear(1)] == [6]
    await listener.close()


async def test_many_are_told_a_page_at_a_time(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "CATCH_UP_COUNT", 3)
    names = [f"bad-{number}" for number in range(8)]
    await desk.room.carry(*(carried(article_id=name) for name in names))
    listener, begin = await standing(desk), await desk.room.cursor(13)
    await desk.retry(*names)
    away = desk.room.listen(begin=begin)

    for one in (listener, away):
        assert [heard.seq for heard in await one.hear(8)] == list(range(6, 14))
        assert await one.is_silent(SHORT_S)
        await one.close()


@pytest.mark.parametrize("seed", range(25))
async def test_whatever_happens_every_text_is_heard_and_none_twice(desk: Desk, seed: int) -> None:
    """Clients come and go while articles are set aside, retried and carried, in any order."""
    dice = random.Random(seed)
    clients = [_Reader(desk.room, await desk.room.cursor(5)) for _ in range(3)]
    aside, said = ["bad"], {"bad": 2}
    for number in range(30):
        match dice.choice(("good", "bad", "retry", "retry", "read", "leave", "say")):
            case "good":
                await desk.room.carry(carried(article_id=f"good-{number}"))
                said[f"good-{number}"] = (await desk.room.log.head("wire")).seq
            case "bad":
                await desk.room.carry(carried(article_id=f"bad-{number}"))
                said[f"bad-{number}"] = (await desk.room.log.head("wire")).seq
                aside.append(f"bad-{number}")
            case "say":  # the views come later
                await desk.room.say(carried(article_id=f"good-{number}"))
                said[f"good-{number}"] = (await desk.room.log.head("wire")).seq
            case "retry" if aside:
                await desk.retry(aside.pop(dice.randrange(len(aside))))
            case "read":
                await dice.choice(clients).read(dice.randint(0, 3))
            case "leave":
                await dice.choice(clients).leave()
    await desk.room.project()
    await desk.retry(*aside)

    for one in clients:
        await one.read_all()
        assert one.texts == Counter(said.values())
        await one.leave()


class _Reader:
    """A client that comes back with its last id, as a browser does."""

    def __init__(self, room: Room, begin: Since) -> None:
        self.room, self.begin = room, begin
        self.texts: Counter[int] = Counter()
        """How often the text of each event came."""
        self._listener: Listener | None = None

    async def read(self, count: int) -> None:
        """Read a few events, where as many come."""
        self._listener = self._listener or self.room.listen(begin=self.begin)
        for _ in range(count):
            if await self._listener.is_silent(0.02):
                return
            (one,) = await self._listener.hear(1)
            self.begin = after(one)
            if "redacted" not in one.data["data"]:
                self.texts[one.seq] += 1

    async def read_all(self) -> None:
        """Read until nothing comes for a while."""
        await self.read(1)
        while self._listener and not await self._listener.is_silent(0.2):
            await self.read(1)

    async def leave(self) -> None:
        """Go away; what is not read comes again."""
        if self._listener:
            await self._listener.close()
            self._listener = None
