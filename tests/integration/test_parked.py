"""What the projection has set aside, retried: rows and removal together, and clean afterwards."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest

from services.projection.fold import OvertakenError
from services.projection.projector import Projector
from services.projection.verify import verify
from shared import views
from shared.errors import LogDamaged, Unavailable
from shared.events import ArticleUpdated, RelationChanged
from shared.news import ArticleId, Relation
from shared.streams import PROJECTION
from shared.testing.memory_log import MemoryLog
from tests.drafts import draft
from tests.wire_builders import (
    FailingLog,
    Newsroom,
    at,
    carried,
    drive,
    dropped,
    listed,
    live_rows,
    projector,
    quiet,
    retried,
    unfit,
)

ROOT = Path(__file__).resolve().parents[2]
BAD = "urn:newswire:article:bad"
TRIGGER = """
CREATE TRIGGER refuse_{0} BEFORE INSERT ON article WHEN NEW.article_id = '{0}'
BEGIN SELECT RAISE(ABORT, 'the disk of {0} is full'); END
"""


class Desk:
    """A projection whose file refuses articles as long as a test wants it to."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.log = folder, MemoryLog()
        self.room = Newsroom(self.log)
        self.projector = projector(folder, self.log)

    def execute(self, statement: str) -> list[tuple[object, ...]]:
        with closing(views.open_writer(views.live_file(self.folder))) as connection:
            return [tuple(row) for row in connection.execute(statement).fetchall()]

    async def refuse(self, article_id: str) -> None:
        await self.projector.resume()
        self.execute(TRIGGER.format(article_id))

    def mend(self, article_id: str) -> None:
        self.execute(f"DROP TRIGGER refuse_{article_id}")

    def parked(self) -> list[tuple[object, ...]]:
        return self.execute("SELECT seq, reason, attempts FROM parked ORDER BY seq")

    async def is_clean(self) -> bool:
        return (await verify(self.folder, self.log, "1.0", quiet())).is_clean


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    """Three events of one article are set aside, others are not."""
    opened = Desk(tmp_path)
    await opened.refuse("bad")
    await opened.room.broadcast(
        carried(article_id="a"),
        carried(article_id="bad"),
        carried(ArticleUpdated, "bad", headline="Second"),
        carried(article_id="b"),
        carried(ArticleUpdated, "bad", headline="Third"),
    )
    await drive(opened.projector, opened.log)
    yield opened
    opened.projector.close()


def headline(views_dir: Path, article_id: str) -> object:
    with closing(views.open_reader(views.live_file(views_dir))) as connection:
        query = "SELECT document ->> 'headline' FROM article WHERE article_id = ?"
        return connection.execute(query, (article_id,)).fetchone()[0]


async def test_what_was_set_aside_is_taken_up_in_order_and_the_views_are_clean(desk: Desk) -> None:
    before = desk.parked()
    desk.mend("bad")
    await desk.room.decide(retried(BAD, PROJECTION))
    checkpoint = await desk.projector.tick()

    assert before == [(2, "failed", 3), (3, "behind", 0), (5, "behind", 0)]
    assert desk.parked() == []
    assert checkpoint.seq == 5
    assert headline(desk.folder, "bad") == "Third"
    assert await desk.is_clean()


async def test_a_subject_is_free_after_its_retry(desk: Desk) -> None:
    desk.mend("bad")
    await desk.room.decide(retried(BAD, PROJECTION))
    await desk.projector.tick()
    await desk.room.broadcast(carried(ArticleUpdated, "bad", headline="Fourth"))
    await drive(desk.projector, desk.log)

    assert desk.parked() == []
    assert headline(desk.folder, "bad") == "Fourth"
    assert await desk.is_clean()


