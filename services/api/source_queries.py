"""Which sources the views know, from what they have sent: one function per question, its SQL in it.

How a source is read (its address, its schedule) is on no public stream, and in no view.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from shared.views import Connection

COUNTED_MAX: Final = 5_000
"""Articles of one source that are counted: two hundred sources are a million rows of an index."""
SERIES_MAX: Final = 1_000
"""Series of one source that are counted; a bank has seventy."""

_OF_ARTICLES: Final = """
WITH RECURSIVE known (source) AS (
  SELECT min(source) FROM article
  UNION ALL
  SELECT (SELECT min(a.source) FROM article a WHERE a.source > known.source) FROM known
  WHERE known.source IS NOT NULL
)
SELECT source FROM known
WHERE EXISTS (SELECT 1 FROM article a WHERE a.source = known.source AND a.status = 'usable')
"""
"""The recursion seeks from source to source: articles are not walked."""
_OF_RATES: Final = """
WITH RECURSIVE known (series) AS (
  SELECT min(series) FROM rate
  UNION ALL
  -- A series is source:kind:BASE-QUOTE, and the semicolon follows the colon in ASCII.
  SELECT (SELECT min(r.series) FROM rate r
    WHERE r.series > substr(known.series, 1, instr(known.series, ':') - 1) || ';')
  FROM known WHERE known.series IS NOT NULL
)
SELECT substr(series, 1, instr(series, ':') - 1) FROM known WHERE series IS NOT NULL
"""
_SERIES: Final = """
WITH RECURSIVE known (series) AS (
  SELECT min(series) FROM rate WHERE series > :begin AND series < :end
  UNION ALL
  SELECT (SELECT min(r.series) FROM rate r WHERE r.series > known.series AND r.series < :end)
  FROM known WHERE known.series IS NOT NULL LIMIT :most
)
SELECT count(series) FROM known
"""


@dataclass(frozen=True, slots=True)
class SourceRow:
    """A source with what may be shown of it."""

    source: str
    articles: int
    """That may be shown; COUNTED_MAX: so many or more."""
    newest_at: str | None
    """When the newest of them counts as of, RFC 3339; None: it has none."""
    document: str | None
    """The newest of them as JSON."""
    series: int
    """Of rates."""
    rate: str | None
    """A latest rate of one of its series as JSON; None: it gives none."""


def sources(connection: Connection) -> list[str]:
    """Ids of all sources of which something may be shown, in alphabetical order."""
    of_articles = {row[0] for row in connection.execute(_OF_ARTICLES)}
    return sorted(of_articles.union(row[0] for row in connection.execute(_OF_RATES)))


def source(connection: Connection, source_id: str) -> SourceRow | None:
    """One source; None: nothing of it may be shown, or the wire never carried anything of it."""
    newest = _newest(connection, source_id)
    rate = _rate(connection, source_id)
    if newest is None and rate is None:
        return None
    return SourceRow(
        source=source_id,
        articles=_articles(connection, source_id) if newest else 0,
        newest_at=newest[0] if newest else None,
        document=newest[1] if newest else None,
        series=_series(connection, *_bounds(source_id)) if rate else 0,
        rate=rate,
    )


def document(connection: Connection, source_id: str) -> str | None:
    """Its newest article that may be shown, else a latest rate, as JSON; None: there is neither."""
    return newest(connection, source_id) or _rate(connection, source_id)


def newest(connection: Connection, source_id: str) -> str | None:
    """The newest article of a source that may be shown, as JSON; None: there is none."""
    found = _newest(connection, source_id)
    return found[1] if found else None


def _rate(connection: Connection, source_id: str) -> str | None:
    row = connection.execute(
        "SELECT document FROM rate WHERE series > ? AND series < ? "
        "ORDER BY series DESC, as_of DESC LIMIT 1",
        _bounds(source_id),
    ).fetchone()
    return row[0] if row else None


def _bounds(source_id: str) -> tuple[str, str]:
    """Between which the names of its series lie."""
    return f"{source_id}:", f"{source_id};"


def _newest(connection: Connection, source_id: str) -> tuple[str, str] | None:
    row = connection.execute(
        "SELECT ordered_at, document FROM article WHERE source = ? AND status = 'usable' "
        "ORDER BY ordered_at DESC, place, article_id LIMIT 1",
        (source_id,),
    ).fetchone()
    return (row[0], row[1]) if row else None


def _articles(connection: Connection, source_id: str) -> int:
    query = (
        "SELECT count(*) FROM "
        "(SELECT 1 FROM article WHERE source = ? AND status = 'usable' LIMIT ?)"
    )
    return int(connection.execute(query, (source_id, COUNTED_MAX)).fetchone()[0])


def _series(connection: Connection, begin: str, end: str) -> int:
    # The last row of the recursion is the NULL behind the last series.
    values = {"begin": begin, "end": end, "most": SERIES_MAX + 1}
    return min(SERIES_MAX, int(connection.execute(_SERIES, values).fetchone()[0]))
