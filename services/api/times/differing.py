"""What differs between two instants, from the views: articles, stories, rates.

Of text that was taken back since nothing is said; that an article left is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import merge
from itertools import groupby
from typing import Any, Final, NamedTuple

import orjson

from services.api import past, story_queries, storytelling
from services.api.worddiff import Budget, pieces
from shared.views import Connection

LOOKED_MAX: Final = 1_000
"""Events of each kind that are looked at for one answer; most are of a subject that changed again,
and only the last one counts. An answer that reaches it says where to go on."""
_MEMBERS: Final = ("headline", "summary", "body", "tags", "relations")
"""Of an article's document, what is said to differ."""


class Span(NamedTuple):
    """Two instants, by the last event of each."""

    begin: int
    end: int


@dataclass(frozen=True, slots=True)
class Differences:
    """A part of what differs, by the event that made it so."""

    items: Sequence[dict[str, Any]]
    next: int | None
    """The event behind which it goes on; None: that was all."""


_Told = Callable[[Connection, Span, Sequence[Any]], Iterator[dict[str, Any]]]


def differences(connection: Connection, span: Span, after: int | None, limit: int) -> Differences:
    """What differs, from behind an event on; one more where an event changed two stories."""
    first = max(span.begin, after or 0)
    budget, items, reached = Budget(), list[dict[str, Any]](), first
    found = [_candidates(connection, query, first, span.end) for query in _CANDIDATES]
    # A kind that was cut off says where: behind it the others are not looked at either.
    stop = min([span.end, *(rows[-1][0] for rows in found if len(rows) == LOOKED_MAX)])
    for seq, group in groupby(merge(*found), key=lambda row: row[0]):
        if seq > stop or len(items) >= limit:
            return Differences(items, reached)
        for _, kind, key in sorted(set(group)):
            items += _TELLING[kind](connection, span, (seq, key, budget))
        reached = seq
    return Differences(items, stop if stop < span.end else None)


def _candidates(connection: Connection, query: str, first: int, last: int) -> list[tuple[Any, ...]]:
    rows = connection.execute(query, (first, last, LOOKED_MAX))
    return [tuple(row) for row in rows]


_CANDIDATES: Final = tuple(
    f"SELECT seq, {kind}, {key} FROM {table} WHERE seq > ? AND seq <= ? ORDER BY seq LIMIT ?"  # noqa: S608  # our own names
    for kind, key, table in (
        ("'article'", "article_id", "article"),
        ("'article'", "article_id", "article_past"),
        ("'story'", "story_id", "story_version"),
        ("'story'", "merged_story_id", "story_merged"),
        ("'rate'", "series || ' ' || as_of", "rate_version"),
    )
)


def _article(connection: Connection, span: Span, of: Sequence[Any]) -> Iterator[dict[str, Any]]:
    seq, article_id, budget = of
    later = _state(connection, article_id, span.end)
    if later is None or later["seq"] != seq:
        return
    earlier = _state(connection, article_id, span.begin)
    said = {"kind": "article", "seq": seq, "id": article_id}
    if later["status"] != "usable":
        if earlier is not None and earlier["status"] == "usable":
            notice = orjson.loads(later["document"])
            kept = {name: notice[name] for name in ("status", "reason", "by", "observed_at")}
            yield {**said, "change": "left", "notice": kept}
        return
    row = past.article(connection, article_id, span.end)
    if row is None or row.status != "usable":
        return  # taken back since
    after = orjson.loads(row.document)
    was = past.article(connection, article_id, span.begin)
    if was is None or was.status != "usable":
        yield {**said, "change": "came", **_named(after)}
        return
    before = orjson.loads(was.document)
    changed = [name for name in _MEMBERS if before.get(name) != after.get(name)]
    told = pieces(before["headline"], after["headline"], budget)
    yield {
        **said,
        "change": "changed",
        **_named(after),
        "fields": changed,
        "pieces": [{"operation": one.operation, "text": one.text} for one in told],
    }


def _named(document: Mapping[str, Any]) -> dict[str, Any]:
    return {name: document[name] for name in ("headline", "language", "source")}


def _state(connection: Connection, article_id: str, seq: int) -> Any:
    """Seq, status and document of an article then; None: it was not there."""
    query = (
        "SELECT seq, status, document FROM article WHERE article_id = :id AND seq <= :seq "
        "UNION ALL SELECT seq, status, document FROM article_past "
        "WHERE article_id = :id AND seq <= :seq AND to_seq > :seq"
    )
    return connection.execute(query, {"id": article_id, "seq": seq}).fetchone()


def _story(connection: Connection, span: Span, of: Sequence[Any]) -> Iterator[dict[str, Any]]:
    seq, story_id, _ = of
    later = story_queries.story(connection, story_id, span.end)
    if later is None or _last_of_story(connection, story_id, span.end) != seq:
        return
    earlier = story_queries.story(connection, story_id, span.begin)
    if earlier is not None and earlier.seq == later.seq:
        return  # it had ended, and stays as it ended
    if later.status == "merged":
        change = "merged"
    elif earlier is None:
        change = "opened"
    else:
        change = "closed" if later.status == "closed" else "changed"
    brief = storytelling.briefs(connection, [later], span.end)[0]
    told = {name: brief[name] for name in ("headline", "language", "article_count", "merged_into")}
    yield {"kind": "story", "seq": seq, "id": story_id, "change": change, **told}


def _last_of_story(connection: Connection, story_id: str, seq: int) -> int | None:
    """The last event then that is of a story: it may end in another before it is told of."""
    found: int | None = connection.execute(
        "SELECT max(seq) FROM ("
        "SELECT max(seq) AS seq FROM story_version WHERE story_id = :id AND seq <= :seq UNION ALL "
        "SELECT max(seq) FROM story_merged WHERE merged_story_id = :id AND seq <= :seq)",
        {"id": story_id, "seq": seq},
    ).fetchone()[0]
    return found


def _rate(connection: Connection, span: Span, of: Sequence[Any]) -> Iterator[dict[str, Any]]:
    seq, key, _ = of
    series, _, as_of = key.partition(" ")
    if _known(connection, series, as_of, span.end)[0] != seq:
        return
    before, after = (_known(connection, series, as_of, one)[1] for one in span)
    if before != after:
        change = "came" if before is None else "changed"
        said = {"series": series, "as_of": as_of, "before": before, "after": after}
        yield {"kind": "rate", "seq": seq, "change": change, **said}


def _known(
    connection: Connection, series: str, as_of: str, seq: int
) -> tuple[int | None, dict[str, Any] | None]:
    """The event by which a rate was known last, and what stood of it; None: nothing did."""
    row = connection.execute(
        "SELECT seq, standing_version FROM rate_version "
        "WHERE series = ? AND as_of = ? AND seq <= ? ORDER BY seq DESC LIMIT 1",
        (series, as_of, seq),
    ).fetchone()
    if row is None or row[1] is None:
        return (row[0] if row else None), None
    (text,) = connection.execute(
        "SELECT document FROM rate_version WHERE series = ? AND as_of = ? AND version = ?",
        (series, as_of, row[1]),
    ).fetchone()
    document = orjson.loads(text)
    return row[0], {"value": document["value"], "nominal": document["nominal"]}


_TELLING: Final[dict[str, _Told]] = {"article": _article, "story": _story, "rate": _rate}
