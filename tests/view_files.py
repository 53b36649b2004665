"""View files for tests of the api, filled with plain rows."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

import orjson
import structlog
from starlette.testclient import TestClient

from services.api.app import Parts, build
from services.api.live import Live
from services.api.looking import Looking
from services.api.operators.watching import Desk, Watch
from services.api.progress import Sampler
from services.api.reading import Reader
from services.api.syndication.links import Site
from services.projection import search, store
from services.projection.evolve import RateRow, evolve
from shared import briefs, views
from shared.envelope import decode
from shared.health import Report
from shared.log import Log
from shared.polls import Poll
from shared.redis_log import RedisLog
from shared.rejects import Reject
from shared.search.texts import index_of
from shared.settings import StatusLevel
from shared.state import HEALTH, POLLS, REJECTS
from shared.story_events import (
    StoryClosed,
    StoryMerged,
    StoryOpened,
    StoryParted,
    StoryWireEvent,
)
from shared.streams import ORIGIN, Checkpoint, Position
from shared.testing.memory_state import MemoryTable
from tests.api_process import NO_REDIS
from tests.wire_builders import entry_of

DOCUMENT: Final = {
    "sha256": "5f2b1c0d" * 8,
    "media_type": "text/plain",
    "parser": "front-page",
    "parser_version": 1,
}
KZ: Final = ("iso3166", "KZ", "Kazakhstan", "country")
UZ: Final = ("iso3166", "UZ", "Uzbekistan", "country")
ALMATY: Final = ("geonames", "1526384", "Almaty", "place")

TODAY: Final = date(2026, 3, 3)
LOOKED_AT: Final = datetime(2026, 3, 3, 12, 0, tzinfo=UTC)
"""When the status was looked at."""
SITE: Final = Site("https://news.example", "trial")

TagRow = tuple[str, str, str, str]


def article_id(number: int) -> str:
    """Id of the n-th article."""
    return f"00000000-0000-5000-8000-{number:012d}"


def story_id(number: int) -> str:
    """Id of the n-th story."""
    return f"00000000-0000-5000-9000-{number:012d}"


def _told(number: int, headline: str = "As the wire told it") -> dict[str, Any]:
    at = datetime(2026, 3, 2, 6, 0, tzinfo=UTC)
    return {
        "story_id": story_id(number), "headline": headline, "observed_at": at, "methods": {},
    }  # fmt: skip


def article_document(number: int, *tags: TagRow, **said: Any) -> dict[str, Any]:
    """The n-th article as the views keep it, without its envelope."""
    return {
        **_ARTICLE,
        "article_id": article_id(number),
        "headline": f"Headline {number}",
        "tags": [_tag(*tag, relevance=90 - index) for index, tag in enumerate(tags)],
        **said,
    }


class ViewFile:
    """A view file that a test fills; published under the folder's pointer."""

    def __init__(self, folder: Path, name: str = "views-1.sqlite") -> None:
        self.folder, self.seq = folder, 0
        self.file = folder / name
        self.connection = views.create(self.file)

    def publish(self) -> None:
        """Make it the live one, with its checkpoint at the last row's event."""
        at = Checkpoint(Position(f"1-{self.seq}"), self.seq, f"event-{self.seq}")
        self.connection.execute("DELETE FROM checkpoint")
        if self.seq:
            assert views.move_checkpoint(self.connection, "wire", ORIGIN, at)
        views.publish(self.folder, self.file)

    def article(self, number: int, *tags: TagRow, copy_of: int | None = None, **said: Any) -> str:
        """Add or replace the n-th article; ``said`` are members of its document. Its id."""
        document = article_document(number, *tags, **said)
        target = None if copy_of is None else article_id(copy_of)
        self._put(document, "article.published", target)
        self.connection.executemany(
            "INSERT INTO article_tag (tag, relevance, ordered_at, place, article_id, source, "
            "language, has_text, copy_of, seq) SELECT ?, 90, ordered_at, place, article_id, "
            "source, language, has_text, copy_of, seq FROM article WHERE article_id = ?",
            [(f"{scheme}:{code}", document["article_id"]) for scheme, code, _, _ in tags],
        )
        return str(document["article_id"])

    def notice(self, number: int, status: str, **said: Any) -> str:
        """Put a canceled or withheld notice in the place of the n-th article. Its id."""
        document = {
            "article_id": article_id(number),
            "source": "steppe-courier",
            "status": status,
            "reason": "The source took it back.",
            "by": "source",
            "observed_at": "2026-03-03T09:30:00Z",
            **said,
        }
        self._put(document, f"article.{status}", None)
        return str(document["article_id"])

    def story(self, number: int, *articles: int, headline: str = "As the wire told it") -> str:
        """The n-th story is opened, or grows, with these articles; its id."""
        return self._tell(
            StoryOpened(
                **_told(number, headline), representative=article_id(articles[0]),
                article_ids=tuple(map(article_id, articles)), evidence={},
            )
        )  # fmt: skip

    def merge(self, number: int, other: int, *articles: int) -> str:
        """The other story ends in the n-th, which takes in these articles of it."""
        return self._tell(
            StoryMerged(
                **_told(number), representative=article_id(articles[0]),
                merged_story_id=story_id(other), article_ids=tuple(map(article_id, articles)),
                evidence={},
            )
        )  # fmt: skip

    def part(self, number: int, stays: int, *articles: int) -> str:
        """These articles leave the n-th story."""
        return self._tell(
            StoryParted(
                **_told(number), representative=article_id(stays), new_story_id=None,
                article_ids=tuple(map(article_id, articles)), reason="No.", by="operator",
            )
        )  # fmt: skip

    def close(self, number: int, representative: int) -> str:
        """Nothing comes to the n-th story any more."""
        said = {**_told(number), "representative": article_id(representative), "articles": 2}
        return self._tell(StoryClosed(**said))

    def _tell(self, event: StoryWireEvent) -> str:
        self.seq += 1
        entry = entry_of("wire", event, self.seq)
        for row in evolve(decode("wire", entry)):
            store.write(self.connection, row)
        return event.story_id

    def rate(
        self, pair: str, value: str, as_of: str = "2025-12-13", version: int = 1, **said: Any
    ) -> None:
        """Add a rate: ``rate("KGS/USD", "0.01143", change="-0")``."""
        base, quote = pair.split("/")
        document = {**_RATE, "base": base, "quote": quote, "value": value, "as_of": as_of, **said}
        series = f"{document['source']}:{document['kind']}:{base}-{quote}"
        event = f"rate.{document['status']}"
        row = RateRow(
            series=series,
            as_of=as_of,
            version=version,
            seq=self.seq + 1,
            unit=str(Fraction(value) / document["nominal"]),
            is_doubted=document["status"] == "disputed",
            document=self._document({**document, "series": series}, event),
        )
        store.write(self.connection, row)

    def _put(self, document: dict[str, Any], event: str, copy_of: str | None) -> None:
        named = document.pop("story_id", None)
        text = self._document(document, event)
        listed = document.get("published_on") or document.get("listed_on")
        ordered_at = (
            document.get("published_at")
            or (f"{listed}T00:00:00.000000Z" if listed else None)
            or document["observed_at"]
        )
        row = (
            document["article_id"], document["source"], document["status"],
            document.get("language", "und"), self.seq, ordered_at,
            document.get("position") or 0, copy_of,
            self._taken_back(document["article_id"]) if document["status"] == "usable"
            else self.seq, named, bool(document.get("body")), text,
        )  # fmt: skip
        self._index(document, ordered_at, copy_of)
        self.connection.execute(
            "DELETE FROM article_tag WHERE article_id = ?", (document["article_id"],)
        )
        self.connection.execute(
            "DELETE FROM article_brief WHERE seq = (SELECT seq FROM article WHERE article_id = ?)",
            (document["article_id"],),
        )
        self.connection.execute(
            "INSERT OR REPLACE INTO article (article_id, source, status, language, version, seq, "
            "ordered_at, place, copy_of, text_hash, taken_back_seq, story_id, has_text, document) "
            "VALUES (?, ?, ?, ?, 1, ?, ?, ?, ?, 'same', ?, ?, ?, ?)",
            row,
        )
        if document["status"] == "usable":
            self.connection.execute(
                "INSERT INTO article_brief VALUES (?, ?)",
                (self.seq, orjson.dumps(briefs.brief(orjson.loads(text))).decode()),
            )

    def _index(self, document: dict[str, Any], ordered_at: str, copy_of: str | None) -> None:
        """Take the words of an article into the index, in place of what it had there."""
        article_id = document["article_id"]
        search.take_out(self.connection, article_id)
        if document["status"] == "usable":
            words = index_of(document)
            text = search.Text(self.seq, article_id, ordered_at, copy_of, words)
            search.add(self.connection, text)

    def _taken_back(self, article_id: str) -> int:
        query = "SELECT taken_back_seq FROM article WHERE article_id = ?"
        found = self.connection.execute(query, (article_id,)).fetchone()
        return int(found[0]) if found else 0

    def _document(self, document: dict[str, Any], event: str) -> str:
        self.seq += 1
        envelope = {
            "version": 1,
            "seq": self.seq,
            "event_id": f"event-{self.seq}",
            "event_type": f"newswire.{event}",
        }
        return orjson.dumps({**document, **envelope}).decode()


