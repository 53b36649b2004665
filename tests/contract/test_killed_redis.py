"""G1: what was acknowledged survives a kill -9 of Redis, once and in order."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from shared.errors import Unavailable
from shared.log import Committed, Log, Move
from shared.redis_log import RedisLog
from shared.streams import ORIGIN
from tests.conftest import NewServer
from tests.drafts import draft, ids, output, seqs

ROUNDS = 3
KILL_AFTER = 80  # acknowledged batches of a round; the kill comes in the middle of others
APPENDERS = 4


@dataclass
class Acknowledged:
    """What callers were told in all rounds."""

    seq_by_event: dict[str, int] = field(default_factory=dict)
    checkpoint_seq: int = 0
    """Of the last commit that was acknowledged."""
    sent_seq: int = 0
    """Of the last commit that was sent."""
    calls: int = 0
    enough: asyncio.Event = field(default_factory=asyncio.Event)

    def count(self) -> None:
        """One more call was acknowledged."""
        self.calls += 1
        if self.calls >= KILL_AFTER:
            self.enough.set()


async def test_everything_acknowledged_survives_kills_once_and_in_order(
    new_server: NewServer, server_name: str
) -> None:
    server = new_server(name=server_name)
    told = Acknowledged()
    for round_ in range(ROUNDS):
        told.calls, told.enough = 0, asyncio.Event()
        logs = [RedisLog(server.url) for _ in range(APPENDERS + 1)]
        running = [_append(logs[n], f"{round_}-{n}", told) for n in range(APPENDERS)]
        tasks = [asyncio.create_task(run) for run in (*running, _relay(logs[-1], told))]
        await asyncio.wait_for(told.enough.wait(), 20)
        server.kill()
        await asyncio.gather(*tasks)
        server.start()
        for log in logs:
            await log.close()
        await _check(server.url, told)


async def _append(log: Log, name: str, told: Acknowledged) -> None:
    """Append batches until the server is gone."""
    n = 0
    while True:
        drafts = [draft(f"{name}-{n}-{k}") for k in range(3)]
        try:
            outcomes = await log.append("articles", drafts)
        except Unavailable:
            return
        for one, outcome in zip(drafts, outcomes, strict=True):
            told.seq_by_event[f"{one.subject}/one"] = outcome.seq
        told.count()
        n += 1


async def _relay(log: Log, told: Acknowledged) -> None:
    """Commit one output per article until the server is gone."""
    try:
        checkpoint = await log.checkpoint("c", "articles")
        while True:
            entries = await log.follow("articles", checkpoint, count=5, block_ms=1000)
            if not entries:
                continue
            following = entries[-1].checkpoint()
            told.sent_seq = following.seq
            outputs = [output(entry.event_id) for entry in entries]
            outcome = await log.commit("c", [Move("articles", checkpoint, following)], outputs)
            assert isinstance(outcome, Committed)
            checkpoint = following
            told.checkpoint_seq = following.seq
            told.count()
    except Unavailable:
        return


async def _check(url: str, told: Acknowledged) -> None:
    log = RedisLog(url)
    articles = await log.follow("articles", ORIGIN, count=100_000)
    wire = await log.follow("wire", ORIGIN, count=100_000)
    checkpoint = await log.checkpoint("c", "articles")
    await log.close()

    seq_by_event = {entry.event_id: entry.seq for entry in articles}
    assert len(seq_by_event) == len(articles)
    assert {event: seq_by_event.get(event) for event in told.seq_by_event} == told.seq_by_event
    assert seqs(articles) == list(range(1, len(articles) + 1))
    # The last commit sent may stand although its reply was lost: then it stands whole.
    assert checkpoint.seq in {told.checkpoint_seq, told.sent_seq}
    assert seqs(wire) == list(range(1, checkpoint.seq + 1))
    assert ids(wire) == ids(articles)[: checkpoint.seq]
