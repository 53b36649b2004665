"""A story as the api tells it: by the articles that may be shown now, not by its event's words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import orjson

from services.api import story_queries
from services.api.story_queries import Member, StoryRow
from shared.views import Connection

_TOLD: Final = (
    "article_id", "headline", "source", "credit", "language", "published_at", "published_on",
    "listed_on", "observed_at",
)  # fmt: skip
"""Members of an article's document that a story tells of it."""


@dataclass(frozen=True, slots=True)
class Told:
    """A story with those of its articles that may be shown."""

    row: StoryRow
    merged_into: str | None
    """The story that goes on in its place; None: it was not merged."""
    members: Sequence[Member]
    """The oldest first; none where it was merged."""

    @property
    def representative(self) -> Member | None:
        """Who stands for it; where that one is gone, the best that is left; None: nothing is.

        The best is no copy, and the earliest.
        """
        of_wire = [one for one in self.members if one.article_id == self.row.representative]
        left = of_wire or sorted(self.members, key=lambda one: one.copy_of is not None)
        return left[0] if left else None


def told(connection: Connection, row: StoryRow, then: int | None = None) -> Told:
    """A story, put together of its articles as they stand, or stood at an event."""
    if row.status == "merged":
        return Told(row, story_queries.end(connection, row.story_id, then), ())
    return Told(row, None, story_queries.members(connection, row.story_id, then))


def briefs(
    connection: Connection, rows: Sequence[StoryRow], then: int | None = None
) -> list[dict[str, Any]]:
    """Stories as lists give them."""
    found = [told(connection, row, then) for row in rows]
    standing = [one.representative.article_id for one in found if one.representative]
    documents = _documents(connection, standing, then)
    return [_brief(one, documents) for one in found]


def whole(connection: Connection, row: StoryRow, then: int | None = None) -> dict[str, Any]:
    """A story with its articles."""
    found = told(connection, row, then)
    documents = _documents(connection, [one.article_id for one in found.members], then)
    articles = [
        {**{name: documents[one.article_id].get(name) for name in _TOLD}, "copy_of": one.copy_of}
        for one in found.members
    ]
    return {**_brief(found, documents), "articles": articles}


def _documents(
    connection: Connection, article_ids: Sequence[str], then: int | None
) -> dict[str, Mapping[str, Any]]:
    found = story_queries.documents(connection, article_ids, then)
    return {article_id: orjson.loads(document) for article_id, document in found.items()}


def _brief(one: Told, documents: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    row, shown = one.row, one.representative
    return {
        "story_id": row.story_id,
        "status": row.status,
        "merged_into": one.merged_into,
        "headline": documents[shown.article_id]["headline"] if shown else None,
        "language": shown.language if shown else None,
        "representative": shown.article_id if shown else None,
        "article_count": len(one.members),
        "sources": dict(sorted(Counter(member.source for member in one.members).items())),
        "languages": dict(sorted(Counter(member.language for member in one.members).items())),
        "changed_at": row.observed_at,
        "version": row.version,
        "seq": row.seq,
        "event_id": row.event_id,
    }
