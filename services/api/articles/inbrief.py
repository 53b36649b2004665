"""Lists of articles in brief, as they are asked for most: stored JSON, and never a model of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from services.api import assembled, binding, story_queries
from services.api.articles import listing
from services.api.articles.listing import Page
from services.api.articles.wanted import Wanted
from services.api.cursors import After, AfterUpdate, Since
from services.api.fragments import Fragments
from shared.views import Connection

_KEYS: Final = "article_id, seq, ordered_at, place"
_BRIEFS: Final = f"""
SELECT n.article_id, n.seq, n.copy_of, CAST(b.brief AS BLOB),
  {story_queries.taken_in_by("n.article_id")}
FROM json_each(?) j CROSS JOIN article n INDEXED BY article_narrow ON n.article_id = j.value
CROSS JOIN article_brief b ON b.seq = n.seq
"""  # noqa: S608  # our own words

Row = tuple[str, int, str, int]
"""A ``Line`` as SQLite gives it: of fifty the one that a page ends with is made one."""


class Line(NamedTuple):
    """An article of a list, by its key."""

    article_id: str
    seq: int
    ordered_at: str
    place: int

    def after(self, since: Since, chosen: str) -> After:
        """The key that the next page of a list begins behind."""
        return After(self.ordered_at, self.place, self.article_id, since, chosen)

    def after_update(self, since: Since, chosen: str) -> AfterUpdate:
        """The key that the next page of a list by last events begins behind."""
        return AfterUpdate(self.seq, self.article_id, since, chosen)


def lines(connection: Connection, wanted: Wanted, page: Page) -> list[Row]:
    """A page of the articles that stand, in the order of the list."""
    query, values = listing.chosen(connection, wanted, page, _KEYS)
    walk = connection.cursor()
    walk.row_factory = None
    return walk.execute(query, values).fetchall()


def array(connection: Connection, found: Sequence[Row], fragments: Fragments) -> bytes:
    """Articles of a list as a JSON array, as ``ArticleBrief`` describes each."""
    return assembled.array(items(connection, found, fragments))


def items(connection: Connection, found: Sequence[Row], fragments: Fragments) -> list[bytes]:
    """Articles of a list, each as JSON."""
    kept = fragments.find(found)
    if None not in kept:
        return [item for item in kept if item]
    missing = [row[0] for row, item in zip(found, kept, strict=True) if item is None]
    made = _made(connection, missing, fragments)
    return [item or made[row[0]] for row, item in zip(found, kept, strict=True)]


def _made(
    connection: Connection, article_ids: Sequence[str], fragments: Fragments
) -> dict[str, bytes]:
    """The fragments of articles that stand, by id, and kept for the next list that has them."""
    walk = connection.cursor()
    walk.row_factory = None
    rows = walk.execute(_BRIEFS, (binding.array(article_ids),)).fetchall()
    ends = story_queries.ends(connection, {row[4] for row in rows if row[4] is not None})
    made = {}
    for article_id, seq, copy_of, brief, story_id in rows:
        elsewhere = {"copy_of": copy_of, "story_id": ends.get(story_id)}
        made[article_id] = assembled.with_members(brief, elsewhere)
        fragments.keep(article_id, seq, made[article_id])
    return made
