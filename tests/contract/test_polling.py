"""Sources are read when they are due, asked politely, and cost only themselves."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from services.ingest.fetch.words import Failed, Kind, Outcome, Validators
from services.ingest.parse.document import Parsed
from services.ingest.polling import START_SPREAD_S, Poller, Polling
from shared.envelope import decode
from shared.errors import Unavailable
from shared.events import ArticleReceived, RateObserved, StreamName
from shared.house_events import SourceChanged, SourceQuiet, SourceRecovered
from shared.log import Draft
from shared.streams import ORIGIN
from shared.testing.memory_log import MemoryLog
from tests.publishers import BEGIN, Desk, World, config, feed, served, unmodified

URL = "https://c.example/feed"


@pytest.fixture
def desk() -> Desk:
    return Desk()


async def events(desk: Desk, stream: StreamName) -> list[object]:
    return [
        decode(stream, entry).event for entry in await desk.log.follow(stream, ORIGIN, count=500)
    ]


async def headlines(desk: Desk) -> list[str]:
    found = await events(desk, "articles")
    return [event.article.headline for event in found if isinstance(event, ArticleReceived)]


async def test_what_a_source_offers_is_published_under_its_name(desk: Desk) -> None:
    desk.world.will(URL, served(feed("Ferry sails", "Bridge opens")))
    said = config(name="Courier", rights="© C", display="excerpt", trust_rank=2, language="ru")

    poll = await desk.poller().poll(said)

    first, second = await events(desk, "articles")
    assert isinstance(first, ArticleReceived)
    assert isinstance(second, ArticleReceived)
    article = first.article
    assert (article.source, article.credit, article.rights) == ("courier", "Courier", "© C")
    assert (article.display, article.trust_rank) == ("excerpt", 2)
    assert (article.declared_language, article.observed_at) == ("ru", BEGIN)
    assert second.article.headline == "Bridge opens"
    assert (poll.ok_at, poll.new_at, poll.failures) == (BEGIN, BEGIN, 0)


async def test_only_the_first_request_is_unconditional_over_restarts_too(desk: Desk) -> None:
    desk.world.will(
        URL,
        served(feed("Ferry sails"), 'W/"a b"', validators=Validators('W/"a b"', "Mon, 2 Mar 2026")),
        unmodified('W/"a b"'),
    )
    await desk.poller().poll(config())
    for _ in range(3):
        again = desk.poller()
        await again.load()
        await again.poll(config())

    known = Validators('W/"a b"', "Mon, 2 Mar 2026")
    assert [validators for _, validators, _ in desk.world.asked][:2] == [Validators(), known]
    assert all(validators != Validators() for _, validators, _ in desk.world.asked[1:])
    assert await headlines(desk) == ["Ferry sails"]


async def test_another_address_is_asked_without_the_validators_of_the_first(desk: Desk) -> None:
    desk.world.will(URL, served(feed("Ferry sails")))
    desk.world.will("https://c.example/new", served(feed("Bridge opens")))
    poller = desk.poller()
    await poller.poll(config())
    await poller.poll(config(url="https://c.example/new"))

    assert desk.world.asked[1][1] == Validators()


async def test_a_source_that_moved_for_good_is_asked_there_from_then_on(desk: Desk) -> None:
    there = "https://new.example/feed"
    desk.world.will(URL, served(feed("Ferry sails"), moved_to=there))
    desk.world.will(there, served(feed("Ferry sails", "Bridge opens")))
    poller = desk.poller()
    await poller.poll(config())
    await poller.poll(config())

    assert [url for url, _, _ in desk.world.asked] == [URL, there]
    assert await headlines(desk) == ["Ferry sails", "Bridge opens"]


async def test_an_address_that_the_operator_writes_anew_is_read_at_once_and_there(
    desk: Desk,
) -> None:
    """Not where the former one had moved to, and not when that one would have been."""
    desk.world.will(URL, served(feed("Ferry sails"), moved_to="https://astray.example/feed"))
    desk.world.will("https://astray.example/feed", Failed("gone", "410"))
    corrected = config(url="https://c.example/other")
    desk.world.will(corrected.url, served(feed("Bridge opens")))
    poller = desk.poller()
    await poller.poll(config())
    await poller.poll(config())
    again = desk.poller()
    await again.load()

    assert again.due([config()]) == []
    assert again.due([corrected]) == [corrected]
    poll = await again.poll(corrected)
    assert desk.world.asked[2][:2] == ("https://c.example/other", Validators())
    assert (poll.url, poll.moved_to) == ("https://c.example/other", None)
    assert again.due([corrected]) == []


async def test_an_interval_is_kept_over_a_restart(desk: Desk) -> None:
    desk.world.will(URL, served(feed("Ferry sails"), max_age_s=3600))
    await desk.poller().poll(config())
    desk.watch.move(minutes=59)
    early = desk.poller()
    await early.load()
    assert early.due([config()]) == []

    desk.watch.move(minutes=5)
    assert early.due([config()]) == [config()]


async def test_what_a_publisher_asks_for_is_kept_over_a_restart(desk: Desk) -> None:
    desk.world.will(URL, Failed("too-many-requests", "429", retry_after_s=7200))
    await desk.poller().poll(config())
    again = desk.poller()
    await again.load()

    desk.watch.move(seconds=7199)
    assert again.due([config()]) == []
    desk.watch.move(seconds=1)
    assert again.due([config()]) == [config()]


async def test_that_its_host_was_closed_is_no_failure_of_a_source(desk: Desk) -> None:
    """Another source of the host had it closed: nothing was sent, so nothing has failed."""
    closed = Failed("too-many-requests", "c.example asked us to wait", retry_after_s=3_000)
    desk.world.will(URL, closed)
    poller = desk.poller()
    for _ in range(5):
        poll = await poller.poll(config())
        desk.watch.move(seconds=3_000)

    assert (poll.failures, poll.quiet) == (0, None)
    assert poll.problem == "too-many-requests: c.example asked us to wait"
    assert poller.due([config()]) == [config()]


async def test_a_process_killed_while_it_fetches_does_not_ask_again_at_once(desk: Desk) -> None:
    """What is noted before the request: nobody is asked in a loop that we are killed in."""

    class Killed(Exception):
        pass

    async def die(*_: object) -> None:
        raise Killed

    poller = desk.poller()
    poller.fetcher = type("Dying", (), {"fetch": staticmethod(die)})()
    with pytest.raises(Killed):
        await poller.poll(config())
    again = desk.poller()
    await again.load()

    assert again.due([config()]) == []


async def test_a_source_that_was_never_read_is_read_soon_after_the_start(desk: Desk) -> None:
    poller = desk.poller()
    many = [config(id=f"s-{n}") for n in range(50)]

    assert len(poller.due(many)) < 10
    desk.watch.move(seconds=START_SPREAD_S)
    assert len(poller.due(many)) == 50


async def test_a_source_that_is_switched_off_is_never_due(desk: Desk) -> None:
    poller = desk.poller()
    desk.watch.move(days=3)

    assert poller.due([config(enabled=False)]) == []


async def test_the_same_bytes_are_not_read_again(desk: Desk) -> None:
    desk.world.will(URL, served(feed("Ferry sails"), None))
    poller = desk.poller()
    first = await poller.poll(config())
    desk.watch.move(hours=1)
    second = await poller.poll(config())

    assert second.body_sha256 == first.body_sha256
    assert second.ok_at == BEGIN + timedelta(hours=1)
    assert second.new_at == BEGIN


async def test_an_unreadable_answer_is_a_failure_of_its_source(desk: Desk) -> None:
    desk.world.will(URL, served(b"\x00\x01\x02" * 100))

    poll = await desk.poller().poll(config())

    assert poll.failures == 1
    assert poll.problem
    assert poll.next_at == BEGIN + timedelta(minutes=30)
    assert poll.body_sha256 is None


async def test_a_source_of_rates_that_offers_news_is_a_failure(desk: Desk) -> None:
    desk.world.will(URL, served(feed("Ferry sails")))

    poll = await desk.poller().poll(config(format="rates"))

    assert poll.failures == 1
    assert await headlines(desk) == []


BANK = b"""<?xml version="1.0" encoding="utf-8"?><ValCurs Date="2026-03-02" name="x">
<Valute ID="840"><CharCode>USD</CharCode><Nominal>1</Nominal><Value>9.3450</Value></Valute>
</ValCurs>"""


async def test_a_bank_is_read_by_its_day_and_an_article_is_never_made_of_it(desk: Desk) -> None:
    said = config(format="nbt", url="https://b.example/?date={date:%Y-%m-%d}")
    desk.world.will("https://b.example/?date=2026-03-02", served(BANK))
    desk.world.will("https://b.example/?date=2026-03-03", served(b"<html><p>Error</p></html>"))
    poller = desk.poller()
    first = await poller.poll(said)
    desk.watch.move(days=1)
    second = await poller.poll(said)

    (observed,) = await events(desk, "rates")
    assert isinstance(observed, RateObserved)
    rate = observed.rate
    assert (rate.base, rate.quote, rate.value, rate.as_of) == ("USD", "TJS", "9.3450", "2026-03-02")
    assert rate.kind == "official"
    assert (first.failures, second.failures) == (0, 1)
    assert await headlines(desk) == []


async def test_a_holiday_of_a_bank_is_no_failure(desk: Desk) -> None:
    desk.world.will(URL, served(b"[]"))

    assert (await desk.poller().poll(config(format="cbu"))).failures == 0


async def test_quiet_and_recovered_are_said_on_the_log(desk: Desk) -> None:
    desk.world.will(URL, *[Failed("timeout", "no answer within 30 s")] * 4)
    poller = desk.poller()
    for _ in range(4):
        await poller.poll(config())
        desk.watch.move(hours=1)
    desk.world.will(URL, served(feed("Ferry sails")))
    await poller.poll(config())
    await poller.poll(config())

    quiet, recovered = await events(desk, "sources")
    assert isinstance(quiet, SourceQuiet)
    assert (quiet.source, quiet.reason, quiet.since) == ("courier", "failing", BEGIN)
    assert "no answer within 30 s" in quiet.detail
    assert isinstance(recovered, SourceRecovered)
    assert recovered.since == BEGIN


async def test_silence_is_noticed_without_a_look(desk: Desk) -> None:
    desk.world.will(URL, served(feed("Ferry sails")), unmodified())
    poller = desk.poller()
    await poller.poll(config())
    desk.watch.move(days=2)
    await poller.judge_all()
    await poller.judge_all()

    (quiet,) = await events(desk, "sources")
    assert isinstance(quiet, SourceQuiet)
    assert quiet.reason == "silent"


async def test_what_changes_in_the_file_is_on_the_log_once(desk: Desk) -> None:
    poller = desk.poller()
    await poller.configure([config(), config(id="b", url="https://b.example/")])
    await poller.configure([config(), config(id="b", url="https://b.example/")])
    await desk.poller().configure([config(trust_rank=1), config(id="b", url="https://b.example/")])
    await desk.poller().configure([config(trust_rank=1)])
    await desk.poller().configure([config(trust_rank=1), config(id="b", url="https://b.example/")])

    said = [
        (event.source, event.change, event.trust_rank)
        for event in await events(desk, "sources")
        if isinstance(event, SourceChanged)
    ]
    assert said == [
        ("courier", "added", None), ("b", "added", None), ("courier", "altered", 1),
        ("b", "removed", None), ("b", "added", None),
    ]  # fmt: skip


async def test_a_source_that_is_gone_is_forgotten(desk: Desk) -> None:
    desk.world.will(URL, served(feed("Ferry sails")))
    poller = desk.poller()
    await poller.configure([config()])
    await poller.poll(config())
    await poller.configure([])

    assert await desk.polls.all() == []
    assert await headlines(desk) == ["Ferry sails"]


class Meanwhile:
    """A publisher; while it is asked something else happens here."""

    def __init__(self, happens: Callable[[], Awaitable[None]], outcome: Outcome) -> None:
        self._happens, self._outcome = happens, outcome

    async def fetch(self, *_: object, **__: object) -> Outcome:
        """See Fetcher.fetch."""
        await self._happens()
        return self._outcome


async def test_a_source_that_is_taken_away_while_it_is_read_is_forgotten(desk: Desk) -> None:
    poller = desk.poller()
    await poller.configure([config()])
    poller.fetcher = Meanwhile(lambda: poller.configure([]), Failed("timeout", "no answer"))

    await poller.poll(config())

    assert await desk.polls.all() == []
    assert poller.poll_by_source == {}


async def test_what_a_hub_sends_while_its_source_is_read_is_not_forgotten(desk: Desk) -> None:
    desk.world.will(URL, served(feed("Ferry sails")))
    poller = desk.poller()
    await poller.poll(config())
    desk.watch.move(hours=1)

    async def deliver() -> None:
        desk.watch.move(seconds=1)
        await poller.delivered(config(), feed("Bridge opens"), None)

    poller.fetcher = Meanwhile(deliver, unmodified())
    poll = await poller.poll(config())

    assert poll.new_at == BEGIN + timedelta(hours=1, seconds=1)
    assert poll.gaps_s == (3601,)


async def test_an_old_state_that_was_sent_once_more_is_put_right_by_the_next_look(
    desk: Desk,
) -> None:
    """Somebody recorded what a hub sent and sends it after a restart: its signature holds."""
    old = feed("Ferry sails").replace(b"on Monday", b"on Sunday")
    desk.world.will(URL, served(feed("Ferry sails"), validators=Validators('"2"')))
    poller = desk.poller()
    await poller.delivered(config(), old, None)
    desk.watch.move(hours=1)
    await poller.poll(config())
    again = desk.poller()
    await again.load()
    desk.watch.move(hours=1)
    await again.delivered(config(), old, None)
    desk.watch.move(hours=1)

    await again.poll(config())

    assert [validators for _, validators, _ in desk.world.asked] == [Validators(), Validators()]
    said = [one.article.body for one in await events(desk, "articles")]
    assert said == [
        ("Ferry sails, said the ministry on Sunday.",),
        ("Ferry sails, said the ministry on Monday.",),
        ("Ferry sails, said the ministry on Sunday.",),
        ("Ferry sails, said the ministry on Monday.",),
    ]


async def test_silence_that_is_noticed_during_a_look_is_recovered_from(desk: Desk) -> None:
    desk.world.will(URL, served(feed("Ferry sails")))
    poller = desk.poller()
    await poller.poll(config())
    desk.watch.move(hours=48)
    news = served(feed("Ferry sails", "Bridge opens"))
    poller.fetcher = Meanwhile(poller.judge_all, replace(news, url=URL))

    await poller.poll(config())

    found = [type(one) for one in await events(desk, "sources")]
    assert found == [SourceQuiet, SourceRecovered]


class AwayLog(MemoryLog):
    """A log that is away for the next appends."""

    away = 0

    async def append(self, stream: StreamName, drafts: object) -> list[object]:
        if self.away:
            self.away -= 1
            raise Unavailable("Redis does not answer")
        assert isinstance(drafts, list)
        return list(await super().append(stream, [one for one in drafts if isinstance(one, Draft)]))


async def test_what_could_not_be_recorded_is_read_again(desk: Desk) -> None:
    log = AwayLog()
    desk.log = log
    desk.world.will(URL, served(feed("Ferry sails")))
    poller = desk.poller()
    log.away = 1
    with pytest.raises(Unavailable):
        await poller.poll(config())
    await poller.poll(config())

    assert desk.world.asked[1][1] == Validators()
    assert await headlines(desk) == ["Ferry sails"]


async def test_one_source_costs_itself_alone(desk: Desk) -> None:
    """The others are published though one never answers."""
    poller: Poller = desk.poller()
    many = [config(id=f"s-{n}", url=f"https://s{n}.example/") for n in range(20)]
    for n, one in enumerate(many[1:], start=1):
        desk.world.will(one.url, served(feed(f"News of {n}")))
    desk.world.will("https://s0.example/", Failed("timeout", "no answer"))
    polling = Polling(poller)
    for _ in range(START_SPREAD_S + 1):
        await polling.step(many)
        desk.watch.move(seconds=1)
    await polling.end()

    assert sorted(await headlines(desk)) == sorted(f"News of {n}" for n in range(1, 20))
    assert poller.poll_by_source["s-0"].failures == 1


async def test_a_publisher_of_many_feeds_that_hangs_keeps_no_other_from_being_read(
    desk: Desk,
) -> None:
    poller = desk.poller()
    poller.fetcher = hung = Hung(desk.world)
    many = [config(id=f"a-{n}", url=f"https://hung.example/{n}") for n in range(60)]
    good = config(id="good", url="https://good.example/")
    desk.world.will(good.url, served(feed("Bridge opens")))
    polling = Polling(poller)
    for _ in range(START_SPREAD_S + 1):
        polling.poller.due([*many, good])
        desk.watch.move(seconds=1)
    await polling.step([*many, good])
    await polling.step([*many, good])

    assert await headlines(desk) == ["Bridge opens"]
    assert sorted(polling.under_way) == sorted(hung.asked)
    assert len(hung.asked) == 2
    await polling.end()


class Hung:
    """A world in which one host never answers."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.asked: list[str] = []

    async def fetch(self, url: str, validators: Validators, kind: Kind = "feed") -> Outcome:
        """See Fetcher.fetch."""
        if url.startswith("https://hung.example/"):
            self.asked.append(f"a-{url.rpartition('/')[2]}")
            await asyncio.Event().wait()
        return await self._world.fetch(url, validators, kind)


