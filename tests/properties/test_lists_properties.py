"""Lists of articles, now and as they were, are what a plain filter over all documents says."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any, Final

import orjson
from hypothesis import given, settings
from hypothesis import strategies as st

from services.api import cursors, queries, story_queries
from services.api.articles import inbrief, listing
from services.api.articles.listing import Page
from services.api.articles.wanted import Sort, Wanted
from services.api.fragments import Fragments
from services.api.queries import Listed
from shared import briefs, views
from shared.events import (
    ArticleCanceled,
    ArticlePublished,
    ArticleReinstated,
    ArticleTakenBack,
    ArticleUpdated,
    RelationChanged,
    WireEvent,
)
from shared.log import Entry
from shared.news import ArticleId, Relation, Tag
from tests.folds import folded, on_log
from tests.properties.test_projection_properties import in_memory
from tests.wire_builders import almaty, at, carried, merged, notice, opened, parted

LAST: Final = 1_000_000
"""The seq of an event behind all others."""
ARTICLES: Final = ("a", "b", "c", "d", "e")
STORIES: Final = tuple(f"5d7d4b0a-2f41-5c7e-9a34-0d1f6f3a9b5{number}" for number in range(3))
TAGS: Final[tuple[Tag, ...]] = (
    almaty(),
    almaty().model_copy(update={"scheme": "iso3166", "code": "KZ", "kind": "country"}),
    almaty().model_copy(update={"scheme": "iso3166-2", "code": "UZ-TK", "kind": "region",
                                "country": "UZ"}),
    almaty().model_copy(update={"scheme": "person", "code": "Q1", "kind": "person"}),
    almaty().model_copy(update={"scheme": "medtop", "code": "04000000", "kind": "topic",
                                "country": None}),
)  # fmt: skip
NAMES: Final = (
    "geonames:1526384", "iso3166:KZ", "iso3166:UZ", "iso3166-2:UZ-TK", "person:Q1",
    "medtop:04000000", "person:none",
)  # fmt: skip
DAYS: Final = ("2026-02-28", "2026-03-01", "2026-03-02")


def copy(of: str) -> Relation:
    return Relation(
        kind="exact", article_id=ArticleId(of), source="steppe-courier", evidence={}, method="m/1"
    )


def related(article_id: str, of: str | None) -> RelationChanged:
    return RelationChanged(
        article_id=ArticleId(article_id),
        source="steppe-courier",
        relations=(copy(of),) if of and of != article_id else (),
        reason="Another article came.",
        by="enrichment",
        observed_at=at(6),
        methods={},
    )


@st.composite
def carriages(draw: st.DrawFn) -> WireEvent:
    article_id, of = draw(st.sampled_from(ARTICLES)), draw(st.sampled_from((None, None, *ARTICLES)))
    event = carried(
        draw(st.sampled_from([ArticlePublished, ArticleUpdated, ArticleReinstated])),
        article_id,
        source=draw(st.sampled_from(["one", "two", "three"])),
        body=draw(st.sampled_from([(), ("Words.",)])),
        listed_on=draw(st.sampled_from(DAYS)),
        position=draw(st.sampled_from([None, 1, 2])),
        tags=tuple(draw(st.lists(st.sampled_from(TAGS), unique_by=id, max_size=4))),
        relations=(copy(of),) if of and of != article_id else (),
    )
    return event.model_copy(update={"language": draw(st.sampled_from(["en", "ru", "kk"]))})


ONE: Final = st.sampled_from(ARTICLES)
STORY: Final = st.sampled_from(STORIES)
EVENTS: Final = st.one_of(
    carriages(),
    carriages(),
    carriages(),
    carriages(),
    st.builds(notice, st.sampled_from([ArticleCanceled, ArticleTakenBack]), ONE),
    st.builds(related, ONE, st.none() | ONE),
    st.builds(opened, STORY, ONE, ONE),
    st.builds(
        # One ends in another, never in itself again.
        merged,
        st.sampled_from(STORIES[1:]),
        st.just(STORIES[0]),
        ONE,
    ),
    st.builds(merged, st.just(STORIES[2]), st.just(STORIES[1]), ONE),
    st.builds(parted, STORY, ONE, ONE),
)
WIRES: Final = st.lists(EVENTS, min_size=1, max_size=30)
MOMENTS: Final = st.sampled_from(
    [None, *(f"{day}T00:00:00.000000Z" for day in DAYS), "2026-03-01T12:00:00.000000Z"]
)


def seldom(values: st.SearchStrategy[Any], usual: object) -> st.SearchStrategy[Any]:
    """A condition now and then: where all are there, no article meets them."""
    return st.one_of(st.just(usual), st.just(usual), st.just(usual), values)


CONDITIONS: Final[dict[str, st.SearchStrategy[Any]]] = {
    "tags": seldom(st.lists(st.sampled_from(NAMES), max_size=2, unique=True).map(tuple), ()),
    "sources": seldom(
        st.lists(st.sampled_from(["one", "two", "three", "four"]), max_size=3).map(tuple), ()
    ),
    "languages": seldom(
        st.lists(st.sampled_from(["en", "ru", "kk", "tg"]), max_size=3).map(tuple), ()
    ),
    "has_text": seldom(st.booleans(), None),
    "begin": seldom(MOMENTS, None),
    "end": seldom(MOMENTS, None),
    "copies": st.sampled_from(["hidden", "hidden", "shown"]),
}
WANTED: Final = st.builds(
    Wanted,
    story=seldom(STORY, None),
    status=seldom(st.sampled_from(["canceled", "withheld"]), "usable"),
    **CONDITIONS,
)
WANTED_THEN: Final = st.builds(Wanted, **CONDITIONS)
SORTS: Final = st.sampled_from(["newest", "oldest", "updated"])

# --- a plain filter -----------------------------------------------------------------------------


def borne(document: dict[str, Any]) -> set[str]:
    tags = document.get("tags", [])
    own = {f"{tag['scheme']}:{tag['code']}" for tag in tags}
    return own | {
        f"iso3166:{tag['country']}"
        for tag in tags
        if tag["country"] and tag["kind"] in {"region", "place"}
    }


def meets(row: Listed, wanted: Wanted, home: str | None, end: str | None) -> bool:
    document = orjson.loads(row.document)
    return (
        row.status == wanted.status
        and set(wanted.tags) <= borne(document)
        and (not wanted.sources or document["source"] in wanted.sources)
        and (not wanted.languages or document.get("language", "und") in wanted.languages)
        and (end is None or home == end)
        and (wanted.has_text is None or bool(document.get("body")) == wanted.has_text)
        and (wanted.begin is None or row.ordered_at >= wanted.begin)
        and (wanted.end is None or row.ordered_at <= wanted.end)
    )


def in_order(rows: list[Listed], sort: Sort) -> list[Listed]:
    if sort == "updated":
        return sorted(rows, key=lambda row: -row.seq)
    by_place = sorted(rows, key=lambda row: (row.place, row.article_id))
    newest = sorted(by_place, key=lambda row: row.ordered_at, reverse=True)
    return newest[::-1] if sort == "oldest" else newest


def plainly(connection: views.Connection, wanted: Wanted, sort: Sort, gone: set[str]) -> list[Any]:
    found = [queries.article(connection, one) for one in ARTICLES if one not in gone]
    homes = story_queries.homes(connection, ARTICLES)
    end = story_queries.end(connection, wanted.story) if wanted.story else None
    met = [row for row in found if row and meets(row, wanted, homes.get(row.article_id), end)]
    names = {row.article_id for row in met}
    shown = [row for row in met if wanted.copies == "shown" or row.copy_of not in names]
    return in_order(shown, sort)


@settings(max_examples=300, deadline=None)
@given(WIRES, WANTED, SORTS, st.integers(1, 1_000))
def test_a_list_is_a_filter_over_all_documents(
    events: list[WireEvent], wanted: Wanted, sort: Sort, rare: int
) -> None:
    async def run() -> None:
        found = await on_log(events)
        with in_memory() as name, closing(await folded(Path(name), "now", found)) as now:
            expected = plainly(now, wanted, sort, set())
            assert listing.articles(now, wanted, Page(100, sort)) == expected
            if wanted.status == "usable":
                found_in_brief = inbrief.seqs(now, wanted, Page(100, sort))
                items = inbrief.items(now, found_in_brief, Fragments())
                assert [orjson.loads(item) for item in items] == in_brief(now, expected)
            assert walked(lambda page: listing.articles(now, wanted, page), sort) == expected

    before, listing.RARE_MAX = listing.RARE_MAX, 1 + rare % 4  # type: ignore[misc]  # as if there were many
    try:
        asyncio.run(run())
    finally:
        listing.RARE_MAX = before  # type: ignore[misc]


@settings(max_examples=300, deadline=None)
@given(WIRES, WANTED_THEN, SORTS, st.data())
def test_a_list_at_an_instant_is_a_filter_over_the_documents_of_then(
    events: list[WireEvent], wanted: Wanted, sort: Sort, data: st.DataObject
) -> None:
    """But for what was taken back since."""

    async def run() -> None:
        found: list[Entry] = await on_log(events)
        seq = data.draw(st.integers(0, len(found)))
        with (
            in_memory() as name,
            closing(await folded(Path(name), "now", found)) as now,
            closing(await folded(Path(name), "then", found[:seq])) as then,
        ):
            gone = {
                one
                for one, standing in queries.standings(now, ARTICLES).items()
                if standing.status != "usable" or standing.taken_back_seq > seq
            }
            expected = plainly(then, wanted, sort, gone)
            assert listing.articles_at(now, wanted, Page(100, sort), seq) == expected
            assert (
                walked(lambda page: listing.articles_at(now, wanted, page, seq), sort) == expected
            )

    asyncio.run(run())


def in_brief(connection: views.Connection, rows: list[Listed]) -> list[dict[str, Any]]:
    """Briefs of whole documents, each with its story as the views tell it of an instant."""
    homes = story_queries.homes(connection, [row.article_id for row in rows], LAST)
    return [
        briefs.brief(orjson.loads(row.document))
        | {"copy_of": row.copy_of, "story_id": homes.get(row.article_id)}
        for row in rows
    ]


def walked(read: Callable[[Page], list[Listed]], sort: Sort) -> list[Listed]:
    """The list, two articles a page."""
    seen: list[Listed] = []
    page = read(Page(2, sort))
    while page:
        seen += page
        since = cursors.Since(0)
        last = page[-1]
        key = last.after_update if sort == "updated" else last.after
        page = read(Page(2, sort, key(since, "list")))
    return seen
