"""A deadline holds, whatever the work makes of it."""

from __future__ import annotations

import asyncio
import gc

import pytest

from services.ingest.fetch.deadline import Deadlines


async def test_work_that_is_done_in_time_gives_its_value() -> None:
    async def work() -> str:
        return "done"

    assert await Deadlines().within(5.0, work()) == "done"


async def test_an_error_of_the_work_is_its_own() -> None:
    async def work() -> None:
        raise ValueError("its own")

    with pytest.raises(ValueError, match="its own"):
        await Deadlines().within(5.0, work())


async def test_work_that_swallows_its_cancellation_holds_nobody_up() -> None:
    is_over = asyncio.Event()
    swallowed = 0

    async def work() -> None:
        nonlocal swallowed
        while not is_over.is_set():
            try:
                await is_over.wait()
            except asyncio.CancelledError:
                swallowed += 1

    deadlines = Deadlines()
    with pytest.raises(TimeoutError):
        await deadlines.within(0.01, work())
    assert len(deadlines._strays) == 1
    await deadlines.aclose()
    assert swallowed == 2
    is_over.set()
    await asyncio.wait(deadlines._strays)

    assert not deadlines._strays


async def test_whoever_is_called_off_calls_the_work_off() -> None:
    was_called_off = asyncio.Event()
    has_begun = asyncio.Event()

    async def work() -> None:
        has_begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            was_called_off.set()

    waiting = asyncio.create_task(Deadlines().within(60.0, work()))
    await has_begun.wait()
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting

    assert was_called_off.is_set()


async def test_work_that_fails_as_its_caller_is_called_off_leaves_no_complaint(
    caplog: pytest.LogCaptureFixture,
) -> None:
    has_begun = asyncio.Event()
    fails = asyncio.Event()

    async def work() -> None:
        has_begun.set()
        await fails.wait()
        raise ValueError("nobody waits for this")

    waiting = asyncio.create_task(Deadlines().within(60.0, work()))
    await has_begun.wait()
    fails.set()
    await asyncio.sleep(0)  # the work ends, and its caller is called off before it can look
    waiting.cancel()
    await asyncio.wait({waiting})
    assert waiting.cancelled()
    del waiting
    gc.collect()  # a task complains when nothing holds it any more

    assert caplog.records == []
