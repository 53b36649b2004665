"""An operator at the command line of a running stack: what is decided is what readers get."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from shared import clock
from tests.e2e.partners import SOURCE, article, new_key, push, seconds_ahead
from tests.e2e.stack import Stack, connected, eventually, get, heads, raw

WHY = ("--reason", "the depot is closed", "--who", "Aigul")


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A stack that has seen nothing."""
    with Stack(tmp_path_factory.mktemp("decisions"), "--no-seed") as started:
        yield started


@pytest.fixture(scope="module")
def key(stack: Stack) -> str:
    """A partner's key."""
    return new_key(stack)


def published(stack: Stack, key: str, name: str) -> str:
    """The id of an article that was pushed and that the api shows."""
    (article_id,) = push(stack.push_port, key, article(name)).article_ids
    until_status(stack, article_id, 200)
    return article_id


def until_status(stack: Stack, article_id: str, status: int) -> dict[str, object]:
    """What the api says about an article, once it answers with this status."""
    path = f"/v1/articles/{article_id}"
    eventually(lambda: get(stack.port, path).status == status, f"{path} is {status}")
    said: dict[str, object] = json.loads(get(stack.port, path).body)
    return said


def decided(stack: Stack, *words: str) -> str:
    """What a command said that succeeded."""
    ran = stack.run(*words)
    assert (ran.returncode, ran.stderr) == (0, "")
    return ran.stdout


def test_a_withdrawn_article_is_gone_with_who_and_why(stack: Stack, key: str) -> None:
    article_id = published(stack, key, "withdrawn")

    first = decided(stack, "withdraw", article_id, *WHY)
    again = decided(stack, "withdraw", article_id, *WHY)

    with connected(stack.redis_url) as log:
        seq = heads(log)["articles"]
        *_, last = raw(log, "articles")
    assert first == f"withdrawn: {article_id} (seq {seq})\n"
    assert again == f"withdrawn already: {article_id} (seq {seq})\n"
    assert json.loads(last[b"data"])["who"] == "Aigul (key admin)"
    said = until_status(stack, article_id, 410)
    assert (said["reason"], said["by"]) == ("the depot is closed", "operator")


def test_a_held_article_is_away_until_it_is_released(stack: Stack, key: str) -> None:
    article_id = published(stack, key, "held")

    assert decided(stack, "hold", article_id, *WHY).startswith(f"withheld: {article_id} (seq ")
    until_status(stack, article_id, 404)

    assert decided(stack, "release", article_id, *WHY).startswith(f"released: {article_id} (seq ")
    until_status(stack, article_id, 200)


def test_a_blocked_source_is_recorded_and_published_once_it_is_unblocked(
    stack: Stack, key: str
) -> None:
    before = published(stack, key, "before the block")

    assert decided(stack, "sources", "block", SOURCE, *WHY).startswith(f"blocked: {SOURCE} (seq ")
    pushed = push(stack.push_port, key, article("while blocked"))
    assert (pushed.status, pushed.outcomes) == (202, ["appended"])
    eventually(stack.is_at_rest, "enrichment has taken it in")
    (meanwhile,) = pushed.article_ids
    assert get(stack.port, f"/v1/articles/{meanwhile}").status == 404
    assert get(stack.port, f"/v1/articles/{before}").status == 200

    said = decided(stack, "sources", "unblock", SOURCE, *WHY)
    assert said.startswith(f"unblocked: {SOURCE} (seq ")
    until_status(stack, meanwhile, 200)


def test_a_revoked_relation_is_recorded(stack: Stack, key: str) -> None:
    one, other = published(stack, key, "one fire"), published(stack, key, "another fire")

    said = decided(stack, "relation", "revoke", one, other, "--reason", "two fires")

    assert said.startswith(f"relation revoked: {one} {other} (seq ")


def test_what_cannot_be_decided_is_refused_with_a_sentence(stack: Stack, key: str) -> None:
    article_id = published(stack, key, "withdrawn for good")
    decided(stack, "withdraw", article_id, *WHY)
    unknown = "01900000-0000-7000-8000-000000000000"

    stale = stack.run("release", article_id, *WHY)
    missing = stack.run("withdraw", unknown, *WHY)

    for refused in (stale, missing):
        assert (refused.returncode, refused.stdout) == (1, "")
        assert refused.stderr.startswith("Refused: ")
        assert refused.stderr.count("\n") == 1
    assert unknown in missing.stderr


def test_a_revoked_key_is_refused_and_others_go_on(stack: Stack, key: str) -> None:
    revoked = new_key(stack)
    key_id = revoked.split("_")[1]

    decided(stack, "keys", "revoke", key_id)

    assert push(stack.push_port, revoked, article("with a revoked key")).status == 401
    assert push(stack.push_port, key, article("with a good key")).status == 202
    assert key_id in decided(stack, "keys", "list")
    assert revoked not in decided(stack, "keys", "list", "--json")


def test_a_partner_decides_nothing(stack: Stack, key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    article_id = published(stack, key, "a partner's")
    monkeypatch.setitem(stack.env, "NEWSWIRE_ADMIN_KEY", key)

    refused = stack.run("withdraw", article_id, *WHY)

    assert refused.returncode == 1
    assert refused.stderr.startswith("This key is a partner's")
    assert get(stack.port, f"/v1/articles/{article_id}").status == 200


def test_an_embargo_ends_in_time_although_nothing_ran_before(tmp_path: Path) -> None:
    stack = Stack(tmp_path, "--no-seed")
    with stack:
        until = seconds_ahead(10)
        pushed = push(
            stack.push_port, new_key(stack), article("a secret", embargoed_until=until.isoformat())
        )
        (article_id,) = pushed.article_ids
        with connected(stack.redis_url) as log:
            eventually(lambda: heads(log)["articles"] == 1, "the article is on the log")
        eventually(stack.is_at_rest, "enrichment has taken it in")
        assert get(stack.port, f"/v1/articles/{article_id}").status == 404
    eventually(lambda: clock.now() > until, "the embargo has ended")
    started_at = clock.now()

    with stack:
        until_status(stack, article_id, 200)

        with connected(stack.redis_url) as log:
            (event,) = raw(log, "wire")
        assert event[b"type"] == b"newswire.article.published"
        assert datetime.fromisoformat(event[b"recordedtime"].decode()) > started_at > until
