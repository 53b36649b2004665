"""What was shown at an instant is what a fold of the log up to there shows.

But for what was taken back since: that is shown at no instant.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import orjson
from hypothesis import given, settings
from hypothesis import strategies as st

from services.api import cursors, past, queries, story_queries, storytelling
from services.api.articles.listing import Page, articles, articles_at
from services.api.articles.wanted import Wanted
from services.api.queries import Listed
from services.api.story_queries import Belonging
from services.api.times.differing import Span, differences
from shared import views
from shared.events import (
    ArticleCanceled,
    ArticleCorrected,
    ArticlePublished,
    ArticleReinstated,
    ArticleTakenBack,
    WireEvent,
)
from tests.folds import folded, on_log
from tests.properties.test_projection_properties import in_memory
from tests.properties.test_story_view_properties import NAMES
from tests.wire_builders import (
    almaty,
    carried,
    closed,
    merged,
    notice,
    opened,
    parted,
)

ARTICLES = st.sampled_from(["a", "b", "c", "d"])
CARRIED = st.builds(
    lambda kind, one, day, words, is_tagged: carried(
        kind, one, headline=words, listed_on=day, tags=(almaty(),) if is_tagged else ()
    ),
    st.sampled_from([ArticlePublished, ArticleCorrected, ArticleReinstated]),
    ARTICLES,
    st.sampled_from(["2026-03-01", "2026-03-02"]),
    st.sampled_from(["One", "Two", "Three"]),
    st.booleans(),
)
NOTICES = st.builds(notice, st.sampled_from([ArticleCanceled, ArticleTakenBack]), ARTICLES)
WIRES = st.lists(st.one_of(CARRIED, CARRIED, CARRIED, NOTICES), min_size=1, max_size=20)
IDS = ["a", "b", "c", "d"]
STORIES = st.sampled_from(NAMES)
PAIRS = st.tuples(ARTICLES, ARTICLES)
STORY_EVENTS = st.one_of(
    st.builds(lambda story, two: opened(story, *two), STORIES, PAIRS),
    st.builds(lambda story, other, two: merged(story, other, *two), STORIES, STORIES, PAIRS),
    st.builds(parted, STORIES, ARTICLES, ARTICLES),
    st.builds(closed, STORIES, ARTICLES),
)
BACK = st.builds(
    lambda one, story: carried(ArticleReinstated, one).model_copy(update={"story_id": story}),
    ARTICLES,
    st.one_of(st.none(), STORIES),
)
TOLD = st.lists(
    st.one_of(CARRIED, STORY_EVENTS, STORY_EVENTS, NOTICES, BACK), min_size=1, max_size=25
)
WANTED = st.sampled_from([Wanted(), Wanted(tags=("geonames:1526384",)), Wanted(languages=("en",))])


def told(rows: list[Listed]) -> list[dict[str, Any]]:
    return [orjson.loads(row.json(None)) for row in rows]


def gone_since(now: views.Connection, seq: int) -> set[str]:
    """Articles that were taken back after an event."""
    return {
        one
        for one, standing in queries.standings(now, IDS).items()
        if standing.status != "usable" or standing.taken_back_seq > seq
    }


@settings(max_examples=200, deadline=None)
@given(WIRES, st.data(), WANTED)
def test_the_list_at_an_instant_is_that_of_a_fold_up_to_there(
    events: list[WireEvent], data: st.DataObject, wanted: Wanted
) -> None:
    async def run() -> None:
        found = await on_log(events)
        seq = data.draw(st.integers(0, len(found)))
        with (
            in_memory() as name,
            closing(await folded(Path(name), "now", found)) as now,
            closing(await folded(Path(name), "then", found[:seq])) as then,
        ):
            gone = gone_since(now, seq)
            expected = [
                one
                for one in told(articles(then, wanted, Page(100)))
                if one["article_id"] not in gone
            ]
            at = past.seq_at(now, seq)
            assert told(articles_at(now, wanted, Page(100), at)) == expected
            for article_id in ("a", "b", "c", "d"):
                row, was = past.article(now, article_id, at), queries.article(then, article_id)
                if article_id not in gone and was is not None and was.status == "usable":
                    assert row == was
                elif row is not None:
                    assert row.status != "usable"

    asyncio.run(run())


@settings(max_examples=200, deadline=None)
@given(TOLD, st.data())
def test_stories_at_an_instant_are_those_of_a_fold_up_to_there(
    events: list[WireEvent], data: st.DataObject
) -> None:
    async def run() -> None:
        found = await on_log(events)
        seq = data.draw(st.integers(0, len(found)))
        with (
            in_memory() as name,
            closing(await folded(Path(name), "now", found)) as now,
            closing(await folded(Path(name), "then", found[:seq])) as then,
        ):
            gone = gone_since(now, seq)
            for status in (None, "open", "closed", "merged"):
                rows = story_queries.stories(now, status, None, 100, seq)
                assert rows == story_queries.stories(then, status, None, 100)
            before = (seq, NAMES[1])
            assert story_queries.stories(now, None, before, 2, seq) == (
                story_queries.stories(then, None, before, 2)
            )
            for name_of_one in NAMES:
                row = story_queries.story(now, name_of_one, seq)
                assert row == story_queries.story(then, name_of_one)
                if row is not None:
                    was = storytelling.told(then, row)
                    left = tuple(one for one in was.members if one.article_id not in gone)
                    told_now = storytelling.told(now, row, seq)
                    assert replace(told_now, members=tuple(told_now.members)) == (
                        replace(was, members=left)
                    )
                    ids = [one.article_id for one in left]
                    documents = story_queries.documents(now, ids, seq)
                    assert documents == story_queries.documents(then, ids)
                    assert storytelling.whole(now, row, seq)["article_count"] == len(left)
            homes = story_queries.homes(then, IDS)
            kept = {one: story for one, story in homes.items() if one not in gone}
            assert story_queries.homes(now, IDS, seq) == kept
            counted = Counter(kept.values())
            assert story_queries.belongings(now, IDS, seq) == {
                one: Belonging(story, counted[story]) for one, story in kept.items()
            }

    asyncio.run(run())


def shown(view: views.Connection, gone: set[str]) -> dict[str, dict[str, Any]]:
    """The articles that a fold shows, without those that have been taken back since."""
    rows = [row for one in IDS if one not in gone and (row := queries.article(view, one))]
    return {row.article_id: orjson.loads(row.document) for row in rows if row.status == "usable"}


@settings(max_examples=60, deadline=None)
@given(TOLD, st.data(), st.sampled_from([1, 2, 200]))
def test_differences_are_those_of_two_folds(
    events: list[WireEvent], data: st.DataObject, limit: int
) -> None:
    async def run() -> None:
        found = await on_log(events)
        end = data.draw(st.integers(0, len(found)))
        begin = data.draw(st.integers(0, end))
        with (
            in_memory() as name,
            closing(await folded(Path(name), "now", found)) as now,
            closing(await folded(Path(name), "end", found[:end])) as later,
            closing(await folded(Path(name), "begin", found[:begin])) as earlier,
        ):
            items, after = list[dict[str, Any]](), None
            for _ in range(100):
                part = differences(now, Span(begin, end), after, limit)
                items, after = [*items, *part.items], part.next
                if after is None:
                    break
            assert after is None
            assert [one["seq"] for one in items] == sorted(one["seq"] for one in items)
            told = {one["id"]: one for one in items}
            assert len(told) == len(items)

            before, behind = (
                shown(earlier, gone_since(now, begin)),
                shown(later, gone_since(now, end)),
            )
            for one in IDS:
                said = told.pop(one, None)
                first, last = queries.article(earlier, one), queries.article(later, one)
                was_there = first is not None and first.status == "usable"
                if one in behind and one not in before:
                    assert said
                    assert (said["change"], said["headline"]) == ("came", behind[one]["headline"])
                elif one in behind and behind[one]["seq"] != before[one]["seq"]:
                    assert said
                    assert said["change"] == "changed"
                    assert ("headline" in said["fields"]) == (
                        before[one]["headline"] != behind[one]["headline"]
                    )
                elif was_there and last is not None and last.status != "usable":
                    assert said
                    assert said["change"] == "left"
                    assert "headline" not in said
                else:
                    assert said is None
            for one in NAMES:
                said = told.pop(one, None)
                was, is_now = story_queries.story(earlier, one), story_queries.story(later, one)
                # A story that has ended stays as it ended, whatever is said of it afterwards.
                seqs = [row.seq if row else None for row in (was, is_now)]
                assert (said is not None) == (seqs[0] != seqs[1])
                if said is not None:
                    row = story_queries.story(now, one, end)
                    assert row == is_now
                    assert (said["change"] == "opened") == (was is None and row.status != "merged")
            assert not told

    asyncio.run(run())


@settings(max_examples=50, deadline=None)
@given(WIRES, st.data())
def test_pages_of_a_list_at_an_instant_are_the_list(
    events: list[WireEvent], data: st.DataObject
) -> None:
    async def run() -> None:
        found = await on_log(events)
        with in_memory() as name, closing(await folded(Path(name), "now", found)) as now:
            at = past.seq_at(now, data.draw(st.integers(0, len(found))))
            whole = articles_at(now, Wanted(), Page(100), at)
            one_by_one: list[Listed] = []
            for _ in whole:
                last = one_by_one[-1] if one_by_one else None
                after = last.after(cursors.event(*last.event()), "") if last else None
                one_by_one += articles_at(now, Wanted(), Page(1, behind=after), at)
            assert one_by_one == whole

    asyncio.run(run())
