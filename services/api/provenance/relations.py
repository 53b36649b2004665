"""How an article stands to others, both ways, each with the evidence.

Of the other one is told what may be shown of it now: of what was taken back, that it was.
"""

from __future__ import annotations

from typing import Any, Final

import orjson

from shared.views import Connection

_OTHER: Final = (
    "SELECT r.*, a.source AS its_source, coalesce(a.status, 'withheld') AS status, b.brief "
    "FROM article_relation r"
)
_OUT: Final = (
    f"{_OTHER} LEFT JOIN article a ON a.article_id = r.other_id "
    "LEFT JOIN article_brief b ON b.seq = a.seq "
    "WHERE r.article_id = ? ORDER BY r.other_id, r.kind LIMIT ?"
)
_IN: Final = (
    f"{_OTHER} JOIN article a ON a.article_id = r.article_id "
    "LEFT JOIN article_brief b ON b.seq = a.seq "
    "WHERE r.other_id = ? ORDER BY r.article_id, r.kind LIMIT ?"
)


def relations(connection: Connection, article_id: str, limit: int) -> list[dict[str, Any]]:
    """The relations of an article as they are answered, first those that are said of itself."""
    out = connection.execute(_OUT, (article_id, limit)).fetchall()
    back = connection.execute(_IN, (article_id, limit - len(out))).fetchall()
    return [
        *(_item("out", row, row["other_id"]) for row in out),
        *(_item("in", row, row["article_id"]) for row in back),
    ]


def _item(direction: str, row: Any, other_id: str) -> dict[str, Any]:
    shown = orjson.loads(row["brief"]) if row["status"] == "usable" else {}
    return {
        "direction": direction,
        "kind": row["kind"],
        "method": row["method"],
        "evidence": orjson.loads(row["evidence"]),
        "article": {
            "article_id": other_id,
            # An article that is in no view is known by what is said of it alone.
            "source": row["its_source"] or row["source"],
            "status": row["status"],
            "credit": shown.get("credit"),
            "headline": shown.get("headline"),
            "url": shown.get("canonical_url") or shown.get("url"),
        },
    }