async def test_what_fails_again_says_so_and_keeps_the_rest_behind_it(desk: Desk) -> None:
    await desk.room.decide(retried(BAD, PROJECTION))
    await desk.projector.tick()
    again = desk.parked()
    desk.mend("bad")
    await desk.projector.tick()

    assert again == desk.parked() == [(2, "failed", 3), (3, "behind", 0), (5, "behind", 0)]
    assert desk.execute("SELECT error FROM parked WHERE seq = 2") == [
        ("IntegrityError: the disk of bad is full",)
    ]


async def test_what_fails_in_the_middle_is_where_the_next_retry_goes_on(desk: Desk) -> None:
    desk.mend("bad")
    desk.execute(
        "CREATE TRIGGER refuse_third BEFORE UPDATE ON article WHEN NEW.seq = 5 "
        "BEGIN SELECT RAISE(ABORT, 'not this one'); END"
    )
    await desk.room.decide(retried(BAD, PROJECTION))
    await desk.projector.tick()
    between = desk.parked(), headline(desk.folder, "bad")
    desk.mend("third")
    await desk.room.decide(retried(BAD, PROJECTION, hour=9))
    await desk.projector.tick()

    assert between == ([(5, "failed", 3)], "Second")
    assert desk.parked() == []
    assert await desk.is_clean()


async def test_an_event_that_is_not_there_any_more_is_said_so(desk: Desk) -> None:
    desk.mend("bad")
    desk.execute("UPDATE parked SET position = '99-0' WHERE seq = 2")
    await desk.room.decide(retried(BAD, PROJECTION))
    await desk.projector.tick()

    assert desk.parked()[0] == (2, "failed", 1)
    assert desk.execute("SELECT error FROM parked WHERE seq = 2") == [
        ("Rejected: event 2 of the wire is not at its position any more",)
    ]


async def test_decisions_about_other_consumers_and_drops_change_nothing(desk: Desk) -> None:
    desk.mend("bad")
    await desk.room.decide(retried(BAD), dropped(BAD, PROJECTION))
    await desk.projector.tick()

    assert len(desk.parked()) == 3


async def test_a_decision_that_cannot_be_read_holds_up_nothing(desk: Desk) -> None:
    desk.mend("bad")
    await desk.log.append("deadletters", [draft("of a later version")])
    await desk.room.decide(retried(BAD, PROJECTION))
    await desk.projector.tick()

    assert desk.parked() == []
    assert await desk.is_clean()


async def test_a_decision_is_carried_out_once_although_the_projection_starts_again(
    desk: Desk,
) -> None:
    await desk.room.decide(retried(BAD, PROJECTION))
    await desk.projector.tick()
    desk.projector.close()
    desk.mend("bad")
    again = projector(desk.folder, desk.log)
    await again.resume()
    await again.tick()
    again.close()

    assert len(desk.parked()) == 3
    assert desk.execute("SELECT seq FROM checkpoint WHERE stream = 'deadletters'") == [(1,)]


async def test_a_decision_outlives_a_log_that_is_away(desk: Desk) -> None:
    desk.mend("bad")
    await desk.room.decide(retried(BAD, PROJECTION))
    for number in (1, 2, 3):
        desk.projector.log = FailingLog(desk.log, number, is_done=True)
        with pytest.raises(Unavailable):
            await desk.projector.tick()
        await desk.projector.resume()
    desk.projector.log = desk.log
    await desk.projector.tick()

    assert desk.parked() == []
    assert await desk.is_clean()


async def test_of_two_projections_that_retry_one_is_overtaken_and_nothing_is_written_twice(
    desk: Desk,
) -> None:
    class Racing(FailingLog):
        """A log behind whose back the other projection retries."""

        async def entry(self, *args: object) -> object:
            found = await self.log.entry(*args)  # type: ignore[arg-type]
            await other.tick()
            return found

    other = projector(desk.folder, desk.log)
    await other.resume()
    desk.mend("bad")
    await desk.room.decide(retried(BAD, PROJECTION))
    desk.projector.log = Racing(desk.log, 0, is_done=False)  # type: ignore[assignment]
    with pytest.raises(OvertakenError):
        await desk.projector.tick()
    await desk.projector.resume()
    await desk.projector.tick()
    other.close()

    assert desk.parked() == []
    assert await desk.is_clean()


