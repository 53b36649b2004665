"""Which articles a search finds, in which order: the newest hits, ranked.

The words of an article stand in the index under the seq of their event, so that the newest hits are
read first and a word that stands everywhere costs no more than another. Those are ranked: by how
much of the text is of the words (BM25, the headline before the body), and by age.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import count
from operator import neg
from typing import Final, Literal

import orjson

from shared.search import parts
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

PARTS_AT_ONCE: Final = 32
"""Parts of the index that one statement asks: half a million events. Those before are asked where
there are too few hits."""

QUERIES_KEPT_MAX: Final = 200
"""Statements, one for each sort of filter: 10 kB each."""

_PART: Final = """
SELECT * FROM (
  SELECT s.rowid AS seq, {score} AS score FROM {part} s {joined}
  WHERE {part} MATCH ?1 AND s.rowid <= ?2 {narrowed} ORDER BY s.rowid DESC LIMIT ?3
)
"""
_HITS: Final = """
SELECT group_concat(seq), group_concat({told}), group_concat('[' || seq || ',' || canonical || ']')
FROM (
  SELECT t.seq, {rank} AS rank, CASE WHEN t.copy_of IS NOT NULL THEN
    (SELECT c.seq FROM search_text c WHERE c.article_id = t.copy_of)
  END AS canonical
  FROM ({asked} LIMIT ?3) AS hit CROSS JOIN search_text t ON t.seq = hit.seq
  ORDER BY rank, t.seq DESC LIMIT ?3
)
"""
"""What is filled in is of our own code. The parts are read one after the other up to the limit, and
all that is found comes as one row: threads take turns at each."""
_OF_ALL: Final = 3
"""Values that every part is asked with; those of what is narrowed follow, and what new is."""
_BM25: Final = "bm25({part}, " + f"{HEADLINE_WEIGHT}, 1.0)"
"""Of FTS5: below zero, the best the lowest. How common a word is is said by the part alone."""
_BY_RANK: Final = (
    f"hit.score * (1 + {AGE_WEIGHT} / (1 + max(0, {{newest}} - t.ordered_at_s) / {AGE_HALF_S:.1f}))"
)
_BY_TIME: Final = "-t.ordered_at_s"
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

    seqs: Sequence[int]
    """Of the events that carried the texts."""
    is_whole: bool
    """False: there are older hits than were ranked."""


def find(connection: Connection, expression: str, narrowed: Narrowed, ranking: Ranking) -> Found:
    """The newest hits, best first; no copy stands above the article whose copy it is."""
    names = _parts(connection, ranking.until_seq)
    is_one = len(names) <= PARTS_AT_ONCE
    seqs, ranks, canonical = list[int](), list[float](), dict[int, int]()
    while names and len(seqs) <= RANKED_MAX:
        asked, told = tuple(names[:PARTS_AT_ONCE]), "NULL" if is_one else "rank"
        query = _query(asked, narrowed.sql, ranking.order, told)
        limit = RANKED_MAX + 1 - len(seqs)
        values = [expression, ranking.until_seq, limit, *narrowed.values]
        if ranking.order == "relevance":
            values.append(ranking.newest_s)
        row = connection.execute(query, values).fetchone()
        seqs += orjson.loads(f"[{row[0] or ''}]")
        ranks += orjson.loads(f"[{row[1] or ''}]")
        canonical.update(orjson.loads(f"[{row[2] or ''}]"))
        names = names[PARTS_AT_ONCE:]
    if not is_one:
        seqs = [-seq for _, seq in sorted(zip(ranks, map(neg, seqs), strict=True))]
    ordered = _ordered(seqs, canonical, copies_shown=ranking.copies_shown)
    return Found(ordered[:RANKED_MAX], len(seqs) <= RANKED_MAX)


def _parts(connection: Connection, until_seq: int) -> list[str]:
    """The parts of the index that an event may be in, or one before it: the newest first."""
    query = (
        "SELECT group_concat(part) FROM "
        "(SELECT part FROM search_part WHERE part <= ? ORDER BY part DESC LIMIT -1)"
    )
    found = connection.execute(query, (parts.part_of(until_seq),)).fetchone()[0]
    return [parts.table(int(part)) for part in found.split(",")] if found else []


@lru_cache(maxsize=QUERIES_KEPT_MAX)
def _query(names: tuple[str, ...], narrowed: str, order: Order, told: str) -> str:
    """The statement that asks some parts of the index."""
    numbers = count(_OF_ALL + 1)  # each value has one, however many parts there are
    sql = re.sub(r"\?", lambda _: f"?{next(numbers)}", narrowed)
    asked = [
        _PART.format(
            part=name,
            score=_BM25.format(part=name) if order == "relevance" else "0",
            joined=_JOINED if sql else "",
            narrowed=f"AND {sql}" if sql else "",
        )
        for name in names
    ]
    return _HITS.format(
        told=told,
        rank=_BY_RANK.format(newest=f"?{next(numbers)}") if order == "relevance" else _BY_TIME,
        asked=" UNION ALL ".join(asked),
    )


def article_ids(connection: Connection, seqs: Sequence[int]) -> list[str]:
    """The articles whose texts these are, in this order."""
    query = (
        "SELECT t.article_id FROM json_each(?) w CROSS JOIN search_text t ON t.seq = w.value "
        "ORDER BY w.key"
    )
    return [row[0] for row in connection.execute(query, (orjson.dumps(seqs).decode(),))]


def newest_s(connection: Connection, until_seq: int) -> int:
    """When the newest article counts as of, in seconds since 1970; 0: there is none."""
    query = (
        "SELECT max(ordered_at_s) FROM "
        "(SELECT ordered_at_s FROM search_text WHERE seq <= ? ORDER BY seq DESC LIMIT ?)"
    )
    row = connection.execute(query, (until_seq, LAST_LOOKED_AT)).fetchone()
    return row[0] or 0


def _ordered(
    seqs: Sequence[int], canonical: Mapping[int, int], *, copies_shown: bool
) -> Sequence[int]:
    """The same hits, without copies of others, or with each below the one whose copy it is."""
    if not canonical:
        return seqs
    found = set(seqs)
    copies = {seq: other for seq, other in canonical.items() if other in found}
    if not copies_shown:
        return [seq for seq in seqs if seq not in copies]
    return _canonical_first(seqs, copies)


def _canonical_first(seqs: Sequence[int], copies: Mapping[int, int]) -> Sequence[int]:
    waiting: dict[int, list[int]] = {}
    ordered: dict[int, None] = {}
    for seq in seqs:
        canonical = copies.get(seq)
        if canonical is not None and canonical not in ordered:
            waiting.setdefault(canonical, []).append(seq)
            continue
        ordered[seq] = None
        ordered.update(dict.fromkeys(waiting.pop(seq, ())))
    left = (seq for below in waiting.values() for seq in below)
    return list(dict.fromkeys([*ordered, *left]))
