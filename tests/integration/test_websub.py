"""Subscribing at a hub on loopback: what is asked, confirmed, believed and renewed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import ExitStack
from datetime import timedelta

import httpx2
import pytest

from services.ingest.websub import door as websub_door
from services.ingest.websub import subscriber as subscribers
from services.ingest.websub.subscriber import Subscriber
from shared.errors import Unavailable
from tests.push_door import SEEN_AT, quiet
from tests.websub_hub import FEED, SOURCE, TOPIC, Poster, Room, room

DAY = timedelta(days=1)


@pytest.fixture
async def desk() -> AsyncIterator[Room]:
    async with room() as made:
        yield made


async def live(desk: Room) -> Room:
    """A desk whose source is subscribed."""
    await desk.offered(desk.hub.url)
    assert desk.subscription is not None
    assert desk.subscription.is_live(desk.door.now)
    return desk


# --- asking and confirming -----------------------------------------------------------------------


async def test_a_hub_is_asked_and_its_challenge_is_echoed(desk: Room) -> None:
    await desk.offered(desk.hub.url)
    (form,) = desk.hub.forms

    assert form["hub.mode"] == "subscribe"
    assert form["hub.topic"] == TOPIC
    assert form["hub.lease_seconds"] == "864000"
    assert len(form["hub.secret"]) == 43
    assert len(form["hub.callback"].rpartition("/websub/")[2]) == 43
    assert desk.hub.answers == [(200, "<challenge & 1>")]


async def test_a_challenge_is_echoed_as_plain_text(desk: Room) -> None:
    import httpx2

    desk.hub.confirms = False
    await desk.offered(desk.hub.url)
    asked = {"hub.mode": "subscribe", "hub.topic": TOPIC, "hub.challenge": "<script>"}
    async with httpx2.AsyncClient() as client:
        answer = await client.get(desk.hub.forms[0]["hub.callback"], params=asked)

    assert answer.text == "<script>"
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert answer.headers["x-content-type-options"] == "nosniff"


async def test_what_was_not_asked_for_is_confirmed_to_nobody(desk: Room) -> None:
    hub = (await live(desk)).hub
    form = hub.forms[0]
    stranger = {**form, "hub.callback": form["hub.callback"][:-1] + "_"}

    assert (await hub.confirm(stranger))[0] == 404
    assert (await hub.confirm(form, topic=f"{TOPIC}?"))[0] == 404
    assert (await hub.confirm(form, topic="https://other.example/"))[0] == 404
    assert (await hub.confirm(form, mode="unsubscribe"))[0] == 404
    assert (await hub.confirm(form, mode="publish"))[0] == 404
    assert (await hub.confirm(form, mode=""))[0] == 404
    assert desk.subscription is not None


async def test_a_hub_may_confirm_again_for_a_day(desk: Room) -> None:
    hub = (await live(desk)).hub
    desk.door.now += DAY
    assert (await hub.confirm(hub.forms[0]))[0] == 200
    desk.door.now += timedelta(seconds=1)
    assert (await hub.confirm(hub.forms[0]))[0] == 404


async def test_a_source_is_subscribed_once_however_often_it_is_polled(desk: Room) -> None:
    for _ in range(3):
        await desk.offered(desk.hub.url)

    assert len(desk.hub.forms) == 1


async def test_a_hub_of_https_is_asked_before_others(desk: Room) -> None:
    await desk.subscriber.offered(SOURCE, ("http://a.example/", "https://b.example/"), TOPIC)

    assert desk.subscription is not None
    assert desk.subscription.hub == "https://b.example/"


@pytest.mark.parametrize(
    ("hubs", "topic"),
    [((), TOPIC), (("ftp://h.example/",), TOPIC), (("https://h.example/",), None),
     (("https://h.example/",), "file:///etc/passwd"), (("https://h/" + "x" * 2_000,), TOPIC)],
)  # fmt: skip
async def test_a_feed_that_names_no_hub_or_not_itself_is_polled_alone(
    desk: Room, hubs: tuple[str, ...], topic: str | None
) -> None:
    await desk.subscriber.offered(SOURCE, hubs, topic)

    assert desk.subscription is None


@pytest.mark.parametrize(
    ("lease", "counts_s"),
    [("864000", 864_000), ("0", 3_600), ("-5", 3_600), ("soon", 3_600), (None, 3_600),
     ("1", 300), ("999999999999", 2_592_000), ("9" * 100, 3_600)],
)  # fmt: skip
async def test_a_lease_counts_within_bounds_whatever_the_hub_says(
    desk: Room, lease: str | None, counts_s: int
) -> None:
    desk.hub.lease = lease
    await live(desk)

    assert desk.subscription is not None
    assert desk.subscription.lease_until == desk.door.now + timedelta(seconds=counts_s)
    assert desk.subscription.next_at == desk.door.now + timedelta(seconds=counts_s * 0.8)


async def test_a_hub_that_denies_is_asked_again_after_a_day(desk: Room) -> None:
    hub = (await live(desk)).hub

    assert (await hub.confirm(hub.forms[0], mode="denied", reason="not\x1b you"))[0] == 200
    assert desk.subscription is not None
    assert not desk.subscription.is_live(desk.door.now)
    assert desk.subscription.problem == "denied: not\\x1b you"
    desk.door.now += DAY
    await desk.subscriber.step()
    assert len(hub.forms) == 2


async def test_a_hub_that_never_confirms_is_asked_again_after_a_day(desk: Room) -> None:
    desk.hub.confirms = False
    await desk.offered(desk.hub.url)
    await desk.subscriber.step()
    desk.door.now += DAY
    await desk.subscriber.step()

    assert len(desk.hub.forms) == 2
    assert desk.subscription is not None
    assert not desk.subscription.is_live(desk.door.now)


# --- hubs in trouble -----------------------------------------------------------------------------


async def test_a_hub_that_is_down_is_asked_more_and_more_seldom(desk: Room) -> None:
    desk.hub.status = 500
    await desk.offered(desk.hub.url)
    waits = []
    for _ in range(7):
        assert desk.subscription is not None
        waits.append((desk.subscription.next_at - desk.door.now).total_seconds())
        desk.door.now = desk.subscription.next_at
        await desk.subscriber.step()

    assert waits == [600, 1_200, 2_400, 4_800, 9_600, 19_200, 21_600]


async def test_nobody_listens_where_the_hub_was(desk: Room) -> None:
    await desk.offered("http://127.0.0.1:1/hub")

    assert desk.subscription is not None
    assert desk.subscription.failures == 1
    assert desk.subscription.problem == "no connection: ConnectError"


async def test_a_hub_is_left_alone_for_as_long_as_it_wants(desk: Room) -> None:
    desk.hub.status, desk.hub.headers = 503, {"Retry-After": "7200"}
    await desk.offered(desk.hub.url)

    assert desk.subscription is not None
    assert desk.subscription.next_at == desk.door.now + timedelta(hours=2)


async def test_a_form_goes_to_no_other_address_than_the_hubs(desk: Room) -> None:
    desk.hub.status, desk.hub.headers = 307, {"Location": f"{desk.hub.url}/elsewhere"}
    await desk.offered(desk.hub.url)

    assert len(desk.hub.forms) == 1
    assert desk.subscription is not None
    assert desk.subscription.problem == "answered 307"


# --- deliveries ----------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["sha1", "sha256", "sha384", "sha512"])
async def test_what_a_hub_signs_is_delivered(desk: Room, method: str) -> None:
    hub = (await live(desk)).hub

    assert await hub.send(method=method) == 202
    assert await desk.received() == [(SOURCE, FEED, "application/rss+xml")]


@pytest.mark.parametrize(
    "signature",
    ["", "sha256=" + "0" * 64, "sha1=" + "0" * 40, "md5=" + "0" * 32, "sha256", "sha256=Ж", "="],
)
async def test_what_is_not_signed_is_ignored_and_not_told(desk: Room, signature: str) -> None:
    hub = (await live(desk)).hub

    given = {"X-Hub-Signature": signature} if signature.isascii() else {"X-Hub-Signature": "x"}
    assert await hub.send(**given) == 202
    assert await desk.received() == []


async def test_a_document_that_was_changed_on_its_way_is_ignored(desk: Room) -> None:
    import hmac

    hub = (await live(desk)).hub
    digest = hmac.new(hub.forms[0]["hub.secret"].encode(), FEED, "sha256").hexdigest()

    assert await hub.send(FEED + b" ", **{"X-Hub-Signature": f"sha256={digest}"}) == 202
    assert await desk.received() == []


async def test_the_same_document_is_delivered_once(desk: Room) -> None:
    hub = (await live(desk)).hub
    for body in (FEED, FEED, FEED + b" ", FEED):
        assert await hub.send(body) == 202

    assert [body for _, body, _ in await desk.received()] == [FEED, FEED + b" "]


async def test_a_document_of_another_topic_is_ignored(desk: Room) -> None:
    hub = (await live(desk)).hub

    assert await hub.send(Link='<https://other.example/>; rel="self"') == 202
    assert await hub.send(FEED + b"1", Link=f'<{TOPIC}>; title="a"; rel="hub self"') == 202
    assert await hub.send(FEED + b"2", Link="") == 202
    assert [body for _, body, _ in await desk.received()] == [FEED + b"1", FEED + b"2"]


async def test_nothing_is_taken_where_nobody_subscribes(desk: Room) -> None:
    hub = (await live(desk)).hub
    hub.forms[0]["hub.callback"] += "x"

    assert await hub.send() == 410
    assert await desk.received() == []


async def test_a_document_that_is_too_large_is_not_read_on(
    desk: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(websub_door, "BODY_BYTES_MAX", 100)
    hub = (await live(desk)).hub

    assert await hub.send(b"x" * 101) == 413


async def test_a_document_that_trickles_is_given_up(desk: Room) -> None:
    """A hub that drips would hold its place among those that are read, for hours."""
    hub = (await live(desk)).hub

    async def slow() -> AsyncIterator[bytes]:
        for _ in range(100):
            desk.door.now += timedelta(seconds=20)
            yield b" "
            await asyncio.sleep(0.01)

    async with httpx2.AsyncClient(timeout=5) as client:
        answer = await client.post(hub.forms[0]["hub.callback"], content=slow())

    assert answer.status_code == 422
    assert "may take 60 s" in answer.json()["detail"]


async def test_a_hub_sends_again_what_there_is_no_room_for(
    desk: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub = (await live(desk)).hub
    monkeypatch.setattr(websub_door, "WAITING_BYTES_MAX", len(FEED) - 1)
    assert await hub.send() == 503
    monkeypatch.setattr(websub_door, "WAITING_BYTES_MAX", len(FEED))
    assert await hub.send() == 202
    assert len(await desk.received()) == 1


async def test_a_source_leaves_room_for_what_others_send(
    desk: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(websub_door, "WAITING_OF_SOURCE_BYTES_MAX", 10)

    assert desk.deliveries.take("a", b"x" * 10, None)
    assert not desk.deliveries.take("a", b"x", None)
    assert desk.deliveries.take("b", b"x" * 10, None)
    await desk.received()
    assert desk.deliveries.take("a", b"x" * 10, None)


async def test_one_document_of_a_source_is_read_at_a_time(desk: Room) -> None:
    """A hub that sends hundreds at once, never to their end, would fill the memory."""
    hub = (await live(desk)).hub
    with desk.deliveries.reading(SOURCE) as has_room:
        assert has_room
        assert await hub.send() == 503
    assert await hub.send() == 202

    with ExitStack() as stack:
        room = [stack.enter_context(desk.deliveries.reading(f"s-{n}")) for n in range(21)]
    assert room == [True] * 20 + [False]


async def test_a_fault_at_one_document_ends_no_other(desk: Room) -> None:
    hub, deliver = (await live(desk)).hub, desk.deliveries.deliver

    async def fail_once(*_: object) -> None:
        desk.deliveries.deliver = deliver
        raise ZeroDivisionError

    desk.deliveries.deliver = fail_once
    assert await hub.send(FEED + b"1") == 202
    assert await hub.send(FEED + b"2") == 202

    async with asyncio.timeout(10):
        assert [body for _, body, _ in await desk.received()] == [FEED + b"2"]


# --- renewed and ended ---------------------------------------------------------------------------


async def test_a_lease_is_renewed_when_four_fifths_are_over(desk: Room) -> None:
    hub = (await live(desk)).hub
    desk.door.now += timedelta(days=8) - timedelta(seconds=1)
    await desk.subscriber.step()
    assert len(hub.forms) == 1
    desk.door.now += timedelta(seconds=1)
    await desk.subscriber.step()

    assert hub.forms[1] == hub.forms[0]
    assert desk.subscription is not None
    assert desk.subscription.lease_until == SEEN_AT + timedelta(days=18)
    assert await hub.send() == 202
    assert len(await desk.received()) == 1


async def test_a_hub_that_is_down_when_the_lease_is_renewed_ends_it(desk: Room) -> None:
    hub = (await live(desk)).hub
    hub.status = 500
    for _ in range(30):
        assert desk.subscription is not None
        desk.door.now = max(desk.door.now, desk.subscription.next_at)
        await desk.subscriber.step()

    assert not desk.subscription.is_live(desk.door.now)
    hub.status = 202
    desk.door.now += DAY
    await desk.subscriber.step()
    assert desk.subscription.is_live(desk.door.now)


async def test_a_subscription_outlives_a_restart(desk: Room) -> None:
    hub = (await live(desk)).hub
    base = desk.subscriber.base_url
    again = Subscriber(base, desk.store, Poster(), lambda: desk.door.now, quiet())
    await again.load()
    assert again.of(SOURCE) == desk.subscription
    await again.offered(SOURCE, [hub.url], TOPIC)
    await again.step()
    assert len(hub.forms) == 1
    desk.door.now += timedelta(days=8)
    await again.step()

    assert len(hub.forms) == 2


async def test_before_subscriptions_are_known_no_hub_is_told_that_there_are_none(
    desk: Room,
) -> None:
    early = Subscriber("http://x", desk.store, Poster(), lambda: desk.door.now, quiet())

    with pytest.raises(Unavailable):
        early.source_of("token")


async def test_a_source_that_is_removed_is_unsubscribed(desk: Room) -> None:
    hub = (await live(desk)).hub
    await desk.subscriber.configure([])
    assert await hub.send() == 410
    await desk.subscriber.step()

    assert hub.forms[1]["hub.mode"] == "unsubscribe"
    assert hub.forms[1].keys() == {"hub.callback", "hub.mode", "hub.topic"}
    assert hub.answers[1][0] == 200
    assert await desk.store.all() == []


async def test_a_hub_that_changes_is_left_for_the_other(desk: Room) -> None:
    hub = (await live(desk)).hub
    await desk.offered(f"{hub.url}/other")
    asked = [(form["hub.mode"], form["hub.callback"]) for form in hub.forms]

    assert sorted(mode for mode, _ in asked) == ["subscribe", "subscribe", "unsubscribe"]
    assert len({callback for _, callback in asked}) == 2
    assert [one.hub for one in await desk.store.all()] == [f"{hub.url}/other"]


async def test_a_feed_that_names_another_hub_each_time_uses_up_nothing(desk: Room) -> None:
    desk.hub.confirms = False
    for number in range(20):
        await desk.offered(f"{desk.hub.url}/{number}")

    modes = [form["hub.mode"] for form in desk.hub.forms]
    assert (modes.count("subscribe"), modes.count("unsubscribe")) == (4, 4)
    assert len(await desk.store.all()) == 4


async def test_a_feed_that_names_no_hub_any_more_is_unsubscribed(desk: Room) -> None:
    await live(desk)
    await desk.offered()

    assert await desk.store.all() == []


async def test_a_hub_that_is_down_when_it_is_left_is_forgotten_with_its_lease(desk: Room) -> None:
    hub = (await live(desk)).hub
    hub.status = 500
    await desk.offered()
    for _ in range(60):
        desk.door.now += timedelta(hours=6)
        await desk.subscriber.step()

    assert await desk.store.all() == []


async def test_few_hubs_are_asked_at_a_time(desk: Room) -> None:
    for number in range(subscribers.ASKS_MAX + 3):
        await desk.subscriber.offered(f"s{number}", [desk.hub.url], TOPIC)
    await desk.subscriber.step()
    assert len(desk.hub.forms) == subscribers.ASKS_MAX
    await desk.subscriber.step()
    assert len(desk.hub.forms) == subscribers.ASKS_MAX + 3
