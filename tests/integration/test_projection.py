"""The projection on a view file: rows and checkpoint together, whatever happens."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from hashlib import sha256
from pathlib import Path

import pytest

from services.projection import store
from services.projection.evolve import evolve
from services.projection.fold import Fold, OvertakenError
from services.projection.projector import Projector
from shared import views
from shared.envelope import decode
from shared.errors import Unavailable
from shared.events import (
    ArticleCanceled,
    ArticleCorrected,
    ArticleReinstated,
    ArticleTakenBack,
    ArticleUpdated,
    RateReconfirmed,
    RateRestated,
)
from shared.log import Entry
from shared.poison import RunOfFailuresError
from shared.streams import ORIGIN
from shared.testing.memory_log import MemoryLog
from tests.wire_builders import (
    FailingLog,
    Newsroom,
    almaty,
    carried,
    drive,
    entries,
    entry_of,
    listed,
    live_rows,
    notice,
    projector,
    quiet,
    quoted,
    rows_of,
    unfit,
)

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def log() -> MemoryLog:
    return MemoryLog()


@pytest.fixture
def room(log: MemoryLog) -> Newsroom:
    return Newsroom(log)


@pytest.fixture
def live(tmp_path: Path, log: MemoryLog) -> Iterator[Projector]:
    """A projection with its views in ``tmp_path``."""
    opened = projector(tmp_path, log)
    yield opened
    opened.close()


def column(views_dir: Path, query: str) -> list[object]:
    with closing(views.open_reader(views.live_file(views_dir))) as connection:
        return [row[0] for row in connection.execute(query)]


# --- what the views hold ------------------------------------------------------------------------


async def test_articles_and_rates_of_the_wire_are_in_the_views(
    log: MemoryLog, room: Newsroom, live: Projector, tmp_path: Path
) -> None:
    await room.broadcast(
        carried(article_id="a", tags=(almaty(),)),
        quoted("1", "2026-03-01"),
        carried(ArticleUpdated, "a", headline="Another"),
        carried(article_id="b", tags=(almaty(),)),
        quoted("1", "2026-03-02", RateReconfirmed),
        quoted("2", "2026-03-02", RateRestated),
    )
    await drive(live, log)
    rows = live_rows(tmp_path)
    series = "steppe-courier:ticker:KZT-USD"

    assert listed(rows, "article") == ["a", "b"]
    assert listed(rows, "article_tag") == [("geonames:1526384", "b"), ("iso3166:KZ", "b")]
    assert listed(rows, "rate") == [(series, "2026-03-01"), (series, "2026-03-02")]
    assert listed(rows, "rate_version") == [
        (series, "2026-03-01", 1),
        (series, "2026-03-02", 1),
        (series, "2026-03-02", 2),
    ]
    assert listed(rows, "parked") == []
    assert column(tmp_path, "SELECT document ->> 'headline' FROM article") == [
        "Another",
        "Headline of b",
    ]
    assert column(tmp_path, "SELECT document ->> 'value' FROM rate_version") == ["1", "1", "2"]
    assert rows["checkpoint"] == [("wire", (await entries(log, "wire"))[-1].checkpoint())]


async def test_a_canceled_article_leaves_no_text_in_its_row(
    log: MemoryLog, room: Newsroom, live: Projector, tmp_path: Path
) -> None:
    await room.broadcast(
        carried(article_id="a", headline="The secret", tags=(almaty(),)),
        notice(ArticleCanceled, "a"),
    )
    await drive(live, log)
    rows = live_rows(tmp_path)

    assert column(tmp_path, "SELECT status FROM article") == ["canceled"]
    assert listed(rows, "article_tag") == []
    assert "secret" not in str(rows)


async def test_a_reinstated_article_is_whole_again(
    log: MemoryLog, room: Newsroom, live: Projector, tmp_path: Path
) -> None:
    await room.broadcast(
        carried(article_id="a", tags=(almaty(),)),
        notice(ArticleTakenBack, "a"),
        carried(ArticleReinstated, "a", tags=(almaty(),)),
    )
    await drive(live, log)

    assert column(tmp_path, "SELECT status FROM article") == ["usable"]
    assert column(tmp_path, "SELECT article_id FROM article_tag") == ["a", "a"]


async def test_what_an_article_was_before_its_last_event_is_kept(
    log: MemoryLog, room: Newsroom, live: Projector, tmp_path: Path
) -> None:
    await room.broadcast(
        carried(article_id="a", headline="One"),
        carried(article_id="b", headline="Other"),
        carried(ArticleCorrected, "a", headline="Two"),
        carried(ArticleUpdated, "a", headline="Three"),
    )
    await drive(live, log)

    past = "SELECT seq || '-' || to_seq || ' ' || (document ->> 'headline') FROM article_past"
    assert column(tmp_path, past) == ["1-3 One", "3-4 Two"]
    assert column(tmp_path, "SELECT seq FROM moment") == [1, 2, 3, 4]


async def test_a_notice_takes_the_text_out_of_everything_that_an_article_was(
    log: MemoryLog, room: Newsroom, live: Projector, tmp_path: Path
) -> None:
    await room.broadcast(
        carried(article_id="a", headline="The secret"),
        carried(ArticleCorrected, "a", headline="The secret, corrected"),
        notice(ArticleTakenBack, "a"),
        carried(ArticleReinstated, "a", headline="Cleared"),
    )
    await drive(live, log)

    past = "SELECT seq || ' ' || status || ' ' || (document IS NULL) FROM article_past"
    assert column(tmp_path, past) == ["1 usable 1", "2 usable 1", "3 withheld 0"]
    assert "secret" not in str(live_rows(tmp_path))


# --- rows and checkpoint ------------------------------------------------------------------------


def _write_and_fail(connection: views.Connection, entry: Entry) -> None:
    with views.transaction(connection):
        for row in evolve(decode("wire", entry)):
            store.write(connection, row)
        raise ZeroDivisionError


def test_an_error_between_rows_and_checkpoint_leaves_neither(tmp_path: Path) -> None:
    entry = entry_of("wire", carried())
    with closing(views.create(tmp_path / "v.sqlite")) as connection:
        before = rows_of(connection)
        with pytest.raises(ZeroDivisionError):
            _write_and_fail(connection, entry)

        assert rows_of(connection) == before


KILLED = """
import asyncio, sys
from pathlib import Path
from shared.testing.memory_log import MemoryLog
from tests.wire_builders import Newsroom, carried, drive, projector

