"""Every value that a day has had, as it became known: restatements, and what was doubted."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

import orjson

from services.api.rates.asking import Room
from services.api.rates.items import Item
from services.api.rates.queries import FIRST_DAY, LAST_DAY, Series, between

VERSIONS_MAX: Final = 500
"""Of one answer: a value is restated once or twice, a day of a ticker has some dozen instants."""
VERSION_COLUMNS: Final[tuple[str, ...]] = (
    "source", "kind", "as_of", "version", "seq", "known_at", "value", "nominal", "status",
    "doubted", "stands",
)  # fmt: skip
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_VERSIONS: Final = """
SELECT v.as_of, v.version, v.seq, v.standing_version, v.document, m.at_ms
FROM rate_version v LEFT JOIN moment m ON m.seq = v.seq
WHERE v.series = ? AND v.as_of >= ? AND v.as_of < ? AND v.seq <= coalesce(?, v.seq)
ORDER BY v.as_of, v.seq LIMIT ?
"""
_LAST: Final = """
SELECT v.as_of FROM rate_version v INDEXED BY rate_known
WHERE v.series = ? AND v.as_of >= ? AND v.as_of < ? AND v.seq <= coalesce(?, v.seq)
  AND date(substr(v.as_of, 1, 10), '+0 days') IS substr(v.as_of, 1, 10)
ORDER BY v.as_of DESC LIMIT 1
"""


def versions(room: Room, wanted: Sequence[Series], day: date) -> list[Item]:
    """What these series said for a day, each in the order in which it was heard; one more than fit.

    ``stands`` marks the one that stands by the instant that is asked about.
    """
    found: list[Item] = []
    for one in wanted:
        count = VERSIONS_MAX + 1 - len(found)
        asked = (*between(one, day, day), room.then, count)
        rows = room.connection.execute(_VERSIONS, asked).fetchall()
        standing = {row[0]: row[3] for row in rows}
        found += [_item(one, row, stands=standing[row[0]] == row[1]) for row in rows]
    return found


def last_day(room: Room, wanted: Sequence[Series], day: date = LAST_DAY) -> date | None:
    """The last day, up to one, for which any of these series says anything; None: none does."""
    found = []
    for one in wanted:
        asked = (*between(one, FIRST_DAY, day), room.then)
        row = room.connection.execute(_LAST, asked).fetchone()
        if row:
            found.append(date.fromisoformat(row[0][:10]))
    return max(found, default=None)


def _item(one: Series, row: Sequence[Any], *, stands: bool) -> Item:
    as_of, version, seq, _, document, at_ms = row
    said = orjson.loads(document)
    return {
        "source": one.source,
        "kind": one.kind,
        "as_of": as_of,
        "version": version,
        "seq": seq,
        "known_at": None if at_ms is None else _text(at_ms),
        "value": said["value"],
        "nominal": said["nominal"],
        "status": said["status"],
        "doubted": said["status"] == "disputed",
        "stands": stands,
    }


def _text(at_ms: int) -> str:
    at = _EPOCH + timedelta(milliseconds=at_ms)
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
