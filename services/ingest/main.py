"""Ingest put together: ``run`` serves, ``replay`` publishes a recording, ``keys`` makes keys."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from argparse import Namespace
from io import TextIOWrapper
from pathlib import Path

from rich.console import Console

from services.ingest import managing, report, running
from services.ingest.fence import PARSERS, Fence
from services.ingest.pace import Pace
from services.ingest.parse.document import Problem
from services.ingest.publish import Publisher
from services.ingest.push import keyring
from services.ingest.replay import naming, patiently, records, replay, say, summary
from shared import clock, settings, telemetry
from shared.errors import Rejected, Unavailable, UnsafeLog
from shared.faults import visible
from shared.keys import KeyStore
from shared.redis_log import RedisLog
from shared.redis_state import RedisTable
from shared.state import KEYS


async def run() -> int:
    """Watch the inbox and answer at the push door until SIGTERM or SIGINT; the exit code."""
    chosen = settings.read(os.environ)
    logger = telemetry.start("ingest", chosen.log_level)
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopping.set)
    return await running.run(chosen, logger, stopping)


async def keys(chosen: Namespace) -> int:
    """Make, list or revoke keys of the push door; the exit code."""
    said = settings.read(os.environ)
    store = RedisTable(KEYS, said.redis_url, said.desk)
    try:
        sys.stdout.write(await _keys(chosen, said.admin_key, store) + "\n")
    finally:
        await store.close()
    return 0


async def _keys(chosen: Namespace, admin_key: str | None, store: KeyStore) -> str:
    """What a verb of ``keys`` prints."""
    match chosen.action:
        case "add" if chosen.signing:
            key_id, secret = await keyring.add_signing(
                store, chosen.name, chosen.source, clock.now()
            )
            sys.stderr.write(
                f"Post to /v1/webhooks/{key_id}/articles or /v1/webhooks/{key_id}/rates.\n"
                "Keep the secret: it is not shown again.\n"
            )
            return f"{key_id} {secret}"
        case "rotate":
            text = await keyring.rotate(store, chosen.key_id, clock.now())
            sys.stderr.write(
                "Keep it: it is not shown again. The one before is valid for 24 hours more.\n"
            )
            return text
        case "add":
            text = await keyring.add(
                store, chosen.name, chosen.source, clock.now(), is_admin=chosen.admin
            )
            sys.stderr.write("Keep it: only its hash is kept here, and it is not shown again.\n")
            return text
        case "revoke":
            key = await keyring.revoke(store, chosen.key_id, clock.now())
            return f"revoked: {key.key_id} ({visible(key.name)})"
        case "register-admin":
            if admin_key is None:
                raise Rejected("expected a key in NEWSWIRE_ADMIN_KEY, found none")
            return f"admin key: {await keyring.register_admin(store, admin_key, clock.now())}"
        case _:
            found = await store.all()
            return keyring.as_json(found) if chosen.json else keyring.as_text(found)


async def sources(chosen: Namespace) -> int:
    """Do what was asked about sources; the exit code."""
    return await managing.sources(settings.read(os.environ), chosen)


async def replay_path(path: Path, source: str | None, speed: float | None = None) -> int:
    """Publish a recording; exit code 1: nothing of it could be read, or the log is away.

    ``speed`` is how many times faster than it was recorded; None: as fast as it goes.
    """
    chosen = settings.read(os.environ)
    if isinstance(sys.stdout, TextIOWrapper):  # a terminal without Cyrillic: no reason to end
        sys.stdout.reconfigure(errors="backslashreplace")
    console = Console(stderr=False, soft_wrap=True)
    found = records(path, source)
    if isinstance(found, Problem):
        say(console, report.problem_text(found))
        return 1
    if named := naming(path, found, source):
        say(console, named)
    log = RedisLog(chosen.redis_url, chosen.desk)
    try:
        await patiently(lambda: log.check_durability(chosen.durability))
        async with Fence(PARSERS, logger=telemetry.start("ingest", "error"), ready=0) as fence:
            publisher = Publisher(log, clock.now)
            done = await replay(found, publisher, console, _pace(speed), fence.parse)
    except asyncio.CancelledError:  # Ctrl-C
        say(console, "Stopped. Replay again to go on: what was published stays once.")
        raise
    except (Unavailable, UnsafeLog) as error:
        say(console, str(error))
        say(console, "Replay again: what was published stays once.")
        return 1
    finally:
        await log.close()
    for line in summary(done):
        say(console, line)
    return 1 if done.problems and not done.outcomes else 0


def _pace(speed: float | None) -> Pace | None:
    return Pace(speed, asyncio.sleep, clock.monotonic_s) if speed else None
