"""Logs with a bit of everything, their archives, and every byte that a desk has in Redis."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from redis.asyncio import Redis
from rich.console import Console

import seed
from services.ingest.archiving import export
from services.ingest.decisions import Decisions
from services.ingest.domain import PublishOutcome
from services.ingest.replay import records, replay
from shared.envelope import Attributes, encode
from shared.events import SourceBlocked
from shared.hashing import event_id
from shared.house_events import DeadLetterDropped, DeadLetterParked, DeadLetterRetried
from shared.log import Entry, Log, Move, Output
from shared.redis_archive import RedisArchive
from shared.redis_log import RedisLog
from shared.streams import ORIGIN, START, Checkpoint, source_urn
from tests.builders import at, publisher
from tests.wire_builders import Clock, article_desk, drive, rate_desk

SEED: Final = Path(seed.__path__[0])
STAMP: Final = ("newswire", "2026-04-01T00:00:00Z")
POISON: Final = "urn:newswire:article:x"
"""The subject of an event that a consumer has set aside."""


async def replayed(log: Log) -> list[PublishOutcome]:
    """What a replay of the seed did."""
    found = records(SEED, None)
    assert isinstance(found, list)
    return (await replay(found, publisher(log), Console(quiet=True))).outcomes


async def live(log: Log) -> None:
    """Articles, rates, decisions, dead letters, a wire, and checkpoints in two kinds of input."""
    await replayed(log)
    decisions = Decisions(log, lambda: at(12))
    said: dict[str, Any] = {"reason": "Because.", "who": "aigul"}
    block = SourceBlocked(source="x", by="operator", observed_at=at(8), **said)
    await decisions.record(block)
    await drive(article_desk(log, Clock()), log)
    await drive(rate_desk(log, Clock()), log)
    (entry,) = await log.follow("articles", ORIGIN, count=1)
    moves = [
        Move("articles", ORIGIN, entry.checkpoint()),
        Move("hour", ORIGIN, Checkpoint(START, 4, entry.event_id)),
    ]
    await log.commit("c", moves, [_dead_letter(entry)])
    about = {"consumer": "c", "subject": POISON, **said}
    await decisions.record(DeadLetterRetried(decided_at=at(10), **about))
    await decisions.record(DeadLetterDropped(decided_at=at(11), **about))


def _dead_letter(entry: Entry) -> Output:
    parked = DeadLetterParked(
        consumer="c", stream="articles", position=entry.position, seq=entry.seq,
        event_id=entry.event_id, event_type="newswire.article.received", subject=POISON,
        reason="failed", error="Boom", attempts=3, code_version="1", parked_at=at(9),
    )  # fmt: skip
    letter = "urn:newswire:deadletter:c:1"
    attributes = Attributes(
        id=event_id("deadletters", letter, 1, entry.event_id), source=source_urn("newswire"),
        subject=letter, time=at(9), recorded_at=at(9), correlation_id=POISON,
    )  # fmt: skip
    return Output("deadletters", 1, encode(parked, attributes))


async def lines_of(url: str, desk: str) -> list[bytes]:
    """The archive of a desk."""
    log, archive, lines = RedisLog(url, desk), RedisArchive(url, desk), list[bytes]()
    try:
        await export(archive, log, STAMP, lines.append, lambda _: None)
    finally:
        await log.close()
        await archive.close()
    return lines


async def dump(redis: Redis, desk: str) -> dict[str, object]:
    """Every key of a desk with all that it holds, without the desk's name."""
    found: dict[str, object] = {}
    prefix = f"{{{desk}}}:"
    async for key in redis.scan_iter(match=f"{prefix}*", count=1000):
        name = key.decode().removeprefix(prefix)
        is_stream = await redis.type(key) == b"stream"
        if is_stream:
            entries = await redis.xrange(key)
            found[name] = [(where, list(fields.items())) for where, fields in entries]
        else:
            fields = await redis.hgetall(key)  # type: ignore[misc]
            found[name] = {field: value for field, value in fields.items() if value}
    return found
