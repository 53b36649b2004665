"""A rebuild beside the live views: nobody sees less than before, and a kill changes nothing."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import closing, suppress
from pathlib import Path

import pytest

from services.api.reading import Reader
from services.projection.projector import Projector
from services.projection.rebuild import HALF, back, rebuild
from services.projection.verify import verify
from shared import views
from shared.errors import LogDamaged, Rejected, Unavailable
from shared.events import ArticleCanceled, ArticleUpdated
from shared.log import Entry
from shared.poison import RunOfFailuresError
from shared.testing.memory_log import MemoryLog
from tests.wire_builders import (
    FailingLog,
    Newsroom,
    Rows,
    carried,
    drive,
    live_rows,
    notice,
    projector,
    quiet,
    quoted,
    unfit,
)

ROOT = Path(__file__).resolve().parents[2]


class Desk:
    """A wire, and the projection that follows it."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.log = folder, MemoryLog()
        self.room = Newsroom(self.log)
        self.projector: Projector = projector(folder, self.log)
        self.told: list[tuple[int, int]] = []

    async def back(self, log: MemoryLog | None = None) -> str:
        """Take a rebuild back; the name of the file that is live again."""
        file = await back(
            self.folder, log or self.log, "1.0", quiet(), lambda *said: self.told.append(said)
        )
        return file.name

    async def rebuild(self, log: MemoryLog | None = None) -> int:
        at = await rebuild(
            self.folder, log or self.log, "1.0", quiet(), lambda *said: self.told.append(said)
        )
        return at.seq

    def names(self) -> tuple[str, str | None]:
        """The live and the previous file."""
        previous = views.previous_file(self.folder)
        return views.live_file(self.folder).name, previous.name if previous else None

    def files(self) -> list[str]:
        return sorted(file.name for file in self.folder.glob("*.sqlite") if not file.is_symlink())

    async def is_clean(self) -> bool:
        return (await verify(self.folder, self.log, "1.0", quiet())).is_clean


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    opened = Desk(tmp_path)
    await opened.room.broadcast(
        carried(article_id="a"), unfit("bad"), quoted(), carried(ArticleUpdated, "a", headline="B")
    )
    await drive(opened.projector, opened.log)
    yield opened
    opened.projector.close()


async def test_a_rebuild_gives_the_same_rows_in_a_new_file(desk: Desk) -> None:
    before = live_rows(desk.folder)

    assert await desk.rebuild() == 4
    assert live_rows(desk.folder) == before
    assert desk.names() == ("views-0002.sqlite", "views-0001.sqlite")
    assert desk.told == [(4, 4)]
    assert await desk.is_clean()


async def test_a_spoilt_row_is_right_after_a_rebuild(desk: Desk) -> None:
    with closing(views.open_writer(views.live_file(desk.folder))) as connection:
        connection.execute("UPDATE article SET place = 9")
    before = await desk.is_clean()
    await desk.rebuild()

    assert (before, await desk.is_clean()) == (False, True)


async def test_the_projection_takes_the_new_file_up_by_itself(desk: Desk) -> None:
    await desk.rebuild()
    await desk.room.broadcast(carried(article_id="c"))
    await drive(desk.projector, desk.log)

    assert desk.projector.file.name == "views-0002.sqlite"
    assert (await desk.projector.tick()).seq == 5
    assert await desk.is_clean()


async def test_one_previous_file_is_kept_and_no_more(desk: Desk) -> None:
    for _ in range(3):
        await desk.rebuild()

    assert desk.names() == ("views-0004.sqlite", "views-0003.sqlite")
    assert desk.files() == ["views-0003.sqlite", "views-0004.sqlite"]


