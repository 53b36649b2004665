"""An archive: a consistent cut of a log, and the same log again, byte for byte."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from typing import Any

import pytest
from redis.asyncio import Redis

from services.ingest import archiving
from services.ingest import replay as replaying
from services.ingest.archiving import check, restore, summarised
from services.ingest.sums import STREAMS
from shared.errors import LogDamaged, LogDiverged, Rejected, SequenceGap, Unavailable
from shared.events import StreamName
from shared.log import CommitOutcome, Move, Output, Stale, Unchanged
from shared.redis_archive import RedisArchive, Restorable
from shared.redis_log import RedisLog
from shared.streams import ORIGIN, Checkpoint, Position
from tests.archive_builders import dump, lines_of, live, replayed
from tests.conftest import NewServer
from tests.drafts import draft, output, seqs
from tests.wire_builders import Clock, article_desk


class Interrupted(RuntimeError):
    """The process that imported ended."""


class Target:
    """An empty desk; ``ends_after`` is at which of its writes an import ends, and on which side."""

    def __init__(self, url: str, desk: str) -> None:
        self.desk = f"{desk}-b"
        self.writes, self.ends_at, self.is_done = 0, 0, False
        self.log, self.archive = _Log(url, self.desk, self), _Archive(url, self.desk, self)

    async def import_(self, lines: Iterable[bytes]) -> archiving.Summary:
        """Import an archive."""
        return await restore(lines, self.archive, self.log, lambda _: None)

    async def write(self, call: Callable[[], Any]) -> Any:
        """A write, perhaps the last one of its process."""
        self.writes += 1
        if self.writes == self.ends_at:
            if self.is_done:
                await call()
            raise Interrupted
        return await call()

    async def close(self) -> None:
        """Close the connections."""
        await self.log.close()
        await self.archive.close()


class _Log(RedisLog):
    def __init__(self, url: str, desk: str, target: Target) -> None:
        super().__init__(url, desk)
        self._target = target

    async def commit(
        self, consumer: str, moves: Sequence[Move], outputs: Sequence[Output]
    ) -> CommitOutcome:
        outcome: CommitOutcome = await self._target.write(
            lambda: RedisLog.commit(self, consumer, moves, outputs)
        )
        return outcome


class _Archive(RedisArchive):
    def __init__(self, url: str, desk: str, target: Target) -> None:
        super().__init__(url, desk)
        self._target = target

    async def restore(self, stream: StreamName, first: int, events: Sequence[Restorable]) -> int:
        head: int = await self._target.write(
            lambda: RedisArchive.restore(self, stream, first, events)
        )
        return head


@pytest.fixture
async def lines(redis_log: RedisLog, server_url: str, desk: str) -> list[bytes]:
    """The archive of a log with a bit of everything."""
    await live(redis_log)
    return await lines_of(server_url, desk)


@pytest.fixture
async def target(server_url: str, desk: str) -> AsyncIterator[Target]:
    """An empty log on the same server."""
    opened = Target(server_url, desk)
    yield opened
    await opened.close()


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """An archive of some dozen events is several batches."""
    monkeypatch.setattr(archiving, "RUN_MAX", 4)


# --- there and back -----------------------------------------------------------------------------


@pytest.mark.usefixtures("small")
async def test_every_key_of_the_log_comes_back_byte_for_byte(
    lines: list[bytes], target: Target, raw: Redis, desk: str
) -> None:
    await target.import_(lines)

    there = await dump(raw, desk)
    assert await dump(raw, target.desk) == there
    assert {"articles", "rates", "wire", "deadletters", "checkpoint:c"} <= set(there)
    assert sum(":subject:" in name for name in there) > 10


async def test_an_import_tells_the_digests_of_the_log_that_was_exported(
    lines: list[bytes], target: Target, redis_log: RedisLog, server_url: str, desk: str
) -> None:
    archive = RedisArchive(server_url, desk)
    expected = await summarised(archive, redis_log, lambda _: None)
    await archive.close()

    assert await target.import_(lines) == expected
    assert expected.sums["deadletters"].events == 3
    assert [one[:2] for one in expected.standings] == [
        ("c", "articles"), ("c", "hour"),
        ("enrichment.articles", "articles"), ("enrichment.rates", "rates"),
    ]  # fmt: skip


async def test_what_was_published_is_unchanged_on_the_restored_log(
    lines: list[bytes], target: Target, raw: Redis
) -> None:
    await target.import_(lines)
    there = await dump(raw, target.desk)

    outcomes = await replayed(target.log)
    assert {type(outcome) for outcome in outcomes} == {Unchanged, Stale}
    assert await dump(raw, target.desk) == there


async def test_an_export_of_the_restored_log_is_the_same_archive(
    lines: list[bytes], target: Target, server_url: str
) -> None:
    await target.import_(lines)

    assert await lines_of(server_url, target.desk) == lines


async def test_an_empty_log_has_an_archive_too(server_url: str, desk: str, target: Target) -> None:
    lines = await lines_of(server_url, desk)

    summary = await target.import_(lines)
    assert len(lines) == 2
    assert [each.events for each in summary.sums.values()] == [0] * len(STREAMS)


async def test_importing_again_what_is_there_writes_nothing(
    lines: list[bytes], target: Target, raw: Redis
) -> None:
    first = await target.import_(lines)
    there = await dump(raw, target.desk)

    assert await target.import_(lines) == first
    assert await dump(raw, target.desk) == there


# --- interrupted --------------------------------------------------------------------------------


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("side", ["before", "after"])
async def test_an_import_that_ended_at_any_write_is_gone_on_with(
    lines: list[bytes], server_url: str, raw: Redis, desk: str, side: str
) -> None:
    expected, ends_at = await dump(raw, desk), 0
    while True:
        ends_at += 1
        target = Target(server_url, f"{desk}-{ends_at}")
        target.ends_at, target.is_done = ends_at, side == "after"
        try:
            await target.import_(lines)
        except Interrupted:
            await target.import_(lines)
        else:
            break
        finally:
            await target.close()
        assert await dump(raw, target.desk) == expected
    assert ends_at > 10


@pytest.mark.usefixtures("small")
async def test_an_enrichment_that_runs_beside_an_import_decides_nothing_anew(
    lines: list[bytes], server_url: str, raw: Redis, desk: str
) -> None:
    """It stood at the beginning of an empty log; the checkpoints come before the events."""
    expected, handled = await dump(raw, desk), 0
    for ends_at in range(1, 40):
        target = Target(server_url, f"{desk}-{ends_at}")
        beside = RedisLog(server_url, target.desk)
        enricher = article_desk(beside, Clock())
        await enricher.resume()
        target.ends_at = ends_at
        try:
            await target.import_(lines)
        except Interrupted:
            if entries := await beside.follow("articles", ORIGIN, count=200):
                handled += 1
                await enricher.handle(entries)
            await target.import_(lines)
        assert await dump(raw, target.desk) == expected
        await target.close()
        await beside.close()
    assert handled > 1


@pytest.mark.usefixtures("small")
async def test_an_enrichment_that_starts_on_a_half_restored_log_stops(
    lines: list[bytes], target: Target
) -> None:
    target.ends_at = 6
    with pytest.raises(Interrupted):
        await target.import_(lines)
    enricher = article_desk(target.log, Clock())

    after = await enricher.resume()
    with pytest.raises(LogDiverged, match="it was restored to an earlier state"):
        await target.log.follow("articles", after, count=1)


@pytest.mark.usefixtures("small")
async def test_an_import_goes_on_after_redis_was_killed(
    new_server: NewServer, server_name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(replaying, "AWAY_S_MAX", 0.1)
    server = new_server(name=server_name)
    first = RedisLog(server.url, "first")
    await live(first)
    await first.close()
    lines = await lines_of(server.url, "first")
    target = Target(server.url, "second")

    def killing(at: int) -> Iterable[bytes]:
        for number, line in enumerate(lines):
            if number == at:
                server.kill()
            yield line

    with pytest.raises(Unavailable):
        await target.import_(killing(len(lines) // 2))
    server.start()
    await target.import_(lines)

    async with Redis.from_url(server.url) as there:
        assert await dump(there, target.desk) == await dump(there, "first")
    await target.close()


# --- refused ------------------------------------------------------------------------------------


def _told(_: int) -> None:
    """Nobody looks."""


async def test_a_byte_that_was_changed_is_refused_with_its_line(lines: list[bytes]) -> None:
    for number, line in enumerate(lines, start=1):
        for at in (0, len(line) // 2, len(line) - 5, len(line) - 1):
            changed = line[:at] + bytes([line[at] ^ 1]) + line[at + 1 :]
            with pytest.raises(Rejected, match=f"^line {number}: "):
                check([*lines[: number - 1], changed, *lines[number:]], _told)


async def test_an_archive_that_was_cut_off_is_refused(lines: list[bytes]) -> None:
    for count in range(len(lines)):
        with pytest.raises(Rejected, match="the archive was cut off"):
            check(lines[:count], _told)
    with pytest.raises(Rejected, match=f"^line {len(lines)}: .* changed or cut off"):
        check([*lines[:-1], lines[-1][:-30]], _told)


async def test_lines_left_out_twice_or_in_another_order_are_refused(lines: list[bytes]) -> None:
    begin = next(number for number, line in enumerate(lines) if b'"event"' in line[:20])
    a, b, rest = lines[:begin], lines[begin : begin + 2], lines[begin + 2 :]

    for changed in ([*a, *b[::-1], *rest], [*a, b[1], *rest], [*a, b[0], *b, *rest]):
        with pytest.raises(Rejected, match=r"^line \d+: expected event \d of wire, found seq \d"):
            check(changed, _told)
    others = [line for line in (*b, *rest[:-1]) if b'"stream":"wire"' not in line[:40]]
    with pytest.raises(Rejected, match="expected the streams in the order wire, deadletters"):
        check([*a, *others, *b, *rest], _told)
    with pytest.raises(Rejected, match="before all events"):
        check([a[0], *b, a[1], *rest], _told)
    with pytest.raises(Rejected, match="expected a header in the first line, and nowhere else"):
        check(lines[1:], _told)
    with pytest.raises(Rejected, match="expected nothing after the end"):
        check([*lines, lines[-1]], _told)


async def test_a_checkpoint_that_was_left_out_is_refused(lines: list[bytes]) -> None:
    with pytest.raises(Rejected, match="the archive was changed"):
        check([lines[0], *lines[2:]], _told)


async def test_a_log_that_holds_something_else_is_left_as_it_is(
    lines: list[bytes], target: Target, raw: Redis
) -> None:
    await target.log.append("articles", [draft("a")])
    there = await dump(raw, target.desk)

    with pytest.raises(Rejected, match=r"expected an empty log, .* found 1 events in articles"):
        await target.import_(lines)
    assert await dump(raw, target.desk) == there


async def test_a_log_that_has_gone_on_since_is_left_as_it_is(
    lines: list[bytes], target: Target, raw: Redis
) -> None:
    await target.import_(lines)
    await target.log.append("articles", [draft("a")])
    there = await dump(raw, target.desk)

    with pytest.raises(Rejected, match="expected an empty log"):
        await target.import_(lines)
    assert await dump(raw, target.desk) == there


@pytest.mark.usefixtures("small")
async def test_another_writer_during_an_import_is_noticed_and_never_overwritten(
    lines: list[bytes], target: Target, raw: Redis, server_url: str
) -> None:
    beside = RedisLog(server_url, target.desk)

    async def import_beside_ingest() -> None:
        target.ends_at = target.writes + 12
        with pytest.raises(Interrupted):
            await target.import_(lines)
        await beside.append("articles", [draft("a")])
        await target.import_(lines)

    with pytest.raises(LogDiverged, match=r"this is another log.*Nothing was overwritten"):
        await import_beside_ingest()
    found = await dump(raw, target.desk)
    assert (b"id", b"a/one") in found["articles"][-1][1]  # type: ignore[index]
    await beside.close()


# --- the cut ------------------------------------------------------------------------------------


async def test_a_cut_holds_every_commit_whole_or_not_at_all(
    redis_log: RedisLog, server_url: str, desk: str
) -> None:
    archive = RedisArchive(server_url, desk)
    steps = [ORIGIN, *(Checkpoint(Position(f"{n}-1"), n, f"e{n}") for n in range(1, 301))]

    async def commit_all() -> None:
        for n in range(300):
            move = Move("articles", steps[n], steps[n + 1])
            await redis_log.commit("enrichment.articles", [move], [output(f"o{n}")])

    committing, cuts = asyncio.create_task(commit_all()), []
    while not committing.done():
        cuts.append(await archive.cut())
    await committing
    await archive.close()

    stood = [
        cut.consumers["enrichment.articles"]["articles"].seq if cut.consumers else 0 for cut in cuts
    ]
    assert [cut.heads["wire"].seq for cut in cuts] == stood
    assert len(set(stood)) > 3


async def test_a_consumer_that_nobody_knew_is_in_the_cut(
    redis_log: RedisLog, server_url: str, desk: str
) -> None:
    at = Checkpoint(Position("1-1"), 1, "x")
    await redis_log.commit("grouping.stories", [Move("wire", ORIGIN, at)], [])
    archive = RedisArchive(server_url, desk)

    assert (await archive.cut()).consumers == {"grouping.stories": {"wire": at}}
    await archive.close()


async def test_an_export_stops_at_a_gap(
    redis_log: RedisLog, server_url: str, desk: str, raw: Redis
) -> None:
    await redis_log.append("articles", [draft("a"), draft("b"), draft("c")])
    _, (second, _), _ = await raw.xrange(redis_log.keys.stream("articles"))
    await raw.xdel(redis_log.keys.stream("articles"), second)

    with pytest.raises(SequenceGap, match=r"expected seq 2 .* found 3"):
        await lines_of(server_url, desk)


async def test_an_export_of_a_stream_without_its_end_stops(
    redis_log: RedisLog, server_url: str, desk: str, raw: Redis
) -> None:
    await redis_log.append("articles", [draft("a"), draft("b")])
    _, (last, _) = await raw.xrange(redis_log.keys.stream("articles"))
    await raw.xdel(redis_log.keys.stream("articles"), last)

    with pytest.raises(LogDamaged, match="expected articles to end with seq 2, found 1"):
        await lines_of(server_url, desk)


# --- the function -------------------------------------------------------------------------------


@pytest.fixture
async def archive(server_url: str, desk: str) -> AsyncIterator[RedisArchive]:
    """The door that restores."""
    opened = RedisArchive(server_url, desk)
    yield opened
    await opened.close()


def event(n: int, subject: str = "", **changes: Any) -> Restorable:
    """An event at position ``n-7``."""
    given = {
        "position": f"{n}-7",
        "version": 1,
        "subject": subject or f"s{n}",
        "content_hash": "one",
        "fields": (b"id", f"e{n}".encode()),
    }
    return Restorable(**{**given, **changes})


async def test_events_are_restored_where_the_stream_ends(
    archive: RedisArchive, redis_log: RedisLog
) -> None:
    assert await archive.restore("articles", 1, [event(1), event(2)]) == 2
    assert await archive.restore("articles", 3, [event(5, "s1", version=2)]) == 3

    entries = await redis_log.follow("articles", ORIGIN, count=9)
    assert [entry.position for entry in entries] == ["1-7", "2-7", "5-7"]
    assert seqs(entries) == [1, 2, 3]
    assert list(entries[2].fields.items()) == [(b"seq", b"3"), (b"version", b"2"), (b"id", b"e5")]
    (outcome,) = await redis_log.append("articles", [draft("s1", "one")])
    assert outcome == Unchanged(2, 3, Position("5-7"))


async def test_a_restore_that_begins_elsewhere_says_where_the_stream_ends_and_writes_nothing(
    archive: RedisArchive, redis_log: RedisLog, raw: Redis, desk: str
) -> None:
    await redis_log.append("articles", [draft("a"), draft("b")])
    there = await dump(raw, desk)
    far = 2**53 - 1

    for first in (1, 2, 4):
        ours = [event(far, position=f"{far}-1")]
        assert await archive.restore("articles", first, ours) == 2
    assert await dump(raw, desk) == there


async def test_an_event_that_was_committed_has_no_subject_state(
    archive: RedisArchive, raw: Redis, desk: str
) -> None:
    await archive.restore("wire", 1, [event(1, content_hash="", version=7)])

    assert set(await dump(raw, desk)) == {"wire", "wire:meta"}


@pytest.mark.parametrize(
    ("events", "sentence"),
    [
        ([event(2), event(2)], "position of event 2 is 2-7, not after the one before"),
        ([event(3), event(2)], "position of event 2 is 2-7, not after the one before"),
        ([event(1, position="0-0")], "position of event 1 is 0-0, not after"),
        ([event(1), event(2, position="x")], "position of event 2 is x"),
        ([event(1), event(2, position="02-1")], "position of event 2 is 02-1"),
        ([event(1), event(2, position=f"{2**64}-1")], "position of event 2 is 1844674407"),
        ([event(1), event(2, "s1")], "version of event 2 is 1 after 1"),
        ([event(1), event(2, version=2)], "version of event 2 is 2 after 0"),
        ([event(1), event(2, version=0)], "version of event 2 is 0"),
        ([event(1), event(2, fields=(b"id",))], "size of event 2 is 1"),
        ([], "number of events is 0"),
    ],
)
async def test_a_restore_of_what_cannot_be_is_rejected_whole(
    archive: RedisArchive, raw: Redis, desk: str, events: list[Restorable], sentence: str
) -> None:
    with pytest.raises(Rejected, match=f"BADARG {sentence}"):
        await archive.restore("articles", 1, events)
    assert await dump(raw, desk) == {}


async def test_positions_beyond_a_number_of_lua_keep_their_order(
    archive: RedisArchive, redis_log: RedisLog
) -> None:
    near = [f"{2**63}-{2**63}", f"{2**63}-{2**63 + 1}", f"{2**63 + 1}-0"]
    await archive.restore("rates", 1, [event(n, position=at) for n, at in enumerate(near)])

    assert [e.position for e in await redis_log.follow("rates", ORIGIN, count=9)] == near


async def test_a_foreign_key_stops_a_restore_before_anything_is_written(
    archive: RedisArchive, redis_log: RedisLog, raw: Redis, desk: str
) -> None:
    await raw.set(redis_log.keys.subject("articles", "s2"), "text")
    with pytest.raises(LogDamaged, match="s2 is a string, expected a hash"):
        await archive.restore("articles", 1, [event(1), event(2)])
    await raw.delete(redis_log.keys.subject("articles", "s2"))
    await raw.xadd(redis_log.keys.stream("rates"), {"id": "foreign"}, id="1-1")
    with pytest.raises(LogDamaged, match="rates holds entries that the log does not count"):
        await archive.restore("rates", 1, [event(2)])

    assert set(await dump(raw, desk)) == {"rates"}
