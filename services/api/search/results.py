"""A page of a search: the articles that it shows, with what was found in each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import orjson

from services.api import front
from services.api.queries import Listed
from services.api.reading import Snapshot
from services.api.search import finding, matching, paging, syntax
from services.api.search.finding import Found, Narrowed, Order
from services.api.search.matching import Match
from services.api.search.paging import Begin
from services.api.search.snippets import Part, Shower
from shared.views import Connection

_ROWS: Final = """
SELECT '[' || group_concat(keys) || ']', CAST(group_concat(document, char(30)) AS BLOB) FROM (
  SELECT json_array(a.article_id, a.status, a.seq, a.ordered_at, a.place, a.copy_of) AS keys,
    a.document
  FROM json_each(?) AS wanted CROSS JOIN search_text AS t ON t.seq = wanted.value
  CROSS JOIN article AS a ON a.article_id = t.article_id
  WHERE a.status = 'usable' ORDER BY wanted.key LIMIT -1
)
"""
"""In one row: threads take turns at each. The sign between documents stands in no JSON."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A search and the page of it that is wanted."""

    typed: str
    narrowed: Narrowed
    question: str
    """All that was asked but the page: a cursor is of this search alone."""
    limit: int
    language: str | None = None
    """Of the only articles asked; None: words are looked for in all their languages."""
    order: Order = "relevance"
    copies_shown: bool = False
    begin: Begin | None = None


@dataclass(frozen=True, slots=True)
class Shown:
    """An article that was found."""

    row: Listed
    document: dict[str, Any]
    headline: Sequence[Part]
    snippet: Sequence[Part]
    """Empty: what was found is in the headline, or in what may not be shown."""

    def members(self) -> dict[str, object]:
        """What a list says of the finding, beside the article."""
        return {
            "headline_parts": _told(self.headline),
            "snippets": [_told(self.snippet)] if self.snippet else [],
        }


@dataclass(frozen=True, slots=True)
class Results:
    """A page of a search."""

    items: Sequence[Shown]
    total: int
    is_exact: bool
    """False: there are more than ``total``."""
    begin: Begin
    seqs: Sequence[int]
    """Of the events that carried the texts of all that was found, on whichever page."""
    following: str | None
    """The cursor of the next page; None: there is none."""


def search(snapshot: Snapshot, asked: Asked, look: Callable[[], None]) -> Results:
    """A page of a search; ``look`` is called between its articles, and ends what takes too long.

    Raises:
        SearchFault: what was typed is no search.
    """
    page = _page(snapshot, asked)
    begin, end = page.begin, page.begin.offset + asked.limit
    found = page.found
    shower = Shower(page.match.hits)
    return Results(
        items=[_shown(row, stored, shower, look) for row, stored in page.rows],
        total=len(found.seqs),
        is_exact=found.is_whole,
        begin=begin,
        seqs=found.seqs,
        following=paging.text(Begin(end, begin.since, begin.newest_s), asked.question)
        if end < len(found.seqs)
        else None,
    )


def rows(snapshot: Snapshot, asked: Asked) -> list[Listed]:
    """The articles of a page of a search, where nobody is shown what was found in each.

    Raises:
        SearchFault: what was typed is no search.
    """
    return [row for row, _ in _page(snapshot, asked).rows]


@dataclass(frozen=True, slots=True)
class _Page:
    match: Match
    begin: Begin
    found: Found
    rows: Sequence[tuple[Listed, bytes]]
    """Each with its document as it is stored."""


def _page(snapshot: Snapshot, asked: Asked) -> _Page:
    connection = snapshot.connection
    match = matching.match_of(syntax.parse(asked.typed), asked.language)
    begin = asked.begin or Begin(
        0,
        snapshot.here,
        finding.newest_s(connection, snapshot.checkpoint.seq),
    )
    found = finding.find(
        connection, match.expression, asked.narrowed,
        finding.Ranking(asked.order, begin.since.seq, begin.newest_s, asked.copies_shown),
    )  # fmt: skip
    seqs = found.seqs[begin.offset : begin.offset + asked.limit]
    return _Page(match, begin, found, _rows(connection, seqs))


def _rows(connection: Connection, seqs: Sequence[int]) -> Sequence[tuple[Listed, bytes]]:
    keys, stored = connection.execute(_ROWS, (orjson.dumps(seqs).decode(),)).fetchone()
    if keys is None:
        return []
    pairs = zip(orjson.loads(keys), stored.split(b"\x1e"), strict=True)
    return [
        (Listed(article_id, status, seq, ordered_at, place, copy_of, document.decode()), document)
        for (article_id, status, seq, ordered_at, place, copy_of), document in pairs
    ]


def _shown(row: Listed, stored: bytes, shower: Shower, look: Callable[[], None]) -> Shown:
    look()
    document = orjson.loads(stored)
    language = document["language"]
    summary, body = front.shown_text(document)
    text = "\n".join([summary or "", *body]).strip("\n")
    return Shown(
        row,
        document,
        shower.whole(document["headline"], language),
        shower.snippet(text, language),
    )


def _told(parts: Sequence[Part]) -> list[dict[str, object]]:
    return [{"text": part.text, "is_hit": part.is_hit} for part in parts]
