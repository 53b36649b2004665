"""A log that lost something is never followed as if it had not: memory, Redis and Valkey alike."""

from __future__ import annotations

import pytest

from shared.errors import LogDiverged, PositionVanished, SequenceGap
from shared.log import Head, Log
from shared.streams import ORIGIN
from tests.contract.conftest import MemoryDisasters, RedisDisasters
from tests.drafts import filled, ids

Disasters = MemoryDisasters | RedisDisasters


async def test_an_event_missing_ahead_is_a_sequence_gap(log: Log, disasters: Disasters) -> None:
    checkpoints = await filled(log, 4)
    await disasters.drop("articles", 3)

    with pytest.raises(SequenceGap, match=r"expected seq 3 after .*, found 4 at "):
        await log.follow("articles", checkpoints[1], count=10)


async def test_a_log_that_does_not_begin_at_1_is_a_sequence_gap(
    log: Log, disasters: Disasters
) -> None:
    await filled(log, 3)
    await disasters.drop("articles", 1)

    with pytest.raises(SequenceGap, match="expected seq 1 after 0-0, found 2 at "):
        await log.follow("articles", ORIGIN, count=10)


async def test_a_position_trimmed_away_has_vanished(log: Log, disasters: Disasters) -> None:
    checkpoints = await filled(log, 4)
    await disasters.trim("articles", 3)

    with pytest.raises(PositionVanished, match=r"with seq 2 at .* begins at seq 3: it was trimmed"):
        await log.follow("articles", checkpoints[1], count=10)


async def test_a_trimmed_log_is_followed_where_it_still_reaches(
    log: Log, disasters: Disasters
) -> None:
    checkpoints = await filled(log, 4)
    await disasters.trim("articles", 3)

    assert ids(await log.follow("articles", checkpoints[2], count=10)) == ["s4/one"]


async def test_another_event_at_the_checkpoint_is_another_log(
    log: Log, disasters: Disasters
) -> None:
    checkpoints = await filled(log, 4)
    await disasters.forge("articles", 2, "other")

    with pytest.raises(LogDiverged, match=r"expected event s2/one .* found other with seq 2"):
        await log.follow("articles", checkpoints[1], count=10)


async def test_a_log_that_ends_before_the_checkpoint_is_another_log(
    log: Log, disasters: Disasters
) -> None:
    checkpoints = await filled(log, 4)
    await disasters.truncate("articles", 2)

    with pytest.raises(LogDiverged, match=r"expected event s4/one .* restored to an earlier state"):
        await log.follow("articles", checkpoints[3], count=10)


async def test_an_emptied_log_is_another_log(log: Log, disasters: Disasters) -> None:
    checkpoints = await filled(log, 2)
    await disasters.truncate("articles", 0)

    with pytest.raises(LogDiverged):
        await log.follow("articles", checkpoints[0], count=10)
    assert await log.head("articles") == Head(0, None)
