"""Verify: a single row that is not what the log makes of it is found and named."""

from __future__ import annotations

import os
import resource
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest

from services.projection.projector import Projector
from services.projection.verify import TableResult, Verification, lines, verify
from shared import views
from shared.embedded import try_lock
from shared.errors import LogDamaged, Rejected, Unavailable
from shared.events import ArticleCanceled, ArticleUpdated
from shared.testing.memory_log import MemoryLog
from tests.wire_builders import (
    Newsroom,
    almaty,
    carried,
    drive,
    entries,
    notice,
    opened,
    projector,
    quiet,
    quoted,
    unfit,
)

STORY = "5d7d4b0a-2f41-5c7e-9a34-0d1f6f3a9b52"
ROWS = {
    "article": 3, "article_brief": 2, "article_past": 1, "article_event": 4,
    "article_relation": 0, "moment": 6, "article_tag": 2,
    "search_part": 1, "search_text": 2, "search_word": 6, "story": 0, "story_version": 0,
    "story_article": 0, "story_merged": 0, "rate": 2, "rate_series": 1, "rate_version": 2,
    "parked": 1,
}  # fmt: skip

ANOTHER = """
INSERT INTO article SELECT '{}', source, status, language, version, seq, ordered_at, place, copy_of,
                           text_hash, taken_back_seq, story_id, has_text, document
FROM article WHERE article_id = 'a'
"""


