"""Signed requests before every log; the library of Standard Webhooks signs them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import httpx2
import orjson
import pytest

from services.ingest.push import keyring, requests
from services.ingest.push.bodies import JSON_BYTES_MAX
from services.ingest.push.limits import Limits
from services.ingest.push.replays import Replays
from shared.events import ArticleReceived, ArticleRevised
from shared.log import Log
from shared.testing.memory_log import MemoryLog
from tests.builders import entries, events
from tests.push_door import RATE, SEEN_AT, SOURCE, Door, outcomes, pushed, signed

FIRST = "Ferry number 1 for the upper Irtysh"
SECOND = "Ferry number 1 is late"


@dataclass
class Partner:
    """A sender that signs, and what it sent."""

    door: Door
    key_id: str
    secret: str
    sent: list[dict[str, Any]] = field(default_factory=list)

    async def send(
        self, item: object, message: str = "msg_1", at: datetime | None = None, **headers: str
    ) -> httpx2.Response:
        """What is answered to a request that is signed now, or at an instant."""
        body = orjson.dumps(item)
        at = at or self.door.now + timedelta(seconds=1)
        given = {**signed(self.secret, body, at, message), **headers}
        self.sent.append({"body": body, "headers": given})
        return await self.post(body, **given)

    async def post(self, body: object, path: str = "articles", **headers: str) -> httpx2.Response:
        """What is answered to bytes and headers as they are."""
        return await self.door.send(f"/v1/webhooks/{self.key_id}/{path}", None, body, **headers)

    async def replay(self, number: int) -> httpx2.Response:
        """What is answered to somebody who has recorded a request."""
        recorded = self.sent[number]
        return await self.post(recorded["body"], **recorded["headers"])


async def partner_of(door: Door) -> Partner:
    return Partner(door, *await keyring.add_signing(door.keys, "partner", [SOURCE], door.now))


@pytest.fixture
async def partner(log: Log) -> Partner:
    return await partner_of(Door(log))


@pytest.fixture
async def memory() -> Partner:
    return await partner_of(Door(MemoryLog()))


def problem(answer: httpx2.Response) -> tuple[int, str]:
    assert answer.headers["content-type"] == "application/problem+json"
    return answer.status_code, answer.json()["type"].removeprefix("urn:newswire:problem:")


async def headlines(log: Log) -> list[str]:
    found = [recorded.event for recorded in await events(log)]
    return [
        one.article.headline for one in found if isinstance(one, ArticleReceived | ArticleRevised)
    ]


async def test_what_is_signed_is_taken_and_stands(partner: Partner) -> None:
    answer = await partner.send([pushed(1), pushed(2)])

    assert answer.status_code == 202
    assert outcomes(answer) == ["appended", "appended"]
    assert len(await headlines(partner.door.log)) == 2


async def test_rates_may_be_signed_too(partner: Partner) -> None:
    body = orjson.dumps(RATE)
    answer = await partner.post(body, "rates", **signed(partner.secret, body, partner.door.now))

    assert outcomes(answer) == ["appended"]


async def test_a_replay_changes_nothing_while_the_article_stands(partner: Partner) -> None:
    await partner.send(pushed(1))
    answer = await partner.replay(0)

    assert outcomes(answer) == ["unchanged"]
    assert await headlines(partner.door.log) == [FIRST]


async def test_a_replay_changes_nothing_after_the_article_moved_on(partner: Partner) -> None:
    await partner.send(pushed(1), "msg_1")
    await partner.send(pushed(1, headline=SECOND), "msg_2")
    answers = [await partner.replay(0) for _ in range(3)]

    assert [outcomes(one) for one in answers] == [["stale"]] * 3
    assert await headlines(partner.door.log) == [FIRST, SECOND]


async def test_a_replay_of_several_versions_in_one_request_changes_nothing(
    partner: Partner,
) -> None:
    await partner.send([pushed(1), pushed(1, headline=SECOND)])
    answer = await partner.replay(0)

    assert outcomes(answer) == ["stale", "unchanged"]
    assert await headlines(partner.door.log) == [FIRST, SECOND]


async def test_a_replayed_rate_does_not_come_back(partner: Partner) -> None:
    for message, value in (("msg_1", "501.40"), ("msg_2", "502.00"), ("msg_1", "501.40")):
        body = orjson.dumps({**RATE, "value": value})
        headers = signed(partner.secret, body, partner.door.now, message)
        answer = await partner.post(body, "rates", **headers)

    assert outcomes(answer) == ["stale"]
    assert len(await entries(partner.door.log, "rates")) == 2


async def test_a_second_attempt_that_comes_late_is_what_the_first_one_was(partner: Partner) -> None:
    await partner.send(pushed(1), "msg_1")
    await partner.send(pushed(1, headline=SECOND), "msg_2")
    answer = await partner.send(pushed(1), "msg_1")

    assert outcomes(answer) == ["stale"]


async def test_what_a_source_says_anew_is_taken_though_it_said_it_before(partner: Partner) -> None:
    await partner.send(pushed(1), "msg_1")
    await partner.send(pushed(1, headline=SECOND), "msg_2")
    await partner.send(pushed(1), "msg_3")

    assert await headlines(partner.door.log) == [FIRST, SECOND, FIRST]


async def test_a_sender_with_one_id_for_everything_loses_no_version(partner: Partner) -> None:
    await partner.send(pushed(1), "same")
    await partner.send(pushed(1, headline=SECOND), "same")

    assert await headlines(partner.door.log) == [FIRST, SECOND]


async def test_a_replay_after_a_restart_is_to_be_signed_again(partner: Partner) -> None:
    await partner.send(pushed(1), "msg_1")
    await partner.send(pushed(1, headline=SECOND), "msg_2")
    partner.door.now += timedelta(seconds=60)
    partner.door.replays = Replays(partner.door.now)
    answer = await partner.replay(0)

    assert problem(answer) == (503, "sign-again")
    assert answer.headers["retry-after"] == "61"
    assert outcomes(await partner.send(pushed(2), "msg_3")) == ["appended"]
    assert len(await headlines(partner.door.log)) == 3


async def test_a_recording_is_refused_after_five_minutes(memory: Partner) -> None:
    await memory.send(pushed(1))
    memory.door.now += timedelta(seconds=301)

    assert problem(await memory.replay(0)) == (401, "signature-invalid")


async def test_the_secret_before_is_valid_for_a_day(memory: Partner) -> None:
    before = memory.secret
    memory.secret = await keyring.rotate(memory.door.keys, memory.key_id, memory.door.now)
    assert (await memory.send(pushed(1))).status_code == 202
    memory.secret = before
    memory.door.now += timedelta(hours=23)
    assert (await memory.send(pushed(2))).status_code == 202
    memory.door.now += timedelta(hours=1)
    assert problem(await memory.send(pushed(3))) == (401, "signature-invalid")


async def test_a_revoked_key_signs_nothing_more(memory: Partner) -> None:
    await keyring.revoke(memory.door.keys, memory.key_id, SEEN_AT)

    assert problem(await memory.send(pushed(1))) == (401, "signature-invalid")


async def test_a_body_that_was_changed_on_its_way_is_not_taken(memory: Partner) -> None:
    await memory.send(pushed(1))
    headers = memory.sent[0]["headers"]
    answer = await memory.post(orjson.dumps(pushed(1, headline="Forged")), **headers)

    assert problem(answer) == (401, "signature-invalid")
    assert answer.headers["www-authenticate"] == 'StandardWebhooks realm="newswire"'
    assert await headlines(memory.door.log) == [FIRST]


async def test_a_signature_of_one_key_is_none_of_another(memory: Partner) -> None:
    other = await partner_of(memory.door)
    await memory.send(pushed(1))
    memory.key_id = other.key_id

    assert problem(await memory.replay(0)) == (401, "signature-invalid")


@pytest.mark.parametrize("key_id", ["0123456789ab", "x", "..", "nw_0123456789ab", "Ж" * 50])
async def test_a_key_that_is_unknown_signs_nothing(memory: Partner, key_id: str) -> None:
    memory.key_id = key_id
    answer = await memory.send(pushed(1))

    assert answer.status_code in (401, 404)
    assert await headlines(memory.door.log) == []


async def test_a_key_that_is_sent_signs_nothing(memory: Partner) -> None:
    key = await memory.door.key()
    memory.key_id = key.split("_")[1]

    assert problem(await memory.send(pushed(1))) == (401, "signature-invalid")


async def test_a_key_that_signs_is_not_sent(memory: Partner) -> None:
    answer = await memory.door.send("/v1/articles", memory.secret, pushed(1))

    assert problem(answer) == (401, "key-unknown")


async def test_a_signed_key_is_for_its_sources_alone(memory: Partner) -> None:
    answer = await memory.send(pushed(1, source="gazette"))

    assert problem(answer) == (403, "source-not-allowed")


async def test_lines_are_not_signed(memory: Partner) -> None:
    answer = await memory.send(pushed(1), **{"Content-Type": "application/x-ndjson"})

    assert problem(answer) == (415, "media-type-unsupported")
    assert answer.headers["accept-post"] == "application/json"


async def test_a_signed_body_is_read_to_a_limit(memory: Partner) -> None:
    read = []

    async def endless() -> AsyncIterator[bytes]:
        while True:
            read.append(1)
            yield b" " * 1_000_000

    await memory.send(pushed(1))
    answer = await memory.post(endless(), **memory.sent[0]["headers"])

    assert problem(answer) == (413, "body-too-large")
    assert len(read) <= JSON_BYTES_MAX / 1_000_000 + 2


async def test_a_signed_body_that_trickles_is_given_up(memory: Partner) -> None:
    async def slow() -> AsyncIterator[bytes]:
        while True:
            memory.door.now += timedelta(seconds=20)
            yield b" "

    await memory.send(pushed(1))
    answer = await memory.post(slow(), **memory.sent[0]["headers"])

    assert problem(answer) == (422, "items-rejected")
    assert "a signed body may take 60 s" in answer.json()["detail"]


async def test_a_body_that_nobody_may_send_is_not_read(memory: Partner) -> None:
    async def unread() -> AsyncIterator[bytes]:
        raise AssertionError
        yield b""

    await memory.send(pushed(1))
    good = memory.sent[0]["headers"]
    memory.door.replays = Replays(memory.door.now + timedelta(seconds=9))
    early = await memory.post(unread(), **good)
    memory.key_id = "0123456789ab"
    unknown = await memory.post(unread(), **good)
    unsigned = await memory.post(unread())

    assert [early.status_code, unknown.status_code, unsigned.status_code] == [503, 401, 401]


async def test_a_forged_request_costs_its_key_nothing(memory: Partner) -> None:
    memory.door.limits = Limits(2, 0, lambda: 1_000.0)
    await memory.send(pushed(1))
    for _ in range(5):
        await memory.post(b"{}", **memory.sent[0]["headers"])

    assert (await memory.send(pushed(2), "msg_2")).status_code == 202
    assert problem(await memory.send(pushed(3), "msg_3")) == (429, "too-many-requests")


def test_few_bodies_are_held_before_anybody_knows_whose_they_are() -> None:
    assert Door(MemoryLog()).desk.unverified._value == requests.UNVERIFIED_MAX == 20