async def test_readers_never_see_less_while_the_wire_goes_on(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The log grows and the projection follows with every read of the rebuild."""
    monkeypatch.setattr(views, "BUSY_MS", 20)
    reader, seen = Reader(desk.folder), [0]

    class Growing(MemoryLog):
        async def follow(self, *args: object, **kwargs: object) -> list[Entry]:
            found = await desk.log.follow(*args, **kwargs)  # type: ignore[arg-type]
            if len(seen) < 40:
                await desk.room.broadcast(carried(ArticleUpdated, "a", headline=f"{len(seen)}"))
            with suppress(Unavailable):  # at the swap the live file is held
                await desk.projector.handle(
                    await desk.log.follow("wire", await desk.projector.resume(), count=9)
                )
            seen.append(reader.seq())
            return found

        async def head(self, *args: object) -> object:  # type: ignore[override]
            seen.append(reader.seq())
            return await desk.log.head(*args)  # type: ignore[arg-type]

    await desk.rebuild(Growing())
    seen.append(reader.seq())
    await drive(desk.projector, desk.log)
    reader.close()

    assert seen == sorted(seen)
    assert len(seen) > 3
    assert desk.names()[0] == "views-0002.sqlite"
    assert await desk.is_clean()


async def test_the_last_events_are_folded_while_the_live_file_is_held(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the projection has shown between the catch-up and the swap is in the new file too."""
    monkeypatch.setattr(views, "BUSY_MS", 20)
    calls = []

    class Late(MemoryLog):
        async def follow(self, *args: object, **kwargs: object) -> list[Entry]:
            calls.append(args)
            return await desk.log.follow(*args, **kwargs)  # type: ignore[arg-type]

        async def head(self, *args: object) -> object:  # type: ignore[override]
            head = await desk.log.head(*args)  # type: ignore[arg-type]
            await desk.room.broadcast(carried(article_id="late"))
            await drive(desk.projector, desk.log)
            return head

    assert await desk.rebuild(Late()) == 5
    assert len(calls) == 2
    assert await desk.is_clean()


@pytest.mark.parametrize("number", [1, 2])
async def test_a_log_that_goes_away_leaves_the_views_as_they_were(desk: Desk, number: int) -> None:
    failing = FailingLog(desk.log, number, is_done=False, methods=frozenset({"follow", "head"}))
    with pytest.raises(Unavailable):
        await desk.rebuild(failing)  # type: ignore[arg-type]

    assert desk.names() == ("views-0001.sqlite", None)
    assert desk.files() == ["views-0001.sqlite"]


async def test_code_that_fails_leaves_the_views_as_they_were(desk: Desk) -> None:
    for number in range(10):
        await desk.room.put("wire", carried(article_id=f"bad{number}"), data=b"{}")
    with pytest.raises(RunOfFailuresError):
        await desk.rebuild()

    assert desk.files() == ["views-0001.sqlite"]


async def test_a_trimmed_log_is_refused(desk: Desk) -> None:
    desk.log.trim("wire", 2)
    with pytest.raises(LogDamaged):
        await desk.rebuild()

    assert desk.names() == ("views-0001.sqlite", None)


async def test_a_log_that_was_restored_is_folded_as_it_is(desk: Desk) -> None:
    """That is what an operator rebuilds for: the projection refuses to go on."""
    desk.log.truncate("wire", 2)

    assert await desk.rebuild() == 2
    assert (await desk.projector.tick()).seq == 2


async def test_a_broken_file_and_none_at_all_are_rebuilt(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    await desk.room.broadcast(carried(article_id="a"))
    first = await desk.rebuild()
    views.live_file(tmp_path).write_bytes(b"no database at all " * 300)
    second = await desk.rebuild()

    assert (first, second) == (1, 1)
    assert await desk.is_clean()


async def test_two_rebuilds_at_once_are_one(desk: Desk) -> None:
    class Waiting(MemoryLog):
        async def follow(self, *args: object, **kwargs: object) -> list[Entry]:
            with pytest.raises(Unavailable, match="another rebuild of these views runs"):
                await desk.rebuild()
            await desk.projector.resume()  # a start leaves the half file of a running one alone
            assert (desk.folder / HALF).exists()
            return await desk.log.follow(*args, **kwargs)  # type: ignore[arg-type]

        async def head(self, *args: object) -> object:  # type: ignore[override]
            return await desk.log.head(*args)  # type: ignore[arg-type]

    await desk.rebuild(Waiting())

    assert desk.names()[0] == "views-0002.sqlite"


async def test_live_views_that_are_locked_are_left(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "BUSY_MS", 20)
    with closing(views.open_writer(views.live_file(desk.folder))) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(Unavailable, match="the live views cannot be held"):
            await desk.rebuild()
        other.execute("ROLLBACK")

    assert desk.files() == ["views-0001.sqlite"]


# --- back ---------------------------------------------------------------------------------------


async def test_a_rebuild_is_taken_back_and_catches_up(desk: Desk) -> None:
    await desk.rebuild()
    await desk.room.broadcast(carried(article_id="c"))
    await drive(desk.projector, desk.log)

    assert await desk.back() == "views-0001.sqlite"
    assert desk.names() == ("views-0001.sqlite", "views-0002.sqlite")
    await drive(desk.projector, desk.log)
    assert desk.projector.file.name == "views-0001.sqlite"
    assert await desk.is_clean()


async def test_a_file_that_is_live_again_shows_no_text_that_was_taken_back_since(
    desk: Desk,
) -> None:
    """Not even until the projection has taken it up."""
    await desk.rebuild()
    await desk.room.broadcast(notice(ArticleCanceled, "a"))
    await drive(desk.projector, desk.log)
    before = live_rows(desk.folder)

    await desk.back()

    assert live_rows(desk.folder) == before
    assert desk.told[-1] == (5, 5)


async def test_readers_never_see_less_while_a_rebuild_is_taken_back(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The projection shows more between the catch-up and the swap."""
    monkeypatch.setattr(views, "BUSY_MS", 20)
    await desk.rebuild()

    class Late(MemoryLog):
        async def follow(self, *args: object, **kwargs: object) -> list[Entry]:
            return await desk.log.follow(*args, **kwargs)  # type: ignore[arg-type]

        async def head(self, *args: object) -> object:  # type: ignore[override]
            head = await desk.log.head(*args)  # type: ignore[arg-type]
            await desk.room.broadcast(notice(ArticleCanceled, "a"))
            await drive(desk.projector, desk.log)
            return head

    await desk.back(Late())

    assert desk.names()[0] == "views-0001.sqlite"
    with closing(views.open_reader(views.live_file(desk.folder))) as connection:
        assert views.checkpoint(connection, "wire").seq == 5


async def test_a_rebuild_is_not_taken_back_while_the_log_is_away(desk: Desk) -> None:
    await desk.rebuild()
    away = FailingLog(desk.log, 1, is_done=False, methods=frozenset({"follow"}))

    with pytest.raises(Unavailable):
        await desk.back(away)  # type: ignore[arg-type]
    assert desk.names() == ("views-0002.sqlite", "views-0001.sqlite")


async def test_a_file_of_another_log_is_not_taken_back(desk: Desk) -> None:
    await desk.rebuild()
    desk.log.truncate("wire", 2)

    with pytest.raises(LogDamaged):
        await desk.back()
    assert desk.names() == ("views-0002.sqlite", "views-0001.sqlite")


async def test_going_back_twice_is_going_forth(desk: Desk) -> None:
    await desk.rebuild()
    await desk.back()

    assert await desk.back() == "views-0002.sqlite"


async def test_without_a_previous_file_nothing_is_taken_back(desk: Desk) -> None:
    with pytest.raises(Rejected, match="there is no previous view file"):
        await desk.back()
    (desk.folder / "previous.sqlite").symlink_to("views-0001.sqlite")
    with pytest.raises(Rejected, match="there is no previous view file"):
        await desk.back()

    assert desk.names() == ("views-0001.sqlite", None)


async def test_a_previous_file_of_another_schema_is_not_taken_back(desk: Desk) -> None:
    await desk.rebuild()
    with closing(views.open_writer(desk.folder / "views-0001.sqlite")) as connection:
        connection.execute("PRAGMA user_version = 99")

    with pytest.raises(Rejected, match="schema 99"):
        await desk.back()


# --- killed -------------------------------------------------------------------------------------

KILLED = """
import asyncio, sys
from pathlib import Path
from services.projection import rebuild
from shared.testing.memory_log import MemoryLog
from tests.wire_builders import Newsroom, carried, quiet

async def main():
    rebuild.FOLD_COUNT = 2
    log = MemoryLog()
    await Newsroom(log).broadcast(*(carried(article_id=f"a{n}") for n in range(9)))
    await rebuild.rebuild(Path(sys.argv[1]), log, "1.0", quiet(), lambda *_: None)

asyncio.run(main())
"""


@pytest.mark.parametrize("point", ["projection.applied:3", "projection.committed:4"])
async def test_a_rebuild_that_is_killed_changes_nothing_and_the_next_start_cleans_up(
    desk: Desk, point: str
) -> None:
    before: Rows = live_rows(desk.folder)
    found = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-c", KILLED, str(desk.folder)],
        cwd=ROOT, env={**os.environ, "NEWSWIRE_FAULT_POINT": point}, check=False, timeout=30,
    )  # fmt: skip
    left, rows = desk.files(), live_rows(desk.folder)
    await desk.projector.resume()

    assert found.returncode == -signal.SIGKILL
    assert left == ["rebuild.sqlite", "views-0001.sqlite"]
    assert rows == before
    assert list(desk.folder.glob("rebuild.sqlite*")) == []
    assert await desk.rebuild() == 4
