"""An operator with events that were set aside, and with views to rebuild, at a running stack."""

from __future__ import annotations

import asyncio
import json
import signal
import sys
import threading
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any, Self

import pytest

from shared.events import ArticleUpdated
from shared.redis_log import RedisLog
from tests.e2e.recordings import recording
from tests.e2e.stack import Stack, clean_env, eventually, get, spawn
from tests.wire_builders import Newsroom, carried, received, revised

WHY = ("--reason", "the parser is mended", "--who", "Aigul")
BAD = "urn:newswire:article:bad"
PROJECTION = (sys.executable, "-P", "-m", "services.projection")


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A stack that has seen nothing."""
    with Stack(tmp_path_factory.mktemp("aside"), "--no-seed") as started:
        yield started


def write(stack: Stack, story: Callable[[Newsroom], Awaitable[None]]) -> None:
    """Put events on the stack's log, past ingest."""

    async def run() -> None:
        log = RedisLog(stack.redis_url, "newswire")
        await story(Newsroom(log))
        await log.close()

    asyncio.run(run())


def listed(stack: Stack) -> list[dict[str, Any]]:
    """What ``deadletters list --json`` says."""
    found: list[dict[str, Any]] = json.loads(stack.run("deadletters", "list", "--json").stdout)
    return found


def in_short(stack: Stack) -> list[tuple[str, int, str]]:
    return [(each["consumer"], each["seq"], each["reason"]) for each in listed(stack)]


def parked(stack: Stack) -> dict[str, int]:
    """How many events each consumer has set aside, as ``status`` counts."""
    status = stack.status()
    assert status is not None
    return {each["consumer"]: each["parked"] for each in status["consumers"]}


# --- rebuild ------------------------------------------------------------------------------------


class Asking:
    """Somebody who reads the front page all the time; what was not answered well is kept."""

    def __init__(self, port: int) -> None:
        self.answers: list[int] = []
        self._port, self._is_over = port, threading.Event()
        self._thread = threading.Thread(target=self._ask)

    def _ask(self) -> None:
        while not self._is_over.is_set():
            self.answers.append(get(self._port, "/v1/articles").status)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._is_over.set()
        self._thread.join()


def test_a_rebuild_during_a_replay_that_is_killed_once_is_clean_and_nobody_notices(
    stack: Stack, tmp_path: Path
) -> None:
    file = tmp_path / "recording.ndjson"
    file.write_bytes(recording(7, 1_500))
    replay = stack.replay(file)
    eventually(lambda: get(stack.port, "/v1/articles").body.count("article_id") > 3, "it has begun")
    killing = {**stack.env, **clean_env(NEWSWIRE_FAULT_POINT="projection.committed:1")}
    killing |= {"NEWSWIRE_DATA_DIR": str(stack.data), "NEWSWIRE_REDIS_URL": stack.redis_url}
    command = [*PROJECTION, "rebuild"]
    with Asking(stack.port) as asking, (tmp_path / "killed").open("wb") as out:
        killed = spawn(command, killing, out).wait(timeout=60)
        live = (stack.data / "views" / "current.sqlite").readlink().name
        rebuilt = stack.run("rebuild")
        replay.wait(timeout=120)
        eventually(stack.is_at_rest, "all of it is in the views")
        verified = stack.run("verify")
        back = stack.run("rebuild", "--back")
        eventually(stack.is_at_rest, "the old file has caught up")
        again = stack.run("verify")

    assert (killed, live) == (-signal.SIGKILL, "views-0001.sqlite")
    assert rebuilt.returncode == 0, rebuilt.stderr
    assert rebuilt.stdout.startswith("rebuilt to seq ")
    assert "folded " in rebuilt.stderr
    assert (verified.returncode, verified.stdout.splitlines()[-1]) == (0, "clean")
    assert back.stdout == "views-0001.sqlite is live again\n"
    assert (again.returncode, again.stdout.splitlines()[-1]) == (0, "clean")
    assert set(asking.answers) == {200}
    assert not list((stack.data / "views").glob("rebuild.sqlite*"))