async def test_a_fault_of_ours_at_one_source_stops_no_other(desk: Desk) -> None:
    class Broken:
        async def parse(self, *_: object) -> Parsed:
            raise ZeroDivisionError

    desk.world.will("https://a.example/", served(feed("Ferry sails")))
    desk.world.will("https://b.example/", unmodified())
    poller = desk.poller()
    poller.parser = Broken()
    many = [config(id=name, url=f"https://{name}.example/") for name in "ab"]
    polling = Polling(poller)
    for _ in range(START_SPREAD_S + 1):
        await polling.step(many)
        desk.watch.move(seconds=1)
    await polling.end()

    assert poller.poll_by_source["b"].ok_at is not None
    assert poller.poll_by_source["a"].ok_at is None
    assert poller.due(many) == []


def page(number: int) -> bytes:
    """A page of the paper."""
    text = f"The {number}th ferry of the season left the port of Pavlodar on time. " * 6
    said = {"@type": "NewsArticle", "headline": f"Ferry {number} sails", "articleBody": text}
    script = f'<script type="application/ld+json">{json.dumps(said)}</script>'
    return f"<html><head>{script}</head><body><h1>Ferry</h1><p>{text}</p></body></html>".encode()


async def test_the_pages_of_a_list_are_read_ten_at_a_time_and_each_once(desk: Desk) -> None:
    urls = [f"https://c.example/2026/03/0{1 + n // 9}/ferry-number-{n}-sails" for n in range(14)]
    links = "".join(
        f"<li><a href='{url}'>Ferry number {n} sails from Pavlodar again</a></li>"
        for n, url in enumerate(urls)
    )
    body = f"<html><body><main><ul>{links}</ul></main></body></html>".encode()
    desk.world.will(URL, served(body))
    for n, url in enumerate(urls):
        desk.world.will(url, served(page(n)))
    poller = desk.poller()
    first = await poller.poll(config(format="list"))
    second = await poller.poll(config(format="list"))
    third = await poller.poll(config(format="list"))

    asked = [url for url, _, kind in desk.world.asked if kind == "page"]
    assert sorted(asked) == sorted(urls)
    assert (first.etag, second.etag) == (None, '"1"')
    assert third.failures == 0
    assert len(await headlines(desk)) == 14
