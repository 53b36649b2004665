"""Telling a hub of our feeds: of which, when, how often, and when it does not take it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pytest

from services.api.syndication.links import FORMATS, Site
from services.ingest.announcing import LOOKED_BACK_MAX, Announcing
from services.ingest.websub.announcer import SOURCES_WAITING_MAX, Announcer, topics
from services.ingest.websub.words import Refused
from shared.events import ArticleCanceled
from shared.testing.builders import SOURCE
from shared.testing.memory_log import MemoryLog
from tests.push_door import quiet
from tests.wire_builders import Newsroom, carried, notice, quoted

DESK = "https://news.example"
HUB = "https://hub.example/?key=a1"
ALL = [f"{DESK}/feeds/articles.{form}" for form in ("atom", "rss", "json")]


def of_source(source: str) -> list[str]:
    return [f"{topic}?source={source}" for topic in ALL]


@dataclass
class Hub:
    """Takes forms at a time that a test sets."""

    now_s: float = 1_000.0
    refused: Refused | None = None
    told: list[tuple[float, str]] = field(default_factory=list)
    problems: list[str | None] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.announcer = Announcer(HUB, DESK, self, lambda: self.now_s, quiet())

    async def post(self, url: str, form: Mapping[str, str]) -> Refused | None:
        """See words.Poster."""
        assert url == HUB
        assert form.keys() == {"hub.mode", "hub.url"}
        assert form["hub.mode"] == "publish"
        self.told.append((self.now_s - 1_000.0, form["hub.url"]))
        return self.refused

    async def until(self, seconds: float) -> list[tuple[float, str]]:
        """What it was told of, looked at each second up to this one."""
        while self.now_s <= 1_000.0 + seconds:
            while await self.announcer.step():
                pass
            self.now_s += 1
        return self.told


def following(log: MemoryLog, hub: Hub) -> Announcing:
    return Announcing(log, hub.announcer, hub.problems.append, quiet())


async def test_a_change_is_told_once_the_views_can_hold_it() -> None:
    hub = Hub()
    hub.announcer.changed("courier")

    assert await hub.until(1) == []
    assert await hub.until(30) == [(2, topic) for topic in [*ALL, *of_source("courier")]]


async def test_what_changes_while_it_waits_is_told_once() -> None:
    hub = Hub()
    for _ in range(50):
        hub.announcer.changed("courier")

    assert len(await hub.until(60)) == 6


async def test_a_topic_is_told_at_most_every_ten_seconds() -> None:
    hub = Hub()
    for second in range(40):
        hub.announcer.changed(None)
        await hub.until(second)

    assert [at_s for at_s, topic in hub.told if topic == ALL[0]] == [2, 12, 22, 32]


async def test_a_change_while_the_hub_is_being_told_is_told_once_more() -> None:
    hub = Hub()
    hub.announcer.changed(None)
    await hub.until(2)
    hub.announcer.changed(None)

    assert [at_s for at_s, topic in await hub.until(60) if topic == ALL[0]] == [2, 12]


async def test_all_articles_go_before_sources() -> None:
    hub = Hub()
    hub.announcer.changed("courier")
    hub.now_s += 100
    hub.announcer.changed(None)
    hub.now_s += 100
    await hub.announcer.step()

    assert hub.told[0][1] == ALL[0]


async def test_a_hub_that_does_not_take_it_is_told_again_later_and_later() -> None:
    hub = Hub(refused=Refused("https://hub.example/ answered 503"))
    hub.announcer.changed(None)

    told = [at_s for at_s, topic in await hub.until(500) if topic == ALL[0]]
    assert told == [2, 32, 92, 212, 452]
    assert hub.announcer.problem == "https://hub.example/ answered 503"
    hub.refused = None
    await hub.until(1_000)
    assert hub.announcer.problem is None
    assert [at_s for at_s, topic in hub.told if topic == ALL[0]] == [2, 32, 92, 212, 452, 932]
    assert hub.announcer.counts.told() == {"announcements:failed": 15, "announcements:told": 3}


async def test_changes_do_not_hurry_a_hub_that_is_away() -> None:
    hub = Hub(refused=Refused("no connection"))
    for second in range(60):
        hub.announcer.changed(None)
        await hub.until(second)

    assert [at_s for at_s, topic in hub.told if topic == ALL[0]] == [2, 32]


@pytest.mark.parametrize(("asks_s", "again_s"), [(5, 32), (100, 102), (86_400, 3_602)])
async def test_a_hub_that_asks_to_wait_is_waited_for_an_hour_at_most(
    asks_s: int, again_s: int
) -> None:
    hub = Hub(refused=Refused("answered 429", asks_s))
    hub.announcer.changed(None)

    assert [at_s for at_s, topic in await hub.until(3_700) if topic == ALL[0]][1] == again_s


async def test_more_sources_than_can_wait_are_passed_over_and_counted() -> None:
    hub = Hub()
    for number in range(SOURCES_WAITING_MAX + 5):
        hub.announcer.changed(f"s{number}")
    hub.announcer.changed("s0")

    assert len(await hub.until(10)) == 3 + 3 * SOURCES_WAITING_MAX
    assert hub.announcer.counts.by_key["announcements:passed_over"] == 5


@pytest.mark.parametrize("source", [None, "steppe-courier"])
def test_a_topic_is_the_address_that_the_feed_gives_of_itself(source: str | None) -> None:
    parameters = [] if source is None else [("source", source)]
    site = Site(DESK, "trial")

    assert topics(DESK, source) == [site.feed(form, parameters) for form in FORMATS]


async def test_articles_notices_and_relations_are_changes_and_rates_are_none() -> None:
    log, hub = MemoryLog(), Hub()
    room, announcing = Newsroom(log), following(log, hub)
    await announcing.step()
    await hub.until(20)
    assert [topic for _, topic in hub.told] == ALL
    for event in (carried(), notice(ArticleCanceled)):
        hub.told.clear()
        await room.broadcast(event)
        await announcing.step()
        await hub.until(hub.now_s - 1_000 + 20)
        assert [topic for _, topic in hub.told] == [*ALL, *of_source(SOURCE)]
    hub.told.clear()

    await room.broadcast(quoted())
    await announcing.step()
    assert await hub.until(hub.now_s - 1_000 + 20) == []


async def test_an_event_that_cannot_be_read_may_be_a_change() -> None:
    log, hub = MemoryLog(), Hub()
    announcing = following(log, hub)
    await announcing.step()
    await hub.until(20)
    hub.told.clear()

    await Newsroom(log).put("wire", carried(), b"{}")
    await announcing.step()

    assert [topic for _, topic in await hub.until(60)] == ALL


async def test_at_the_start_the_end_of_the_wire_counts_as_changed() -> None:
    log, hub = MemoryLog(), Hub()
    await Newsroom(log).broadcast(carried(), *[quoted() for _ in range(3)])

    await following(log, hub).step()

    assert [topic for _, topic in await hub.until(20)] == [*ALL, *of_source(SOURCE)]


async def test_at_the_start_no_more_than_the_end_of_the_wire_is_read() -> None:
    log, hub = MemoryLog(), Hub()
    room = Newsroom(log)
    await room.broadcast(carried())
    await room.broadcast(*[quoted() for _ in range(LOOKED_BACK_MAX)])
    announcing = following(log, hub)
    for _ in range(3):
        await announcing.step()

    assert [topic for _, topic in await hub.until(20)] == ALL


async def test_another_log_is_followed_from_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.ingest.announcing.PAUSE_S_MAX", 0)
    log, hub = MemoryLog(), Hub()
    room, announcing = Newsroom(log), following(log, hub)
    await room.broadcast(carried(article_id="a"), carried(article_id="b"))
    await announcing.step()
    await hub.until(20)
    hub.told.clear()
    log.truncate("wire", 1)

    for _ in range(3):
        await announcing.step()
        await hub.until(hub.now_s - 1_000 + 20)

    assert [topic for _, topic in hub.told] == ALL
