"""What changed, of each kind and of all together, from the views: the last state of each subject.

A text that was taken back is in none of them: the article's row holds the notice by then, and a
story is told by the articles that may be shown.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final, Literal, get_args

import orjson

from services.api import story_queries
from services.api.articles import listing
from services.api.articles.wanted import Wanted
from services.api.following.heard import Place, Source
from services.api.queries import Listed, Span
from services.api.story_queries import StoryRow
from shared.views import Connection

Kind = Literal["article", "rate", "story"]
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
LOOKED_AT_MAX: Final = 2_000
"""Changes of a kind that one answer looks at, however few a filter leaves: 10 ms."""

_ENDS: Final[dict[Kind, str]] = {
    "article": "SELECT seq, document ->> 'event_id' FROM article",
    "rate": "SELECT seq, document ->> 'event_id' FROM rate",
    "story": "SELECT seq, event_id FROM story",
}


@dataclass(frozen=True, slots=True)
class RateRow:
    """What a series says of an ``as_of``."""

    seq: int
    series: str
    as_of: str
    document: str
    """Its last event, doubted or not."""

    def event(self) -> Place:
        """Seq and id of its last event."""
        return self.seq, orjson.loads(self.document)["event_id"]


Row = Listed | RateRow | StoryRow


def articles(connection: Connection, wanted: Wanted) -> Source[Listed]:
    """Changes of articles."""
    return Source(
        lambda events, count: listing.changes(connection, wanted, events, count),
        lambda seq: _end(connection, ["article"], seq),
        Listed.event,
    )


def stories(connection: Connection, status: str | None) -> Source[StoryRow]:
    """Changes of stories."""
    return Source(
        lambda events, count: story_queries.changes(connection, status, events, count),
        lambda seq: _end(connection, ["story"], seq),
        StoryRow.event,
    )


def rates(connection: Connection, sources: Sequence[str]) -> Source[RateRow]:
    """Changes of rates."""
    return Source(
        lambda events, count: _rates(connection, sources, events, count),
        lambda seq: _end(connection, ["rate"], seq),
        RateRow.event,
    )


def all_of(connection: Connection, kinds: Collection[Kind], wanted: Wanted) -> Source[Row]:
    """Changes of several kinds, in the order of the wire.

    A filter by source leaves out stories, which have many; one by tags rates too, which have none.
    """
    passing: list[Kind] = [kind for kind in KINDS if kind in kinds and _passes(kind, wanted)]

    def chosen(events: Span | Sequence[int], count: int) -> list[Row]:
        rows: list[Row] = []
        for kind in passing:
            match kind:
                case "article":
                    rows += listing.changes(connection, wanted, events, count)
                case "rate":
                    rows += _rates(connection, wanted.sources, events, count)
                case "story":
                    rows += story_queries.changes(connection, None, events, count)
        return sorted(rows, key=lambda row: row.seq)[:count]

    return Source(chosen, lambda seq: _end(connection, passing, seq), lambda row: row.event())


def _passes(kind: Kind, wanted: Wanted) -> bool:
    match kind:
        case "article":
            return True
        case "rate":
            return not wanted.tags
        case "story":
            return not (wanted.tags or wanted.sources)


def _rates(
    connection: Connection, sources: Sequence[str], events: Span | Sequence[int], count: int
) -> list[RateRow]:
    values: list[object]
    if isinstance(events, Span):
        chosen, values = "r.seq > ? AND r.seq <= ?", [events.after_seq, events.until_seq]
    else:
        chosen = "r.seq IN (SELECT value FROM json_each(?))"
        values = [orjson.dumps(events).decode()]
    if sources:
        # A semicolon sorts behind the colon after a source's id: all of its series are between.
        chosen += f" AND ({' OR '.join(['r.series > ? AND r.series < ?'] * len(sources))})"
        values += [bound for one in sources for bound in (f"{one}:", f"{one};")]
    rows = connection.execute(
        "SELECT r.seq, r.series, r.as_of, r.document FROM rate r INDEXED BY rate_seq "  # noqa: S608  # our own words
        f"WHERE {chosen} ORDER BY r.seq LIMIT ?",
        (*values, count),
    )
    return [RateRow(*row) for row in rows]


def _end(connection: Connection, kinds: Collection[Kind], seq: int) -> Place | None:
    """Where the look at these kinds has to end; None: what is left of them is few."""
    ends = [
        connection.execute(
            f"{_ENDS[kind]} WHERE seq > ? ORDER BY seq LIMIT 1 OFFSET ?", (seq, LOOKED_AT_MAX - 1)
        ).fetchone()
        for kind in kinds
    ]
    return min(((end[0], end[1]) for end in ends if end), default=None)
