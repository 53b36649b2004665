"""What ingest sees, for tests: pages, entries, articles with their hashes, and what a log holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime

from services.ingest.observe import Sighting, Source
from services.ingest.parse.document import ArticleEntry, Parsed, RateEntry
from services.ingest.publish import Publisher
from shared.envelope import Recorded, article_hash, decode
from shared.events import AnyEvent, StreamName
from shared.log import Entry, Log
from shared.news import Article
from shared.streams import ORIGIN
from shared.testing import builders

RECORDED_AT = datetime(2026, 4, 1, tzinfo=UTC)


def at(day: int, hour: int = 6, minute: int = 0) -> datetime:
    """An instant of March 2026."""
    return datetime(2026, 3, day, hour, minute, tzinfo=UTC)


def words(begin: int, end: int) -> tuple[str, ...]:
    """A paragraph of the words number ``begin`` to ``end - 1``: two fewer runs of three than words.

    ``words(0, 102)`` and ``words(80, 182)`` share 20 of their 100 runs.
    """
    return (" ".join(f"w{number}" for number in range(begin, end)),)


def observed(**changes: object) -> Article:
    """An article as ingest observes it, with the hashes that ingest gives it."""
    plain = builders.article(**changes)
    return plain.model_copy(update={"content_hash": article_hash(plain)})


def entry(headline: str, paragraphs: Sequence[str], position: int = 0) -> ArticleEntry:
    """An article of a page; position 0: where it stands among the others."""
    return ArticleEntry(headline, tuple(paragraphs), position)


def quotation(base: str = "KZT", value: str = "0.00198", occurrences: int = 1) -> RateEntry:
    """A quotation of a page's ticker, against USD."""
    return RateEntry(base, "USD", value, 1, None, occurrences, 1)


def page(
    observed_at: datetime,
    *entries: ArticleEntry,
    rates: Sequence[RateEntry] = (),
    listed_on: date | None = None,
    source: str = "steppe-courier",
) -> Sighting:
    """A page as seen at a time, its articles at positions 1, 2, 3 …"""
    placed = [replace(e, position=e.position or n) for n, e in enumerate(entries, 1)]
    parsed = Parsed(
        format="front-page",
        parser_version=1,
        media_type="text/plain",
        encoding="utf-8",
        sha256="5f2b1c0d" * 8,
        listed_on=listed_on,
        articles=tuple(placed),
        rates=tuple(rates),
        problems=(),
    )
    return Sighting(parsed, Source(source), observed_at)


def publisher(log: Log) -> Publisher:
    """A publisher that has just started, with a clock that stands still."""
    return Publisher(log, lambda: RECORDED_AT)


async def entries(log: Log, stream: StreamName) -> list[Entry]:
    """All that a stream holds, oldest first."""
    return await log.follow(stream, ORIGIN, count=10_000)


async def events(log: Log, stream: StreamName = "articles") -> list[Recorded[AnyEvent]]:
    """All that a stream holds, decoded, oldest first."""
    return [decode(stream, each) for each in await entries(log, stream)]


async def contents(log: Log) -> list[dict[bytes, bytes]]:
    """Every field of every article and rate on a log, in order: all but the positions."""
    found = [*await entries(log, "articles"), *await entries(log, "rates")]
    return [each.fields for each in found]


async def history(log: Log) -> list[tuple[str, int, str]]:
    """What the articles stream tells, in short: headline or reason, version, kind of event."""
    return [_told(each) for each in await events(log)]


def _told(each: Recorded[AnyEvent]) -> tuple[str, int, str]:
    said = getattr(each.event, "article", None)
    text = said.headline if isinstance(said, Article) else getattr(each.event, "reason", "")
    return text, each.version, each.type.rpartition(".")[2]
