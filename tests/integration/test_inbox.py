"""The inbox: a document that lands is published once."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import socket
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import structlog
from structlog.testing import CapturingLogger

from services.ingest import inbox
from services.ingest.__main__ import main
from services.ingest.inbox import Inbox, watch
from services.ingest.main import run
from shared import health
from shared.errors import Unavailable
from shared.log import Log
from shared.redis_log import RedisLog
from shared.reporting import Reporter
from shared.settings import Settings
from shared.testing.memory_log import MemoryLog
from tests.builders import at, contents, entries, history, publisher
from tests.conftest import NewServer
from tests.faulty_log import AwayLog
from tests.push_door import free_port

PAGE = "Tenge Firms\n\nThe tenge rose on Monday, dealers said, for the first time this year.\n"
REVISED = "Tenge Firms\n\nThe tenge fell on Monday, dealers said, for the first time this year.\n"
NOW = at(9)
LATER = datetime(2099, 1, 1, tzinfo=UTC)
"""After any time that a file gets by itself."""


class Desk:
    """An inbox, a log, and what was said about the documents."""

    def __init__(self, folder: Path, log: Log) -> None:
        self.folder, self.log = folder, log
        self.lines: list[dict[str, object]] = []
        self.restart()

    def restart(self) -> None:
        """Forget everything but the files and the log."""
        said = CapturingLogger()
        said.calls = _Lines(self.lines)
        logger = structlog.wrap_logger(
            said, processors=[], wrapper_class=structlog.stdlib.BoundLogger
        )
        self.inbox = Inbox(self.folder, publisher(self.log), logger)

    def drop(self, name: str, data: str | bytes = PAGE, *, seen: datetime | None = None) -> Path:
        """A document in the inbox."""
        file = self.folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data if isinstance(data, bytes) else data.encode())
        instant = (seen or at(2)).timestamp()
        os.utime(file, (instant, instant))
        return file

    def said(self, event: str) -> list[tuple[object, object]]:
        """Of each line about an event the file's name, and its reason or outcomes."""
        return [
            (Path(str(line["file"])).name, line.get("reason") or line.get("outcomes"))
            for line in self.lines
            if line["event"] == event
        ]


class _Lines(list):  # type: ignore[type-arg]  # what CapturingLogger appends to
    """Keeps the fields of each call."""

    def __init__(self, lines: list[dict[str, object]]) -> None:
        self._lines = lines

    def append(self, call: structlog.testing.CapturedCall) -> None:
        """Take in a call."""
        self._lines.append({"level": call.method_name, **call.kwargs})


@pytest.fixture
def desk_of(tmp_path: Path) -> Desk:
    return Desk(tmp_path / "inbox", MemoryLog())


# --- looking ------------------------------------------------------------------------------------


async def test_a_document_dropped_in_is_published_once(desk_of: Desk) -> None:
    desk_of.drop("steppe-courier/2026-03-02.txt")

    looked = [await desk_of.inbox.look(NOW) for _ in range(3)]

    assert looked == [1, 0, 0]
    assert await history(desk_of.log) == [("Tenge Firms", 1, "received")]
    (event,) = await entries(desk_of.log, "articles")
    assert event.fields[b"source"] == b"urn:newswire:source:steppe-courier"
    assert event.fields[b"time"] == b"2026-03-02T06:00:00Z"
    assert desk_of.said("published") == [("2026-03-02.txt", "1 appended")]


async def test_a_document_that_changes_is_a_revision(desk_of: Desk) -> None:
    desk_of.drop("steppe-courier/page.txt")
    await desk_of.inbox.look(NOW)
    desk_of.drop("steppe-courier/page.txt", REVISED, seen=at(3))

    assert await desk_of.inbox.look(NOW) == 1
    assert await history(desk_of.log) == [
        ("Tenge Firms", 1, "received"), ("Tenge Firms", 2, "revised"),
    ]  # fmt: skip


async def test_documents_are_published_in_the_order_in_which_they_were_seen(desk_of: Desk) -> None:
    desk_of.drop("steppe-courier/a.txt", REVISED, seen=at(3))
    desk_of.drop("steppe-courier/b.txt", PAGE, seen=at(2))

    assert await desk_of.inbox.look(NOW) == 2
    assert desk_of.said("published") == [("b.txt", "1 appended"), ("a.txt", "1 appended")]


