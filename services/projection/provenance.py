"""Which events made an article what it is, and which articles it stands to: rows of their own.

A row of ``article_event`` follows from one event, so that whatever comes late gives the same rows;
it holds no word of the article, and stays when that is taken back. Relations are those that hold
now, and go with the text: they follow from the events of the article in their order.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import orjson

from services.projection.evolve import ArticleRow, RelationsRow, Row, StoryRow
from shared.envelope import Recorded
from shared.events import Carried, Notice, RelationChanged, WireEvent
from shared.instants import rfc3339
from shared.news import Document, Relation
from shared.story_events import StoryParted
from shared.streams import article_subject
from shared.views import Connection

_EVENT: Final = """
INSERT INTO article_event (article_id, seq, version, event_id, type, said_at, causation_id,
                           correlation_id, story_id, revision, sha256, media_type, parser,
                           parser_version, decided_by, reason)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
_RELATION: Final = """
INSERT OR REPLACE INTO article_relation (other_id, article_id, kind, source, method, evidence)
VALUES (?, ?, ?, ?, ?, ?)
"""


@dataclass(frozen=True, slots=True)
class Told:
    """What an event says of one article, beside its words."""

    article_id: str
    version: int | None
    """Of the article; None: it is an event of a story."""
    story_id: str | None
    """The story that it was carried with, or whose event this is; None: it was alone."""
    revision: int | None
    """Of the source, of what was carried; None: nothing was."""
    document: Document | None
    """Which bytes it was read from, and by which parser; None: nothing was carried."""
    by: str | None
    """Who decided; None: nobody did."""
    reason: str | None
    """Why it was decided; None: nothing was."""


def told(recorded: Recorded[WireEvent], rows: Sequence[Row]) -> Iterator[Told]:
    """What an event says of articles, given what it makes of the views. Pure."""
    event, version = recorded.event, recorded.version
    by, reason = _decision(event)
    for row in rows:
        match row:
            case ArticleRow():
                yield Told(row.article_id, version, row.story_id, *_read(event), by, reason)
            case RelationsRow():
                yield Told(row.article_id, version, None, None, None, by, reason)
            case StoryRow():
                for article_id in dict(row.articles):  # an event may name one twice
                    yield Told(article_id, None, row.story_id, None, None, by, reason)
            case _:
                pass  # a rate is of no article


def write(connection: Connection, recorded: Recorded[WireEvent], rows: Sequence[Row]) -> None:
    """Note what an event says of articles, inside the caller's transaction."""
    if noted := [_values(recorded, one) for one in told(recorded, rows)]:
        connection.executemany(_EVENT, noted)
    event = recorded.event
    if isinstance(event, Carried):
        _relate(connection, event.article.article_id, event.relations, recorded.version)
    elif isinstance(event, Notice):
        _relate(connection, event.article_id, (), recorded.version)
    elif isinstance(event, RelationChanged):
        _relate(connection, event.article_id, event.relations, recorded.version)


def _values(recorded: Recorded[WireEvent], one: Told) -> tuple[object, ...]:
    own = article_subject(one.article_id)
    read = one.document
    return (
        one.article_id, recorded.seq, one.version, recorded.id, recorded.type,
        rfc3339(recorded.time), recorded.causation_id,
        None if recorded.correlation_id == own else recorded.correlation_id,
        one.story_id, one.revision, read and read.sha256, read and read.media_type,
        read and read.parser, read and read.parser_version, one.by, one.reason,
    )  # fmt: skip


def _read(event: WireEvent) -> tuple[int | None, Document | None]:
    """Revision and document of what an event carries."""
    if isinstance(event, Carried):
        return event.article.revision, event.article.document
    return None, None


def _decision(event: WireEvent) -> tuple[str | None, str | None]:
    if isinstance(event, Notice | RelationChanged | StoryParted):
        return event.by, event.reason
    return None, None


def _relate(
    connection: Connection, article_id: str, relations: Sequence[Relation], version: int
) -> None:
    if version > 1:
        connection.execute("DELETE FROM article_relation WHERE article_id = ?", (article_id,))
    connection.executemany(
        _RELATION,
        [
            (one.article_id, article_id, one.kind, one.source, one.method,
             orjson.dumps(one.evidence).decode())
            for one in relations
        ],
    )  # fmt: skip
