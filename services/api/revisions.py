"""The history of an article: every state that it had on the wire, and what each changed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import orjson

from services.api.worddiff import Budget, Difference, Words, differences
from shared.views import Connection


@dataclass(frozen=True, slots=True)
class Version:
    """A state of an article."""

    seq: int
    """Of the event that made it so."""
    version: int
    at: datetime
    """When the log took that event in."""
    status: str
    document: dict[str, Any] | None
    """As it was shown; None: its text has been taken back since."""
    changed: tuple[Difference, ...] | None = None
    """Against the version before; None: one of the two has no text, or it was not asked for."""

    @property
    def event_type(self) -> str | None:
        """Of the event that made it so; None: it is not known any more."""
        return self.document["event_type"] if self.document else None

    def json(self) -> dict[str, Any]:
        """The version as it is answered; ``is_available``: whether its text may be shown."""
        said = self.document or {}
        return {
            "version": self.version,
            "seq": self.seq,
            "at": self.at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "status": self.status,
            "is_available": self.document is not None and self.status == "usable",
            "event_id": said.get("event_id"),
            "event_type": self.event_type,
            "revision": said.get("revision"),
            "change": said.get("change"),
            "headline": said.get("headline"),
            "changed": None if self.changed is None else [*map(_difference, self.changed)],
        }


Shown = Callable[[Mapping[str, Any]], Words]
"""What of a document is compared."""


def whole(document: Mapping[str, Any]) -> Words:
    """All of its text."""
    return Words(document["headline"], document.get("summary") or "", tuple(document["body"]))


def versions(
    connection: Connection, article_id: str, limit: int, shown: Shown = whole
) -> list[Version]:
    """The states of an article, the latest first, with what each changed."""
    rows = connection.execute(
        "SELECT seq, version, status, document, "
        "(SELECT at_ms FROM moment m WHERE m.seq = found.seq) AS at_ms FROM ("
        "SELECT seq, version, status, document FROM article WHERE article_id = ? UNION ALL "
        "SELECT seq, version, status, document FROM article_past WHERE article_id = ?"
        ") AS found ORDER BY seq DESC LIMIT ?",
        (article_id, article_id, limit + 1),
    ).fetchall()
    found = [
        Version(
            row["seq"], row["version"], _instant(row["at_ms"]), row["status"],
            orjson.loads(row["document"]) if row["document"] else None,
        )
        for row in rows
    ]  # fmt: skip
    return [*_compared(found, shown)][:limit]


def _compared(found: Sequence[Version], shown: Shown) -> Iterator[Version]:
    budget = Budget()
    for number, one in enumerate(found):
        before = found[number + 1] if number + 1 < len(found) else None
        old, new = (_words(version, shown) for version in (before, one))
        if old is not None and new is not None:
            changed = tuple(differences(old, new, budget))
            yield Version(one.seq, one.version, one.at, one.status, one.document, changed)
        else:
            yield one


def _words(version: Version | None, shown: Shown) -> Words | None:
    if version is None or version.document is None or version.status != "usable":
        return None
    return shown(version.document)


def _difference(one: Difference) -> dict[str, Any]:
    pieces = [{"operation": piece.operation, "text": piece.text} for piece in one.pieces]
    return {"field": one.field, "paragraph": one.paragraph, "pieces": pieces}


def _instant(at_ms: int) -> datetime:
    return datetime.fromtimestamp(at_ms / 1_000, UTC)
