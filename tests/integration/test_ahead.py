"""Documents of the inbox and of replays are parsed behind the fence, published in their order."""

from __future__ import annotations

import asyncio
import io
import os
from contextlib import aclosing
from pathlib import Path
from typing import Final

import structlog
from rich.console import Console
from structlog.testing import CapturingLogger

from services.ingest.ahead import AHEAD_MAX, in_turn, unfenced
from services.ingest.fence import Fence
from services.ingest.inbox import Inbox
from services.ingest.parse.document import Arrival, Parsed
from services.ingest.replay import records, replay
from shared.testing.memory_log import MemoryLog
from tests.builders import at, contents, history, publisher

HOSTILE: Final = ("-m", "tests.fenced_parsers")
LOGGER: Final = structlog.wrap_logger(
    CapturingLogger(), processors=[], wrapper_class=structlog.stdlib.BoundLogger
)


def feed(number: int) -> bytes:
    return (
        f'<rss version="2.0"><channel><item><title>Ferry {number} returns</title>'
        f"<description>It had been in dock {number}.</description></item></channel></rss>"
    ).encode()


def put(folder: Path, name: str, data: bytes, minute: int = 0) -> None:
    """A document that was seen in some minute after two."""
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(data)
    os.utime(file, (at(2, minute).timestamp(),) * 2)


async def test_a_hostile_document_in_the_inbox_is_a_problem_of_its_source_and_nothing_else(
    tmp_path: Path,
) -> None:
    log = MemoryLog()
    for number, data in enumerate([feed(0), b"crash", feed(1), b"exit", feed(2)]):
        put(tmp_path, f"courier-{number}/document.xml", data, number)

    async with Fence(2, logger=LOGGER, program=HOSTILE, ready=0) as fence:
        inbox = Inbox(tmp_path, publisher(log), LOGGER, fence.parse)
        looked = [await inbox.look(at(9)) for _ in range(2)]

    assert looked == [5, 0]
    assert inbox.problems == {"parser-stopped": 2}
    assert await history(log) == [
        ("Ferry 0 returns", 1, "received"),
        ("Ferry 1 returns", 1, "received"),
        ("Ferry 2 returns", 1, "received"),
    ]


async def test_a_replay_of_which_the_first_document_is_read_last_keeps_the_order(
    tmp_path: Path,
) -> None:
    for number in range(6):
        put(tmp_path, f"courier-{number}.xml", feed(number), number)
    found = records(tmp_path, "courier")
    assert isinstance(found, list)
    one_by_one, ahead = MemoryLog(), MemoryLog()
    begun: list[int] = []
    others = asyncio.Event()

    async def slow(data: bytes, arrival: Arrival) -> Parsed:
        begun.append(len(begun))
        if len(begun) == 1 + AHEAD_MAX:
            others.set()
        elif len(begun) == 1:
            await others.wait()
        return await unfenced(data, arrival)

    await replay(found, publisher(one_by_one), Console(file=io.StringIO()))
    await replay(found, publisher(ahead), Console(file=io.StringIO()), parse=slow)

    assert await history(ahead) == [(f"Ferry {n} returns", 1, "received") for n in range(6)]
    assert await contents(ahead) == await contents(one_by_one)


async def test_what_was_begun_before_its_turn_does_not_go_on_after_the_end() -> None:
    begun: list[int] = []
    ended: list[int] = []

    async def begin(number: int) -> int:
        begun.append(number)
        try:
            await asyncio.sleep(0 if number < 2 else 3_600)
        except asyncio.CancelledError:
            ended.append(number)
            raise
        return number

    async with aclosing(in_turn(range(100), begin)) as turns:
        async for _, result in turns:
            if await result == 1:
                break

    assert begun == [0, 1, 2]
    assert ended == [2]
