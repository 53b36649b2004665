"""``newswire status``: addresses, services, streams, and how far each consumer is behind."""

from __future__ import annotations

import asyncio
import os
import sys
from contextlib import closing
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Final

import orjson
from rich.console import Console
from rich.table import Table

from services.cli import stack
from services.cli.parked import ANSWER_S_MAX, letters_on
from services.cli.reach import log_of
from services.cli.stack import Places
from shared import clock, health, settings, views
from shared.errors import NewswireError, Unavailable, ViewsDamaged
from shared.lag import (
    COMMITTING,
    STREAMS,
    ConsumerState,
    StreamState,
    consumer_state,
    stream_state,
)
from shared.log import Log
from shared.streams import ORIGIN, PROJECTION, Checkpoint

SERVICES: Final = ("ingest", "enrichment", "projection", "api")


@dataclass(frozen=True, slots=True)
class ServiceState:
    """A service as it reports itself."""

    service: str
    ready: bool
    detail: str


@dataclass(frozen=True, slots=True)
class Status:
    """A desk at one moment."""

    api_url: str | None
    push_url: str | None
    redis_url: str
    fault: str | None
    """Why the log could not be read, then without streams and consumers; None: it was."""
    services: tuple[ServiceState, ...]
    streams: tuple[StreamState, ...]
    consumers: tuple[ConsumerState, ...]


@dataclass(frozen=True, slots=True)
class _OnLog:
    """What the log says at one moment, or why it does not."""

    streams: tuple[StreamState, ...] = ()
    consumers: tuple[ConsumerState, ...] = ()
    fault: str | None = None


def status(data: Path, *, as_json: bool) -> int:
    """Print the state of the running stack; exit code 1: something is not as it should be.

    Raises:
        NoStack: none runs, and no Redis was named.
        Rejected: a setting is not of its kind.
    """
    found = stack.find(data, os.environ)
    desk = settings.read(os.environ).desk
    log = log_of(found.redis_url, desk, ANSWER_S_MAX)
    state = asyncio.run(_look(stack.places(data), found, log))
    if as_json:
        sys.stdout.write(orjson.dumps(asdict(state), option=orjson.OPT_INDENT_2).decode() + "\n")
    else:
        _print(state, Console(markup=False, highlight=False))
    return 0 if _is_well(state) else 1


def _is_well(state: Status) -> bool:
    faults = any(consumer.fault or consumer.parked for consumer in state.consumers)
    return not faults and not state.fault and all(service.ready for service in state.services)


async def _look(places: Places, found: stack.Stack, log: Log) -> Status:
    now = clock.now()
    try:
        told = await _ask(log, places, now)
    except NewswireError as error:
        told = _OnLog(fault=str(error))
    finally:
        await log.close()
    return Status(
        api_url=found.api_url,
        push_url=found.push_url,
        redis_url=settings.without_password(found.redis_url),
        fault=told.fault,
        services=tuple(_service(places, name, now) for name in SERVICES),
        streams=told.streams,
        consumers=told.consumers,
    )


async def _ask(log: Log, places: Places, now: datetime) -> _OnLog:
    streams = [await stream_state(log, stream) for stream in STREAMS]
    dead_letters = {name: len(open_.all()) for name, open_ in (await letters_on(log)).items()}
    consumers = [
        await consumer_state(log, name, stream, await log.checkpoint(name, stream), now)
        for name, stream in COMMITTING
    ]
    at, parked, fault = _projection(places.views)
    projection = await consumer_state(log, PROJECTION, "wire", at, now)
    consumers.append(replace(projection, fault=fault or projection.fault))
    parked_by = {**dead_letters, PROJECTION: parked}
    return _OnLog(
        tuple(streams), tuple(replace(each, parked=parked_by[each.consumer]) for each in consumers)
    )


def _projection(views_dir: Path) -> tuple[Checkpoint, int, str | None]:
    """Where the live views stand, how many events they have set aside, and why it is not known."""
    try:
        with closing(views.open_reader(views.live_file(views_dir))) as connection:
            parked = connection.execute("SELECT count(*) FROM parked").fetchone()[0]
            return views.checkpoint(connection, "wire"), parked, None
    except Unavailable:
        return ORIGIN, 0, None  # no projection has run here: it is behind with everything
    except ViewsDamaged as error:
        return ORIGIN, 0, str(error)
    except views.FileError as error:
        return ORIGIN, 0, f"the views cannot be read: {error}"


def _service(places: Places, name: str, now: datetime) -> ServiceState:
    report = health.read(places.health_of(name))
    wrong = health.problem(report, now)
    return ServiceState(name, wrong is None, wrong or (report.detail if report else ""))


def _print(state: Status, console: Console) -> None:
    console.print(f"front page  {state.api_url or 'not known here'}")
    console.print(f"push door   {state.push_url or 'not known here'}")
    console.print(f"redis       {state.redis_url}")
    if state.fault:
        console.print(f"fault       {state.fault}", soft_wrap=True)
    services = Table("service", "", "detail", box=None)
    for service in state.services:
        services.add_row(service.service, "ready" if service.ready else "NOT READY", service.detail)
    console.print()
    console.print(services)
    if state.fault:
        return
    streams = Table("stream", "head", "position", "recorded at", box=None)
    for stream in state.streams:
        cells = (stream.position or "", stream.recorded_at or "")
        streams.add_row(stream.stream, str(stream.seq), *cells)
    consumers = Table("consumer", "at", "lag", "behind", "parked", "fault", box=None)
    for each in state.consumers:
        consumers.add_row(
            each.consumer, f"{each.seq} ({each.position})", f"{each.lag_events} events",
            f"{each.lag_s:.1f} s", str(each.parked), each.fault or "",
        )  # fmt: skip
    for table in (streams, consumers):
        console.print()
        console.print(table)
