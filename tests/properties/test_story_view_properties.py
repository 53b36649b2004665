"""Whatever the wire says of stories and articles: each article is in one story, or in none."""

from __future__ import annotations

import tempfile
from contextlib import closing
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from services.api import story_queries, storytelling
from services.projection import store
from services.projection.evolve import evolve
from shared import views
from shared.envelope import decode
from shared.events import (
    ArticleCanceled,
    ArticlePublished,
    ArticleReinstated,
    ArticleTakenBack,
    ArticleUpdated,
    CarriedEvent,
    NoticeEvent,
    WireEvent,
)
from tests.wire_builders import carried, closed, entry_of, merged, notice, opened, parted

IDS = "abcdef"
ARTICLES = st.sampled_from(IDS)
NAMES = [f"5d7d4b0a-2f41-5c7e-9a34-0d1f6f3a9b5{number}" for number in range(4)]
STORIES = st.sampled_from(NAMES)
PAIRS = st.tuples(ARTICLES, ARTICLES)
WIRE_EVENTS = st.one_of(
    st.builds(
        lambda kind, one, words: carried(kind, one, headline=words),
        st.sampled_from([ArticlePublished, ArticleUpdated, ArticleReinstated]),
        ARTICLES,
        st.sampled_from(["One", "Two", "Three", "Four"]),
    ),
    st.builds(notice, st.sampled_from([ArticleCanceled, ArticleTakenBack]), ARTICLES),
    st.builds(lambda story, two: opened(story, *two), STORIES, PAIRS),
    st.builds(lambda story, other, two: merged(story, other, *two), STORIES, STORIES, PAIRS),
    st.builds(parted, STORIES, ARTICLES, ARTICLES),
    st.builds(closed, STORIES, ARTICLES),
)


def in_memory() -> tempfile.TemporaryDirectory[str]:
    """A folder on a disk that need not be waited for, where there is one."""
    shared_memory = Path("/dev/shm")
    return tempfile.TemporaryDirectory(dir=shared_memory if shared_memory.is_dir() else None)


def write(connection: views.Connection, events: list[WireEvent]) -> dict[str, str]:
    """The views of a wire; the headline that each article may be shown with."""
    headlines: dict[str, str] = {}
    with views.transaction(connection):
        for seq, event in enumerate(events, 1):
            for row in evolve(decode("wire", entry_of("wire", event, seq, seq))):
                store.write(connection, row)
            if isinstance(event, CarriedEvent):
                headlines[event.article.article_id] = event.article.headline
            elif isinstance(event, NoticeEvent):
                headlines.pop(event.article_id, None)
    return headlines


@settings(max_examples=120, deadline=None)
@given(st.lists(WIRE_EVENTS, max_size=25))
def test_an_article_is_in_one_story_which_has_it_and_shows_what_may_be_shown(
    events: list[WireEvent],
) -> None:
    with in_memory() as folder, closing(views.create(Path(folder) / "v")) as connection:
        headlines = write(connection, events)
        homes = story_queries.homes(connection, IDS)
        belongings = story_queries.belongings(connection, IDS)
        rows = [one for name in NAMES if (one := story_queries.story(connection, name))]
        told = {row.story_id: storytelling.whole(connection, row) for row in rows}

    assert set(homes) <= set(headlines)
    assert {one: belonging.story_id for one, belonging in belongings.items()} == homes
    for name, story in told.items():
        found = {one["article_id"]: one["headline"] for one in story["articles"]}
        assert found == {one: headlines[one] for one in found}
        assert story["headline"] == headlines.get(story["representative"] or "")
        if story["status"] == "merged":
            assert story["merged_into"] is not None
            assert not found
        else:
            assert set(found) == {one for one, home in homes.items() if home == name}
            assert {belongings[one].articles for one in found} <= {len(found)}
