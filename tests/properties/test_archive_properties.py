"""Whatever happened on a desk: its archive brings back every key, byte for byte."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Sequence

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from redis.asyncio import Redis

from services.ingest.archiving import restore
from shared.log import Move, Output
from shared.redis_archive import RedisArchive
from shared.redis_log import RedisLog
from shared.streams import ORIGIN, Checkpoint, Position
from tests.archive_builders import dump, lines_of
from tests.builders import at, entry, page, publisher, quotation

_desks = itertools.count(1)

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20)
PAGES = st.tuples(
    st.sampled_from(["Climate", "Weather", "Снег"]), TEXTS, st.sampled_from(["1", "2"])
)
COMMITS = st.tuples(st.sampled_from(["c", "enrichment.rates"]), st.lists(TEXTS, max_size=3))
HISTORIES = st.lists(PAGES | COMMITS, max_size=12)


async def live(log: RedisLog, history: Sequence[tuple[object, ...]]) -> None:
    """Pages that are published, and commits that put any text on the wire."""
    at_: dict[str, Checkpoint] = {}
    for n, happened in enumerate(history, start=1):
        match happened:
            case (str(headline), str(text), str(value)):
                seen = page(at(2 + n), entry(headline, (text,)), rates=[quotation(value=value)])
                await publisher(log).publish(seen)
            case (str(consumer), list(texts)):
                following = Checkpoint(Position(f"{n}-0"), n, f"e{n}")
                move = Move("articles", at_.get(consumer, ORIGIN), following)
                outputs = [Output("wire", n, (b"id", b"x", b"data", t.encode())) for t in texts]
                await log.commit(consumer, [move], outputs)
                at_[consumer] = following


async def there_and_back(url: str, history: Sequence[tuple[object, ...]]) -> tuple[object, object]:
    """All keys of a desk that lived so, and of the one that was restored from its archive."""
    number = next(_desks)
    first, second = f"lived-{number}", f"restored-{number}"
    log, target = RedisLog(url, first), RedisLog(url, second)
    archive = RedisArchive(url, second)
    try:
        await live(log, history)
        await restore(await lines_of(url, first), archive, target, lambda _: None)
        async with Redis.from_url(url) as redis:
            return await dump(redis, first), await dump(redis, second)
    finally:
        for door in (log, target, archive):
            await door.close()


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(history=HISTORIES)
def test_an_archive_of_any_history_brings_back_every_key(
    valkey_url: str, history: list[tuple[object, ...]]
) -> None:
    lived, restored = asyncio.run(there_and_back(valkey_url, history))

    assert restored == lived
