"""What every log does: memory, Redis and Valkey alike."""

from __future__ import annotations

import asyncio

import pytest

from shared.errors import Rejected
from shared.log import Appended, Committed, Conflict, Head, Log, Move, Overtaken, Unchanged
from shared.streams import ORIGIN, Checkpoint, Position
from tests.drafts import draft, filled, ids, output, seqs, versions

NOWHERE = Position("1-1")


# --- append -------------------------------------------------------------------------------------


async def test_events_get_dense_seqs_and_dense_versions_per_subject(log: Log) -> None:
    first = await log.append("articles", [draft("a"), draft("b")])
    second = await log.append("articles", [draft("a", "two", 1), draft("c")])
    entries = await log.follow("articles", ORIGIN, count=10)

    assert ids(entries) == ["a/one", "b/one", "a/two", "c/one"]
    assert seqs(entries) == [1, 2, 3, 4]
    assert versions(entries) == [1, 1, 2, 1]
    assert [*first, *second] == [
        Appended(1, 1, entries[0].position),
        Appended(1, 2, entries[1].position),
        Appended(2, 3, entries[2].position),
        Appended(1, 4, entries[3].position),
    ]


async def test_each_stream_counts_for_itself(log: Log) -> None:
    await log.append("articles", [draft("a"), draft("b")])
    (outcome,) = await log.append("rates", [draft("a")])

    assert isinstance(outcome, Appended)
    assert (outcome.seq, outcome.version) == (1, 1)


async def test_the_same_content_again_is_unchanged_and_names_the_event(log: Log) -> None:
    (appended,) = await log.append("articles", [draft("a")])
    for expected in (0, 1, 7):
        (again,) = await log.append("articles", [draft("a", "one", expected)])
        assert again == Unchanged(1, 1, appended.position)

    assert (await log.head("articles")).seq == 1


async def test_a_conflict_names_the_last_event_of_its_subject(log: Log) -> None:
    await log.append("articles", [draft("a"), draft("a", "two", 1), draft("b")])
    (two,) = [e for e in await log.follow("articles", ORIGIN, count=9) if e.event_id == "a/two"]
    for expected in (0, 1, 3):
        (outcome,) = await log.append("articles", [draft("a", "three", expected)])
        assert outcome == Conflict(2, 2, two.position)

    assert (await log.head("articles")).seq == 3


async def test_a_version_of_an_unknown_subject_is_a_conflict_with_version_0(log: Log) -> None:
    (outcome,) = await log.append("articles", [draft("a", "one", 1)])

    assert outcome == Conflict(0, 0, Position("0-0"))
    assert await log.head("articles") == Head(0, None)


async def test_a_late_retry_is_a_conflict(log: Log) -> None:
    await log.append("articles", [draft("a")])
    await log.append("articles", [draft("a", "two", 1)])
    (late,) = await log.append("articles", [draft("a")])

    assert isinstance(late, Conflict)
    assert (late.version, late.seq) == (2, 2)


async def test_the_outcomes_of_a_batch_are_in_its_order(log: Log) -> None:
    await log.append("articles", [draft("a"), draft("b")])
    outcomes = await log.append(
        "articles", [draft("c"), draft("b"), draft("a", "two"), draft("b", "two", 1), draft("d")]
    )

    assert [type(outcome) for outcome in outcomes] == [
        Appended, Unchanged, Conflict, Appended, Appended,
    ]  # fmt: skip
    assert [outcome.seq for outcome in outcomes] == [3, 2, 1, 4, 5]
    assert [outcome.version for outcome in outcomes] == [1, 1, 1, 2, 1]


async def test_the_same_subject_twice_in_a_batch_sees_its_own_first_event(log: Log) -> None:
    outcomes = await log.append(
        "articles", [draft("a"), draft("a"), draft("a", "two"), draft("a", "two", 1)]
    )

    assert [type(outcome) for outcome in outcomes] == [Appended, Unchanged, Conflict, Appended]
    assert [outcome.version for outcome in outcomes] == [1, 1, 1, 2]
    assert (await log.head("articles")).seq == 2