class Desk:
    """A log, what is written on it, and the projection that follows it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.log = MemoryLog()
        self.room = Newsroom(self.log)
        self.projector: Projector = projector(folder)

    async def verified(self) -> Verification:
        return await verify(self.folder, self.log, "1.0", quiet())

    def spoil(self, statement: str) -> None:
        with closing(views.open_writer(views.live_file(self.folder))) as connection:
            connection.execute("PRAGMA foreign_keys = OFF")
            assert connection.execute(statement).rowcount == 1

    async def differences(self) -> list[tuple[str, str]]:
        result = await self.verified()
        return [(table.table, key) for table in result.tables for key in table.differing]


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    made = Desk(tmp_path)
    await made.room.broadcast(
        carried(article_id="a", tags=(almaty(),)),
        carried(article_id="b", tags=(almaty(),)),
        carried(article_id="c"),
        quoted("1", "2026-03-01"),
        unfit("d"),
        quoted("2", "2026-03-02"),
        notice(ArticleCanceled, "b"),
    )
    await drive(made.projector, made.log)
    yield made
    made.projector.close()


async def test_views_that_are_what_the_log_makes_of_them_are_clean(desk: Desk) -> None:
    result = await desk.verified()

    assert result.is_clean
    assert result.checkpoint.seq == 7
    assert {table.table: table.rows for table in result.tables} == ROWS
    assert list(lines(result))[-1] == "clean"
    assert sorted(file.name for file in desk.folder.glob("verify-*")) == []


async def test_the_same_views_have_the_same_digests(desk: Desk, tmp_path: Path) -> None:
    other = Desk(tmp_path / "other")
    other.log = desk.log
    await drive(other.projector, other.log, count=1)
    digests = [[table.digest for table in (await one.verified()).tables] for one in (desk, other)]
    other.projector.close()

    assert digests[0] == digests[1]
    assert len(set(digests[0])) == len([rows for rows in ROWS.values() if rows]) + 1  # of none


@pytest.mark.parametrize(
    ("statement", "difference"),
    [
        ("UPDATE article SET place = 9 WHERE article_id = 'a'", ("article", "('a',) differs")),
        (
            "UPDATE article SET document = replace(document, 'T', 't') WHERE article_id = 'c'",
            ("article", "('c',) differs"),
        ),
        ("DELETE FROM article WHERE article_id = 'a'", ("article", "('a',) is missing")),
        ("DELETE FROM article WHERE article_id = 'c'", ("article", "('c',) is missing")),
        (
            ANOTHER.format("aa"),
            ("article", "('aa',) should not be there"),
        ),
        (
            ANOTHER.format("z"),
            ("article", "('z',) should not be there"),
        ),
        (
            "DELETE FROM article_tag WHERE tag = 'geonames:1526384'",
            ("article_tag", "('geonames:1526384', 'a') is missing"),
        ),
        (
            "UPDATE rate SET version = 2 WHERE as_of = '2026-03-01'",
            ("rate", "('steppe-courier:ticker:KZT-USD', '2026-03-01') differs"),
        ),
        (
            "DELETE FROM rate_version WHERE as_of = '2026-03-02'",
            ("rate_version", "('steppe-courier:ticker:KZT-USD', '2026-03-02', 1) is missing"),
        ),
        ("UPDATE parked SET reason = 'behind'", ("parked", "(5,) differs")),
        ("DELETE FROM parked", ("parked", "(5,) is missing")),
    ],
)
async def test_a_single_row_that_differs_is_named(
    desk: Desk, statement: str, difference: tuple[str, str]
) -> None:
    desk.spoil(statement)

    assert await desk.differences() == [difference]
    assert not (await desk.verified()).is_clean


@pytest.mark.parametrize(
    ("statement", "difference"),
    [
        ("UPDATE story SET headline = 'x'", ("story", f"('{STORY}',) differs")),
        ("UPDATE story_version SET version = 9", ("story_version", "(8,) differs")),
        (
            "UPDATE story_article SET is_in = 0 WHERE article_id = 'a'",
            ("story_article", "('a', 8) differs"),
        ),
        (
            "DELETE FROM story_article WHERE article_id = 'c'",
            ("story_article", "('c', 8) is missing"),
        ),
    ],
)
async def test_a_row_of_a_story_that_differs_is_named(
    desk: Desk, statement: str, difference: tuple[str, str]
) -> None:
    await desk.room.broadcast(opened(STORY, "a", "c"))
    await drive(desk.projector, desk.log)
    assert (await desk.verified()).is_clean
    desk.spoil(statement)

    assert await desk.differences() == [difference]


async def test_how_an_event_failed_may_differ(desk: Desk) -> None:
    desk.spoil("UPDATE parked SET error = 'other', attempts = 1, code_version = '0.9'")

    assert (await desk.verified()).is_clean


async def test_the_projection_goes_on_while_its_views_are_verified(desk: Desk) -> None:
    class Growing(MemoryLog):
        """A log that the projection follows further with every read of the verification."""

        async def follow(self, *args: object, **kwargs: object) -> list[object]:
            await desk.room.broadcast(carried(ArticleUpdated, "a", headline="New"))
            await drive(desk.projector, desk.log)
            return await desk.log.follow(*args, **kwargs)  # type: ignore[arg-type,return-value]

    result = await verify(desk.folder, Growing(), "1.0", quiet())  # type: ignore[arg-type]
    later = await desk.verified()

    assert (result.is_clean, result.checkpoint.seq) == (True, 7)
    assert (later.is_clean, later.checkpoint.seq) == (True, 8)


async def test_a_log_that_ends_before_the_views_is_refused(desk: Desk) -> None:
    desk.log.truncate("wire", 5)

    with pytest.raises(Rejected, match="the log ends at seq 5, the views stand at 7"):
        await desk.verified()


async def test_a_log_with_another_event_at_the_checkpoint_is_refused(desk: Desk) -> None:
    desk.log.truncate("wire", 6)
    await desk.room.broadcast(carried(article_id="other"))

    with pytest.raises(Rejected, match="the views stand at event"):
        await desk.verified()


async def test_a_log_without_its_beginning_is_damaged(desk: Desk) -> None:
    desk.log.trim("wire", 3)

    with pytest.raises(LogDamaged):
        await desk.verified()
    assert list(desk.folder.glob("verify-*")) == []


async def test_without_views_there_is_nothing_to_verify(tmp_path: Path) -> None:
    with pytest.raises(Unavailable):
        await verify(tmp_path, MemoryLog(), "1.0", quiet())


async def test_empty_views_of_an_empty_log_are_clean(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    await desk.projector.resume()
    desk.projector.close()

    assert (await desk.verified()).is_clean


async def test_a_person_reads_which_rows_differ_and_how_many_more(desk: Desk) -> None:
    at = (await entries(desk.log, "wire"))[-1].checkpoint()
    keys = tuple(f"('{number}',) differs" for number in range(25))
    clean = TableResult("rate", 2, "ab" * 32, ())
    told = list(lines(Verification(at, (TableResult("article", 30, "cd" * 32, keys), clean))))

    assert told[:3] == [
        "folded afresh to seq 7 (7-0)",
        "article: 30 rows, sha256 cdcdcdcdcdcdcdcd: 25 differ",
        "  ('0',) differs",
    ]
    assert told[21:] == [
        "  ('19',) differs",
        "  and 5 more",
        "rate: 2 rows, sha256 abababababababab: same",
        "the views are not what the log makes of them: rebuild",
    ]


async def test_one_verify_runs_at_a_time(desk: Desk) -> None:
    held = try_lock(desk.folder / "verify.lock")
    assert held is not None

    with pytest.raises(Unavailable, match="another verify of these views runs"):
        await desk.verified()
    os.close(held)
    assert (await desk.verified()).is_clean


@pytest.mark.parametrize("bytes_max", [2_000, 120_000], ids=["of the copy", "of the fresh fold"])
async def test_a_disk_that_takes_no_more_is_one_sentence(desk: Desk, bytes_max: int) -> None:
    ours, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (bytes_max, most))
    try:
        with pytest.raises(Unavailable, match="the views cannot be"):
            await desk.verified()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (ours, most))

    assert (await desk.verified()).is_clean
