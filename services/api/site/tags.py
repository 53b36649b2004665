"""What is said of a tag, and which tags the newest articles have."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final

import orjson

from services.api import story_queries, storytelling, typeset
from services.api.articles import listing
from services.api.articles.listing import Page
from services.api.articles.wanted import Wanted
from services.api.binding import array
from services.api.site import counting
from services.api.site.counting import Counted
from services.api.words import names
from services.api.words.texts import found, gettext, marked, ngettext
from shared.views import Connection

NEWEST_MAX: Final = 100
"""Articles whose tags are counted, the newest: half a megabyte of documents, 3 ms."""
COUNTED_MAX: Final = 1_000
"""Articles that are counted; a page says "1000 or more" instead of walking a whole index."""
STORIES_MAX: Final = 6
"""Stories beside the articles of a tag: the latest, each with its headline."""
OF_KIND_MAX: Final = 30
"""Tags of one kind on the page of all."""
KINDS: Final = {
    "country": marked("Countries"),
    "region": marked("Regions"),
    "place": marked("Places"),
    "topic": marked("Topics"),
    "organisation": marked("Organisations"),
    "person": marked("People"),
    "currency": marked("Currencies"),
    "commodity": marked("Commodities"),
}
"""Kinds of tags in the order of the page of all."""
_ONE: Final = {
    "country": marked("Country"),
    "region": marked("Region"),
    "place": marked("Place"),
    "topic": marked("Topic of the IPTC Media Topics"),
    "organisation": marked("Organisation"),
    "person": marked("Person"),
    "currency": marked("Currency"),
    "commodity": marked("Commodity"),
}
_KINDS_OF: Final = {"iso3166": "country", "iso3166-2": "region"}
"""Kinds of the tags that others imply, by scheme."""
_VOCABULARIES: Final = {
    "geonames": "https://www.geonames.org/{}",
    "medtop": "http://cv.iptc.org/newscodes/mediatopic/{}",
}
"""Where a code is explained by whoever gave it."""


@dataclass(frozen=True, slots=True)
class Told:
    """A story with articles of the tag."""

    story_id: str
    headline: str
    representative: str
    language: str
    articles: str


@dataclass(frozen=True, slots=True)
class TagPage:
    """A tag, by the articles that bear it."""

    tag: str
    name: str
    what: str
    """``Place, Kazakhstan``."""
    explained: str | None
    """Where its vocabulary explains it; None: nowhere."""
    articles: str
    """``1 article``, ``1000 or more articles``."""
    related: Sequence[Counted]
    sources: Sequence[Counted]
    stories: Sequence[Told]


@dataclass(frozen=True, slots=True)
class Kind:
    """Tags of one kind."""

    name: str
    tags: Sequence[Counted]


def tag_page(connection: Connection, tag: str) -> TagPage | None:
    """What is said of a tag; None: no article that may be shown bears it."""
    rows = listing.articles(connection, Wanted(tags=(tag,)), Page(NEWEST_MAX))
    documents = [orjson.loads(row.document) for row in rows]
    if not documents:
        return None
    article_ids = [row.article_id for row in rows]
    label = counting.label_of(documents, tag)
    scheme, _, code = tag.partition(":")
    explained = _VOCABULARIES.get(scheme)
    return TagPage(
        tag=tag,
        name=typeset.one_line(label.name) if label else _named(scheme, code),
        what=_what(documents, tag, label.kind if label else _KINDS_OF.get(scheme, "")),
        explained=explained.format(code) if explained else None,
        articles=counted(_count(connection, tag)),
        related=counting.related(documents, borne(connection, article_ids), {tag}),
        sources=counting.sources(documents),
        stories=_stories(connection, article_ids),
    )


def kinds(connection: Connection) -> list[Kind]:
    """Tags of the newest articles, by kind."""
    rows = listing.articles(connection, Wanted(), Page(NEWEST_MAX))
    order = list(KINDS)
    by_tag = borne(connection, [row.article_id for row in rows])
    counts = counting.tags([orjson.loads(row.document) for row in rows], by_tag)
    known = [one for one in counts if one.kind in KINDS]
    known.sort(key=lambda one: order.index(one.kind))  # stable: the most frequent stay first
    return [
        Kind(found(KINDS[kind]), list(group)[:OF_KIND_MAX])
        for kind, group in groupby(known, key=lambda one: one.kind)
    ]


def borne(connection: Connection, article_ids: Sequence[str]) -> dict[str, int]:
    """How many of these articles bear each tag, told or implied."""
    rows = connection.execute(
        "SELECT tag, count(*) FROM article_tag "
        "WHERE article_id IN (SELECT value FROM json_each(?)) GROUP BY tag",
        (array(article_ids),),
    )
    return dict(rows.fetchall())


def counted(number: int, most: int = COUNTED_MAX) -> str:
    """``3 articles``; what was counted up to the limit: ``1000 or more articles``."""
    if number < most:
        return ngettext("%(num)s article", "%(num)s articles", number)
    return gettext("%(number)s or more articles", number=number)


def _named(scheme: str, code: str) -> str:
    """A tag that is borne through others alone, as a country is by its towns."""
    name = names.country(code) if scheme == "iso3166" else None
    return name or f"{scheme}:{code}"


def _what(documents: Sequence[dict[str, Any]], tag: str, kind: str) -> str:
    said = found(_ONE[kind]) if kind in _ONE else gettext("Tag")
    each = (one for document in documents for one in document["tags"])
    country = next(
        (one["country"] for one in each if f"{one['scheme']}:{one['code']}" == tag), None
    )
    where = names.country(country) if country and kind in {"place", "region"} else None
    return f"{said}, {where}" if where else said


def _count(connection: Connection, tag: str) -> int:
    """Articles of the tag's list, up to the limit."""
    page = Page(COUNTED_MAX)
    return int(listing.summed_up(connection, "count(*)", Wanted(tags=(tag,)), page))


def _stories(connection: Connection, article_ids: Sequence[str]) -> list[Told]:
    homes = story_queries.belongings(connection, article_ids)
    shared = {
        homes[one].story_id for one in article_ids if one in homes and homes[one].articles > 1
    }
    latest = [one.story_id for one in map(homes.get, article_ids) if one and one.story_id in shared]
    chosen = list(dict.fromkeys(latest))[:STORIES_MAX]
    rows = [row for one in chosen if (row := story_queries.story(connection, one))]
    return [
        Told(
            story_id=one["story_id"],
            headline=typeset.one_line(one["headline"]),
            representative=one["representative"],
            language="" if one["language"] == "und" else one["language"],
            articles=ngettext("%(num)s article", "%(num)s articles", one["article_count"]),
        )
        for one in storytelling.briefs(connection, rows)
        if one["headline"]
    ]