def test_what_there_is_not_is_not_taken_back(tmp_path: Path) -> None:
    command = [*PROJECTION, "rebuild", "--back"]
    with (tmp_path / "out").open("wb") as out:
        code = spawn(command, clean_env(NEWSWIRE_DATA_DIR=str(tmp_path)), out).wait(timeout=60)

    assert code == 1
    assert (tmp_path / "out").read_text().startswith("not taken back: there is no previous view")


# --- dead letters -------------------------------------------------------------------------------


async def _poison(room: Newsroom) -> None:
    await room.put("articles", received("bad"), data=b'{"article":"\x1b[2J"}')
    await room.say(revised("bad", 2))


def test_what_enrichment_has_set_aside_is_listed_shown_retried_and_dropped(stack: Stack) -> None:
    empty = stack.run("deadletters", "list")
    write(stack, _poison)
    eventually(lambda: len(listed(stack)) == 2, "both are set aside")
    first, second = listed(stack)
    told = stack.run("deadletters", "list").stdout.splitlines()
    shown = json.loads(
        stack.run("deadletters", "show", first["consumer"], str(first["seq"])).stdout
    )
    retried = stack.run("deadletters", "retry", "enrichment.articles", BAD, *WHY)
    failed = listed(stack)[0]["parked_at"]
    eventually(lambda: listed(stack)[0]["parked_at"] != first["parked_at"], "it has failed again")
    counted = parked(stack)["enrichment.articles"]
    dropped = stack.run("deadletters", "drop", "enrichment.articles", BAD, *WHY)
    eventually(lambda: parked(stack)["enrichment.articles"] == 0, "they are dropped")
    write(stack, _third)
    eventually(lambda: get(stack.port, "/v1/articles/bad").status == 200, "the article goes on")

    assert empty.stdout == "nothing is set aside\n"
    assert (first["subject"], first["reason"], second["reason"]) == (BAD, "failed", "behind")
    assert told[0] == f"enrichment.articles {first['seq']}  {BAD}"
    assert "\x1b" not in "".join(told)
    assert shown["event"]["subject"] == BAD
    assert shown["error"] == first["error"]
    assert retried.stdout.startswith(f"to be retried: 2 of {BAD} (seq ")
    assert failed is not None
    assert counted == 2
    assert dropped.stdout.startswith(f"dropped: 2 of {BAD} (seq ")
    assert listed(stack) == []


async def _third(room: Newsroom) -> None:
    room._version["articles", BAD] = 2
    await room.say(revised("bad", 3))


def test_what_the_projection_has_set_aside_is_retried_and_not_dropped(stack: Stack) -> None:
    async def story(room: Newsroom) -> None:
        await room.put("wire", carried(article_id="odd"), data=b"{}")
        await room.broadcast(carried(ArticleUpdated, "odd"))

    write(stack, story)
    odd = "urn:newswire:article:odd"
    eventually(lambda: len(in_short(stack)) == 2, "both are set aside")
    dropped = stack.run("deadletters", "drop", "projection", odd, *WHY)
    retried = stack.run("deadletters", "retry", "projection", odd, *WHY)

    assert [each[::2] for each in in_short(stack)] == [
        ("projection", "failed"),
        ("projection", "behind"),
    ]
    assert parked(stack)["projection"] == 2
    assert (dropped.returncode, dropped.stdout) == (1, "")
    assert dropped.stderr.startswith("The projection drops nothing")
    assert retried.stdout.startswith(f"to be retried: 2 of {odd} (seq ")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("retry", "nobody", BAD, *WHY), "expected a consumer, one of enrichment.articles, "),
        (
            ("retry", "enrichment.rates", BAD, *WHY),
            f"enrichment.rates has set aside nothing of {BAD}; see ",
        ),
        (("show", "projection", "99999"), "projection has set aside no event 99999; see "),
    ],
)
def test_what_is_not_there_is_refused_with_a_sentence(
    stack: Stack, words: tuple[str, ...], sentence: str
) -> None:
    ran = stack.run("deadletters", *words)

    assert (ran.returncode, ran.stdout) == (1, "")
    assert ran.stderr.startswith(sentence)
