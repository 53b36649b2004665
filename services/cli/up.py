"""``newswire up``: an embedded log, four services and the seed, until it is asked to stop."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from services.cli import stack
from services.cli.program import SEED, Program, service_command, service_env, stack_settings
from services.cli.stack import RFC3339, Places, Stack
from services.cli.supervisor import Say, Stage, Supervisor, fate
from shared import clock, embedded, health
from shared.embedded import AlreadyRunning, EmbeddedLog, last_lines, refuse_taken_port, try_lock
from shared.instants import rfc3339

SERVICES = ("ingest", "enrichment", "projection", "api")
READY_S_MAX = 60.0  # all are ready in 1.2 s on two cores; this is for a cold, loaded machine
SERVICE_GRACE_S = 3.0  # with the next one below the promised 5 s
LOG_GRACE_S = 1.2


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the operator asked for."""

    data: Path
    host: str
    port: int
    redis_port: int
    is_seeded: bool


@dataclass(frozen=True, slots=True)
class _Parts:
    """What runs: the log unless somebody else runs one, the services, and the seed's replay."""

    log: EmbeddedLog | None
    services: Sequence[Program]
    seeding: Program

    def stages(self) -> list[Stage]:
        log = [Stage([self.log], LOG_GRACE_S)] if self.log else []
        return [*log, Stage([*self.services, self.seeding], SERVICE_GRACE_S)]


def up(wanted: Wanted, environ: Mapping[str, str], say: Say) -> int:
    """Run the stack until a signal asks it to stop; the exit code, 0 for a stop that was asked for.

    Raises:
        AlreadyRunning: a stack runs on this data directory.
        PortTaken: the port of the api or of the log is in use. Nothing was started.
        Unavailable: the embedded server did not come up.
    """
    where = stack.places(wanted.data)
    where.run.mkdir(parents=True, exist_ok=True)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # until the supervisor takes over
    lock = _lock_or_refuse(where)
    try:
        refuse_taken_port(wanted.host, wanted.port, flag="--port")
        _run(wanted, where, environ, say)
    except KeyboardInterrupt:
        say("stopped")
    finally:
        os.close(lock)
    return 0


def _lock_or_refuse(where: Places) -> int:
    if (lock := try_lock(where.run / "lock")) is not None:
        return lock
    running = stack.read(where)
    who = f" at {running.api_url} (pid {running.pid})" if running else ""
    raise AlreadyRunning(
        f"A stack runs already on {where.data}{who}. Stop it (Ctrl-C where it was started"
        f"{f', or `kill {running.pid}`' if running else ''}), or choose another with --data."
    )


def _run(wanted: Wanted, where: Places, environ: Mapping[str, str], say: Say) -> None:
    given = environ.get("NEWSWIRE_REDIS_URL")
    log = None if given else embedded.start(where.data, wanted.redis_port)
    try:
        redis_url = log.url if log else str(given)
        env = service_env(environ, **_settings(wanted, where, redis_url))
        parts = _parts(where, env, log)
        say(f"data: {where.data}; log: {log.url if log else 'NEWSWIRE_REDIS_URL'}")
        with _published(where, _describe(wanted, redis_url)), Supervisor(parts.stages(), say) as it:
            _supervise(it, wanted, where, parts, say)
            say("stopping")
    finally:
        if log:
            log.stop(LOG_GRACE_S)


def _settings(wanted: Wanted, where: Places, redis_url: str) -> dict[str, str]:
    at = {"NEWSWIRE_HOST": wanted.host, "NEWSWIRE_PORT": str(wanted.port)}
    return {**stack_settings(where, redis_url), **at}


def _parts(where: Places, env: Mapping[str, str], log: EmbeddedLog | None) -> _Parts:
    services = [
        Program(name, service_command(name, "run"), env, where.log_of(name)) for name in SERVICES
    ]
    seeding = Program("seed", service_command("ingest", "replay", str(SEED)), env, log=None)
    return _Parts(log, services, seeding)


def _describe(wanted: Wanted, redis_url: str) -> Stack:
    return Stack(
        redis_url=redis_url,
        api_url=stack.address(wanted.host, wanted.port),
        pid=os.getpid(),
        started_at=RFC3339(rfc3339(clock.now())),
    )


@contextmanager
def _published(where: Places, described: Stack) -> Iterator[None]:
    stack.write(where, described)
    try:
        yield
    finally:
        where.stack.unlink(missing_ok=True)


def _supervise(it: Supervisor, wanted: Wanted, where: Places, parts: _Parts, say: Say) -> None:
    """Start, report, seed, and then only keep running; returns when a signal asks to stop."""
    if parts.log:
        it.watch(parts.log)
    for service in parts.services:
        service.spawn()
        it.watch(service)
    if not _wait_until_ready(it, where, parts.services, say):
        return
    say(f"front page: {stack.address(wanted.host, wanted.port)}")
    if wanted.is_seeded:
        _seed(it, parts.seeding, say)
    it.run_until(lambda: False)


def _wait_until_ready(it: Supervisor, where: Places, services: Sequence[Program], say: Say) -> bool:
    """True when all are ready, False when asked to stop.

    A late one is named and still waited for: a stack that gave up could never end a long catch-up.
    """
    outcome = it.run_until(lambda: not _unready(where, services), READY_S_MAX)
    if outcome == "late":
        for service in _unready(where, services):
            say(_late(where, service))
        outcome = it.run_until(lambda: not _unready(where, services))
    return outcome == "met"


def _unready(where: Places, services: Sequence[Program]) -> list[Program]:
    return [service for service in services if _problem(where, service)]


def _problem(where: Places, service: Program) -> str | None:
    """What keeps this very process from being ready; a report by the one before does not count."""
    report = health.read(where.health_of(service.name))
    return health.problem(report if report and report.pid == service.pid else None, clock.now())


def _late(where: Places, service: Program) -> str:
    log = where.log_of(service.name)
    return (
        f"{service.name} is not ready after {READY_S_MAX:.0f} s ({_problem(where, service)}); "
        f"waiting on, Ctrl-C stops. The end of {log}:\n{last_lines(log)}"
    )


def _seed(it: Supervisor, seeding: Program, say: Say) -> None:
    """Replay the seed beside the running services; any number of times gives the same events."""
    seeding.spawn()
    if it.run_until(lambda: seeding.poll() is not None) == "met" and (code := seeding.poll()):
        say(f"the seed's replay ended {fate(code)}; repeat it with `newswire replay {SEED}`")
