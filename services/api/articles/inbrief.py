"""Lists of articles in brief, as they are asked for most: stored JSON, and never a model of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple, cast

from services.api import assembled, story_queries
from services.api.articles import listing
from services.api.articles.listing import Page
from services.api.articles.wanted import Wanted
from services.api.cursors import After, AfterUpdate, Since
from services.api.fragments import Fragments
from shared.views import Connection

_LINE: Final = "SELECT article_id, seq, ordered_at, place FROM article WHERE seq = ?"
_BRIEFS: Final = f"""
SELECT n.seq, n.copy_of, CAST(b.brief AS BLOB), {story_queries.taken_in_by("n.article_id")}
FROM json_each(?) j CROSS JOIN article n INDEXED BY article_seq ON n.seq = j.value
CROSS JOIN article_brief b ON b.seq = n.seq
"""  # noqa: S608  # our own words


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


def seqs(connection: Connection, wanted: Wanted, page: Page) -> list[str]:
    """A page of the articles that stand, in the order of the list: seqs of their last events.

    They come as one text, for a step of SQLite that Python waits for takes longer than its row: of
    fifty articles 8 µs, as rows 31. SQLite keeps the order of a subquery that has a LIMIT, and
    tests/properties/test_lists_properties.py holds it to that.
    """
    found = listing.summed_up(connection, "group_concat(seq)", wanted, page)
    return found.split(",") if found else []


def line(connection: Connection, seq: str) -> Line:
    """The key of an article by its last event."""
    return Line(*connection.execute(_LINE, (int(seq),)).fetchone())


def items(connection: Connection, found: Sequence[str], fragments: Fragments) -> list[bytes]:
    """Articles of a list by their seqs, each as JSON as ``ArticleBrief`` describes it."""
    kept = fragments.find(found)
    missing = [seq for seq, item in zip(found, kept, strict=True) if item is None]
    if not missing:
        return cast("list[bytes]", kept)
    made = _made(connection, missing, fragments)
    return [item or made[seq] for seq, item in zip(found, kept, strict=True)]


def _made(connection: Connection, found: Sequence[str], fragments: Fragments) -> dict[str, bytes]:
    """The fragments of articles that stand, by seq, and kept for the next list that has them."""
    walk = connection.cursor()
    walk.row_factory = None
    rows = walk.execute(_BRIEFS, (f"[{','.join(found)}]",)).fetchall()
    ends = story_queries.ends(connection, {row[3] for row in rows if row[3] is not None})
    made = {}
    for number, copy_of, brief, story_id in rows:
        elsewhere = {"copy_of": copy_of, "story_id": ends.get(story_id)}
        seq = str(number)
        made[seq] = assembled.with_members(brief, elsewhere)
        fragments.keep(seq, made[seq])
    return made
