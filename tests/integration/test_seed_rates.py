"""The rates of the seed are believed."""

from __future__ import annotations

from pathlib import Path

import seed
from shared.events import QuoteEvent, RateDisputed
from shared.testing.memory_log import MemoryLog
from tests.integration.test_replay import replayed
from tests.wire_builders import Clock, drive, rate_desk, wire


async def test_no_rate_of_the_seed_is_doubted() -> None:
    log = MemoryLog()
    await replayed(Path(seed.__path__[0]), log)
    await drive(rate_desk(log, Clock()), log)

    said = [one.event for one in await wire(log)]
    assert len(said) == 19
    assert all(isinstance(one, QuoteEvent) for one in said)
    assert not [one for one in said if isinstance(one, RateDisputed)]