@dataclass(frozen=True)
class DeskState:
    """What services keep beside the log."""

    health: MemoryTable[Report] = field(default_factory=lambda: MemoryTable(HEALTH))
    polls: MemoryTable[Poll] = field(default_factory=lambda: MemoryTable(POLLS))
    rejects: MemoryTable[Reject] = field(default_factory=lambda: MemoryTable(REJECTS))
    level: StatusLevel = "public"
    now: datetime = LOOKED_AT

    def watch(self, log: Log, reader: Reader) -> Watch:
        """What operators see."""
        return Watch(
            Desk(log, self.health, self.polls, self.rejects, reader, lambda: self.now, lambda: 0.0)
        )


def watched(views_dir: Path, log: Log | None, desk: DeskState) -> TestClient:
    """A client of an api that says how a desk is; ``log`` None: it does not answer."""
    made = client(views_dir, log=log)
    state: Any = made.app
    state.state.watch = desk.watch(log or RedisLog(NO_REDIS), state.state.reader)
    state.state.status = desk.level
    return made


def client(
    views_dir: Path, *, head: int = 0, samples: int = 1, log: Log | None = None, today: date = TODAY
) -> TestClient:
    """A client of an api over a folder of views, on a wire with this head; no server runs.

    ``log`` None: it does not answer.
    """
    reader = Reader(views_dir)

    async def wire() -> int:
        return head

    sampler = Sampler(wire, reader.seq, lambda: 0.0)
    for _ in range(samples):
        asyncio.run(sampler.take())
    logger = structlog.stdlib.get_logger("newswire")
    log = log or RedisLog(NO_REDIS)
    live = Live(log, Looking(reader), logger)
    watch = DeskState().watch(log, reader)
    app = build(Parts(reader, sampler, live, lambda: today, SITE, watch), logger)
    return TestClient(app, raise_server_exceptions=False)


