"""Parts that run beside each other: the first that ends ends the others, and its error is told."""

from __future__ import annotations

import asyncio

import pytest

from services.ingest.ending import together

NEVER_S = 30.0
"""No test waits so long."""


class Part:
    """Runs until it is cancelled; says what became of it."""

    def __init__(self) -> None:
        self.said = ""

    async def run(self) -> None:
        """Until cancelled."""
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            self.said = "cancelled"
            raise


async def done() -> None:
    """Ends at once."""


async def fails(error: Exception) -> None:
    """Fails at once."""
    raise error


async def until(event: asyncio.Event, error: Exception | None = None) -> None:
    """Ends when it is told to; with an error, if there is one."""
    await event.wait()
    if error:
        raise error


async def test_the_first_that_ends_ends_the_others() -> None:
    part = Part()

    await together(part.run(), done())

    assert part.said == "cancelled"


async def test_the_error_of_the_first_that_fails_is_told() -> None:
    part = Part()

    with pytest.raises(ZeroDivisionError, match="a bug"):
        await together(part.run(), fails(ZeroDivisionError("a bug")))
    assert part.said == "cancelled"


async def test_who_is_told_to_stop_may_end_by_itself() -> None:
    stopping, ended = asyncio.Event(), asyncio.Event()

    async def part() -> None:
        await until(stopping)
        ended.set()

    async with asyncio.timeout(NEVER_S):
        await together(part(), done(), stopping=stopping, grace_s=2 * NEVER_S)

    assert stopping.is_set()
    assert ended.is_set()


async def test_who_does_not_end_in_time_is_cancelled() -> None:
    stopping, part = asyncio.Event(), Part()
    stopping.set()

    async with asyncio.timeout(NEVER_S):
        await together(part.run(), until(stopping), stopping=stopping, grace_s=0.01)

    assert part.said == "cancelled"


async def test_what_fails_while_it_ends_does_not_hide_what_failed_first() -> None:
    stopping = asyncio.Event()

    with pytest.raises(ZeroDivisionError, match="the cause"):
        await together(
            until(stopping, OSError("what follows from it")),
            fails(ZeroDivisionError("the cause")),
            stopping=stopping,
            grace_s=NEVER_S,
        )


async def test_what_fails_while_it_ends_is_told_where_nothing_failed_before() -> None:
    stopping = asyncio.Event()
    stopping.set()

    with pytest.raises(OSError, match="no room"):
        await together(until(stopping, OSError("no room")), stopping=stopping, grace_s=NEVER_S)


async def test_all_end_with_whoever_waits_for_them() -> None:
    part, stopping = Part(), asyncio.Event()
    waiting = asyncio.create_task(together(part.run(), stopping=stopping))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    waiting.cancel()

    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert part.said == "cancelled"
