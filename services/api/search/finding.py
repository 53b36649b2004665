"""Which articles a search finds, in which order: the newest hits, ranked.

The words of an article stand in the index under the seq of their event, so that the newest hits are
read first and a word that stands everywhere costs no more than another. Those are ranked: by how
much of the text is of the words (BM25, the headline before the body), and by age.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from shared.views import Connection

RANKED_MAX: Final = 1_000
"""Newest hits that are ranked, and that pages go through: 3 ms for the commonest words."""
HEADLINE_WEIGHT: Final = 6.0
"""Of a word of the headline, beside one of the body."""
AGE_WEIGHT: Final = 1.0
"""What being new adds to the rank of an article, as a part of it …"""
AGE_HALF_S: Final = 14 * 86_400
"""… and at this age it adds half of that."""
LAST_LOOKED_AT: Final = 100
"""Articles that came last, of which the newest says what new is: an archive may come after it."""

Order = Literal["relevance", "newest"]

_HITS: Final = """
SELECT t.article_id, t.copy_of FROM (
  SELECT s.rowid AS seq, {score} AS score FROM search s {joined}
  WHERE search MATCH ? AND s.rowid <= ? {narrowed} ORDER BY s.rowid DESC LIMIT ?
) AS hit JOIN search_text t ON t.seq = hit.seq
ORDER BY {order}, t.seq DESC
"""
"""What is filled in is of our own code."""
_BM25: Final = f"bm25(search, {HEADLINE_WEIGHT}, 1.0)"
"""Of FTS5: below zero, the best the lowest."""
_BY_RANK: Final = (
    f"hit.score * (1 + {AGE_WEIGHT} / (1 + max(0, ? - t.ordered_at_s) / {AGE_HALF_S:.1f}))"
)
_BY_TIME: Final = "t.ordered_at_s DESC"
_JOINED: Final = (
    "CROSS JOIN search_text h ON h.seq = s.rowid "
    "CROSS JOIN article a ON a.article_id = h.article_id"
)


@dataclass(frozen=True, slots=True)
class Narrowed:
    """What else must hold of an article: SQL of our own on its row ``a``, and values."""

    sql: str = ""
    values: Sequence[object] = ()


@dataclass(frozen=True, slots=True)
class Ranking:
    """In which order, and of which state of the views."""

    order: Order
    until_seq: int
    """Texts that came later are passed over, so that pages of one search go together."""
    newest_s: int
    """The instant that ages are counted from, in seconds since 1970."""
    copies_shown: bool
    """False: without copies of articles that are found themselves."""


@dataclass(frozen=True, slots=True)
class Found:
    """The hits of a search in their order."""

    article_ids: tuple[str, ...]
    is_whole: bool
    """False: there are older hits than were ranked."""


def find(connection: Connection, expression: str, narrowed: Narrowed, ranking: Ranking) -> Found:
    """The newest hits, best first; no copy stands above the article whose copy it is."""
    is_ranked = ranking.order == "relevance"
    query = _HITS.format(
        score=_BM25 if is_ranked else "0",
        joined=_JOINED if narrowed.sql else "",
        narrowed=f"AND {narrowed.sql}" if narrowed.sql else "",
        order=_BY_RANK if is_ranked else _BY_TIME,
    )
    values = [expression, ranking.until_seq, *narrowed.values, RANKED_MAX + 1]
    rows = connection.execute(query, [*values, ranking.newest_s] if is_ranked else values)
    copy_of = {row[0]: row[1] for row in rows}
    ordered = _canonical_first(copy_of)
    if not ranking.copies_shown:
        ordered = [one for one in ordered if copy_of[one] not in copy_of]
    return Found(tuple(ordered[:RANKED_MAX]), len(copy_of) <= RANKED_MAX)


def newest_s(connection: Connection, until_seq: int) -> int:
    """When the newest article counts as of, in seconds since 1970; 0: there is none."""
    query = (
        "SELECT max(ordered_at_s) FROM "
        "(SELECT ordered_at_s FROM search_text WHERE seq <= ? ORDER BY seq DESC LIMIT ?)"
    )
    row = connection.execute(query, (until_seq, LAST_LOOKED_AT)).fetchone()
    return row[0] or 0


def _canonical_first(copy_of: Mapping[str, str | None]) -> list[str]:
    """The same ids, and no copy above the article whose copy it is."""
    waiting: dict[str, list[str]] = {}
    ordered: dict[str, None] = {}
    for article_id, canonical in copy_of.items():
        if canonical in copy_of and canonical not in ordered:
            waiting.setdefault(str(canonical), []).append(article_id)
            continue
        ordered[article_id] = None
        ordered.update(dict.fromkeys(waiting.pop(article_id, ())))
    left = (one for copies in waiting.values() for one in copies)
    return list(dict.fromkeys([*ordered, *left]))
