"""Whole views line by line: a piece is a snapshot of its own, and none holds another up.

Articles and stories are walked in the order of their last events: what changes meanwhile comes once
more, later, and what is taken back meanwhile comes no more.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import orjson

from services.api import assembled, story_queries, storytelling
from services.api.articles.listing import changes
from services.api.articles.wanted import Wanted
from services.api.queries import Span
from services.api.reading import Reader
from services.api.schemas import SEQ_MAX
from shared.views import Connection

ARTICLES_OF_PIECE: Final = 50
"""A third of a megabyte, a millisecond of reading."""
STORIES_OF_PIECE: Final = 20
"""Each is put together of up to 200 articles, as in the list of stories."""
RATES_OF_PIECE: Final = 500

_RATES: Final = """
SELECT v.series, v.as_of, v.version, v.document, v.version IS r.standing_version
FROM rate_version v JOIN rate r ON r.series = v.series AND r.as_of = v.as_of
WHERE (v.series, v.as_of, v.version) > (?, ?, ?) ORDER BY v.series, v.as_of, v.version LIMIT ?
"""


def articles(reader: Reader, from_seq: int) -> Iterator[bytes]:
    """Articles that may be shown, from the one whose last event is this or a later one.

    A piece without a line is one of articles that may not be shown.

    Raises:
        Unavailable: while it is read, the views cannot be read.
    """
    after = from_seq - 1
    while True:
        with reader.snapshot() as snapshot:
            every = Span(after, SEQ_MAX)
            rows = changes(snapshot.connection, Wanted(), every, ARTICLES_OF_PIECE)
            usable = [row for row in rows if row.status == "usable"]
            ids = [row.article_id for row in usable]
            homes = story_queries.homes(snapshot.connection, ids)
        if not rows:
            return
        after = rows[-1].seq
        yield b"".join(row.json(homes.get(row.article_id)) + b"\n" for row in usable)


def stories(reader: Reader, from_seq: int) -> Iterator[bytes]:
    """Stories, from the one that this event or a later one changed last.

    Raises:
        Unavailable: as in ``articles``.
    """
    after = from_seq - 1
    while True:
        with reader.snapshot() as snapshot:
            rows = story_queries.changes(
                snapshot.connection, None, Span(after, SEQ_MAX), STORIES_OF_PIECE + 1
            )
            if len(rows) > STORIES_OF_PIECE:  # two that became one changed at once: not parted
                rows = [row for row in rows if row.seq < rows[-1].seq]
            told = storytelling.briefs(snapshot.connection, rows)
        if not rows:
            return
        after = rows[-1].seq
        yield b"".join(orjson.dumps(one) + b"\n" for one in told)


def rates(reader: Reader) -> Iterator[bytes]:
    """Every value that rates have had, by series, day and version.

    Raises:
        Unavailable: as in ``articles``.
    """
    key = ("", "", 0)
    while True:
        with reader.snapshot() as snapshot:
            rows = _rates_behind(snapshot.connection, key)
        if not rows:
            return
        key = rows[-1][0]
        yield b"".join(line for _, line in rows)


def _rates_behind(
    connection: Connection, key: tuple[str, str, int]
) -> list[tuple[tuple[str, str, int], bytes]]:
    found = connection.execute(_RATES, (*key, RATES_OF_PIECE))
    return [((row[0], row[1], row[2]), _rate(row[3], stands=bool(row[4]))) for row in found]


def _rate(document: str, *, stands: bool) -> bytes:
    return assembled.with_members(document.encode(), {"stands": stands}) + b"\n"
