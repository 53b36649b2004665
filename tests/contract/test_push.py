"""The push door before every log: what is answered stands, and everything may be sent again."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from services.ingest.push import answers, keyring
from services.ingest.push import app as application
from shared.errors import Unavailable
from shared.events import ArticleReceived, ArticleRevised, RateObserved
from shared.house_events import DeadLetterDropped, DeadLetterRetried
from shared.keys import Key
from shared.log import Log
from shared.state import KEYS
from shared.testing.memory_log import MemoryLog
from shared.testing.memory_state import MemoryTable
from tests.builders import at, entries, events, history
from tests.faulty_log import AwayLog
from tests.letters import set_aside
from tests.push_door import RATE, SOURCE, Door, ndjson, outcomes, pushed, reasons

NDJSON = "application/x-ndjson"
ARTICLES, RATES, DECISIONS = "/v1/articles", "/v1/rates", "/v1/decisions"


@pytest.fixture
def door(log: Log) -> Door:
    return Door(log)


@pytest.fixture
def memory() -> Door:
    """A door before a log in memory, where the log does not matter."""
    return Door(MemoryLog())


def problem(answer: Any) -> tuple[int, str]:
    """Status and name of a problem."""
    assert answer.headers["content-type"] == "application/problem+json"
    said = answer.json()
    assert said["status"] == answer.status_code
    return answer.status_code, said["type"].removeprefix("urn:newswire:problem:")


# --- articles ------------------------------------------------------------------------------------


async def test_what_is_answered_is_on_the_log(door: Door) -> None:
    key = await door.key()
    answer = await door.send(ARTICLES, key, ndjson(pushed(1), pushed(2)), NDJSON)
    found = await events(door.log)

    assert answer.status_code == 202
    assert answer.json() == {
        "items": [
            {
                "index": number,
                "outcome": "appended",
                "article_id": event.event.article.article_id,
                "seq": number + 1,
                "version": 1,
            }
            for number, event in enumerate(found)
            if isinstance(event.event, ArticleReceived)
        ],
        "counts": {"appended": 2, "unchanged": 0, "stale": 0, "rejected": 0},
    }


async def test_sending_the_same_again_changes_nothing(door: Door) -> None:
    key = await door.key()
    body = ndjson(pushed(1), pushed(2))
    await door.send(ARTICLES, key, body, NDJSON)
    door.now = at(10)
    again = await door.send(ARTICLES, key, body, NDJSON)
    as_array = await door.send(ARTICLES, key, [pushed(1), pushed(2)])

    assert outcomes(again) == outcomes(as_array) == ["unchanged", "unchanged"]
    assert [item["seq"] for item in again.json()["items"]] == [1, 2]
    assert len(await entries(door.log, "articles")) == 2


async def test_an_article_twice_in_a_request_is_decided_in_order(door: Door) -> None:
    key = await door.key()
    first, second = pushed(1, headline="First"), pushed(1, headline="Second")
    answer = await door.send(ARTICLES, key, ndjson(first, second, first, first), NDJSON)

    assert outcomes(answer) == ["appended", "appended", "appended", "unchanged"]
    assert await history(door.log) == [
        ("First", 1, "received"), ("Second", 2, "revised"), ("First", 3, "revised"),
    ]  # fmt: skip


async def test_an_earlier_version_that_comes_late_is_stale(door: Door) -> None:
    key = await door.key()
    await door.send(ARTICLES, key, pushed(headline="Later", updated_at="2026-03-08T10:00:00Z"))
    door.now = at(10)
    late = await door.send(
        ARTICLES, key, pushed(headline="Earlier", updated_at="2026-03-08T09:00:00Z")
    )

    assert late.status_code == 202
    assert late.json()["items"][0]["outcome"] == "stale"
    assert late.json()["items"][0]["detail"].startswith("not later than")
    assert await history(door.log) == [("Later", 1, "received")]


async def test_the_higher_number_of_a_version_is_the_later_one(door: Door) -> None:
    key = await door.key()
    await door.send(ARTICLES, key, pushed(headline="Tenth", source_version="10"))
    door.now = at(10)
    late = await door.send(ARTICLES, key, pushed(headline="Ninth", source_version="9"))

    assert late.json()["items"][0]["outcome"] == "stale"
    assert late.json()["items"][0]["detail"] == "not later than version 10"
    assert await history(door.log) == [("Tenth", 1, "received")]


async def test_a_declared_correction_is_one(door: Door) -> None:
    key = await door.key()
    await door.send(ARTICLES, key, pushed())
    await door.send(ARTICLES, key, pushed(headline="Other", change="correction"))
    last = (await events(door.log))[-1].event

    assert isinstance(last, ArticleRevised)
    assert (last.change, last.declared) == ("correction", True)


async def test_a_canceled_article_is_brought_back_by_usable_alone(door: Door) -> None:
    key = await door.key()
    await door.send(ARTICLES, key, pushed())
    canceled = await door.send(ARTICLES, key, pushed(pubstatus="canceled"))
    silent = await door.send(ARTICLES, key, pushed(headline="Back?"))
    said = await door.send(ARTICLES, key, pushed(headline="Back", pubstatus="usable"))

    assert [outcomes(each) for each in (canceled, silent, said)] == [
        ["appended"], ["stale"], ["appended"],
    ]  # fmt: skip
    statuses = [
        each.event.article.pubstatus
        for each in await events(door.log)
        if isinstance(each.event, ArticleReceived | ArticleRevised)
    ]
    assert statuses == ["usable", "canceled", "usable"]


async def test_an_embargo_is_recorded_with_the_article(door: Door) -> None:
    key = await door.key()
    await door.send(ARTICLES, key, pushed(embargoed_until="2026-04-01T09:00:00+05:00"))
    event = (await events(door.log))[0].event

    assert isinstance(event, ArticleReceived)
    assert event.article.embargoed_until == at(1) + timedelta(days=30, hours=22)


async def test_one_faulty_item_costs_itself_alone(door: Door) -> None:
    key = await door.key()
    answer = await door.send(
        ARTICLES, key, ndjson(pushed(1), pushed(2, headline=""), pushed(3)), NDJSON
    )
    said = answer.json()

    assert answer.status_code == 202
    assert outcomes(answer) == ["appended", "rejected", "appended"]
    assert reasons(answer) == [None, "invalid", None]
    assert said["items"][1]["faults"] == [
        {"path": "headline", "message": "String should have at least 1 character, came “”"}
    ]
    assert said["counts"] == {"appended": 2, "unchanged": 0, "stale": 0, "rejected": 1}


@pytest.mark.parametrize(
    "faulty",
    [b'{"id":"\\ud800"}', b'{"urgency":1e400}', b'{"id":"\xff"}', b"[" * 300 + b"]" * 300, b"NaN"],
    ids=["half a character", "a huge number", "no UTF-8", "deep", "no JSON"],
)
async def test_what_is_wrong_inside_of_one_item_of_an_array_costs_that_one_alone(
    memory: Door, faulty: bytes
) -> None:
    body = b"[" + b",".join([ndjson(pushed(1)), faulty, ndjson(pushed(2))]) + b"]"
    answer = await memory.send(ARTICLES, await memory.key(), body)

    assert outcomes(answer) == ["appended", "rejected", "appended"]
    assert reasons(answer)[1] == "invalid"


async def test_an_array_that_ends_in_the_middle_is_invalid_and_says_where(memory: Door) -> None:
    body = b"[" + ndjson(*[pushed(1)] * 8_000).replace(b"\n", b",")
    answer = await memory.send(ARTICLES, await memory.key(), body)

    assert len(body) > 900_000
    assert problem(answer) == (422, "items-rejected")
    assert reasons(answer) == ["invalid"]
    assert "expected a JSON array, came none: Expecting value: line 1" in answer.json()["detail"]


async def test_a_request_of_faulty_items_alone_is_a_problem_that_names_them(memory: Door) -> None:
    key = await memory.key()
    answer = await memory.send(ARTICLES, key, [pushed(headline=""), {}])

    assert problem(answer) == (422, "items-rejected")
    assert outcomes(answer) == ["rejected", "rejected"]
    assert await entries(memory.log, "articles") == []


@pytest.mark.parametrize(("body", "content_type"), [(b"", NDJSON), (b"[]", "application/json")])
async def test_a_request_of_nothing_is_a_problem(
    memory: Door, body: bytes, content_type: str
) -> None:
    answer = await memory.send(ARTICLES, await memory.key(), body, content_type)

    assert problem(answer) == (422, "items-rejected")
    assert answer.json()["items"] == []


async def test_an_article_too_large_for_the_log_is_refused_alone(door: Door) -> None:
    key = await door.key()
    # In UTF-8, twice: as it came, and in paragraphs.
    large = pushed(1, body=[], body_html=f"<p>{'ქ' * 190_000}</p>")
    answer = await door.send(ARTICLES, key, ndjson(large, pushed(2)), NDJSON)

    assert (outcomes(answer), reasons(answer)) == (["rejected", "appended"], ["refused", None])
    assert "an event has at most 1000000 bytes" in answer.json()["items"][0]["detail"]


async def test_many_faults_do_not_make_a_long_answer(
    memory: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answers, "FAULTS_MAX", 3)
    answer = await memory.send(ARTICLES, await memory.key(), [{"a": 1}] * 3)
    told = [len(item.get("faults", [])) for item in answer.json()["items"]]

    assert told == [2, 0, 0]
    assert all(item["detail"] for item in answer.json()["items"])


# --- rates ---------------------------------------------------------------------------------------


async def test_a_rate_is_recorded_once_and_restated(door: Door) -> None:
    key = await door.key()
    first = await door.send(RATES, key, RATE)
    again = await door.send(RATES, key, {**RATE, "value": "501.4"})
    both = await door.send(RATES, key, [{**RATE, "value": "502"}, {**RATE, "value": "503"}])
    subject = "urn:newswire:rate:irtysh-telegraph:market:USD-KZT:2026-03-03"

    assert first.json()["items"] == [
        {"index": 0, "outcome": "appended", "subject": subject, "seq": 1, "version": 1}
    ]
    assert outcomes(again) == ["unchanged"]
    assert outcomes(both) == ["appended", "appended"]
    values = [
        each.event.rate.value
        for each in await events(door.log, "rates")
        if isinstance(each.event, RateObserved)
    ]
    assert values == ["501.40", "502", "503"]


# --- keys ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", [ARTICLES, RATES, DECISIONS])
async def test_nothing_is_taken_without_a_key_that_is_known(memory: Door, path: str) -> None:
    known = await memory.key()
    for key in (None, "nonsense", f"{known}x", f"nw_0123456789ab_{'s' * 43}"):
        answer = await memory.send(path, key, b"this is not even read")

        assert problem(answer) == (401, "key-unknown")
        assert answer.headers["www-authenticate"].startswith('Bearer realm="newswire"')
    for header in (f"Basic {known}", known, f"Bearer{known}", "Bearer"):
        answer = await memory.send(path, None, {}, Authorization=header)
        assert problem(answer) == (401, "key-unknown")
    assert await entries(memory.log, "articles") == []


async def test_the_word_before_a_key_may_be_in_capitals(memory: Door) -> None:
    answer = await memory.send(
        ARTICLES, None, pushed(), Authorization=f"BEARER {await memory.key()}"
    )

    assert answer.status_code == 202


async def test_a_revoked_key_is_refused_at_once(memory: Door) -> None:
    text = await memory.key()
    assert (await memory.send(ARTICLES, text, pushed())).status_code == 202
    await keyring.revoke(memory.keys, text.split("_")[1], at(9))

    assert problem(await memory.send(ARTICLES, text, pushed(2))) == (401, "key-unknown")


async def test_a_key_publishes_for_its_own_sources_alone(memory: Door) -> None:
    key = await memory.key("gazette", "bulletin")
    mixed = await memory.send(ARTICLES, key, [pushed(1), pushed(2, source="gazette")])
    other = await memory.send(ARTICLES, key, [pushed(3), pushed(4)])
    faulty = await memory.send(ARTICLES, key, [pushed(3), {}])

    assert (mixed.status_code, outcomes(mixed)) == (202, ["rejected", "appended"])
    assert reasons(mixed) == ["source", None]
    assert problem(other) == (403, "source-not-allowed")
    assert problem(faulty) == (422, "items-rejected")
    assert len(await entries(memory.log, "articles")) == 1


async def test_two_partners_have_the_same_id_for_different_articles(door: Door) -> None:
    keys = [await door.key("gazette"), await door.key("bulletin")]
    said = {name: value for name, value in pushed().items() if name != "source"}
    answers_ = [await door.send(ARTICLES, key, said) for key in keys]
    ids = {answer.json()["items"][0]["article_id"] for answer in answers_}

    assert len(ids) == 2
    assert [outcomes(answer) for answer in answers_] == [["appended"], ["appended"]]


async def test_an_operators_key_publishes_nothing_and_a_partners_decides_nothing(
    memory: Door,
) -> None:
    admin, partner = await memory.key(is_admin=True), await memory.key()

    assert problem(await memory.send(ARTICLES, admin, pushed())) == (403, "key-not-allowed")
    assert problem(await memory.send(RATES, admin, RATE)) == (403, "key-not-allowed")
    assert problem(await memory.send(DECISIONS, partner, {})) == (403, "key-not-allowed")


# --- forms and limits ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "content_type",
    [
        "", "text/plain", "application/xml", "application/json; charset=utf-16",
        "application/json; profile=x; Charset=windows-1251", 'application/json;charset = "utf-16"',
    ],
)  # fmt: skip
async def test_a_body_in_another_form_is_not_read(memory: Door, content_type: str) -> None:
    answer = await memory.send(ARTICLES, await memory.key(), pushed(), content_type)

    assert problem(answer) == (415, "media-type-unsupported")
    assert "application/x-ndjson" in answer.headers["accept-post"]


async def test_a_compressed_body_is_not_read(memory: Door) -> None:
    answer = await memory.send(
        ARTICLES, await memory.key(), b"\x1f\x8b", **{"Content-Encoding": "gzip"}
    )

    assert problem(answer) == (415, "media-type-unsupported")


@pytest.mark.parametrize(
    "content_type",
    [
        NDJSON,
        "application/jsonl",
        "Application/NDJSON",
        "application/json; charset=UTF-8",
        'application/json; profile=x;charset="utf-8"; q=1',
    ],
)
async def test_a_body_in_a_known_form_is_read(memory: Door, content_type: str) -> None:
    answer = await memory.send(ARTICLES, await memory.key(), pushed(), content_type)

    assert answer.status_code == 202


async def test_a_body_that_says_it_is_too_large_is_not_read(memory: Door) -> None:
    answer = await memory.send(ARTICLES, await memory.key(), b" " * 5_000_001)

    assert problem(answer) == (413, "body-too-large")


async def sent(*chunks: bytes) -> AsyncIterator[bytes]:
    """A body in pieces, whose length nobody says."""
    for chunk in chunks:
        yield chunk


async def test_a_line_that_is_too_long_ends_the_request_and_what_came_before_stands(
    memory: Door,
) -> None:
    key = await memory.key()
    long = b"x" * 900_001
    after = await memory.send(ARTICLES, key, sent(ndjson(pushed(1)), long), NDJSON)
    alone = await memory.send(ARTICLES, key, sent(long, ndjson(pushed(2))), NDJSON)

    assert after.status_code == 202
    assert reasons(after) == [None, "too-large"]
    assert problem(alone) == (413, "body-too-large")
    assert reasons(alone) == ["too-large"]
    assert len(await entries(memory.log, "articles")) == 1


async def test_a_last_line_in_the_middle_is_incomplete(memory: Door) -> None:
    body = ndjson(pushed(1), pushed(2))[:-20]
    answer = await memory.send(ARTICLES, await memory.key(), body, NDJSON)

    assert (outcomes(answer), reasons(answer)) == (["appended", "rejected"], [None, "incomplete"])


async def test_a_body_that_stops_coming_is_taken_for_cut(memory: Door) -> None:
    memory.idle_s_max = 0.25
    for_ever = asyncio.Event()

    async def stalled() -> AsyncIterator[bytes]:
        yield ndjson(pushed(1)) + b'{"half'
        await for_ever.wait()

    answer = await memory.send(ARTICLES, await memory.key(), stalled(), NDJSON)

    assert reasons(answer) == [None, "incomplete"]
    assert "nothing came for 0.25 s" in answer.json()["items"][1]["detail"]


async def test_a_server_that_is_being_stopped_answers_what_stands(memory: Door) -> None:
    for_ever = asyncio.Event()

    async def slow() -> AsyncIterator[bytes]:
        yield ndjson(pushed(1))
        memory.is_stopping = True
        await for_ever.wait()

    answer = await memory.send(ARTICLES, await memory.key(), slow(), NDJSON)

    assert reasons(answer) == [None, "incomplete"]
    assert "the server is being stopped" in answer.json()["items"][1]["detail"]


async def test_every_answer_has_the_security_headers(memory: Door) -> None:
    for path in (ARTICLES, "/nothing"):
        headers = (await memory.send(path, None, {})).headers

        assert headers["x-content-type-options"] == "nosniff"
        assert headers["cache-control"] == "no-store"
        assert headers["content-security-policy"].startswith("default-src 'none'")


async def test_what_is_not_there_is_said(memory: Door) -> None:
    assert problem(await memory.send("/v1/articles/", None, {})) == (404, "not-found")
    assert problem(await memory.send("/livez", None, {})) == (405, "method-not-allowed")
    query = await memory.send(f"/v1/articles?{'x' * 4_001}", None, {})
    assert problem(query) == (414, "query-too-long")
    head = await memory.send(ARTICLES, None, {}, Cookie="x" * 32_001)
    assert problem(head) == (431, "head-too-large")


async def test_our_own_fault_is_a_problem_with_its_number(
    memory: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_: object) -> None:
        raise RuntimeError("boom")

    monkeypatch.setattr(application, "observation", broken)
    answer = await memory.send(ARTICLES, await memory.key(), pushed())

    assert problem(answer) == (500, "internal")
    assert "boom" not in answer.text


# --- a log that is away --------------------------------------------------------------------------


async def test_while_the_log_is_away_nothing_is_lost_and_all_may_be_sent_again(log: Log) -> None:
    key_door = Door(log)
    key = await key_door.key()
    # The third append: each batch makes one of articles and one of no rates.
    away = Door(AwayLog(log, 3), keys=key_door.keys)
    body = sent(ndjson(pushed(1), pushed(2, headline="")), ndjson(pushed(3)))
    failed = await away.send(ARTICLES, key, body, NDJSON)
    again = await away.send(ARTICLES, key, ndjson(pushed(1), pushed(3)), NDJSON)

    assert problem(failed) == (503, "log-unavailable")
    assert failed.headers["retry-after"] == "2"
    assert "What items says was taken stands." in failed.json()["detail"]
    assert outcomes(failed) == ["appended", "rejected"]
    assert outcomes(again) == ["unchanged", "appended"]


async def test_a_lost_reply_is_found_out_by_sending_again(log: Log) -> None:
    away = Door(AwayLog(log, 1, "reply"))
    key = await away.key()
    failed = await away.send(ARTICLES, key, pushed())
    again = await away.send(ARTICLES, key, pushed())

    assert problem(failed) == (503, "log-unavailable")
    assert outcomes(again) == ["unchanged"]
    assert len(await entries(log, "articles")) == 1


class AwayKeys(MemoryTable[Key]):
    """A store that does not answer."""

    async def get(self, key_id: str) -> Key | None:
        raise Unavailable(f"Redis does not answer about {key_id}")


@pytest.mark.parametrize("path", [ARTICLES, RATES, DECISIONS])
async def test_while_the_keys_are_away_nobody_is_turned_away_for_good(path: str) -> None:
    door = Door(MemoryLog(), keys=AwayKeys(KEYS))
    answer = await door.send(path, f"nw_0123456789ab_{'s' * 43}", {})

    assert problem(answer) == (503, "log-unavailable")
    assert answer.json()["detail"] == (
        "Redis does not answer about 0123456789ab. Send it again: nothing is taken twice."
    )


# --- decisions -----------------------------------------------------------------------------------


async def article_id(door: Door, number: int = 1) -> str:
    """The id of an article that a partner has sent."""
    answer = await door.send(ARTICLES, await door.key(), pushed(number))
    door.now += timedelta(minutes=1)
    return str(answer.json()["items"][0]["article_id"])


def about(**said: object) -> dict[str, object]:
    """A decision with its reason."""
    return {"reason": "The figures were wrong.", **said}


async def test_a_decision_about_an_article_is_recorded_once(door: Door) -> None:
    admin, known = await door.key(is_admin=True), await article_id(door)
    body = about(decision="withdraw", article_id=known, who="aigul")
    first = await door.send(DECISIONS, admin, body)
    door.now += timedelta(minutes=1)
    again = await door.send(DECISIONS, admin, body)
    event: Any = (await events(door.log))[-1].event

    assert (first.status_code, first.json()) == (
        202,
        {
            "outcome": "appended",
            "subject": f"urn:newswire:article:{known}",
            "seq": 2,
            "version": 2,
        },
    )
    assert (again.status_code, again.json()["outcome"], again.json()["seq"]) == (
        202,
        "unchanged",
        2,
    )
    assert (event.source, event.by, event.who) == (SOURCE, "operator", "aigul (key desk)")
    assert event.reason == "The figures were wrong."


async def test_a_decision_that_changes_nothing_is_stale(door: Door) -> None:
    admin, known = await door.key(is_admin=True), await article_id(door)
    await door.send(DECISIONS, admin, about(decision="withdraw", article_id=known))
    door.now += timedelta(minutes=1)
    release = await door.send(DECISIONS, admin, about(decision="release", article_id=known))
    unblock = await door.send(DECISIONS, admin, about(decision="unblock", source="gazette"))

    assert problem(release) == (409, "decision-stale")
    assert release.json()["detail"] == (
        "Nothing was recorded: withdrawn; only an explicit usable brings it back."
    )
    assert problem(unblock) == (409, "decision-stale")


async def test_a_decision_names_the_key_where_nobody_is_named(door: Door) -> None:
    admin = await door.key(is_admin=True)
    await door.send(DECISIONS, admin, about(decision="block", source="gazette"))
    found: list[Any] = [
        (await events(door.log, stream))[0].event for stream in ("articles", "rates")
    ]

    assert [(each.source, each.who) for each in found] == [("gazette", "key desk")] * 2


async def test_an_unknown_article_is_not_decided_about(door: Door) -> None:
    admin, known = await door.key(is_admin=True), await article_id(door)
    for said in (
        about(decision="hold", article_id="unheard-of"),
        about(decision="revoke-relation", article_id=known, other_article_id="unheard-of"),
    ):
        answer = await door.send(DECISIONS, admin, said)

        assert problem(answer) == (404, "article-unknown")
        assert "unheard-of" in answer.json()["detail"]


async def test_a_relation_is_revoked_between_two_articles(door: Door) -> None:
    admin = await door.key(is_admin=True)
    one, two = await article_id(door, 1), await article_id(door, 2)
    said = about(decision="revoke-relation", article_id=one, other_article_id=two)
    answer = await door.send(DECISIONS, admin, said)

    assert answer.status_code == 202
    assert answer.json()["subject"] == f"urn:newswire:relation:{':'.join(sorted((one, two)))}"


async def test_a_rate_that_is_doubted_is_accepted(door: Door) -> None:
    partner, admin = await door.key(), await door.key(is_admin=True)
    named = {"base": "USD", "quote": "KGS", "as_of": "2026-03-02", "value": "874.6"}
    await door.send(RATES, partner, named)
    said = about(decision="accept-rate", source=SOURCE, kind="official", **named)
    first = await door.send(DECISIONS, admin, said)
    other = await door.send(DECISIONS, admin, {**said, "value": "87.46"})
    unknown = await door.send(DECISIONS, admin, {**said, "base": "EUR"})

    assert first.status_code == 202
    assert first.json()["subject"] == (
        f"urn:newswire:acceptance:{SOURCE}:official:USD-KGS:2026-03-02"
    )
    assert problem(other) == (409, "decision-stale")
    assert problem(unknown) == (404, "rate-unknown")
    assert "official EUR/KGS" in unknown.json()["detail"]


async def test_what_was_set_aside_is_retried_or_dropped(door: Door) -> None:
    admin = await door.key(is_admin=True)
    subject = "urn:newswire:article:x"
    letters = {"consumer": "enrichment.articles", "subject": subject}
    await set_aside(door.log, subject)
    retried = await door.send(DECISIONS, admin, about(decision="retry", **letters))
    dropped = await door.send(DECISIONS, admin, about(decision="drop", **letters))
    views = await door.send(
        DECISIONS, admin, about(decision="drop", consumer="projection", subject=subject)
    )

    again = await door.send(DECISIONS, admin, about(decision="drop", **letters))

    assert (retried.status_code, dropped.status_code) == (202, 202)
    assert problem(again) == (409, "decision-stale")
    kinds = [type(each.event) for each in await events(door.log, "deadletters")][1:]
    assert kinds == [DeadLetterRetried, DeadLetterDropped]
    assert problem(views) == (422, "decision-invalid")
    assert "rebuild" in views.json()["detail"]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"5",
        ndjson({}, {}),
        about(decision="forget", article_id="x"),
        about(decision="hold"),
        {"decision": "hold", "article_id": "x"},
        {"decision": "hold", "article_id": "x", "reason": ""},
        {"decision": "hold", "article_id": "x", "reason": "x" * 2_001},
        about(decision="hold", article_id="x", who="x" * 501),
        about(decision="hold", article_id="not an id"),
        about(decision="block", source="Not An Id"),
        about(decision="retry", consumer="api", subject="x"),
        about(decision="revoke-relation", article_id="x", other_article_id="x"),
        [about(decision="hold", article_id="x")] * 2,
    ],
    ids=lambda body: str(body)[:40],
)
async def test_what_is_no_decision_is_not_recorded(memory: Door, body: object) -> None:
    answer = await memory.send(DECISIONS, await memory.key(is_admin=True), body)

    assert problem(answer) == (422, "decision-invalid")
    assert await entries(memory.log, "articles") == []


async def test_a_decision_that_is_too_large_is_not_read(memory: Door) -> None:
    admin = await memory.key(is_admin=True)
    answer = await memory.send(DECISIONS, admin, sent(b" " * 3_000_000, b" " * 3_000_000))

    assert problem(answer) == (413, "body-too-large")


# --- described -----------------------------------------------------------------------------------


def test_the_document_declares_every_status_with_its_type(memory: Door) -> None:
    paths = memory.app.openapi()["paths"]
    declared = {path: sorted(paths[path]["post"]["responses"]) for path in paths if "v1" in path}
    batch = ["202", "401", "403", "413", "414", "415", "422", "429", "431", "500", "503"]

    assert declared == {
        ARTICLES: batch,
        RATES: batch,
        "/v1/webhooks/{key_id}/articles": batch,
        "/v1/webhooks/{key_id}/rates": batch,
        DECISIONS: sorted([*batch, "404", "409"]),
    }
    for path in declared:
        for status, response in paths[path]["post"]["responses"].items():
            expected = "application/json" if status == "202" else "application/problem+json"
            assert list(response["content"]) == [expected]
