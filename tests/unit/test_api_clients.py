"""The queue of one client: bounded, in order, and silent about what is not wanted."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from services.api import clients, cursors, selection, sse
from services.api.clients import Client
from services.api.cursors import Since
from services.api.outgoing import Outgoing, Told
from services.api.selection import Selection
from services.api.sse import Reset
from shared.streams import Checkpoint, Position


def event(seq: int, document: bytes = b"{}", kind: str = "newswire.rate.quoted") -> Told:
    at = Checkpoint(Position(f"{seq}-0"), seq, f"e{seq}")
    return Told(Outgoing(at, kind, "s", None, document), place(seq))


def place(seq: int) -> Since:
    return cursors.event(seq, f"e{seq}")


class Aborted:
    """Counts how often the connection was ended."""

    count = 0

    def __call__(self) -> None:
        self.count += 1


def joined(wanted: Selection | None = None, sent: int = 0) -> tuple[Client, Aborted]:
    aborted = Aborted()
    client = Client(wanted or Selection(), aborted)
    client.sent = place(sent)
    client.join()
    return client, aborted


def offer(client: Client, *events: Told) -> None:
    for one in events:
        client.offer(one, sse.message(one))


async def test_events_come_in_order_and_together() -> None:
    client, _ = joined()
    offer(client, event(1), event(2))

    at, part = await client.next()

    assert at == place(2)
    assert part == sse.message(event(1)) + sse.message(event(2))


async def test_what_the_client_has_is_not_sent_again_and_what_came_before_it_joined_is_not_kept(
) -> None:  # fmt: skip
    client, _ = joined(sent=5)
    offer(client, event(4), event(5), event(6))
    late = Client(Selection(), Aborted())
    offer(late, event(6))

    assert await client.next() == (place(6), sse.message(event(6)))
    late.join()
    offer(late, event(7))
    assert await late.next() == (place(7), sse.message(event(7)))


async def test_what_was_taken_up_late_is_known_by_its_number() -> None:
    client = Client(Selection(), Aborted())
    client.sent = replace(place(5), late=2)
    client.join()
    before, behind = (
        Told(event(3).event, replace(place(5), late=number), is_late=True) for number in (2, 3)
    )
    offer(client, before, behind)

    assert await client.next() == (replace(place(5), late=3), sse.message(behind))


async def test_500_events_wait_and_one_more_ends_the_connection() -> None:
    client, aborted = joined()
    offer(client, *(event(seq) for seq in range(1, 501)))
    assert not client.is_closed

    offer(client, event(501), event(502))

    assert client.is_closed
    assert aborted.count == 1
    assert await client.next() == (None, b"")


async def test_a_megabyte_waits_and_one_byte_more_ends_the_connection() -> None:
    empty = len(sse.message(event(1, b"")))
    half = 500_000 - empty
    client, aborted = joined()
    offer(client, event(1, b"x" * half), event(2, b"x" * half))
    assert aborted.count == 0

    offer(client, event(3))

    assert aborted.count == 1


async def test_a_single_event_is_never_too_large() -> None:
    client, aborted = joined()
    large = event(1, b"x" * 1_500_000)
    offer(client, large)

    assert await client.next() == (place(1), sse.message(large))
    assert aborted.count == 0


async def test_a_write_ends_before_64_kilobytes_when_there_is_more() -> None:
    client, _ = joined()
    offer(client, *(event(seq, b"x" * 30_000) for seq in range(1, 6)))

    sizes = []
    for _ in range(3):
        at, part = await client.next()
        assert at
        sizes.append((at.seq, part.count(b"\n\n")))

    assert sizes == [(2, 2), (4, 2), (5, 1)]


async def test_silence_is_a_heartbeat_with_the_place_reached(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """So that a client that wants little does not come back for what it did not want."""
    monkeypatch.setattr(clients, "HEARTBEAT_S", 0.01)
    client, _ = joined(selection.selection(["article.published"], [], []), sent=3)
    waiting = asyncio.create_task(client.next())
    await asyncio.sleep(0)
    offer(client, event(4), event(5))

    at, part = await waiting

    assert at == place(5)
    assert part == b": heartbeat\nid: " + cursors.text(place(5)).encode() + b"\n\n"


async def test_a_place_that_is_not_written_yet_is_never_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """An unwanted event behind a wanted one that is still being sent does not move the client."""
    monkeypatch.setattr(clients, "HEARTBEAT_S", 0.01)
    client, _ = joined(selection.selection(["article.published"], [], []), sent=3)
    offer(client, event(4, kind="newswire.article.published"))
    await client.next()  # handed to the writer, not written

    offer(client, event(5))

    assert client.sent == place(3)


async def test_a_client_that_has_to_begin_anew_forgets_what_waits() -> None:
    client, aborted = joined()
    offer(client, event(1))
    client.begin_anew(Reset("diverged"))
    offer(client, replace(event(2)))

    assert await client.next() == (None, b"")
    assert (client.is_closed, aborted.count) == (False, 0)
