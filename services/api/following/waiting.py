"""Long poll: an answer that is held back until something has changed.

Nothing of the views is held meanwhile, and nobody looks at them: the follower of the wire, which
the live stream has anyway, says when they show more.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Final

import orjson
from starlette.requests import Request
from starlette.responses import Response

from services.api import answers, cursors, problems
from services.api.cursors import Since
from services.api.live import Live
from shared import web

LOOK_AGAIN_S: Final = 0.5
"""Between two looks for one client: what its filter leaves out wakes it too."""


async def answer(
    request: Request, live: Live, wait_s: int, since: Since, read: Callable[[Since], Response]
) -> Response:
    """What is read after a cursor, at once or as soon as it says something; in the end in any case.

    Where it said nothing, it is read on from there: many who wait far back with filters that leave
    everything out would read the same again at every event. A HEAD does not wait, nor does what is
    a problem.
    """
    moved = live.moved
    found = _kept_by_nobody(read(since))
    if not wait_s or request.scope.get("is_head") or not answers.says_nothing(found):
        return found
    if not live.waiters.enter():
        return web.answer(problems.too_many_waiting(live.waiters.count_max))
    gone = asyncio.create_task(_gone(request))
    try:
        async with asyncio.timeout(wait_s):
            while answers.says_nothing(found) and await _first(live, moved, gone):
                moved, since = live.moved, _reached(found)
                found = _kept_by_nobody(read(since))
                await asyncio.wait({gone}, timeout=LOOK_AGAIN_S * answers.says_nothing(found))
    except TimeoutError:
        if answers.says_nothing(found):  # of what was taken up late the follower learns in seconds
            found = _kept_by_nobody(read(_reached(found)))
    finally:
        live.waiters.leave()
        gone.cancel()
    return found


async def _first(live: Live, moved: asyncio.Event, gone: asyncio.Task[None]) -> bool:
    """Wait; whether the views show more, rather than that nobody wants to know any more."""
    waits = {asyncio.create_task(one.wait()) for one in (moved, live.waiters.ended)}
    try:
        await asyncio.wait({*waits, gone}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for one in waits:
            one.cancel()
    return not (gone.done() or live.waiters.ended.is_set())


async def _gone(request: Request) -> None:
    """Until the client goes away."""
    while (await request.receive())["type"] != "http.disconnect":
        pass


def _reached(found: Response) -> Since:
    """Where an answer that says nothing leads on."""
    return cursors.read_since(orjson.loads(found.body)["cursor"])


def _kept_by_nobody(found: Response) -> Response:
    """What was waited for is nobody's answer to the same question later."""
    found.headers["Cache-Control"] = "no-store"
    return found
