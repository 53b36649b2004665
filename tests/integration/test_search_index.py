"""Words that were taken back are in no index, nor in the file of any."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from services.projection import search
from services.projection.fold import Fold
from shared import views
from shared.errors import ViewsDamaged
from shared.events import (
    ArticleCanceled,
    ArticlePublished,
    ArticleTakenBack,
    ArticleUpdated,
    WireEvent,
)
from shared.testing.memory_log import MemoryLog
from tests.search_index import blocks, words
from tests.wire_builders import Newsroom, carried, entries, notice, quiet

WORD = "wagtail"


async def folded(folder: Path, *events: WireEvent) -> views.Connection:
    log = MemoryLog()
    await Newsroom(log).broadcast(*events)
    connection = views.create(folder / "views.sqlite")
    await Fold(connection, "1.0", quiet()).take(await entries(log, "wire"))
    return connection


def is_in_file(connection: views.Connection) -> bool:
    return WORD[1:].encode() in blocks(connection)


@pytest.mark.parametrize("kind", [ArticleCanceled, ArticleTakenBack])
async def test_words_taken_back_leave_the_index_at_once_and_its_file_soon(
    tmp_path: Path, kind: type[ArticleCanceled | ArticleTakenBack]
) -> None:
    others = [carried(ArticlePublished, one, headline=f"Other {one}") for one in "bcdef"]
    told = carried(ArticlePublished, "a", headline=f"A {WORD}")
    with closing(await folded(tmp_path, told, *others, notice(kind, "a"))) as connection:
        assert WORD not in words(connection)
        while search.forget(connection):
            pass

        assert not is_in_file(connection)
        assert "other" in words(connection)
        connection.execute("INSERT INTO search_0000 (search_0000) VALUES ('integrity-check')")


async def test_of_a_text_that_was_changed_the_words_are_those_of_the_last(tmp_path: Path) -> None:
    told = carried(ArticlePublished, "a", headline=f"A {WORD}")
    changed = carried(ArticleUpdated, "a", headline="A plover")
    with closing(await folded(tmp_path, told, changed)) as connection:
        assert WORD not in words(connection)
        assert "plover" in words(connection)


async def test_an_index_of_another_text_is_damage(tmp_path: Path) -> None:
    told = carried(ArticlePublished, "a", headline=f"A {WORD}")
    with closing(await folded(tmp_path, told)) as connection:
        connection.execute("UPDATE search_text SET digest = 'another'")
        article_id = connection.execute("SELECT article_id FROM search_text").fetchone()[0]

        with pytest.raises(ViewsDamaged, match="took in another text"):
            search.take_out(connection, article_id)


async def test_what_is_taken_back_while_the_file_is_merged_is_forgotten_too(tmp_path: Path) -> None:
    told = [carried(ArticlePublished, one, headline=f"{one} {WORD}") for one in "ab"]
    with closing(await folded(tmp_path, *told, notice(ArticleCanceled, "a"))) as connection:
        assert search.forget(connection)
        with views.transaction(connection):
            article_id = connection.execute("SELECT article_id FROM search_text").fetchone()[0]
            search.take_out(connection, article_id)
            search.owe(connection, article_id)

        while search.forget(connection):
            pass

        assert not is_in_file(connection)