async def test_more_drafts_than_one_call_takes_are_split(log: Log) -> None:
    outcomes = await log.append("articles", [draft(f"s{n}") for n in range(1001)])

    assert len(outcomes) == 1001
    assert [outcome.seq for outcome in outcomes] == list(range(1, 1002))
    assert (await log.head("articles")).seq == 1001


async def test_more_bytes_than_one_call_takes_are_split(log: Log) -> None:
    outcomes = await log.append("articles", [draft(f"s{n}", size=900_000) for n in range(5)])

    assert [outcome.seq for outcome in outcomes] == [1, 2, 3, 4, 5]


async def test_of_a_call_with_an_event_too_large_nothing_is_written(log: Log) -> None:
    with pytest.raises(Rejected, match="an event has at most 1000000 bytes, this one has 1000011"):
        await log.append("articles", [draft("a"), draft("b", size=1_000_000), draft("c")])

    assert await log.head("articles") == Head(0, None)
    (outcome,) = await log.append("articles", [draft("a")])
    assert isinstance(outcome, Appended)


async def test_an_empty_batch_has_no_outcomes_and_writes_nothing(log: Log) -> None:
    assert await log.append("articles", []) == []
    assert await log.head("articles") == Head(0, None)


# --- follow -------------------------------------------------------------------------------------


async def test_follow_goes_on_after_a_checkpoint_in_order(log: Log) -> None:
    checkpoints = await filled(log, 5)

    assert ids(await log.follow("articles", checkpoints[1], count=10)) == [
        "s3/one", "s4/one", "s5/one",
    ]  # fmt: skip
    assert ids(await log.follow("articles", checkpoints[1], count=2)) == ["s3/one", "s4/one"]
    assert await log.follow("articles", checkpoints[4], count=10) == []


async def test_an_empty_stream_gives_nothing_to_follow(log: Log) -> None:
    assert await log.follow("articles", ORIGIN, count=10) == []


async def test_follow_gives_nothing_after_its_block(log: Log) -> None:
    checkpoints = await filled(log, 1)

    assert await log.follow("articles", checkpoints[0], count=10, block_ms=20) == []


async def test_follow_waits_for_an_event(log: Log) -> None:
    checkpoints = await filled(log, 1)
    waiting = asyncio.create_task(log.follow("articles", checkpoints[0], count=10, block_ms=5_000))
    await asyncio.sleep(0)
    await log.append("articles", [draft("late")])

    assert ids(await asyncio.wait_for(waiting, 4)) == ["late/one"]


async def test_follow_waits_for_the_output_of_a_commit(log: Log) -> None:
    waiting = asyncio.create_task(log.follow("wire", ORIGIN, count=10, block_ms=5_000))
    await asyncio.sleep(0)
    await log.commit("c", [Move("articles", ORIGIN, Checkpoint(NOWHERE, 1, "x"))], [output("o")])

    assert ids(await asyncio.wait_for(waiting, 4)) == ["o"]


# --- commit -------------------------------------------------------------------------------------


async def test_a_commit_writes_outputs_and_moves_the_checkpoint(log: Log) -> None:
    checkpoints = await filled(log, 2)
    outcome = await log.commit(
        "c", [Move("articles", ORIGIN, checkpoints[1])], [output("o1"), output("o2", 2)]
    )
    entries = await log.follow("wire", ORIGIN, count=10)

    assert outcome == Committed(((1, entries[0].position), (2, entries[1].position)))
    assert (ids(entries), seqs(entries), versions(entries)) == (["o1", "o2"], [1, 2], [1, 2])
    assert await log.checkpoint("c", "articles") == checkpoints[1]


async def test_an_overtaken_commit_writes_nothing(log: Log) -> None:
    checkpoints = await filled(log, 3)
    await log.commit("c", [Move("articles", ORIGIN, checkpoints[1])], [output("o1")])
    before = [await log.head(stream) for stream in ("wire", "deadletters", "articles")]

    for stale in (ORIGIN, checkpoints[0], checkpoints[2]):
        outcome = await log.commit(
            "c",
            [Move("articles", stale, checkpoints[2])],
            [output("o2"), output("o3", stream="deadletters")],
        )
        assert outcome == Overtaken("articles", checkpoints[1])

    assert [await log.head(stream) for stream in ("wire", "deadletters", "articles")] == before
    assert await log.checkpoint("c", "articles") == checkpoints[1]