def _tag(scheme: str, code: str, name: str, kind: str, *, relevance: int) -> dict[str, Any]:
    span = {"field": "body", "paragraph": 0, "start": 0, "end": 6, "text": name[:6]}
    return {
        "scheme": scheme, "code": code, "name": name, "kind": kind, "country": None,
        "latitude": None, "longitude": None, "relevance": relevance, "confidence": 95,
        "creator": "gazetteer/1", "spans": [span],
    }  # fmt: skip


_ARTICLE: Final[dict[str, Any]] = {
    "source": "steppe-courier",
    "credit": "Steppe Courier",
    "source_item_id": None,
    "url": None,
    "canonical_url": None,
    "summary": None,
    "body": ["The first paragraph.", "The second paragraph."],
    "body_html": None,
    "authors": [],
    "declared_language": None,
    "categories": [],
    "dateline": None,
    "media": [],
    "published_at": None,
    "published_on": None,
    "published_precision": None,
    "published_offset_min": None,
    "published_confidence": None,
    "updated_at": None,
    "listed_on": "2025-12-13",
    "position": None,
    "observed_at": "2026-03-02T06:10:00Z",
    "pubstatus": "usable",
    "embargoed_until": None,
    "urgency": None,
    "ednote": None,
    "slugline": None,
    "located": None,
    "source_version": None,
    "declared_tags": [],
    "associations": [],
    "display": None,
    "trust_rank": None,
    "rights": "© Steppe Courier",
    "revision": 1,
    "document": DOCUMENT,
    "content_hash": "a1" * 32,
    "text_hash": "b2" * 32,
    "language": "en",
    "language_confidence": 99,
    "relations": [],
    "unfinished": None,
    "methods": {"language": "py3langid/0.4"},
    "status": "usable",
}
_RATE: Final[dict[str, Any]] = {
    "source": "steppe-courier",
    "credit": "Steppe Courier",
    "kind": "ticker",
    "nominal": 1,
    "as_of_precision": "date",
    "valid_days": None,
    "change": None,
    "change_unit": "percent",
    "occurrences": 8,
    "observed_at": "2026-03-02T06:10:00Z",
    "document": DOCUMENT,
    "movement": None,
    "methods": {"movement": "movement/1"},
    "status": "quoted",
}
