"""The index in parts answers as one index does, and forgets in every part."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from services.api.search import finding, matching, syntax
from services.api.search.finding import Narrowed, Order, Ranking
from services.projection import search
from services.projection.fold import Fold
from shared import views
from shared.events import ArticlePublished, ArticleTakenBack, ArticleUpdated, WireEvent
from shared.search import parts
from shared.testing.memory_log import MemoryLog
from tests.search_index import blocks, numbers, words
from tests.view_files import ViewFile, article_id
from tests.wire_builders import Newsroom, carried, entries, notice, quiet

WORD = "wagtail"


@pytest.fixture(autouse=True)
def _small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "PART_EVENTS", 2)


def found(
    connection: views.Connection, typed: str, order: Order = "relevance", until: int = 2**40
) -> tuple[list[str], bool]:
    ranking = Ranking(order, until, finding.newest_s(connection, until), copies_shown=False)
    expression = matching.match_of(syntax.parse(typed), None).expression
    answer = finding.find(connection, expression, Narrowed(), ranking)
    return finding.article_ids(connection, answer.seqs), answer.is_whole


def ids(*articles: int) -> list[str]:
    return [article_id(number) for number in articles]


@pytest.fixture
def filled(tmp_path: Path) -> views.Connection:
    """Nine articles, two a part, the later the newer; the fifth alone has no flood."""
    file = ViewFile(tmp_path)
    for number in range(1, 10):
        day = f"2026-03-{number:02}T08:00:00.000000Z"
        about = "drought" if number == 5 else "flood"
        file.article(
            number, headline=f"A {about}", published_at=day, language="en",
            copy_of=1 if number == 8 else None, body=[],
        )  # fmt: skip
    return file.connection


def test_a_part_is_made_when_its_first_text_comes(filled: views.Connection) -> None:
    assert numbers(filled) == [0, 1, 2, 3, 4]
    assert {parts.part_of(seq) for seq in (1, 2, 9)} == {0, 1, 4}


@pytest.mark.parametrize("at_once", [1, 2, 32])
def test_what_is_found_in_all_parts_is_in_one_order(
    filled: views.Connection, monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    monkeypatch.setattr(finding, "PARTS_AT_ONCE", at_once)

    assert found(filled, "flood", "newest") == (ids(9, 7, 6, 4, 3, 2, 1), True)
    assert found(filled, "drought OR floods", "newest")[0] == ids(9, 7, 6, 5, 4, 3, 2, 1)
    assert found(filled, "flood", until=4) == (ids(4, 3, 2, 1), True)
    assert found(filled, "storm") == ([], True)


@pytest.mark.parametrize("at_once", [1, 2, 32])
def test_older_parts_are_asked_until_enough_is_found(
    filled: views.Connection, monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    monkeypatch.setattr(finding, "PARTS_AT_ONCE", at_once)
    monkeypatch.setattr(finding, "RANKED_MAX", 3)

    assert found(filled, "flood", "newest") == (ids(9, 8, 7), False)


@pytest.mark.parametrize("at_once", [1, 32])
def test_the_better_one_stands_above_though_its_part_is_older(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    monkeypatch.setattr(finding, "PARTS_AT_ONCE", at_once)
    file = ViewFile(tmp_path)
    dull = [f"They spoke of much else, {WORD} or not. " * 9]
    for number in range(1, 5):
        at = f"2026-03-02T08:0{number}:00.000000Z"
        file.article(number, headline="Dull", body=["Dull."], published_at=at, language="en")
    file.article(1, headline=f"A {WORD}", body=[], published_at=at, language="en")
    file.article(6, headline="A meeting", body=["Dull."], published_at=at, language="en")
    file.article(7, headline="A meeting", body=dull, published_at=at, language="en")

    assert found(file.connection, WORD)[0] == ids(1, 7)


async def test_a_part_that_is_over_is_merged_into_one(tmp_path: Path) -> None:
    told = [carried(ArticlePublished, one, headline=f"{one} flood") for one in "abcdef"]
    with closing(await folded(tmp_path, [[one] for one in told])) as connection:
        before = words(connection)
        assert segments(connection) == [1, 2, 2, 1]
        while search.forget(connection):
            pass

        assert segments(connection) == [1, 1, 1, 1]
        assert words(connection) == before
        assert len(found(connection, "flood")[0]) == 6


async def test_words_taken_back_leave_every_part_that_had_them(tmp_path: Path) -> None:
    others = [carried(ArticlePublished, one, headline=f"Other {one}") for one in "bcdefgh"]
    told = carried(ArticlePublished, "a", headline=f"A {WORD}")
    changed = carried(ArticleUpdated, "a", headline="A plover")
    events = [told, *others[:5], changed, *others[5:], notice(ArticleTakenBack, "a")]
    with closing(await folded(tmp_path, [events])) as connection:
        assert not {WORD, "plover"} & words(connection)
        while search.forget(connection):
            pass

        assert WORD[1:].encode() not in blocks(connection)
        assert b"plover"[1:] not in blocks(connection)
        assert "other" in words(connection)
        for part in numbers(connection):
            table = parts.table(part)
            connection.execute(f"INSERT INTO {table} ({table}) VALUES ('integrity-check')")


async def folded(folder: Path, batches: list[list[WireEvent]]) -> views.Connection:
    log = MemoryLog()
    room = Newsroom(log)
    for batch in batches:
        await room.broadcast(*batch)
    connection = views.create(folder / "views.sqlite")
    told = await entries(log, "wire")
    fold, at = Fold(connection, "1.0", quiet()), 0
    for batch in batches:
        await fold.take(told[at : at + len(batch)])
        at += len(batch)
    return connection


def segments(connection: views.Connection) -> list[int]:
    query = "SELECT count(DISTINCT segid) FROM {}_idx"
    return [
        connection.execute(query.format(parts.table(part))).fetchone()[0]
        for part in numbers(connection)
    ]
