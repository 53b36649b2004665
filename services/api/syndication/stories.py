"""Stories for feed readers: the list of them, and the articles of one.

Their words are of articles that may be shown now; a story of which nothing is left is in no feed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from services.api import front, typeset
from services.api.storytelling import Told
from services.api.syndication.items import Category, Item, Listing
from services.api.syndication.links import Format, Site, limited
from services.api.syndication.listing import NAME, item_of
from services.api.syndication.query import STORIES_MAX, ListQuery, StoriesFeedQuery
from services.api.syndication.texts import line

MEMBERS_SHOWN_MAX: Final = 10
"""Articles named below a story, the latest: its page and its own feed have them all."""

Documents = Mapping[str, Mapping[str, Any]]


def named_members(story: Told) -> list[str]:
    """Ids of the articles that a feed tells of a story: who stands for it, then the latest."""
    if story.representative is None:
        return []
    latest = [one.article_id for one in reversed(story.members)]
    return list(dict.fromkeys([story.representative.article_id, *latest[:MEMBERS_SHOWN_MAX]]))


def stories(
    found: Sequence[Told],
    documents: Documents,
    query: StoriesFeedQuery,
    place: tuple[Site, Format, datetime],
) -> Listing:
    """The feed of these stories; ``place``: where it is, as what, when the views last changed."""
    site, form, at = place
    items = tuple(_item(one, documents, site) for one in found if one.representative)
    parameters = [] if query.limit == STORIES_MAX else [("limit", str(query.limit))]
    return Listing(
        id=site.named("stories"),
        title=f"Stories – {NAME}",
        self_url=site.feed_at("/feeds/stories", form, parameters),
        page_url=site.page([]),
        language="",
        updated_at=max((item.updated_at for item in items), default=at),
        items=items,
    )


def ids_of_one(story: Told, limit: int) -> list[str]:
    """Ids of the articles of a story's own feed, the latest first; copies of others are left out.

    Where nothing of it may be shown there are none.
    """
    ids = {one.article_id for one in story.members}
    latest = (one for one in reversed(story.members) if one.copy_of not in ids)
    return [one.article_id for one in latest][:limit]


def of_one(
    story: Told,
    documents: Sequence[Mapping[str, Any]],
    query: ListQuery,
    place: tuple[Site, Format, datetime],
) -> Listing:
    """The feed of the articles of one story, the latest first."""
    site, form, at = place
    items = tuple(item_of(document, site) for document in documents)
    story_id = story.row.story_id
    title = items[-1].headline if items else "A story"
    return Listing(
        id=site.named(f"story:{story_id}"),
        title=f"{title} – {NAME}",
        self_url=site.feed_at(f"/feeds/stories/{story_id}", form, limited(query)),
        page_url=site.story(story_id),
        language="",
        updated_at=max((item.updated_at for item in items), default=at),
        items=items,
    )


def _item(story: Told, documents: Documents, site: Site) -> Item:
    """A story under the headline of who stands for it, with its articles named below."""
    standing, *others = (documents[one] for one in named_members(story))
    told = [_told(one) for one in others] or [_told(standing)]
    return Item(
        id=f"urn:newswire:story:{story.row.story_id}",
        page_url=site.story(story.row.story_id),
        original_url=None,
        headline=line(typeset.one_line(standing["headline"])) or story.row.story_id,
        language=front.lang(standing),
        source=standing["source"],
        credit=line(front.credit_of(standing)) or str(standing["source"]),
        authors=(),
        published_at=None,
        day=None,
        updated_at=datetime.fromisoformat(story.row.observed_at),
        summary="",
        lead="; ".join(told),
        paragraphs=tuple(told),
        is_whole=True,
        categories=_categories(standing),
        rights=None,
    )


def _told(document: Mapping[str, Any]) -> str:
    credit = line(front.credit_of(document)) or str(document["source"])
    return f"{line(typeset.one_line(document['headline'])) or credit} – {credit}"


def _categories(document: Mapping[str, Any]) -> tuple[Category, ...]:
    found = front.labels(document)
    return tuple(Category(line(one.tag), line(one.name) or line(one.tag)) for one in found)
