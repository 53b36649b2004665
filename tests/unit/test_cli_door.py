"""The operator's side of the push door: its key, its address, and the sentence for each answer."""

from __future__ import annotations

import json
import os
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Final

import pytest

from services.cli import door, stack
from services.cli.door import Answer
from services.cli.stack import Places, Stack
from shared.errors import Rejected, Unavailable

KEY: Final = f"nw_0123456789ab_{'s' * 43}"
REDIS: Final = "redis://127.0.0.1:16379/0"
WITHDRAW: Final = {"decision": "withdraw", "article_id": "a-1", "reason": "libel", "who": "Aigul"}


@dataclass
class Door:
    """A server that answers as it is told to, and remembers what it was asked."""

    status: int = 202
    body: bytes = b'{"outcome":"appended","seq":812}'
    asked: list[tuple[str, str, str, object]] = field(default_factory=list)
    url: str = ""

    def found(self) -> Stack:
        """The stack that has this door."""
        return Stack(REDIS, push_url=self.url)


@pytest.fixture
def there(monkeypatch: pytest.MonkeyPatch) -> Iterator[Door]:
    """A door on a port of its own, and the key in the environment."""
    monkeypatch.setenv("NEWSWIRE_ADMIN_KEY", KEY)
    told = Door()

    class Answers(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            key, kind = self.headers["Authorization"], self.headers["Content-Type"]
            told.asked.append((self.path, key, kind, json.loads(body)))
            self.send_response(told.status)
            self.send_header("Content-Length", str(len(told.body)))
            self.end_headers()
            self.wfile.write(told.body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Answers) as server:
        told.url = f"http://127.0.0.1:{server.server_port}/"
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield told
        server.shutdown()
        thread.join()


@pytest.fixture
def where(tmp_path: Path) -> Places:
    """A data directory in which no stack ever ran."""
    return stack.places(tmp_path)


def test_a_decision_is_posted_with_the_key_and_its_event_is_told(
    there: Door, where: Places
) -> None:
    assert door.decide(there.found(), where, WITHDRAW) == Answer("appended", 812)

    assert there.asked == [("/v1/decisions", f"Bearer {KEY}", "application/json", WITHDRAW)]


def test_a_decision_that_stands_already_is_no_error(there: Door, where: Places) -> None:
    there.body = b'{"outcome":"unchanged","seq":811}'

    assert door.decide(there.found(), where, WITHDRAW) == Answer("unchanged", 811)


@pytest.mark.parametrize(
    ("status", "said", "sentence"),
    [
        (401, {}, "does not know this key, or it was revoked"),
        (403, {}, "This key is a partner's"),
        (404, {"detail": "there is no article a-1 to decide about"}, "Refused: there is no art"),
        (409, {"detail": "it was withdrawn"}, "Refused: it was withdrawn"),
        (422, {"title": "The decision is invalid"}, "Refused: The decision is invalid"),
        (409, {}, "Refused: the push door answered 409"),
        (429, {"detail": "Send it again in 3 s."}, r"Refused: Send it again in 3 s\."),
        (409, {"detail": "a\x1b[2Jb"}, r"Refused: a\\x1b\[2Jb"),
    ],
)
def test_what_the_door_refuses_is_its_sentence(
    there: Door, where: Places, status: int, said: dict[str, str], sentence: str
) -> None:
    there.status, there.body = status, json.dumps({"status": status, **said}).encode()

    with pytest.raises(Rejected, match=sentence):
        door.decide(there.found(), where, WITHDRAW)


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (404, b'{"detail":"Not Found"}'),
        (404, b"<html>"),
        (200, b'{"outcome":"appended","seq":1}'),
        (202, b"{}"),
        (302, b""),
        (500, b""),
    ],
)
def test_an_answer_of_something_else_is_no_decision(
    there: Door, where: Places, status: int, body: bytes
) -> None:
    there.status, there.body = status, body

    with pytest.raises(Rejected, match=f"{there.url} answered {status}, expected 202 or a problem"):
        door.decide(there.found(), where, WITHDRAW)


@pytest.mark.parametrize("status", [503, 500])
def test_a_door_whose_log_is_away_may_be_asked_again(
    there: Door, where: Places, status: int
) -> None:
    """What became of the decision is not known: perhaps it stands."""
    there.status = status
    there.body = b'{"status":%d,"detail":"Redis does not answer."}' % status

    with pytest.raises(Unavailable) as error:
        door.decide(there.found(), where, WITHDRAW)

    assert str(error.value) == (
        "The push door cannot say that the decision stands: Redis does not answer. "
        "Sending the decision again is harmless."
    )


