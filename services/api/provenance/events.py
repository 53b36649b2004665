"""The events that made an article what it is. No word of it is among them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from shared.streams import article_subject
from shared.views import Connection


@dataclass(frozen=True, slots=True)
class Told:
    """An event of the wire about an article; members as in ``schemas.ProvenanceItem``."""

    seq: int
    version: int | None
    type: str
    event_id: str
    at: datetime
    said_at: str
    causation_id: str | None
    correlation_id: str
    story_id: str | None
    revision: int | None
    document: dict[str, Any] | None
    by: str | None
    reason: str | None

    @property
    def href(self) -> str:
        """Address of the event."""
        return f"/v1/events?from={self.seq}&limit=1"

    def json(self) -> dict[str, Any]:
        """As it is answered."""
        said = {name: getattr(self, name) for name in self.__slots__}
        at = self.at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
        return {**said, "at": at, "href": self.href}


def earliest(connection: Connection, article_id: str, after_seq: int, limit: int) -> list[Told]:
    """The events of an article behind a seq, in order."""
    return _found(connection, article_id, "e.seq > ? ORDER BY e.seq", after_seq, limit)


def latest(connection: Connection, article_id: str, limit: int) -> list[Told]:
    """The last events of an article, in order."""
    return _found(connection, article_id, "e.seq > ? ORDER BY e.seq DESC", 0, limit)[::-1]


def _found(
    connection: Connection, article_id: str, which: str, after_seq: int, limit: int
) -> list[Told]:
    query = (
        "SELECT e.*, m.at_ms FROM article_event e JOIN moment m ON m.seq = e.seq "  # noqa: S608  # our own words
        f"WHERE e.article_id = ? AND {which} LIMIT ?"
    )
    return [_told(row) for row in connection.execute(query, (article_id, after_seq, limit))]


def _told(row: Any) -> Told:
    document = {name: row[name] for name in ("sha256", "media_type", "parser", "parser_version")}
    return Told(
        seq=row["seq"],
        version=row["version"],
        type=row["type"],
        event_id=row["event_id"],
        at=datetime.fromtimestamp(row["at_ms"] / 1_000, UTC),
        said_at=row["said_at"],
        causation_id=row["causation_id"],
        correlation_id=row["correlation_id"] or article_subject(row["article_id"]),
        story_id=row["story_id"],
        revision=row["revision"],
        document=document if row["sha256"] is not None else None,
        by=row["decided_by"],
        reason=row["reason"],
    )
