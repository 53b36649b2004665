"""The service: sources are read, the inbox is watched, the push door answers; in one process."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from dataclasses import replace
from typing import Any, Final

from structlog.stdlib import BoundLogger

from services.ingest.announcing import Announcing
from services.ingest.decisions import Decisions
from services.ingest.ending import ended, together
from services.ingest.fence import PARSERS, Fence
from services.ingest.inbox import Inbox, watch
from services.ingest.publish import Publisher
from services.ingest.push import keyring
from services.ingest.push.app import build
from services.ingest.push.limits import Limits
from services.ingest.push.operating import Board, router
from services.ingest.push.replays import Replays
from services.ingest.push.requests import Desk
from services.ingest.push.server import listening, serve
from services.ingest.rejects import Rejects
from services.ingest.sourcing import Reading
from services.ingest.websub.announcer import Announcer
from services.ingest.websub.words import Poster
from shared import clock
from shared.errors import Unavailable, UnsafeLog
from shared.keys import KeyStore
from shared.redis_log import RedisLog
from shared.redis_state import RedisTable
from shared.reporting import Reporter
from shared.settings import Settings
from shared.state import KEYS, REJECTS

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
    reporter = Reporter("ingest", chosen)
    told = RedisTable(REJECTS, chosen.redis_url, chosen.desk)
    rejects = Rejects(reporter.counts)
    publisher = Publisher(log, clock.now)
    inbox = Inbox(chosen.inbox_dir, publisher, logger, fence.parse, rejects=rejects)
    try:
        async with fence, Reading(chosen, log, fence, logger, rejects) as reading:
            desk = replace(_desk(chosen, log, keys, logger, stopping), rejects=rejects)
            board = router(desk, Board(log, told))
            await together(
                _watch(chosen, log, desk, inbox, reporter),
                _until(stopping, reporter.keep(logger), rejects.keep(told, logger)),
                serve(build(desk, board, *reading.routers(desk)), door, stopping),
                reading.run(stopping.is_set),
                _until(stopping, *_announcing(chosen, reading.poster, reporter, logger)),
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
        await told.close()
        await reporter.close()
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


def _announcing(
    chosen: Settings, poster: Poster, reporter: Reporter, logger: BoundLogger
) -> list[Coroutine[Any, Any, None]]:
    """What tells the hub of our feeds; nothing where there is none."""
    if chosen.websub_hub is None or chosen.url is None:
        return []
    announcer = Announcer(
        chosen.websub_hub, chosen.url, poster, clock.monotonic_s, logger, reporter.counts
    )
    return [_announce(chosen, announcer, reporter, logger)]


async def _announce(
    chosen: Settings, announcer: Announcer, reporter: Reporter, logger: BoundLogger
) -> None:
    # Of its own: it is cancelled in the middle of a read.
    log = RedisLog(chosen.redis_url, chosen.desk)
    try:
        await Announcing(log, announcer, reporter.note, logger).run()
    finally:
        await log.close()


async def _until(stopping: asyncio.Event, *endless: Coroutine[Any, Any, None]) -> None:
    """Run what has no end of its own until told to stop."""
    works = [asyncio.create_task(one) for one in endless]
    try:
        await stopping.wait()
    finally:
        await ended(works)


async def _watch(
    chosen: Settings, log: RedisLog, desk: Desk, inbox: Inbox, reporter: Reporter
) -> None:
    """Keep the operator's key, then watch the inbox: who is told that we are ready may decide."""
    if chosen.admin_key is not None:
        await _keep_admin_key(chosen.admin_key, desk, reporter)
    await watch(inbox, log, chosen, desk.is_stopping, reporter)


async def _keep_admin_key(text: str, desk: Desk, reporter: Reporter) -> None:
    while not desk.is_stopping():
        try:
            outcome = await keyring.register_admin(desk.keys, text, clock.now())
        except Unavailable as error:
            reporter.say(is_ready=False, detail=str(error))
            await asyncio.sleep(_RETRY_S)
        else:
            if outcome == "revoked":
                desk.logger.warning("admin_key_revoked", setting="NEWSWIRE_ADMIN_KEY")
            return