@pytest.mark.usefixtures("there")
def test_a_door_that_is_not_there_is_a_sentence(where: Places) -> None:
    with socket.create_server(("127.0.0.1", 0)) as gone:
        url = f"http://127.0.0.1:{gone.getsockname()[1]}/"

    with pytest.raises(Unavailable, match=f"The push door at {url} does not answer .*refused"):
        door.decide(Stack(REDIS, push_url=url), where, WITHDRAW)


def test_a_door_that_says_nothing_is_waited_for_and_then_told(
    there: Door, where: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(door, "ANSWER_S_MAX", 0.05)
    with ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler) as mute:
        url = f"http://127.0.0.1:{mute.server_port}/"  # listens, and nobody serves

        with pytest.raises(Unavailable, match=r"does not answer \(timed out\)"):
            door.decide(Stack(REDIS, push_url=url), where, WITHDRAW)

    assert there.asked == []


def test_a_stack_known_by_its_redis_is_asked_where_the_environment_says(
    there: Door, where: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NEWSWIRE_PUSH_URL", there.url + "desk/")

    door.decide(Stack(REDIS), where, WITHDRAW)

    assert there.asked[0][0] == "/desk/v1/decisions"


@pytest.mark.parametrize(
    "url",
    ["127.0.0.1:8001", "ftp://h/", "http:///", "http://h:0/", "http://h:x/", "http://[h/",
     "http://u:p@h/", "http://h/?a=b"],
)  # fmt: skip
@pytest.mark.usefixtures("there")
def test_an_address_that_is_none_is_refused(
    where: Places, monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    monkeypatch.setenv("NEWSWIRE_PUSH_URL", url)

    with pytest.raises(Rejected, match="NEWSWIRE_PUSH_URL: expected the address of a push door"):
        door.decide(Stack(REDIS), where, WITHDRAW)


def test_without_a_key_nothing_is_asked(
    there: Door, where: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("NEWSWIRE_ADMIN_KEY")

    with pytest.raises(Rejected) as error:
        door.decide(there.found(), where, WITHDRAW)

    assert str(error.value) == (
        f"No key to decide with: expected one in NEWSWIRE_ADMIN_KEY or {where.admin_key}. "
        "`newswire up` makes that file; for another stack make a key with "
        "`newswire keys add NAME --admin` and set NEWSWIRE_ADMIN_KEY to it."
    )
    assert there.asked == []


def test_the_key_of_a_directory_is_made_once_and_for_its_owner_only(where: Places) -> None:
    before = os.umask(0)
    try:
        made = door.make_admin_key(where, {})
    finally:
        os.umask(before)

    assert where.admin_key.stat().st_mode & 0o777 == 0o600
    assert where.admin_key.read_text() == made + "\n"
    assert door.make_admin_key(where, {}) == made
    assert door.admin_key(where, {}) == made
    assert [path.name for path in where.data.iterdir()] == ["admin.key"]


def test_a_key_that_a_kill_left_half_written_is_made_anew(where: Places) -> None:
    where.admin_key.with_suffix(".key.draft").write_text("nw_01")

    assert len(door.make_admin_key(where, {})) == 59
    assert [path.name for path in where.data.iterdir()] == ["admin.key"]


def test_a_key_in_the_environment_wins_and_makes_no_file(where: Places) -> None:
    assert door.make_admin_key(where, {"NEWSWIRE_ADMIN_KEY": f" {KEY}\n"}) == KEY

    assert list(where.data.iterdir()) == []


@pytest.mark.parametrize("text", ["", "nw_0123456789ab_short-and-secret", "\x00\xff"])
def test_a_file_that_holds_no_key_is_refused_without_showing_it(where: Places, text: str) -> None:
    where.admin_key.write_text(text, "latin-1")

    with pytest.raises(
        Rejected, match=r"expected a key as .*Delete it, and `newswire up`"
    ) as error:
        door.admin_key(where, {})

    assert not text or text not in str(error.value)


def test_a_key_that_may_not_be_read_is_not_taken_for_none(where: Places) -> None:
    where.admin_key.mkdir()  # may not be read by root either

    with pytest.raises(Rejected, match=r"Cannot read .*admin\.key: Is a directory\. Run this as"):
        door.admin_key(where, {})