async def test_dead_letters_of_another_log_stop_the_projection(desk: Desk) -> None:
    await desk.room.decide(retried(BAD, PROJECTION))
    await desk.projector.tick()
    desk.log.truncate("deadletters", 0)

    with pytest.raises(LogDamaged):
        await desk.projector.tick()


async def test_a_file_that_is_locked_at_a_retry_is_unavailable(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "BUSY_MS", 20)
    await desk.projector.resume()
    desk.mend("bad")
    await desk.room.decide(retried(BAD, PROJECTION))
    with closing(views.open_writer(views.live_file(desk.folder))) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(Unavailable, match="the views cannot be written"):
            await desk.projector.tick()
        other.execute("ROLLBACK")
    await desk.projector.tick()

    assert desk.parked() == []


KILLED = """
import asyncio, sys
from pathlib import Path
from tests.integration.test_parked import BAD, Desk
from tests.wire_builders import carried, drive, retried

async def main():
    desk = Desk(Path(sys.argv[1]))
    await desk.refuse("bad")
    await desk.room.broadcast(carried(article_id="bad"))
    await drive(desk.projector, desk.log)
    desk.mend("bad")
    desk.execute("CREATE TRIGGER die AFTER INSERT ON article BEGIN SELECT die(); END")
    desk.projector.fold.connection.create_function("die", 0, lambda: __import__("os").kill(
        __import__("os").getpid(), 9))
    await desk.room.decide(retried(BAD, "projection"))
    await desk.projector.tick()

asyncio.run(main())
"""


def test_a_process_killed_between_the_rows_and_their_removal_leaves_what_was(
    tmp_path: Path,
) -> None:
    found = subprocess.run(
        [sys.executable, "-c", KILLED, str(tmp_path)],
        cwd=ROOT, env={**os.environ}, check=False, timeout=30, capture_output=True,
    )  # fmt: skip
    rows = live_rows(tmp_path)

    assert found.returncode == -signal.SIGKILL, found.stderr
    assert listed(rows, "article") == []
    assert listed(rows, "parked") == [1]


# --- relations ----------------------------------------------------------------------------------


async def test_a_relation_that_ends_is_gone_from_the_views_and_a_fresh_fold_agrees(
    tmp_path: Path,
) -> None:
    desk = Desk(tmp_path)
    relation = Relation(
        kind="exact", article_id=ArticleId("a"), source="s", evidence={}, method="copies/1"
    )
    changed = RelationChanged(
        article_id="b", source="s", relations=(), reason="No.", by="operator", observed_at=at(7)
    )
    await desk.room.broadcast(
        carried(article_id="a"), carried(article_id="b", relations=(relation,))
    )
    await drive(desk.projector, desk.log)
    before = desk.execute("SELECT copy_of FROM article WHERE article_id = 'b'")
    await desk.room.broadcast(changed)
    await drive(desk.projector, desk.log)
    query = (
        "SELECT copy_of, version, seq, document ->> 'relations', document ->> 'headline' "
        "FROM article WHERE article_id = 'b'"
    )

    assert before == [("a",)]
    assert desk.execute(query) == [(None, 2, 3, "[]", "Headline of b")]
    assert await desk.is_clean()
    desk.projector.close()


async def test_a_relation_that_ends_waits_behind_its_article(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    changed = RelationChanged(
        article_id="bad", source="s", relations=(), reason="No.", by="operator", observed_at=at(7)
    )
    await desk.room.broadcast(unfit("bad"), changed)
    await drive(desk.projector, desk.log)

    assert desk.parked() == [(1, "failed", 3), (2, "behind", 0)]
    assert isinstance(desk.projector, Projector)
    desk.projector.close()
