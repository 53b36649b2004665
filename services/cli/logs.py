"""Commands about the log itself: see it as it grows, take it away whole, bring it back."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Final

import typer

from services.cli import checks, stack, tailing
from services.cli.command import DATA, Data, Json, become, hand_over
from services.cli.program import service_command, service_env, stack_settings
from services.cli.stack import Places
from shared import embedded, settings
from shared.embedded import HOST, AlreadyRunning, die_with_parent, try_lock
from shared.printing import let_go

_INTERRUPTED: Final = 130
"""As shells report a command that Ctrl-C ended."""
_GRACE_S: Final = 10.0
"""For an import to end after Ctrl-C; then it is killed, and can be begun again."""


def register(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    app.command()(tail)
    app.command()(export)
    app.command(name="import")(restore)


def tail(
    stream: Annotated[
        str,
        typer.Argument(metavar="[STREAM]", help="articles, rates, wire, deadletters or sources."),
    ] = "wire",
    from_seq: Annotated[
        int | None, typer.Option("--from", min=1, help="Begin with this seq; 1: the beginning.")
    ] = None,
    kinds: Annotated[
        list[str] | None, typer.Option("--type", help="Only this type; may be repeated.")
    ] = None,
    data: Data = DATA,
    *,
    as_json: Json = False,
) -> None:
    """Show the events of a stream as they come, a line each; Ctrl-C stops."""
    wanted = tailing.wanted(stream, from_seq, kinds or [])
    url, desk = stack.find(data, os.environ).redis_url, settings.read(os.environ).desk
    try:
        asyncio.run(tailing.run(url, desk, wanted, as_json=as_json))
    except KeyboardInterrupt:
        raise typer.Exit(_INTERRUPTED) from None
    except BrokenPipeError:  # whoever read it has had enough; to typer that would be a failure
        let_go()


def export(
    file: Annotated[
        str | None, typer.Argument(metavar="FILE|-", help="The archive, - for stdout.")
    ] = None,
    data: Data = DATA,
    *,
    digest: Annotated[
        bool, typer.Option("--digest", help="Write nothing, only tell what the log comes to.")
    ] = False,
) -> None:
    """Write the whole log to an archive, while the stack runs."""
    if (file is None) != digest:
        raise typer.BadParameter("expected a FILE, - for stdout, or --digest")
    hand_over(data, "ingest", "export", *(["--", file] if file is not None else []))


def restore(
    file: Annotated[str, typer.Argument(metavar="FILE|-", help="An archive, - for stdin.")],
    data: Data = DATA,
) -> None:
    """Restore a log from an archive into an empty data directory on which nothing runs."""
    where = stack.places(data)
    command = service_command("ingest", "import", "--", file)
    if url := os.environ.get("NEWSWIRE_REDIS_URL"):
        _refuse_running(where)
        typer.echo("The services of this log must not run meanwhile.", err=True)
        become(command, service_env(os.environ, **stack_settings(where, url)))
    for signum in (signal.SIGTERM, signal.SIGINT):
        signal.signal(signum, signal.default_int_handler)
    with checks.disk_refusals(where.data), _own_log(where) as url:
        env = service_env(os.environ, **stack_settings(where, url))
        code = run_within(command, env)
    raise typer.Exit(code)


@contextmanager
def _own_log(where: Places) -> Iterator[str]:
    """The URL of an embedded server on a directory that is nobody else's meanwhile.

    Raises:
        AlreadyRunning: a stack runs on it.
    """
    checks.make_folders(where)
    if (lock := try_lock(where.run / "lock")) is None:
        raise AlreadyRunning(_refusal(where))
    try:
        server = embedded.start(where.data, _free_port())
        try:
            yield server.url
        finally:
            server.stop()
    finally:
        os.close(lock)


def run_within(command: list[str], env: dict[str, str], grace_s: float = _GRACE_S) -> int:
    """A command with our input and output, until it ends; its exit code."""
    with subprocess.Popen(  # noqa: S603 - our own command, no shell
        command,
        env=env,
        preexec_fn=die_with_parent(signal.SIGTERM),  # noqa: PLW1509 - takes no lock, see there
    ) as child:
        try:
            return child.wait()
        except KeyboardInterrupt:
            child.terminate()  # Ctrl-C of a terminal has reached it already, a kill of us has not
            try:
                child.wait(grace_s)
            except subprocess.TimeoutExpired:
                child.kill()
            return _INTERRUPTED


def _refuse_running(where: Places) -> None:
    if stack.read(where) is not None:
        raise AlreadyRunning(_refusal(where))


def _refusal(where: Places) -> str:
    running = stack.read(where)
    who = f" (pid {running.pid})" if running else ""
    return (
        f"A stack runs on {where.data}{who}. Stop it, or import into another directory with --data."
    )


def _free_port() -> int:
    """Any port: no other command needs to find this server."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])
