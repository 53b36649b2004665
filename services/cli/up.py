"""``newswire up``: the checks, a log, four services and the seed, until it is asked to stop."""

from __future__ import annotations

import os
import signal
from collections.abc import Container, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from services.cli import checks, door, stack
from services.cli.program import SEED, Program, service_command, service_env, stack_settings
from services.cli.stack import RFC3339, Places, Stack
from services.cli.supervisor import Say, Stage, Supervisor, fate
from shared import clock, embedded, health, settings
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
    push_host: str
    push_port: int
    is_seeded: bool


@dataclass(frozen=True, slots=True)
class _Parts:
    """What runs: our log, or the wait for somebody else's; the services, and the seed's replay."""

    log: EmbeddedLog | Program
    services: Sequence[Program]
    seeding: Program

    def stages(self) -> list[Stage]:
        return [
            Stage([self.log], LOG_GRACE_S),
            Stage([*self.services, self.seeding], SERVICE_GRACE_S),
        ]


def up(wanted: Wanted, environ: Mapping[str, str], say: Say) -> int:
    """Run the stack until a signal asks it to stop; the exit code.

    0: it was asked to stop. 1: the Redis that was named does not answer or is unsafe, and said so.

    Raises:
        Rejected: a setting, a port or the data directory is none to work with.
        AlreadyRunning: a stack runs on this data directory.
        PortTaken: the port of the api, the push door or the log is in use.
        Unavailable: the embedded server did not come up. As above, nothing is left running.
    """
    where = stack.places(wanted.data)
    _check_settings(wanted, where, environ)
    for signum in (signal.SIGTERM, signal.SIGINT):  # until the supervisor takes over
        signal.signal(signum, signal.default_int_handler)
    with checks.disk_refusals(where.data):
        checks.make_folders(where)
        lock = _lock_or_refuse(where)
        try:
            refuse_taken_port(wanted.host, wanted.port, flag="--port or --host")
            push_flags = "--push-port or NEWSWIRE_PUSH_HOST"
            refuse_taken_port(wanted.push_host, wanted.push_port, flag=push_flags)
            return _run(wanted, where, environ, say)
        except KeyboardInterrupt:
            say("stopped")
            return 0
        finally:
            os.close(lock)


def _check_settings(wanted: Wanted, where: Places, environ: Mapping[str, str]) -> None:
    """Refuse what the services would end over, again and again and in their logs only."""
    url = environ.get("NEWSWIRE_REDIS_URL", "")
    ours = {} if url else {"--redis-port": wanted.redis_port}
    checks.check_ports({"--port": wanted.port, **ours, "--push-port": wanted.push_port})
    settings.read({**environ, **_settings(wanted, where, url)})


def _lock_or_refuse(where: Places) -> int:
    if (lock := try_lock(where.run / "lock")) is not None:
        return lock
    running = stack.read(where)
    who = f" at {running.api_url} (pid {running.pid})" if running else ""
    raise AlreadyRunning(
        f"A stack runs already on {where.data}{who}. Stop it (Ctrl-C where it was started"
        f"{f', or `kill {running.pid}`' if running else ''}), or choose another with --data."
    )


def _run(wanted: Wanted, where: Places, environ: Mapping[str, str], say: Say) -> int:
    given = environ.get("NEWSWIRE_REDIS_URL")
    secret = {"NEWSWIRE_ADMIN_KEY": door.make_admin_key(where, environ)}
    ours = None if given else embedded.start(where.data, wanted.redis_port)
    try:
        redis_url = ours.url if ours else str(given)
        env = service_env(_without(environ, secret), **_settings(wanted, where, redis_url))
        parts = _parts(where, env, secret, ours)
        say(f"data: {where.data}; log: {settings.without_password(redis_url)}")
        with _published(where, _describe(wanted, redis_url)), Supervisor(parts.stages(), say) as it:
            code = _supervise(it, wanted, where, parts, say)
            if code == 0:
                say("stopping")
            return code
    finally:
        if ours:
            ours.stop(LOG_GRACE_S)


def _settings(wanted: Wanted, where: Places, redis_url: str) -> dict[str, str]:
    at = {"NEWSWIRE_HOST": wanted.host, "NEWSWIRE_PORT": str(wanted.port)}
    push = {"NEWSWIRE_PUSH_HOST": wanted.push_host, "NEWSWIRE_PUSH_PORT": str(wanted.push_port)}
    return {**stack_settings(where, redis_url), **at, **push}


def _without(environ: Mapping[str, str], names: Container[str]) -> dict[str, str]:
    return {name: text for name, text in environ.items() if name not in names}


def _parts(
    where: Places, env: Mapping[str, str], secret: Mapping[str, str], ours: EmbeddedLog | None
) -> _Parts:
    """What runs; the secret is for ingest alone, which keeps the door."""
    log = ours or Program("redis", service_command("cli.named_redis"), env, log=None)
    services = [
        Program(
            name,
            service_command(name, "run"),
            {**env, **secret} if name == "ingest" else env,
            where.log_of(name),
        )
        for name in SERVICES
    ]
    seeding = Program("seed", service_command("ingest", "replay", str(SEED)), env, log=None)
    return _Parts(log, services, seeding)


def _describe(wanted: Wanted, redis_url: str) -> Stack:
    return Stack(
        redis_url=redis_url,
        api_url=stack.address(wanted.host, wanted.port),
        pid=os.getpid(),
        started_at=RFC3339(rfc3339(clock.now())),
        push_url=_push_url(wanted),
    )


def _push_url(wanted: Wanted) -> str:
    return stack.address(wanted.push_host, wanted.push_port)


@contextmanager
def _published(where: Places, described: Stack) -> Iterator[None]:
    stack.write(where, described)
    try:
        yield
    finally:
        where.stack.unlink(missing_ok=True)


def _supervise(it: Supervisor, wanted: Wanted, where: Places, parts: _Parts, say: Say) -> int:
    """Start, report, seed, and only keep running until a signal asks to stop; the exit code."""
    if (code := _await_log(it, parts.log)) is not None:
        return code
    for service in parts.services:
        service.spawn()
        it.watch(service)
    if _wait_until_ready(it, where, parts.services, say):
        say(f"push door: {_push_url(wanted)}")
        say(f"front page: {stack.address(wanted.host, wanted.port)}")
        if wanted.is_seeded:
            _seed(it, parts.seeding, say)
        it.run_until(lambda: False)
    return 0


def _await_log(it: Supervisor, log: EmbeddedLog | Program) -> int | None:
    """None: there is a log; else the exit code, 0: asked to stop, 1: a Redis that was refused."""
    if isinstance(log, EmbeddedLog):
        it.watch(log)
        return None
    log.spawn()
    if it.run_until(lambda: log.poll() is not None) == "stopping":
        return 0
    return 1 if log.poll() else None


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