@pytest.mark.parametrize(
    "name",
    [
        "steppe-courier/page.part",
        "steppe-courier/page.txt.tmp",
        "steppe-courier/.page.txt.swp",
        "steppe-courier/.rsync/page.txt",
        ".hidden/page.txt",
        ".page.txt",
        "page.part",
        "page.tmp",
        "folder.tmp/page.txt",
    ],
)
async def test_what_is_hidden_or_unfinished_is_left_alone_in_silence(
    desk_of: Desk, name: str
) -> None:
    file = desk_of.drop(name)

    assert await desk_of.inbox.look(NOW) == 0
    assert file.exists()
    assert await contents(desk_of.log) == []
    assert desk_of.lines == []


async def looked_twice(desk_of: Desk) -> list[tuple[object, object]]:
    """Of each problem of two looks at things of today the file's name, and its reason."""
    published = [await desk_of.inbox.look(LATER) for _ in range(2)]

    assert published == [0, 0]
    assert await contents(desk_of.log) == []
    return desk_of.said("problem")


async def test_a_file_beside_the_folders_of_sources_is_told_once_with_what_to_do(
    desk_of: Desk,
) -> None:
    desk_of.drop("page.txt")

    assert await looked_twice(desk_of) == [("page.txt", "unsupported")]
    assert desk_of.lines[0]["detail"] == (
        "expected a folder named as a source id, came a file; put it into such a folder"
    )

    desk_of.drop("page.txt", REVISED, seen=at(3))

    assert await looked_twice(desk_of) == [("page.txt", "unsupported")] * 2


async def test_a_folder_in_the_folder_of_a_source_is_told_once_with_what_to_do(
    desk_of: Desk,
) -> None:
    desk_of.drop("steppe-courier/deeper/page.txt")
    desk_of.drop("steppe-courier/deeper/another.txt")

    assert await looked_twice(desk_of) == [("deeper", "unsupported")]
    assert desk_of.lines[0]["detail"] == (
        "expected a document, came a folder; put its documents into the folder above it"
    )


async def test_a_file_that_is_being_put_beside_the_folders_is_not_told_yet(desk_of: Desk) -> None:
    desk_of.drop("page.txt", seen=at(2))

    await desk_of.inbox.look(at(2) + timedelta(seconds=0.9))
    assert desk_of.lines == []

    await desk_of.inbox.look(at(2) + timedelta(seconds=1))
    assert desk_of.said("problem") == [("page.txt", "unsupported")]


async def test_a_link_is_not_followed_and_told_once(desk_of: Desk, tmp_path: Path) -> None:
    """Who may write to the inbox may not thereby publish any file of this machine."""
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.txt").write_text(PAGE)
    desk_of.folder.mkdir()
    (desk_of.folder / "steppe-courier").mkdir()
    (desk_of.folder / "steppe-courier" / "link.txt").symlink_to(outside / "secret.txt")
    (desk_of.folder / "steppe-courier" / "lost.txt").symlink_to("nowhere")
    (desk_of.folder / "linked-source").symlink_to(outside)

    assert await looked_twice(desk_of) == [
        ("linked-source", "unreadable"), ("link.txt", "unreadable"), ("lost.txt", "unreadable"),
    ]  # fmt: skip
    assert "came a symbolic link, which is not followed" in str(desk_of.lines[0]["detail"])


async def test_an_inbox_that_is_a_link_itself_is_the_operators_choice(
    desk_of: Desk, tmp_path: Path
) -> None:
    (tmp_path / "elsewhere").mkdir()
    desk_of.folder.symlink_to(tmp_path / "elsewhere")
    desk_of.drop("steppe-courier/page.txt")

    assert await desk_of.inbox.look(NOW) == 1


async def test_a_folder_that_becomes_a_link_after_the_look_is_not_entered(
    desk_of: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk_of.drop("steppe-courier/page.txt")
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "page.txt").write_text(PAGE)
    landed = desk_of.inbox.landed(NOW)
    (desk_of.folder / "steppe-courier").rename(tmp_path / "away")
    (desk_of.folder / "steppe-courier").symlink_to(tmp_path / "outside")
    monkeypatch.setattr(Inbox, "landed", lambda *_: landed)

    assert await desk_of.inbox.look(NOW) == 0
    assert desk_of.said("problem") == [("page.txt", "unreadable")]


