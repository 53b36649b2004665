"""The service: sources are read, the inbox is watched, the push door answers; in one process."""

from __future__ import annotations

import asyncio
import os
from typing import Final

from structlog.stdlib import BoundLogger

from services.ingest.decisions import Decisions
from services.ingest.ending import together
from services.ingest.fence import PARSERS, Fence
from services.ingest.inbox import Inbox, watch
from services.ingest.publish import Publisher
from services.ingest.push import keyring
from services.ingest.push.app import build
from services.ingest.push.limits import Limits
from services.ingest.push.replays import Replays
from services.ingest.push.requests import Desk
from services.ingest.push.server import listening, serve
from services.ingest.sourcing import Reading
from shared import clock, health
from shared.errors import Unavailable, UnsafeLog
from shared.instants import rfc3339
from shared.keys import KeyStore
from shared.redis_log import RedisLog
from shared.redis_state import RedisTable
from shared.settings import Settings
from shared.state import KEYS

STOP_S_MAX: Final = 1.6
"""What is under way may take so long when asked to stop; then it is cancelled."""
_RETRY_S: Final = 0.5


async def run(chosen: Settings, logger: BoundLogger, stopping: asyncio.Event) -> int:
    """Watch and answer until told to stop; the exit code.

    Raises:
        PortTaken: the push door cannot listen; nothing was started.
    """
    door = listening(chosen.push_host, chosen.push_port)
    log = RedisLog(chosen.redis_url, chosen.desk)
    keys = RedisTable(KEYS, chosen.redis_url, chosen.desk)
    # A desk that only takes pushes needs no processes that parse: they start when they are needed.
    fence = Fence(PARSERS, logger=logger, ready=0)
    inbox = Inbox(chosen.inbox_dir, Publisher(log, clock.now), logger, fence.parse)
    try:
        async with fence, Reading(chosen, log, fence, logger) as reading:
            desk = _desk(chosen, log, keys, logger, stopping)
            await together(
                _watch(chosen, log, keys, inbox, stopping),
                serve(build(desk, *reading.routers(desk)), door, stopping),
                reading.run(stopping.is_set),
                stopping=stopping,
                grace_s=STOP_S_MAX,
            )
    except UnsafeLog as error:
        logger.error("stopped", error=str(error))  # noqa: TRY400  # the sentence is all there is
        return 1
    finally:
        door.close()
        await log.close()
        await keys.close()
    return 0


def _desk(
    chosen: Settings, log: RedisLog, keys: KeyStore, logger: BoundLogger, stopping: asyncio.Event
) -> Desk:
    return Desk(
        publisher=Publisher(log, clock.now),
        decisions=Decisions(log, clock.now),
        keys=keys,
        now=clock.now,
        logger=logger,
        replays=Replays(clock.now()),
        limits=Limits(chosen.push_requests_per_minute, chosen.push_items_per_minute),
        # Asked at each request: what comes back after an outage may be another Redis.
        check_safe=lambda: log.check_durability(chosen.durability),
        is_stopping=stopping.is_set,
    )


async def _watch(
    chosen: Settings, log: RedisLog, keys: KeyStore, inbox: Inbox, stopping: asyncio.Event
) -> None:
    """Keep the operator's key, then watch the inbox: who is told that we are ready may decide."""
    if chosen.admin_key is not None:
        await _keep_admin_key(chosen, chosen.admin_key, keys, inbox.logger, stopping)
    await watch(inbox, log, chosen, stopping.is_set)


async def _keep_admin_key(
    chosen: Settings, text: str, keys: KeyStore, logger: BoundLogger, stopping: asyncio.Event
) -> None:
    while not stopping.is_set():
        try:
            outcome = await keyring.register_admin(keys, text, clock.now())
        except Unavailable as error:
            report = health.Report("ingest", os.getpid(), False, rfc3339(clock.now()), str(error))
            health.write(chosen.run_dir, report)
            await _pause(stopping)
        else:
            if outcome == "revoked":
                logger.warning("admin_key_revoked", setting="NEWSWIRE_ADMIN_KEY")
            return


async def _pause(stopping: asyncio.Event) -> None:
    try:
        async with asyncio.timeout(_RETRY_S):
            await stopping.wait()
    except TimeoutError:
        pass  # nobody asked to stop