async def main():
    log = MemoryLog()
    await Newsroom(log).broadcast(carried(article_id="a"), carried(article_id="b"))
    await drive(projector(Path(sys.argv[1])), log)

asyncio.run(main())
"""


@pytest.mark.parametrize(
    ("point", "articles", "seq"),
    [("projection.applied", [], 0), ("projection.committed", ["a", "b"], 2)],
)
def test_a_process_killed_at_a_point_leaves_rows_and_checkpoint_or_neither(
    tmp_path: Path, point: str, articles: list[str], seq: int
) -> None:
    found = subprocess.run(
        [sys.executable, "-c", KILLED, str(tmp_path)],
        cwd=ROOT, env={**os.environ, "NEWSWIRE_FAULT_POINT": point}, check=False, timeout=30,
    )  # fmt: skip
    rows = live_rows(tmp_path)

    assert found.returncode == -signal.SIGKILL
    assert listed(rows, "article") == articles
    assert rows["checkpoint"][0][1].seq == seq  # type: ignore[attr-defined]


async def test_a_batch_delivered_twice_is_applied_once(
    log: MemoryLog, room: Newsroom, live: Projector, tmp_path: Path
) -> None:
    await room.broadcast(carried(article_id="a"), carried(article_id="b"))
    batch = await entries(log, "wire")
    await live.resume()
    await live.handle(batch)
    file = views.live_file(tmp_path)
    before = sha256(file.read_bytes() + file.with_name(file.name + "-wal").read_bytes())
    stale = Fold(views.open_writer(file), "1.0", quiet())
    stale.at = ORIGIN
    with pytest.raises(OvertakenError):
        await stale.take(batch)
    stale.connection.close()
    after = sha256(file.read_bytes() + file.with_name(file.name + "-wal").read_bytes())

    assert before.hexdigest() == after.hexdigest()


async def test_of_two_projections_on_one_file_one_is_overtaken_and_goes_on(
    log: MemoryLog, room: Newsroom, live: Projector, tmp_path: Path
) -> None:
    other = projector(tmp_path, log)
    await room.broadcast(carried(article_id="a"), carried(article_id="b"))
    batch = await entries(log, "wire")
    await live.resume()
    await other.resume()
    await live.handle(batch[:1])
    with pytest.raises(OvertakenError):
        await other.handle(batch)
    await drive(other, log)
    with pytest.raises(OvertakenError):
        await live.handle(batch[1:])
    reached = await live.resume()
    other.close()

    assert reached == batch[1].checkpoint()
    assert listed(live_rows(tmp_path), "article") == ["a", "b"]


async def test_a_projection_goes_on_where_the_last_one_ended(
    log: MemoryLog, room: Newsroom, live: Projector, tmp_path: Path
) -> None:
    await room.broadcast(carried(article_id="a"))
    await drive(live, log)
    live.close()
    await room.broadcast(carried(article_id="b"))
    next_one = projector(tmp_path, log)
    at = await next_one.resume()
    await drive(next_one, log)
    next_one.close()

    assert at.seq == 1
    assert listed(live_rows(tmp_path), "article") == ["a", "b"]
    assert views.live_file(tmp_path).name == "views-0001.sqlite"


# --- poison -------------------------------------------------------------------------------------

BAD = "urn:newswire:article:bad"


async def parked(views_dir: Path) -> list[tuple[int, str, str, int]]:
    query = "SELECT seq, subject, reason, attempts FROM parked ORDER BY seq"
    with closing(views.open_reader(views.live_file(views_dir))) as connection:
        return [tuple(row) for row in connection.execute(query)]


async def test_an_event_that_the_views_refuse_is_set_aside_and_its_subject_behind_it(
    log: MemoryLog, room: Newsroom, live: Projector, tmp_path: Path
) -> None:
    await room.broadcast(
        carried(article_id="a"),
        unfit("bad"),
        carried(article_id="b"),
        carried(ArticleUpdated, "bad"),
        carried(ArticleUpdated, "a", headline="Later"),
    )
    await drive(live, log)
    rows = live_rows(tmp_path)

    assert listed(rows, "article") == ["a", "b"]
    assert await parked(tmp_path) == [(2, BAD, "failed", 3), (4, BAD, "behind", 0)]
    assert column(tmp_path, "SELECT error FROM parked ORDER BY seq") == [
        (
            "IntegrityError: UNIQUE constraint failed: article_tag.tag, article_tag.ordered_at, "
            "article_tag.place, article_tag.article_id"
        ),
        "an earlier event of this subject is parked",
    ]
    assert column(tmp_path, "SELECT type FROM parked") == [
        "newswire.article.published",
        "newswire.article.updated",
    ]
    assert rows["checkpoint"][0][1].seq == 5  # type: ignore[attr-defined]


async def test_an_event_that_cannot_be_read_is_set_aside_at_once(
    log: MemoryLog, room: Newsroom, live: Projector, tmp_path: Path
) -> None:
    await room.put("wire", carried(article_id="bad"), data=b"{}")
    await room.broadcast(carried(article_id="a"))
    await drive(live, log)

    assert await parked(tmp_path) == [(1, BAD, "failed", 1)]
    assert listed(live_rows(tmp_path), "article") == ["a"]


async def test_a_subject_waits_also_after_a_restart(
    log: MemoryLog, room: Newsroom, live: Projector, tmp_path: Path
) -> None:
    await room.broadcast(unfit("bad"))
    await drive(live, log)
    live.close()
    await room.broadcast(carried(ArticleUpdated, "bad"), carried(article_id="a"))
    await drive(live, log)

    assert await parked(tmp_path) == [(1, BAD, "failed", 3), (2, BAD, "behind", 0)]
    assert listed(live_rows(tmp_path), "article") == ["a"]


async def test_ten_failures_in_a_row_stop_the_projection(
    log: MemoryLog, room: Newsroom, live: Projector, tmp_path: Path
) -> None:
    for number in range(10):
        await room.put("wire", carried(article_id=f"bad{number}"), data=b"{}")
    with pytest.raises(RunOfFailuresError, match="10 events failed one after the other"):
        await drive(live, log)

    assert [seq for seq, *_ in await parked(tmp_path)] == list(range(1, 10))
    assert live_rows(tmp_path)["checkpoint"][0][1].seq == 9  # type: ignore[attr-defined]


async def test_a_projection_that_is_started_again_does_not_go_on_emptying_the_stream(
    log: MemoryLog, room: Newsroom, live: Projector, tmp_path: Path
) -> None:
    for number in range(30):
        await room.put("wire", carried(article_id=f"bad{number}"), data=b"{}")
    for _ in range(3):
        with pytest.raises(RunOfFailuresError):
            await drive(live, log)

    assert len(await parked(tmp_path)) == 9


async def test_one_success_between_them_breaks_a_run_of_failures(
    log: MemoryLog, room: Newsroom, live: Projector, tmp_path: Path
) -> None:
    for number in range(18):
        if number == 9:
            await room.broadcast(carried(article_id="a"))
        await room.put("wire", carried(article_id=f"bad{number}"), data=b"{}")
    await drive(live, log)

    assert len(await parked(tmp_path)) == 18
    assert listed(live_rows(tmp_path), "article") == ["a"]


# --- files --------------------------------------------------------------------------------------


def swap(views_dir: Path, name: str) -> Path:
    """Publish a new, empty view file; the file that was live."""
    old = views.live_file(views_dir)
    views.create(views_dir / name).close()
    views.publish(views_dir, views_dir / name)
    return old


async def test_a_swapped_pointer_is_followed_and_the_old_file_left_alone(
    log: MemoryLog, room: Newsroom, live: Projector, tmp_path: Path
) -> None:
    await room.broadcast(carried(article_id="a"))
    await drive(live, log)
    old = swap(tmp_path, "views-0007.sqlite")
    await room.broadcast(carried(article_id="b"))
    at = await live.handle((await entries(log, "wire"))[1:])
    await drive(live, log)

    assert at == ORIGIN
    assert listed(live_rows(tmp_path), "article") == ["a", "b"]
    with closing(views.open_reader(old)) as connection:
        assert listed(rows_of(connection), "article") == ["a"]


async def test_a_swapped_pointer_is_followed_also_when_nothing_comes(
    log: MemoryLog, room: Newsroom, live: Projector, tmp_path: Path
) -> None:
    await room.broadcast(carried(article_id="a"))
    await drive(live, log)
    before = await live.tick()
    swap(tmp_path, "views-0002.sqlite")

    assert (before.seq, await live.tick()) == (1, ORIGIN)
    assert live.file == tmp_path / "views-0002.sqlite"


async def test_a_projection_that_has_not_begun_opens_its_file_first(live: Projector) -> None:
    assert await live.tick() == ORIGIN
    live.close()
    assert await live.handle([]) == ORIGIN


async def test_a_file_of_another_schema_stays_live_until_another_is_folded_beside_it(
    log: MemoryLog, room: Newsroom, live: Projector, tmp_path: Path
) -> None:
    await room.broadcast(carried(article_id="a"))
    await drive(live, log)
    live.close()
    with closing(views.open_writer(tmp_path / "views-0001.sqlite")) as connection:
        connection.execute("PRAGMA user_version = 99")
    live.log = FailingLog(log, 1, is_done=False)
    with pytest.raises(Unavailable, match="no answer"):
        await live.resume()
    meanwhile = views.live_file(tmp_path).name
    at = await live.resume()

    assert meanwhile == "views-0001.sqlite"
    assert at.seq == 1
    assert views.live_file(tmp_path).name == "views-0002.sqlite"
    assert views.previous_file(tmp_path) == tmp_path / "views-0001.sqlite"
    assert listed(live_rows(tmp_path), "article") == ["a"]


async def test_a_file_that_is_no_database_is_left_and_folded_anew(
    log: MemoryLog, room: Newsroom, live: Projector, tmp_path: Path
) -> None:
    await room.broadcast(carried(article_id="a"))
    (tmp_path / "views-0001.sqlite").write_bytes(b"no database at all " * 100)
    (tmp_path / "current.sqlite").symlink_to("views-0001.sqlite")

    assert await live.resume() == ORIGIN
    await drive(live, log)

    assert views.live_file(tmp_path).name == "views-0002.sqlite"
    with closing(views.open_reader(views.live_file(tmp_path))) as connection:
        assert connection.execute("SELECT article_id FROM article").fetchone()[0] == "a"


async def test_a_file_that_breaks_while_it_is_written_is_folded_anew(
    log: MemoryLog, room: Newsroom, live: Projector, tmp_path: Path
) -> None:
    await room.broadcast(carried(article_id="a"))
    await drive(live, log)
    live.close()
    file = tmp_path / "views-0001.sqlite"
    data = file.read_bytes()
    file.write_bytes(data[:4096] + b"\xff" * (len(data) - 4096))
    await room.broadcast(carried(article_id="b"))
    await live.resume()
    await drive(live, log)

    assert views.live_file(tmp_path).name == "views-0002.sqlite"
    with closing(views.open_reader(views.live_file(tmp_path))) as connection:
        found = connection.execute("SELECT article_id FROM article ORDER BY 1").fetchall()
    assert [row[0] for row in found] == ["a", "b"]


async def test_a_pointer_to_a_file_that_is_gone_gets_an_empty_one(
    live: Projector, tmp_path: Path
) -> None:
    tmp_path.joinpath("current.sqlite").symlink_to("views-0003.sqlite")
    tmp_path.joinpath("views-draft.sqlite").touch()

    assert await live.resume() == ORIGIN
    assert views.live_file(tmp_path).name == "views-0001.sqlite"


async def test_a_locked_file_is_unavailable_and_written_when_it_is_free(
    log: MemoryLog, room: Newsroom, live: Projector, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "BUSY_MS", 20)
    await room.broadcast(carried(article_id="a"))
    await live.resume()
    with closing(views.open_writer(views.live_file(tmp_path))) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(Unavailable, match="the views cannot be written: database is locked"):
            await live.handle(await entries(log, "wire"))
        other.execute("ROLLBACK")
    await drive(live, log)

    assert listed(live_rows(tmp_path), "article") == ["a"]


async def test_a_file_that_is_locked_while_an_event_is_set_aside_is_unavailable(
    log: MemoryLog, room: Newsroom, live: Projector, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "BUSY_MS", 20)
    await room.broadcast(unfit("bad"))
    await drive(live, log)
    await room.broadcast(carried(ArticleUpdated, "bad"), carried(article_id="a"))
    batch = (await entries(log, "wire"))[1:]
    with closing(views.open_writer(views.live_file(tmp_path))) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(Unavailable, match="the views cannot be written"):
            await live.handle(batch)
        other.execute("ROLLBACK")


async def test_a_file_that_is_locked_while_a_batch_is_taken_apart_is_unavailable(
    log: MemoryLog, room: Newsroom, live: Projector, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "BUSY_MS", 20)
    await room.broadcast(unfit("bad"))
    await drive(live, log)
    await room.broadcast(carried(article_id="a"), carried(ArticleUpdated, "bad"))
    with closing(views.open_writer(views.live_file(tmp_path))) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(Unavailable, match="the views cannot be written"):
            await live.handle((await entries(log, "wire"))[1:])
        other.execute("ROLLBACK")
    await drive(live, log)

    assert listed(live_rows(tmp_path), "article") == ["a"]


async def test_a_file_that_cannot_be_opened_for_a_while_is_not_replaced_by_an_empty_one(
    log: MemoryLog, room: Newsroom, live: Projector, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "BUSY_MS", 20)
    await room.broadcast(carried(article_id="a"))
    await drive(live, log)
    live.close()
    with closing(sqlite3.connect(views.live_file(tmp_path), isolation_level=None)) as other:
        other.execute("PRAGMA locking_mode = EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(Unavailable):
            await live.resume()


def test_views_that_do_not_exist_are_unavailable(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="the projection has not built any"):
        views.live_file(tmp_path)
    with pytest.raises(Unavailable, match="the views cannot be opened"):
        views.open_reader(tmp_path / "views-0001.sqlite")


def test_a_reader_cannot_write(tmp_path: Path) -> None:
    file = tmp_path / "with # and ? and %.sqlite"
    views.create(file).close()
    with (
        closing(views.open_reader(file)) as reader,
        pytest.raises(sqlite3.OperationalError, match="readonly"),
    ):
        reader.execute("DELETE FROM article")
    assert file.exists()