async def test_what_is_no_regular_file_is_told_once_and_never_opened(desk_of: Desk) -> None:
    """To open a pipe for reading waits for a writer."""
    folder = desk_of.folder / "steppe-courier"
    folder.mkdir(parents=True)
    os.mkfifo(folder / "pipe.txt")
    with socket.socket(socket.AF_UNIX) as one:
        one.bind(str(folder / "socket.txt"))

    assert await looked_twice(desk_of) == [
        ("pipe.txt", "unreadable"), ("socket.txt", "unreadable"),
    ]  # fmt: skip
    assert [line["detail"] for line in desk_of.lines] == [
        "expected a file, came a pipe", "expected a file, came a socket",
    ]  # fmt: skip


async def test_a_folder_that_cannot_be_listed_is_told_once_and_the_next_is_published(
    desk_of: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk_of.drop("locked/page.txt")
    desk_of.drop("steppe-courier/page.txt", seen=at(3))
    listed = os.scandir

    def refuse(path: object) -> object:
        if getattr(path, "name", "") == "locked":  # root, as whom tests may run, can list any
            raise PermissionError(13, "Permission denied")
        return listed(path)  # type: ignore[type-var] # whatever it was called with

    monkeypatch.setattr(os, "scandir", refuse)

    assert [await desk_of.inbox.look(LATER) for _ in range(2)] == [1, 0]
    assert desk_of.said("problem") == [("locked", "unreadable")]


async def test_what_goes_away_is_forgotten_and_told_again_when_it_is_back(desk_of: Desk) -> None:
    files = [desk_of.drop(name) for name in ("page.txt", "steppe-courier/page.txt")]
    await desk_of.inbox.look(NOW)
    for file in files:
        file.unlink()

    await desk_of.inbox.look(NOW)

    assert desk_of.inbox.stamp_by_file == {}
    assert desk_of.inbox.unread_by_file == {}


async def test_an_inbox_that_is_too_full_says_so_once(
    desk_of: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inbox, "FILES_MAX", 2)
    files = [desk_of.drop(f"steppe-courier/{name}.txt") for name in "abc"]

    assert [await desk_of.inbox.look(NOW) for _ in range(2)] == [2, 0]
    assert [line for line in desk_of.lines if line["event"] == "inbox_too_full"] == [
        {"level": "warning", "event": "inbox_too_full", "read": 2}
    ]

    files[0].unlink()
    assert await desk_of.inbox.look(NOW) == 1


@pytest.mark.parametrize("name", ["\udcff.txt", "a\x1b[2J\u202e\n.txt", "x" * 250 + ".txt"])
async def test_an_odd_name_is_told_so_that_it_can_be_read(desk_of: Desk, name: str) -> None:
    desk_of.drop(f"steppe-courier/{name}", b"")

    assert await desk_of.inbox.look(NOW) == 1
    for line in desk_of.lines:
        assert str(line["file"]).isprintable()


@pytest.mark.parametrize("seconds", [-62135596800, 253402300800, -(2**62), 2**62])
async def test_a_document_of_no_year_is_told_once_and_the_next_is_published(
    any_times: Path, seconds: int
) -> None:
    desk_of = Desk(any_times, MemoryLog())
    file = desk_of.drop("steppe-courier/a.txt")
    desk_of.drop("steppe-courier/b.txt", seen=at(3))
    os.utime(file, (seconds, seconds))

    await desk_of.inbox.look(NOW)
    await desk_of.inbox.look(NOW)

    assert desk_of.said("problem") == [("a.txt", "date-unreadable")]
    assert desk_of.said("published") == [("b.txt", "1 appended")]


@pytest.fixture
def any_times() -> Iterator[Path]:
    """A directory whose files may have any time: disks know few centuries, memory knows all."""
    if not Path("/dev/shm").is_dir():
        pytest.skip("no file system in memory is here")
    with TemporaryDirectory(dir="/dev/shm") as made:
        yield Path(made)


async def test_a_young_file_waits_until_it_has_settled(desk_of: Desk) -> None:
    desk_of.drop("steppe-courier/page.txt", seen=at(2))

    assert await desk_of.inbox.look(at(2) + timedelta(seconds=0.9)) == 0
    assert await desk_of.inbox.look(at(2) + timedelta(seconds=1)) == 1


async def test_an_inbox_that_is_not_there_is_made(desk_of: Desk) -> None:
    assert await desk_of.inbox.look(NOW) == 0
    assert desk_of.folder.is_dir()


async def test_a_restart_publishes_nothing_again(desk_of: Desk) -> None:
    desk_of.drop("steppe-courier/a.txt", PAGE, seen=at(2))
    desk_of.drop("steppe-courier/b.txt", REVISED, seen=at(3))
    await desk_of.inbox.look(NOW)
    before = await contents(desk_of.log)

    desk_of.restart()

    assert await desk_of.inbox.look(NOW) == 2
    assert await contents(desk_of.log) == before
    assert desk_of.said("published")[2:] == [("a.txt", "1 stale"), ("b.txt", "1 unchanged")]


@pytest.mark.parametrize(
    ("data", "reason"),
    [(b"", "empty"), (b"\x00\x01\x02" * 99, "binary"), (b"<html>", "unsupported")],
    ids=["empty", "binary", "markup"],
)
async def test_a_document_that_holds_nothing_is_told_once_and_the_next_is_published(
    desk_of: Desk, data: bytes, reason: str
) -> None:
    desk_of.drop("steppe-courier/a.txt", data, seen=at(2))
    desk_of.drop("steppe-courier/b.txt", seen=at(3))

    await desk_of.inbox.look(NOW)
    await desk_of.inbox.look(NOW)

    assert desk_of.said("problem") == [("a.txt", reason)]
    assert desk_of.said("published") == [("a.txt", "nothing"), ("b.txt", "1 appended")]


async def test_a_document_that_cannot_be_read_is_told_and_the_next_is_published(
    desk_of: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    locked = desk_of.drop("steppe-courier/a.txt", seen=at(2))
    desk_of.drop("steppe-courier/b.txt", seen=at(3))
    opened, is_locked = os.open, True

    def refuse(path: Path | str, flags: int, **more: int) -> int:
        if is_locked and str(path) == locked.name:  # root, as whom tests may run, can read any file
            raise PermissionError(13, "Permission denied")
        return opened(path, flags, **more)

    monkeypatch.setattr(os, "open", refuse)

    await desk_of.inbox.look(NOW)
    await desk_of.inbox.look(NOW)

    assert desk_of.said("problem") == [("a.txt", "unreadable")]
    assert desk_of.said("published") == [("b.txt", "1 appended")]

    is_locked = False

    assert await desk_of.inbox.look(NOW) == 1
    assert desk_of.said("published")[1:] == [("a.txt", "1 unchanged")]


async def test_a_document_that_the_log_refuses_is_told_and_the_next_is_published(
    desk_of: Desk,
) -> None:
    """Paragraphs of two characters of four bytes are 11 bytes each as JSON, 1.1 MB in all."""
    desk_of.drop("steppe-courier/a.txt", "Emoji\n\n" + "😀😀\n\n" * 99_000, seen=at(2))
    desk_of.drop("steppe-courier/b.txt", seen=at(3))

    await desk_of.inbox.look(NOW)

    assert ("Tenge Firms", 1, "received") in await history(desk_of.log)
    assert "a.txt" in {Path(str(line["file"])).name for line in desk_of.lines}


async def test_a_folder_whose_name_is_no_source_id_is_told_once(desk_of: Desk) -> None:
    desk_of.drop("Steppe Courier!/page.txt")
    desk_of.drop("Вестник/page.txt")

    await desk_of.inbox.look(NOW)
    await desk_of.inbox.look(NOW)

    assert await entries(desk_of.log, "articles") == []
    assert desk_of.said("problem") == [("page.txt", "unsupported")] * 2
    assert desk_of.inbox.summary() == "2 problems: unsupported 2"


async def test_a_document_from_the_future_is_told_and_the_next_is_published(desk_of: Desk) -> None:
    desk_of.drop("steppe-courier/a.txt", seen=datetime(2099, 1, 1, tzinfo=UTC))
    desk_of.drop("steppe-courier/b.txt", seen=at(3))

    await desk_of.inbox.look(NOW)

    assert desk_of.said("problem") == [("a.txt", "date-in-future")]
    assert desk_of.said("published") == [("b.txt", "1 appended")]


async def test_what_was_not_published_while_the_log_was_away_is_published_later(
    tmp_path: Path,
) -> None:
    log = MemoryLog()
    desk_of = Desk(tmp_path / "inbox", AwayLog(log, 4))
    desk_of.drop("steppe-courier/a.txt", "Climate\n\nIt was warm.\n", seen=at(2))
    desk_of.drop("steppe-courier/b.txt", "Weather\n\nIt was cold.\n", seen=at(3))

    with pytest.raises(Unavailable):
        await desk_of.inbox.look(NOW)  # the first three calls publish a.txt

    assert await desk_of.inbox.look(NOW) == 1
    assert await history(log) == [("Climate", 1, "received"), ("Weather", 1, "received")]


# --- watching -----------------------------------------------------------------------------------


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path / "data", inbox_dir=tmp_path / "inbox", inbox_interval_s=0.01)


def reported(settings: Settings) -> health.Report | None:
    return health.read(settings.run_dir / "ingest.json")


def is_ready(settings: Settings) -> bool:
    found = reported(settings)
    return found is not None and found.ready


async def until(claim: Callable[[], bool]) -> None:
    """Let the others go on until something holds."""
    async with asyncio.timeout(20):
        while not claim():  # noqa: ASYNC110  # a file that another task writes sets no event
            await asyncio.sleep(0.005)


async def test_the_watch_says_that_the_log_is_away_and_goes_on_when_it_is_back(
    new_server: NewServer, settings: Settings
) -> None:
    server = new_server()
    server.kill()
    log = RedisLog(server.url)
    desk_of = Desk(settings.inbox_dir, log)
    desk_of.drop("steppe-courier/page.txt")
    stopping = asyncio.Event()
    watching = asyncio.create_task(
        watch(desk_of.inbox, log, settings, stopping.is_set, Reporter("ingest", settings))
    )

    await until(lambda: reported(settings) is not None and not is_ready(settings))
    away = reported(settings)
    server.start()
    await until(lambda: is_ready(settings))
    stopping.set()
    await watching

    found = reported(settings)
    assert away is not None
    assert found is not None
    assert away.detail.startswith("Redis does not answer: ")
    assert (found.service, found.pid, found.detail) == (
        "ingest", os.getpid(), f"watching {settings.inbox_dir}; 0 problems",
    )  # fmt: skip
    assert await history(log) == [("Tenge Firms", 1, "received")]
    await log.close()


async def test_an_inbox_that_is_no_directory_is_told(
    valkey_url: str, desk: str, settings: Settings
) -> None:
    settings.inbox_dir.touch()
    log = RedisLog(valkey_url, desk)
    desk_of = Desk(settings.inbox_dir, log)
    stopping = asyncio.Event()
    watching = asyncio.create_task(
        watch(desk_of.inbox, log, settings, stopping.is_set, Reporter("ingest", settings))
    )

    await until(lambda: reported(settings) is not None)
    stopping.set()
    await watching
    await log.close()

    found = reported(settings)
    assert found is not None
    assert not found.ready
    assert "File exists" in found.detail


# --- the service --------------------------------------------------------------------------------


@pytest.fixture
def environment(
    monkeypatch: pytest.MonkeyPatch, valkey_url: str, desk: str, tmp_path: Path
) -> Iterator[Settings]:
    """Settings of a stack of this test's own; logging as it was before, afterwards."""
    monkeypatch.setenv("NEWSWIRE_REDIS_URL", valkey_url)
    monkeypatch.setenv("NEWSWIRE_DESK", desk)
    monkeypatch.setenv("NEWSWIRE_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("NEWSWIRE_INBOX_INTERVAL_S", "0.01")
    monkeypatch.setenv("NEWSWIRE_PUSH_PORT", str(free_port()))
    root = logging.getLogger()
    handlers, root.handlers, level = root.handlers, [], root.level
    yield Settings(data_dir=tmp_path, inbox_dir=tmp_path / "inbox")
    root.handlers = handlers
    root.setLevel(level)
    structlog.reset_defaults()


async def test_the_service_publishes_what_lands_until_it_is_told_to_stop(
    environment: Settings, valkey_url: str, desk: str, capsys: pytest.CaptureFixture[str]
) -> None:
    log = RedisLog(valkey_url, desk)
    Desk(environment.inbox_dir, log).drop("steppe-courier/page.txt")

    running = asyncio.create_task(run())
    await until(lambda: is_ready(environment))
    os.kill(os.getpid(), signal.SIGTERM)
    code = await running

    assert code == 0
    assert await history(log) == [("Tenge Firms", 1, "received")]
    assert '"outcomes": "1 appended"' in capsys.readouterr().err
    await log.close()


def test_the_service_refuses_a_log_that_does_not_keep_what_it_accepts(
    environment: Settings,
    new_server: NewServer,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    server = new_server("--appendfsync", "everysec")
    monkeypatch.setenv("NEWSWIRE_REDIS_URL", server.url)
    monkeypatch.setattr(sys, "argv", ["ingest", "run"])

    assert main() == 1
    assert "Redis does not fsync every event: found appendfsync everysec" in capsys.readouterr().err
    assert not environment.inbox_dir.exists()