async def test_one_overtaken_move_stops_the_others(log: Log) -> None:
    checkpoints = await filled(log, 2)
    await log.commit("c", [Move("rates", ORIGIN, checkpoints[0])], [])
    moves = [Move("articles", ORIGIN, checkpoints[0]), Move("rates", ORIGIN, checkpoints[1])]

    assert await log.commit("c", moves, [output("o")]) == Overtaken("rates", checkpoints[0])
    assert await log.checkpoint("c", "articles") == ORIGIN
    assert await log.head("wire") == Head(0, None)


async def test_a_commit_writes_to_two_streams_in_order(log: Log) -> None:
    checkpoints = await filled(log, 1)
    outputs = [output("w1"), output("d1", stream="deadletters"), output("w2")]
    outcome = await log.commit("c", [Move("articles", ORIGIN, checkpoints[0])], outputs)
    wire = await log.follow("wire", ORIGIN, count=10)
    parked = await log.follow("deadletters", ORIGIN, count=10)

    assert (ids(wire), ids(parked)) == (["w1", "w2"], ["d1"])
    assert outcome == Committed(
        ((1, wire[0].position), (1, parked[0].position), (2, wire[1].position))
    )


async def test_a_commit_without_output_moves_the_checkpoint(log: Log) -> None:
    checkpoints = await filled(log, 2)

    assert await log.commit("c", [Move("articles", ORIGIN, checkpoints[0])], []) == Committed(())
    assert await log.commit(
        "c", [Move("articles", checkpoints[0], checkpoints[1])], []
    ) == Committed(())
    assert await log.checkpoint("c", "articles") == checkpoints[1]


async def test_consumers_do_not_share_checkpoints(log: Log) -> None:
    checkpoints = await filled(log, 1)
    await log.commit("c", [Move("articles", ORIGIN, checkpoints[0])], [])

    assert await log.checkpoint("d", "articles") == ORIGIN
    assert await log.checkpoint("c", "rates") == ORIGIN


@pytest.mark.parametrize(
    "outputs",
    [
        [output(f"o{n}") for n in range(501)],
        [output(f"o{n}", size=700_000) for n in range(3)],
        [output("o1"), output("o2", size=1_000_000)],
    ],
    ids=["501 events", "2.1 MB", "one event of 1 MB"],
)
async def test_a_commit_over_its_limits_is_rejected_whole(log: Log, outputs: list) -> None:
    checkpoints = await filled(log, 1)

    with pytest.raises(Rejected, match="at most"):
        await log.commit("c", [Move("articles", ORIGIN, checkpoints[0])], outputs)
    assert await log.head("wire") == Head(0, None)
    assert await log.checkpoint("c", "articles") == ORIGIN


# --- the other reads ----------------------------------------------------------------------------


async def test_before_gives_the_newest_first(log: Log) -> None:
    checkpoints = await filled(log, 5)

    assert seqs(await log.before("articles", None, count=2)) == [5, 4]
    assert seqs(await log.before("articles", checkpoints[3].position, count=2)) == [3, 2]
    assert seqs(await log.before("articles", checkpoints[0].position, count=2)) == []
    assert await log.before("rates", None, count=2) == []


async def test_an_entry_is_found_by_its_position(log: Log) -> None:
    checkpoints = await filled(log, 3)
    found = await log.entry("articles", checkpoints[1].position)

    assert found is not None
    assert found.checkpoint() == checkpoints[1]
    assert found.fields == {b"seq": b"2", b"version": b"1", b"id": b"s2/one", b"data": b""}


async def test_there_is_no_entry_at_an_unknown_position(log: Log) -> None:
    assert await log.entry("articles", NOWHERE) is None
    await filled(log, 3)
    assert await log.entry("articles", NOWHERE) is None


async def test_the_head_is_the_last_entry_and_the_number_of_events(log: Log) -> None:
    assert await log.head("articles") == Head(0, None)
    checkpoints = await filled(log, 3)
    head = await log.head("articles")

    assert head.seq == 3
    assert head.last is not None
    assert head.last.checkpoint() == checkpoints[2]
